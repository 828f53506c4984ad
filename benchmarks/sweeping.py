"""What a sweep costs besides its runs: `python -m benchmarks.sweeping`.

The same runs are made by a sweep and by plain loops in as many processes. The processor time of parent and workers is
taken for two studies that differ by their number of runs alone, so that starting the workers cancels out. Time on the
clock is told as well; it says little while the machine does something else.
"""

import resource
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

from experiments import executors
from experiments.measuring import measured
from experiments.studies import load_study
from experiments.sweeping import sweep
from sim.run import run

FEW, MANY = 400, 4400
DAYS = 12
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
            measured(run(scenario, study.seed_of(replicate)))


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


def main() -> None:
    """Measure and tell."""
    jobs = executors.processors()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "base.yaml").write_text(BASE.format(days=DAYS), encoding="utf-8")
        for name, runs in (("few", FEW), ("many", MANY)):
            (folder / f"{name}.yaml").write_text(STUDY.format(points=runs // 20), encoding="utf-8")
        executors.warm_up()
        times = {made.__name__: [made(folder, name, jobs) for name in ("few", "many")] for made in (looped, swept)}
    each = {
        name: [1000 * (many - few) / (MANY - FEW) for few, many in zip(*both, strict=True)]
        for name, both in times.items()
    }
    for name, (processor, clock) in each.items():
        print(f"{name:7} {processor:6.2f} ms of processor time a run, {clock:6.2f} ms on the clock, {jobs} workers")
    (plain, plain_clock), (with_store, with_store_clock) = each["looped"], each["swept"]
    print(f"overhead {100 * (with_store / plain - 1):5.1f} % of processor time, ", end="")
    print(f"{100 * (with_store_clock / plain_clock - 1):5.1f} % on the clock")


if __name__ == "__main__":
    main()
