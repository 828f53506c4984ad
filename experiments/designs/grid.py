"""The grid: every level of every factor with every level of every other."""

from collections.abc import Sequence
from itertools import product

from experiments.designs.points import Axis, Point


def grid(axes: Sequence[Axis], levels: int) -> list[Point]:
    """List the points of a full factorial design, the last factor changing fastest.

    Parameters
    ----------
    axes : sequence of Axis
    levels : int
        Of each factor that has neither levels nor values of its own; at least 2.
    """
    return list(product(*(_levels(axis, axis.levels or levels) for axis in axes)))


def _levels(axis: Axis, levels: int) -> Point:
    """Give the listed values, or evenly spaced ones from end to end; of whole numbers each only once."""
    if axis.values:
        return axis.values
    spaced = [axis.low + (axis.high - axis.low) * step / (levels - 1) for step in range(levels)]
    return tuple(dict.fromkeys(round(value) for value in spaced)) if axis.whole else tuple(spaced)
