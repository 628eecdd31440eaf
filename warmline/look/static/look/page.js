// What the server told this page: its words, where to sign in, whose page it is.
const told = document.getElementById("page-settings");
export const page = told ? JSON.parse(told.textContent) : { words: {}, login: "", user: null };

export function say(key, values = {}) {
  const words = page.words[key] ?? key;
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

// The newest CSRF token: signing in again in another window replaces the one in this page.
export function csrf() {
  const found = document.cookie.match(new RegExp(`(?:^|; )${page.csrf}=([^;]+)`));
  return found ? decodeURIComponent(found[1]) : (document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
}

// Not crypto.randomUUID: that is missing on plain http, where a shop may try us out.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
