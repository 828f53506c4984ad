"use strict";
/* The network of one pair of runs, day by day: as it was beside as moved, the same people at the same places. */

const SHADES = [[255, 247, 220], [246, 201, 95], [224, 123, 26], [166, 58, 0], [79, 21, 0]];

function shade(lonely) {
  const at = Math.max(0, Math.min(0.9999, lonely)) * (SHADES.length - 1), k = Math.floor(at);
  return `rgb(${SHADES[k].map((c, i) => Math.round(c + (SHADES[k + 1][i] - c) * (at - k))).join(" ")})`;
}

/* Places of people: near those to whom they are ever close in either run (Fruchterman & Reingold 1991). */
function places(runs) {
  const nearest = new Map(), uids = new Set();
  for (const days of runs)
    days.forEach((day, k) => {
      const at = new Map(day.people.map((one) => [one.seat, one.uid]));
      day.people.forEach((one) => uids.add(one.uid));
      if (k % 14 && k !== days.length - 1) return;
      for (const [i, one] of at) for (const [j, other] of at) {
        const level = day.levels[i * day.n + j];
        if (one === other || level < 2) continue;
        const pair = one < other ? `${one} ${other}` : `${other} ${one}`;
        nearest.set(pair, Math.max(nearest.get(pair) ?? 0, level));
      }
    });
  const all = [...uids].sort((a, b) => a - b), n = all.length, index = new Map(all.map((uid, k) => [uid, k]));
  const spots = all.map((_, k) => [Math.cos((2 * Math.PI * k) / n), Math.sin((2 * Math.PI * k) / n)]);
  const ends = [...nearest].map(([pair, level]) => [...pair.split(" ").map((uid) => index.get(Number(uid))), level]);
  const ideal = 1.3 / Math.sqrt(n);
  for (let round = 0; round < 300; round++) {
    const moves = spots.map(() => [0, 0]), most = 0.12 * (1 - round / 300) + 0.004;
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) push(i, j, (d) => (d < 3 * ideal ? -(ideal * ideal) / d : 0));
    for (const [i, j, level] of ends) push(i, j, (d) => ((level - 1) * d * d) / ideal / 2);
    spots.forEach((spot, k) => {
      moves[k][0] -= 0.5 * spot[0];
      moves[k][1] -= 0.5 * spot[1];
      const size = Math.hypot(...moves[k]) || 1, step = Math.min(size, most) / size;
      spot[0] += step * moves[k][0];
      spot[1] += step * moves[k][1];
    });
    function push(i, j, force) {
      const dx = spots[j][0] - spots[i][0], dy = spots[j][1] - spots[i][1], d = Math.max(1e-3, Math.hypot(dx, dy)), f = force(d) / d;
      moves[i][0] += f * dx;
      moves[i][1] += f * dy;
      moves[j][0] -= f * dx;
      moves[j][1] -= f * dy;
    }
  }
  const ranges = [0, 1].map((axis) => [Math.min(...spots.map((s) => s[axis])), Math.max(...spots.map((s) => s[axis]))]);
  return new Map(all.map((uid, k) => [uid, ranges.map(([low, high], axis) => (high > low ? (2 * (spots[k][axis] - low)) / (high - low) - 1 : 0))]));
}

/* The network of a day. */
function network(day, spots, page) {
  const svg = drawn("svg", { viewBox: "-1.12 -1.12 2.24 2.24", "aria-hidden": "true", class: "network" });
  const at = day.people.map((one) => [one, spots.get(one.uid)]);
  const lines = [];
  at.forEach(([one, a], i) => at.slice(0, i).forEach(([other, b]) => {
    const to = day.levels[one.seat * day.n + other.seat], fro = day.levels[other.seat * day.n + one.seat];
    const level = Math.max(to, fro);
    if (level >= 2) lines.push([level, Math.min(to, fro) < 2, a, b]);
  }));
  lines.sort((a, b) => a[0] - b[0]);
  for (const [level, single, a, b] of lines) {
    const look = page.ties[level - 1];
    svg.append(drawn("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1], stroke: look.colour, "stroke-width": look.width * 0.0045, "stroke-dasharray": single ? "0.03 0.02" : null }));
  }
  for (const [one, [x, y]] of at)
    svg.append(drawn("circle", { cx: x, cy: y, r: 0.055, fill: shade(one.lonely), opacity: one.here ? 1 : 0.45,
      stroke: one.since >= 0 ? "#009E73" : "#1A1A1A", "stroke-width": one.since >= 0 ? 0.02 : 0.007 }));
  return svg;
}

/* Friends a head and mean loneliness on a day, for the caption. */
function summary(day) {
  const n = Math.max(1, day.people.length);
  const seats = day.people.map((one) => one.seat);
  const friends = seats.reduce((sum, i) => sum + seats.filter((j) => day.levels[i * day.n + j] >= 2).length, 0);
  return { users: day.people.length, friends: friends / n, lonely: 20 + (60 * day.people.reduce((sum, one) => sum + one.lonely, 0)) / n };
}
