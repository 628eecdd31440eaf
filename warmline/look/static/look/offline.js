// The guide's phone without a network: the page still opens, and what is written is sent later.
// A form marked data-queue is kept when it cannot be sent; its Idempotency-Key makes a repeat harmless.
import { csrf, page, say } from "./page.js";
import { button, toast } from "./toast.js";
import { forgetKey, keyOf } from "./once.js";
import { askToSignIn, reopen, wasSentToLogin } from "./drafts.js";
import * as queue from "./queue.js";

const RETRY_MS = 30_000;

// -- keeping ---------------------------------------------------------------------------------------

document.addEventListener("htmx:error", async (event) => {
  const { ctx } = event.detail;
  const form = ctx?.sourceElement;
  if (!form?.matches("form[data-queue]") || ctx.response) return;
  ctx.keptForLater = true; // said at once: answers.js listens after us
  const { action: url, body, headers } = ctx.request;
  await keep(form, { url, body: String(body ?? ""), key: headers["Idempotency-Key"] });
}, { capture: true });

// A form without htmx: what the browser would have posted, and left the page for.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (navigator.onLine || !form.matches("form[data-queue]:not([hx-post])")) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter)).toString();
  await keep(form, { url: form.action, body, key: keyOf(form), leaves: true });
}, { capture: true });

async function keep(form, post) {
  const opensAt = form.dataset.opensAt ?? `${location.pathname}#${form.id}`;
  await queue.add({ ...post, user: page.user, what: form.dataset.queue, opensAt, at: Date.now() });
  forgetKey(form);
  form.reset();
  form.closest("dialog")?.close();
  form.dispatchEvent(new CustomEvent("kept-for-later", { bubbles: true }));
  toast(say("queued"));
  show();
}

// -- sending ---------------------------------------------------------------------------------------

async function sendAll() {
  if (!navigator.onLine || page.user === null) return;
  const alone = (act) => (navigator.locks ? navigator.locks.request("warmline-queue", { ifAvailable: true }, (lock) => lock && act()) : act());
  await alone(async () => {
    let sent = 0;
    for (const post of await queue.waiting(page.user)) {
      if (post.failed) continue;
      const ended = await send(post);
      if (ended === "later") break;
      if (ended === "sent") sent += 1;
    }
    if (sent) {
      toast(say("queue_sent", { n: sent }));
      document.dispatchEvent(new CustomEvent("queue-sent", { detail: { sent } }));
    }
  });
  show();
}

async function send(post) {
  let response;
  const body = new URLSearchParams(post.body);
  if (body.has("csrfmiddlewaretoken")) body.set("csrfmiddlewaretoken", csrf()); // it may be days old
  try {
    response = await fetch(post.url, {
      method: "POST",
      body: body.toString(),
      headers: {
        "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
        "Idempotency-Key": post.key,
        "X-Waited-S": String(Math.max(0, Math.round((Date.now() - post.at) / 1000))),
        ...(post.leaves ? {} : { "HX-Request": "true" }),
        "X-CSRFToken": csrf(),
      },
    });
  } catch {
    return "later";
  }
  if (response.status === 401 || wasSentToLogin(response)) {
    // Said, not pushed in front of someone who is writing.
    toast(say("login_title"), { action: say("login_open"), onAction: () => askToSignIn(sendAll) });
    return "later";
  }
  if (response.status >= 500 || response.status === 429) return "later";
  if (!response.ok) {
    await queue.change({ ...post, failed: response.status, why: await why(response) });
    return "failed";
  }
  await queue.remove(post.id);
  const at = response.headers.get("X-Look-At"); // a red flag was in it
  if (at) toast(say("look_now"), { action: say("queue_open"), onAction: () => location.assign(at) });
  return "sent";
}

// What was wrong with it, in the words of the form that came back.
async function why(response) {
  if (response.status === 409) return say("stale");
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  const said = [...answer.querySelectorAll(".wrong, [role=alert]")].map((line) => line.textContent.trim().replace(/\s+/g, " "));
  return [...new Set(said)].join(" ");
}

// -- showing ---------------------------------------------------------------------------------------

async function show() {
  const posts = await queue.waiting(page.user);
  const failed = posts.filter((post) => post.failed);
  const strip = document.getElementById("away");
  const parts = [];
  if (!navigator.onLine) parts.push(say("away", { time: hour(page.made) }));
  if (posts.length > failed.length) parts.push(say("queue_count", { n: posts.length - failed.length }));
  strip.replaceChildren(parts.join(" · "));
  for (const post of failed) strip.append(problem(post));
  strip.hidden = !strip.childNodes.length || (!parts.length && !failed.length);
}

// A post that the server refused for good is shown with what it was and why it was refused, until the
// guide opens it again, with all that she typed, or lets it go.
function problem(post) {
  const line = document.createElement("span");
  line.className = "refused";
  line.append(`${say("queue_failed", { n: 1 })} · ${post.what || post.url}${post.why ? ` · ${post.why}` : ""}`);
  if (post.opensAt) line.append(button(say("queue_open"), () => reopen(post)));
  line.append(button(say("queue_drop"), async () => { await queue.remove(post.id); show(); }));
  return line;
}

// What was opened again goes its way like anything else: only then is the one that was kept let go.
document.addEventListener("submit", async (event) => {
  const { replaces } = event.target.dataset;
  if (!replaces) return;
  delete event.target.dataset.replaces;
  await queue.remove(Number(replaces));
  show();
}, { capture: true });

const hour = (iso) => new Date(iso).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });

addEventListener("online", sendAll);
addEventListener("offline", show);
document.addEventListener("visibilitychange", () => { if (!document.hidden) sendAll(); });
setInterval(sendAll, RETRY_MS);

// -- the service worker ----------------------------------------------------------------------------

async function install() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/sw.js", { scope: "/" });
  const { active } = await navigator.serviceWorker.ready;
  const shell = performance.getEntriesByType("resource").map(({ name }) => name);
  active.postMessage({ type: "keep", urls: [...shell, new URL("/", location).href] });
}

// Signing out leaves nothing of any family on the phone.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-sign-out]")) return;
  navigator.serviceWorker?.controller?.postMessage({ type: "forget" });
  sessionStorage.clear();
});

install();
show().then(sendAll);
