"""Statistics of friendships: their number, reciprocity, closure and duration."""

from typing import Final

import numpy as np

from experiments.calibration.statistics.nominations import nominated
from experiments.calibration.statistics.runs import BASELINE, Estimate, Runs, conditional, single
from experiments.calibration.statistics.snapshots import Array, Snapshot, shared
from sim.outcomes.observation import Survey

SIX_WEEKS: Final = 42
_MOST_FRIENDS: Final = 200
"""Count users with more friends than this as having this many."""


def ties_kept(start: Snapshot, before: Snapshot, end: Snapshot, survey: Survey) -> dict[str, Array]:
    """Return the arrays that these statistics need of a run: its start, six weeks before its end, and its end."""
    numbers = np.minimum(end.friends.sum(axis=1), _MOST_FRIENDS)
    return {
        "friends": np.bincount(numbers, minlength=_MOST_FRIENDS + 1).astype(float),
        "friend_ties": counted(end.friends, end.together),
        "named_ties": counted(*nominated(survey)),
        "two_paths": two_paths(end.friends),
        "six_weeks": lasting(before, end),
        "year": lasting(start, end),
    }


def counted(ties: Array, together: Array) -> Array:
    """Return the numbers of ties, of ties that are returned, and of ordered pairs that could have a tie."""
    return np.array([ties.sum(), (ties & ties.T).sum(), together.sum()], float)


def two_paths(ties: Array) -> Array:
    """Return the number of ordered paths i -> j -> k of three users, and the number of these with a tie i -> k."""
    steps = ties.astype(float)
    paths = steps @ steps
    np.fill_diagonal(paths, 0.0)
    return np.array([paths.sum(), (paths * steps).sum()])


def lasting(first: Snapshot, last: Snapshot) -> Array:
    """Count friend ties kept and lost among the users in both snapshots.

    Returns
    -------
    array, shape (6,)
        Ties mutual in the first snapshot: kept, lost; one-way ties: kept, lost; then ties in both, ties in either.
    """
    a, b = shared(first, last)
    then, now = first.friends[np.ix_(a, a)], last.friends[np.ix_(b, b)]
    mutual, oneway = then & then.T, then & ~then.T
    kept = [(mutual & now).sum(), (mutual & ~now).sum(), (oneway & now).sum(), (oneway & ~now).sum()]
    return np.array([*kept, (then & now).sum(), (then | now).sum()], float)


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below > 0.0 else float("nan")


def friends_mean(runs: Runs) -> Estimate:
    """Mean number of a user's friend ties at the end."""
    numbers = runs.total(BASELINE, "friends")
    return single(_ratio(float(numbers @ np.arange(len(numbers))), float(numbers.sum())))


def friends_median(runs: Runs) -> Estimate:
    """Median number of a user's friend ties at the end, over the pooled users of all runs."""
    numbers = runs.total(BASELINE, "friends")
    upto, half = np.cumsum(numbers), numbers.sum() / 2.0
    return single((np.searchsorted(upto, half) + np.searchsorted(upto, half, side="right")) / 2.0)


def no_friend_share(runs: Runs) -> Estimate:
    """Share of users without a friend tie at the end."""
    numbers = runs.total(BASELINE, "friends")
    return single(_ratio(numbers[0], numbers.sum()))


def reciprocity_measured(runs: Runs) -> Estimate:
    """Share of a survey's friend nominations that are returned; it must also exceed three times their density."""
    ties, returned, pairs = runs.total(BASELINE, "named_ties")
    return conditional(_ratio(returned, ties), _ratio(returned, ties), 3.0 * _ratio(ties, pairs))


def density(runs: Runs) -> Estimate:
    """Friend ties at the end as a share of all possible ties."""
    ties, _, pairs = runs.total(BASELINE, "friend_ties")
    return single(_ratio(ties, pairs))


def reciprocity_true(runs: Runs) -> Estimate:
    """Share of friend ties at the end that are returned, in truth."""
    ties, returned, _ = runs.total(BASELINE, "friend_ties")
    return single(_ratio(returned, ties))


def transitivity(runs: Runs) -> Estimate:
    """Closure of friend ties at the end, P(i -> k | i -> j -> k), pooled over runs; must also exceed twice density."""
    paths, closed = runs.total(BASELINE, "two_paths")
    return conditional(_ratio(closed, paths), _ratio(closed, paths), 2.0 * density(runs).values[0])


def mutual_outlive_oneway(runs: Runs) -> Estimate:
    """Odds ratio that a friend tie lasts the last six weeks, mutual against one-way; 1/2 is added to each count."""
    kept, lost, kept_oneway, lost_oneway = runs.total(BASELINE, "six_weeks")[:4] + 0.5
    return single(kept * lost_oneway / (lost * kept_oneway))


def kept_year(runs: Runs) -> Estimate:
    """Share of the friend ties of day 0 that are still friend ties at the end, among users who stayed."""
    kept, lost, kept_oneway, lost_oneway = runs.total(BASELINE, "year")[:4]
    return single(_ratio(kept + kept_oneway, kept + lost + kept_oneway + lost_oneway))


def jaccard_six_weeks(runs: Runs) -> Estimate:
    """Jaccard index of friend ties six weeks before the end and at the end, among users who stayed."""
    both, either = runs.total(BASELINE, "six_weeks")[4:]
    return single(_ratio(both, either))
