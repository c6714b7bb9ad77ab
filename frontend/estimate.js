// The calculator's question: from its fields to a request, and the server's answer as one of a few states.

import { IS_AMOUNT, plainAmount, POSTAL_CODES } from "./answers.js";
import { apiUrl, retryAfterMs } from "./door.js";

const TIMEOUT_MS = 10_000;
const SHADES = ["none", "some", "heavy"]; // by position of the slider

/** What the fields say, as `POST solar/estimate` takes it. What the visitor left open is left out. */
export function readInputs(form) {
  const fields = form.elements;
  const inputs = {
    market: fields.market.value,
    postal_code: fields.postal_code.value.trim(),
    monthly_bill: plainAmount(fields.monthly_bill.value),
    property_type: fields.property_type.value,
    homeowner: fields.homeowner.value === "own",
    shading: SHADES[Number(fields.shading.value)],
    financing: "cash", // the answer holds loan and lease beside it
  };
  const area = fields.roof_area_m2;
  if (area.value !== area.max) inputs.roof_area_m2 = Number(area.value);
  if (fields.tilt.value !== "") inputs.tilt = Number(fields.tilt.value);
  if (fields.azimuth.value !== "") inputs.azimuth = Number(fields.azimuth.value);
  if (IS_AMOUNT.test(inputs.monthly_bill)) inputs.monthly_bill = Number(inputs.monthly_bill);
  return inputs;
}

/** What is not yet a usable question: {field: message}. Empty when it can be asked. */
export function gapsIn(inputs) {
  const gaps = {};
  const postal = POSTAL_CODES[inputs.market] ?? POSTAL_CODES.nyc;
  if (!postal.pattern.test(inputs.postal_code)) gaps.postal_code = postal.problem;
  if (typeof inputs.monthly_bill !== "number") gaps.monthly_bill = "Please give the bill as a number, such as 180.";
  return gaps;
}

/**
 * Asks for an estimate. Never throws. Resolves to {state: "ready", estimate} | {state: "refused", message, details} |
 * {state: "busy", waitMs} | {state: "unreachable"} | {state: "stale"}, the last when `controller` was aborted meanwhile.
 */
export async function askEstimate(inputs, controller) {
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, TIMEOUT_MS);
  try {
    const response = await fetch(apiUrl("solar/estimate/"), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(inputs),
      signal: controller.signal,
      credentials: "omit",
    });
    return stateOf(response, await response.json().catch(() => null));
  } catch {
    return { state: controller.signal.aborted && !timedOut ? "stale" : "unreachable" };
  } finally {
    clearTimeout(timer);
  }
}

function stateOf(response, answer) {
  if (response.ok && answer?.status === "success" && answer.data) return { state: "ready", estimate: answer.data };
  if (response.status === 429) return { state: "busy", waitMs: retryAfterMs(response.headers.get("Retry-After")) };
  // Only the API's own envelope is a refusal of these inputs; anything else means it is not there.
  if (response.status < 500 && answer?.error) {
    return { state: "refused", message: answer.error.message ?? "", details: answer.error.details ?? {} };
  }
  return { state: "unreachable" };
}
