"""Settings of a search by ABC-SMC: numbers of particles and generations, and when the search stops."""

import math
from dataclasses import dataclass, replace

from sim.scenario.text.errors import InputError


def as_ranges(number: int) -> float:
    """Return the tolerance that claims as much about statistics as target ranges do: sqrt((T + 2) / (3 T)).

    Keeping what lies within a tolerance e amounts to a model error that is uniform where the root mean square distance
    is at most e (Wilkinson 2013, Stat. Appl. Genet. Mol. Biol. 12, 129-141, doi 10.1515/sagmb-2013-0010). For T
    statistics, in half widths, this is a ball of radius e sqrt(T), in which each coordinate has the variance
    e^2 T / (T + 2). A value anywhere in its range has the variance 1/3; the two are equal at this tolerance. It is 1
    for a single range, which is then kept whole, and falls towards 1 / sqrt(3) as ranges are added. With ranges of
    unequal weight, the weighted mean of the variances is 1/3.

    Parameters
    ----------
    number : int
        T, the number of ranges; each element of a target with several counts.
    """
    return math.sqrt((number + 2.0) / (3.0 * number))


@dataclass(frozen=True, slots=True)
class Schedule:
    """Settings of a search.

    Parameters
    ----------
    particles : int
        Number of particles that each generation keeps.
    generations : int
        Most generations; the first is the prior.
    quantile : float
        The next tolerance is this quantile of the distances kept.
    least_tolerance : float, optional
        Stop at this tolerance, in half widths of the targets; by default `as_ranges` of their number.
    least_acceptance : float
        Stop when a smaller share of attempts fits.

    Raises
    ------
    ValueError
        When a setting is not allowed.
    """

    particles: int = 200
    generations: int = 8
    quantile: float = 0.5
    least_tolerance: float | None = None
    least_acceptance: float = 0.02

    def __post_init__(self) -> None:
        allowed = {
            "particles": (self.particles >= 10, "10 or more"),
            "generations": (self.generations >= 1, "1 or more"),
            "quantile": (0.0 < self.quantile < 1.0, "between 0 and 1"),
            "least_tolerance": (self.least_tolerance is None or self.least_tolerance > 0.0, "above 0"),
            "least_acceptance": (0.0 < self.least_acceptance <= 1.0, "above 0, up to 1"),
        }
        for name, (fits, bounds) in allowed.items():
            if not fits:
                raise InputError(f"{name}: found {getattr(self, name)}, allowed is {bounds}")

    def of(self, ranges: int) -> "Schedule":
        """Return the schedule of a search with this number of target ranges: with a least tolerance."""
        return self if self.least_tolerance else replace(self, least_tolerance=as_ranges(ranges))

    def reached(self, tolerance: float) -> bool:
        """Return whether a tolerance is the least one."""
        return self.least_tolerance is not None and tolerance <= self.least_tolerance
