// What is said when a request does not end well. Nothing is swapped then: what was typed stays.
import { say } from "./page.js";
import { toast } from "./toast.js";
import { askToSignIn, wasSentToLogin } from "./drafts.js";

const SAID = {
  400: "wrong", 403: "forbidden", 404: "gone", 405: "gone", 410: "gone",
  413: "too_large", 415: "wrong", 423: "forbidden", 429: "too_often",
};

document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  if (ctx.response.status !== 401 && !wasSentToLogin(ctx.response.raw)) return;
  event.preventDefault();
  askToSignIn(() => again(ctx));
});

document.addEventListener("htmx:response:error", (event) => {
  const { status } = event.detail.ctx.response;
  if (status === 422) return; // the form comes back with what is wrong, and is swapped in
  if (status === 403 && event.detail.ctx.text.includes("data-stale")) return askToSignIn(() => again(event.detail.ctx));
  if (status === 409) {
    toast(say("stale"), { action: say("reload"), onAction: () => location.reload() });
  } else if (SAID[status]) {
    toast(say(SAID[status]));
  } else {
    toast(say(status === 507 ? "no_room" : "trouble"), { action: say("again"), onAction: () => again(event.detail.ctx) });
  }
});

document.addEventListener("htmx:error", (event) => {
  const { ctx } = event.detail;
  if (!ctx || ctx.keptForLater) return; // look/offline.js has it
  const slow = ctx.request?.signal?.reason === "timeout";
  toast(say(slow ? "slow" : "offline"), { action: say("again"), onAction: () => again(ctx) });
});

function again({ sourceElement }) {
  if (sourceElement.matches("form")) sourceElement.requestSubmit();
  else if (sourceElement.isConnected) sourceElement.click();
}
