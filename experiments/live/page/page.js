"use strict";
/* The page: sliders, runs in workers, and what they show. It is a document of its own, or lies within a report, where
   `root` is the shadow of an element. */

const at = (id) => root.getElementById(id);
const isAlone = root === document, told = isAlone ? document.body : root.host;
const page = JSON.parse(at("page").textContent);
const words = page.words, sliders = page.sliders, pairs = page.layout.seeds.length;
const asItWas = sliders.map((slider) => slider.start), alternatives = page.alternatives;
const chosen = { choice: [...asItWas], other: 0, sides: [[], []], base: [], moved: [], failed: "" };
const shown = { state: 0, pair: 0, days: [null, null], key: "", spots: null, day: 0, timer: null };
const isMoved = () => chosen.choice.some((stop, k) => stop !== asItWas[k]);
const isPaired = () => String(chosen.sides[0]) !== String(chosen.sides[1]);

/* The stops of both sides: the scenario as it was and as moved; in a comparison the base and the alternative, as moved. */
function sides() {
  if (!alternatives.length) return [asItWas, [...chosen.choice]];
  const without = (off) => chosen.choice.map((stop, k) => (off.includes(k) ? 0 : stop));
  return [without(page.off), without(alternatives[chosen.other].off)];
}

/* Runs that are there already, by the stops of their sliders; the oldest go. */
const MOST_KEPT = 24, kept = new Map();
function runsOf(stops) {
  const key = String(stops), runs = kept.get(key) ?? Array(pairs).fill(null);
  kept.delete(key);
  kept.set(key, runs);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  return runs;
}

function choose() {
  chosen.sides = sides();
  [chosen.base, chosen.moved] = chosen.sides.map(runsOf);
}

/* Runs. */

const workers = [], busy = new Map();
let asked = null; // the pair whose days are asked for

async function unpacked() {
  const packed = Uint8Array.from(atob(at("parts").textContent.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const all = new Uint8Array(await new Response(stream).arrayBuffer());
  const parts = {};
  let from = 0;
  for (const [name, size] of page.parts) {
    parts[name] = all.subarray(from, from + size);
    from += size;
  }
  return parts;
}

async function start() {
  const { module: code, ...parts } = await unpacked();
  const module = await WebAssembly.compile(code);
  const source = ["engine", "measures", "worker"].map((name) => at(`code-${name}`).textContent).join("\n");
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const about = { ...page, words: null };
  for (let k = 0; k < Math.min(navigator.hardwareConcurrency || 2, 4, pairs); k++) {
    const worker = new Worker(url);
    worker.onmessage = ({ data }) => received(worker, data);
    worker.onerror = (event) => failed(event.message);
    busy.set(worker, "begin");
    worker.postMessage({ task: "begin", module, page: about, parts });
    workers.push(worker);
  }
}

function received(worker, data) {
  busy.delete(worker);
  if (data.error) return failed(data.error);
  if (data.task === "run") {
    const runs = kept.get(String(data.choice));
    if (runs) runs[data.number] = data.result ?? false;
  } else if (data.task === "days" && data.key === shown.key) {
    shown.days[data.side] = data.days;
    showNetwork();
  }
  give();
  soon();
}

function failed(message) {
  chosen.failed = message;
  soon();
}

/* Give each idle worker the next run: the network that is looked at first, then pair after pair. */
function give() {
  for (const worker of workers) {
    if (busy.has(worker)) continue;
    const task = next(worker);
    if (task === null) continue;
    busy.set(worker, task);
    worker.postMessage(task);
  }
}

function next(worker) {
  const running = (same) => [...busy.values()].some((task) => task !== "begin" && same(task));
  for (const side of [0, 1]) {
    if (asked === null || shown.days[side] !== null || (side && !isPaired())) continue;
    if (running((task) => task.task === "days" && task.key === shown.key && task.side === side)) continue;
    return { task: "days", number: asked, side, key: shown.key, choice: chosen.sides[side], centre: 0 };
  }
  const mine = workers.indexOf(worker), numbers = chosen.base.map((_, k) => k); // a worker keeps how its seeds settled
  numbers.sort((a, b) => (a % workers.length !== mine) - (b % workers.length !== mine) || a - b);
  for (const number of numbers)
    for (const choice of isPaired() ? chosen.sides : chosen.sides.slice(0, 1)) {
      const key = String(choice);
      if (runsOf(choice)[number] !== null) continue;
      if (running((task) => task.task === "run" && task.number === number && String(task.choice) === key)) continue;
      return { task: "run", number, choice };
    }
  return null;
}

/* What the reader does. */

let waiting = null;
function change(place, stop) {
  chosen.choice[place] = stop;
  showSlider(place);
  told.dataset.done = false;
  clearTimeout(waiting);
  waiting = setTimeout(settle, 50);
}

function settle() {
  clearTimeout(waiting);
  waiting = null;
  told.dataset.done = false;
  choose();
  if (asked !== null) look();
  if (isAlone) bookmark();
  give();
  soon();
}

/* A link that holds the places of the sliders. */
function bookmark() {
  const places = sliders.flatMap((slider, k) => (chosen.choice[k] === asItWas[k] ? [] : [`${slider.key}=${slider.values[chosen.choice[k]]}`]));
  const link = `#${places.join("&")}`;
  at("link").setAttribute("href", link);
  try {
    history.replaceState(null, "", link);
  } catch {
    /* a page within another has no address of its own */
  }
}

function read() {
  const places = new Map(decodeURIComponent(location.hash.slice(1)).split("&").map((one) => one.split("=")));
  const choice = sliders.map((slider, k) => {
    const stop = slider.values.findIndex((value) => String(value) === places.get(slider.key));
    return stop < 0 ? asItWas[k] : stop;
  });
  if (choice.every((stop, k) => stop === chosen.choice[k])) return;
  chosen.choice = choice;
  sliders.forEach((_, k) => showSlider(k));
  settle();
}

function reset() {
  chosen.choice = [...asItWas];
  sliders.forEach((_, k) => showSlider(k));
  settle();
}

/* The scenario with the values of the sliders, as a file that `dayroom run` takes. */
function yaml() {
  const lines = [...page.yaml.lines], head = [page.yaml.head], stops = chosen.sides[1];
  sliders.forEach((slider, k) => {
    if (stops[k] === asItWas[k]) return;
    const value = slider.values[stops[k]];
    head.push(`${slider.key}: ${slider.values[asItWas[k]]} -> ${value}`);
    for (const line of slider.lines) lines[line] = lines[line].replace(/^(\s*[\w-]+: )\S+/, `$1${value}`);
  });
  return `${head.map((one) => `# ${one}\n`).join("")}\n${lines.join("\n")}`;
}

function download() {
  const url = URL.createObjectURL(new Blob([yaml()], { type: "application/yaml" }));
  element("a", { href: url, download: page.yaml.name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/* What the page shows. */

function control(slider, place) {
  const id = `slider-${place}`;
  const input = element("input", { id, type: "range", min: 0, max: slider.values.length - 1, step: 1 });
  input.addEventListener("input", () => change(place, Number(input.value)));
  const again = element("button", { type: "button", class: "again", "aria-label": written(words.put_back, { label: slider.label }), title: words.put_back_short }, "↺");
  again.addEventListener("click", () => { change(place, asItWas[place]); input.focus(); });
  const help = element("dl", {}, ...slider.help.flatMap(([head, text]) => [element("dt", {}, head), element("dd", {}, text)]),
    element("dt", {}, words.in_file), element("dd", {}, element("code", {}, slider.path)));
  return element("div", { class: "slider" },
    element("div", { class: "name" }, element("label", { for: id }, slider.label), element("output", { id: `${id}-value`, for: id })),
    element("div", { class: "row" }, input, again),
    element("details", {}, element("summary", {}, words.about, element("span", { class: "unseen" }, slider.label)), help));
}

function showSlider(place) {
  const slider = sliders[place], stop = chosen.choice[place], input = at(`slider-${place}`);
  const bare = slider.values[stop], was = slider.values[asItWas[place]], same = stop === asItWas[place];
  const value = slider.unit ? written(words.with_unit, { value: bare, unit: slider.unit }) : String(bare);
  const text = same ? value : written(words.was, { value, was });
  input.value = stop;
  input.setAttribute("aria-valuetext", text);
  at(`slider-${place}-value`).textContent = text;
  input.closest(".slider").classList.toggle("moved", !same);
  input.parentElement.querySelector(".again").disabled = same;
}

const isComplete = () => chosen.base.every((one, k) => one !== null && chosen.moved[k] !== null);

let drawing = null;
function soon() {
  drawing ??= setTimeout(() => { drawing = null; show(); }, isComplete() ? 0 : 150); // drawing takes time from the runs
}

function show() {
  const both = isPaired();
  const ready = chosen.base.map((one, k) => k).filter((k) => chosen.base[k] && (!both || chosen.moved[k]));
  const short = chosen.base.filter((one, k) => one === false || chosen.moved[k] === false).length;
  at("status").textContent = chosen.failed ? written(words.failed, { error: chosen.failed })
    : [written(both ? words.pairs : words.runs, { done: ready.length, all: pairs }), short ? written(words.short, { number: short }) : ""].join(" ");
  told.dataset.pairs = ready.length;
  told.dataset.done = waiting === null && ready.length + short === pairs;
  at("unmoved").hidden = isMoved();
  at("moved").hidden = !both;
  at("reset").disabled = !isMoved();
  if (!ready.length) return;
  showCourses(ready, both);
  if (!both) return;
  showTable(ready);
  showGroups(ready);
}

/* What an alternative changes with all sliders where they were, for those outcomes and pairs that are known. */
function unmoved(k, outcome) {
  const [base, other] = [page.off, alternatives[chosen.other].off].map((off) => kept.get(String(asItWas.map((stop, n) => (off.includes(n) ? 0 : stop)))));
  const ready = (base ?? []).map((_, n) => n).filter((n) => base[n] && other?.[n]);
  return ready.length < pairs ? "–" : value(outcome, contrast(ready.map((n) => base[n].ends[k]), ready.map((n) => other[n].ends[k]), outcome.better, page).difference, true);
}

function showCourses(ready, both) {
  at("courses").replaceChildren(...page.curves.map((outcome, k) => {
    const base = spread(ready.map((n) => chosen.base[n].curves[k]));
    const moved = both ? spread(ready.map((n) => chosen.moved[n].curves[k])) : null;
    const end = (one) => number(one.centre.at(-1), outcome.digits);
    const alt = written(both ? words.course_both : words.course_one, { label: outcome.label, was: end(base), now: moved ? end(moved) : "" });
    const figure = element("figure", { role: "img", "aria-label": alt }, course(outcome, base, moved, page));
    figure.prepend(element("div", { class: "title", "aria-hidden": "true" }, element("strong", {}, outcome.label), ` ${outcome.scale}`));
    return figure;
  }));
}

function value(outcome, amount, sign = false) {
  if (!Number.isFinite(amount)) return "–";
  const scaled = outcome.percent ? 100 * amount : amount;
  return sign ? signed(scaled, outcome.digits + (outcome.percent ? 0 : 1)) : number(scaled, outcome.digits);
}

function between(outcome, row) {
  return Number.isFinite(row.low) ? written(words.between, { low: value(outcome, row.low, true), high: value(outcome, row.high, true) }) : "–";
}

function colour(row) {
  return { better: "#0072B2", worse: "#A84A00" }[row.verdict] ?? "#595959";
}

const reach = (rows) => Math.max(1e-9, ...rows.flatMap((row) => [row.difference, row.low, row.high]).filter(Number.isFinite).map(Math.abs));

function showTable(ready) {
  at("table").replaceChildren(...page.outcomes.map((outcome, k) => {
    const row = contrast(ready.map((n) => chosen.base[n].ends[k]), ready.map((n) => chosen.moved[n].ends[k]), outcome.better, page);
    const line = element("tr", { "data-outcome": outcome.name, "data-low": row.low, "data-high": row.high, "data-difference": row.difference },
      element("th", { scope: "row" }, outcome.label, element("span", { class: "unit" }, ` ${outcome.unit}`)),
      element("td", { class: "number extra" }, value(outcome, row.from)), element("td", { class: "number extra" }, value(outcome, row.to)),
      element("td", { class: "number" }, element("strong", {}, value(outcome, row.difference, true))),
      element("td", { class: "number" }, between(outcome, row)),
      alternatives.length ? element("td", { class: "number extra" }, unmoved(k, outcome)) : null, element("td", { class: "extra" }, bar(row, reach([row]), colour(row))),
      element("td", { class: row.verdict }, words.verdicts[row.verdict]));
    return line;
  }));
}

function showGroups(ready) {
  const k = shown.state, state = page.states[k];
  const rows = page.groups.map((group, g) => {
    const of = (runs) => ready.map((n) => runs[n].groups[g].means[k]);
    const users = Math.min(...[chosen.base, chosen.moved].map((runs) => mean(ready.map((n) => runs[n].groups[g].users))));
    const row = contrast(of(chosen.base), of(chosen.moved), state.better, page);
    return { ...row, verdict: users < page.few_users ? "few" : row.verdict, group, users };
  });
  const scale = reach(rows.filter((row) => row.verdict !== "few" && row.verdict !== "rare"));
  at("groups").replaceChildren(...rows.map((row) => element("tr", { "data-group": row.group.key },
    element("th", { scope: "row" }, row.group.label), element("td", { class: "number extra" }, number(row.users, 1)),
    element("td", { class: "number" }, value(state, row.difference, true)), element("td", { class: "number" }, between(state, row)),
    element("td", { class: "extra" }, bar(row, scale, colour(row))), element("td", { class: row.verdict }, words.verdicts[row.verdict]))));
}

/* The network. */

function look() {
  asked = shown.pair;
  shown.key = `${asked} ${chosen.sides.join(" ")}`;
  shown.days = [null, null];
  shown.spots = null;
  at("networks").replaceChildren(element("p", { class: "note" }, words.wait));
  give();
}

function showNetwork() {
  const both = isPaired(), days = both ? shown.days : [shown.days[0]];
  if (days.some((one) => one === null)) return;
  shown.spots ??= places(days);
  const last = Math.min(...days.map((one) => one.length)) - 1, slider = at("day");
  slider.max = last;
  shown.day = Math.min(shown.day, last);
  slider.value = shown.day;
  slider.setAttribute("aria-valuetext", written(words.day, { day: shown.day }));
  at("which-day").textContent = written(words.day, { day: shown.day });
  at("networks").replaceChildren(...days.map((one, side) => {
    const sum = summary(one[shown.day]);
    const text = written(words.network, { users: sum.users, friends: number(sum.friends, 1), lonely: number(sum.lonely, 1) });
    const head = side ? words.as_moved : words.as_it_was;
    return element("figure", { role: "img", "aria-label": `${head}: ${text}` }, element("div", { class: "title", "aria-hidden": "true" }, element("strong", {}, head)),
      network(one[shown.day], shown.spots, page), element("div", { class: "note", "aria-hidden": "true" }, text));
  }));
}

function play() {
  const running = shown.timer !== null;
  clearInterval(shown.timer);
  shown.timer = running ? null : setInterval(() => {
    if (shown.day >= Number(at("day").max)) return play();
    shown.day++;
    showNetwork();
  }, 100);
  if (!running && shown.day >= Number(at("day").max)) shown.day = 0;
  at("play").textContent = running ? words.play : words.pause;
}

/* Show the sliders of the chosen alternative's policies alone. */
function showAlternative() {
  const { off = [], title = "" } = alternatives[chosen.other] ?? {};
  const groups = off.map((k) => sliders[k].group);
  for (const set of root.querySelectorAll("fieldset")) set.hidden = groups.includes(set.dataset.group);
  for (const one of root.querySelectorAll(".alternative")) one.textContent = title;
}

for (const group of page.headings) {
  const inside = sliders.map((slider, k) => [slider, k]).filter(([slider]) => slider.group === group.key);
  if (inside.length) at("sliders").append(element("fieldset", { "data-group": group.key }, element("legend", {}, group.label), ...inside.map(([slider, k]) => control(slider, k))));
}
sliders.forEach((_, k) => showSlider(k));
at("reset").addEventListener("click", reset);
at("download").addEventListener("click", download);
at("state").addEventListener("change", (event) => { shown.state = Number(event.target.value); soon(); });
at("pair").addEventListener("change", (event) => { shown.pair = Number(event.target.value); look(); });
at("look").addEventListener("toggle", () => { if (at("look").open && asked === null) look(); });
at("day").addEventListener("input", (event) => { shown.day = Number(event.target.value); showNetwork(); });
at("play").addEventListener("click", play);
at("other")?.addEventListener("change", (event) => { chosen.other = Number(event.target.value); showAlternative(); settle(); });
globalThis.dayroom = { page, chosen, yaml, interval };
showAlternative();
choose();
start().catch((error) => failed(String(error)));
if (isAlone) {
  addEventListener("hashchange", read);
  read();
}
show();
