// An estimate on the page: the figures, what they are made of, and what an honest adviser says first.

import { nameOf } from "./assumptions.js";
import { lineSample, linesChart, monthlyChart } from "./charts.js";
import { Figures, isNumber } from "./figures.js";
import { element } from "./forms.js";
import { wordingOf } from "./wording.js";
import { say } from "./words.js";

// What changes the answer to "should I?" stands above the figures; everything else below them.
const DECISIVE = new Set(["community_solar", "owner_consent", "low_savings", "board_approval"]);
// Said at each incentive already, in its note.
const SHOWN_ELSEWHERE = new Set(["incentive_conditions"]);
const WAYS = { cash: say("Cash"), loan: say("Loan"), lease: say("Lease") };
const WAY_NOTES = {
  cash: say("You pay the net cost at once and own the system."),
  loan: say("You own the system and pay in instalments."),
  lease: say("A company owns the system; you pay for its use. Credits for owners go to that company."),
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
  const words = say(
    "Estimate: {size}, {energy} a year, saves {saved} a year, net cost {cost}, payback {payback}.",
    {
      size: figures.kilowatts(estimate.system_capacity_kw),
      energy: figures.kilowattHours(estimate.annual_production_kwh),
      saved: figures.money(estimate.annual_savings),
      cost: figures.money(estimate.net_cost),
      payback: paybackOf(estimate.financing?.cash, figures).toLowerCase(),
    },
  );
  return `${caution} ${words}`.trim();
}

// ---------------------------------------------------------------- advice

const adviceOf = (estimate) => estimate.advice ?? [];
const decisive = (estimate) => adviceOf(estimate).filter(({ code }) => DECISIVE.has(code));

function showAdvice(estimate, { homeowner }) {
  const first = decisive(estimate);
  const hasAnotherWay = !homeowner && first.some(({ code }) => code === "community_solar");
  const rest = adviceOf(estimate).filter((one) => !first.includes(one) && !SHOWN_ELSEWHERE.has(one.code));
  part("advice").hidden = first.length === 0;
  part("advice-title").textContent = hasAnotherWay
    ? say("You rent: here is your way to solar")
    : say("Before you read the figures");
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
    ? say("Your estimate")
    : say("What a system would do on this roof, if its owner built one");
  const [low, high] = estimate.production_range_kwh ?? [];
  const range = isNumber(low) && isNumber(high) ? say("{low} to {high} kWh", { low: figures.number(low), high: figures.number(high) }) : "";
  const grants = estimate.incentives ?? [];
  setFigure("size", figures.kilowatts(estimate.system_capacity_kw), "", sizeReason(estimate, figures));
  setFigure("production", figures.kilowattHours(estimate.annual_production_kwh), range, productionReason(estimate, range, figures));
  const [least, most] = estimate.annual_savings_range ?? [];
  const saved = isNumber(least) && isNumber(most)
    ? say("{low} to {high} in the first year", { low: figures.money(least), high: figures.money(most) })
    : say("in the first year");
  setFigure("savings", figures.money(estimate.annual_savings), saved, savingsReason(estimate, figures));
  setFigure(
    "net-cost",
    figures.money(estimate.net_cost),
    grants.length > 0 ? say("{cost} before incentives", { cost: figures.money(estimate.gross_cost) }) : say("no incentive counted"),
    costReason(estimate, grants, figures),
  );
  setFigure("payback", paybackOf(estimate.financing?.cash, figures), say("paid in cash"), paybackReason(estimate, figures));
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
      ? say("Your bill stands for about {use} a month. The system covers that, as far as the roof and the rules for connecting a home allow.", {
          use: figures.kilowattHours(use),
        })
      : say("Large enough for the use your bill stands for, as far as the roof and the rules for connecting a home allow."),
    isNumber(room) && say("The roof has room for about {size}.", { size: figures.kilowatts(room) }),
  ];
}

function productionReason(estimate, range, figures) {
  const { specific_yield_kwh_per_kwp: yielded, tilt, azimuth, losses_percent: losses } = estimate;
  const known = [tilt, azimuth, losses].every(isNumber);
  return [
    say("{size} × {yielded} kWh for each kilowatt, month by month in the chart below.", {
      size: figures.kilowatts(estimate.system_capacity_kw),
      yielded: figures.number(yielded),
    }),
    known &&
      say("Modules tilted {tilt}°, facing {azimuth}° (180° is south), {losses}% lost to wiring, dirt, shade and the like.", {
        tilt: figures.number(tilt),
        azimuth: figures.number(azimuth),
        losses: figures.number(losses, 1),
      }),
    range && say("Weather differs from year to year and no model is exact: expect {range}.", { range }),
  ];
}

function savingsReason(estimate, figures) {
  const { annual_bill_without_solar: before, annual_bill_with_solar: after, utility } = estimate;
  const where = utility ? ` (${utility})` : "";
  return [
    isNumber(before) && isNumber(after)
      ? say("Your bills for a year without solar{where}: {before}. With it: {after}. The difference is what you save.", {
          where,
          before: figures.money(before),
          after: figures.money(after),
        })
      : say("A year of bills without solar, less a year of bills with it, on the tariff named under “What we assumed”."),
    say("The utility’s fixed charges stay on your bill; they are not counted as saved."),
    isNumber(estimate.co2_kg_per_year) &&
      say("It also avoids about {co2} kg of CO₂ a year.", { co2: figures.number(estimate.co2_kg_per_year) }),
  ];
}

function costReason(estimate, grants, figures) {
  const lines = grants.map(({ name, amount }) => say("less {amount}: {name}", { amount: figures.money(amount), name }));
  const gross = say("{cost}: the installed system", { cost: figures.money(estimate.gross_cost) });
  return [gross, ...lines, `= ${figures.money(estimate.net_cost)}`];
}

/** The simple payback, at the first year's savings. What needs rising tariffs to come out is not called "never". */
function paybackOf(terms, figures) {
  const years = (terms?.cumulative_savings ?? []).length - 1;
  if (isNumber(terms?.payback_years) || !(Number(terms?.savings_25_years) > 0) || years < 1) {
    return figures.years(terms?.payback_years);
  }
  return say("Over {number} years", { number: figures.number(years) });
}

function paybackReason(estimate, figures) {
  if (!isNumber(estimate.financing?.cash?.payback_years)) {
    return [say("At what it saves in the first year, the system does not pay for itself within its life.")];
  }
  return [
    say("Net cost of {cost} ÷ {saved} saved in the first year.", {
      cost: figures.money(estimate.net_cost),
      saved: figures.money(estimate.annual_savings),
    }),
    say("Rising tariffs would shorten it, ageing modules and repairs lengthen it; both are in the 25-year line."),
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
    title: say("Production by month"),
    description: say("From {least} kWh in {worst} to {most} kWh in {best}; {total} kWh in the year. The table below has every month.", {
      least: figures.number(values[least]),
      worst: names[least],
      most: figures.number(values[best]),
      best: names[best],
      total: figures.number(estimate.annual_production_kwh),
    }),
    months: figures.months("short"),
    format: (value) => figures.number(value),
  };
  drawIn(part("months-chart"), (width) => monthlyChart(values, width, texts));
  fillTable(part("months-table"), [say("Month"), "kWh"], names.map((name, month) => [name, figures.number(values[month])]));
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
    title: say("What has come in less what has gone out, over {last} years", { last }),
    description: say("After {last} years: {ends}. The table below has every year.", { last, ends }),
    yearName: say("Year 0"),
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
  fillTable(part("years-table"), [say("Year"), ...lines.map(({ name }) => name)], rows);
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
    Number(total) < 0
      ? [say("Lost over 25 years"), figures.money(-total)]
      : [say("Saved over 25 years"), figures.money(total)],
  ];
  if (Number(terms.first_year_payment) > 0) pairs.push([say("You pay in the first year"), figures.money(terms.first_year_payment)]);
  if (way !== "lease" || isNumber(terms.payback_years)) pairs.push([say("Payback"), paybackOf(terms, figures)]);
  pairs.push([say("In today’s money (NPV)"), figures.money(terms.npv)]);
  if (isNumber(terms.irr)) {
    // What is earned on a small down payment, or on the first instalments, is no return on the whole system.
    const name = way === "loan" ? say("Return a year on your own money (IRR)") : say("Return a year (IRR)");
    pairs.push([name, figures.percent(terms.irr)]);
  }
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
  if (one.source) item.append(element("p", say("Source: {source}", { source: one.source }), "hint"));
  return item;
}

function validityOf({ valid_from: from, valid_to: to }, figures) {
  const [first, last] = [from && figures.day(from), to && figures.day(to)];
  if (from && to) return say("Valid from {first} to {last}", { first, last });
  if (to) return say("Valid to {last}", { last });
  if (from) return say("Valid since {first}; no end is set", { first });
  return say("In force; no end is set");
}

function paidOver({ paid_over_years: years }) {
  return Number(years) > 1 ? `. ${say("Paid over {years} years", { years })}` : "";
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

function valueOf({ name, value, unit }, figures) {
  if (name === "settlement_month") return figures.months("long")[value - 1];
  return [isNumber(value) ? figures.number(value, 3) : value, unit].filter(Boolean).join(" ");
}

function sourceOf({ source, checked_on: checked, confidence }, figures) {
  const parts = [source && say("Source: {source}", { source }), checked && say("checked {day}", { day: figures.day(checked) })];
  if (confidence === "low") parts.push(say("low confidence"));
  return parts.filter(Boolean).join("; ") || say("No source stated");
}

// ---------------------------------------------------------------- the printed page

function showPrintHead(estimate, inputs, figures) {
  const wording = wordingOf(inputs.market);
  const asked = [
    `${wording.postal} ${inputs.postal_code}`,
    say("{bill} a month", { bill: figures.moneyWithCents(inputs.monthly_bill) }),
    document.querySelector("#calc-property_type option:checked").textContent,
    inputs.homeowner ? say("owner") : say("renter"),
    say("shade: {shade}", { shade: document.getElementById("calc-shade-value").textContent }),
  ];
  if (estimate.neighborhood) asked.splice(1, 0, estimate.neighborhood);
  if (inputs.roof_area_m2) asked.push(say("roof {area} m²", { area: inputs.roof_area_m2 }));
  const today = new Date().toLocaleDateString(wording.locale, { dateStyle: "long" });
  part("print-asked").textContent = asked.join(" · ");
  const marks = [say("Estimate of {day}", { day: today })];
  if (estimate.run_id) marks.push(say("number {number}", { number: estimate.run_id }));
  if (estimate.model_version) marks.push(say("model {version}", { version: estimate.model_version }));
  part("print-number").textContent = `${marks.join(", ")}. ${say("An estimate, not an offer.")}`;
}

function fill(parent, nodes) {
  parent.replaceChildren(...nodes);
}
