// An estimate on the page: the figures, what they are made of, and what an honest adviser says first.

import { lineSample, linesChart, monthlyChart } from "./charts.js";
import { Figures, isNumber } from "./figures.js";
import { element } from "./forms.js";
import { wordingOf } from "./wording.js";

// What changes the answer to "should I?" stands above the figures; everything else below them.
const DECISIVE = new Set(["community_solar", "owner_consent", "low_savings", "outside_area"]);
const WAYS = { cash: "Cash", loan: "Loan", lease: "Lease" };
const WAY_NOTES = {
  cash: "You pay the net cost at once and own the system.",
  loan: "You own the system and pay in instalments.",
  lease: "A company owns the system; you pay for its use. Credits for owners go to that company.",
};
const UNIT_WORDS = { "a year": "a year", "a kW": "a kW", "a kW and year": "a kW and year", year: "in year" };

const part = (name) => document.getElementById(`calc-${name}`);

/** Shows an estimate for the inputs it was asked with. */
export function showEstimate(estimate, inputs) {
  const wording = wordingOf(inputs.market);
  const figures = new Figures({ locale: wording.locale, currency: estimate.currency ?? wording.currencyCode });
  showAdvice(estimate, inputs);
  showHeadlines(estimate, inputs, figures);
  showMonths(estimate, figures);
  showYears(estimate, figures);
  showWays(estimate, figures);
  showIncentives(estimate, inputs, figures);
  showAssumptions(estimate, figures);
  showPrintHead(estimate, inputs, figures);
}

/** The estimate in one sentence, for those who listen. */
export function summaryOf(estimate, inputs) {
  const wording = wordingOf(inputs.market);
  const figures = new Figures({ locale: wording.locale, currency: estimate.currency ?? wording.currencyCode });
  const caution = decisive(estimate).map(({ text }) => text)[0] ?? "";
  const payback = paybackOf(estimate, figures);
  return (
    `${caution} Estimate: ${figures.kilowatts(estimate.system_capacity_kw)}, ` +
    `${figures.kilowattHours(estimate.annual_production_kwh)} a year, ` +
    `saves ${figures.money(estimate.annual_savings)} a year, net cost ${figures.money(estimate.net_cost)}, ` +
    `payback ${payback.toLowerCase()}.`
  ).trim();
}

// ---------------------------------------------------------------- advice

const adviceOf = (estimate) => estimate.advice ?? [];
const decisive = (estimate) => adviceOf(estimate).filter(({ code }) => DECISIVE.has(code));

function showAdvice(estimate, { homeowner }) {
  const first = decisive(estimate);
  const rest = adviceOf(estimate).filter((one) => !first.includes(one));
  part("advice").hidden = first.length === 0;
  part("advice-title").textContent = homeowner ? "Before you read the figures" : "You rent: here is your way to solar";
  fill(part("advice-list"), first.map(({ code, text }) => withCode(element("li", text), code)));
  part("more-advice").hidden = rest.length === 0;
  fill(part("more-advice-list"), rest.map(({ code, text }) => withCode(element("li", text), code)));
}

function withCode(node, code) {
  node.dataset.code = code;
  return node;
}

// ---------------------------------------------------------------- headline figures

function showHeadlines(estimate, { homeowner }, figures) {
  part("figures-title").textContent = homeowner
    ? "Your estimate"
    : "What a system would do on this roof, if its owner built one";
  const [low, high] = estimate.production_range_kwh ?? [];
  const range = isNumber(low) && isNumber(high) ? `${figures.number(low)} to ${figures.number(high)} kWh` : "";
  const grants = estimate.incentives ?? [];
  setFigure("size", figures.kilowatts(estimate.system_capacity_kw), "", sizeReason(estimate, figures));
  setFigure("production", figures.kilowattHours(estimate.annual_production_kwh), range, productionReason(estimate, range, figures));
  setFigure("savings", figures.money(estimate.annual_savings), "in the first year", savingsReason(estimate, figures));
  setFigure(
    "net-cost",
    figures.money(estimate.net_cost),
    grants.length > 0 ? `${figures.money(estimate.gross_cost)} before incentives` : "no incentive counted",
    costReason(estimate, grants, figures),
  );
  setFigure("payback", paybackOf(estimate, figures), "paid in cash", paybackReason(estimate, figures));
}

function setFigure(name, value, note, reasons) {
  part(`figure-${name}`).textContent = value;
  part(`figure-${name}-note`).textContent = note;
  fill(part(`figure-${name}-why`), reasons.filter(Boolean).map((reason) => element("p", reason)));
}

function sizeReason(estimate, figures) {
  const yielded = figures.number(estimate.specific_yield_kwh_per_kwp);
  return [
    "Large enough for the use your bill stands for, as far as the roof and the rules for connecting a home allow.",
    `Each kilowatt of modules yields about ${yielded} kWh a year at this place, with this tilt, direction and shade.`,
  ];
}

function productionReason(estimate, range, figures) {
  const yielded = figures.number(estimate.specific_yield_kwh_per_kwp);
  return [
    `${figures.kilowatts(estimate.system_capacity_kw)} × ${yielded} kWh for each kilowatt, month by month in the chart below.`,
    range && `Weather differs from year to year and no model is exact: expect ${range}.`,
  ];
}

function savingsReason(estimate, figures) {
  return [
    "A year of bills without solar, less a year of bills with it, on the tariff named under “What we assumed”.",
    "The utility’s fixed charges stay on your bill; they are not counted as saved.",
    isNumber(estimate.co2_kg_per_year) && `It also avoids about ${figures.number(estimate.co2_kg_per_year)} kg of CO₂ a year.`,
  ];
}

function costReason(estimate, grants, figures) {
  const lines = grants.map(({ name, amount }) => `less ${figures.money(amount)}: ${name}`);
  return [`${figures.money(estimate.gross_cost)}: the installed system`, ...lines, `= ${figures.money(estimate.net_cost)}`];
}

const paybackOf = (estimate, figures) => figures.years(estimate.financing?.cash?.payback_years);

function paybackReason(estimate, figures) {
  if (!isNumber(estimate.financing?.cash?.payback_years)) {
    return ["The savings do not pay for the system within its life."];
  }
  return [
    `Net cost of ${figures.money(estimate.net_cost)} ÷ ${figures.money(estimate.annual_savings)} saved in the first year.`,
    "Rising tariffs would shorten it, ageing modules and repairs lengthen it; both are in the 25-year line.",
  ];
}

// ---------------------------------------------------------------- charts and their tables

function showMonths(estimate, figures) {
  const values = (estimate.monthly_production_kwh ?? []).map(Number);
  const complete = values.length === 12 && values.every(Number.isFinite);
  part("months").hidden = !complete;
  if (!complete) return;
  const names = figures.months("long");
  const best = values.indexOf(Math.max(...values));
  const least = values.indexOf(Math.min(...values));
  const texts = {
    id: "calc-months-chart",
    title: "Production by month",
    description:
      `From ${figures.number(values[least])} kWh in ${names[least]} to ${figures.number(values[best])} kWh in ` +
      `${names[best]}; ${figures.number(estimate.annual_production_kwh)} kWh in the year. The table below has every month.`,
    months: figures.months("short"),
    format: (value) => figures.number(value),
  };
  drawIn(part("months-chart"), (width) => monthlyChart(values, width, texts));
  fillTable(part("months-table"), ["Month", "kWh"], names.map((name, month) => [name, figures.number(values[month])]));
}

function showYears(estimate, figures) {
  const lines = Object.keys(WAYS)
    .map((way) => ({ way, name: WAYS[way], values: (estimate.financing?.[way]?.cumulative ?? []).map(Number) }))
    .filter(({ values }) => values.length > 1 && values.every(Number.isFinite));
  part("years").hidden = lines.length === 0;
  if (lines.length === 0) return;
  const last = lines[0].values.length - 1;
  const ends = lines.map(({ name, values }) => `${name}: ${figures.money(values.at(-1))}`).join("; ");
  const texts = {
    id: "calc-years-chart",
    title: `What has come in less what has gone out, over ${last} years`,
    description: `After ${last} years: ${ends}. The table below has every year.`,
    yearName: "Year 0",
    format: (value) => figures.money(value),
  };
  drawIn(part("years-chart"), (width) => linesChart(lines, width, texts));
  fill(
    part("years-legend"),
    lines.map(({ name }, index) => {
      const item = element("li");
      item.append(lineSample(index), name);
      return item;
    }),
  );
  const rows = lines[0].values.map((_, year) => [String(year), ...lines.map(({ values }) => figures.money(values[year]))]);
  fillTable(part("years-table"), ["Year", ...lines.map(({ name }) => name)], rows);
}

/** Draws at the width there is, and again when it changes: text in a chart keeps its size. */
function drawIn(place, draw) {
  place.redraw = () => {
    const width = Math.max(240, Math.round(place.clientWidth));
    place.drawnWidth = width;
    place.replaceChildren(draw(width));
  };
  place.redraw();
  if (place.observer) return;
  place.observer = new ResizeObserver(() => {
    if (Math.abs(place.clientWidth - place.drawnWidth) > 1 && place.clientWidth > 0) place.redraw();
  });
  place.observer.observe(place);
}

function fillTable(table, head, rows) {
  const headRow = element("tr");
  headRow.append(...head.map((name) => scoped("col", name)));
  const body = rows.map(([first, ...cells]) => {
    const row = element("tr");
    row.append(scoped("row", first), ...cells.map((cell) => element("td", cell)));
    return row;
  });
  fill(table.tHead, [headRow]);
  fill(table.tBodies[0], body);
}

function scoped(scope, text) {
  const cell = element("th", text);
  cell.scope = scope;
  return cell;
}

// ---------------------------------------------------------------- ways to pay

function showWays(estimate, figures) {
  const ways = Object.entries(estimate.financing ?? {}).filter(([way, terms]) => way in WAYS && terms);
  part("ways").hidden = ways.length === 0;
  fill(part("ways-list"), ways.map(([way, terms]) => wayCard(way, terms, figures)));
}

function wayCard(way, terms, figures) {
  const item = element("li");
  item.dataset.way = way;
  const list = element("dl", "", "terms");
  for (const [name, value] of termsOf(way, terms, figures)) list.append(pair(name, value));
  item.append(element("h4", WAYS[way]), element("p", WAY_NOTES[way]), list);
  return item;
}

function termsOf(way, terms, figures) {
  const payback = way === "lease" && !isNumber(terms.payback_years) ? "Nothing paid up front" : figures.years(terms.payback_years);
  const pairs = [
    ["Saved over 25 years", figures.money(terms.savings_25_years)],
    ["Payback", payback],
    ["In today’s money (NPV)", figures.money(terms.npv)],
    ["Return a year (IRR)", figures.percent(terms.irr)],
  ];
  if (Number(terms.first_year_payment) > 0) pairs.splice(1, 0, ["You pay in the first year", figures.money(terms.first_year_payment)]);
  return pairs;
}

function pair(name, value) {
  const group = element("div");
  group.append(element("dt", name), element("dd", value));
  return group;
}

// ---------------------------------------------------------------- incentives and assumptions

function showIncentives(estimate, { market }, figures) {
  const incentives = estimate.incentives ?? [];
  part("incentives-none").hidden = incentives.length > 0;
  part("ended").hidden = market !== "nyc";
  fill(part("incentives-list"), incentives.map((one) => incentiveItem(one, figures)));
}

function incentiveItem(one, figures) {
  const item = element("li");
  item.dataset.code = one.code ?? "";
  const title = element("p", "", "incentive-title");
  title.append(element("span", one.name), element("strong", figures.money(one.amount)));
  item.append(title);
  if (one.note) item.append(element("p", one.note));
  item.append(element("p", validityOf(one, figures), "hint"));
  if (one.source) item.append(element("p", `Source: ${one.source}`, "hint"));
  return item;
}

function validityOf({ valid_from: from, valid_to: to }, figures) {
  if (from && to) return `Valid from ${figures.day(from)} to ${figures.day(to)}`;
  if (to) return `Valid to ${figures.day(to)}`;
  if (from) return `Valid since ${figures.day(from)}; no end is set`;
  return "In force; no end is set";
}

function showAssumptions(estimate, figures) {
  const assumptions = estimate.assumptions ?? [];
  part("assumptions").hidden = assumptions.length === 0;
  fill(
    part("assumptions-list"),
    assumptions.map((one) => {
      const value = [isNumber(one.value) ? figures.number(one.value, 3) : one.value, unitOf(one.unit)].filter(Boolean).join(" ");
      const group = pair(nameOf(one.name), value);
      if (one.source) group.append(element("dd", `Source: ${one.source}`, "hint"));
      return group;
    }),
  );
}

const unitOf = (unit) => UNIT_WORDS[unit] ?? unit ?? "";

/** "roof_usable_percent" reads "Roof usable": the unit stands beside the value. */
function nameOf(name) {
  const words = String(name).replace(/_(percent|per_kwh)$/, "").replaceAll("_", " ").replace(/\bco2\b/, "CO₂");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

// ---------------------------------------------------------------- the printed page

function showPrintHead(estimate, inputs, figures) {
  const wording = wordingOf(inputs.market);
  const asked = [
    `${wording.postal} ${inputs.postal_code}`,
    `${figures.moneyWithCents(inputs.monthly_bill)} a month`,
    document.querySelector("#calc-property_type option:checked").textContent,
    inputs.homeowner ? "owner" : "renter",
    `shade: ${inputs.shading}`,
  ];
  if (inputs.roof_area_m2) asked.push(`roof ${inputs.roof_area_m2} m²`);
  const today = new Date().toLocaleDateString(wording.locale, { dateStyle: "long" });
  part("print-asked").textContent = asked.join(" · ");
  const marks = [`Estimate of ${today}`];
  if (estimate.run_id) marks.push(`number ${estimate.run_id}`);
  if (estimate.model_version) marks.push(`model ${estimate.model_version}`);
  part("print-number").textContent = `${marks.join(", ")}. An estimate, not an offer.`;
}

function fill(parent, nodes) {
  parent.replaceChildren(...nodes);
}
