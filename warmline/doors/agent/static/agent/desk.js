// The desk by keys alone. Everything here has a link or a button that does the same without it.
import { csrf } from "../look/page.js";

const KEPT = "desk-rows";
const rows = [...document.querySelectorAll("[data-rows] [data-row]")];
const help = document.getElementById("keys-help");
let here = -1;

// What the inbox showed last, so that j and k go on from case to case.
if (rows.length) sessionStorage.setItem(KEPT, JSON.stringify(rows.map((row) => row.querySelector("[data-open-row]").pathname)));

function step(by) {
  if (rows.length) {
    rows[here]?.removeAttribute("data-here");
    here = Math.min(Math.max(here + by, 0), rows.length - 1);
    rows[here].setAttribute("data-here", "");
    rows[here].querySelector("[data-open-row]").focus();
    return;
  }
  const list = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  const at = list.indexOf(location.pathname);
  const next = list[at + by];
  if (at >= 0 && next) location.assign(next);
}

// A key of this page: a form opens and waits for words, a button is pressed, a link is followed.
function press(thing) {
  const box = thing.closest("summary") && thing.closest("details");
  if (!box) return thing.click();
  box.open = true;
  box.scrollIntoView({ block: "nearest" });
  const field = box.querySelector("textarea, select:not(#macro), input:not([type=hidden]), button");
  field?.focus();
}

const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.closest("form[method=post]")?.requestSubmit();
    return;
  }
  if (event.key === "Escape" && typing(event.target) && !event.target.closest("dialog")) return event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "j" || event.key === "k") return step(event.key === "j" ? 1 : -1);
  if (event.key === "x" && rows[here]) return rows[here].querySelector("input[type=checkbox]")?.click();
  if (event.key === "Enter" && rows[here] && !event.target.closest("a, button, summary")) return rows[here].querySelector("[data-open-row]").click();
  if (event.key === "i") return location.assign(document.querySelector(".brand").href);
  const thing = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!thing) return;
  event.preventDefault();
  press(thing);
});

document.addEventListener("palette", (event) => press(event.target));

// The list of keys names those of this very page.
const list = help?.querySelector("[data-keys-list]");
for (const thing of document.querySelectorAll(".acts [data-key]")) {
  const key = document.createElement("dt");
  const what = document.createElement("dd");
  key.append(Object.assign(document.createElement("kbd"), { textContent: thing.dataset.key }));
  what.textContent = (thing.querySelector(".row > span") ?? thing.querySelector("span"))?.textContent.trim() ?? "";
  list?.append(key, what);
}

// Words that are ready go in where the cursor was.
for (const box of document.querySelectorAll("[data-macros]")) {
  box.hidden = false;
  box.querySelector("select").addEventListener("change", ({ target }) => {
    const words = target.form.querySelector("textarea");
    if (target.value) words.setRangeText(target.value, words.selectionStart, words.selectionEnd, "end");
    target.value = "";
    words.focus();
    words.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// Who else is here, and whether the case has moved on. No word is lost either way: the server looks again.
const presence = document.querySelector("[data-presence]");
let writing = "";
let told = false;
document.addEventListener("input", (event) => {
  if (!presence || !event.target.matches(".act textarea")) return;
  writing = "1";
  if (!told) tell(); // the first word is told at once, what follows with the others' next look
  told = true;
});
if (presence) setInterval(tell, 15000);

async function tell() {
  if (document.hidden) return;
  const body = new URLSearchParams({ seq: presence.dataset.seq, writing, csrfmiddlewaretoken: csrf() });
  writing = "";
  const answer = await fetch(presence.dataset.presence, { method: "POST", body }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const words = await answer.text();
  if (words !== presence.innerHTML) presence.innerHTML = words;
}
