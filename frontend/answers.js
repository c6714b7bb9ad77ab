// From the fields of the form to the payload of the CRM's door. No DOM beyond the form's own data.

import { language, say } from "./words.js";

const POSTAL_CODES = {
  nyc: {
    pattern: /^\d{5}(-\d{4})?$/,
    problem: say("A ZIP code has five digits, such as 11215."),
    elsewhere: say("This looks like a ZIP code. For a building there, choose New York City above."),
  },
  india: {
    pattern: /^[1-9]\d{5}$/,
    problem: say("A PIN code has six digits, such as 560001."),
    elsewhere: say("This looks like a PIN code. For a building there, choose India above."),
  },
};
const LOOKS_LIKE_EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
export const IS_AMOUNT = /^\d+(\.\d+)?$/;
const CURRENCY = /US\$|[$₹]|\bRs\b\.?|\bINR\b|\bUSD\b|रु(?:पये|पए)?\.?|\/-/gi;
// Thousands by comma (lakhs too) and cents by point, the other way round, or no thousands at all.
const WRITTEN_AMOUNTS = [
  /^(\d+)(?:[.,](\d{1,2}))?$/,
  /^([1-9]\d{0,2}(?:,\d{2,3})*,\d{3})(?:\.(\d{1,2}))?$/,
  /^([1-9]\d{0,2}(?:\.\d{3})+)(?:,(\d{1,2}))?$/,
];
// The zeros of European, Arabic, Persian, Indian (nine scripts) and full-width digits; nine more follow each.
const ZEROS = [..."0٠۰०০੦૦୦௦౦೦൦０"].map((zero) => zero.codePointAt(0));
const CONSENT_CHANNELS = ["call", "sms", "email"];
const TOP_LEVEL = new Set(["name", "email", "phone", "form_type", "service_type", "market", "consent", "website"]);

/** Every answered field by name, trimmed. Fields that are not shown are disabled and so not part of it. */
export function readAnswers(form) {
  const answers = {};
  for (const [name, value] of new FormData(form)) {
    const text = String(value).trim();
    if (text) answers[name] = text;
  }
  if (answers.monthly_bill) answers.monthly_bill = plainAmount(answers.monthly_bill);
  if (answers.postal_code) answers.postal_code = plainPostalCode(answers.postal_code);
  return answers;
}

/** An amount as people write it ("$1,850.50", "1.850,50 $", "Rs. 9,000/-", "₹१,००,०००") as digits with a point.
 *  What can be read in two ways, or in none, comes back as it is, and is no amount. */
export function plainAmount(text) {
  const bare = ourDigits(text).replace(CURRENCY, "").replace(/\s/g, "");
  const read = WRITTEN_AMOUNTS.map((form) => form.exec(bare)).find(Boolean);
  if (!read) return bare;
  const [, whole, cents] = read;
  return whole.replace(/\D/g, "") + (cents ? `.${cents}` : "");
}

/** A postal code as people write or paste it ("411 001", "११२१५", "11215 – 1234") as its market writes it. */
export const plainPostalCode = (text) =>
  ourDigits(text).replace(/\s/g, "").replace(/\p{Pd}/gu, "-").replace(/^(\d{3})-(\d{3})$/, "$1$2");

/** What is wrong with a postal code in a market, "" when nothing is. */
export function problemOfPostalCode(code, market) {
  const { pattern, problem } = POSTAL_CODES[market] ?? POSTAL_CODES.nyc;
  if (pattern.test(code)) return "";
  return Object.values(POSTAL_CODES).find((other) => other.pattern.test(code))?.elsewhere ?? problem;
}

/** Digits of other scripts as ours. */
function ourDigits(text) {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const value = digit.codePointAt(0) - Math.max(...ZEROS.filter((zero) => zero <= digit.codePointAt(0)));
    return value < 10 ? String(value) : digit;
  });
}

/** What has to be put right before sending: [{fields: [name, …], message}], the first field carries the message. */
export function problemsIn(answers) {
  const problems = [];
  if (!answers.name) problems.push({ fields: ["name"], message: say("Please tell us your name.") });
  problems.push(...problemsOfReach(answers));
  const misplaced = answers.postal_code ? problemOfPostalCode(answers.postal_code, answers.market) : "";
  if (misplaced) problems.push({ fields: ["postal_code"], message: misplaced });
  if (answers.monthly_bill && !IS_AMOUNT.test(answers.monthly_bill)) {
    problems.push({ fields: ["monthly_bill"], message: say("Please give the bill as a number, such as 180.") });
  }
  return problems;
}

/** The same for the ways to reach a person. */
export function problemsOfReach(answers) {
  const problems = [];
  if (!answers.email && !answers.phone) {
    problems.push({
      fields: ["email", "phone"],
      message: say("Please give an e-mail address or a phone number, so that we can answer you."),
    });
  }
  if (answers.email && !LOOKS_LIKE_EMAIL.test(answers.email)) {
    problems.push({ fields: ["email"], message: say("This e-mail address looks incomplete. Example: name@example.com.") });
  }
  if (answers.phone && !hasDigits(answers.phone, 7, 15)) {
    problems.push({ fields: ["phone"], message: say("A phone number has 7 to 15 digits.") });
  }
  return problems;
}

export function buildPayload(answers, { key, consent, attribution, pageUrl }) {
  return {
    form_type: answers.form_type ?? "contact",
    service_type: answers.service_type ?? "",
    contact_info: {
      name: answers.name ?? "",
      email: answers.email ?? "",
      phone: answers.phone ?? "",
    },
    form_data: { ...Object.fromEntries(Object.entries(answers).filter(([name]) => !TOP_LEVEL.has(name))), language },
    timestamp: new Date().toISOString(),
    source: "website_form",
    market: answers.market ?? "nyc",
    consent: consentRecord(consent, pageUrl),
    attribution,
    idempotency_key: key,
    website: answers.website ?? "",
  };
}

/** What the CRM keeps of a consent: the words, their version, whether they were agreed to, where and for what. */
export function consentRecord(consent, pageUrl) {
  return { ...consent, channels: CONSENT_CHANNELS, page_url: pageUrl };
}

/** The way back: what a stored payload says about each field, to fill the form with it again. */
export function answersOf(payload) {
  const { form_type, service_type, market, contact_info, form_data } = payload;
  return { form_type, service_type, market, ...contact_info, ...form_data };
}

export function newKey() {
  if (window.crypto.randomUUID) return window.crypto.randomUUID();
  // randomUUID exists on https only; getRandomValues works everywhere.
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function hasDigits(text, fewest, most) {
  const digits = text.replace(/\D/g, "").length;
  return digits >= fewest && digits <= most;
}
