// What visitors do here, counted by day. Only with their consent are the steps of one visit tied together, by a
// random number that their browser forgets when the page's tab is closed. privacy.html says the same in other words.

import { newKey } from "./answers.js";
import { apiUrl } from "./door.js";
import { language } from "./words.js";

const CHOICE_KEY = "solar.visits"; // "yes" or "no"
const SESSION_KEY = "solar.visit";
const MOST_WAITING = 20;
const SOON_MS = 4_000;

let waiting = [];
let timer = 0;
const told = new Set();

/** The visitor's browser asks not to be tracked: then nobody is asked, and nothing is tied together. */
export const optedOut = () => navigator.globalPrivacyControl === true || navigator.doNotTrack === "1";

/** "yes", "no", or "" while the visitor has not said. */
export function choice() {
  if (optedOut()) return "no";
  return read(() => window.localStorage.getItem(CHOICE_KEY)) ?? "";
}

export function choose(answer) {
  read(() => window.localStorage.setItem(CHOICE_KEY, answer));
  if (answer === "no") read(() => window.sessionStorage.removeItem(SESSION_KEY));
}

/** Something happened. properties: short lower-case words, never what somebody typed. */
export function note(name, properties = {}) {
  waiting.push({ name, page: thisPage(), at: Date.now(), properties: { language, ...properties } });
  if (waiting.length >= MOST_WAITING) send();
  else if (!timer) timer = setTimeout(send, SOON_MS);
}

/** The same, once for each page load. */
export function noteOnce(name, properties = {}) {
  const key = `${name} ${properties.field ?? ""}`;
  if (told.has(key)) return;
  told.add(key);
  note(name, properties);
}

/** Call once per page load: a page is opened, and a visit begins when it was not reached from another page of ours. */
export function noteArrival() {
  const isReload = performance.getEntriesByType("navigation")[0]?.type === "reload";
  if (!isReload && !document.referrer.startsWith(`${window.location.origin}/`)) note("visit");
  note("page_view");
  window.addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send());
}

function send() {
  clearTimeout(timer);
  timer = 0;
  if (waiting.length === 0) return;
  const events = waiting.map(({ at, ...event }) => ({ ...event, ago_ms: Date.now() - at }));
  waiting = [];
  const report = choice() === "yes" ? { events, consent: true, session_id: sessionId() } : { events, consent: false };
  read(() => navigator.sendBeacon(apiUrl("site/events/"), JSON.stringify(report)));
}

function sessionId() {
  const known = read(() => window.sessionStorage.getItem(SESSION_KEY));
  if (known) return known;
  const made = newKey();
  read(() => window.sessionStorage.setItem(SESSION_KEY, made));
  return made;
}

const thisPage = () => window.location.pathname.replace(/index\.html$/i, "");

// Storage may be off, and a beacon may be refused: a visit must never fail for being counted.
function read(work) {
  try {
    return work();
  } catch {
    return null;
  }
}
