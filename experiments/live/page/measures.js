"use strict";
/* What the page keeps of a run, as a comparison on the command line measures it. */

const CRC = new Uint32Array(256).map((_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function digest(...parts) {
  let c = ~0;
  for (const part of parts) for (let k = 0; k < part.length; k++) c = CRC[(c ^ part[k]) & 255] ^ (c >>> 8);
  return (~c >>> 0).toString(16).padStart(8, "0");
}

/* An outcome over days of all centres: the sum of a count, or the sum and the weights of a mean over users. */
function tally(engine, first, end, outcome) {
  const [values, at, step] = engine.column("ledger", outcome.name), [users, beside] = engine.column("ledger", "users");
  let sum = 0, weights = 0;
  for (let row = first * engine.centres; row < end * engine.centres; row++) {
    const value = Number(values[at + row * step]);
    if (!Number.isFinite(value)) continue;
    const weight = outcome.sum ? 1 : Number(users[beside + row * step]);
    sum += value * weight;
    weights += weight;
  }
  return [sum, weights];
}

/* A daily outcome of all centres together: weighted by users, or the sum of a count. */
function daily(engine, days, outcome) {
  return Float64Array.from({ length: days }, (_, day) => {
    const [sum, weights] = tally(engine, day, day + 1, outcome);
    return outcome.sum ? sum : weights > 0 ? sum / weights : NaN;
  });
}

/* The mean of the last days, each weighted by its users. */
function atEnd(engine, days, outcome, last) {
  const [sum, weights] = tally(engine, Math.max(0, days - last), days, outcome);
  if (outcome.sum) return sum / Math.min(last, days);
  return weights > 0 ? sum / weights : NaN;
}

/* The mean of each outcome over the users of each group who are enrolled at the end, and their number. */
function byGroup(engine, page) {
  const user = (row, column) => engine.read("users", row, column);
  const belongs = {
    everybody: () => true,
    women: (row) => user(row, "sex") === page.codes.woman,
    men: (row) => user(row, "sex") !== page.codes.woman,
    newcomers: (row) => user(row, "arrived") >= 0,
    guarded: (row) => user(row, "disclosure_threshold") >= page.codes.guarded,
    friendless: (row) => user(row, "arrived") < 0 && user(row, "friends_at_entry") === 0,
    helpers: (row) => user(row, "arrived") < 0 && user(row, "role_at_entry") === page.codes.helper,
  };
  page.codes.diagnoses.forEach((name, code) => { belongs[name] = (row) => user(row, "diagnosis") === code; });
  const present = [];
  for (let row = 0; row < engine.rows; row++) if (user(row, "status") === page.codes.present) present.push(row);
  return page.groups.map(({ key }) => {
    const rows = present.filter(belongs[key]);
    return {
      users: rows.length,
      means: page.states.map(({ column, low, scale }) => rows.length
        ? rows.reduce((sum, row) => sum + low + scale * user(row, column), 0) / rows.length : NaN),
    };
  });
}

function measured(engine, page) {
  return {
    curves: page.curves.map((outcome) => daily(engine, page.days, outcome)),
    ends: page.outcomes.map((outcome) => atEnd(engine, page.days, outcome, page.last)),
    groups: byGroup(engine, page),
    digest: digest(engine.held("ledger"), engine.held("ties")),
  };
}

/* The network of a centre on a day: who is there, how lonely, and the level of each tie. */
function evening(engine, page, centre) {
  const n = engine.read("centres", centre, "capacity");
  const seat = engine.read("centres", centre, "first_seat"), tie = engine.read("centres", centre, "first_tie");
  const seats = new DataView(engine.held("seats").buffer, engine.arrays.seats.at);
  const people = [], levels = new Uint8Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = Number(seats.getBigInt64(8 * (seat + i), true));
    if (row < 0) continue;
    people.push({
      seat: i, uid: engine.read("users", row, "uid") & 0xffff, lonely: engine.read("users", row, "loneliness"),
      here: engine.read("users", row, "attends") === 1, since: engine.read("users", row, "arrived"),
    });
  }
  for (let k = 0; k < n * n; k++) {
    const closeness = engine.read("ties", tie + k, "closeness");
    while (levels[k] < page.levels.length && closeness >= page.levels[levels[k]]) levels[k]++;
  }
  return { n, people, levels };
}
