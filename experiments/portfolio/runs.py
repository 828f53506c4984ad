"""Run portfolios by the model, each replicate under the same seed as the base."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Final

import numpy as np

from experiments.designs.replicates import replicate_seed
from experiments.measures.runs import Measured, measured
from experiments.portfolio.front import OUTCOMES, Samples
from experiments.portfolio.levers import Lever, Portfolio, by_lever
from experiments.runs import executors
from experiments.runs.checkpoint import Signature
from experiments.runs.failures import FailedRun
from experiments.runs.runner import Failed, attempted
from experiments.runs.starts import MANY, Starts, start_of
from experiments.store.extensions import present, text_of
from experiments.store.named_files import SameFiles, simulated
from experiments.store.runs.versions import present_name
from sim.scenario.schema.changes import Replace
from sim.scenario.schema.expected_cost import expected
from sim.scenario.schema.policy import policies
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import InputError, ScenarioError
from sim.scenario.text.suggestions import misspelt

WITHOUT: Final = frozenset({"usual_care"})
"""Policies that change nothing."""

Task = tuple[Scenario, int, int, str]
"""A run to make: scenario, seed, number of the replicate, start (`experiments.runs.starts`)."""


def every_lever(steps: int = 4, chosen: Iterable[str] | None = None) -> tuple[Lever, ...]:
    """Return a lever for each policy, or for each of the chosen policies.

    Raises
    ------
    ValueError
        When a policy does not exist, or changes nothing.
    """
    known = [key for key in policies() if key not in WITHOUT]
    wanted = known if chosen is None else list(chosen)
    stray = [key for key in wanted if key not in known]
    if stray:
        raise InputError(misspelt(f"there is no policy {stray[0]!r} to put into a portfolio", stray[0], known))
    return tuple(Lever(key, steps, policies()[key].example) for key in wanted)


def with_portfolio(base: Scenario, levers: Sequence[Lever], portfolio: Portfolio) -> Scenario:
    """Return the base with the policies of a portfolio; the base keeps its own policies that no lever sets.

    Raises
    ------
    ScenarioError
        When options are not allowed.
    """
    named = {lever.policy for lever in levers}
    uses: dict[str, object] = {name: use for name, use in base.policies.items() if use.policy not in named}
    for lever, intensity, chosen in by_lever(levers, portfolio):
        if intensity > 0.0:
            name = lever.policy if lever.policy not in uses else f"{lever.policy}_of_portfolio"
            uses[name] = {"policy": lever.policy, **lever.options, **chosen, "intensity": intensity}
    return base.with_changes(policies=Replace(uses))


@dataclass
class Evaluator:
    """Runs portfolios and compares them with the base, pair by pair.

    Parameters
    ----------
    base : Scenario
        The scenario to add portfolios to; its own uses of the levers' policies are removed from every portfolio.
    levers : tuple of Lever
    workers : Executor
        How to make the runs; the results do not depend on it.
    seed : int
        Seed from which the seeds of all replicates follow.
    """

    base: Scenario
    levers: tuple[Lever, ...]
    workers: executors.Executor
    seed: int
    signature: Signature = field(init=False)
    _bases: dict[int, tuple[float, ...]] = field(default_factory=dict)
    _failed_bases: dict[int, FailedRun] = field(default_factory=dict)
    _starts: Starts = field(default_factory=lambda: Starts(MANY))

    def __post_init__(self) -> None:
        brought = [one for lever in self.levers if (one := present("policy", lever.policy)) is not None]
        code = {"code of levers": text_of(sorted(brought))} if brought else {}
        self.signature = {"model": present_name(), "scenario": simulated(self.base), "seed": self.seed, **code}

    def __call__(self, portfolios: Sequence[Portfolio], replicates: range) -> Iterator[Samples]:
        """Yield the samples of each portfolio, in order, as soon as done; NaN if no scenario can have the portfolio."""
        places, tasks, impossible = self._tasks(portfolios, replicates)
        executors.warm_up()
        files = SameFiles.of(*{id(scenario): scenario for scenario, *_ in tasks}.values())
        results = zip(
            places, tasks, executors.none_lost(self.workers.each(_Measure(files, self._starts), tasks)), strict=True
        )
        given = 0
        for place, group in groupby(results, key=itemgetter(0)):
            mine, failed = _sorted(group, of_base=place < 0)
            if place < 0:
                self._bases |= mine
                self._failed_bases |= failed
                continue
            for skipped in range(given, place):
                yield self._samples({}, {}, replicates, impossible[skipped])
            yield self._samples(mine, failed, replicates)
            given = place + 1
        for skipped in range(given, len(portfolios)):
            yield self._samples({}, {}, replicates, impossible[skipped])

    def _tasks(
        self, portfolios: Sequence[Portfolio], replicates: range
    ) -> tuple[list[int], list[Task], dict[int, str]]:
        """Return the position of each task's portfolio (-1: the base), the tasks, and why portfolios are impossible."""
        scenarios, impossible = {-1: self.base}, {}
        for place, portfolio in enumerate(portfolios):
            try:
                scenarios[place] = with_portfolio(self.base, self.levers, portfolio)
            except ScenarioError as error:
                impossible[place] = error.reasons
        start = start_of(self.base)  # portfolios only differ from the base in policies
        planned = [
            (place, (scenario, replicate_seed(self.seed, number), number, start))
            for place, scenario in scenarios.items()
            for number in replicates
            if place >= 0 or number not in self._bases
        ]
        return [place for place, _ in planned], [task for _, task in planned], impossible

    def _samples(
        self,
        outcomes: Mapping[int, tuple[float, ...]],
        failed: Mapping[int, FailedRun],
        replicates: range,
        impossible: str = "",
    ) -> Samples:
        mine, theirs = (np.array([known.get(k, _NOTHING) for k in replicates]) for known in (outcomes, self._bases))
        minus = (mine - theirs * _MINUS_BASE).T
        if impossible:
            return Samples.of(minus, impossible=impossible)
        failures = [known[k] for known in (self._failed_bases, failed) for k in replicates if k in known]
        return Samples.of(minus, failures=tuple(failures))

    def least(self, portfolio: Portfolio) -> tuple[float, float]:
        """Return the fewest hours and yuan a week that all policies can take, without running the portfolio.

        Policies for the whole house always take theirs; others take none as long as no user takes part.
        """
        try:
            return expected(with_portfolio(self.base, self.levers, portfolio), least=True)
        except ScenarioError:
            return 0.0, 0.0  # no scenario can have it, which its evaluation says


_NOTHING: Final = (float("nan"),) * len(OUTCOMES)
_MINUS_BASE: Final = np.array([1.0, 1.0, 0.0, 0.0])
"""Which of `OUTCOMES` are differences from the base; a failed run of the base leaves none of them."""


def evaluator(
    base: Scenario, levers: Sequence[Lever], workers: executors.Executor | None = None, seed: int = 0
) -> Evaluator:
    """Return an evaluator that runs portfolios of these levers in a scenario."""
    return Evaluator(base, tuple(levers), workers or executors.executor(), seed)


@dataclass
class _Measure:
    """Makes a run and measures it, after a check that its files are those it was planned with."""

    files: SameFiles
    starts: Starts

    def __call__(self, task: Task) -> Measured | Failed:
        """Return the measures of a run, or the failure.

        Raises
        ------
        OtherFileError
            When a file has other contents here, which is not a failure of the portfolio.
        """
        self.files.require()
        scenario, seed, _, start = task
        return attempted(lambda: measured(self.starts.run(start, scenario, seed)))


def _sorted(
    results: Iterable[tuple[int, Task, Measured | Failed]], of_base: bool
) -> tuple[dict[int, tuple[float, ...]], dict[int, FailedRun]]:
    """Return the outcomes of the runs of a scenario, by replicate, and the failed runs, by replicate."""
    mine: dict[int, tuple[float, ...]] = {}
    failed: dict[int, FailedRun] = {}
    for _, (_, seed, number, _), result in results:
        if isinstance(result, Failed):
            mine[number] = _NOTHING
            failed[number] = FailedRun(number, seed, of_base, result.error, result.origin, result.trace)
        else:
            mine[number] = _outcomes(result)
    return mine, failed


def _outcomes(result: Measured) -> tuple[float, ...]:
    """Return loneliness, burden, wanted hours of staff a week, and yuan a week."""
    ends, weekly = result.ends, result.weekly
    return ends["loneliness_ucla20"], ends["burden"], weekly["hours_a_week"], weekly["money_a_week"]


__all__ = ["Evaluator", "evaluator", "every_lever", "with_portfolio"]
