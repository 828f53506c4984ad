"""A factor: a parameter that a study or an analysis varies, and the values it may take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.scenario.text.nodes import KeyPath

if TYPE_CHECKING:
    from sim.scenario.schema.quantity import Parameter

Value = float | int | bool | str
"""What a factor can be set to."""

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
        Range, both ends included; unused where there are `values`.
    whole : bool
        Whether only whole numbers are allowed.
    values : tuple
        The only values it takes, where they are listed.
    levels : int
        Levels of this factor in a grid; 0 for those of the design.
    places : mapping of str to tuple of path
        Where a study puts the value in the scenario of each lever; nowhere when the lever lacks the policy.
    wildcard : str
        The key of the study that covers this and other parameters, such as `rules.**`; empty for a key of its own.
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

    @classmethod
    def of(cls, parameter: "Parameter") -> "Factor":
        """Return a parameter of the model as a factor over its plausible range."""
        low, high = parameter.quantity.plausible
        return cls(parameter.path, float(low), float(high), parameter.whole)

    @property
    def written(self) -> str:
        """The key under which the study lists it."""
        return self.wildcard or self.path

    def at(self, share: float) -> Value:
        """Return the value at a share (0 to 1) of the range or of the list."""
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        if self.whole:  # every whole number has the same share of the range
            low, high = round(self.low), round(self.high)
            return min(low + int(share * (high - low + 1)), high)
        return self.low + share * (self.high - self.low)


def factors(parameters: "Iterable[Parameter]") -> tuple[Factor, ...]:
    """Return parameters of the model as factors over their plausible ranges, without ranges of one value."""
    return tuple(Factor.of(one) for one in parameters if one.quantity.plausible[0] < one.quantity.plausible[1])
