// The two charts of an estimate, as SVG that a screen reader can name. Colours and fonts are in styles.css.

const HEIGHT = 250;
const TOP = 26;
const BOTTOM = 30;
const TICKS = 4;
const DASHES = ["", "7 4", "2 4"]; // the lines differ without colour too

/** A year's production by month. texts: {title, description, months: [12 short names], format(value)}. */
export function monthlyChart(values, width, texts) {
  const chart = canvas(width, texts);
  const scale = scaleOf([0, Math.max(...values)]);
  const left = drawScale(chart, scale, width, texts.format);
  const slot = (width - left) / values.length;
  values.forEach((value, month) => {
    const x = left + slot * month;
    const y = scale.at(value);
    const attributes = { x: x + slot * 0.16, y, width: slot * 0.68, height: HEIGHT - BOTTOM - y, rx: 3, class: "chart-bar" };
    chart.append(node("rect", attributes));
    const middle = { x: x + slot / 2, "text-anchor": "middle" };
    const name = slot < 30 ? texts.months[month].slice(0, 1) : texts.months[month];
    chart.append(node("text", { ...middle, y: HEIGHT - 10, class: "chart-label" }, name));
    if (slot > 40) chart.append(node("text", { ...middle, y: y - 6, class: "chart-label" }, texts.format(value)));
  });
  return chart;
}

/** Money over the years. lines: [{name, values}], all of one length, year 0 first. */
export function linesChart(lines, width, texts) {
  const chart = canvas(width, texts);
  const all = lines.flatMap(({ values }) => values);
  const scale = scaleOf([Math.min(0, ...all), Math.max(0, ...all)]);
  const left = drawScale(chart, scale, width, texts.format);
  const years = lines[0].values.length - 1;
  const right = 12;
  const at = (year) => left + ((width - left - right) * year) / years;
  chart.append(node("line", { x1: left, x2: width, y1: scale.at(0), y2: scale.at(0), class: "chart-zero" }));
  for (let year = 0; year <= years; year += width < 420 ? 10 : 5) {
    const anchor = year === 0 ? "start" : "middle";
    const label = year === 0 ? texts.yearName : String(year);
    chart.append(node("text", { x: at(year), y: HEIGHT - 10, "text-anchor": anchor, class: "chart-label" }, label));
  }
  lines.forEach(({ values }, index) => {
    const points = values.map((value, year) => `${round(at(year))},${round(scale.at(value))}`).join(" ");
    const dash = DASHES[index] ? { "stroke-dasharray": DASHES[index] } : {};
    chart.append(node("polyline", { points, class: `chart-line chart-line-${index + 1}`, ...dash }));
  });
  return chart;
}

/** A short piece of line `index`, for the legend. */
export function lineSample(index) {
  const sample = node("svg", { viewBox: "0 0 34 8", width: 34, height: 8, "aria-hidden": "true", focusable: "false" });
  const dash = DASHES[index] ? { "stroke-dasharray": DASHES[index] } : {};
  sample.append(node("line", { x1: 0, x2: 34, y1: 4, y2: 4, class: `chart-line chart-line-${index + 1}`, ...dash }));
  return sample;
}

function canvas(width, { id, title, description }) {
  const chart = node("svg", {
    viewBox: `0 0 ${width} ${HEIGHT}`,
    role: "img",
    "aria-labelledby": `${id}-title`,
    "aria-describedby": `${id}-desc`,
    class: "chart",
  });
  chart.append(node("title", { id: `${id}-title` }, title), node("desc", { id: `${id}-desc` }, description));
  return chart;
}

/** Lines and amounts at the left; returns where the drawing begins. */
function drawScale(chart, scale, width, format) {
  const labels = scale.ticks.map((tick) => format(tick));
  const left = 8 + 6.6 * Math.max(...labels.map((label) => label.length));
  scale.ticks.forEach((tick, index) => {
    const y = scale.at(tick);
    chart.append(node("line", { x1: left, x2: width, y1: y, y2: y, class: "chart-grid" }));
    const attributes = { x: left - 6, y: y + 4, "text-anchor": "end", class: "chart-label" };
    chart.append(node("text", attributes, labels[index]));
  });
  return left;
}

/** Round amounts that hold all values, and where each lies. */
function scaleOf([low, high]) {
  const step = roundStep((high - low || 1) / TICKS);
  const bottom = Math.floor(low / step) * step;
  const top = Math.ceil(high / step) * step || step;
  const ticks = [];
  for (let tick = bottom; tick <= top + step / 2; tick += step) ticks.push(tick);
  const space = HEIGHT - TOP - BOTTOM;
  return { ticks, at: (value) => TOP + (space * (top - value)) / (top - bottom) };
}

function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) * power;
}

const round = (value) => Math.round(value * 10) / 10;

function node(tag, attributes, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}
