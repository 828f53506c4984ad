"""The verdict on a difference, such as "better" or "no clear difference", and the rule behind it.

A word that claims a direction needs `FEWEST` pairs that differ: with fewer, no interval holds what it promises. A plain
"better" is clear among all differences looked at together; "better by itself" is clear only as a single difference,
and of many such, one in twenty is so by chance. Text, tables, figures and pages use the same verdict.
"""

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

from experiments.statistics.intervals import ALONE, Array
from experiments.statistics.paired import paired_interval, paired_p
from sim.outcomes.measures import mean_of

Kind = Literal["change", "difference"]
FEWEST: Final = 10
"""A verdict on a direction takes this many complete pairs that differ."""
CLEAR: Final = ("better", "worse", "higher", "lower")
"""Verdicts on a difference that is clear among all; "higher" and "lower" if neither direction is better."""
ALONE_ONLY: Final = " by itself"
"""Ending of a verdict on a difference whose own 95 % interval excludes 0, but that is not clear among all."""
BY_ITSELF: Final = tuple(f"{word}{ALONE_ONLY}" for word in CLEAR)
"""Verdicts on a difference that is clear by itself only."""
UNCLEAR: Final[dict[Kind, str]] = {"change": "no clear change", "difference": "no clear difference"}
"""The verdict when the 95 % interval includes 0."""
SAME: Final[dict[Kind, str]] = {"change": "no change seen", "difference": "no difference seen"}
"""The verdict when all of at least `FEWEST` differences are 0."""
RARE: Final = "too rare to say"
"""The verdict when fewer than `FEWEST` pairs differ, of at least as many."""
FEW: Final = "too few to say"
"""The verdict on fewer than `FEWEST` pairs."""
UNKNOWN: Final = "not known"
"""The verdict without a complete pair."""
ABOVE_CHANCE: Final = "told from 0"
"""The verdict on a worth, which is never below 0, that is more than chance."""
PERHAPS_CHANCE: Final = "cannot be told from 0"
"""The verdict on a worth that chance alone may show; `FEW` on one from too few draws."""


def verdict(
    interval: tuple[float, float],
    mean: float,
    better: str,
    *,
    n: int,
    differ: int,
    clear: bool,
    kind: Kind = "difference",
) -> str:
    """Return the verdict on a difference.

    Parameters
    ----------
    interval : (float, float)
        The difference's own 95 % interval; NaN if the differences do not vary.
    mean : float
        Mean difference.
    better : "lower", "higher" or "neither"
    n, differ : int
        Complete pairs; how many of them differ.
    clear : bool
        Whether the difference is clear among all that were looked at together.
    kind : "change" or "difference"

    Returns
    -------
    str
        One of `CLEAR`, `BY_ITSELF`, `UNCLEAR`, `SAME`, `RARE`, `FEW` and `UNKNOWN`. Equal differences other than 0 have
        no interval, but their direction is known.
    """
    if n < FEWEST:
        return FEW if n else UNKNOWN
    if differ < FEWEST:
        return RARE if differ else SAME[kind]
    low, high = interval
    if low <= 0.0 <= high:
        return UNCLEAR[kind]
    return direction(mean, better) + ("" if clear or np.isnan(low) else ALONE_ONLY)


def verdicts_among(many: Sequence[Array], better: Sequence[str], kind: Kind = "difference") -> list[str]:
    """Return the verdicts on several differences that are looked at together; `clear_among` says which are clear.

    Parameters
    ----------
    many : sequence of (pairs,) float array
        For each, the paired differences without missing pairs, as `experiments.statistics.differences` makes them.
    better : sequence of "lower", "higher" or "neither"
    kind : "change" or "difference"
    """
    return [
        verdict(
            paired_interval(differences),
            mean_of(differences),
            way,
            n=len(differences),
            differ=differing(differences),
            clear=clear,
            kind=kind,
        )
        for differences, way, clear in zip(many, better, clear_among(many), strict=True)
    ]


def differing(differences: Array) -> int:
    """Return how many differences are not 0."""
    return int(np.count_nonzero(differences))


def sound_interval(differences: Array, level: float = ALONE) -> tuple[float, float]:
    """Return the interval of the mean difference; NaN if fewer than `FEWEST` of at least as many pairs differ.

    It would then hold less often than it promises.
    """
    if differing(differences) < FEWEST <= len(differences):
        return float("nan"), float("nan")
    return paired_interval(differences, level)


def sound_intervals(rows: Array) -> tuple[Array, Array]:
    """Return the ends of the interval of the mean of each row, as `sound_interval` does, for bands over time.

    Parameters
    ----------
    rows : (rows, pairs) float array
        Such as a row for each day; NaN where a pair is missing.

    Returns
    -------
    (array, array)
        Shape (rows,); NaN where there is no interval. Each row has an interval of its own: a band promises 95 % on a
        single day, not on all days together.
    """
    ends = np.array([sound_interval(row[np.isfinite(row)]) for row in rows]).reshape(-1, 2)
    return ends[:, 0], ends[:, 1]


def clear_among(many: Sequence[Array]) -> list[bool]:
    """Return which differences are clear among all of them (Holm 1979).

    Holm's rule keeps the probability of one or more wrong claims at 5 %, however the differences depend on each other.
    Those with fewer than `FEWEST` pairs that differ get no verdict on a direction, and so do not count.
    """
    judged = [differing(differences) >= FEWEST for differences in many]
    clear = iter(holm([paired_p(differences) for differences, counts in zip(many, judged, strict=True) if counts]))
    return [next(clear) if counts else False for counts in judged]


def holm(p_values: Sequence[float], level: float = ALONE) -> list[bool]:
    """Return which hypotheses Holm's (1979) rule rejects: in rising order of p, while p <= level / hypotheses left."""
    return [bool(each <= level) for each in corrected(np.asarray(p_values, np.float64))]


def corrected(p_values: Array) -> Array:
    """Return p values corrected by Holm's step-down method (1979), at most 1."""
    order = np.argsort(p_values, kind="stable")
    stepped = np.maximum.accumulate(p_values[order] * (len(p_values) - np.arange(len(p_values))))
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def direction(change: float, better: str) -> str:
    """Return "better" or "worse" for a clear change, or "higher" or "lower" when neither direction is better."""
    word = "higher" if change > 0.0 else "lower"
    if better == "neither":
        return word
    return "better" if word == better else "worse"


def towards(word: str) -> str:
    """Return the direction that a verdict claims, clear among all or by itself: one of `CLEAR`, or nothing."""
    word = word.removesuffix(ALONE_ONLY)
    return word if word in CLEAR else ""


def most_differing(n: int) -> float:
    """Return the share of pairs that might differ when none of n does: the 95 % upper bound 1 - 0.05^(1/n)."""
    return float(1.0 - ALONE ** (1.0 / n))
