// An estimate on the page: the figures, what they are made of, and what an honest adviser says first.

import { lineSample, linesChart, monthlyChart } from "./charts.js";
import { Figures, isNumber } from "./figures.js";
import { element } from "./forms.js";
import { wordingOf } from "./wording.js";

// What changes the answer to "should I?" stands above the figures; everything else below them.
const DECISIVE = new Set(["community_solar", "owner_consent", "low_savings", "outside_area"]);
// Said at each incentive already, in its note.
const SHOWN_ELSEWHERE = new Set(["incentive_conditions"]);
const WAYS = { cash: "Cash", loan: "Loan", lease: "Lease" };
const WAY_NOTES = {
  cash: "You pay the net cost at once and own the system.",
  loan: "You own the system and pay in instalments.",
  lease: "A company owns the system; you pay for its use. Credits for owners go to that company.",
};
// Names that do not read well by themselves.
const ASSUMPTION_WORDS = {
  azimuth: "Direction of the modules (180 is south)",
  co2_kg_per_kwh: "CO₂ of a kilowatt-hour from the grid",
  customer_benefit_contribution: "Customer benefit contribution (CBC)",
  dc_ac_ratio: "Modules to inverter (DC/AC)",
  degradation_percent: "Modules lose",
  escalation_percent: "Tariffs rise",
  horizon_years: "Years looked at",
  install_cost_per_kw: "Installed cost",
  inverter_cost_per_kw: "A new inverter costs",
  inverter_replacement_year: "A new inverter is needed in",
  irradiation: "Sunlight on level ground",
  lease_return_percent: "A leasing company earns",
  losses_percent: "Losses before shade",
  maintenance_per_kw_year: "Maintenance",
  max_auto_kw: "Largest system we estimate",
  min_system_kw: "Smallest system we estimate",
  production_high_percent: "Production, upper end",
  production_low_percent: "Production, lower end",
  roof_m2_per_kw: "Roof needed",
  sales_tax_exemption: "Sales tax",
  settlement_month: "Yearly settlement in month",
  tilt: "Tilt of the modules",
};

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
  const rest = adviceOf(estimate).filter((one) => !first.includes(one) && !SHOWN_ELSEWHERE.has(one.code));
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
  const use = estimate.monthly_consumption_kwh;
  const room = estimate.roof_capacity_kw;
  return [
    isNumber(use)
      ? `Your bill stands for about ${figures.kilowattHours(use)} a month. The system covers that, as far as the roof and the rules for connecting a home allow.`
      : "Large enough for the use your bill stands for, as far as the roof and the rules for connecting a home allow.",
    isNumber(room) && `The roof has room for about ${figures.kilowatts(room)}.`,
  ];
}

function productionReason(estimate, range, figures) {
  const { specific_yield_kwh_per_kwp: yielded, tilt, azimuth, losses_percent: losses } = estimate;
  const known = [tilt, azimuth, losses].every(isNumber);
  return [
    `${figures.kilowatts(estimate.system_capacity_kw)} × ${figures.number(yielded)} kWh for each kilowatt, month by month in the chart below.`,
    known &&
      `Modules tilted ${figures.number(tilt)}°, facing ${figures.number(azimuth)}° (180° is south), ` +
        `${figures.number(losses, 1)}% lost to wiring, dirt, shade and the like.`,
    range && `Weather differs from year to year and no model is exact: expect ${range}.`,
  ];
}

function savingsReason(estimate, figures) {
  const { annual_bill_without_solar: before, annual_bill_with_solar: after, utility } = estimate;
  const where = utility ? ` (${utility})` : "";
  return [
    isNumber(before) && isNumber(after)
      ? `Your bills for a year without solar${where}: ${figures.money(before)}. With it: ${figures.money(after)}. The difference is what you save.`
      : "A year of bills without solar, less a year of bills with it, on the tariff named under “What we assumed”.",
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
    .map((way) => ({ way, name: WAYS[way], values: (estimate.financing?.[way]?.cumulative_savings ?? []).map(Number) }))
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
  const total = terms.savings_25_years;
  const pairs = [
    Number(total) < 0 ? ["Lost over 25 years", figures.money(-total)] : ["Saved over 25 years", figures.money(total)],
  ];
  if (Number(terms.first_year_payment) > 0) pairs.push(["You pay in the first year", figures.money(terms.first_year_payment)]);
  if (way !== "lease" || isNumber(terms.payback_years)) pairs.push(["Payback", figures.years(terms.payback_years)]);
  pairs.push(["In today’s money (NPV)", figures.money(terms.npv)]);
  if (isNumber(terms.irr)) pairs.push(["Return a year (IRR)", figures.percent(terms.irr)]);
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
  part("ended").hidden = market !== "nyc" || adviceOf(estimate).some(({ code }) => code === "incentive_ended");
  fill(part("incentives-list"), incentives.map((one) => incentiveItem(one, figures)));
}

function incentiveItem(one, figures) {
  const item = element("li");
  item.dataset.code = one.code ?? "";
  const title = element("p", "", "incentive-title");
  title.append(element("span", one.name), element("strong", figures.money(one.amount)));
  item.append(title);
  if (one.note) item.append(element("p", one.note));
  item.append(element("p", `${validityOf(one, figures)}${paidOver(one)}`, "hint"));
  if (one.source) item.append(element("p", `Source: ${one.source}`, "hint"));
  return item;
}

function validityOf({ valid_from: from, valid_to: to }, figures) {
  if (from && to) return `Valid from ${figures.day(from)} to ${figures.day(to)}`;
  if (to) return `Valid to ${figures.day(to)}`;
  if (from) return `Valid since ${figures.day(from)}; no end is set`;
  return "In force; no end is set";
}

function paidOver({ paid_over_years: years }) {
  return Number(years) > 1 ? `. Paid over ${years} years` : "";
}

/** One block for each source, with all that rests on it. */
function showAssumptions(estimate, figures) {
  const bySource = new Map();
  for (const one of estimate.assumptions ?? []) {
    const source = sourceOf(one, figures);
    bySource.set(source, [...(bySource.get(source) ?? []), one]);
  }
  part("assumptions").hidden = bySource.size === 0;
  fill(
    part("assumptions-list"),
    [...bySource].map(([source, group]) => {
      const block = element("div");
      const list = element("dl");
      list.append(...group.map((one) => pair(nameOf(one.name), valueOf(one, figures))));
      block.append(list, element("p", source, "hint"));
      return block;
    }),
  );
}

function valueOf({ value, unit }, figures) {
  return [isNumber(value) ? figures.number(value, 3) : value, unit].filter(Boolean).join(" ");
}

function sourceOf({ source, checked_on: checked, confidence }, figures) {
  const parts = [source && `Source: ${source}`, checked && `checked ${figures.day(checked)}`];
  if (confidence === "low") parts.push("low confidence");
  return parts.filter(Boolean).join("; ") || "No source stated";
}

/** "roof_usable_percent" reads "Roof usable": the unit stands beside the value. */
function nameOf(name) {
  if (name in ASSUMPTION_WORDS) return ASSUMPTION_WORDS[name];
  const words = String(name).replace(/_percent$/, "").replaceAll("_", " ");
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
  if (estimate.neighborhood) asked.splice(1, 0, estimate.neighborhood);
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
