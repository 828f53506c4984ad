"""The grid: every level of every factor with every level of every other."""

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Final

from experiments.designs.points import Axis, DesignError, Point

MOST_POINTS: Final = 1_000_000
"""Points of a grid; a larger one is a mistake."""


def grid(axes: Sequence[Axis], levels: int) -> list[Point]:
    """List the points of a full factorial design, the last factor changing fastest.

    Parameters
    ----------
    axes : sequence of Axis
    levels : int
        Of each factor that has neither levels nor values of its own; at least 2.

    Raises
    ------
    DesignError
        When there would be more than `MOST_POINTS`.
    """
    each = [_levels(axis, axis.levels or levels) for axis in axes]
    points = prod(map(len, each))
    if points > MOST_POINTS:
        said = f"{points:,}" if points < MOST_POINTS**2 else f"10^{len(str(points)) - 1} and more"
        raise DesignError(f"a grid of {len(axes)} factors has {said} points, allowed are at most {MOST_POINTS:,}")
    return list(product(*each))


def _levels(axis: Axis, levels: int) -> Point:
    """Give the listed values, or evenly spaced ones from end to end; of whole numbers each only once."""
    if axis.values:
        return axis.values
    spaced = [axis.low + (axis.high - axis.low) * step / (levels - 1) for step in range(levels)]
    return tuple(dict.fromkeys(round(value) for value in spaced)) if axis.whole else tuple(spaced)
