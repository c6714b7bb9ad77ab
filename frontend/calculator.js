// The calculator: listens to its fields, asks the server while the visitor types, and shows what comes back.

import { plainPostalCode, problemOfPostalCode } from "./answers.js";
import { askEstimate, gapsIn, readInputs } from "./estimate.js";
import { offerKindsOf, wordsOf } from "./forms.js";
import { showEstimate, summaryOf } from "./result.js";
import { offerEstimate, withdrawEstimate } from "./sendestimate.js";
import { noteOnce } from "./visits.js";
import { wordingOf } from "./wording.js";
import { say } from "./words.js";

const TYPING_PAUSE_MS = 300;
const LISTENING_PAUSE_MS = 1200; // a screen reader hears of an estimate once the visitor has stopped changing it
const SHORTEST_WAIT_MS = 2000;
const RETRY_MS = 20_000;
const SQUARE_FEET = 10.7639;
const SHADE_WORDS = [say("no shade"), say("some shade"), say("heavy shade")];

const form = document.getElementById("calc-form");
const result = document.getElementById("calc-result");
const skeleton = document.getElementById("calc-skeleton");
const note = document.getElementById("calc-note");
const summary = document.getElementById("calc-summary");
const notes = Object.fromEntries([...note.children].map((child) => [child.dataset.note, child]));

const perMarket = {}; // what was typed for each market, to come back to
let market = "";
let pending = null; // AbortController of the request on its way
let asked = ""; // the question the shown estimate answers
let askTimer = 0;
let listenTimer = 0;

start();

function start() {
  const preferred = window.SOLAR_SITE?.market ?? "nyc";
  const choice = form.querySelector(`[name="market"][value="${CSS.escape(preferred)}"]`);
  if (choice) choice.checked = true;
  form.addEventListener("input", (event) => changed(event.target));
  form.addEventListener("change", (event) => left(event.target));
  form.addEventListener("submit", submit);
  for (const button of document.querySelectorAll("[data-calc-retry]")) button.addEventListener("click", () => ask({ again: true }));
  document.getElementById("calc-print").addEventListener("click", () => window.print());
  window.addEventListener("online", () => note.dataset.state === "unreachable" && ask({ again: true }));
  for (const link of document.querySelectorAll('.calc-answer a[href="#contact"]')) link.addEventListener("click", carryOver);
  openForPrint();
  // The browser may restore answers after a reload, once this script has run.
  window.addEventListener("pageshow", () => adapt() || askSoon());
  adapt();
  showNote("start");
  askSoon();
}

// ---------------------------------------------------------------- the fields

function changed(field) {
  noteOnce("calculator_started");
  adapt();
  if (field.name in form.elements) clearError(field.name);
  askSoon();
}

/** A field is complained about when the visitor has left it, not while typing. */
function left(field) {
  const gap = gapsIn(readInputs(form))[field.name];
  if (gap && field.value.trim() !== "") showError(field.name, gap);
}

async function submit(event) {
  event.preventDefault();
  const gaps = Object.entries(gapsIn(readInputs(form)));
  for (const [name, message] of gaps) showError(name, message);
  if (gaps.length === 0) await ask({ again: true });
  const complainedAbout = form.querySelector("[aria-invalid]");
  if (complainedAbout) complainedAbout.focus();
  else bringIntoSight(note.parentElement);
}

/** On a phone the answer stands below the form: whoever asks for it by the button is led to it. */
function bringIntoSight(place) {
  if (place.getBoundingClientRect().top > window.innerHeight / 2) place.scrollIntoView();
}

function adapt() {
  const fields = form.elements;
  if (fields.market.value !== market) changeMarket(fields.market.value);
  const area = fields.roof_area_m2;
  const size = area.value === area.max ? say("large enough") : areaWords(Number(area.value));
  document.getElementById("calc-area-value").textContent = size;
  area.setAttribute("aria-valuetext", size);
  const shade = SHADE_WORDS[Number(fields.shading.value)];
  document.getElementById("calc-shade-value").textContent = shade;
  fields.shading.setAttribute("aria-valuetext", shade);
}

function changeMarket(next) {
  const { postal_code: postal, monthly_bill: bill, property_type: property } = form.elements;
  if (market) {
    // Who typed a code of the next market before choosing it meant that market all along.
    if (problemOfPostalCode(plainPostalCode(postal.value), next)) {
      perMarket[market] = { postal: postal.value, bill: bill.value };
      postal.value = perMarket[next]?.postal ?? "";
      bill.value = perMarket[next]?.bill ?? "";
    }
    clearError("postal_code");
    clearError("monthly_bill");
    showIncomplete(); // dollars must not stand beside a question in rupees
  }
  market = next;
  const wording = wordingOf(market);
  document.getElementById("calc-postal-label").textContent = wording.postal;
  document.getElementById("calc-postal-example").textContent = say("Example: {example}", { example: wording.postalExample });
  document.getElementById("calc-bill-currency").textContent = wording.currency;
  document.getElementById("calc-bill-currency-name").textContent = `(${wording.currencyName})`;
  document.getElementById("calc-bill-example").textContent = say("Example: {example}", { example: wording.billExample });
  offerKindsOf(market, property, "single_family");
}

function areaWords(squareMetres) {
  const metres = `${squareMetres} m²`;
  if (market !== "nyc") return metres;
  const feet = (Math.round((squareMetres * SQUARE_FEET) / 10) * 10).toLocaleString("en-US");
  return say("{feet} sq ft ({metres})", { feet, metres });
}

function showError(name, message) {
  const place = document.getElementById(`calc-${name}-error`);
  if (!place) return false;
  place.textContent = message;
  const field = form.elements[name];
  (field instanceof RadioNodeList ? field[0] : field).setAttribute("aria-invalid", "true");
  return true;
}

function clearError(name) {
  const place = document.getElementById(`calc-${name}-error`);
  if (!place) return;
  place.textContent = "";
  const field = form.elements[name];
  (field instanceof RadioNodeList ? field[0] : field).removeAttribute("aria-invalid");
}

// ---------------------------------------------------------------- asking

function askSoon(wait = TYPING_PAUSE_MS) {
  clearTimeout(askTimer);
  pending?.abort(); // its answer would be to a question no longer asked
  askTimer = setTimeout(ask, wait);
}

async function ask({ again = false } = {}) {
  clearTimeout(askTimer);
  const inputs = readInputs(form);
  const question = JSON.stringify(inputs);
  if (Object.keys(gapsIn(inputs)).length > 0) return showIncomplete();
  if (question === asked && !again) return showIdle();

  pending?.abort();
  const controller = (pending = new AbortController());
  showWaiting();
  const outcome = await askEstimate(inputs, controller);
  if (outcome.state === "stale" || controller !== pending) return undefined;
  pending = null;
  return showOutcome(outcome, inputs, question);
}

function showOutcome(outcome, inputs, question) {
  if (outcome.state === "ready") return showReady(outcome.estimate, inputs, question);
  if (outcome.state === "refused") return showRefused(outcome);
  showMissing(outcome.state);
  // A busy server says when; an unreachable one is asked again now and then while the page is in sight.
  const wait = outcome.state === "busy" ? Math.max(outcome.waitMs, SHORTEST_WAIT_MS) : RETRY_MS;
  askTimer = setTimeout(() => (document.visibilityState === "visible" ? ask({ again: true }) : askSoon(RETRY_MS)), wait);
  return undefined;
}

// ---------------------------------------------------------------- what is on the right

function showReady(estimate, inputs, question) {
  asked = question;
  showNote("");
  result.hidden = false; // charts measure the room they have
  showEstimate(estimate, inputs);
  showIdle();
  offerEstimate(estimate, inputs);
  noteOnce("calculator_computed", { market: inputs.market });
  tellLater(summaryOf(estimate, inputs));
}

function showRefused({ message, details }) {
  const others = [];
  for (const [path, texts] of Object.entries(details)) {
    if (!showError(path.split(".").pop(), wordsOf(texts))) others.push(wordsOf(texts));
  }
  const named = Object.keys(details).length - others.length;
  notes.refused.textContent = others.join(" ") || (named > 0 ? say("Please look at the marked field.") : message);
  showMissing("refused");
  tellLater([...form.querySelectorAll(".field-error")].map((error) => error.textContent).filter(Boolean).join(" "));
}

/** No estimate for what the fields say now: an old one must not stand beside new inputs. */
function showMissing(state) {
  asked = "";
  showIdle();
  result.hidden = true;
  withdrawEstimate();
  showNote(state);
  if (state === "busy") tellLater(notes.busy.textContent);
  if (state === "unreachable") tellLater(notes.unreachable.querySelector("p").textContent);
}

function showIncomplete() {
  pending?.abort();
  pending = null;
  clearTimeout(listenTimer);
  summary.textContent = ""; // of an estimate that is no longer on the page
  showMissing("start");
}

function showWaiting() {
  const first = result.hidden;
  form.setAttribute("aria-busy", "true");
  result.setAttribute("aria-busy", "true");
  result.classList.add("is-stale");
  skeleton.hidden = !first;
  if (first) showNote("");
}

function showIdle() {
  form.removeAttribute("aria-busy");
  result.removeAttribute("aria-busy");
  result.classList.remove("is-stale");
  skeleton.hidden = true;
}

function showNote(state) {
  note.hidden = !state;
  note.dataset.state = state;
  for (const [name, child] of Object.entries(notes)) child.hidden = name !== state;
}

function tellLater(text) {
  clearTimeout(listenTimer);
  listenTimer = setTimeout(() => {
    if (summary.textContent !== text) summary.textContent = text;
  }, LISTENING_PAUSE_MS);
}

/** What was typed here need not be typed again in the contact form. */
function carryOver() {
  const contact = document.getElementById("contact-form");
  const inputs = readInputs(form);
  contact.elements.market.value = inputs.market;
  for (const name of ["postal_code", "monthly_bill", "property_type"]) {
    if (inputs[name] && !contact.elements[name].value) contact.elements[name].value = inputs[name];
  }
  if (!contact.elements.homeowner.value) contact.elements.homeowner.value = inputs.homeowner ? "yes" : "no";
  contact.dispatchEvent(new Event("change"));
}

// What is closed on the screen is printed open, and closed again.
function openForPrint() {
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...result.querySelectorAll("details[data-print]:not([open])")];
    for (const details of closed) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
  });
}
