"""The word for a change or difference: better, worse, unclear, and the rule behind it."""

import math
from typing import Final, Literal

Kind = Literal["change", "difference"]
_SAME: Final = {"change": "no change", "difference": "identical"}
UNCLEAR: Final = {"change": "no clear change", "difference": "no clear difference"}
"""The word for a change or difference whose 95 % interval includes 0."""


def verdict(low: float, high: float, better: str, *, same: bool, kind: Kind = "difference") -> str:
    """Return the word for a change or difference.

    Parameters
    ----------
    low, high : float
        Its 95 % interval; NaN where there is none, of which nothing is known.
    better : "lower", "higher" or "neither"
    same : bool
        Whether nothing changed at all.
    kind : "change" or "difference"

    Returns
    -------
    str
        "better" or "worse" ("higher" or "lower" when neither direction is better) where the interval leaves out 0; else
        "no clear change", "no change" or "not known", of differences "no clear difference", "identical" or "not known".
    """
    if same:
        return _SAME[kind]
    if not (math.isfinite(low) and math.isfinite(high)):
        return "not known"
    return UNCLEAR[kind] if low <= 0.0 <= high else direction(low, better)


def direction(change: float, better: str) -> str:
    """Return the word for the direction of a clear change: "better", "worse", or "higher" and "lower"."""
    word = "higher" if change > 0.0 else "lower"
    if better == "neither":
        return word
    return "better" if word == better else "worse"
