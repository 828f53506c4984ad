"""Means over points that share seeds: the seed is a random effect, as the point is.

A study of many points often has few seeds, the same at all points. A seed that is good for a policy is then good at
every point at once, and more points do not average it out. An interval that takes points as independent is too narrow:
with four seeds it may hold the true mean in fewer than half of all studies.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from experiments.statistics.intervals import ALONE, Array, student

LEAST_POINTS: Final = 2
LEAST_SEEDS: Final = 3
"""Fewest seeds for an interval: with two it held the true mean in 88 to 98 % of simulated studies."""
_NAN: Final = float("nan")


@dataclass(frozen=True, slots=True)
class Crossed:
    """The mean of points that share seeds.

    Parameters
    ----------
    points, seeds : int
        Numbers of points and seeds used.
    left_out : int
        Number of values left out so that every point has every seed.
    mean, low, high : float
        Mean and its 95 % interval for other points and other seeds; the interval is NaN for fewer than `LEAST_SEEDS`
        seeds or `LEAST_POINTS` points, and when nothing varies.
    freedom : float
        Degrees of freedom of the interval (Satterthwaite 1946).
    between_points, between_seeds, chance : float
        Variances: of points, of seeds that act alike at all points, and of the rest; at least 0.
    """

    points: int
    seeds: int
    left_out: int
    mean: float
    low: float
    high: float
    freedom: float
    between_points: float
    between_seeds: float
    chance: float

    def words(self) -> str:
        """Return a sentence on the values left out; empty if there are none."""
        if not self.left_out:
            return ""
        have = f"all {self.points:,} points have the same {self.seeds} seeds"
        return f"{self.left_out:,} values are left out, so that {have}."


def crossed(values: Array, level: float = ALONE) -> Crossed:
    """Return the mean of points that share seeds, by two-way random-effects analysis of variance.

    Parameters
    ----------
    values : (points, seeds) float array
        NaN where a run is missing; `whole` then leaves out points or seeds.
    level : float
        Probability with which the interval misses the mean.

    Notes
    -----
    Model: value_ps = mean + a_p + b_s + e_ps with variances of points (a), seeds (b) and the rest (e). With P points,
    S seeds and mean squares MP, MS, ME, the variance of the mean is V = (MP + MS - ME) / (P S), at least max(MP, MS) /
    (P S) as no variance is below 0 (Searle, Casella & McCulloch 1992, section 4.7). Its degrees of freedom are
    V^2 / sum(M^2 / df) (Satterthwaite 1946, doi 10.2307/3002019).
    """
    kept = whole(values)
    P, S = kept.shape
    left_out = int(np.isfinite(values).sum()) - kept.size
    if not kept.size:
        return Crossed(P, S, left_out, *(_NAN,) * 7)
    mean = float(kept.mean())
    if P < LEAST_POINTS or S < LEAST_SEEDS or not np.ptp(kept) > 0.0:
        return Crossed(P, S, left_out, mean, *(_NAN,) * 6)
    by_point, by_seed = kept.mean(axis=1), kept.mean(axis=0)
    rest = kept - by_point[:, None] - by_seed[None, :] + mean
    of_points = S * float(by_point.var(ddof=1))
    of_seeds = P * float(by_seed.var(ddof=1))
    of_rest = float((rest**2).sum()) / ((P - 1) * (S - 1))
    total = max(of_points + of_seeds - of_rest, of_points, of_seeds)
    freedom = total**2 / (of_points**2 / (P - 1) + of_seeds**2 / (S - 1) + of_rest**2 / ((P - 1) * (S - 1)))
    half = student(freedom + 1.0, level) * (total / kept.size) ** 0.5
    between_points, between_seeds = max(0.0, of_points - of_rest) / S, max(0.0, of_seeds - of_rest) / P
    return Crossed(P, S, left_out, mean, mean - half, mean + half, freedom, between_points, between_seeds, of_rest)


def whole(values: Array) -> Array:
    """Return values without gaps: leave out the point or the seed with the largest share of gaps until none is left.

    Parameters
    ----------
    values : (points, seeds) float array
    """
    kept = values
    while kept.size and not (known := np.isfinite(kept)).all():
        of_points, of_seeds = (~known).mean(axis=1), (~known).mean(axis=0)
        if of_points.max() >= of_seeds.max():
            kept = kept[of_points < of_points.max()]
        else:
            kept = kept[:, of_seeds < of_seeds.max()]
    return kept


def without_each(value: float, by_point: Array, by_seed: Array, level: float = ALONE) -> tuple[float, float]:
    """Return the interval of any statistic of points that share seeds, from its values without each point and seed.

    The variances of the two jackknives (Efron & Stein 1981, doi 10.1214/aos/1176345462) add up. For a mean they are
    MP / (P S) and MS / (P S) of `crossed`; the sum counts the rest twice, and so is rather too large.

    Parameters
    ----------
    value : float
        The statistic of all values.
    by_point : (points,) float array
        The statistic without each point in turn.
    by_seed : (seeds,) float array
        The statistic without each seed in turn.
    level : float

    Returns
    -------
    (float, float)
        NaN for too few points or seeds, an unknown value, or no variation.
    """
    P, S = len(by_point), len(by_seed)
    if P < LEAST_POINTS or S < LEAST_SEEDS or not np.isfinite([value, *by_point, *by_seed]).all():
        return _NAN, _NAN
    of_points, of_seeds = ((len(each) - 1) * float(each.var()) for each in (by_point, by_seed))
    total = of_points + of_seeds
    if not total > 0.0:
        return _NAN, _NAN
    freedom = total**2 / (of_points**2 / (P - 1) + of_seeds**2 / (S - 1))
    half = student(freedom + 1.0, level) * total**0.5
    return value - half, value + half
