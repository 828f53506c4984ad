"""Measure what each phase of the day costs: `python -m benchmarks.phases`.

The same days run several times over from the same start, and the least time of each phase on each day counts, so that
other work on the machine hardly weighs. Times come from the processor's own counter, read between the phases.
"""

import argparse
import time
from typing import Any, Final

import numba
import numpy as np
from llvmlite import ir
from numba.extending import intrinsic

from benchmarks.yardstick import yardstick
from sim.day import WHOLE, one_day
from sim.engine import Engine
from sim.scenario.schema.parameters import PHASES
from sim.scenario.schema.scenario import WEEKDAYS
from sim.state.state import State

Times = np.ndarray[Any, np.dtype[np.int64]]
ENCOUNTERS: Final = PHASES.index("encounters") + 1


@intrinsic
def ticks(_typing: Any) -> Any:
    """Return the processor's counter of time."""

    def code(_context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        counter = builder.module.declare_intrinsic("llvm.readcyclecounter", (), ir.FunctionType(ir.IntType(64), ()))
        return builder.call(counter, ())

    return numba.types.int64(), code


@numba.njit(error_model="numpy")
def timed_day(s: State, day: int, weekday: int, seed: Any, spent: Times) -> None:
    """Run a day of a single centre; write the ticks of each phase."""
    count = 0
    for part in range(1, WHOLE + 1):
        start = ticks()
        count = one_day(s, 0, day, weekday, seed, part, part, count)
        spent[part - 1] = ticks() - start


@numba.njit
def now() -> int:
    """Return the processor's counter of time."""
    return ticks()


def year(start: Engine) -> Times:
    """Return the ticks of each phase on each day of a year from a start, shape (days, phases)."""
    engine = start.branch(start.scenario)
    spent = np.zeros((engine.scenario.days, WHOLE), np.int64)
    first, seed = WEEKDAYS.index(engine.scenario.first_day), np.uint64(engine.seed)
    for day in range(engine.scenario.days):
        engine.open_day()
        timed_day(engine.state, day, (first + day) % 7, seed, spent[day])
        engine.close_day()
    return spent


def measured(users: int, rounds: int, seeds: int) -> dict[str, float]:
    """Return the microseconds of each phase on a calendar day, a mean over the days of `seeds` years."""
    starts = [Engine(yardstick(users).with_changes(settling=365), seed) for seed in range(1, seeds + 1)]
    year(starts[0])
    clock, counter = time.perf_counter_ns(), now()
    least = [year(start) for start in starts]
    for _ in range(rounds - 1):
        least = [np.minimum(before, year(start)) for before, start in zip(least, starts, strict=True)]
    a_tick = (time.perf_counter_ns() - clock) / (now() - counter) / 1000
    return dict(zip(PHASES, (np.concatenate(least).mean(axis=0) * a_tick).tolist(), strict=True))


def table(spent: dict[str, float]) -> str:
    """Return the numbers as a table of Markdown, the longest phase first."""
    whole = sum(spent.values())
    rows = sorted(spent.items(), key=lambda item: -item[1])
    lines = [f"| {name} | {value:.1f} | {100 * value / whole:.0f} % |" for name, value in rows]
    return "\n".join(["| phase | us a day | share |", "|---|---|---|", *lines, f"| whole day | {whole:.1f} | |"])


def main(arguments: list[str] | None = None) -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.phases", description=__doc__)
    parser.add_argument("--users", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seeds", type=int, default=2)
    given = parser.parse_args(arguments)
    print(table(measured(given.users, given.rounds, given.seeds)))


if __name__ == "__main__":
    main()
