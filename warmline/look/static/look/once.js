// One tap is one act: a second tap while the first is under way does nothing.
// Every writing request carries the newest CSRF token, and a key by which the server knows a repeat.
import { csrf, newKey } from "./page.js";

const busy = new WeakSet();
const keys = new WeakMap();

export function keyOf(element) {
  if (!keys.has(element)) keys.set(element, newKey());
  return keys.get(element);
}

export function forgetKey(element) {
  keys.delete(element);
}

const writes = (request) => !/^(GET|DIALOG)$/.test(request.method);

document.addEventListener("htmx:config:request", (event) => {
  const { sourceElement, request } = event.detail.ctx;
  if (!writes(request)) return;
  if (busy.has(sourceElement)) return event.preventDefault();
  request.headers["X-CSRFToken"] = csrf();
  // A token in the form counts before the header, and signing in again has replaced it.
  if (request.body?.has("csrfmiddlewaretoken")) request.body.set("csrfmiddlewaretoken", csrf());
  request.headers["Idempotency-Key"] = keyOf(sourceElement);
});

document.addEventListener("htmx:before:request", (event) => {
  const { sourceElement, request } = event.detail.ctx;
  if (writes(request)) busy.add(sourceElement);
});

document.addEventListener("htmx:finally:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  busy.delete(sourceElement);
  // Answered for good, or refused for what it says: the next try is another act.
  if (response && response.status < 500 && response.status !== 401) forgetKey(sourceElement);
});

// Forms without htmx: the page goes away, so the mark needs no taking back, except by the back button.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (busy.has(form)) return event.preventDefault();
  const token = form.querySelector("[name=csrfmiddlewaretoken]");
  if (token) token.value = csrf();
  busy.add(form);
  form.setAttribute("aria-busy", "true");
});

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) {
    busy.delete(form);
    form.removeAttribute("aria-busy");
  }
});
