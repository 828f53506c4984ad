"""What a sweep costs besides its runs: `python -m benchmarks.sweeping`.

The processor time of the parent and its workers is taken for two studies that differ by their number of runs alone, so
that starting the workers cancels out, and set against that of the runs by themselves, one after the other. Time on the
clock is told as well; it says little while the machine does something else.
"""

import resource
import tempfile
import time
from pathlib import Path

from experiments import executors
from experiments.measuring import measured
from experiments.studies import load_study
from experiments.studies.making import kept
from experiments.sweeping import sweep
from sim.run import run

FEW, MANY = 400, 4400
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


def alone(folder: Path, runs: int) -> tuple[float, float]:
    """Give processor seconds of a run alone, and of a run that is measured and made a row."""
    study = load_study(folder / "few.yaml")
    scenario = study.scenario(study.usual_care, 0)
    run(scenario, 0)
    begun = spent()
    for seed in range(runs):
        run(scenario, seed)
    bare = spent() - begun
    kept(run(scenario, 0))
    begun = spent()
    for seed in range(runs):
        measured(run(scenario, seed))
    return bare / runs, (spent() - begun) / runs


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
        (folder / "base.yaml").write_text(BASE.format(days=8), encoding="utf-8")
        for name, runs in (("few", FEW), ("many", MANY)):
            (folder / f"{name}.yaml").write_text(STUDY.format(points=runs // 20), encoding="utf-8")
        executors.warm_up()
        bare, with_measures = alone(folder, 500)
        few, few_clock = swept(folder, "few", jobs)
        many, many_clock = swept(folder, "many", jobs)
        bare_after, with_measures_after = alone(folder, 500)
    bare, with_measures = (bare + bare_after) / 2, (with_measures + with_measures_after) / 2
    each = (many - few) / (MANY - FEW)
    print(f"a run alone                    {1000 * bare:6.2f} ms")
    print(f"the same and measured          {1000 * with_measures:6.2f} ms")
    print(f"a run of a sweep               {1000 * each:6.2f} ms of processor time, {jobs} workers and the parent")
    print(f"                               {1000 * (many_clock - few_clock) / (MANY - FEW):6.2f} ms on the clock")
    print(f"overhead over measured runs    {100 * (each / with_measures - 1):6.1f} %")


if __name__ == "__main__":
    main()
