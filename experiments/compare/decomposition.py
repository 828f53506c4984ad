"""Split the effect of a policy into new ties, what flows along ties, and direct help, by counterfactual runs.

The run of the policy and the run of the base advance together, day by day, under the same seed. A counterfactual run
copies from the base either or both of two ways in which users affect each other: **ties** (who is near to whom, likes
whom, and keeps away) and **flows** (what a day's talk, help and contact do to a user, and to trust, knowledge and help
between two users). With both frozen, only the direct effect of the policy on a user remains. The effect through ties is
the effect that freezing ties removes, averaged over free and frozen flows (the Shapley value of two players); likewise
for flows. The three parts add up to the whole effect. Where ties and flows work together, the two orders of freezing
give different parts: each part has the range over both orders beside it.

Direct help is 0 in all runs where a policy reaches an outcome only through what is frozen, such as talk.

"Selection" and "influence" after Steglich, Snijders & Pearson (2010), doi 10.1111/j.1467-9531.2010.01225.x.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.designs.paired import comparable
from experiments.designs.replicates import replicate_seed
from experiments.measures.runs import END_DAYS, over_centres
from experiments.runs import executors
from experiments.runs.runner import Failed, attempted
from experiments.runs.starts import MANY, Starts, start_of
from experiments.statistics.intervals import Array
from experiments.statistics.numbers import apart_from_0, many, signed
from experiments.statistics.verdict import FEWEST, differing, sound_interval
from sim.engine import Engine
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.outcomes.measures import mean_of
from sim.scenario.schema.scenario import Scenario
from sim.state.columns import PRESENT, USER

PARTS: Final = ("new ties", "what flows along ties", "direct help")
"""Selection, influence, and the remaining effect."""

_STATES: Final = (
    "mood", "needs", "threshold", "self_worth", "self_stigma", "acceptance", "identity", "hope", "burden", "reminded",
    "learned_empathy", "given", "received",
)  # fmt: skip
"""Columns of a user's state and memory that talk, help and contact change during a day."""
_FLOWING: Final = (
    *_STATES,
    *(column.name for column in USER if column.kind == "tally" and column.name != "attends"),
)
"""Columns of a user that flows change: those of `_STATES`, and the tallies of the day."""
_SHARES: Final = tuple(column.name for column in USER if column.name in _FLOWING and column.range == (0, 1))
_FLOWS_OF_TIES: Final = {"trust": 1.0, "told": 1.0, "known": 1.0, "help": np.inf}
"""Columns of a tie that flows change, with their highest values."""
_NEAR: Final = ("closeness", "liking", "withdrawn", "shared")
"""Columns of a tie that freezing ties copies from the base."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an effect.

    Parameters
    ----------
    scenario, outcome, part : str
        `part` is one of `PARTS`, or "whole".
    difference, low, high : float
        Mean over seeds and its 95 % interval; NaN where too few seeds differ from 0.
    n : int
        Number of seeds.
    order_low, order_high : float
        Smaller and larger mean of the part over the two orders of freezing; `difference` lies halfway. Equal for the
        whole and for direct help, which have no order.
    always_0 : bool
        Whether the part is direct help and exactly 0 in every run although the effect is not: with ties and flows
        frozen, nothing of the policy reached the outcome. It is then no finding.
    differ : int
        Number of seeds under which the part is not 0.
    """

    scenario: str
    outcome: str
    part: str
    difference: float
    low: float
    high: float
    n: int
    order_low: float
    order_high: float
    always_0: bool = False
    differ: int = 0

    def words(self) -> str:
        """Return the part in words: its size, its interval, and its range over the orders of freezing."""
        if self.always_0:
            return say("0 in all {n} runs (nothing acted but through what is frozen; no finding)", n=self.n)
        rough = signed(self.difference, 2, "never", "g")
        if self.n < FEWEST:
            return say("{difference} under {seeds}, too few to say", difference=rough, seeds=many(self.n, "seed"))
        if 0 < self.differ < FEWEST:
            return say(
                "{difference}, too rare to say: not 0 in {differ} of {n} runs",
                difference=rough,
                differ=self.differ,
                n=self.n,
            )
        size, low, high = apart_from_0([self.difference, self.low, self.high], 2)
        text = say("{value} ({low} to {high})", value=size, low=low, high=high) if np.isfinite(self.low) else size
        if self.part not in PARTS[:2]:
            return text
        first, second = apart_from_0([self.order_low, self.order_high], 2)
        return say("{effect}; by order of freezing {first} to {second}", effect=text, first=first, second=second)


def effects(base: Scenario, other: Scenario, seed: int) -> dict[str, dict[str, tuple[float, float]]]:
    """Return the effect on each primary outcome under one seed, whole and split, by part and then outcome.

    Returns
    -------
    dict of str to dict
        Two numbers each: the part when ties are frozen first, and when flows are frozen first. Their mean is the part.
    """
    beginnings, both = Starts(MANY), [(start_of(base), base), (start_of(other), other)]

    def effect(*, ties: bool, flows: bool) -> dict[str, float]:
        plain, changed = (beginnings.engine(start, scenario, seed) for start, scenario in both)
        return _effect(plain, changed, ties=ties, flows=flows)

    free, no_ties = effect(ties=False, flows=False), effect(ties=True, flows=False)
    no_flows, neither = effect(ties=False, flows=True), effect(ties=True, flows=True)
    by_part: dict[str, dict[str, tuple[float, float]]] = {part: {} for part in ("whole", *PARTS)}
    for name in PRIMARY:
        by_ties = free[name] - no_ties[name], no_flows[name] - neither[name]
        by_flows = no_ties[name] - neither[name], free[name] - no_flows[name]
        directly, whole = (neither[name], neither[name]), (free[name], free[name])
        for part, orders in zip(("whole", *PARTS), (whole, by_ties, by_flows, directly), strict=True):
            by_part[part][name] = orders
    return by_part


def _effect(plain: Engine, changed: Engine, *, ties: bool, flows: bool) -> dict[str, float]:
    """Return the changed run minus the plain one at their end, by primary outcome, with ties or flows of the plain."""
    days = plain.scenario.days
    for _ in range(days):
        plain.open_day()
        changed.open_day()
        _live_beside(plain, changed, ties=ties, flows=flows)
        plain.close_day()
        changed.close_day()
    last = slice(-min(END_DAYS, days), None)
    return {
        name: over_centres(changed.daily[last], OUTCOMES[name]) - over_centres(plain.daily[last], OUTCOMES[name])
        for name in PRIMARY
    }


def _live_beside(plain: Engine, changed: Engine, *, ties: bool, flows: bool) -> None:
    """Advance both runs by a day and copy what is frozen from the base; workers and staff (part 7) act directly."""
    both = (plain, changed)
    for engine in both:
        engine.live(1, 3)
    pairs = _same_users(plain, changed)
    for first, last, among_users in ((4, 6, True), (7, 7, False), (8, 9, True), (10, 12, False)):
        before = [_kept(engine) for engine in both] if flows and among_users else []
        for engine in both:
            engine.live(first, last)
        if ties:
            _take_ties(plain, changed, pairs)
        if before:
            _take_flows(plain, changed, before, pairs)
    for engine in both:
        engine.live(13, 13)


Rows = NDArray[np.intp]
Pairs = tuple[Rows, Rows, Rows, Rows]
Columns = dict[str, NDArray[np.generic]]


def _same_users(plain: Engine, changed: Engine) -> Pairs:
    """Return the rows, in each run, of users enrolled in both, and of the ties between them."""
    rows = [np.flatnonzero(engine.state.users["status"] == PRESENT) for engine in (plain, changed)]
    uids = [engine.state.users["uid"][mine] for engine, mine in zip((plain, changed), rows, strict=True)]
    _, i, j = np.intersect1d(*uids, return_indices=True)
    here, there = rows[0][i], rows[1][j]
    centre = plain.state.users["centre"][here]
    places: list[list[Rows]] = [[], []]
    for c in range(len(plain.centres)):
        inside = centre == c
        for k, (engine, mine) in enumerate(((plain, here[inside]), (changed, there[inside]))):
            spec, seats = engine.state.centres[c], engine.state.users["seat"][mine]
            places[k].append((int(spec.first_tie) + seats[:, None] * int(spec.capacity) + seats[None, :]).ravel())
    return here, there, np.concatenate(places[0]), np.concatenate(places[1])


def _kept(engine: Engine) -> Columns:
    """Return copies of all columns that flows change."""
    users, ties = engine.state.users, engine.state.ties
    kept = {name: users[name].copy() for name in _FLOWING}
    return kept | {f"tie.{name}": ties[name].copy() for name in _FLOWS_OF_TIES}


def _take_flows(plain: Engine, changed: Engine, before: list[Columns], pairs: Pairs) -> None:
    """Replace the changes since `before`, in users and ties, by those in the base."""
    here, there, tie_here, tie_there = pairs
    for name in _FLOWING:
        moved = plain.state.users[name][here] - before[0][name][here]
        values = before[1][name][there] + moved
        changed.state.users[name][there] = np.clip(values, 0.0, 1.0) if name in _SHARES else values
    for name, most in _FLOWS_OF_TIES.items():
        moved = plain.state.ties[name][tie_here] - before[0][f"tie.{name}"][tie_here]
        changed.state.ties[name][tie_there] = np.clip(before[1][f"tie.{name}"][tie_there] + moved, 0, most)


def _take_ties(plain: Engine, changed: Engine, pairs: Pairs) -> None:
    """Copy nearness, liking and withdrawal between users enrolled in both runs from the base."""
    for name in _NEAR:
        changed.state.ties[name][pairs[3]] = plain.state.ties[name][pairs[2]]


def _task(order: tuple[Scenario, Scenario, int]) -> dict[str, dict[str, tuple[float, float]]] | Failed:
    return attempted(lambda: effects(*order))


def decomposed(
    scenarios: dict[str, Scenario],
    seed: int,
    replicates: int,
    workers: executors.Executor,
    report: Callable[[str], None],
    step: Callable[[int], None],
) -> list[Part]:
    """Split the effects of each other scenario on the primary outcomes into parts, averaged over replicates.

    Parameters
    ----------
    scenarios : dict of str to Scenario
        The base first; all with the same centres.
    seed, replicates : int
    workers : Executor
    report, step : callable

    Raises
    ------
    UncomparableError
        When a scenario has other centres than the base, so that no ties can be copied.
    """
    comparable(scenarios)
    (_, base), *others = scenarios.items()
    tasks = [(base, scenario, replicate_seed(seed, k)) for _, scenario in others for k in range(replicates)]
    report(say("taking {effects} effects apart, eight runs each", effects=len(others) * replicates))
    results = []
    for result in workers.each(_task, tasks):
        step(len(tasks))
        results.append(result)
    parts = []
    for number, (name, _) in enumerate(others):
        under_seeds = results[number * replicates : (number + 1) * replicates]
        known = [by_part for by_part in under_seeds if isinstance(by_part, dict)]
        for outcome in PRIMARY:
            acts = any(by_part["whole"][outcome][0] != 0.0 for by_part in known)
            for part in ("whole", *PARTS):
                orders = np.array([by_part[part][outcome] for by_part in known]).reshape(-1, 2)
                parts.append(_part(name, outcome, part, orders, acts))
    return parts


def _part(scenario: str, outcome: str, part: str, orders: Array, acts: bool) -> Part:
    """Return a part from what it is under each seed in both orders, shape (seeds, 2)."""
    values = orders.mean(axis=1)
    low, high = sound_interval(values)
    ends = [mean_of(each) for each in orders.T]
    exact = part == PARTS[-1] and acts and not orders.any()
    number, differ = len(values), differing(values)
    return Part(scenario, outcome, part, mean_of(values), low, high, number, min(ends), max(ends), exact, differ)
