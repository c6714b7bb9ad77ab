// "Pick a time": behind the thanks, a visitor books the survey of their roof with the request they have just sent.

import { apiUrl } from "./door.js";
import { element } from "./forms.js";
import { note, noteOnce } from "./visits.js";
import { language, say } from "./words.js";

const TIMEOUT_MS = 10_000;

/** The offer, to stand below the thanks. eventId: what the door answered; market and postalCode: where the roof is. */
export function surveyOffer({ eventId, market, postalCode, phone }) {
  const place = element("section", "", "survey-offer");
  const title = element("h4", say("Would you like us to look at the roof?"));
  title.id = `survey-title-${eventId.slice(-8)}`;
  place.setAttribute("aria-labelledby", title.id);
  const open = button(say("Pick a time"), "button");
  const status = element("p", "", "survey-status");
  status.setAttribute("role", "status");
  place.append(
    title,
    element("p", say("A survey takes about an hour and costs nothing. You can move or cancel it at any time.")),
    open,
    status,
  );
  open.addEventListener("click", () => showTimes({ place, open, status, eventId, market, postalCode, phone }));
  return place;
}

async function showTimes(offer, problem = "") {
  const { place, open, status, market, postalCode, phone } = offer;
  noteOnce("survey_opened");
  open.disabled = true;
  status.textContent = say("Looking for free times…");
  const slots = await freeTimes(market, postalCode);
  open.disabled = false;
  status.textContent = problem;
  place.querySelector("form")?.remove();
  if (slots === null) {
    status.textContent = say("The calendar cannot be reached just now. Please try again, or call {phone}.", { phone });
    return;
  }
  if (slots.length === 0) {
    status.textContent = say("No time is free there just now. Please call {phone}.", { phone });
    return;
  }
  open.hidden = true;
  const form = timesForm(slots, offer);
  status.before(form);
  form.querySelector("select").focus();
}

function timesForm(slots, offer) {
  const form = element("form", "", "survey-times");
  const label = element("label", say("Free times, on the clock where the roof is"));
  const choice = element("select");
  choice.id = `survey-times-${offer.eventId.slice(-8)}`;
  choice.name = "starts_at";
  label.htmlFor = choice.id;
  choice.append(
    ...slots.map(({ starts_at, short }) => {
      const option = element("option", short);
      option.value = starts_at;
      return option;
    }),
  );
  const submit = button(say("Book this time"), "button", "submit");
  const field = element("div", "", "field");
  field.append(label, choice);
  form.append(field, submit);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    await book(choice.value, offer);
    submit.disabled = false;
  });
  return form;
}

async function book(startsAt, offer) {
  const { place, status, eventId, market, phone } = offer;
  status.textContent = say("Booking…");
  const body = { event_id: eventId, starts_at: startsAt, market, language };
  const answer = await ask("surveys/", { method: "POST", body: JSON.stringify(body) });
  if (answer?.status === "success") {
    note("survey_booked", { market });
    return showBooked(place, answer.data);
  }
  if (answer?.error?.details?.free) {
    return showTimes(offer, say("Somebody was quicker: this time is gone. Please choose another one."));
  }
  if (answer?.error?.details?.booked) {
    status.textContent = say("You have a survey already. The link we sent you with it moves it to another time.");
    return undefined;
  }
  const reason = answer?.error?.message;
  status.textContent = reason
    ? say("This could not be booked. Please call {phone}.", { phone })
    : say("The calendar cannot be reached just now. Please try again, or call {phone}.", { phone });
  return undefined;
}

function showBooked(place, { words, link, calendar }) {
  const title = element("h4", say("Your survey is booked"));
  const ways = element("p", "", "survey-ways");
  ways.append(anchor(calendar, say("Add it to my calendar")), " ", anchor(link, say("Move or cancel it")));
  const kept = element("p", say("Keep this link: it is your way to move or cancel. We also send it by e-mail if we have your address."));
  place.replaceChildren(title, element("p", words, "survey-when"), ways, kept);
  title.tabIndex = -1;
  title.focus();
}

async function freeTimes(market, postalCode) {
  const query = new URLSearchParams({ market, language });
  if (postalCode) query.set("postal_code", postalCode);
  const answer = await ask(`surveys/slots/?${query}`);
  if (answer?.status === "success") return answer.data.results;
  return answer?.error?.code === "VALIDATION_ERROR" ? [] : null;
}

/** The API's own answer, or null when there was none. */
async function ask(path, options = {}) {
  try {
    const response = await fetch(apiUrl(path), {
      ...options,
      headers: { "Content-Type": "application/json" },
      credentials: "omit",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return await response.json();
  } catch {
    return null;
  }
}

function button(text, className, type = "button") {
  const made = element("button", text, className);
  made.type = type;
  return made;
}

function anchor(href, text) {
  const made = element("a", text);
  made.href = href;
  return made;
}
