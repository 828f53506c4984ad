"""Make all measurements of `benchmarks/README.md`, and write their tables between its markers.

`python -m benchmarks.tables` (or `make bench`) takes some minutes; `--quick` repeats less and leaves out the cold
compile. Without `--write` it only prints.
"""

import argparse
import importlib
import re
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks import phases, reviews, settle_once, speed
from benchmarks.yardstick import run_engine, yardstick
from sim.scenario.schema.scenario import Scenario

PAGE: Final = Path(__file__).with_name("README.md")
_BETWEEN: Final = re.compile(r"<!-- measured begin -->\n.*?<!-- measured end -->", re.DOTALL)
_CONTROL_RUNS: Final = 5


def loaded_again() -> Callable[[Scenario, int], Any]:
    """Return a function that makes a run with a second copy of the engine, whose kernels are loaded a second time."""
    first = {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] == "sim"}
    try:
        engines, scenarios = (importlib.import_module(f"sim.{name}") for name in ("engine", "scenario.schema.scenario"))
        engine, kind = engines.Engine, scenarios.Scenario
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == "sim"]:
            del sys.modules[name]
        sys.modules.update(first)

    def run(scenario: Scenario, seed: int) -> Any:
        made = engine(kind.model_validate(scenario.model_dump()), seed)
        made.advance(scenario.days)
        return made

    return run


def control(repeats: int) -> tuple[float, float, float]:
    """Return the time of runs with the engine loaded second over that of the first, with a 95 % interval."""
    again, scenario = loaded_again(), yardstick()
    kinds: dict[str, Callable[[Scenario, int], Any]] = {"plain": again, "engine": run_engine}
    for run in kinds.values():
        run(scenario, 0)
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for repeat in range(1, repeats + 1):
        for kind, run in kinds.items():
            times[kind].append(speed.seconds(run, scenario, range(repeat, repeat + _CONTROL_RUNS)))
    return speed.ratio(times)


def against_plain(found: dict[str, Any], second: tuple[float, float, float]) -> str:
    """Return the measurements of `benchmarks.speed`, and the control, as a table of Markdown."""
    one, memory = found["ratio"], found["memory of a run, MB"]
    fastest = min(found["times"]["plain"]) / min(found["times"]["engine"])
    rows = [
        ("plain Mesa, a run", f"{1000 * found['plain Mesa, s']:.0f} ms"),
        ("engine, a run", f"{1000 * found['engine, s']:.1f} ms"),
        ("ratio", f"{one['ratio']:.0f} ({one['low']:.0f} to {one['high']:.0f}); of the fastest turns {fastest:.0f}"),
        ("engine loaded second, over first", "{:.2f} ({:.2f} to {:.2f})".format(*second)),
    ]
    for model, name in (("engine", "engine"), ("plain", "plain Mesa")):
        sizes = memory[model]
        rows.append(
            (f"memory of a run, {name}", f"{sizes['allocated']:.1f} MB allocated, {sizes['resident']:.1f} MB resident")
        )
    rows += [(f"`{name}`", f"{took['processor']:.2f} s") for name, took in found["start, s"].items()]
    for state, took in found["first run, s"].items():
        rows.append((f"first run, {state}", f"{took['import']:.1f} s to import, {took['first run']:.1f} s to run"))
    return "\n".join(["| | measured |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def reviewed(times: dict[str, list[float]]) -> str:
    """Return what the policies add to a year of a run, as a table of Markdown."""
    lines = ["| policies | a year, ms | more, ms | ratio |", "|---|---|---|---|"]
    for name, spent in times.items():
        more, ratio = reviews.compared(spent, times["none"])
        lines.append(f"| {name} | {statistics.median(spent):.1f} | {more:.2f} | {ratio:.2f} |")
    return "\n".join(lines)


def measured(quick: bool) -> str:
    """Make all measurements; return their tables."""
    found = speed.measure(40, 260, 3 if quick else 9, quick)
    second = control(5 if quick else 15)
    day = phases.measured(40, 6 if quick else 15, 2)
    turns = 3 if quick else 9
    branches = [settle_once.measured(settle_once.arms(number), turns) for number in (settle_once.FEW, None)]
    days = {name: [1000 * one for one, _ in times] for name, times in reviews.measured(5 if quick else 15).items()}
    machine = found["machine"]
    parts = (
        f"Python {machine['python']}, {machine['cores']} cores, {machine['system']}.",
        f"One centre of {found['users']} users over {found['open days']} open days, against plain Mesa:",
        against_plain(found, second),
        f"A calendar day of {found['users']} users, by phase, in microseconds:",
        phases.table(day),
        "A comparison whose runs settle each by itself, or once for each seed:",
        settle_once.table(branches),
        "A year of 25 users with reviews of policies:",
        reviewed(days),
    )
    return "\n\n".join(parts)


def written(page: str, tables: str) -> str:
    """Return the page with these tables between its markers."""
    return _BETWEEN.sub(lambda _: f"<!-- measured begin -->\n{tables}\n<!-- measured end -->", page)


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, and write the page if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tables", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repeats, no cold compile")
    parser.add_argument("--write", action="store_true", help="write the tables into benchmarks/README.md")
    given = parser.parse_args(arguments)
    tables = measured(given.quick)
    print(tables)
    if given.write:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), tables), encoding="utf-8")


if __name__ == "__main__":
    main()
