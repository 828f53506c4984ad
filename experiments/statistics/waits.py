"""How long newcomers wait for a friend: the share who found a friend by each day after arrival (Kaplan-Meier).

Kaplan and Meier (1958): the chance to find a friend on a day is computed among those who have been there that long and
still have none. People who leave, or who still wait at the end of the run, count until then. The share therefore
applies to people who stay, as if leavers would have found friends as others do. Newcomers of a run affect each other,
so the interval resamples whole runs, not people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from experiments.statistics.intervals import Array, columnwise

if TYPE_CHECKING:
    import pandas as pd

DAYS: Final = (30, 90, 180, 365)
"""Days after arrival at which to report the share."""
RESAMPLES: Final = 1000


@dataclass(frozen=True, slots=True)
class Waits:
    """Waits of people for an event.

    Parameters
    ----------
    days : float array, shape (people,)
        Days from arrival until the event, or until the last day on which the person was there without it.
    happened : bool array, shape (people,)
        Whether the event happened.
    runs : int array, shape (people,)
        Number of the run of each person, from 0.
    number : int
        Number of runs, including those without newcomers.
    """

    days: Array
    happened: NDArray[np.bool_]
    runs: NDArray[np.int64]
    number: int


def waits_of(newcomers: "pd.DataFrame", event: str, length: int, replicates: int) -> Waits:
    """Return the waits of newcomers for a first friend or confidant.

    Parameters
    ----------
    newcomers : DataFrame
        Newcomers of one scenario, from `experiments.sweep.newcomers`: `replicate`, `arrived`, `left` and the event.
    event : "first_friend" or "first_confidant"
    length : int
        Length of a run, in days.
    """
    arrived = newcomers["arrived"].to_numpy(float)
    event_day = newcomers[event].to_numpy(float)
    last = np.fmin(newcomers["left"].to_numpy(float), length - 1.0)
    happened = np.isfinite(event_day)
    days = np.where(happened, event_day, last) - arrived
    return Waits(days, happened, newcomers["replicate"].to_numpy(np.int64), replicates)


def share_found(waits: Waits, days: Sequence[float] | Array, weights: Array | None = None) -> Array:
    """Return the share who found a friend by each day after arrival.

    Parameters
    ----------
    weights : float array, shape (people,), optional
        How many times each person counts; by default once.

    Returns
    -------
    float array, shape (days,)
        NaN beyond the longest wait, unless everybody found a friend by then.
    """
    counted = np.ones(len(waits.days)) if weights is None else weights
    at = np.asarray(days, np.float64)
    if not counted.any():
        return np.full(len(at), np.nan)
    times, place = np.unique(waits.days, return_inverse=True)
    people = np.bincount(place, counted, len(times))
    events = np.bincount(place, counted * waits.happened, len(times))
    at_risk = np.cumsum(people[::-1])[::-1]
    chance = np.divide(events, at_risk, out=np.zeros(len(times)), where=at_risk > 0.0)
    without = np.concatenate([[1.0], np.cumprod(1.0 - chance)])
    share: Array = 1.0 - without[np.searchsorted(times, at, side="right")]
    share[(at > waits.days[counted > 0.0].max()) & (share < 1.0)] = np.nan
    return share


def share_interval(
    waits: Waits, days: Sequence[float] | Array, seed: int, resamples: int = RESAMPLES
) -> tuple[Array, Array]:
    """Return the 95 % interval of `share_found` over resampled runs.

    Returns
    -------
    low, high : float arrays, shape (days,)
        NaN on days on which more than 5 % of resamples have no share.
    """
    return columnwise(resampled(waits, days, seed, resamples))


def share_difference(base: Waits, other: Waits, days: Sequence[float] | Array, seed: int) -> tuple[Array, Array, Array]:
    """Return `share_found` of `other` minus that of `base`, with its 95 % interval.

    Runs of a replicate share their seed, so each resample draws the same replicates for both.

    Returns
    -------
    difference, low, high : float arrays, shape (days,)
    """
    pairs = resampled(other, days, seed) - resampled(base, days, seed)
    return share_found(other, days) - share_found(base, days), *columnwise(pairs)


def resampled(waits: Waits, days: Sequence[float] | Array, seed: int, resamples: int = RESAMPLES) -> Array:
    """Return `share_found` of resampled runs, shape (resamples, days); the same seed gives the same resamples."""
    draws = np.random.default_rng(seed)
    shares = np.full((resamples, len(days)), np.nan)
    for resample in range(resamples):
        times = np.bincount(draws.integers(waits.number, size=waits.number), minlength=waits.number)
        shares[resample] = share_found(waits, days, times[waits.runs].astype(np.float64))
    return shares
