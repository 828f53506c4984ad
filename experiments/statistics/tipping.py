"""Whether a curve tips: whether some stretch is more than twice as steep as the curve before and after it.

By chance alone, some stretch is always the steepest. The slope is therefore cross-fitted: each replicate measures the
slope of the stretch that is steepest in all other replicates, where by chance alone it is no steeper than elsewhere.
A shape takes as many replicates as any verdict on a direction.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from experiments.statistics.intervals import ALONE, TAILS, Array, ratio_interval
from experiments.statistics.paired import paired_p
from experiments.statistics.verdict import FEW, FEWEST, RARE, differing
from sim.scenario.text.errors import InputError

TIPS_FROM: Final = 2.0
"""A curve tips when a stretch is clearly more than this many times as steep as the curve before and after it."""
RESAMPLES: Final = 2000

TIPS, LEVELS_OFF, SPEEDS_UP, STEADY, FLAT = "tips", "levels off", "speeds up", "steady", "flat"
"""Shapes; `experiments.statistics.verdict.FEW` stands for none, as replicates are too few."""


@dataclass(frozen=True, slots=True)
class Steepness:
    """The steepest stretch of a curve, and the shape of the curve.

    Parameters
    ----------
    verdict : str
        "too few to say" and "too rare to say" (fewer than `FEWEST` replicates, or replicates that change), "flat" (no
        clear rise or fall), "tips", "levels off" or "speeds up" (the first or second half is clearly more than
        `TIPS_FROM` times as steep as the other), or else "steady".
    start, end : float
        Levels at the ends of the steepest stretch.
    low, high : float
        Levels between which the steepest stretch lies in 95 % of resamples of the replicates.
    slope, before, after, overall : float
        Change per unit of the level in that stretch, before it, after it (all cross-fitted), and over the whole curve.
        `before` or `after` is NaN when the stretch is the first or the last.
    most : float
        How many times as steep as the curve before or after it the stretch may be: the upper end of the 95 % interval
        of slope / `before` or slope / `after`, whichever is less; NaN when neither has an end.
    bend : float
        How many times as steep as the other a half of the curve may be: the larger upper end of the 95 % intervals of
        first / second half and the reverse; NaN when either has no end.
    """

    verdict: str
    start: float
    end: float
    low: float
    high: float
    slope: float
    before: float
    after: float
    overall: float
    most: float
    bend: float


def steepness(levels: Array, curves: Array, seed: int = 1, curves_looked_at: int = 1) -> Steepness:
    """Return the steepest stretch of a curve, and the shape of the curve.

    Parameters
    ----------
    levels : float array, shape (levels,)
        At least four levels, in rising order.
    curves : float array, shape (replicates, levels)
        An outcome at each level, one row for each replicate; incomplete rows are left out.
    seed : int
        Seed of the resampling.
    curves_looked_at : int
        How many curves may tip; the test whether this one does is corrected for their number (Bonferroni).

    Raises
    ------
    ValueError
        When there are fewer than four levels or three complete replicates, or the levels do not rise.
    """
    whole = curves[np.isfinite(curves).all(axis=1)]
    if len(levels) < 4 or (np.diff(levels) <= 0.0).any():
        raise InputError("a shape is judged from four rising levels or more")
    if len(whole) < 3:
        raise InputError(f"found {len(whole)} whole replicates, allowed are 3 or more")
    overall = (whole[:, -1] - whole[:, 0]) / (levels[-1] - levels[0])
    sign = -1.0 if overall.mean() < 0.0 else 1.0
    slopes = sign * np.diff(whole, axis=1) / np.diff(levels)
    steepest = int(slopes.mean(axis=0).argmax())
    fitted = _crossfitted(levels, sign * whole, slopes)
    first, last = _place(slopes, seed)
    slope, before, after = (float(sign * column.mean()) for column in fitted)
    return Steepness(
        _verdict(levels, sign * whole, fitted, sign * overall, curves_looked_at),
        start=float(levels[steepest]),
        end=float(levels[steepest + 1]),
        low=float(levels[first]),
        high=float(levels[last + 1]),
        slope=slope,
        before=before,
        after=after,
        overall=float(overall.mean()),
        most=_most(*fitted),
        bend=_bend(*_halves(levels, sign * whole)),
    )


def _most(slope: Array, before: Array, after: Array) -> float:
    """Return the least upper end of the intervals of slope / before and slope / after (Fieller); NaN without any."""
    ends = [ratio_interval(slope, side)[2] for side in (before, after) if np.isfinite(side).all()]
    return float(np.nanmin(ends)) if np.isfinite(ends).any() else float("nan")


def _bend(early: Array, late: Array) -> float:
    """Return the larger upper end of the intervals of early / late and late / early (Fieller); NaN without either."""
    return float(np.max([ratio_interval(early, late)[2], ratio_interval(late, early)[2]]))


def _halves(levels: Array, whole: Array) -> tuple[Array, Array]:
    """Return, for each replicate, the slopes of the first and the second half of the range."""
    middle = int(np.abs(levels - 0.5 * (levels[0] + levels[-1]))[1:-1].argmin()) + 1
    early = (whole[:, middle] - whole[:, 0]) / (levels[middle] - levels[0])
    late = (whole[:, -1] - whole[:, middle]) / (levels[-1] - levels[middle])
    return early, late


def _crossfitted(levels: Array, whole: Array, slopes: Array) -> tuple[Array, Array, Array]:
    """Return, for each replicate, its slopes in, before and after the stretch that is steepest in all others."""
    total = slopes.sum(axis=0)
    fitted = np.full((3, len(slopes)), np.nan)
    for row, own in enumerate(slopes):
        place = int((total - own).argmax())
        fitted[0, row] = own[place]
        if place > 0:
            fitted[1, row] = (whole[row, place] - whole[row, 0]) / (levels[place] - levels[0])
        if place < len(levels) - 2:
            fitted[2, row] = (whole[row, -1] - whole[row, place + 1]) / (levels[-1] - levels[place + 1])
    return fitted[0], fitted[1], fitted[2]


def _place(slopes: Array, seed: int) -> tuple[int, int]:
    """Return the first and last stretch between which the steepest lies in 95 % of resamples."""
    draws = np.random.default_rng(seed)
    rows = draws.integers(len(slopes), size=(RESAMPLES, len(slopes)))
    places = slopes[rows].mean(axis=1).argmax(axis=1)
    low, high = np.quantile(places, TAILS, method="inverted_cdf")
    return int(low), int(high)


def _verdict(levels: Array, whole: Array, fitted: tuple[Array, Array, Array], overall: Array, curves: int) -> str:
    slope, before, after = fitted
    if len(overall) < FEWEST:
        return FEW
    if 0 < differing(overall) < FEWEST:
        return RARE
    if not _clearly_above_0(overall):
        return FLAT
    if _clearly_steeper(slope, before, curves) and _clearly_steeper(slope, after, curves):
        return TIPS
    early, late = _halves(levels, whole)
    if _clearly_steeper(early, late):
        return LEVELS_OFF
    return SPEEDS_UP if _clearly_steeper(late, early) else STEADY


def _clearly_steeper(one: Array, other: Array, tests: int = 1) -> bool:
    """Return whether a slope is clearly more than `TIPS_FROM` times another; False if a value is missing."""
    more = one - TIPS_FROM * other
    return bool(np.isfinite(more).all()) and _clearly_above_0(more, tests)


def _clearly_above_0(values: Array, tests: int = 1) -> bool:
    """Return whether the mean of values is clearly above 0; values that do not vary have no interval."""
    return paired_p(values) < ALONE / tests and bool(values.mean() > 0.0)
