"""What a sweep will take, before it begins: runs still to be made, minutes on this machine, megabytes."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments import executors
from experiments.runner import COMPILING
from experiments.store.runs import RunStore
from experiments.store.runs_tables import Address, Kept
from experiments.studies.making import MakeRun, size_of
from experiments.studies.planning import Planned, planned
from experiments.studies.study import Study
from sim.kernel import is_warm

Tell = Callable[[str], None]


def present(store: RunStore, study: Study) -> set[Address]:
    """Give the addresses of runs of which the store holds all that a study wants."""
    there = store.addresses("runs")
    if study.daily:
        table = store.read("daily", [])
        rows = zip(*(table[name].to_pylist() for name in ("scenario", "seed", "outcome")), strict=True)
        kept_days: dict[str, set[Address]] = {name: set() for name in study.daily}
        for scenario, seed, outcome in rows:
            if outcome in kept_days:
                kept_days[outcome].add((scenario, seed))
        there = there.intersection(*kept_days.values())
    return there


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a sweep will take.

    Parameters
    ----------
    runs : int
        Still to be made.
    run_seconds : float
        One run on this machine.
    minutes : float
        With so many jobs.
    jobs : int
    megabytes : float
    """

    runs: int
    run_seconds: float
    minutes: float
    jobs: int
    megabytes: float


def missing_of(study: Study, folder: Path) -> list[Planned]:
    """List the runs the store lacks, failed ones included; nothing is written."""
    runs = planned(study)
    there = present(RunStore(folder), study) if folder.is_dir() else set()
    unique = {run.address: run for run in reversed(runs)}
    return [run for address, run in reversed(unique.items()) if address not in there]


def estimate(study: Study, missing: Sequence[Planned], jobs: int | None, tell: Tell = lambda _: None) -> Estimate:
    """Estimate what a sweep will take, from one run, which is not kept.

    Parameters
    ----------
    study : Study
    missing : sequence of Planned
    jobs : int, optional
        Processes; as many as there are processors when not given.
    tell : callable, optional
        Told when compiling lies ahead.
    """
    if not missing:
        return Estimate(0, 0.0, 0.0, jobs or executors.processors(), 0.0)
    if not is_warm():
        tell(COMPILING)
    executors.warm_up()
    one = missing[len(missing) // 2]
    make = MakeRun(study.trees(), study.daily)
    item = (one.lever, study.settings(one.lever, study.points[one.point]), one.seed)
    make(item)  # much is loaded on the way through the first
    begun = time.perf_counter()
    result = make(item)
    seconds = time.perf_counter() - begun
    size = size_of(result) if isinstance(result, Kept) else 1000
    jobs = jobs or executors.processors()
    return Estimate(len(missing), seconds, seconds * len(missing) / jobs / 60, jobs, size * len(missing) / 1e6)
