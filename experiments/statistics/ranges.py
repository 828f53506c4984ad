"""Ranges for statistics of the model, and how far off a statistic is."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """The range of one statistic.

    Parameters
    ----------
    key : str
        Of the statistic.
    least : bool
        Whether the low end is a minimum: all values from twice the minimum up to the high end are equally good.
    weight : float
        Weight among several ranges.
    """

    key: str
    low: float
    high: float
    least: bool = False
    weight: float = 1.0

    def off(self, value: float) -> float:
        """Return how far a value is from the aim, in half widths: 1 at the ends of the range; infinite without a value.

        The aim is the middle. That of a minimum is twice the least value (in size), or anything beyond up to the high
        end.
        """
        if not math.isfinite(value):
            return math.inf
        if self.least and value <= self.high:
            return max(0.0, 1.0 - (value - self.low) / max(abs(self.low), 1e-9))
        return abs(value - (self.low + self.high) / 2.0) / ((self.high - self.low) / 2.0)
