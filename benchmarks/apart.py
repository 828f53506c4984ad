"""Measurements that need a process of their own: memory of a run, and the first run after a start.

`python -m benchmarks.apart memory engine 40 260` prints one line of JSON.
"""

import gc
import json
import sys
import time
import tracemalloc

import psutil

from benchmarks.yardstick import MODELS, yardstick

MEGABYTE = 1e6


def memory(model: str, users: int, open_days: int) -> dict[str, float]:
    """Measure the memory of a run in MB, beyond imports and compiled code, while its result still exists.

    A small run comes first, so that all imports and compiled code are in memory. `resident` is the growth of the
    process as the system sees it; `allocated` is the peak of the memory that Python and numpy requested, in a second
    run (tracing is slow, and must not affect `resident`).
    """
    run, scenario = MODELS[model], yardstick(users, open_days)
    run(yardstick(6, 5), 0)
    gc.collect()
    process = psutil.Process()
    before = process.memory_info().rss
    held = run(scenario, 1)
    resident = process.memory_info().rss - before
    del held
    gc.collect()
    tracemalloc.start()
    run(scenario, 2)
    allocated = tracemalloc.get_traced_memory()[1]
    return {"resident": resident / MEGABYTE, "allocated": allocated / MEGABYTE}


def first_run() -> dict[str, float]:
    """Time a fresh start: importing the engine, then a first, very short run, which compiles or loads the kernels."""
    start = time.perf_counter()
    import sim.engine  # noqa: F401

    imported = time.perf_counter()
    MODELS["engine"](yardstick(6, 5), 0)
    return {"import": imported - start, "first run": time.perf_counter() - imported}


def main(arguments: list[str]) -> None:
    """Make the requested measurement and print it."""
    what, *rest = arguments
    found = first_run() if what == "first-run" else memory(rest[0], int(rest[1]), int(rest[2]))
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
