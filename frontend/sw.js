// Keeps these pages readable without a connection; the form's own queue then keeps what is sent. The network is
// always asked first, so nobody reads an old page while there is a new one, and only the files named here are kept:
// no answer of the API ever is. A new VERSION replaces what an earlier one kept.

const VERSION = "15";
const NAME = `solar-site-${VERSION}`;
const SHELL = [
  "./", "Index.html", "About.html", "services.html", "Products.html", "Projects.html", "privacy.html",
  "es/", "es/index.html", "es/privacy.html", "hi/", "hi/index.html", "hi/privacy.html",
  "styles.css", "chat.css", "chat.js", "chatforms.js", "manifest.webmanifest",
  "answers.js", "asking.js", "assumptions.js", "attribution.js", "calculator.js", "charts.js", "config.js", "door.js",
  "estimate.js", "figures.js", "forms.js", "outcome.js", "page.js", "privacy.js", "queue.js", "result.js",
  "sendemail.js", "sendestimate.js", "survey.js", "unfinished.js", "visits.js", "wording.js", "words.js",
  "words/es.js", "words/hi.js",
  "Assets/example-brownstone.svg", "Assets/example-community.svg", "Assets/example-coop.svg",
  "Assets/example-delhi.svg", "Assets/example-house.svg", "Assets/favicon.svg", "Assets/flow.svg", "Assets/hero.svg",
  "Assets/icon-192.png", "Assets/icon-512.png", "Assets/logo.svg", "Assets/roof.svg",
];
const KEPT = new Set(SHELL.map((file) => new URL(file, self.location).pathname));

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetEarlier().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const isOurs = event.request.method === "GET" && origin === self.location.origin && KEPT.has(pathname);
  if (isOurs) event.respondWith(freshOrKept(event));
});

async function keepShell() {
  const cache = await caches.open(NAME);
  await cache.addAll(SHELL.map((file) => new Request(file, { cache: "no-cache" })));
}

async function forgetEarlier() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== NAME && name.startsWith("solar-site-")).map((name) => caches.delete(name)));
}

async function freshOrKept(event) {
  const { request } = event;
  const { pathname } = new URL(request.url);
  try {
    const response = await fetch(request);
    if (response.status === 200) event.waitUntil(keep(pathname, response.clone()));
    return response;
  } catch (error) {
    const kept = await caches.match(pathname, { cacheName: NAME }).catch(() => undefined);
    if (kept) return kept;
    throw error;
  }
}

/** Beside the answer, which neither waits for this nor fails with it: storage may be full. */
const keep = (pathname, copy) => caches.open(NAME).then((cache) => cache.put(pathname, copy)).catch(() => {});
