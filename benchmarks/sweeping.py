"""What a sweep costs besides its runs: `python -m benchmarks.sweeping`.

The same runs, of about five milliseconds, are made by a sweep (planned, handed to workers, brought back, written into a
store) and by plain loops in as many processes, which keep nothing. Both are taken for two studies that differ by their
number of runs alone; the difference is what a run takes, without starting the workers. Overhead is how much longer a
run takes in the sweep: on the clock (throughput), and in processor time of parent and workers together, which says the
same of a machine that does something else meanwhile. The two take turns; medians over the turns are told.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from experiments import executors
from experiments.studies import load_study
from experiments.studies.keeping import kept
from experiments.sweeping import sweep
from sim.run import run

FEW, MANY = 400, 4400
DAYS = 36
"""A run of so many days takes about five milliseconds."""
STUDY = """\
question: What does a sweep cost?
base: base.yaml
factors: {{users.disclosure_threshold.mean: plausible}}
design: {{kind: random, points: {points}}}
replicates: 20
"""
BASE = """\
extends: baseline
days: {days}
settling: 0
network: {{kind: none}}
"""


def spent() -> float:
    """Give the processor time of this process and of its workers that have ended, in seconds."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, who))


def loop(folder: Path, name: str, part: int, parts: int) -> None:
    """Make a share of a study's runs in plain loops, keeping nothing."""
    study = load_study(folder / f"{name}.yaml")
    for point in range(part, len(study.points), parts):
        scenario = study.scenario(study.usual_care, point)
        for replicate in range(study.replicates):
            kept(run(scenario, study.seed_of(replicate), measures=True))


def looped(folder: Path, name: str, jobs: int) -> tuple[float, float]:
    """Give processor and clock seconds of the same runs in plain loops, in as many processes."""
    clock, begun = time.perf_counter(), spent()
    spawn = get_context("spawn")
    workers = [spawn.Process(target=loop, args=(folder, name, part, jobs)) for part in range(jobs)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return spent() - begun, time.perf_counter() - clock


def swept(folder: Path, name: str, jobs: int) -> tuple[float, float]:
    """Give processor and clock seconds of a sweep into a store of its own."""
    study = load_study(folder / f"{name}.yaml")
    clock, begun = time.perf_counter(), spent()
    sweep(study, folder / f"store-{name}", executors.ProcessPool(jobs))
    return spent() - begun, time.perf_counter() - clock


def each_run(made: Callable[[Path, str, int], tuple[float, float]], folder: Path, jobs: int, runs: int) -> list[float]:
    """Give milliseconds a run takes, of processor time and on the clock: those of many runs less those of few."""
    few, many = made(folder, "few", jobs), made(folder, "many", jobs)
    return [1000 * (longer - shorter) / runs for shorter, longer in zip(few, many, strict=True)]


def turn(few: int, many: int, days: int, jobs: int) -> dict[str, list[float]]:
    """Measure both once, in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "base.yaml").write_text(BASE.format(days=days), encoding="utf-8")
        for name, runs in (("few", few), ("many", many)):
            (folder / f"{name}.yaml").write_text(STUDY.format(points=runs // 20), encoding="utf-8")
        return {made.__name__: each_run(made, folder, jobs, many - few) for made in (looped, swept)}


def main() -> None:
    """Measure and tell."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--few", type=int, default=FEW, help="runs of the shorter study, in twenties")
    options.add_argument("--many", type=int, default=MANY, help="runs of the longer one")
    options.add_argument("--days", type=int, default=DAYS, help="length of a run")
    options.add_argument("--turns", type=int, default=3, help="how often both are measured")
    options.add_argument("--jobs", type=int, default=executors.processors(), help="worker processes")
    asked = options.parse_args()
    executors.warm_up()
    turns = [turn(asked.few, asked.many, asked.days, asked.jobs) for _ in range(asked.turns)]
    for name in turns[0]:
        processor, clock = (median(one[name][place] for one in turns) for place in range(2))
        print(
            f"{name:7} {processor:6.2f} ms of processor time a run, {clock:6.2f} ms on the clock, {1000 / clock:.0f}/s"
        )
    for place, word in enumerate(("of processor time", "on the clock")):
        overheads = sorted(100 * (one["swept"][place] / one["looped"][place] - 1) for one in turns)
        spread = f"{overheads[0]:.1f} to {overheads[-1]:.1f}"
        print(f"overhead {median(overheads):5.1f} % {word} ({spread}), {asked.jobs} workers")


if __name__ == "__main__":
    main()
