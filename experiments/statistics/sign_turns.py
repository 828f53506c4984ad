"""Which effects turn their sign when unmeasured numbers are varied, and which do harm there: the rule for all texts.

All effects over draws that a comparison shows are judged together (Holm), those of too few draws left out. Text,
report and pages take the same answers from here.
"""

from collections.abc import Sequence

import numpy as np

from experiments.statistics.intervals import ALONE
from experiments.statistics.uncertainty import Split
from experiments.statistics.verdict import ALONE_ONLY, FEWEST, direction, holm
from sim.language import say


def is_judged(rows: Sequence[Split]) -> bool:
    """Return whether both tests, from the defaults to the draws and between draws, can judge any effect."""
    return any(map(_has_both, rows))


def too_few(rows: Sequence[Split]) -> str:
    """Return a sentence on effects none of which is judged."""
    if all(row.draws < FEWEST for row in rows):
        return say("Fewer than {fewest} draws are too few to say whether a sign turns.", fewest=FEWEST)
    return say("Too few draws or pairs differ to say whether a sign turns.")


def beyond(rows: Sequence[Split]) -> str:
    """Return a sentence on the effects that are not judged beside others that are; an empty text without any."""
    left = sum(not _has_both(row) for row in rows)
    if not left:
        return ""
    return say(
        "Of {left} of {number} effects it cannot be said: too few draws or pairs differ.", left=left, number=len(rows)
    )


def _has_both(row: Split) -> bool:
    return row.draws >= FEWEST and bool(np.isfinite(row.p_turned) and np.isfinite(row.p_both))


def turned(rows: Sequence[Split]) -> list[bool]:
    """Return which effects lie, clear among all, on another side of 0 over the draws than at the defaults."""
    return clear([row.p_turned for row in rows])


def depends(rows: Sequence[Split]) -> list[bool]:
    """Return which effects lie, clear among all, on one side of 0 in some draws and on the other in others."""
    both = clear([row.p_both if row.draws >= FEWEST else float("nan") for row in rows])
    return [is_clear and bool(np.isfinite(row.share_better)) for row, is_clear in zip(rows, both, strict=True)]


def harms(rows: Sequence[Split], better: Sequence[str]) -> list[str]:
    """Return, for each effect that is worse over the draws, "worse" or "worse by itself"; otherwise nothing.

    Parameters
    ----------
    rows : sequence of Split
    better : sequence of "lower", "higher" or "neither"
        By effect.
    """
    among = clear([row.p_effect for row in rows])
    return [
        "worse" + ("" if is_clear else ALONE_ONLY)
        if direction(row.effect, way) == "worse" and row.p_effect <= ALONE
        else ""
        for row, way, is_clear in zip(rows, better, among, strict=True)
    ]


def clear(p_values: Sequence[float]) -> list[bool]:
    """Return which tests hold among all of those with a p (Holm)."""
    among = iter(holm([value for value in p_values if np.isfinite(value)]))
    return [bool(np.isfinite(value)) and next(among) for value in p_values]
