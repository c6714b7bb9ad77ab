// The contact form: reads it, queues the request, and tells the visitor what became of it.

import { answersOf, buildPayload, newKey, problemsIn, readAnswers } from "./answers.js";
import { captureVisit, currentAttribution, pageAddress } from "./attribution.js";
import { notifyByEmail, postToDoor } from "./door.js";
import { RequestQueue } from "./queue.js";

const MARKET_WORDING = {
  nyc: { postal: "ZIP code", postalExample: "11215", currency: "$", currencyName: "US dollars" },
  india: { postal: "PIN code", postalExample: "560001", currency: "₹", currencyName: "rupees" },
};

const form = document.getElementById("contact-form");
const panel = document.getElementById("form-status");
const errorSummary = document.getElementById("form-errors");
const consentText = document.getElementById("consent-text");
const submitButton = document.getElementById("form-submit");
const submitLabel = submitButton.textContent;
const phoneNumber = document.querySelector("[data-phone]").textContent.trim();

const queue = new RequestQueue({ deliver: postToDoor, onOutcome: showOutcome });
let current = null; // the request the panel is about: {key, payload, refused}

start();

function start() {
  captureVisit();
  chooseMarket(window.SOLAR_SITE?.market ?? "nyc");
  form.addEventListener("submit", submit);
  form.addEventListener("change", adaptForm);
  // The browser may restore answers after a reload, once this script has run.
  window.addEventListener("pageshow", adaptForm);
  for (const link of document.querySelectorAll("[data-choose]")) {
    link.addEventListener("click", () => chooseFormType(link.dataset.choose));
  }
  window.addEventListener("online", () => queue.flush({ now: true }));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") queue.flush();
  });
  adaptForm();
  form.classList.add("is-ready");
  submitButton.disabled = false;
  if (queue.waiting().length > 0) showEarlierWaiting(queue.waiting()[0]);
  queue.flush({ now: true });
}

// ---------------------------------------------------------------- sending

async function submit(event) {
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  const answers = readAnswers(form);
  const problems = problemsIn(answers);
  showProblems(problems);
  if (problems.length > 0) return;

  setBusy(true);
  const key = newKey();
  const payload = buildPayload(answers, {
    key,
    consent: consentGiven(),
    attribution: currentAttribution(),
    pageUrl: pageAddress(),
  });
  current = { key, payload, refused: false };
  await queue.add(key, JSON.stringify(payload)).finally(() => setBusy(false));
  if (!current.refused) notifyByEmail(payload);
}

function consentGiven() {
  return {
    given: form.elements.consent.checked,
    text: consentText.textContent.replace(/\s+/g, " ").trim(),
    version: consentText.dataset.version,
  };
}

function setBusy(busy) {
  form.setAttribute("aria-busy", String(busy));
  submitButton.textContent = busy ? "Sending…" : submitLabel;
}

// ---------------------------------------------------------------- what became of it

function showOutcome(outcome) {
  if (outcome.key === current?.key) showCurrent(outcome);
  else showEarlier(outcome);
}

function showCurrent(outcome) {
  if (outcome.state === "sent") return showSent(outcome.reference);
  if (outcome.state === "retry") return showSaved();
  return showRefused(outcome);
}

function showSent(reference) {
  const name = current.payload.contact_info.name;
  replaceForm("sent", [
    element("h3", `Thank you, ${name}. We have your request.`),
    ...referenceLine(reference),
    element("p", `To add or change something, send another message or call ${phoneNumber}.`),
    sendAnotherButton(),
  ]);
}

function showSaved() {
  if (panel.dataset.state === "saved" && form.hidden) return; // a later attempt failed too: nothing new to say
  const name = current.payload.contact_info.name;
  replaceForm("saved", [
    element("h3", `Thank you, ${name}. Your request is not lost.`),
    element("p", "We saved your request on this device and will send it as soon as we are connected."),
    element(
      "p",
      queue.isDurable
        ? `You can close this page: the request goes out when you next open it. In a hurry? Call ${phoneNumber}.`
        : `This browser keeps nothing after a page is closed, so please leave this page open, or call ${phoneNumber}.`,
    ),
    sendAnotherButton(),
  ]);
}

function showRefused(outcome) {
  current.refused = true;
  restoreForm();
  fillForm(answersOf(current.payload));
  showProblems(reasonsOf(outcome), `We could not accept your request. You can also call ${phoneNumber}.`);
}

function showEarlierWaiting(entry) {
  if (panel.dataset.state === "saved") return;
  const waiting = `Your request of ${timeOf(entry)} is still on this device.`;
  showNote("saved", [element("p", `${waiting} We will send it as soon as we are connected.`)]);
}

function showEarlier(outcome) {
  if (form.hidden) return; // the panel belongs to the request the visitor has just made
  if (outcome.state === "retry") return showEarlierWaiting(outcome);
  if (outcome.state === "sent") {
    const sent = element("p", `Your request of ${timeOf(outcome)} has now reached us. Thank you for your patience.`);
    return showNote("sent", [sent, ...referenceLine(outcome.reference)]);
  }
  const failed = `Your request of ${timeOf(outcome)} could not be delivered.`;
  return showNote("refused", [element("p", `${failed} Please send it again or call ${phoneNumber}.`)]);
}

function replaceForm(state, content) {
  const takesFocus = !form.hidden; // when it flips from "saved" to "sent" the visitor may be elsewhere
  form.hidden = true;
  showNote(state, content);
  if (takesFocus) panel.focus();
}

function restoreForm() {
  form.hidden = false;
  panel.replaceChildren();
  delete panel.dataset.state;
}

function showNote(state, content) {
  panel.dataset.state = state;
  panel.replaceChildren(...content);
}

function referenceLine(reference) {
  if (!reference) return [];
  const line = element("p", "Your reference: ");
  const code = element("strong", reference);
  code.id = "form-reference";
  line.append(code);
  return [line];
}

function sendAnotherButton() {
  const button = element("button", "Send another");
  button.type = "button";
  button.id = "send-another";
  button.className = "button button-quiet";
  button.addEventListener("click", () => {
    const { market } = current.payload;
    current = null; // what becomes of it from here on is told above the form
    restoreForm();
    form.reset();
    chooseMarket(market);
    adaptForm();
    form.elements.name.focus();
  });
  return button;
}

function timeOf({ queued_at }) {
  return new Date(queued_at).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
}

function element(tag, text) {
  const node = document.createElement(tag);
  node.textContent = text;
  return node;
}

// ---------------------------------------------------------------- the form itself

function adaptForm() {
  const wording = MARKET_WORDING[form.elements.market.value] ?? MARKET_WORDING.nyc;
  document.getElementById("postal-label").textContent = wording.postal;
  document.getElementById("postal-example").textContent = `Example: ${wording.postalExample}`;
  document.getElementById("bill-currency").textContent = wording.currency;
  document.getElementById("bill-currency-name").textContent = `(in ${wording.currencyName})`;
  document.getElementById("india-note").hidden = form.elements.market.value !== "india";

  const isService = form.elements.form_type.value === "service_inquiry";
  document.getElementById("service-field").hidden = !isService;
  form.elements.service_type.disabled = !isService;
}

function chooseMarket(market) {
  if (market in MARKET_WORDING) form.elements.market.value = market;
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

function reasonsOf({ message, details }) {
  const reasons = [];
  for (const [path, texts] of Object.entries(details ?? {})) {
    const name = path.split(".").pop();
    const known = document.getElementById(`${name}-error`) !== null;
    const text = typeof texts === "string" || Array.isArray(texts) ? [texts].flat().join(" ") : JSON.stringify(texts);
    reasons.push({ fields: known ? [name] : [], message: text });
  }
  if (reasons.length === 0) reasons.push({ fields: [], message: message || "The server gave no reason." });
  return reasons;
}

function showProblems(problems, heading = "Please check the form:") {
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const text of form.querySelectorAll(".field-error")) text.textContent = "";
  errorSummary.hidden = problems.length === 0;
  if (problems.length === 0) return;

  for (const { fields, message } of problems) {
    for (const name of fields) form.elements[name].setAttribute("aria-invalid", "true");
    if (fields.length > 0) document.getElementById(`${fields[0]}-error`).textContent = message;
  }
  const list = document.createElement("ul");
  list.append(...problems.map(problemLine));
  errorSummary.replaceChildren(element("p", heading), list);
  errorSummary.focus();
}

function problemLine({ fields, message }) {
  const line = document.createElement("li");
  if (fields.length === 0) {
    line.textContent = message;
    return line;
  }
  const link = element("a", message);
  link.href = `#${fields[0]}`;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    form.elements[fields[0]].focus();
  });
  line.append(link);
  return line;
}
