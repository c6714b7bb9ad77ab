// Numbers as people in a market write them.

import { say } from "./words.js";

export class Figures {
  #locale;
  #money;
  #cents;

  constructor({ locale, currency }) {
    this.#locale = locale;
    this.#money = new Intl.NumberFormat(locale, { style: "currency", currency, maximumFractionDigits: 0 });
    this.#cents = new Intl.NumberFormat(locale, { style: "currency", currency });
  }

  /** Whole units: an estimate is not exact to the cent. */
  money(amount) {
    return isNumber(amount) ? this.#money.format(Math.round(amount) || 0) : "–";
  }

  moneyWithCents(amount) {
    return isNumber(amount) ? this.#cents.format(amount) : "–";
  }

  number(value, digits = 0) {
    return isNumber(value) ? Number(value).toLocaleString(this.#locale, { maximumFractionDigits: digits }) : "–";
  }

  kilowatts(value) {
    return `${this.number(value, 2)} kW`;
  }

  kilowattHours(value) {
    return `${this.number(value)} kWh`;
  }

  years(value) {
    if (!isNumber(value)) return say("Never");
    const text = this.number(value, 1);
    return text === "1" ? say("1 year") : say("{number} years", { number: text });
  }

  /** A share of one, as a percentage. */
  percent(share) {
    return isNumber(share) ? `${this.number(Number(share) * 100, 1)}%` : "–";
  }

  day(isoDate) {
    const day = new Date(`${isoDate}T00:00:00`);
    return Number.isNaN(day.getTime()) ? String(isoDate) : day.toLocaleDateString(this.#locale, { dateStyle: "medium" });
  }

  months(style) {
    return Array.from({ length: 12 }, (_, month) =>
      new Date(2026, month, 1).toLocaleDateString(this.#locale, { month: style }),
    );
  }
}

/** The API sends numbers; a text that holds one will do. Null and "" are not numbers. */
export function isNumber(value) {
  return value !== null && value !== "" && value !== undefined && Number.isFinite(Number(value));
}
