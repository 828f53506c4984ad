"""The verdict on a change or difference, such as "better" or "no clear change", and the rule behind it."""

import math
from typing import Final, Literal

Kind = Literal["change", "difference"]
_SAME: Final = {"change": "no change", "difference": "identical"}
UNCLEAR: Final = {"change": "no clear change", "difference": "no clear difference"}
"""The verdict when the 95 % interval includes 0."""


def verdict(low: float, high: float, better: str, *, same: bool, kind: Kind = "difference") -> str:
    """Return the verdict on a change or difference.

    Parameters
    ----------
    low, high : float
        The 95 % interval; NaN if there is none.
    better : "lower", "higher" or "neither"
    same : bool
        Whether all changes or differences are 0.
    kind : "change" or "difference"

    Returns
    -------
    str
        "better" or "worse" ("higher" or "lower" when neither direction is better) if the interval excludes 0; "no clear
        change" or "no clear difference" if it includes 0; "no change" or "identical" if `same`; "not known" without an
        interval.
    """
    if same:
        return _SAME[kind]
    if not (math.isfinite(low) and math.isfinite(high)):
        return "not known"
    return UNCLEAR[kind] if low <= 0.0 <= high else direction(low, better)


def direction(change: float, better: str) -> str:
    """Return "better" or "worse" for a clear change, or "higher" or "lower" when neither direction is better."""
    word = "higher" if change > 0.0 else "lower"
    if better == "neither":
        return word
    return "better" if word == better else "worse"
