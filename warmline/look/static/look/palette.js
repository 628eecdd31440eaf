// Ctrl-K or ⌘-K: type a few letters of a screen's name, press Enter. The screens are those of the menu.
// A link may carry other names for itself: data-keys="stores mendian md". Anything with data-palette
// is listed too, and hears "palette" when it is chosen. <span data-palette-from="/find/"> says where
// else to look for what is typed (`?list&q=`): lines of a list.
import { say } from "./page.js";

const links = () => [...document.querySelectorAll(".menu a, [data-palette]")];
const source = () => document.querySelector("[data-palette-from]")?.dataset.paletteFrom;
let sheet = null;
let wait = 0;

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
  event.preventDefault();
  if (sheet) sheet.close();
  else open();
});

function open() {
  sheet = document.createElement("dialog");
  sheet.className = "sheet palette";
  sheet.setAttribute("aria-label", say("palette"));
  const field = Object.assign(document.createElement("input"), { type: "search", autocomplete: "off", placeholder: say("palette") });
  const list = Object.assign(document.createElement("ul"), { className: "list", id: "palette-list", role: "listbox" });
  list.setAttribute("aria-label", say("palette"));
  const aria = { role: "combobox", "aria-label": say("palette"), "aria-expanded": "true", "aria-controls": list.id };
  for (const [name, value] of Object.entries(aria)) field.setAttribute(name, value);
  field.addEventListener("input", () => { fill(list, field); findMore(list, field); });
  field.addEventListener("keydown", (event) => keys(event, list, field));
  sheet.addEventListener("close", () => { sheet.remove(); sheet = null; });
  const none = Object.assign(document.createElement("p"), { className: "quiet none", textContent: say("palette_none") });
  none.setAttribute("role", "status");
  sheet.append(field, list, none);
  document.body.append(sheet);
  fill(list, field);
  sheet.showModal();
}

function fill(list, field) {
  const asked = field.value.trim().toLowerCase();
  const names = (link) => `${link.textContent} ${link.dataset.keys ?? ""}`.toLowerCase();
  const found = links().filter((link) => names(link).includes(asked));
  list.replaceChildren(...found.map((link) => {
    const option = document.createElement("li");
    option.append(link.matches("a") ? plainCopy(link) : button(link));
    return option;
  }));
  settle(list, field);
}

function plainCopy(link) {
  const copy = link.cloneNode(true);
  copy.tabIndex = -1;
  copy.removeAttribute("aria-current");
  return copy;
}

function button(thing) {
  const it = Object.assign(document.createElement("a"), { href: "#", tabIndex: -1, textContent: thing.dataset.palette || thing.textContent.trim() });
  it.addEventListener("click", (event) => {
    event.preventDefault();
    sheet?.close();
    thing.dispatchEvent(new CustomEvent("palette", { bubbles: true }));
  });
  return it;
}

function findMore(list, field) {
  clearTimeout(wait);
  const asked = field.value.trim();
  if (!source() || !asked) return;
  wait = setTimeout(async () => {
    const answer = await fetch(`${source()}?list&q=${encodeURIComponent(asked)}`).catch(() => null);
    if (!answer?.ok || answer.redirected || field.value.trim() !== asked) return;
    const found = new DOMParser().parseFromString(`<ul>${await answer.text()}</ul>`, "text/html");
    list.append(...found.querySelectorAll("li"));
    settle(list, field);
  }, 150);
}

function settle(list, field) {
  [...list.children].forEach((option, place) => {
    option.id = `palette-${place}`;
    option.setAttribute("role", "option");
    for (const link of option.querySelectorAll("a")) link.tabIndex = -1;
  });
  list.hidden = !list.children.length;
  choose(list, field, 0);
}

function choose(list, field, place) {
  const options = [...list.children];
  const at = options.length ? (place + options.length) % options.length : 0;
  options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
  field.setAttribute("aria-activedescendant", options[at]?.id ?? "");
  options[at]?.scrollIntoView({ block: "nearest" });
}

function keys(event, list, field) {
  const chosen = [...list.children].findIndex((option) => option.ariaSelected === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) { event.preventDefault(); choose(list, field, chosen + step); }
  else if (event.key === "Escape") sheet.close(); // a search box would only empty itself
  else if (event.key === "Enter") list.children[chosen]?.querySelector("a").click();
}
