// "Send me this": the estimate on the screen, with a name, to the CRM's calculator door.

import { consentRecord, newKey, problemsOfReach, readAnswers } from "./answers.js";
import { currentAttribution, pageAddress } from "./attribution.js";
import { doorTo } from "./door.js";
import { consentShown, FormProblems } from "./forms.js";
import { OutcomePanel } from "./outcome.js";
import { RequestQueue } from "./queue.js";
import { surveyOffer } from "./survey.js";
import { sendWhenLeft } from "./unfinished.js";
import { note } from "./visits.js";
import { language, say } from "./words.js";

const SESSION_KEY = "solar.session";
// What was shown goes along; the server computes its own and keeps both.
const SHOWN = [
  "run_id", "model_version", "currency", "system_capacity_kw", "annual_production_kwh", "monthly_production_kwh",
  "specific_yield_kwh_per_kwp", "production_range_kwh", "annual_savings", "annual_savings_range",
  "gross_cost", "net_cost", "co2_kg_per_year",
];
const SHOWN_TERMS = ["payback_years", "npv", "irr", "savings_25_years"];

const offer = document.getElementById("estimate-offer");
const form = document.getElementById("estimate-form");
const submitButton = document.getElementById("estimate-submit");
const submitLabel = submitButton.textContent;
const consentText = document.getElementById("estimate-consent-text");
const phone = document.querySelector("[data-phone]").textContent.trim();

const queue = new RequestQueue({ name: "solar.queue.calculator", deliver: doorTo("calculator"), onOutcome: showOutcome });
const problems = new FormProblems({ form, summary: document.getElementById("estimate-errors"), prefix: "estimate-" });
const panel = new OutcomePanel({
  form,
  panel: document.getElementById("estimate-status"),
  phone,
  ids: { reference: "estimate-reference", another: "estimate-send-another" },
  noun: "estimate",
  isDurable: () => queue.isDurable,
  onAnother: startAnother,
});
let offered = null; // {estimate, inputs} on the screen
let current = null; // the request the panel is about: {key, payload}

start();

function start() {
  // One wording for the whole page: what is agreed to here is what the contact form says.
  const wording = document.getElementById("consent-text");
  consentText.textContent = wording.textContent;
  consentText.dataset.version = wording.dataset.version;
  form.addEventListener("submit", submit);
  sendWhenLeft("calculator", unfinished);
  submitButton.disabled = false;
  if (queue.waiting().length > 0) panel.showEarlierWaiting(queue.waiting()[0]);
  queue.start();
}

/** There is an estimate on the screen that can be sent. */
export function offerEstimate(estimate, inputs) {
  offered = { estimate, inputs };
  offer.hidden = false;
}

/** What was on the screen is no longer. News of something sent stays. */
export function withdrawEstimate() {
  offered = null;
  offer.hidden = true;
}

async function submit(event) {
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true" || !offered) return;
  const answers = readAnswers(form);
  const found = problemsIn(answers);
  problems.show(found);
  if (found.length > 0) return;

  setBusy(true);
  const key = newKey();
  const payload = payloadOf(answers, key);
  current = { key, payload };
  await queue.add(key, JSON.stringify(payload)).finally(() => setBusy(false));
}

/** What is typed but not sent, once there is a way to answer; null while there is none. */
function unfinished() {
  if (!offered || form.hidden || form.getAttribute("aria-busy") === "true") return null;
  const answers = readAnswers(form);
  return problemsOfReach(answers).length > 0 ? null : payloadOf(answers, "");
}

function problemsIn(answers) {
  const missing = answers.first_name ? [] : [{ fields: ["first_name"], message: say("Please tell us your name.") }];
  return [...missing, ...problemsOfReach(answers)];
}

function payloadOf(answers, key) {
  const { estimate, inputs } = offered;
  return {
    session_id: sessionId(),
    calculation_results: shownOf(estimate),
    user_inputs: inputs,
    user_info: {
      first_name: answers.first_name ?? "",
      last_name: answers.last_name ?? "",
      email: answers.email ?? "",
      phone: answers.phone ?? "",
      language,
    },
    timestamp: new Date().toISOString(),
    market: inputs.market,
    consent: consentRecord(consentShown(form.elements.consent, consentText), pageAddress()),
    attribution: currentAttribution(),
    idempotency_key: key,
    website: answers.website ?? "",
  };
}

function shownOf(estimate) {
  const shown = pick(estimate, SHOWN);
  const ways = Object.entries(estimate.financing ?? {}).map(([way, terms]) => [way, pick(terms ?? {}, SHOWN_TERMS)]);
  return {
    ...shown,
    financing: Object.fromEntries(ways),
    incentives: (estimate.incentives ?? []).map((one) => pick(one, ["code", "amount"])),
    advice: (estimate.advice ?? []).map(({ code }) => code),
  };
}

const pick = (source, names) =>
  Object.fromEntries(names.filter((name) => source[name] !== undefined).map((name) => [name, source[name]]));

function sessionId() {
  try {
    const known = window.sessionStorage.getItem(SESSION_KEY);
    if (known) return known;
    const made = newKey();
    window.sessionStorage.setItem(SESSION_KEY, made);
    return made;
  } catch {
    return newKey(); // storage is off
  }
}

function setBusy(busy) {
  form.setAttribute("aria-busy", String(busy));
  submitButton.textContent = busy ? say("Sending…") : submitLabel;
}

// ---------------------------------------------------------------- what became of it

function showOutcome(outcome) {
  if (outcome.key !== current?.key) return panel.showEarlier(outcome);
  const name = current.payload.user_info.first_name;
  if (outcome.state === "sent") {
    note("calculator_sent", { market: current.payload.market });
    return panel.showSent(name, outcome.reference, offerOf(outcome));
  }
  if (outcome.state === "retry") return panel.showSaved(name);
  return showRefused(outcome);
}

/** Who owns the roof may pick a time for its survey; nobody surveys a landlord's. */
function offerOf({ eventId }) {
  const { market, user_inputs: said } = current.payload;
  return eventId && said.homeowner ? surveyOffer({ eventId, market, postalCode: said.postal_code, phone }) : null;
}

function showRefused(outcome) {
  current = null;
  panel.restoreForm();
  const heading = say("We could not accept your estimate. You can also call {phone}.", { phone });
  problems.show(problems.reasonsOf(outcome), heading);
}

function startAnother() {
  current = null; // what becomes of it from here on is told above the form
  panel.restoreForm();
  if (offered) form.elements.first_name.focus();
  else document.getElementById("calc-postal_code").focus();
}
