"""Numbers in a condition: their units and ranges, and whether two ranges decide a comparison in advance.

Units follow four rules. A number without a unit takes the unit of its neighbour. Sums, differences and comparisons need
equal units (days and years are converted; a scale such as 0-100 is a unit of its own). A quantity multiplied or divided
by a plain number keeps its unit. Any other product or quotient is a plain number, computed from both values in their
own units; a quotient of two equal units is a share.
"""

import math
from dataclasses import dataclass
from typing import Final

from sim.language import later, say
from sim.scenario.conditions.grammar import Part
from sim.scenario.text.units import examples

BARE: Final = ""
"""The unit of a number without a unit."""

LINE: Final = (-math.inf, math.inf)
"""The range of a number that can have any value."""

UNITS: Final = {"year": later(" years"), "day": later(" days"), "users": later(" users")}
"""The text to write after a number for each unit."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step in computing a condition; `values` defines what each operation does."""

    operation: str
    inputs: tuple["Step", ...] = ()
    words: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a condition, with its unit and range; `amount` is a constant's text in the condition."""

    step: Step
    unit: str
    low: float
    high: float
    part: Part
    amount: str = ""

    @property
    def is_constant(self) -> bool:
        """Whether the number is the same for all users and centres."""
        return self.low == self.high


def outcome(left: Number, sign: str, right: Number) -> bool | None:
    """Return the outcome of a comparison if only one is possible, otherwise None."""
    below, not_above = left.high < right.low, left.high <= right.low
    above, not_below = left.low > right.high, left.low >= right.high
    same = left.is_constant and right.is_constant and left.low == right.low
    always, never = {
        "<": (below, not_below),
        "<=": (not_above, above),
        ">": (above, not_above),
        ">=": (not_below, below),
        "==": (same, below or above),
        "!=": (below or above, same),
    }[sign]
    return True if always else False if never else None


def unit_of(left: str, sign: str, right: str) -> str:
    """Return the unit of the product or quotient of two units."""
    if right in (BARE, "1") and not (left == BARE and right == "1"):
        return left
    if sign == "*" and left in (BARE, "1"):
        return right
    return "1"


def multiplied(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Return the range of a product."""
    corners = [0.0 if 0.0 in (left, right) else left * right for left in one for right in other]
    return min(corners), max(corners)


def divided(one: tuple[float, float], by: Number) -> tuple[float, float]:
    """Return the range of a quotient; a division by zero has no value and adds nothing to the range."""
    if by.low < 0 < by.high:
        return LINE
    limit = math.copysign(math.inf, by.low + by.high)
    corners = [
        0.0 if left == 0 or math.isinf(right) else left * limit if right == 0 else left / right
        for left in one
        for right in (by.low, by.high)
    ]
    return min(corners), max(corners)


def short(value: float) -> str:
    """Write a number in few digits for a message."""
    return f"{value:g}"


def middle_of(low: float, high: float) -> str:
    """Return the middle of a range as text for examples, or 3 if the range is infinite."""
    return short((low + high) / 2) if math.isfinite(low) and math.isfinite(high) else "3"


def middle(one: Number) -> str:
    """Return a possible value of a number, for examples."""
    return middle_of(one.low, one.high)


def counted(unit: str) -> str:
    """Describe a unit in words."""
    if unit in UNITS:
        return say("in{unit}", unit=UNITS[unit])
    return say("a share or a plain number") if unit in (BARE, "1") else say("on the scale {unit}", unit=unit)


def examples_of(unit: str) -> str:
    """Return examples of amounts in a unit."""
    return (
        examples(unit)
        if unit in UNITS or unit == "1"
        else say("a number on the scale {unit}, without a unit", unit=unit)
    )
