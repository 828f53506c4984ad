"""Target ranges for statistics of the model, and the distance of a value from the aim."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """The target range of a statistic.

    Parameters
    ----------
    key : str
        Name of the statistic.
    least : bool
        Whether the low end is a minimum; then all values from twice the minimum up to the high end are equally good.
    weight : float
        Weight relative to other ranges.
    """

    key: str
    low: float
    high: float
    least: bool = False
    weight: float = 1.0

    def off(self, value: float) -> float:
        """Return the distance of a value from the aim, in half-widths: 1 at the ends of the range; infinite for NaN.

        The aim is the middle of the range. With `least`, the aim is any value from the minimum plus its own size up to
        the high end.
        """
        if not math.isfinite(value):
            return math.inf
        if self.least and value <= self.high:
            return max(0.0, 1.0 - (value - self.low) / max(abs(self.low), 1e-9))
        return abs(value - (self.low + self.high) / 2.0) / ((self.high - self.low) / 2.0)
