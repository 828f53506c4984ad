"""Draw parameter sets from the posterior, with linear functions of the parameters in place of the model.

When all fitted parameters are free, a search over their ranges finds hardly any set that fits. Near the fit, every
statistic is nearly linear in every parameter, so a regression over a few hundred sets can replace the model (an
emulator, as in Kennedy & O'Hagan 2001). Sets are drawn where the emulator meets the targets, in waves: the model runs
each wave, then the regression is repeated with all sets (Vernon, Goldstein & Bower 2010).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from experiments.calibration.statistics.snapshots import Array
from experiments.statistics.ranges import Range

UNIFORM: Final = 1.0 / 3.0
"""Variance of a value that is uniform over a target's range, in half widths squared."""
_STEPS: Final = 6000
_SPREAD: Final = 2.38
"""Best step of a chain: this many SD over the root of the dimensions (Roberts, Gelman & Gilks 1997)."""


@dataclass(frozen=True)
class Emulator:
    """Statistics as linear functions of parameters.

    Parameters
    ----------
    at : array, shape (parameters,)
        Centre of the regression.
    means : array, shape (statistics,)
        The statistics at the centre.
    slopes : array, shape (parameters, statistics)
    variances : array, shape (statistics,)
        Residual variances: noise of runs, and departures from linearity.
    explained : array, shape (statistics,)
        Share of each statistic's variance over sets that the functions explain (adjusted R2).
    """

    at: Array
    means: Array
    slopes: Array
    variances: Array
    explained: Array

    def values(self, sets: Array) -> Array:
        """Return the predicted statistics of sets, shape (sets, statistics)."""
        return np.asarray(self.means + (sets - self.at) @ self.slopes)


def emulated(sets: Array, statistics: Array) -> Emulator:
    """Regress statistics on parameters by least squares.

    Parameters
    ----------
    sets : array, shape (sets, parameters)
    statistics : array, shape (sets, statistics)
        NaN where a set has no value; the regression of that statistic leaves the set out.

    Raises
    ------
    ValueError
        When a statistic has values at fewer sets than one and a half times the number of coefficients.
    """
    number, parameters = sets.shape
    at = sets.mean(axis=0)
    columns = np.column_stack([np.ones(number), sets - at])
    fits = []
    for values in statistics.T:
        there = np.isfinite(values)
        if there.sum() < 1.5 * (parameters + 1):
            raise ValueError(f"found {there.sum()} sets, allowed are {1.5 * (parameters + 1):.0f} or more")
        rows, values = columns[there], values[there]
        solved = np.linalg.lstsq(rows, values, rcond=None)[0]
        left = float(((values - rows @ solved) ** 2).sum()) / (len(values) - parameters - 1)
        fits.append([*solved, left, 1.0 - left / max(float(values.var(ddof=1)), 1e-12)])
    table = np.array(fits).T
    return Emulator(at, table[0], table[1:-2], table[-2], table[-1])


def likelihood(emulator: Emulator, sets: Array, ranges: Sequence[Range]) -> Array:
    """Return the log likelihood of sets under the ranges, up to a constant, shape (sets,).

    Normal in the distance of a statistic from its range's middle (for a minimum, `Range.off`). The variance is that of
    a value uniform over the range, plus the emulator's residual variance.
    """
    values = emulator.values(sets)
    total = np.zeros(len(sets))
    for k, target in enumerate(ranges):
        half, column = (target.high - target.low) / 2.0, values[:, k]
        middle = (target.low + target.high) / 2.0
        off = np.array([target.off(value) for value in column]) if target.least else (column - middle) / half
        total -= target.weight * off**2 / (2.0 * (UNIFORM + emulator.variances[k] / half**2))
    return total


def draws(
    emulator: Emulator,
    ranges: Sequence[Range],
    bounds: tuple[float, float],
    number: int,
    stream: np.random.Generator,
    steps: int = _STEPS,
) -> Array:
    """Draw sets of parameters from the posterior: a prior that is uniform between bounds, times the likelihood.

    Each draw is the last state of a Metropolis chain of its own, with its own starting point, so draws are independent.

    Parameters
    ----------
    emulator : Emulator
    ranges : sequence of Range
        Range of each statistic.
    bounds : tuple of float
        Least and largest value of every parameter.
    number : int
    stream : Generator
    steps : int
        Number of steps of each chain.

    Returns
    -------
    array, shape (number, parameters)
    """
    low, high = bounds
    dimensions = len(emulator.at)
    factor = _spread(emulator, ranges, high - low) * _SPREAD / np.sqrt(dimensions)
    now = np.clip(emulator.at + stream.normal(size=(number, dimensions)) * 0.1, low, high)
    there = likelihood(emulator, now, ranges)
    for _ in range(steps):
        next_ = now + stream.normal(size=now.shape) @ factor.T
        inside = ((next_ >= low) & (next_ <= high)).all(axis=1)
        likely = np.where(inside, likelihood(emulator, next_, ranges), -np.inf)
        taken = np.log(stream.uniform(size=number)) < likely - there
        now, there = np.where(taken[:, None], next_, now), np.where(taken, likely, there)
    return now


def _spread(emulator: Emulator, ranges: Sequence[Range], width: float) -> Array:
    """Return a Cholesky root of the posterior's covariance, as if the prior were normal."""
    halves = np.array([(target.high - target.low) / 2.0 for target in ranges])
    weights = np.array([target.weight for target in ranges]) / (UNIFORM * halves**2 + emulator.variances)
    inverse = (emulator.slopes * weights) @ emulator.slopes.T + np.eye(len(emulator.at)) * 12.0 / width**2
    return np.asarray(np.linalg.cholesky(np.linalg.inv(inverse)))
