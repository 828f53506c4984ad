"""How long newcomers wait: the share who have found a friend by each day, those still waiting counted while there.

Kaplan and Meier (1958): on each day on which somebody finds one, the chance is taken among those who are there, have
been there that long, and are still without. Who leaves, or is still waiting when the run ends, counts up to then. The
share is that among people who stay: as if leavers would have gone on to find friends as others do. Newcomers of one run
meet each other, so that the interval resamples whole runs, not people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from experiments.statistics.intervals import columnwise

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, np.dtype[np.float64]]

DAYS: Final = (30, 90, 180, 365)
"""Days after arrival by which the share is told."""
RESAMPLES: Final = 1000


@dataclass(frozen=True, slots=True)
class Waits:
    """How long some people waited.

    Parameters
    ----------
    days : float array, shape (people,)
        Days from arrival until it happened, or until the person was last seen without it.
    found : bool array, shape (people,)
        Whether it happened.
    runs : int array, shape (people,)
        Number of the run each belongs to, from 0.
    number : int
        Number of runs, those nobody came to included.
    """

    days: Array
    found: "np.ndarray[Any, np.dtype[np.bool_]]"
    runs: "np.ndarray[Any, np.dtype[np.int64]]"
    number: int


def waits_of(newcomers: "pd.DataFrame", event: str, length: int, replicates: int) -> Waits:
    """Return the waits of newcomers for a first friend or confidant.

    Parameters
    ----------
    newcomers : DataFrame
        Of one scenario, as `experiments.sweep.newcomers` gives them: `replicate`, `arrived`, `left` and the event.
    event : "first_friend" or "first_confidant"
    length : int
        Days of a run.
    replicates : int
    """
    arrived = newcomers["arrived"].to_numpy(float)
    happened = newcomers[event].to_numpy(float)
    last = np.fmin(newcomers["left"].to_numpy(float), length - 1.0)
    found = np.isfinite(happened)
    days = np.where(found, happened, last) - arrived
    return Waits(days, found, newcomers["replicate"].to_numpy(np.int64), replicates)


def share_found(waits: Waits, days: Sequence[float] | Array, weights: Array | None = None) -> Array:
    """Estimate the share who have found one by each day after arrival.

    Parameters
    ----------
    waits : Waits
    days : sequence of float
    weights : float array, shape (people,), optional
        How often each person counts.

    Returns
    -------
    float array, shape (days,)
        NaN from where on nobody was followed that long, unless all had found one before.
    """
    counted = np.ones(len(waits.days)) if weights is None else weights
    asked = np.asarray(days, np.float64)
    if not counted.any():
        return np.full(len(asked), np.nan)
    times, place = np.unique(waits.days, return_inverse=True)
    people = np.bincount(place, counted, len(times))
    events = np.bincount(place, counted * waits.found, len(times))
    at_risk = np.cumsum(people[::-1])[::-1]
    chance = np.divide(events, at_risk, out=np.zeros(len(times)), where=at_risk > 0.0)
    without = np.concatenate([[1.0], np.cumprod(1.0 - chance)])
    found: Array = 1.0 - without[np.searchsorted(times, asked, side="right")]
    found[(asked > waits.days[counted > 0.0].max()) & (found < 1.0)] = np.nan
    return found


def share_interval(
    waits: Waits, days: Sequence[float] | Array, seed: int, resamples: int = RESAMPLES
) -> tuple[Array, Array]:
    """Return the 95 % interval of `share_found` over resampled runs.

    Returns
    -------
    low, high : float arrays, shape (days,)
        NaN on days on which the share itself cannot be told in one of twenty resamples.
    """
    return columnwise(resampled(waits, days, seed, resamples))


def share_difference(
    base: Waits, other: Waits, days: Sequence[float] | Array, seed: int, resamples: int = RESAMPLES
) -> tuple[Array, Array, Array]:
    """Return how much larger the share is under another lever, with its 95 % interval.

    Runs of one replicate share their seed, so the same runs are drawn of both.

    Returns
    -------
    difference, low, high : float arrays, shape (days,)
    """
    pairs = resampled(other, days, seed, resamples) - resampled(base, days, seed, resamples)
    return share_found(other, days) - share_found(base, days), *columnwise(pairs)


def resampled(waits: Waits, days: Sequence[float] | Array, seed: int, resamples: int = RESAMPLES) -> Array:
    """Return `share_found` of resampled runs, shape (resamples, days); the same runs for the same seed."""
    draws = np.random.default_rng(seed)
    found = np.full((resamples, len(days)), np.nan)
    for resample in range(resamples):
        times = np.bincount(draws.integers(waits.number, size=waits.number), minlength=waits.number)
        found[resample] = share_found(waits, days, times[waits.runs].astype(np.float64))
    return found
