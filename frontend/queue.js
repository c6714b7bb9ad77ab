// Requests wait here, in the visitor's browser, until the CRM has said that it has them.
// Each one keeps its key and its exact body from the first attempt to the last, so that a repeat changes nothing.

const DEFAULT_NAME = "solar.queue";
const MOST_ENTRIES = 50;
const LONGEST_WAIT_MS = 7 * 24 * 60 * 60 * 1000;
const FIRST_BACKOFF_MS = 2_000;
const LONGEST_BACKOFF_MS = 5 * 60 * 1000;

export class RequestQueue {
  #name;
  #deliver;
  #onOutcome;
  #memory = []; // what the browser would not store
  #inFlight = new Map();
  #settled = new Set();
  #timer = 0;
  #channel;

  /**
   * One queue per door: `name` is where its requests are kept.
   * deliver(body) resolves to an outcome (see door.js) and never throws.
   * onOutcome({key, body, queued_at, state, …}) hears of every attempt, those of other tabs included.
   */
  constructor({ name = DEFAULT_NAME, deliver, onOutcome }) {
    this.#name = name;
    this.#channel = openChannel(name);
    this.#deliver = deliver;
    this.#onOutcome = onOutcome;
    this.#channel?.addEventListener("message", ({ data }) => this.#hear(data));
  }

  /** Keeps a request, then tries to send it. */
  async add(key, body) {
    const entry = { key, body, queued_at: Date.now(), attempts: 0, not_before: 0, held: false };
    await this.#update((entries) => [...entries, entry]);
    await this.#attempt(key);
    this.#schedule();
  }

  /** True when what waits here outlives this page. */
  get isDurable() {
    return this.#memory.length === 0;
  }

  waiting() {
    return this.#read();
  }

  /** Sends what waits: now, when the connection is back, and when the visitor comes back to the page. */
  start() {
    window.addEventListener("online", () => this.flush({ now: true }));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.flush();
    });
    this.flush({ now: true });
  }

  /** Sends what is due. `now` skips the backoff, but not a wait the server asked for. */
  async flush({ now = false } = {}) {
    await this.#dropExpired();
    for (const entry of this.#read()) {
      const skipsBackoff = now && !entry.held;
      if (skipsBackoff || entry.not_before <= Date.now()) await this.#attempt(entry.key);
    }
    this.#schedule();
  }

  #attempt(key) {
    if (!this.#inFlight.has(key)) {
      const attemptsSeen = this.#find(key)?.attempts;
      const attempt = exclusively(`${this.#name}.${key}`, () => this.#attemptAlone(key, attemptsSeen));
      this.#inFlight.set(key, attempt.finally(() => this.#inFlight.delete(key)));
    }
    return this.#inFlight.get(key);
  }

  async #attemptAlone(key, attemptsSeen) {
    const entry = this.#find(key);
    if (!entry) {
      this.#settle({ key, state: "sent", reference: "" }); // another tab was faster
      return;
    }
    if (entry.attempts !== attemptsSeen) return; // another tab has just tried and failed
    const outcome = await this.#deliver(entry.body);
    if (outcome.state === "retry") {
      await this.#postpone(key, outcome.retryAfterMs);
      this.#onOutcome({ ...entry, ...outcome });
      return;
    }
    // Told before it is removed: a tab that finds the entry gone should already know the reference.
    this.#channel?.postMessage({ ...outcome, key, queued_at: entry.queued_at });
    await this.#update((entries) => entries.filter((other) => other.key !== key));
    this.#settle({ ...entry, ...outcome });
  }

  #postpone(key, retryAfterMs) {
    return this.#update((entries) =>
      entries.map((entry) => {
        if (entry.key !== key) return entry;
        const attempts = entry.attempts + 1;
        const wait = Math.max(backoffMs(attempts), retryAfterMs);
        return { ...entry, attempts, not_before: Date.now() + wait, held: retryAfterMs > 0 };
      }),
    );
  }

  async #dropExpired() {
    const oldest = Date.now() - LONGEST_WAIT_MS;
    const isDone = (entry, index, all) => entry.queued_at < oldest || index < all.length - MOST_ENTRIES;
    const expired = this.#read().filter(isDone);
    if (expired.length === 0) return;
    const keys = new Set(expired.map((entry) => entry.key));
    await this.#update((entries) => entries.filter((entry) => !keys.has(entry.key)));
    for (const entry of expired) this.#settle({ ...entry, state: "expired" });
  }

  #hear(outcome) {
    this.#memory = this.#memory.filter((entry) => entry.key !== outcome.key);
    this.#settle(outcome);
  }

  #settle(outcome) {
    if (this.#settled.has(outcome.key)) return;
    this.#settled.add(outcome.key);
    this.#onOutcome(outcome);
  }

  #schedule() {
    clearTimeout(this.#timer);
    const entries = this.#read();
    if (entries.length === 0) return;
    const next = Math.min(...entries.map((entry) => entry.not_before));
    // A browser runs a timer longer than 24 days at once; waking early is harmless.
    const wait = Math.min(Math.max(next - Date.now(), FIRST_BACKOFF_MS / 2), LONGEST_WAIT_MS);
    this.#timer = setTimeout(() => this.flush(), wait);
  }

  #find(key) {
    return this.#read().find((entry) => entry.key === key);
  }

  // Reading, changing and writing is one step, so two tabs cannot overwrite each other's requests.
  #update(change) {
    return exclusively(`${this.#name}.write`, () => this.#write(change(this.#read())));
  }

  #read() {
    const inMemory = new Set(this.#memory.map((entry) => entry.key));
    return [...readStorage(this.#name).filter((entry) => !inMemory.has(entry.key)), ...this.#memory];
  }

  #write(entries) {
    try {
      if (entries.length === 0) window.localStorage.removeItem(this.#name);
      else window.localStorage.setItem(this.#name, JSON.stringify(entries));
      this.#memory = [];
    } catch {
      this.#memory = entries; // off or full: wait in this page instead
    }
  }
}

function readStorage(name) {
  try {
    const entries = JSON.parse(window.localStorage.getItem(name));
    return Array.isArray(entries) ? entries.filter(isEntry) : [];
  } catch {
    return [];
  }
}

const isEntry = (value) => Boolean(value?.key && value.body) && Number.isFinite(value.not_before);

// Up to half again is added at random: after an outage the visitors' browsers must not all return in one second.
function backoffMs(attempts) {
  const wait = FIRST_BACKOFF_MS * 2 ** (attempts - 1) * (1 + Math.random() / 2);
  return Math.min(wait, LONGEST_BACKOFF_MS);
}

// One tab at a time, where the browser offers locks. Elsewhere the server's idempotency is the guard.
async function exclusively(name, work) {
  let started = false;
  try {
    return await navigator.locks.request(name, () => {
      started = true;
      return work();
    });
  } catch (error) {
    if (started) throw error;
    return work();
  }
}

function openChannel(name) {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null;
  }
}
