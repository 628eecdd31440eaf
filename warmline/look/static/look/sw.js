// The guide's service worker. Static files come from the phone; pages come from the network, and the
// last Today is shown when there is none. No other page is kept: it is about families.
const STATIC = "warmline-static-1";
const PAGES = "warmline-pages-1";
const KEPT_PATHS = new Set(["/"]);
const STALE_MS = 18 * 60 * 60 * 1000; // yesterday's list is worse than none
const STATIC_MAX = 120;
const WAIT_MS = 6000;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const mine = new Set([STATIC, PAGES]);
  for (const name of await caches.keys()) if (!mine.has(name)) await caches.delete(name);
  await self.clients.claim();
})()));

self.addEventListener("message", (event) => {
  if (event.data.type === "forget") event.waitUntil(caches.delete(PAGES));
  if (event.data.type === "keep") event.waitUntil(keep(event.data.urls));
});

async function keep(urls) {
  const statics = await caches.open(STATIC);
  for (const url of urls.map((text) => new URL(text))) {
    if (url.origin !== location.origin) continue;
    if (KEPT_PATHS.has(url.pathname)) await page(new Request(url)).catch(() => {});
    else if (isStatic(url) && !(await statics.match(url))) await statics.add(url).catch(() => {});
  }
  await tidy(statics, urls);
}

// Files of releases gone by; those of the page that asks are kept.
async function tidy(statics, urls) {
  const asked = await statics.keys();
  if (asked.length <= STATIC_MAX) return;
  for (const { url } of asked) if (!urls.includes(url)) await statics.delete(url);
}

const isStatic = (url) => url.pathname.startsWith("/static/");
const isHashed = (url) => /\.[0-9a-f]{12}\.\w+$/.test(url.pathname);

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  const leaves = event.request.mode === "navigate";
  if (event.request.method === "POST" && leaves) event.respondWith(fetch(event.request).catch(noNetwork));
  if (event.request.method !== "GET") return;
  if (isStatic(url)) event.respondWith(staticFile(event.request, url));
  else if (leaves) event.respondWith(page(event.request));
});

async function staticFile(request, url) {
  const cache = await caches.open(STATIC);
  const kept = await cache.match(request);
  if (kept && isHashed(url)) return kept;
  const fresh = fetch(request).then((response) => {
    if (response.ok) cache.put(request, response.clone());
    return response;
  });
  if (!kept) return fresh;
  fresh.catch(() => {});
  return kept;
}

async function page(request) {
  const cache = await caches.open(PAGES);
  const { pathname } = new URL(request.url);
  const found = await cache.match(pathname);
  const kept = found && Date.now() - Number(found.headers.get("X-Kept-At")) < STALE_MS ? found : null;
  try {
    // A slow network is worse than a list of this morning; any other page is worth waiting for.
    const response = await fetch(request, kept ? { signal: AbortSignal.timeout(WAIT_MS) } : {});
    if (response.redirected) await caches.delete(PAGES); // to the login page: whoever it was has gone
    else if (response.ok && KEPT_PATHS.has(pathname)) await cache.put(pathname, stamped(response.clone()));
    return response;
  } catch {
    return kept ?? noNetwork();
  }
}

function stamped(response) {
  const headers = new Headers(response.headers);
  headers.set("X-Kept-At", Date.now());
  return new Response(response.body, { status: response.status, headers });
}

// It looks like the other pages, with the style sheets that are on the phone.
async function noNetwork() {
  const kept = await caches.open(STATIC).then((statics) => statics.keys());
  const sheets = kept.map(({ url }) => new URL(url).pathname).filter((path) => /\/look\/(?!print).*\.css$/.test(path));
  sheets.sort((one, other) => other.includes("/tokens.") - one.includes("/tokens.")); // it names the layers
  const words = `<!doctype html><html lang="zh-Hans"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>Warmline</title>${sheets.map((path) => `<link rel="stylesheet" href="${path}">`).join("")}
<main class="plain stack"><p class="brand">Warmline</p><h1>没有网络</h1>
<p>联网后再打开这一页。已经记下的内容还在手机里，会自动上传。</p>
<p class="quiet" lang="en">No network. Open this page again when you are online; what you wrote is kept on this phone and will be sent.</p>
<p class="buttons"><a class="button main" href="/">今天 · Today</a></p></main></html>`;
  return new Response(words, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}
