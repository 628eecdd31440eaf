// A short word at the bottom of the page; with an action it stays until it is answered.
import { say } from "./page.js";

const LINGER_MS = 5000;

export function toast(words, { action, onAction } = {}) {
  const line = document.createElement("p");
  line.className = "toast";
  line.textContent = words;
  if (action) {
    line.append(button(action, () => { line.remove(); onAction(); }));
    line.append(button(say("close"), () => line.remove()));
  } else {
    setTimeout(() => line.remove(), LINGER_MS);
  }
  const place = document.getElementById("toasts");
  for (const same of [...place.children].filter((other) => other.textContent === line.textContent)) same.remove();
  place.append(line);
}

export function button(words, onClick) {
  const it = document.createElement("button");
  it.type = "button";
  it.textContent = words;
  it.addEventListener("click", onClick);
  return it;
}

// What the server said with Django's messages goes away by itself, too.
for (const line of document.querySelectorAll("#toasts .toast")) setTimeout(() => line.remove(), LINGER_MS);

// From the server, with any htmx answer:  HX-Trigger: {"toast": {"words": "…"}}
document.addEventListener("toast", (event) => toast(event.detail.words ?? event.detail.value));
