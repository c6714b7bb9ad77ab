// The calculator's question: from its fields to a request, and the server's answer as one of a few states.

import { IS_AMOUNT, plainAmount, plainPostalCode, problemOfPostalCode } from "./answers.js";
import { apiUrl, retryAfterMs } from "./door.js";
import { language, say } from "./words.js";

const TIMEOUT_MS = 10_000;
const HIGHEST_BILL = 10_000_000; // the API takes none above, and says so in English only
const SHADES = ["none", "some", "heavy"]; // by position of the slider

/** What the fields say, as `POST solar/estimate` takes it. What the visitor left open is left out. */
export function readInputs(form) {
  const fields = form.elements;
  const inputs = {
    market: fields.market.value,
    postal_code: plainPostalCode(fields.postal_code.value),
    monthly_bill: plainAmount(fields.monthly_bill.value),
    property_type: fields.property_type.value,
    homeowner: fields.homeowner.value === "own",
    shading: SHADES[Number(fields.shading.value)],
    financing: "cash", // the answer holds loan and lease beside it
    language,
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
  const misplaced = problemOfPostalCode(inputs.postal_code, inputs.market);
  if (misplaced) gaps.postal_code = misplaced;
  if (typeof inputs.monthly_bill !== "number") gaps.monthly_bill = say("Please give the bill as a number, such as 180.");
  else if (inputs.monthly_bill > HIGHEST_BILL) gaps.monthly_bill = say("This is more than we can estimate. Please check the amount.");
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
