// The ways out of this site: the CRM's doors, and EmailJS where the deployer set it up.

const TIMEOUT_MS = 10_000;
const EMAILJS_URL = "https://api.emailjs.com/api/v1.0/email/send";

// 409 is here because a key always travels with the same body, so it can only mean "still in flight".
const WORTH_RETRYING = new Set([408, 409, 425, 429]);

/** The address of something in the CRM's API. */
export const apiUrl = (path) => `${window.SOLAR_SITE?.apiBase ?? ""}/api/${path}`;

/**
 * How to send one request body to a door of the CRM ("emailjs", "calculator"). It never throws and resolves to
 * {state: "sent", reference, eventId} | {state: "refused", message, details} | {state: "retry", retryAfterMs}.
 */
export function doorTo(kind) {
  return async (body) => {
    try {
      return await withTimeout(async (signal) => {
        return outcomeOf(await postJson(apiUrl(`integrations/webhooks/${kind}/`), body, signal));
      });
    } catch {
      return { state: "retry", retryAfterMs: 0 };
    }
  };
}

/** A copy of the request by mail. A convenience for the staff: the visitor never hears of its failure. */
export async function notifyByEmail(payload) {
  const account = window.SOLAR_SITE?.emailjs;
  if (!account || payload.website) return;
  const message = {
    service_id: account.serviceId,
    template_id: account.templateId,
    user_id: account.publicKey,
    template_params: {
      ...payload.form_data,
      ...payload.contact_info,
      form_type: payload.form_type,
      service_type: payload.service_type,
      market: payload.market,
      consent_given: payload.consent.given ? "yes" : "no",
      submitted_at: payload.timestamp,
    },
  };
  try {
    await withTimeout((signal) => postJson(EMAILJS_URL, JSON.stringify(message), signal));
  } catch {
    // The CRM has the request, or the queue has it.
  }
}

function postJson(url, body, signal) {
  return fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
    signal,
    keepalive: true, // goes out even when the visitor leaves right after the click
    credentials: "omit", // a staff session in the same browser must not change how the door answers
  });
}

async function withTimeout(work) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

async function outcomeOf(response) {
  const answer = await response.json().catch(() => null);
  // A captive portal answers 200 with a page of its own; only the door's own words count as "sent".
  if (response.status === 202 || (response.ok && answer?.status === "success")) {
    // The end of the id: its beginning is the time, the same for everybody who wrote that minute.
    const eventId = String(answer?.data?.event_id ?? "");
    return { state: "sent", reference: eventId.slice(-8), eventId };
  }
  if (response.status >= 400 && response.status < 500 && !WORTH_RETRYING.has(response.status)) {
    return { state: "refused", message: answer?.error?.message ?? "", details: answer?.error?.details ?? {} };
  }
  return { state: "retry", retryAfterMs: retryAfterMs(response.headers.get("Retry-After")) };
}

/** What a Retry-After header asks for, in milliseconds. */
export function retryAfterMs(header) {
  if (!header) return 0;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Math.max(0, wait) || 0;
}
