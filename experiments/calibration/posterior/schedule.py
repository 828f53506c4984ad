"""Settings of a search by ABC-SMC: numbers of particles and generations, and when the search stops."""

from dataclasses import dataclass
from typing import Final

UNIFORM_OVER_RANGES: Final = 3.0**-0.5
"""Distance of statistics that are uniform over their ranges, in half widths."""


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
    least_tolerance : float
        Stop at this tolerance, in half widths of the targets.
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
    least_tolerance: float = UNIFORM_OVER_RANGES
    least_acceptance: float = 0.02

    def __post_init__(self) -> None:
        allowed = {
            "particles": (self.particles >= 10, "10 or more"),
            "generations": (self.generations >= 1, "1 or more"),
            "quantile": (0.0 < self.quantile < 1.0, "between 0 and 1"),
            "least_tolerance": (self.least_tolerance > 0.0, "above 0"),
            "least_acceptance": (0.0 < self.least_acceptance <= 1.0, "above 0, up to 1"),
        }
        for name, (fits, bounds) in allowed.items():
            if not fits:
                raise ValueError(f"{name}: found {getattr(self, name)}, allowed is {bounds}")
