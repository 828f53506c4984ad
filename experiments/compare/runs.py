"""Make the runs of a comparison, under the same seeds, and compare them by `experiments.statistics`.

Both `dayroom compare` and notebooks call `compare`.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from experiments.compare.contrasts import Contrast, judged
from experiments.compare.decomposition import decomposed
from experiments.compare.draws import over_draws
from experiments.compare.ensembles import ensemble
from experiments.compare.result import Comparison, Done, put_together
from experiments.designs.paired import PairedRun, UncomparableError, comparable, named_apart, paired
from experiments.measures.discounted import DISCOUNT, weights
from experiments.measures.runs import Measured, measured
from experiments.runs import LostWorkerError, executors
from experiments.runs.runner import Failed, attempted
from experiments.runs.size import about, tried
from experiments.runs.starts import Starts, start_of, starts_of, whole_runs
from experiments.statistics import precision
from experiments.statistics.intervals import Array
from experiments.statistics.verdict import CLEAR
from experiments.worth.decision import checked_willingness
from experiments.worth.result import GRID
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES
from sim.scenario.reading import ScenarioLike, scenarios_of
from sim.scenario.schema.changes import Replace
from sim.scenario.schema.quantity import whole_seed
from sim.scenario.schema.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


Report = Callable[[str], None]


def compare(
    base: ScenarioLike,
    others: ScenarioLike | Sequence[ScenarioLike],
    *,
    replicates: int = 50,
    seed: int | None = None,
    days: int | None = None,
    jobs: int | None = None,
    until: str | None = None,
    most: int = 2000,
    uncertain: "int | pd.DataFrame" = 0,
    worth: float | None = None,
    discount: float = DISCOUNT,
    decompose: bool = False,
    groups: Mapping[str, str] | None = None,
    references: Mapping[str, str] | None = None,
    report: Report = lambda _: None,
    step: Callable[[int], None] = lambda _: None,
) -> Comparison:
    """Run scenarios under the same seeds and compare the others with the base.

    Parameters
    ----------
    base, others : Scenario, str or path; one or several of them
        A scenario, a shipped name, or a path each.
    replicates : int
        Number of pairs of runs; with `until`, of the pilot.
    seed, days : int, optional
        By default the seed of the base, or 0; and each scenario's own length.
    jobs : int, optional
        Number of processes; by default as many as shorten the wait. The result does not depend on it.
    until : str, optional
        Precision to reach, such as "loneliness_ucla20 ±0.5": Stein's rule sets the pairs, at most `most` in all.
    uncertain : int or DataFrame
        Number of draws of unknown parameters, or the draws themselves (one column for each parameter); 0 for none.
    worth : float, optional
        Money that a point of loneliness less, for a user and year, is worth; by default a range of amounts.
    discount : float
        Yearly rate at which costs and loneliness over the run are discounted, 0 to 1.
    decompose : bool
        Whether to split each effect into new ties, what flows along ties, and direct help.
    groups : mapping of str to str, optional
        Conditions such as "age < 30" by name, beside the groups of the base.
    references : mapping of str to str, optional
        By name of scenario: the name or path in the command line, for the commands that repeat failed runs.
    report, step : callable
        `compare` calls `report` with each message, and `step` after each run with the runs of the current part.

    Raises
    ------
    UncomparableError
        When there is no other scenario, two share a name, lengths differ, a number is out of range, or all runs fail.
    EnsembleError, ScenarioError
        When the given draws are not an ensemble of these scenarios; when a group is no condition on users.
    ValueError
        When `worth` is below 0 or `discount` is outside 0 to 1.

    Examples
    --------
    >>> from dayroom import compare, load_scenario
    >>> tiny = load_scenario("baseline").with_changes(days=7, settling=0)
    >>> compare(tiny, tiny.with_changes(name="staffed", centres={"park": {"staff": 4}}), replicates=3, jobs=1).others
    ['staffed']
    """
    scenarios = with_groups_of_base(named_apart(chosen := loaded(base, others, days)), groups or {})
    uncertain = _checked(scenarios, replicates, until, most, uncertain, decompose)
    amounts = GRID if worth is None else checked_willingness([worth])
    weights(1, discount)
    seed = whole_seed(seed if seed is not None else (chosen[0].seed or 0))
    workers = executors.executor(jobs)
    rule = precision.Rule(precision.parse_until(until), replicates, most) if until else None
    _estimate(scenarios, replicates, workers, report)
    make = partial(_made, scenarios, seed, workers=workers, step=step, discount=discount)
    result = _compared(scenarios, seed, replicates, rule, make, references or {}, report)
    if not isinstance(uncertain, int) or uncertain > 0:
        draws = over_draws(scenarios, result.values, uncertain, seed, workers, report, step, amounts, discount)
        result = replace(result, uncertain=draws)
    if decompose:
        result = replace(result, parts=decomposed(scenarios, seed, min(replicates, 40), workers, report, step))
    return result


def _compared(
    scenarios: dict[str, Scenario],
    seed: int,
    replicates: int,
    rule: precision.Rule | None,
    make: Callable[[range], Iterator[Done]],
    references: Mapping[str, str],
    report: Report,
) -> Comparison:
    """Make the pairs of runs, with a rule as many as it asks for, and put their results together."""
    done = list(make(range(replicates)))
    if rule is None:
        return put_together(scenarios, seed, done, references)
    pilot, users = _differences(done, scenarios), _users(done)
    if (wanted := rule.planned(pilot, users)) > replicates:
        report(precision.takes(rule.needed(pilot, users), rule.most, "pair", "--max"))
        done += make(range(replicates, wanted))
    result = put_together(scenarios, seed, done, references)
    reached = rule.reached(_differences(done, scenarios), _users(done))
    return replace(result, reached=reached, contrasts=[_by_rule(row, reached) for row in result.contrasts])


def _checked(
    scenarios: dict[str, Scenario],
    replicates: int,
    until: str | None,
    most: int,
    uncertain: "int | pd.DataFrame",
    decompose: bool,
) -> "int | pd.DataFrame":
    """Check the arguments before any run; return the number of draws, or the draws as numbers."""
    if replicates < 1:
        raise UncomparableError(say("replicates: found {replicates}, allowed is 1 or more", replicates=replicates))
    if until is not None and replicates < 2:
        raise UncomparableError(
            say(
                "a precision to reach takes 2 pairs to begin with (--min), better {better}; found {replicates}",
                better=precision.LEAST,
                replicates=replicates,
            )
        )
    if until is not None and most < replicates:
        raise UncomparableError(
            say(
                "the most pairs (--max), {most}, are fewer than those to begin with (--min), {replicates}",
                most=most,
                replicates=replicates,
            )
        )
    if isinstance(uncertain, int) and uncertain not in (0, *range(2, 100_001)):
        raise UncomparableError(
            say("draws of what nobody knows: found {uncertain}, allowed is 0, or 2 to 100000", uncertain=uncertain)
        )
    if decompose:
        comparable(scenarios)
    return uncertain if isinstance(uncertain, int) else ensemble(uncertain, list(scenarios.values()))


def _by_rule(row: Contrast, reached: Sequence[precision.Reached]) -> Contrast:
    """Replace the interval of a contrast by that of the stopping rule, which keeps its coverage, if it has both."""
    for target in reached:
        same = (target.scenario, target.outcome) == (row.scenario, row.outcome)
        if same and not np.isnan(row.low) and not np.isnan(target.low):
            return judged(replace(row, low=target.low, high=target.high), clear=row.verdict in CLEAR)
    return row


def loaded(
    base: ScenarioLike, others: ScenarioLike | Sequence[ScenarioLike], days: int | None = None
) -> list[Scenario]:
    """Load scenarios to compare, the base first, and check that they go together.

    Raises
    ------
    UncomparableError
        When there is no other scenario, two share a name, or lengths differ.
    ScenarioError
        With the mistakes of all scenarios.
    """
    several = [others] if isinstance(others, Scenario | str | os.PathLike) else others
    chosen = scenarios_of((base, *several))
    if len(chosen) < 2:
        raise UncomparableError("a comparison takes a base and at least one other scenario")
    if days is not None:
        chosen = [scenario.with_changes(days=days) for scenario in chosen]
    named_apart(chosen)
    return chosen


def with_groups_of_base(scenarios: dict[str, Scenario], groups: Mapping[str, str]) -> dict[str, Scenario]:
    """Return the scenarios with the groups of the base, the first of them, and with `groups`."""
    base = next(iter(scenarios.values()))
    chosen = {**base.groups, **groups}
    return {name: one.with_changes(groups=Replace(chosen)) for name, one in scenarios.items()}


@dataclass
class _Measure:
    """Makes a run and returns what the comparison needs, or the failure."""

    discount: float = DISCOUNT
    starts: Starts = field(default_factory=Starts)

    def __call__(self, planned: PairedRun) -> Measured | Failed:
        days = (planned.scenario.days,) if planned.keeps_network else ()
        return attempted(
            lambda: measured(
                self.starts.run(planned.start, planned.scenario, planned.seed, graph_days=days), self.discount
            )
        )


def _made(
    scenarios: dict[str, Scenario],
    seed: int,
    numbers: range,
    workers: executors.Executor,
    step: Callable[[int], None],
    discount: float,
) -> Iterator[Done]:
    plans = list(paired(scenarios, seed, numbers))
    starts = starts_of([(plan.scenario, plan.seed) for plan in plans])
    plans = [replace(plan, start=start) for plan, start in zip(plans, starts, strict=True)]
    for plan, result in zip(plans, workers.each(_Measure(discount), plans), strict=True):
        step(len(plans))
        if isinstance(result, LostWorkerError):
            yield plan, Failed(str(result), origin="the worker process, not the model")
        else:
            yield plan, result


def _estimate(scenarios: dict[str, Scenario], replicates: int, workers: executors.Executor, report: Report) -> None:
    """Report how long the runs will take, from the time of a run of the base."""
    executors.warm_up()
    first = next(iter(paired(scenarios, 0, range(1), networks=False)))
    runs = replicates * len(scenarios)
    of_a_seed = whole_runs((start_of(scenario), 0, scenario) for scenario in scenarios.values())
    _, seconds = tried(lambda: _Measure()(first), replicates * of_a_seed, workers)
    report(
        say(
            "{runs:,} runs ({scenarios} scenarios x {replicates} seeds), {time}",
            runs=runs,
            scenarios=len(scenarios),
            replicates=replicates,
            time=about(seconds),
        )
    )


def _users(done: Sequence[Done]) -> dict[str, float]:
    """Return the mean number of users at the end, by scenario."""
    numbers: dict[str, list[float]] = {}
    for plan, result in done:
        if isinstance(result, Measured):
            numbers.setdefault(plan.name, []).append(result.ends["users"])
    return {name: float(np.mean(some)) for name, some in numbers.items()}


def _differences(done: Sequence[Done], scenarios: dict[str, Scenario]) -> dict[tuple[str, str], Array]:
    """Return paired differences by scenario and outcome, one value for each replicate; NaN where a run failed."""
    base, *others = scenarios
    by_run = {(plan.name, plan.replicate): result for plan, result in done}
    numbers = sorted({plan.replicate for plan, _ in done})

    def end(name: str, number: int, outcome: str) -> float:
        result = by_run[name, number]
        return result.ends.get(outcome, float("nan")) if isinstance(result, Measured) else float("nan")

    own = (name for result in by_run.values() if isinstance(result, Measured) for name in result.ends)
    return {
        (other, outcome): np.array([end(other, number, outcome) - end(base, number, outcome) for number in numbers])
        for other in others
        for outcome in dict.fromkeys([*OUTCOMES, *own])
    }
