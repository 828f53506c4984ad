"""A factor: a parameter that a study or an analysis varies, with the values it may take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.scenario.text.nodes import KeyPath

if TYPE_CHECKING:
    from sim.scenario.schema.quantity import Parameter

Value = float | int | bool | str
"""The value of a factor."""

Point = tuple[Value, ...]
"""One value for each factor, in the order of the factors."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A parameter that is varied.

    Parameters
    ----------
    path : str
        The parameter's path in a scenario.
    low, high : float
        Range, both ends included; ignored when the factor has `values`.
    whole : bool
        Whether only whole numbers are allowed.
    values : tuple
        The allowed values, when the study lists them; else empty.
    levels : int
        Number of levels of this factor in a grid; 0 to use the number that the design gives.
    places : mapping of str to tuple of path
        For each lever, the paths in its scenario that get the value; none when the lever lacks the policy.
    wildcard : str
        The key in the study that matches this and other parameters, such as `rules.**`; empty when the study lists
        the factor by its own path.
    stands : mapping
        For a factor whose values are names of files: the keys and values that each name sets in the section at the
        factor's places. Empty for other factors, whose values are set themselves.
    """

    path: str
    low: float = 0.0
    high: float = 1.0
    whole: bool = False
    values: Point = ()
    levels: int = 0
    unit: str = "1"
    meaning: str = ""
    places: Mapping[str, tuple[KeyPath, ...]] = field(default_factory=dict, hash=False)
    wildcard: str = ""
    stands: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, parameter: "Parameter") -> "Factor":
        """Return a factor that varies a parameter of the model over its plausible range."""
        low, high = parameter.quantity.plausible
        return cls(parameter.path, float(low), float(high), parameter.whole)

    def settings(self, lever: str, value: Value) -> list[tuple[KeyPath, Value | None]]:
        """Return the paths and values that a value of the factor sets in the scenario of a lever."""
        if not self.stands:
            return [(place, value) for place in self.places[lever]]
        return [((*place, key), part) for place in self.places[lever] for key, part in self.stands[str(value)].items()]

    @property
    def written(self) -> str:
        """The key under which the study lists the factor."""
        return self.wildcard or self.path

    def at(self, share: float) -> Value:
        """Return the value at a share (0 to 1) of the range, or of the list of values."""
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        if self.whole:  # give every whole number an equal share of the range
            low, high = round(self.low), round(self.high)
            return min(low + int(share * (high - low + 1)), high)
        return self.low + share * (self.high - self.low)


def factors(parameters: "Iterable[Parameter]") -> tuple[Factor, ...]:
    """Return factors that vary parameters over their plausible ranges; leave out ranges that hold a single value."""
    return tuple(Factor.of(one) for one in parameters if one.quantity.plausible[0] < one.quantity.plausible[1])
