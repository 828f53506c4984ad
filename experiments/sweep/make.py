"""Sweep a study: make the runs that the store lacks, and keep them. After an interruption, another call continues."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from experiments.runs import LostWorkerError, executors
from experiments.runs.runner import COMPILING
from experiments.runs.starts import shared
from experiments.statistics.numbers import commas
from experiments.store import STORE
from experiments.store.extensions import extensions_of
from experiments.store.folder import ResultError
from experiments.store.runs.parts import Alarm, Report
from experiments.store.runs.plans import read_plan, write_plan
from experiments.store.runs.store import RunStore
from experiments.store.runs.tables import Address, Broken, Kept
from experiments.studies.reference import StudyLike, study_of
from experiments.studies.study import Study
from experiments.sweep.batch_writer import BatchWriter
from experiments.sweep.completion import done
from experiments.sweep.order import Place, ordered
from experiments.sweep.other_versions import listed, other_versions, superseded
from experiments.sweep.ownership import about, require_own
from experiments.sweep.plan import Planned, planned
from experiments.sweep.precision import needed, unmet, values_of
from experiments.sweep.progress import CountedLine
from experiments.sweep.results import plan_columns, replicates_of
from experiments.sweep.run_task import Item, MakeRun, Settings
from sim.kernel import is_warm
from sim.language import later, say
from sim.scenario.text.nodes import quoted

Step = Callable[[int, bool], None]
Ahead = Callable[[int, int, int], None]

OVERWRITE: Final = later(", or let this one take its place with --overwrite (in Python overwrite=True)")
"""Advice at the end of the message that another study has the name."""
MOST_KINDS: Final = 20
"""Most kinds of failure that a sweep reports."""


@dataclass(slots=True)
class Example:
    """A run that failed, and how many failed in the same way."""

    run: Planned
    broken: Broken
    number: int = 1


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did.

    Parameters
    ----------
    planned : int
        Runs of the study; runs with the same address count once.
    stored : int
        Runs that the store held before the sweep.
    left : int
        Runs that failed in an earlier sweep and were not tried again.
    examples : tuple of Example
        The first failed run of each kind of failure (same step, error and origin).
    unmet : tuple of str
        Sentences about precision not reached: the outcome, the scenario, how far off, the replicates it would take.
    """

    planned: int
    stored: int
    made: int
    failed: int
    left: int
    seconds: float
    jobs: int
    examples: tuple[Example, ...] = ()
    unmet: tuple[str, ...] = ()


def sweep(
    study: StudyLike,
    folder: Path | str = STORE,
    workers: executors.Executor | None = None,
    *,
    retry_failed: bool = False,
    only: str = "",
    overwrite: bool = False,
    progress: bool = False,
    report: Report = lambda _: None,
    step: Step = lambda total, failed: None,
    ahead: Ahead = lambda ahead, before, whole: None,
) -> Swept:
    """Make the runs of a study that the store lacks.

    Parameters
    ----------
    study : Study, str or path
        A study, the name of a shipped study, or a file.
    folder : Path or str
        The store, by default results/store; created if missing. Several sweeps may write into it at once.
    workers : Executor, optional
        The executor that makes the runs; results do not depend on it.
    retry_failed : bool
        Whether to repeat runs that failed before. Runs whose worker died are always repeated.
    only : str
        Key of the only run to make, even if the store holds it.
    overwrite : bool
        Whether the study may replace another study of its name; the other's runs stay but are no longer listed.
    progress : bool
        Whether to count the runs on a line of the standard output.
    report : callable
        Receives messages for the user.
    step : callable
        Receives, after each run, the number of runs to make and whether this run failed.
    ahead : callable
        Receives, before the first run, three numbers: runs to make, runs in the store, runs of the study.

    Raises
    ------
    ResultError
        When the store cannot be written to or holds another study of that name, or no run has the key `only`.

    Examples
    --------
    >>> from dayroom import InProcess, define_study, load_scenario, sweep
    >>> tiny = load_scenario("baseline").with_changes(days=3, settling=0)
    >>> study = define_study("Which points matter?", tiny, design="replicates", replicates=2)
    >>> swept = sweep(study, "own-store", InProcess())
    >>> swept.made, sweep(study, "own-store", InProcess()).made
    (2, 0)
    """
    study = study_of(study)
    if only:
        _with_key(study, planned(study, study.most_replicates if study.precision else None), only)
    elif not overwrite:
        require_own(study, RunStore(Path(folder), report=report), OVERWRITE)
    line = CountedLine()
    sweeping = _Sweep(study, workers or executors.executor(), report, line.step if progress else step, ahead)
    with closing(line), RunStore(Path(folder), report=report) as store:
        begun = time.perf_counter()
        if not is_warm():
            report(str(COMPILING))
        executors.warm_up()
        runs = sweeping.of_plan(store, study.replicates, retry_failed, only)
        if study.precision and not only:
            sweeping.to_precision(store, runs, retry_failed)
        return sweeping.swept(time.perf_counter() - begun)


@dataclass
class _Sweep:
    """One sweep: its counts and its work."""

    study: Study
    workers: executors.Executor
    report: Report
    step: Step
    ahead: Ahead
    planned: int = 0
    stored: int = 0
    left: int = 0
    made: int = 0
    failed: int = 0
    examples: dict[tuple[str, str, str], Example] = field(default_factory=dict)
    unmet: tuple[str, ...] = ()

    def swept(self, seconds: float) -> Swept:
        counts = (self.planned, self.stored, self.made, self.failed, self.left)
        return Swept(*counts, seconds, self.workers.jobs, tuple(self.examples.values()), self.unmet)

    def to_precision(self, store: RunStore, runs: Sequence[Planned], retry_failed: bool) -> None:
        """Add replicates until the precision is met, by Stein's rule from the first replicates; note what falls short.

        A scenario with fewer than two values has no variance and asks for no replicates. Otherwise a scenario that
        always fails would make every other scenario run the most replicates.
        """
        from experiments.statistics.precision import takes

        study = self.study
        by_scenario = needed(study, values_of(study, store, runs))
        wanted = max(by_scenario.values(), default=0)
        if wanted > study.replicates:
            message = takes(wanted, study.most_replicates, "replicate", "most_replicates")
            if wanted > study.most_replicates:
                at, outcome = max(by_scenario, key=by_scenario.__getitem__)
                message = say("{message} ({outcome}, {at})", message=message, outcome=outcome, at=at)
            self.report(message)
            runs = self.of_plan(store, min(wanted, study.most_replicates), retry_failed)
        else:
            self.write_plan(store, runs)
        self.unmet = unmet(study, values_of(study, store, runs))

    def of_plan(self, store: RunStore, replicates: int, retry_failed: bool, only: str = "") -> list[Planned]:
        """Write the plan for this number of replicates, make its missing runs, and return all its runs."""
        first = self.study.precision and not only and replicates == self.study.replicates
        most = self.study.most_replicates if self.study.precision and only else replicates
        runs = planned(self.study, most)
        if only:
            missing = _with_key(self.study, runs, only)
        else:
            self.write_plan(store, self._grown(store) if first else runs)
            missing = self._missing(store, runs, retry_failed)
            if missing and not self.made:
                self._tell_other_versions(store)
            self.ahead(len(missing), self.stored + self.made, self.planned)
        self._make(store, missing)
        return runs

    def write_plan(self, store: RunStore, runs: Sequence[Planned]) -> None:
        """Write which runs belong to the study."""
        study = self.study
        write_plan(store, study.name, plan_columns(study, runs), about(study, store), study.daily)

    def _grown(self, store: RunStore) -> list[Planned]:
        """Return the study's runs with as many replicates as an earlier sweep made.

        They are the plan until the sweep knows how many replicates the precision takes now: if the sweep stops before
        then, replicates in the store must stay listed.
        """
        kept = read_plan(store, self.study.name, self.report)
        return planned(self.study, replicates_of(self.study, store, kept))

    def _tell_other_versions(self, store: RunStore) -> None:
        """If runs exist under other versions of the model or of a policy, say so, and why they are made again."""
        wanted = extensions_of(*self.study.levers.values())
        if older := superseded(store, wanted):
            self.report(
                Alarm(
                    say(
                        "the store holds runs with another version of what other packages bring: {older}; "
                        "they stay, and runs are made with the present {present}",
                        older=commas(older),
                        present=commas([*map(str, wanted)]),
                    )
                )
            )
        if others := other_versions(self.study.name, store.folder, store.version):
            self.report(
                Alarm(
                    say(
                        "the store holds runs of {study} under another version of the model: {others}; "
                        "results of different versions never mix, so they are made with the present one "
                        "(`dayroom status` says what changed)",
                        study=self.study.name,
                        others=listed(others),
                    )
                )
            )

    def _missing(self, store: RunStore, runs: Sequence[Planned], retry_failed: bool) -> list[Planned]:
        """Return the runs to make, one for each address, and count those found and those left as failed."""
        unique = {run.address: run for run in reversed(runs)}
        there = done(store, self.study.daily)
        failures = {} if retry_failed else _failed(store)
        missing = [run for address, run in reversed(unique.items()) if address not in there]
        todo = [run for run in missing if failures.get(run.address, "worker") == "worker"]
        self.planned = len(unique)
        self.stored = len(unique) - len(missing) - self.made
        self.left = len(missing) - len(todo) - self.failed
        return todo

    def _make(self, store: RunStore, missing: Sequence[Planned]) -> None:
        """Make the runs, then repeat, in a second pass, those whose worker died."""
        writer = BatchWriter(store)
        lost: list[Planned] = []
        try:
            for run, result in self._done(missing):
                if isinstance(result, LostWorkerError):
                    lost.append(run)
                else:
                    self._take(writer, run, result, len(missing))
            for run, result in self._done(lost):
                if isinstance(result, LostWorkerError):
                    result = Broken("worker", str(result), "the worker process, not the model")
                self._take(writer, run, result, len(missing))
        finally:
            writer.write()
            self.failed += len(writer.unwritable)
            for run, broken in writer.unwritable:
                self._remember(run, broken)

    def _done(self, runs: Sequence[Planned]) -> Iterator[tuple[Planned, Kept | Broken | LostWorkerError]]:
        if not runs:
            return
        settings: dict[Place, Settings] = {}
        starts: dict[Place, str] = {}
        trees = self.study.trees()
        for run in runs:
            place = (run.point, run.lever)
            if place not in settings:
                settings[place] = self.study.settings(run.lever, self.study.points[run.point])
                if trees[run.lever].digest(settings[place]) != run.scenario:
                    raise ResultError(
                        say(
                            "a file that {lever} names has changed since the sweep began; begin it again",
                            lever=run.lever,
                        )
                    )
                starts[place] = trees[run.lever].start(settings[place])
        runs = ordered(runs, starts)
        names = shared((starts[run.point, run.lever], run.seed) for run in runs)
        items: list[Item] = [
            (run.lever, settings[run.point, run.lever], run.seed, name) for run, name in zip(runs, names, strict=True)
        ]
        results = self.workers.each(MakeRun(trees, self.study.daily), items)
        with closing(results):  # type: ignore[type-var]
            yield from zip(runs, results, strict=True)

    def _take(self, writer: "BatchWriter", run: Planned, result: Kept | Broken, total: int) -> None:
        is_broken = isinstance(result, Broken)
        self.made += not is_broken
        self.failed += is_broken
        if isinstance(result, Broken):
            self._remember(run, result)
        self.step(total, is_broken)
        writer.add(run, result)

    def _remember(self, run: Planned, broken: Broken) -> None:
        """Count a failure under its kind, with its run as the example if it is the first."""
        kind = (broken.where, broken.error, broken.origin)
        if kind in self.examples:
            self.examples[kind].number += 1
        elif len(self.examples) < MOST_KINDS:
            self.examples[kind] = Example(run, broken)


def _with_key(study: Study, runs: Sequence[Planned], key: str) -> list[Planned]:
    """Return the run with this key, in a list; raise `ResultError` when no run has it."""
    matches = {run.address: run for run in runs if run.key == key}
    if not matches:
        values = {"key": quoted(key), "study": study.name, "reference": study.reference}
        raise ResultError(
            say(
                "--only: found {key}, which is no run of {study}; allowed is a key of the list that "
                "`dayroom sweep {reference} --dry-run` prints",
                **values,
            )
            if study.reference
            else say(
                "--only: found {key}, which is no run of {study}; allowed is a key of the list that "
                "`planned(study)` gives",
                **values,
            )
        )
    return list(matches.values())


def _failed(store: RunStore) -> dict[Address, str]:
    """Return the addresses of failed runs, with the step at which each failed."""
    table = store.read("failures", ["where"])
    rows = zip(*(table[name].to_pylist() for name in ("scenario", "seed", "where")), strict=True)
    return {(scenario, seed): where for scenario, seed, where in rows}
