"use strict";
/* A worker: it runs one seed at a time, under what the reader chose. */

let engine = null, page = null;

onmessage = ({ data }) => {
  try {
    if (data.task === "begin") {
      page = data.page;
      engine = makeEngine(data.module, page.layout, page.sliders, data.parts);
      postMessage({ task: "begin" });
    } else if (data.task === "run") {
      const done = engine.run(data.number, data.choice);
      postMessage({ ...data, result: done ? measured(engine, page) : null });
    } else {
      const days = [];
      engine.run(data.number, data.choice, () => days.push(evening(engine, page, data.centre)));
      postMessage({ ...data, days });
    }
  } catch (error) {
    postMessage({ ...data, module: null, parts: null, page: null, error: String(error) });
  }
};
