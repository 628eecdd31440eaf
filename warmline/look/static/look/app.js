// On every page. Each part is a small module; none is needed for the page to work.
import "./toast.js";
import "./theme.js";
import "./once.js";
import "./drafts.js";
import "./answers.js";
import "./sheet.js";
import "./wrong.js";
import { page, say } from "./page.js";
import { toast } from "./toast.js";

// <button data-copy="…"> and <select data-submits> (a filter that needs no button)
document.addEventListener("click", async (event) => {
  const it = event.target.closest("[data-copy]");
  if (!it) return;
  await navigator.clipboard.writeText(it.dataset.copy);
  toast(say("copied"));
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

// A strip of days, of views or of screens stands where the one that is shown can be seen.
for (const shown of document.querySelectorAll(".views [aria-current], .menu [aria-current]")) {
  const strip = shown.closest(".views, .menu");
  const [here, whole] = [shown.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += here.left + here.width / 2 - whole.left - whole.width / 2;
}

// At the sign-in page whoever it was has gone: no family stays on a shared phone.
if (location.pathname === page.login) globalThis.caches?.delete("warmline-pages-1");

// Keys: / goes to the search box. Single letters only where no one is typing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select") || event.metaKey || event.ctrlKey) return;
  const search = document.querySelector("input[type=search]");
  if (search) { event.preventDefault(); search.focus(); }
});
