"""Whether a condition can ever be true: interval reasoning about the quantities that it compares with constants.

A condition is written as alternatives, each a conjunction of ranges of quantities. An alternative with an empty range
is impossible. What cannot be decided so (a comparison of two quantities, too many alternatives) counts as possible.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Final

from sim.language import say
from sim.scenario.conditions.condition import Condition
from sim.scenario.conditions.names import CENTRE_ATTRIBUTES, USER_ATTRIBUTES
from sim.scenario.conditions.numbers import Step, short

_MOST: Final = 200
"""Most alternatives of a condition; with more, nothing is claimed."""


@dataclass(frozen=True, slots=True)
class Range:
    """The values that a quantity may have: from `low` to `high`, except open ends and the values in `without`."""

    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False
    without: frozenset[float] = frozenset()
    among: frozenset[float] | None = None
    """The only possible values, if they are few: codes of a label, or values of a list."""

    def __and__(self, other: "Range") -> "Range":
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Range(
            low,
            high,
            any(one.open_low for one in (self, other) if one.low == low),
            any(one.open_high for one in (self, other) if one.high == high),
            self.without | other.without,
            other.among if self.among is None else self.among if other.among is None else self.among & other.among,
        )

    @property
    def is_empty(self) -> bool:
        """Whether no value is left."""
        if self.among is not None:
            return not any(self._holds(value) for value in self.among)
        return self.low > self.high or (self.low == self.high and not self._holds(self.low))

    @property
    def is_wide(self) -> bool:
        """Whether more than one value is left of a quantity that is not confined to a list."""
        return self.among is None and self.low < self.high

    def _holds(self, value: float) -> bool:
        above = value > self.low or (value == self.low and not self.open_low)
        below = value < self.high or (value == self.high and not self.open_high)
        return above and below and value not in self.without


Ranges = dict[Step, Range]
"""The ranges of quantities in one alternative; a quantity is known by the step that computes it."""


def quantity(name: str) -> Step:
    """Return the step by which conditions read a quantity."""
    known = USER_ATTRIBUTES.get(name) or CENTRE_ATTRIBUTES[name]
    return Step("truth" if known.kind == "truth" else "value", words=(name,))


def possible(conditions: list[Condition], facts: Mapping[Step, Range]) -> list[Ranges] | None:
    """Return the alternatives in which all conditions hold at once; none if they never do.

    Parameters
    ----------
    conditions : list of Condition
    facts : mapping of Step to Range
        What is known of quantities from the scenario.

    Returns
    -------
    list of dict or None
        None when there are too many alternatives to look at.
    """
    try:
        return _joined([_alternatives(one.step, True, facts) for one in conditions], facts)
    except OverflowError:
        return None


def never(condition: Condition, facts: Mapping[Step, Range]) -> bool:
    """Return whether a condition is impossible."""
    return possible([condition], facts) == []


def implied(alternative: Ranges, condition: Condition, facts: Mapping[Step, Range]) -> bool:
    """Return whether a condition surely holds in an alternative of another condition."""
    # A quantity that a true comparison bounds has a value; otherwise a mean over nobody could make both false.
    present = frozenset(
        key
        for key, values in alternative.items()
        if values.among is not None or not math.isinf(values.low) or not math.isinf(values.high)
    )
    try:
        return not _joined([[alternative], _alternatives(condition.step, False, facts, present)], facts)
    except OverflowError:
        return False


def _joined(parts: list[list[Ranges]], facts: Mapping[Step, Range]) -> list[Ranges]:
    """Return the possible alternatives of a conjunction."""
    if math.prod(map(len, parts)) > _MOST:
        raise OverflowError("more alternatives than are looked at")
    alternatives = []
    for chosen in product(*parts):
        ranges: Ranges = {}
        for one in chosen:
            for key, values in one.items():
                ranges[key] = ranges.get(key, Range()) & values
        if not any((values & _known(key, facts)).is_empty for key, values in ranges.items()):
            alternatives.append(ranges)
    return alternatives


def _known(key: Step, facts: Mapping[Step, Range]) -> Range:
    """Return the range of a quantity before any condition on it."""
    if key in facts:
        return facts[key]
    if key.operation == "aggregate" and key.words[0] in ("share", "count"):
        try:
            of_whom = _alternatives(key.inputs[0], True, facts)
        except OverflowError:
            return Range()
        counted = facts.get(Step("value", words=("users",)), Range()).high if key.words[0] == "count" else 1.0
        return Range(0.0, counted if of_whom else 0.0)
    if key.operation == "aggregate" and key.words[0] != "sd":
        return _known(key.inputs[0], facts)
    if key.operation == "value":
        known = USER_ATTRIBUTES.get(key.words[0]) or CENTRE_ATTRIBUTES[key.words[0]]
        return Range(*known.range)
    return Range()


def _alternatives(
    step: Step, wanted: bool, facts: Mapping[Step, Range], present: frozenset[Step] = frozenset()
) -> list[Ranges]:
    """Return the alternatives in which a condition is true, or false if not `wanted`; `present` surely have a value."""
    match step.operation:
        case "everybody":
            return [{}] if bool(step.numbers[0]) == wanted else []
        case "not":
            return _alternatives(step.inputs[0], not wanted, facts, present)
        case "and" | "or":
            parts = [_alternatives(one, wanted, facts, present) for one in step.inputs]
            if (step.operation == "and") == wanted:
                return _joined(parts, facts)
            return [one for part in parts for one in part]
        case "truth":
            return _joined([[{step: Range(among=frozenset({float(wanted)}))}]], facts)
        case "among":
            inside = (step.words[0] == "in") == wanted
            values = frozenset(step.numbers)
            if not wanted and not _has_value(step.inputs[0], present):
                return [{}]
            return _joined([[{step.inputs[0]: Range(among=values) if inside else Range(without=values)}]], facts)
        case "compared":
            links = list(_links(step, present))
            if wanted:
                return _joined([[{key: values}] if key else [{}] for key, values, _ in links], facts)
            return [one for key, _, values in links for one in _joined([[{key: values}] if key else [{}]], facts)]
    return [{}]


def _links(step: Step, present: frozenset[Step]) -> Iterator[tuple[Step | None, Range, Range]]:
    """Yield, for each link of a chain, the quantity, its range if the link is true, and its range if it is false.

    The quantity is None when the link does not compare a quantity with a constant; the range of a false link is
    everything when the value may be missing, because a comparison with a missing value is false.
    """
    for (left, right), sign in zip(pairwise(step.inputs), step.words, strict=True):
        if (left.operation == "number") == (right.operation == "number"):
            yield None, Range(), Range()
            continue
        turned = left.operation == "number"
        key, constant = (right, left) if turned else (left, right)
        sign = _TURNED.get(sign, sign) if turned else sign
        false = _range(_OPPOSITE[sign], constant.numbers[0]) if _has_value(key, present) else Range()
        yield key, _range(sign, constant.numbers[0]), false


_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def _range(sign: str, value: float) -> Range:
    match sign:
        case "<" | "<=":
            return Range(high=value, open_high=sign == "<")
        case ">" | ">=":
            return Range(low=value, open_low=sign == ">")
        case "==":
            return Range(value, value)
    return Range(without=frozenset({value}))


def _has_value(step: Step, present: frozenset[Step]) -> bool:
    return step.operation == "value" or step in present


def written(key: Step, values: Range) -> str:
    """Describe a range of a quantity in words: "mean(burden) is between 50 and 60"."""
    name = key.words[0] if key.operation == "value" else f"{key.words[0]}({_inner(key.inputs[0])})"
    if math.isinf(values.low):
        return say("{name} is below {high}", name=name, high=short(values.high))
    if math.isinf(values.high):
        return say("{name} is above {low}", name=name, low=short(values.low))
    return say("{name} is between {low} and {high}", name=name, low=short(values.low), high=short(values.high))


def _inner(step: Step) -> str:
    return step.words[0] if step.operation in ("value", "truth") else "..."
