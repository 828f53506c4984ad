"""Conditions in postfix form: steps that a small machine with a stack carries out in compiled code.

`sim.scenario.conditions.values` computes the same on numpy arrays, and is the reference in the tests. Each quantity is
itself a short text in postfix form, as in `20 60 loneliness * +`, from which the number, the column and the operation
can be read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from sim.policies.review.programme import Programme, is_number, place
from sim.state.columns import MARITAL, ROLES, USER

if TYPE_CHECKING:  # every run loads this module, also those without conditions
    from sim.scenario.conditions.condition import Condition
    from sim.scenario.conditions.numbers import Step

OPERATIONS: Final = (
    "number", "slot", "user number", "user count", "centre number", "centre count", "day", "years", "role",
    "newcomer days", "stigma", "attendance",
    "+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "and", "or", "not", "true", "in", "not in",
)  # fmt: skip
"""Operations by number. Those of the first two lines push a value; the others replace values on top of the stack."""

(
    NUMBER, SLOT, USER_NUMBER, USER_COUNT, CENTRE_NUMBER, CENTRE_COUNT, DAY, YEARS, ROLE,
    NEWCOMER_DAYS, STIGMA, ATTENDANCE,
    PLUS, MINUS, TIMES, OVER, BELOW, AT_MOST, ABOVE, AT_LEAST, EQUAL, UNEQUAL, AND, OR, NOT, TRUE, IN, NOT_IN,
) = range(len(OPERATIONS))  # fmt: skip

AGGREGATES: Final = ("mean", "sd", "median", "min", "max", "share", "count")
MEAN, SD, MEDIAN, MIN, MAX, SHARE, COUNT = range(len(AGGREGATES))

Postfix = list[tuple[int, int, float]]
"""Steps: operation, place of a column or number of inputs, and number."""

QUANTITIES: Final[dict[str, str]] = {
    **{c.name: f"user.{c.name}" for c in USER if c.kind in ("background", "trait", "state") and not c.shape},
    "loneliness_ucla20": "20 60 user.loneliness * +",
    "burden": "100 user.burden *",
    "group_identity": "1 6 user.identity * +",
    "age": "user.age years +",
    "years_ill": "user.years_ill years +",
    "years_in_centre": "user.years_in_centre years +",
    "days_since_arrival": "day user.arrived -",
    "friends": "user.friends",
    "confidants": "user.confidants",
    "help_given": "user.given",
    "help_received": "user.received",
    "days_absent": "user.missed",
    "newcomer": "day user.arrived - newcomer_days <",
    **{name: f"user.{name} 1 ==" for name in ("unwell", "only_child")},
    **{name: f"user.marital_status {MARITAL.index(name)} ==" for name in ("divorced", "married", "widowed")},
    **{name: f"role {ROLES.index(name)} ==" for name in ROLES},
    "users": "centre.capacity centre.vacant -",
    "vacant": "centre.vacant",
    "attendance": "attendance",
    "public_stigma": "stigma",
    "norm": "centre.norm",
    "day": "day",
    "staff_coverage": "centre.coverage",
}
"""The quantities of users and centres; `sim.policies.review.values` has the same on arrays."""


@cache
def quantity(name: str) -> tuple[tuple[int, int, float], ...]:
    """Return the steps that push a quantity."""
    return tuple(_word(word) for word in QUANTITIES[name].split())


def _word(word: str) -> tuple[int, int, float]:
    if "." in word:
        table = word.partition(".")[0]
        return OPERATIONS.index(f"{table} {'number' if is_number(word) else 'count'}"), place(word)[1], 0.0
    if word.isdigit():
        return NUMBER, 0, float(word)
    return OPERATIONS.index(word.replace("_", " ")), 0, 0.0


@dataclass
class Notation:
    """The conditions of a scenario in postfix form, as rows for a programme."""

    steps: Postfix = field(default_factory=list)
    aggregates: list[tuple[int, int, int]] = field(default_factory=list)
    conditions: list[tuple[int, int, int, int, int]] = field(default_factory=list)

    def add(self, condition: "Condition | None") -> int:
        """Add a condition; return its row in `conditions`, or -1 without a condition."""
        if condition is None:
            return -1
        first_aggregate, slots = len(self.aggregates), dict["Step", int]()
        main = self._written(condition.step, slots)
        first = len(self.steps)
        self.steps += main
        rows = first, len(self.steps), first_aggregate, len(self.aggregates), condition.lasting
        self.conditions.append(rows)
        return len(self.conditions) - 1

    @property
    def depth(self) -> int:
        """The longest stack that any condition can need."""
        return max([0, *(last - first for first, last, *_ in self.conditions), *(b - a for _, a, b in self.aggregates)])

    def write(self, programme: Programme) -> None:
        """Write all rows into a programme."""
        for rows, known in (
            (programme.steps, self.steps),
            (programme.conditions, self.conditions),
            (programme.aggregates, [(*one, 0.0) for one in self.aggregates]),
        ):
            rows[:] = known

    def _written(self, step: "Step", slots: "dict[Step, int]") -> Postfix:
        inputs = step.inputs
        match step.operation:
            case "everybody" | "number":
                return [(NUMBER, 0, float(step.numbers[0]))]
            case "value":
                return [*quantity(step.words[0])]
            case "truth":
                return [*quantity(step.words[0]), (TRUE, 0, 0.0)]
            case "scaled":
                return [*self._written(inputs[0], slots), (NUMBER, 0, step.numbers[0]), (TIMES, 0, 0.0)]
            case "chain":
                return self._joined([self._written(one, slots) for one in inputs], step.words)
            case "compared":
                pairs = [
                    [*self._written(left, slots), *self._written(right, slots), _sign(sign)]
                    for (left, right), sign in zip(pairwise(inputs), step.words, strict=True)
                ]
                return self._joined(pairs, ["and"] * (len(pairs) - 1))
            case "among":
                numbers: Postfix = [(NUMBER, 0, number) for number in step.numbers]
                member = (OPERATIONS.index(step.words[0]), len(numbers), 0.0)
                return [*self._written(inputs[0], slots), *numbers, member]
            case "not":
                return [*self._written(inputs[0], slots), (NOT, 0, 0.0)]
            case "and" | "or":
                return self._joined([self._written(one, slots) for one in inputs], [step.operation] * (len(inputs) - 1))
        return [(SLOT, self._slot(step, slots), 0.0)]  # an aggregate

    def _slot(self, step: "Step", slots: "dict[Step, int]") -> int:
        """Return the row of an aggregate; equal aggregates of a condition share it."""
        if step not in slots:
            argument = self._written(step.inputs[0], slots)
            first = len(self.steps)
            self.steps += argument
            slots[step] = len(self.aggregates)
            self.aggregates.append((AGGREGATES.index(step.words[0]), first, len(self.steps)))
        return slots[step]

    def _joined(self, terms: list[Postfix], signs: Iterable[str]) -> Postfix:
        first, *others = terms
        joined = list(first)
        for term, sign in zip(others, signs, strict=True):
            joined += [*term, _sign(sign)]
        return joined


def _sign(sign: str) -> tuple[int, int, float]:
    return OPERATIONS.index(sign), 0, 0.0
