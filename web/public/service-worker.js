// Lets a chat page be opened without a connection: what it is made of comes from the network, else as it came last. What
// people say never passes through here.

const SHELL = "vikno-shell-1";
/** A page, its script and sheets, icons and manifests of a few organisations; older ones go. */
const FILES_MAX = 60;
const PARTS = /^\/(assets\/[^/]+|favicon\.svg|icon-\d+\.png|[a-z][a-z0-9-]{1,31}\/manifest\.webmanifest)$/;

function isShell(request) {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return false;
  return request.mode === "navigate" || PARTS.test(url.pathname);
}

async function keep(request, answer) {
  const shell = await caches.open(SHELL);
  await shell.put(request, answer);
  const kept = await shell.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - FILES_MAX)).map((old) => shell.delete(old)));
}

async function answered(event) {
  try {
    const answer = await fetch(event.request);
    if (answer.ok) event.waitUntil(keep(event.request, answer.clone()));
    return answer;
  } catch (failure) {
    const shell = await caches.open(SHELL);
    const kept = await shell.match(event.request, { ignoreSearch: true });
    if (kept) return kept;
    throw failure;
  }
}

/** The first visit was loaded before anybody could listen: the page and what it names are brought now. */
async function bring() {
  const page = self.registration.scope;
  const words = await (await fetch(page)).text();
  const named = words.match(/\/assets\/[^"]+/g) ?? [];
  await (await caches.open(SHELL)).addAll([page, "/favicon.svg", ...new Set(named)]);
  await self.skipWaiting();
}

self.addEventListener("install", (event) => event.waitUntil(bring()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (isShell(event.request)) event.respondWith(answered(event));
});
