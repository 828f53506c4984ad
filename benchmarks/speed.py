"""Measure the engine's speed against plain Mesa, the memory of a run, and start-up times.

`python -m benchmarks.speed` prints a report; `--quick` leaves out the cold compile and repeats less; `--out FILE`
writes the numbers as JSON. Times are processor time of one core, so other work on the machine affects them little.
"""

import argparse
import gc
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.yardstick import run_engine, run_plain, yardstick
from sim.scenario.schema.scenario import Scenario

ROOT = Path(__file__).parents[1]
ENGINE_RUNS = 5
"""Number of timed engine runs for each run of plain Mesa, which takes much longer."""
COMMANDS = {"dayroom --help": ["--help"], "dayroom scenario check baseline": ["scenario", "check", "baseline"]}
TARGETS = {"ratio": 40.0, "memory of a run, MB": 5.0, "start, s": 0.5}


def seconds(run: Callable[[Scenario, int], Any], scenario: Scenario, seeds: range) -> float:
    """Return the processor time of a run, in seconds, as a mean over seeds."""
    gc.collect()
    start = time.process_time()
    for seed in seeds:
        run(scenario, seed)
    return (time.process_time() - start) / len(seeds)


def race(scenario: Scenario, repeats: int) -> dict[str, list[float]]:
    """Time both models in turn, after an untimed run of each that imports and compiles."""
    run_engine(scenario, 0)
    run_plain(yardstick(6, 5), 0)
    times: dict[str, list[float]] = {"plain": [], "engine": []}
    for repeat in range(1, repeats + 1):
        times["plain"].append(seconds(run_plain, scenario, range(repeat, repeat + 1)))
        times["engine"].append(seconds(run_engine, scenario, range(repeat, repeat + ENGINE_RUNS)))
    return times


def ratio(times: dict[str, list[float]]) -> tuple[float, float, float]:
    """Return the ratio of the median times, plain to engine, with a 95 % interval (2,000 resamples of the repeats)."""
    plain, engine = np.array(times["plain"]), np.array(times["engine"])
    chosen = np.random.default_rng(0).integers(len(plain), size=(2000, len(plain)))
    drawn = np.median(plain[chosen], axis=1) / np.median(engine[chosen], axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(np.median(plain) / np.median(engine)), float(low), float(high)


def apart(*arguments: str, **environment: str) -> dict[str, float]:
    """Run a measurement of `benchmarks.apart` in a separate process, and return its numbers."""
    command = [sys.executable, "-m", "benchmarks.apart", *arguments]
    told = subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=True, capture_output=True, text=True)  # noqa: S603
    found: dict[str, float] = json.loads(told.stdout)
    return found


def start_up(arguments: list[str], repeats: int) -> dict[str, float]:
    """Return the median time of a command by the clock and in processor time, after one start that is not counted."""
    command = [sys.executable, "-c", "from experiments.cli.app import main; main()", *arguments]
    clock, processor = [], []
    for _ in range(repeats + 1):
        before = os.times()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
        after = os.times()
        clock.append(after.elapsed - before.elapsed)
        processor.append(sum(after[2:4]) - sum(before[2:4]))
    return {"clock": statistics.median(clock[1:]), "processor": statistics.median(processor[1:])}


def compiling(cold: bool) -> dict[str, dict[str, float]]:
    """Time the first run after a start, with compiled kernels on disk (warm) and, if `cold`, also without (cold)."""
    if not cold:
        apart("first-run")
        return {"warm": apart("first-run")}
    with tempfile.TemporaryDirectory() as folder:
        return {state: apart("first-run", DAYROOM_CACHE=folder) for state in ("cold", "warm")}


def measure(users: int, open_days: int, repeats: int, quick: bool) -> dict[str, Any]:
    """Make all measurements, and return their numbers for the report."""
    scenario = yardstick(users, open_days)
    times = race(scenario, repeats)
    middle, low, high = ratio(times)
    return {
        "users": users,
        "open days": open_days,
        "days": scenario.days,
        "repeats": repeats,
        "plain Mesa, s": statistics.median(times["plain"]),
        "engine, s": statistics.median(times["engine"]),
        "ratio": {"ratio": middle, "low": low, "high": high},
        "memory of a run, MB": {model: apart("memory", model, str(users), str(open_days)) for model in times},
        "start, s": {name: start_up(arguments, 3 if quick else 7) for name, arguments in COMMANDS.items()},
        "first run, s": compiling(cold=not quick),
        "times": times,
        "machine": {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()},
    }


def report(found: dict[str, Any]) -> str:
    """Return the report, which shows each measurement beside its goal."""
    one, memory, first = found["ratio"], found["memory of a run, MB"], found["first run, s"]
    lines = [
        f"one centre of {found['users']} users, {found['open days']} open days ({found['days']} days), "
        f"{found['repeats']} repeats, processor time of one core",
        f"  plain Mesa         {found['plain Mesa, s']:9.3f} s a run",
        f"  engine             {found['engine, s']:9.4f} s a run",
        f"  ratio              {one['ratio']:9.1f}   95 % interval {one['low']:.1f} to {one['high']:.1f}; "
        f"aim: at least {TARGETS['ratio']:.0f}",
        "memory of a run beyond imports",
    ]
    for model in ("engine", "plain"):
        aim = f"; aim: below {TARGETS['memory of a run, MB']:.0f}" if model == "engine" else ""
        sizes = memory[model]
        lines.append(f"  {model:18s} {sizes['resident']:9.2f} MB resident, {sizes['allocated']:.2f} MB allocated{aim}")
    lines.append("start-up")
    for name, took in found["start, s"].items():
        both = f"{took['clock']:6.3f} s by the clock, {took['processor']:.3f} s of processor time"
        lines.append(f"  {name:32s} {both}; aim: below {TARGETS['start, s']}")
    lines.append("first run after a start, by the clock")
    for state, took in first.items():
        work = "compile" if state == "cold" else "load"
        lines.append(f"  {state:32s} {took['import']:6.2f} s to import, {took['first run']:.2f} s to {work} and run")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, and write the numbers to a file if one is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--users", type=int, default=40)
    parser.add_argument("--open-days", type=int, default=260)
    parser.add_argument("--repeats", type=int, help="timed runs of plain Mesa (default 9, quick 3)")
    parser.add_argument("--quick", action="store_true", help="fewer repeats, no cold compile")
    parser.add_argument("--out", type=Path, help="write the numbers to this file, as JSON")
    given = parser.parse_args(arguments)
    repeats = given.repeats or (3 if given.quick else 9)
    found = measure(given.users, given.open_days, repeats, given.quick)
    print(report(found))
    if given.out is not None:
        given.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
