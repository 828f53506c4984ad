"""Statistics of how people get to know each other: a class of freshmen, and newcomers of the baseline."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from experiments.calibration.statistics.runs import BASELINE, FRESHMEN, Estimate, Runs
from experiments.calibration.statistics.snapshots import Array, Snapshot
from experiments.calibration.statistics.ties import two_paths
from sim.state.columns import PRESENT
from sim.state.state import Records

WAVES: Final = (3, 6, 9, 15, 21, 27)
"""Weeks of the survey of van de Bunt's freshmen, except week 0, when all were strangers."""
NEWCOMER_WEEKS: Final = (9, 27)


def freshmen_kept(shots: Mapping[int, Snapshot]) -> dict[str, Array]:
    """Return the arrays that these statistics need of a run of freshmen, with an entry for each wave."""
    waves = [shots[7 * week] for week in WAVES]
    return {
        "users": np.array([len(shot.users) for shot in waves], float),
        "friendly": np.array([shot.friendly.sum() for shot in waves], float),
        "befriended": np.array([shot.friends.any(axis=1).sum() for shot in waves], float),
        "two_paths": np.array([two_paths(shot.friendly) for shot in waves]),
    }


def newcomers_kept(users: Records, last: int) -> dict[str, Array]:
    """For 9 and for 27 weeks after arrival, count newcomers observed that long, and those who had a friend by then.

    Parameters
    ----------
    users : record array
        Everybody who ever was or may be in a centre.
    last : int
        Number of days simulated.
    """
    came = users[(users["arrived"] >= 0) & (users["status"] > 0) & (users["arrived"] < last)]
    until = np.where(came["status"] == PRESENT, last, came["left"])
    counts = []
    for week in NEWCOMER_WEEKS:
        seen = until - came["arrived"] >= 7 * week
        had = (came["first_friend"] >= 0) & (came["first_friend"] - came["arrived"] <= 7 * week)
        counts.append([(seen & had).sum(), seen.sum()])
    return {"newcomers": np.array(counts, float)}


def _shares(above: Array, below: Array) -> tuple[float, ...]:
    with np.errstate(invalid="ignore", divide="ignore"):
        return tuple(float(value) for value in np.where(below > 0, above / below, np.nan))


def growth(runs: Runs) -> Estimate:
    """Mean number of a freshman's friendly ties in weeks 3, 6, 9 and 15, as a share of the number in week 27."""
    number = runs.total(FRESHMEN, "friendly") / runs.total(FRESHMEN, "users")
    return Estimate(_shares(number[:4], np.full(4, number[-1])))


def first_friend(runs: Runs) -> Estimate:
    """Share of freshmen who have a friend in week 3, in week 9 and in week 27."""
    at = [WAVES.index(week) for week in (3, 9, 27)]
    return Estimate(_shares(runs.total(FRESHMEN, "befriended")[at], runs.total(FRESHMEN, "users")[at]))


def closure(runs: Runs) -> Estimate:
    """Closure of freshmen's friendly ties at each wave: P(i -> k | i -> j -> k)."""
    paths, closed = runs.total(FRESHMEN, "two_paths").T
    return Estimate(_shares(closed, paths))


def newcomers(runs: Runs) -> Estimate:
    """Share of newcomers who had a friend within 9 and within 27 weeks of arrival, among those who stayed that long."""
    had, seen = runs.total(BASELINE, "newcomers").T
    return Estimate(_shares(had, seen))
