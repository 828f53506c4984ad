"""The grid design: every combination of the factors' levels."""

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Final

from experiments.designs.factor import Factor, Point
from experiments.designs.points import DesignError
from sim.language import say

MOST_POINTS: Final = 1_000_000
"""Most points of a grid; a larger grid is taken for a mistake."""


def grid(factors: Sequence[Factor], levels: int) -> list[Point]:
    """Return the points of a full factorial design; the last factor changes fastest.

    Parameters
    ----------
    levels : int
        Number of levels, at least 2, of each factor that has no levels or values of its own.

    Raises
    ------
    DesignError
        When the grid has more than `MOST_POINTS` points.
    """
    each = [_levels(factor, factor.levels or levels) for factor in factors]
    points = prod(map(len, each))
    if points > MOST_POINTS:
        count = f"{points:,}" if points < MOST_POINTS**2 else say("10^{power} and more", power=len(str(points)) - 1)
        raise DesignError(
            say(
                "a grid of {factors} factors has {count} points, allowed are at most {most:,}",
                factors=len(factors),
                count=count,
                most=MOST_POINTS,
            )
        )
    return list(product(*each))


def _levels(factor: Factor, levels: int) -> Point:
    """Return a factor's listed values, else evenly spaced values over its range without repeated whole numbers."""
    if factor.values:
        return factor.values
    spaced = [factor.low + (factor.high - factor.low) * step / (levels - 1) for step in range(levels)]
    return tuple(dict.fromkeys(round(value) for value in spaced)) if factor.whole else tuple(spaced)
