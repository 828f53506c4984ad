"""Means over people pooled from many runs; intervals resample whole runs, as the people of a run affect each other."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from experiments.statistics.intervals import Array, columnwise

RESAMPLES: Final = 2000


@dataclass(frozen=True, slots=True)
class Pooled:
    """A value summed over the people of each run.

    Parameters
    ----------
    totals, people : float arrays, shape (runs,)
        Sum of the value over the people of a run, and their number.
    """

    totals: Array
    people: Array

    @property
    def mean(self) -> float:
        """Mean over all people; NaN without any."""
        number = float(self.people.sum())
        return float(self.totals.sum()) / number if number else float("nan")


def pooled(means: Array, people: Array) -> Pooled:
    """Return sums from the mean and the number of people of each run; a run without people adds nothing."""
    there = np.isfinite(means) & (people > 0.0)
    return Pooled(np.where(there, means, 0.0) * np.where(there, people, 0.0), np.where(there, people, 0.0))


def mean_interval(of: Pooled, seed: int) -> tuple[float, float]:
    """Return the 95 % interval of a pooled mean."""
    low, high = columnwise(_resampled(of, seed)[:, None])
    return float(low[0]), float(high[0])


def mean_difference(base: Pooled, other: Pooled, seed: int) -> tuple[float, float, float]:
    """Return the other mean minus the base mean, with its 95 % interval from resampled pairs of runs."""
    low, high = columnwise((_resampled(other, seed) - _resampled(base, seed))[:, None])
    return other.mean - base.mean, float(low[0]), float(high[0])


def _resampled(of: Pooled, seed: int) -> Array:
    rows = np.random.default_rng(seed).integers(len(of.people), size=(RESAMPLES, len(of.people)))
    people = of.people[rows].sum(axis=1)
    totals = of.totals[rows].sum(axis=1)
    return np.asarray(np.divide(totals, people, out=np.full(RESAMPLES, np.nan), where=people > 0.0))
