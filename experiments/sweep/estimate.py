"""Estimate what a sweep will take: runs to make, minutes on this machine, megabytes in the store."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from experiments.runs import executors
from experiments.runs.executors.pool import ProcessPool
from experiments.runs.runner import COMPILING
from experiments.runs.starts import whole_runs
from experiments.store import STORE
from experiments.store.runs.parts import Report, encoded
from experiments.store.runs.plans import read_plan
from experiments.store.runs.store import MOST_PARTS, RunStore
from experiments.store.runs.tables import Address, Kept, daily_table, runs_table
from experiments.studies.reference import StudyLike, study_of
from experiments.studies.study import Study
from experiments.sweep.completion import done
from experiments.sweep.plan import Planned, planned
from experiments.sweep.results import replicates_of
from experiments.sweep.run_task import Item, MakeRun
from sim.kernel import is_warm

TRIED: Final = 12
"""Most trial runs for an estimate, spread evenly over the runs to make."""
TRIED_SECONDS: Final = 3.0
"""Seconds after which an estimate starts no more trial runs."""
ROWS_A_PART: Final = 500
"""Rough number of runs in a part (a file of the store) of a long sweep, once small parts are merged."""
ENOUGH_ROWS: Final = 500
"""With at least this many runs in the store, their mean size predicts the size of new runs."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a sweep will take.

    Parameters
    ----------
    runs : int
        Runs to make.
    run_seconds : float
        Time of one run on this machine.
    start_seconds : float
        Time until the first worker starts on a run; 0 without workers.
    minutes : float
        Time of all runs with `jobs` processes, their start included.
    megabytes : float
        Size of all runs in the store, packed.
    """

    runs: int
    run_seconds: float
    start_seconds: float
    minutes: float
    jobs: int
    megabytes: float


def missing_of(study: Study, folder: Path) -> list[Planned]:
    """Return the runs of a study that the store lacks or that failed; write nothing."""
    store = RunStore(folder) if folder.is_dir() else None
    number = replicates_of(study, store, read_plan(store, study.name, store.report)) if store else study.replicates
    runs = planned(study, number)
    there = done(store, study.daily) if store else set()
    unique = {run.address: run for run in reversed(runs)}
    return [run for address, run in reversed(unique.items()) if address not in there]


def estimate(
    study: StudyLike, folder: Path | str = STORE, jobs: int | None = None, report: Report = lambda _: None
) -> Estimate:
    """Estimate what a sweep will take from a few trial runs, which are not kept.

    Parameters
    ----------
    study : Study, str or path
        A study, the name of a shipped study, or a file.
    folder : Path or str
        The store, by default results/store; the size of its runs predicts the size of new runs.
    jobs : int, optional
        Processes; by default one for each processor, or a single process when the work is short.
    report : callable, optional
        Receives a message when the model must be compiled first.
    """
    study, folder = study_of(study), Path(folder)
    missing = missing_of(study, folder)
    if not missing:
        return Estimate(0, 0.0, 0.0, 0.0, jobs or executors.processors(), 0.0)
    if not is_warm():
        report(str(COMPILING))
    executors.warm_up()
    make = MakeRun(study.trees(), study.daily)
    seconds, kept = _tried(study, make, missing)
    if jobs is None and seconds * len(missing) <= executors.WORTH_WORKERS:
        jobs = 1
    jobs = min(jobs or executors.processors(), len(missing))
    start = 0.0
    if jobs > 1:
        begun = time.perf_counter()
        list(ProcessPool(1).each(make, [_item(study, missing[0])]))
        start = max(0.0, time.perf_counter() - begun - seconds)
    minutes = (start + seconds * _whole_runs(study, make, missing) / jobs) / 60
    there = None if study.daily else _bytes_there(folder)  # runs of other studies may have no days
    size = there * len(missing) if there else _bytes(kept, len(missing))
    return Estimate(len(missing), seconds, start, minutes, jobs, size / 1e6)


def _bytes_there(folder: Path) -> float | None:
    """Return the mean size of a run in the store, in bytes; None when the store holds too few runs."""
    if not folder.is_dir():
        return None
    store = RunStore(folder)
    rows = len(store.read("runs", []))
    return store.size(["runs"]) / rows if rows >= ENOUGH_ROWS else None


def _item(study: Study, run: Planned) -> Item:
    return run.lever, study.settings(run.lever, study.points[run.point]), run.seed, ""


def _whole_runs(study: Study, make: MakeRun, missing: Sequence[Planned]) -> float:
    """Return how many runs that settle take as long as the missing runs, of which some share a start."""
    places = dict.fromkeys((run.point, run.lever) for run in missing)
    starts = {
        (point, lever): make.trees[lever].start(study.settings(lever, study.points[point])) for point, lever in places
    }
    return whole_runs((starts[run.point, run.lever], run.seed, study.levers[run.lever]) for run in missing)


def _tried(study: Study, make: MakeRun, missing: Sequence[Planned]) -> tuple[float, list[tuple[Address, Kept]]]:
    """Make trial runs; return the mean seconds of a run, and the results of the runs that did not fail."""
    number = min(TRIED, len(missing))
    chosen = [missing[place * len(missing) // number] for place in range(number)]
    make(_item(study, chosen[0]))  # the first run also loads much code, so it is not timed
    kept: list[tuple[Address, Kept]] = []
    begun = time.perf_counter()
    number, took = 0, 0.0
    for run in chosen:
        result = make(_item(study, run))
        number, took = number + 1, time.perf_counter() - begun
        if isinstance(result, Kept):
            kept.append((run.address, result))
        if took > TRIED_SECONDS:
            break
    return took / number, kept


def _bytes(rows: Sequence[tuple[Address, Kept]], number: int) -> float:
    """Estimate the bytes that `number` runs take in the store: pack the trial runs as a sweep would.

    A part with twice as many rows is less than twice as large, since each of its many columns has a fixed cost too.
    Large parts pack a little better than the trial runs, so the estimate is rather too high.
    """
    if len(rows) < 2:
        return 1000.0 * number
    half = len(rows) // 2
    few, more = _packed(rows[:half]), _packed(rows[: 2 * half])
    each = (more - few) / half
    return each * number + (few - each * half) * min(MOST_PARTS, 1 + number // ROWS_A_PART)


def _packed(rows: Sequence[tuple[Address, Kept]]) -> int:
    tables = [runs_table(rows), daily_table(rows)]
    return sum(len(encoded(table, slim=True)) for table in tables if len(table))
