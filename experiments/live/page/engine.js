"use strict";
/* The engine: the compiled day, the arrays that it reads and writes, and the first day of a scenario under each seed.
   It runs in a worker. Numbers lie in memory as numpy lays them out, little end first. */

const STACK = 1 << 20; // below it: constants and the stack of the compiled code
const PAGE = 1 << 16;
const ALIGNED = 16;

function imported(module) {
  const outside = { __linear_memory: new WebAssembly.Memory({ initial: STACK / PAGE + 1 }) };
  outside.__stack_pointer = new WebAssembly.Global({ value: "i32", mutable: true }, STACK);
  outside.__indirect_function_table = new WebAssembly.Table({ initial: 1, element: "anyfunc" });
  for (const one of WebAssembly.Module.imports(module)) if (one.kind === "function") outside[one.name] = Math[one.name];
  return outside;
}

/* Eight planes of bytes back into 64-bit words: words `first` to `first + count` of `total`. */
function unplaned(bytes, total, first, count, to) {
  for (let plane = 0; plane < 8; plane++)
    for (let k = 0; k < count; k++) to[8 * k + plane] = bytes[plane * total + first + k];
}

function makeEngine(module, layout, sliders, parts) {
  const outside = imported(module), memory = outside.__linear_memory;
  const { entry } = new WebAssembly.Instance(module, { env: outside }).exports;
  const seeds = layout.seeds.map(BigInt), arrays = {};
  const up = (place) => Math.ceil(place / ALIGNED) * ALIGNED;
  const back = up(STACK), table = back + ALIGNED;
  let end = up(table + 24 * layout.names.length);
  for (const array of layout.arrays) {
    const bytes = array.shape.reduce((a, b) => a * b, array.size);
    arrays[array.name] = { ...array, bytes, at: end };
    end = up(end + bytes);
  }
  const settling = layout.arrays.filter((array) => !array.later && array.name !== "ledger").map((array) => arrays[array.name]);
  const settled = seeds.map(() => new Map()); // of each seed, by what was moved before day 0: the arrays once the centre has settled
  const MOST_SETTLED = 3; // the first, with nothing moved, stays
  const closeness = end, ties = arrays.ties.shape[0];
  end = up(end + 8 * ties);
  if (end > memory.buffer.byteLength) memory.grow(Math.ceil((end - memory.buffer.byteLength) / PAGE));
  const view = new DataView(memory.buffer), bytes = new Uint8Array(memory.buffer);
  const rows = arrays.users.shape[0], width = arrays.users.size, centres = arrays.centres.shape[0];
  const shape = (name, one, other = 1) => {
    const at = table + 24 * layout.names.indexOf(name);
    view.setBigInt64(at + 8, BigInt(one), true);
    view.setBigInt64(at + 16, BigInt(other), true);
    return at;
  };
  for (const array of Object.values(arrays)) view.setBigInt64(shape(array.name, ...array.shape), BigInt(array.at), true);
  for (const [name, of] of Object.entries(layout.views)) {
    const table = arrays[of];
    view.setBigInt64(shape(name, table.shape[0], table.size / 8), BigInt(table.at), true);
  }

  const call = (operation, first = 0, last = 0, seed = 0n, share = 0) => {
    const number = BigInt(layout.operations.indexOf(operation));
    const failed = entry(back, back + 8, BigInt(table), number, BigInt(first), BigInt(last), BigInt(layout.weekday), share, seed);
    if (failed) throw Error(`${operation} failed with ${failed}`);
    return Number(view.getBigInt64(back, true));
  };
  const read = (name, row, column) => {
    const array = arrays[name], [kind, place] = array.fields[column], at = array.at + row * array.size + place;
    return kind === "<f8" ? view.getFloat64(at, true) : kind === "<i8" ? Number(view.getBigInt64(at, true)) : view.getInt32(at, true);
  };
  /* A column as the words of its kind, the place of its first number, and the step from a row to the next. */
  const doubles = new Float64Array(memory.buffer), integers = new BigInt64Array(memory.buffer);
  const column = (name, key) => {
    const array = arrays[name], [kind, place] = array.fields[key];
    return [kind === "<f8" ? doubles : integers, (array.at + place) / 8, array.size / 8];
  };
  const clear = (name) => bytes.fill(0, arrays[name].at, arrays[name].at + arrays[name].bytes);

  /* Write the first day of a seed; with `later`, only what acts from day 0 on. */
  function fill(number, later) {
    let from = 0;
    for (const array of Object.values(arrays)) {
      if (later && settling.includes(array)) from += array.held;
      else if (array.held) bytes.set(parts.shared.subarray(from, (from += array.held)), array.at);
      else clear(array.name);
    }
    let other = number * parts.others.length / seeds.length;
    for (const name of layout.apart) {
      if (!later || !settling.includes(arrays[name])) bytes.set(parts.others.subarray(other, other + arrays[name].bytes), arrays[name].at);
      other += arrays[name].bytes;
    }
    if (later) return;
    const word = new Uint8Array(8 * rows), all = parts.users.length / 8;
    layout.own.forEach((k, place) => {
      unplaned(parts.users, all, (place * seeds.length + number) * rows, rows, word);
      for (let row = 0; row < rows; row++) bytes.set(word.subarray(8 * row, 8 * row + 8), arrays.users.at + row * width + 8 * k);
    });
  }

  /* Move what the reader chose; with `later`, only what acts from day 0 on. */
  function move(number, choice, later) {
    const word = new Uint8Array(8 * rows);
    sliders.forEach((slider, place) => {
      const stop = choice[place];
      for (const [name, at, kind, value] of [...slider.changes[stop], ...(slider.each[stop]?.[number] ?? [])]) {
        if (later && !arrays[name].later) continue;
        const where = arrays[name].at + at;
        if (kind === "<f8") view.setFloat64(where, value, true);
        else if (kind === "<i8") view.setBigInt64(where, BigInt(value), true);
        else if (kind === "|u1") view.setUint8(where, value);
        else throw Error(`no number of the kind ${kind} can be moved`);
      }
      if (!later) slider.own.forEach((k, n) => {
        const held = parts[`slider-${place}`], first = ((stop * slider.own.length + n) * seeds.length + number) * rows;
        unplaned(held, held.length / 8, first, rows, word);
        for (let row = 0; row < rows; row++) bytes.set(word.subarray(8 * row, 8 * row + 8), arrays.users.at + row * width + 8 * k);
      });
    });
  }

  /* Make day 0 as the native engine makes it, from the users on; a centre that settled before need not settle again. */
  function begin(number, choice) {
    const seed = seeds[number];
    const before = sliders.map((slider, k) => (slider.later ? "" : choice[k])).join(" "), known = settled[number].get(before);
    fill(number, known !== undefined);
    move(number, choice, known !== undefined);
    if (known !== undefined) {
      let from = 0;
      for (const array of settling) {
        bytes.set(known.subarray(from, from + array.bytes), array.at);
        from += array.bytes;
      }
      return true;
    }
    call("set_points");
    unplaned(parts.ties, parts.ties.length / 8, number * ties, ties, bytes.subarray(closeness, closeness + 8 * ties));
    for (let c = 0; c < centres; c++) {
      call("introduce_all", c, 0, seed);
      if (layout.told[c] === null) continue;
      const n = read("centres", c, "capacity"), at = shape("closeness", n, n);
      view.setBigInt64(at, BigInt(closeness + 8 * read("centres", c, "first_tie")), true);
      call("set_ties", c, 0, seed, layout.told[c]);
    }
    call("begin");
    if (layout.settling > 0) {
      for (const [name, rows] of Object.entries(layout.before)) shape(name, rows);
      const end = call("run_days", -layout.settling, 0, seed);
      for (const name of Object.keys(layout.before)) shape(name, arrays[name].shape[0]);
      if (end < 0) return false;
      clear("ledger");
      call("settled");
    }
    const content = new Uint8Array(settling.reduce((sum, array) => sum + array.bytes, 0));
    let to = 0;
    for (const array of settling) {
      content.set(bytes.subarray(array.at, array.at + array.bytes), to);
      to += array.bytes;
    }
    if (settled[number].size === MOST_SETTLED) settled[number].delete([...settled[number].keys()][1]);
    settled[number].set(before, content);
    return true;
  }

  return {
    arrays, read, column, rows, centres,
    held: (name) => bytes.subarray(arrays[name].at, arrays[name].at + arrays[name].bytes),
    /* Run days under a seed; false when users leave for whom the page holds no newcomers. */
    run(number, choice, after = null) {
      if (!begin(number, choice)) return false;
      if (after === null) return call("run_days", 0, layout.days, seeds[number]) === layout.days;
      after(0);
      for (let day = 0; day < layout.days; day++) {
        if (call("run_days", day, day + 1, seeds[number]) !== day + 1) return false;
        after(day + 1);
      }
      return true;
    },
  };
}
