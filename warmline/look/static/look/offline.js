// The guide's phone without a network: the page still opens, and what is written is sent later.
// A form marked data-queue is kept when it cannot be sent; its Idempotency-Key makes a repeat harmless.
import { csrf, page, say } from "./page.js";
import { toast } from "./toast.js";
import { forgetKey, keyOf } from "./once.js";
import { askToSignIn, wasSentToLogin } from "./drafts.js";
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
  await keep(form, { url: form.action, body, key: keyOf(form), redirects: true });
}, { capture: true });

async function keep(form, post) {
  await queue.add({ ...post, user: page.user, what: form.dataset.queue, at: Date.now() });
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
        ...(post.redirects ? {} : { "HX-Request": "true" }),
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
  // A form without htmx sends on to another page when it is content, and shows itself again when not.
  const taken = response.ok && (!post.redirects || response.redirected);
  if (taken) await queue.remove(post.id);
  else await queue.change({ ...post, failed: response.status });
  return taken ? "sent" : "failed";
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

// A post that the server refused for good is shown with what it was, until the guide lets it go.
function problem(post) {
  const line = document.createElement("span");
  const drop = document.createElement("button");
  drop.type = "button";
  drop.textContent = say("queue_drop");
  drop.addEventListener("click", async () => { await queue.remove(post.id); show(); });
  line.append(` ${say("queue_failed", { n: 1 })}: ${post.what || post.url} `, drop);
  return line;
}

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
