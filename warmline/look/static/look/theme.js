// Light, dark, or as the device says. The choice is a cookie, so the server draws the right page at once.
import { say } from "./page.js";

const NEXT = { "": "light", light: "dark", dark: "" };

document.addEventListener("click", (event) => {
  const switcher = event.target.closest("[data-theme-switch]");
  if (!switcher) return;
  const chosen = NEXT[document.documentElement.dataset.theme ?? ""];
  document.documentElement.dataset.theme = chosen;
  document.cookie = `theme=${chosen}; path=/; max-age=${chosen ? 31536000 : 0}; samesite=lax`;
  label(switcher);
});

function label(switcher) {
  const words = switcher.querySelector("[data-theme-name]");
  if (words) words.textContent = say(`theme_${document.documentElement.dataset.theme || "auto"}`);
}

document.querySelectorAll("[data-theme-switch]").forEach(label);
