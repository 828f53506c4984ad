"""Places of levers over the points of a study, and how far the orders at points agree, compared with chance.

Agreement is Kendall's tau-b (Kendall 1945, doi 10.1093/biomet/33.3.239): 1 for the same order, 0 for no relation, -1
for the reverse. With few replicates the order at a point is partly luck. To measure how much, compare the orders by two
halves of the replicates at the same point, where only luck differs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.statistics.complete_points import Points
from experiments.statistics.crossed import without_each
from experiments.statistics.intervals import Array
from experiments.statistics.numbers import beside, typeset
from experiments.statistics.verdict import FEWEST, clear_among
from sim.language import say
from sim.outcomes.catalogue import Better

if TYPE_CHECKING:
    import pandas as pd

_MOST_SPLITS: Final = 10
_NAN: Final = float("nan")


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the orders of levers at different points agree.

    Parameters
    ----------
    with_overall, with_overall_low, with_overall_high : float
        Mean over points of tau between the order at a point and the overall order (of the means over all points), and
        its 95 % interval for other points and other seeds, as all points share their seeds
        (`experiments.statistics.crossed.without_each`). NaN when all levers are equal; the interval also with few
        seeds.
    least, most : float
        Ends of the middle 90 % of tau with the overall order, over points.
    same_point : float
        Mean tau between the orders by two halves of the replicates at the same point, which is the most that chance
        allows; NaN with one replicate, and when all levers are equal.
    other_point : float
        Mean tau between the orders by two halves at different points.
    """

    with_overall: float
    with_overall_low: float
    with_overall_high: float
    least: float
    most: float
    same_point: float
    other_point: float

    def words(self, replicates: int, tied: int = 0) -> str:
        """Return sentences on how far the orders agree, and how far chance lets them agree.

        Parameters
        ----------
        replicates : int
            Number of replicates at each point.
        tied : int
            Number of points without tau, because all levers are equal there or in the mean over all points.
        """
        if not np.isfinite(self.with_overall):
            return say("All levers are equal at every point, or in the mean: there is no order.")
        names = {"tau": "with_overall", "low": "with_overall_low", "high": "with_overall_high"}
        taus = {name: typeset(f"{getattr(self, of):.2f}") for name, of in names.items()}
        taus |= {"least": typeset(f"{self.least:.2f}"), "most": typeset(f"{self.most:.2f}")}
        if np.isfinite(self.with_overall_low):
            text = say(
                "The order at a point agrees with the overall order by Kendall's tau {tau} in the mean ({low} to "
                "{high}; 1 is the same order, 0 none), and in 90 % of the points by {least} to {most}.",
                **taus,
            )
        else:
            text = say(
                "The order at a point agrees with the overall order by Kendall's tau {tau} in the mean (1 is the same "
                "order, 0 none), and in 90 % of the points by {least} to {most}.",
                **taus,
            )
        return beside(text, _tied(tied), self._chance(replicates))

    def _chance(self, replicates: int) -> str:
        """Return a sentence on the agreement that chance allows, or on why it is not known."""
        if replicates < 2:
            return say("One replicate cannot show how much of that is chance.")
        if not (np.isfinite(self.same_point) and np.isfinite(self.other_point)):
            return say(
                "How much of that is chance is not known: among the runs of half the replicates all levers are equal, "
                "so that there is no order to compare."
            )
        halves = {"same": typeset(f"{self.same_point:.2f}"), "other": typeset(f"{self.other_point:.2f}")}
        if self.other_point >= self.same_point:
            return say(
                "Chance alone sets a limit: by two halves of the replicates at the same point the orders agree by "
                "{same}, by halves at two different points by {other}, no less; that the points change the order is "
                "not shown.",
                **halves,
            )
        return say(
            "Chance alone sets a limit: by two halves of the replicates at the same point the orders agree by {same}, "
            "by halves at two different points by {other}. By these estimates, which have no interval, the points make "
            "the gap between the two.",
            **halves,
        )


def _tied(tied: int) -> str:
    """Return a sentence on the points without an order; empty when there are none."""
    if tied == 1:
        return say("That leaves out 1 point at which all levers are equal, so that there is no order.")
    if not tied:
        return ""
    return say("That leaves out {tied} points at which all levers are equal, so that there is no order.", tied=tied)


def improved(values: "pd.DataFrame", better: Better) -> "pd.DataFrame":
    """Return values with their sign changed if need be, so that less is better."""
    return -values if better == "higher" else values


def place_shares(means: "pd.DataFrame", better: Better) -> "pd.DataFrame":
    """Return the share of points at which each lever has each place.

    Parameters
    ----------
    means : DataFrame
        A row for each point, a column for each lever.
    better : "lower" or "higher"

    Returns
    -------
    DataFrame
        `lever`, `place` (1 is best) and `share`, in the order of mean places, best first. Levers that are equal at a
        point share their places equally.
    """
    import pandas as pd

    scores = improved(means, better).to_numpy(float)
    before = (scores[:, None, :] < scores[:, :, None]).sum(axis=2)  # levers that are better, by point and lever
    equal = (scores[:, None, :] == scores[:, :, None]).sum(axis=2)
    place = np.arange(scores.shape[1])[None, None, :]
    at = (place >= before[..., None]) & (place < (before + equal)[..., None])
    share = (at / equal[..., None]).mean(axis=0)
    order = np.argsort(share @ np.arange(1, len(share) + 1), kind="stable")
    names = [str(name) for name in means.columns]
    rows = [(names[k], number + 1, float(share[k, number])) for k in order for number in range(len(names))]
    return pd.DataFrame(rows, columns=["lever", "place", "share"])


def overall_order(means: "pd.DataFrame", better: Better) -> list[str]:
    """Return the levers in the order of their means over points, best first."""
    mean = improved(means, better).mean()
    return [str(name) for name in mean.sort_values(kind="stable").index]


def tau_between(first: Array, second: Array) -> Array:
    """Return Kendall's tau-b between each row of one array and each row of another.

    Parameters
    ----------
    first, second : float arrays, shapes (n, levers) and (m, levers)

    Returns
    -------
    float array, shape (n, m)
        NaN when all levers of a row are equal.
    """
    signs, others = _pairs(first), _pairs(second)
    with np.errstate(invalid="ignore", divide="ignore"):
        sizes = np.sqrt(np.abs(signs).sum(axis=1))[:, None] * np.sqrt(np.abs(others).sum(axis=1))[None, :]
        taus: Array = (signs @ others.T) / sizes
    return taus


def _pairs(values: Array) -> Array:
    """Return the sign of the difference of every two levers: -1, 0 or 1, shape (rows, pairs)."""
    i, j = np.triu_indices(values.shape[1], 1)
    signs: Array = np.sign(values[:, i] - values[:, j])
    return signs


def agreement(points: Points, better: Better) -> tuple[Agreement, "pd.DataFrame"]:
    """Compare the order of levers at each point with the overall order, and the agreement with what chance allows.

    Returns
    -------
    tuple of Agreement and DataFrame
        The agreement, and a frame of `point` and its `tau` with the overall order.
    """
    import pandas as pd

    values = improved(points.values, better).sort_index()
    by_run = values.to_numpy(float).reshape(points.number, points.replicates, -1)
    tau = _with_overall(by_run)
    known = tau[np.isfinite(tau)]
    frame = pd.DataFrame({"point": values.index.unique("point").to_numpy(), "tau": tau})
    same, other = _by_halves(points)
    if not len(known):
        return Agreement(_NAN, _NAN, _NAN, _NAN, _NAN, same, other), frame
    mean, number = float(known.mean()), len(known)
    without_point = (known.sum() - known) / (number - 1) if number > 1 else known
    without_seed = [_mean(_with_overall(np.delete(by_run, seed, axis=1))) for seed in range(points.replicates)]
    low, high = np.clip(without_each(mean, without_point, np.array(without_seed)), -1.0, 1.0)
    least, most = np.quantile(known, [0.05, 0.95])
    return Agreement(mean, float(low), float(high), float(least), float(most), same, other), frame


def _with_overall(by_run: Array) -> Array:
    """Return, for each point, tau with the overall order, from values of shape (points, replicates, levers)."""
    if not by_run.shape[1]:
        return np.full(len(by_run), np.nan)
    means = by_run.mean(axis=1)
    return np.asarray(tau_between(means, means.mean(axis=0)[None, :])[:, 0])


def _by_halves(points: Points) -> tuple[float, float]:
    """Return the mean tau between two halves of the replicates at the same point, and at different points."""
    count, number = points.replicates, points.number
    values = points.values.sort_index().to_numpy(float).reshape(number, count, -1)
    same, other = [], []
    for first, second in _halves(count):
        tau = tau_between(values[:, first].mean(axis=1), values[:, second].mean(axis=1))
        same.append(_mean(np.diagonal(tau)))
        other.append(_mean(tau[~np.eye(number, dtype=bool)]))
    return _mean(np.array(same)), _mean(np.array(other))


def _mean(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else _NAN


def _halves(count: int) -> Iterator[tuple[list[int], list[int]]]:
    """Split replicates into halves, in all ways or the first `_MOST_SPLITS`; an odd replicate is in neither half."""
    half = count // 2
    if not half:
        return
    for number, first in enumerate(combinations(range(count), half)):
        others = [k for k in range(count) if k not in first]
        if number == _MOST_SPLITS:
            return
        yield list(first), others[:half]


def clear_first(points: Points, better: Better) -> float:
    """Return the share of points at which the best lever is clearly better than the second.

    All differences of the best lever from the others, at all points, are judged together
    (`experiments.statistics.verdict.clear_among`). NaN with fewer than `FEWEST` replicates.
    """
    if points.replicates < FEWEST:
        return _NAN
    behind = _behind(improved(points.values, better)).values()
    many = [column for each in behind for column in each.to_numpy(float).T]
    return float(np.mean(np.reshape(clear_among(many), (len(behind), -1))[:, 0]))


def as_good(points: Points, better: Better) -> list[str]:
    """Return the other levers that are not clearly worse than the best lever at a point, best first.

    Clear means clear among the differences of the best lever from all others; with fewer than
    `experiments.statistics.verdict.FEWEST` replicates, none is clear.

    Parameters
    ----------
    points : Points
        The runs of a single point.
    better : "lower" or "higher"
    """
    [behind] = _behind(improved(points.values, better)).values()
    clear = clear_among(list(behind.to_numpy(float).T))
    return [str(name) for name, is_clear in zip(behind.columns, clear, strict=True) if not is_clear]


def _behind(values: "pd.DataFrame") -> "dict[int, pd.DataFrame]":
    """Return, by point, by how much each lever but the best is worse, run by run: a column for each, best first."""
    by_point = {}
    for point, runs in values.groupby(level="point", sort=True):
        best, *others = overall_order(runs, "lower")
        by_point[int(str(point))] = runs[others].sub(runs[best], axis=0)
    return by_point


def equal_firsts(means: "pd.DataFrame", better: Better) -> list[str]:
    """Return the lever with the best mean over points, and any lever equal to it."""
    mean = improved(means, better).mean()
    return [str(name) for name in mean.index[mean == mean.min()]]


__all__ = [
    "Agreement",
    "agreement",
    "as_good",
    "clear_first",
    "equal_firsts",
    "improved",
    "overall_order",
    "place_shares",
    "tau_between",
]
