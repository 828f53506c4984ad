"""Which effects turn their sign when numbers that nobody has measured are varied: the tests of a comparison's text."""

import numpy as np

from experiments.report.compare.facts import Facts
from experiments.report.values import Row
from experiments.statistics.verdict import FEWEST, holm


def judged(facts: Facts) -> list[Row]:
    """Return the effects over draws enough for a statement."""
    return [row for row in facts.splits if row["draws"] >= FEWEST]


def turned(facts: Facts) -> list[Row]:
    """Return the effects that lie on another side of 0 over the draws than at the defaults, clear among all."""
    return _clear(judged(facts), "p_turned")


def depends(facts: Facts) -> list[Row]:
    """Return the effects that lie on both sides of 0, by the draw, clear among all."""
    return [row for row in _clear(judged(facts), "p_both") if np.isfinite(float(row["share_better"]))]


def _clear(rows: list[Row], test: str) -> list[Row]:
    known = [row for row in rows if np.isfinite(float(row[test]))]
    return [row for row, clear in zip(known, holm([float(row[test]) for row in known]), strict=True) if clear]
