"""Whether points differ by more than chance, and how many fail by chance alone: few replicates make many points fail.

With few replicates the mean at a point is mostly luck. If a policy has the same small effect everywhere, about half of
the points seem to fail; how far each lies beyond the limit in its own standard errors does not show that. So the points
are compared with what chance does around one effect, the same at all points.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from experiments.statistics.crossed import whole
from experiments.statistics.intervals import Array
from experiments.statistics.paired import paired_p
from experiments.statistics.verdict import FEWEST, differing

_NAN: Final = float("nan")


@dataclass(frozen=True, slots=True)
class Unlike:
    """How points that share seeds differ, and what that means for how many fail.

    Parameters
    ----------
    by_chance : float
        Points that would fail, by what chance does to the mean at a point, if the truth were the same at all.
    likely : float
        Points that truly fail, by a normal law of the truth over points (empirical Bayes; Efron and Morris 1973,
        Journal of the American Statistical Association 68, 117-130).
    p : float
        p of the test that the truth is the same at all points.
    """

    by_chance: float
    likely: float
    p: float


def unlike(judged: Array, limit: float, is_above: bool) -> Unlike:
    """Compare points with chance.

    Parameters
    ----------
    judged : (points, replicates) float array
        What a rule compares with its limit, for each run or pair of runs; NaN where one is missing. Replicates may
        share seeds over points: what a seed does to all of them is taken out.
    limit : float
    is_above : bool
        Whether a point fails above the limit, rather than below.

    Returns
    -------
    Unlike
        NaN for fewer than two replicates or `FEWEST` points, when nothing varies, and when fewer than `FEWEST` values
        differ from 0.

    Notes
    -----
    With x the values less the mean of their replicate over points, the mean of x_r x_s over all pairs of replicates
    estimates the squared distance of a point's truth from the mean. It is 0 in the mean if there is none, whatever the
    spread of chance at each point, so a one-sided test over points (`paired_p`) needs neither equal spreads nor a
    normal law.
    """
    kept = whole(judged)
    points, replicates = kept.shape
    if points < FEWEST or replicates < 2 or differing(kept) < FEWEST or not np.ptp(kept) > 0.0:
        return Unlike(_NAN, _NAN, _NAN)
    from scipy.stats import norm

    means, overall = kept.mean(axis=1), float(kept.mean())
    apart = kept - kept.mean(axis=0)
    inside = apart - apart.mean(axis=1, keepdims=True)
    of_mean = float((inside**2).sum()) / ((points - 1) * (replicates - 1) * replicates)
    squares = (apart.sum(axis=1) ** 2 - (apart**2).sum(axis=1)) / (replicates * (replicates - 1))
    p = paired_p(squares)
    p = p / 2.0 if squares.mean() > 0.0 else 1.0 - p / 2.0
    side = 1.0 if is_above else -1.0
    between = max(0.0, float(means.var(ddof=1)) - of_mean)
    share = between / (between + of_mean) if between > 0.0 else 0.0
    truth = overall + share * (means - overall)
    error = (share * of_mean) ** 0.5
    with np.errstate(divide="ignore", invalid="ignore"):
        by_chance = points * float(norm.cdf(side * (overall - limit) / of_mean**0.5)) if of_mean > 0.0 else _NAN
        likely = norm.cdf(side * (truth - limit) / error) if error > 0.0 else side * (truth - limit) > 0.0
    return Unlike(by_chance, float(np.sum(likely)), float(p))
