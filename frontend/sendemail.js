// The contact form: reads it, queues the request, and tells the visitor what became of it.

import { answersOf, buildPayload, newKey, problemsIn, problemsOfReach, readAnswers } from "./answers.js";
import { currentAttribution, pageAddress } from "./attribution.js";
import { doorTo, notifyByEmail } from "./door.js";
import { consentShown, FormProblems, offerKindsOf } from "./forms.js";
import { OutcomePanel } from "./outcome.js";
import { RequestQueue } from "./queue.js";
import { surveyOffer } from "./survey.js";
import { sendWhenLeft } from "./unfinished.js";
import { note, noteOnce } from "./visits.js";
import { wordingOf } from "./wording.js";
import { say } from "./words.js";

const form = document.getElementById("contact-form");
const submitButton = document.getElementById("form-submit");
const submitLabel = submitButton.textContent;
const phone = document.querySelector("[data-phone]").textContent.trim();

const queue = new RequestQueue({ deliver: doorTo("emailjs"), onOutcome: showOutcome });
const problems = new FormProblems({ form, summary: document.getElementById("form-errors") });
const panel = new OutcomePanel({
  form,
  panel: document.getElementById("form-status"),
  phone,
  ids: { reference: "form-reference", another: "send-another" },
  noun: "request",
  isDurable: () => queue.isDurable,
  onAnother: startAnother,
});
let current = null; // the request the panel is about: {key, payload, refused}

start();

function start() {
  chooseMarket(window.SOLAR_SITE?.market ?? "nyc");
  form.addEventListener("submit", submit);
  form.addEventListener("change", adaptForm);
  form.addEventListener("change", ({ target }) => noteStep(target?.name));
  form.addEventListener("input", () => noteOnce("form_started"));
  sendWhenLeft("emailjs", unfinished);
  // The browser may restore answers after a reload, once this script has run.
  window.addEventListener("pageshow", adaptForm);
  for (const link of document.querySelectorAll("[data-choose]")) {
    link.addEventListener("click", () => chooseFormType(link.dataset.choose));
  }
  // Other pages lead here with a wish: Index.html?choose=service_inquiry#contact
  const wish = new URLSearchParams(window.location.search).get("choose");
  if (wish && form.querySelector(`[name="form_type"][value="${CSS.escape(wish)}"]`)) form.elements.form_type.value = wish;
  adaptForm();
  form.classList.add("is-ready");
  submitButton.disabled = false;
  if (queue.waiting().length > 0) panel.showEarlierWaiting(queue.waiting()[0]);
  queue.start();
}

// ---------------------------------------------------------------- sending

async function submit(event) {
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  const answers = readAnswers(form);
  const found = problemsIn(answers);
  problems.show(found);
  if (found.length > 0) return;

  setBusy(true);
  const key = newKey();
  const payload = payloadOf(answers, key);
  current = { key, payload, refused: false };
  await queue.add(key, JSON.stringify(payload)).finally(() => setBusy(false));
  if (!current.refused) notifyByEmail(payload);
}

function payloadOf(answers, key) {
  return buildPayload(answers, {
    key,
    consent: consentShown(form.elements.consent, document.getElementById("consent-text")),
    attribution: currentAttribution(),
    pageUrl: pageAddress(),
  });
}

/** What is typed but not sent, once there is a way to answer; null while there is none. */
function unfinished() {
  if (form.hidden || form.getAttribute("aria-busy") === "true") return null;
  const answers = readAnswers(form);
  return problemsOfReach(answers).length > 0 ? null : payloadOf(answers, "");
}

/** Which part of the form is filled in, never with what. */
function noteStep(field) {
  if (field && field !== "website") noteOnce("form_step", { field });
}

function setBusy(busy) {
  form.setAttribute("aria-busy", String(busy));
  submitButton.textContent = busy ? say("Sending…") : submitLabel;
}

// ---------------------------------------------------------------- what became of it

function showOutcome(outcome) {
  if (outcome.key !== current?.key) return panel.showEarlier(outcome);
  const name = current.payload.contact_info.name;
  if (outcome.state === "sent") {
    note("form_sent", { market: current.payload.market });
    return panel.showSent(name, outcome.reference, offerOf(outcome));
  }
  if (outcome.state === "retry") return panel.showSaved(name);
  return showRefused(outcome);
}

/** Who asks for a quote may pick a time for the survey at once, unless the roof is a landlord's. */
function offerOf({ eventId }) {
  const { form_type: wish, market, form_data: said } = current.payload;
  if (!eventId || wish !== "quote_request" || said.homeowner === "no") return null;
  return surveyOffer({ eventId, market, postalCode: said.postal_code ?? "", phone });
}

function showRefused(outcome) {
  current.refused = true;
  panel.restoreForm();
  fillForm(answersOf(current.payload));
  const heading = say("We could not accept your request. You can also call {phone}.", { phone });
  problems.show(problems.reasonsOf(outcome), heading);
}

function startAnother() {
  const { market } = current.payload;
  current = null; // what becomes of it from here on is told above the form
  panel.restoreForm();
  form.reset();
  chooseMarket(market);
  adaptForm();
  form.elements.name.focus();
}

// ---------------------------------------------------------------- the form itself

function adaptForm() {
  const wording = wordingOf(form.elements.market.value);
  document.getElementById("postal-label").textContent = wording.postal;
  document.getElementById("postal-example").textContent = say("Example: {example}", { example: wording.postalExample });
  document.getElementById("bill-currency").textContent = wording.currency;
  document.getElementById("bill-currency-name").textContent = `(${wording.currencyName})`;
  offerKindsOf(form.elements.market.value, form.elements.property_type, "");
  document.getElementById("india-note").hidden = form.elements.market.value !== "india";

  const isService = form.elements.form_type.value === "service_inquiry";
  document.getElementById("service-field").hidden = !isService;
  form.elements.service_type.disabled = !isService;
}

function chooseMarket(market) {
  if (form.querySelector(`[name="market"][value="${CSS.escape(market)}"]`)) form.elements.market.value = market;
}

function chooseFormType(formType) {
  form.elements.form_type.value = formType;
  adaptForm();
}

function fillForm(answers) {
  for (const [name, value] of Object.entries(answers)) {
    if (form.elements[name]) form.elements[name].value = value;
  }
  adaptForm();
}
