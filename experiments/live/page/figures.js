"use strict";
/* Elements of the page, and its figures as SVG. */

const SVG = "http://www.w3.org/2000/svg";

function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

function drawn(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function filled(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== false) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

const written = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const number = (value, digits) => value.toFixed(digits).replace(/^-(?=0(\.0*)?$)/, "").replace("-", "−");
const signed = (value, digits) => (Number(value.toFixed(digits)) > 0 ? "+" : "") + number(value, digits);

/* About four round numbers between two ends. */
function ticks(low, high, about = 4) {
  const raw = (high - low) / about, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= raw);
  const made = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) made.push(k * step);
  return { made, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (step / power === 2.5 ? 1 : 0)) };
}

/* Mean and middle half of some curves on each day. */
function spread(curves) {
  const days = curves[0].length, centre = [], low = [], high = [];
  for (let day = 0; day < days; day++) {
    const sorted = curves.map((curve) => curve[day]).filter(Number.isFinite).sort((a, b) => a - b);
    centre.push(sorted.length ? mean(sorted) : NaN);
    low.push(sorted.length ? quantile(sorted, 0.25) : NaN);
    high.push(sorted.length ? quantile(sorted, 0.75) : NaN);
  }
  return { centre, low, high };
}

/* One outcome over the days: as it was in grey with dashes, as moved in its colour. */
function course(outcome, base, moved, page) {
  const wide = 340, tall = 190, left = 40, right = 8, top = 10, bottom = 34;
  const both = [base, moved].filter((one) => one !== null);
  const shown = both.flatMap((one) => [...one.low, ...one.high]).filter(Number.isFinite);
  let low = Math.min(...shown), high = Math.max(...shown);
  const least = (outcome.high - outcome.low) * page.narrowest;
  if (high - low < least) [low, high] = [(low + high - least) / 2, (low + high + least) / 2];
  const days = both[0].centre.length;
  const x = (day) => left + ((wide - left - right) * day) / Math.max(1, days - 1);
  const y = (value) => top + ((tall - top - bottom) * (high - value)) / (high - low);
  const line = (values) => values.map((v, day) => `${day ? "L" : "M"}${x(day).toFixed(1)} ${y(v).toFixed(1)}`).join("");
  const band = (one) => `${line(one.high)}L${[...one.low].map((v, day) => [v, day]).reverse()
    .map(([v, day]) => `${x(day).toFixed(1)} ${y(v).toFixed(1)}`).join("L")}Z`;
  const { made, digits } = ticks(low, high);
  const svg = drawn("svg", { viewBox: `0 0 ${wide} ${tall}`, "aria-hidden": "true", class: "course" });
  for (const tick of made)
    svg.append(drawn("line", { x1: left, x2: wide - right, y1: y(tick), y2: y(tick), class: "grid" }),
      drawn("text", { x: left - 5, y: y(tick) + 3.5, "text-anchor": "end" }, number(tick, digits)));
  for (let quarter = 0; quarter <= 4; quarter++) {
    const day = Math.round((days * quarter) / 4);
    svg.append(drawn("text", { x: x(Math.min(day, days - 1)), y: tall - bottom + 15, "text-anchor": quarter === 4 ? "end" : quarter ? "middle" : "start" }, String(day)));
  }
  svg.append(drawn("text", { x: (left + wide - right) / 2, y: tall - 4, "text-anchor": "middle", class: "axis" }, page.words.days));
  if (base) svg.append(drawn("path", { d: band(base), class: "band base" }));
  if (moved) svg.append(drawn("path", { d: band(moved), class: "band", fill: outcome.colour }));
  if (base) svg.append(drawn("path", { d: line(base.centre), class: "line base" }));
  if (moved) svg.append(drawn("path", { d: line(moved.centre), class: "line", stroke: outcome.colour }));
  return svg;
}

/* A difference with its interval on a line, zero marked; `reach` is the end of the scale on both sides. */
function bar(row, reach, colour) {
  const wide = 150, tall = 22, x = (value) => wide / 2 + (wide / 2 - 4) * Math.max(-1, Math.min(1, value / reach));
  const svg = drawn("svg", { viewBox: `0 0 ${wide} ${tall}`, width: wide, height: tall, "aria-hidden": "true", class: "bar" });
  svg.append(drawn("line", { x1: wide / 2, x2: wide / 2, y1: 1, y2: tall - 1, class: "zero" }));
  if (!Number.isFinite(row.difference)) return svg;
  if (Number.isFinite(row.low))
    svg.append(drawn("line", { x1: x(row.low), x2: x(row.high), y1: tall / 2, y2: tall / 2, stroke: colour, "stroke-width": 3 }));
  svg.append(drawn("circle", { cx: x(row.difference), cy: tall / 2, r: 4.5, fill: colour }));
  return svg;
}
