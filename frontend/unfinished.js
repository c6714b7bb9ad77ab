// A form that was begun and left. What was typed goes to the CRM only if the visitor had already agreed to be
// contacted and given an address; whoever finishes the form later is the same lead there.

import { newKey } from "./answers.js";
import { apiUrl, doorTo } from "./door.js";

const KINDS = ["emailjs", "calculator"]; // the doors whose forms may be left
const LONGEST_MS = 24 * 60 * 60 * 1000; // a browser may open old tabs again weeks later

/** kind: the CRM's door. draft(): the payload of what is typed so far, or null while nothing of it may be sent. */
export function sendWhenLeft(kind, draft) {
  let sent = "";
  window.addEventListener("pagehide", () => {
    const payload = draft();
    // Finished meanwhile, or no longer agreed to: what was kept of it before must not be sent either.
    if (!payload || payload.website || !payload.consent.given) return forget(kind);
    const content = JSON.stringify({ ...payload, timestamp: "", idempotency_key: "" });
    if (content === sent) return; // left, come back by the browser's history, and left again
    const body = JSON.stringify({ ...payload, partial: true, idempotency_key: newKey() });
    keep(kind, { body, at: Date.now() });
    if (navigator.sendBeacon(apiUrl(`integrations/webhooks/${kind}/`), body)) sent = content;
  });
}

/** On the next page: browsers lose what is sent while a page ends, so it is sent again. The door knows its key. */
export async function sendAgain() {
  for (const kind of KINDS) {
    const left = kept(kind);
    forget(kind);
    if (!left || Date.now() - left.at > LONGEST_MS) continue;
    if ((await doorTo(kind)(left.body)).state === "retry") keep(kind, left);
  }
}

// ---------------------------------------------------------------- for this tab only; storage may be off

const slot = (kind) => `solar.left.${kind}`;
const keep = (kind, left) => quietly(() => window.sessionStorage.setItem(slot(kind), JSON.stringify(left)));
const kept = (kind) => quietly(() => JSON.parse(window.sessionStorage.getItem(slot(kind))));
const forget = (kind) => quietly(() => window.sessionStorage.removeItem(slot(kind)));

function quietly(work) {
  try {
    return work();
  } catch {
    return null;
  }
}
