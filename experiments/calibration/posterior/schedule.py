"""How a search by ABC-SMC proceeds: how many particles and generations, and when it stops."""

from dataclasses import dataclass
from typing import Final

UNIFORM_OVER_RANGES: Final = 3.0**-0.5
"""Distance of statistics that lie uniformly over their ranges."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How the search proceeds.

    Parameters
    ----------
    particles : int
        Kept in each generation.
    generations : int
        At most; the first is the prior.
    quantile : float
        Of the distances kept, which is the next tolerance.
    least_tolerance : float
        At which to stop, in half widths of the targets.
    least_acceptance : float
        Share of attempts that fit, below which to stop.

    Raises
    ------
    ValueError
        When a number is not allowed.
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
