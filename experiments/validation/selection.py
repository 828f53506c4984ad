"""Separate selection (similar users become friends) from influence (friends become similar).

Two waves of a survey in several groups (replicates or centres) are enough. They show how similar users were before they
became friends, and how a user's later state depends on the earlier state of the user's friends.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from experiments.statistics.intervals import Array, jackknifed, normal_interval
from experiments.validation.waves import Flags
from sim.state.columns import LEVELS

if TYPE_CHECKING:
    import pandas as pd

KEYS: Final = ("replicate", "centre")
"""Columns that identify a group of people; a table may lack either."""


class Group(NamedTuple):
    """Two waves of a group of people.

    Parameters
    ----------
    before, after : bool array, shape (n, n)
        Whom each user names as a friend at the first and second wave.
    first, second : float array, shape (n,)
        Each user's answer to the questionnaire at the first and second wave; NaN for users who did not answer, who are
        left out of estimates.
    """

    before: Flags
    after: Flags
    first: Array
    second: Array


class Estimate(NamedTuple):
    """Selection and influence in a state, each with its 95 % interval; NaN when the waves cannot show it.

    Parameters
    ----------
    selection, selection_low, selection_high : float
        How much more similar later friends were at the first wave than pairs who never became friends, in standard
        deviations of the state.
    influence, influence_low, influence_high : float
        Difference in a user's later state for each unit of difference in the friends' earlier states.
    groups, new, users : int
        Numbers of groups, of pairs who became friends, and of users who had friends.
    """

    selection: float
    selection_low: float
    selection_high: float
    influence: float
    influence_low: float
    influence_high: float
    groups: int
    new: int
    users: int


def estimated(groups: Sequence[Group], reliability: float = 1.0) -> Estimate:
    """Return estimates of selection and influence from two waves.

    Selection: with d = |x_i - x_j| / sd(x) at the first wave, the mean of d over pairs who are friends at neither wave,
    less its mean over pairs who are friends only at the second. Two users are friends if at least one names the other.

    Influence: b in y = a + s x + b f, by least squares over users who name friends at the first wave, where x and y are
    the user's state at the first and second wave, and f is the mean of x over the friends named. Sums are pooled over
    groups, each centred on its own means, so that what a whole group shares does not count.

    A questionnaire with retest noise makes selection look like influence: when friends are similar from the start,
    their answers contain what a user's own answer missed. With the reliability r, subtract var(x) (1 - r) from the
    variance of x, and var(x) (1 - r) / k from that of f for a user with k friends (errors in variables, Fuller 1987).

    Intervals come from the jackknife over groups, and are NaN for fewer than three groups. Similarity in something else
    that correlates with the state looks like selection; a shared fate of friends looks like influence (Shalizi & Thomas
    2011).

    Parameters
    ----------
    reliability : float
        Retest reliability of the questionnaire, above 0; with 1, answers count as the truth.
    """
    sums = np.array([_sums(group, reliability) for group in groups]).reshape(len(groups), -1)
    whole = sums.sum(axis=0)
    values = _both(whole)
    spans = jackknifed(sums, _both)
    (selection, influence), (of_selection, of_influence) = values, spans
    return Estimate(
        selection,
        *normal_interval(selection, of_selection),
        influence,
        *normal_interval(influence, of_influence),
        len(groups),
        int(whole[2]),
        int(whole[4]),
    )


def _sums(group: Group, reliability: float) -> list[float]:
    """Return a group's sums: d over pairs who did not and who did become friends, both counts, then `_moments`."""
    known = ~np.isnan(group.first) & ~np.isnan(group.second)
    x, y = np.asarray(group.first)[known], np.asarray(group.second)[known]
    before, after = (np.asarray(ties)[np.ix_(known, known)] for ties in (group.before, group.after))
    variance = float(x.var(ddof=1)) if len(x) > 1 else 0.0
    if variance == 0.0:
        return [0.0] * 10
    pairs = np.triu_indices(len(x), 1)
    was, became = ((ties | ties.T)[pairs] for ties in (before, after))
    d = np.abs(x[:, None] - x[None, :])[pairs] / variance**0.5
    neither, new = ~was & ~became, ~was & became
    chosen = [float(d[neither].sum()), float(d[new].sum()), float(new.sum()), float(neither.sum())]
    return [*chosen, *_moments(x, y, before, variance * (1.0 - reliability))]


def _moments(x: Array, y: Array, before: Flags, noise: float) -> list[float]:
    """Return the number of users with friends, and centred sums of squares and products of x, f, y, less noise."""
    friends = before.sum(axis=1)
    has = friends > 0
    n = int(has.sum())
    if n < 2:
        return [float(n), 0.0, 0.0, 0.0, 0.0, 0.0]
    f = (before @ x)[has] / friends[has]
    x, y = x[has], y[has]
    xx, ff = (n - 1) * x.var(ddof=1), (n - 1) * f.var(ddof=1)
    xf, xy, fy = ((n - 1) * float(np.cov(a, b)[0, 1]) for a, b in ((x, f), (x, y), (f, y)))
    xx -= (n - 1) * noise
    ff -= (n - 1) * noise * float((1.0 / friends[has]).mean())
    return [float(n), float(xx), float(ff), xf, xy, fy]


def _both(sums: Array) -> tuple[float, float]:
    """Return selection and influence, computed from summed `_sums`."""
    apart, near, new, neither, _, xx, ff, xf, xy, fy = sums
    selection = apart / neither - near / new if new > 0 and neither > 0 else float("nan")
    determinant = xx * ff - xf * xf
    influence = (xx * fy - xf * xy) / determinant if determinant > 0.0 else float("nan")
    return float(selection), float(influence)


def groups_of(
    nominations: "pd.DataFrame",
    answers: "pd.DataFrame",
    questionnaire: str,
    days: tuple[int, int],
    level: str = "friend",
) -> list[Group]:
    """Return a `Group` for each replicate and centre in the survey tables of `dayroom run`.

    Parameters
    ----------
    nominations, answers : DataFrame
        The tables `nominations.parquet` and `answers.parquet`.
    questionnaire : str
        A column of `answers`, such as "loneliness_ucla20".
    days : tuple of int
        Days of the two waves.
    level : str
        Lowest level of closeness that counts as friendship.
    """
    keys = [key for key in KEYS if key in answers]
    near = nominations[nominations["level"].isin(LEVELS[LEVELS.index(level) :])]
    of_group = dict(list(near.groupby(keys)))
    groups = []
    for group, here in answers[answers["day"].isin(days)].groupby(keys):
        waves = [here[here["day"] == day].set_index("user")[questionnaire] for day in days]
        people = [user for user in waves[0].index if user in waves[1].index]
        named = of_group.get(group, near.iloc[:0])
        ties = [_ties(named[named["day"] == day], people) for day in days]
        first, second = (wave.reindex(people).to_numpy(float) for wave in waves)
        groups.append(Group(ties[0], ties[1], first, second))
    return groups


def _ties(named: "pd.DataFrame", people: list[int]) -> Flags:
    """Return who names whom, bool, shape (people, people)."""
    seats = {user: seat for seat, user in enumerate(people)}
    ties = np.zeros((len(people), len(people)), np.bool_)
    for source, target in zip(named["from"], named["to"], strict=True):
        if source in seats and target in seats:
            ties[seats[source], seats[target]] = True
    return ties
