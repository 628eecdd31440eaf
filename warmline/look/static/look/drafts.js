// The sign-in ran out in the middle of a form. Nothing typed is lost:
// an htmx form is still on the page and is sent again; any other is put back after signing in.
import { page, say } from "./page.js";
import { toast } from "./toast.js";

const DRAFT = "warmline:draft";
const SIGNED_IN_AGAIN = "warmline:signed-in-again";
const FRESH_MS = 15 * 60 * 1000;
const REOPENED = "warmline:reopened";
const NEVER = new Set(["password", "file", "hidden"]);
const OURS = new Set(["csrfmiddlewaretoken", "key", "once", "promise", "medium"]);

export function wasSentToLogin(response) {
  return response.redirected && new URL(response.url).pathname === page.login;
}

export function askToSignIn(sendAgain) {
  if (document.getElementById("sign-in-again")) return;
  const sheet = document.createElement("dialog");
  sheet.className = "sheet";
  sheet.id = "sign-in-again";
  sheet.setAttribute("aria-labelledby", "sign-in-title");
  const body = document.createElement("div");
  body.className = "stack";
  body.append(
    made("h2", { id: "sign-in-title", textContent: say("login_title") }),
    made("p", { textContent: say("login_why") }),
    made("a", { className: "button main", href: page.login, target: "_blank", rel: "opener", textContent: say("login_open") }),
    made("button", { className: "button", type: "button", textContent: say("login_done"), onclick: () => sheet.close("again") }),
    made("button", { className: "button bare", type: "button", textContent: say("close"), onclick: () => sheet.close() }),
  );
  sheet.append(body);
  sheet.addEventListener("close", () => {
    sheet.remove();
    if (sheet.returnValue === "again") sendAgain();
  });
  document.body.append(sheet);
  sheet.showModal();
}

function made(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

// -- forms that leave the page -----------------------------------------------------------------

const onLoginPage = location.pathname === page.login;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || onLoginPage || "private" in form.dataset) return;
  const draft = { path: location.pathname + location.search, form: place(form), fields: typed(form), at: Date.now() };
  sessionStorage.setItem(DRAFT, JSON.stringify(draft));
});

const place = (form) => form.id || [...document.forms].indexOf(form);

// -- what was refused, opened again -----------------------------------------------------------

// A kept post, as it was typed, on the page that has its form: `opensAt` is that page and the form.
export function reopen({ id, opensAt, body }) {
  sessionStorage.setItem(REOPENED, JSON.stringify({ id, opensAt, body }));
  const here = location.pathname + location.search + location.hash;
  location.assign(opensAt);
  if (here === opensAt) location.reload();
}

function openAgain() {
  const kept = JSON.parse(sessionStorage.getItem(REOPENED) ?? "null");
  sessionStorage.removeItem(REOPENED);
  if (!kept || kept.opensAt !== location.pathname + location.search + location.hash) return;
  const said = new URLSearchParams(kept.body);
  const form = document.getElementById(location.hash.slice(1));
  if (!form) return toast([...said].filter(([name]) => !OURS.has(name)).map(([, words]) => words).filter(Boolean).join(" · "), { action: say("close"), onAction() {} });
  for (const name of new Set(said.keys())) fill(form, name, said.getAll(name));
  form.dataset.replaces = kept.id;
  unfold(form);
  toast(say("restored"));
}

function fill(form, name, values) {
  const fields = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].filter((field) => !NEVER.has(field.type));
  const choices = fields.filter((field) => /radio|checkbox/.test(field.type));
  for (const field of choices) field.checked = values.includes(field.value);
  for (const field of fields) if (!choices.includes(field)) field.value = values[0];
  // A choice that is not offered any more (a day gone by) is written where anything may be.
  const other = form.querySelector(`[data-else-of="${CSS.escape(name)}"]`);
  if (other && choices.length && !choices.some((field) => field.checked)) other.value = values[0];
}

// Whatever of a form is filled in can be seen.
function unfold(form) {
  for (let at = form; at; at = at.parentElement?.closest("details")) if (at.matches("details")) at.open = true;
  for (const folded of form.querySelectorAll("details")) {
    if ([...folded.querySelectorAll("input, select, textarea")].some(holds)) folded.open = true;
  }
  form.scrollIntoView({ block: "center" });
}

const holds = (field) => (/radio|checkbox/.test(field.type) ? field.checked && field.value : field.type !== "hidden" && field.value);

// -- keeping ------------------------------------------------------------------------------------

function typed(form) {
  return [...form.elements]
    .filter((field) => field.name && !NEVER.has(field.type) && field.type !== "submit")
    .map(({ name, type, value, checked }) => ({ name, value, checked: /radio|checkbox/.test(type) ? checked : null }));
}

function draft() {
  const kept = JSON.parse(sessionStorage.getItem(DRAFT) ?? "null");
  return kept && Date.now() - kept.at < FRESH_MS ? kept : null;
}

function putBack({ form, fields }) {
  const target = document.getElementById(form) ?? document.forms[form];
  if (!target) return;
  for (const { name, value, checked } of fields) {
    for (const field of target.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (checked === null) field.value = value;
      else if (field.value === value) field.checked = checked;
    }
  }
  unfold(target);
  toast(say("restored"));
}

if (onLoginPage) {
  const kept = draft();
  const next = document.querySelector("input[name=next]");
  if (kept && document.referrer && new URL(document.referrer).pathname !== page.login) {
    sessionStorage.setItem(SIGNED_IN_AGAIN, "1");
    if (next) next.value = kept.path; // back to the page with the form, not to where it was posted
  }
} else {
  const kept = draft();
  if (kept && sessionStorage.getItem(SIGNED_IN_AGAIN) && kept.path === location.pathname + location.search) putBack(kept);
  sessionStorage.removeItem(DRAFT);
  sessionStorage.removeItem(SIGNED_IN_AGAIN);
  openAgain();
}
