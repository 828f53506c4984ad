"use strict";
/* The interval of a mean of paired differences (experiments/statistics/paired.py), and the words for it. */

const SYMMETRIC = 1e-8, ROUNDING = 1e-12;

function differences(base, moved) {
  const size = Math.max(...base.map(Math.abs), ...moved.map(Math.abs));
  let all = moved.map((value, k) => value - base[k]);
  if (all.length && Math.max(...all) - Math.min(...all) <= ROUNDING * size) all = all.map(() => mean(all));
  return all.map((one) => (Math.abs(one) <= ROUNDING * size ? 0 : one));
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/* The hull of Student's interval and of Hall's (1992); `students[n]` is the quantile for n pairs. */
function interval(values, students) {
  const n = values.length;
  if (n < 2 || Math.max(...values) === Math.min(...values)) return [NaN, NaN];
  const m = mean(values), sd = Math.sqrt(values.reduce((sum, v) => sum + (v - m) ** 2, 0) / (n - 1));
  const skewness = mean(values.map((v) => ((v - m) / sd) ** 3)), q = students[n];
  const ends = [-1, 1].map((sign) => m + (sign * sd * q) / Math.sqrt(n));
  if (Math.abs(skewness) >= SYMMETRIC)
    for (const sign of [-1, 1]) {
      const inside = 1 + skewness * ((sign * q) / Math.sqrt(n) - skewness / (6 * n));
      ends.push(m - (sd * (Math.cbrt(inside) - 1)) / (skewness / 3));
    }
  return [Math.min(...ends), Math.max(...ends)];
}

/* The contrast of two lists of values by seed; a pair with a missing value is left out. */
function contrast(base, moved, better, page) {
  const kept = base.map((_, k) => k).filter((k) => Number.isFinite(base[k]) && Number.isFinite(moved[k]));
  const from = kept.map((k) => base[k]), to = kept.map((k) => moved[k]), all = differences(from, to);
  const n = kept.length, differ = all.filter((one) => one !== 0).length;
  const [low, high] = interval(all, page.students), difference = n ? mean(all) : NaN;
  let verdict = "unclear";
  if (n < page.fewest) verdict = n ? "few" : "unknown";
  else if (differ < page.fewest) verdict = differ ? "rare" : "same";
  else if (!(low <= 0 && high >= 0))
    verdict = better === "neither" ? (difference > 0 ? "higher" : "lower")
      : (better === "higher") === difference > 0 ? "better" : "worse";
  return { n, from: n ? mean(from) : NaN, to: n ? mean(to) : NaN, difference, low, high, verdict };
}

function quantile(sorted, share) {
  const place = share * (sorted.length - 1), below = Math.floor(place), above = Math.ceil(place);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
