"""Compute conditions on arrays: compile the steps of a condition to closures once, then call them each day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.language import say
from sim.scenario.conditions.names import Scope
from sim.scenario.conditions.numbers import Step

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]


@dataclass
class Today:
    """The arrays from which a condition is computed.

    Parameters
    ----------
    values : mapping of str to array
        Quantities of users, shape (users,), and of centres, shape (centres,).
    users : int
    centre : array of int, shape (users,)
    centres : int
    """

    values: Mapping[str, NDArray[Any]]
    users: int
    centre: NDArray[Any]
    centres: int

    @cached_property
    def enrolled(self) -> NDArray[np.int64]:
        """Number of users in each centre, shape (centres,)."""
        return np.bincount(self.centre, minlength=self.centres)

    def per_user(self, totals: Floats) -> Floats:
        """Divide each centre's total by its number of users; NaN for a centre without users."""
        return _quotient(totals, self.enrolled)


Test = Callable[[Today], Any]


def evaluated(
    test: Test, scope: Scope, values: Mapping[str, NDArray[Any]], centre: NDArray[Any] | None, centres: int
) -> Truths:
    """Compute a compiled condition for each user or centre; see `Condition.holds`.

    Raises
    ------
    ValueError
        When the arrays do not show the number of users or the centre of each user.
    """
    if scope == "centre":
        if centres <= 0:
            raise ValueError(say("a condition on centres needs the number of centres"))
        size = centres
    else:
        first = centre if centre is not None else next(iter(values.values()), None)
        if first is None:
            raise ValueError(say("a condition on users needs at least one array of users"))
        size = len(first)
    where = np.zeros(0, np.int64) if centre is None else centre
    with np.errstate(over="ignore", invalid="ignore"):  # missing values compare as false
        found = test(Today(values, size, where, centres))
    return np.array(np.broadcast_to(found, size), np.bool_)


def compiled(step: Step) -> Test:
    """Turn a step and its inputs into a closure."""
    return _COMPILERS[step.operation](step, tuple(compiled(one) for one in step.inputs))


def _quotient(top: Any, bottom: Any) -> Floats:
    """Divide; the result is NaN where the divisor is 0."""
    top, bottom = np.broadcast_arrays(top, bottom)
    found = np.full(np.shape(top), np.nan)
    np.divide(top, bottom, out=found, where=bottom != 0)
    return found


def _everybody(step: Step, inputs: tuple[Test, ...]) -> Test:
    truth = bool(step.numbers[0])
    return lambda today: np.full(today.users, truth)


def _number(step: Step, inputs: tuple[Test, ...]) -> Test:
    constant = np.float64(step.numbers[0])
    return lambda today: constant


def _value(step: Step, inputs: tuple[Test, ...]) -> Test:
    name = step.words[0]
    return lambda today: np.asarray(today.values[name], np.float64)


def _truth(step: Step, inputs: tuple[Test, ...]) -> Test:
    name = step.words[0]
    return lambda today: np.asarray(today.values[name]) != 0


def _scaled(step: Step, inputs: tuple[Test, ...]) -> Test:
    (one,), (factor,) = inputs, step.numbers
    return lambda today: one(today) * factor


_TERMS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": _quotient,
}


def _chain(step: Step, inputs: tuple[Test, ...]) -> Test:
    first, *others = inputs
    rest = tuple(zip((_TERMS[sign] for sign in step.words), others, strict=True))

    def run(today: Today) -> Any:
        total = first(today)
        for combine, term in rest:
            total = combine(total, term(today))
        return total

    return run


_COMPARISONS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": lambda left, right: (left < right) | (left > right),  # unlike numpy's, false for missing values
}


def _compared(step: Step, inputs: tuple[Test, ...]) -> Test:
    signs = tuple(_COMPARISONS[sign] for sign in step.words)
    if len(signs) == 1:
        (sign,), (left, right) = signs, inputs
        return lambda today: sign(left(today), right(today))

    def run(today: Today) -> Any:
        found = [one(today) for one in inputs]
        return np.logical_and.reduce(
            np.broadcast_arrays(*(one(*pair) for one, pair in zip(signs, pairwise(found), strict=True)))
        )

    return run


def _among(step: Step, inputs: tuple[Test, ...]) -> Test:
    """Compile a test for membership in a set of numbers or codes; a missing value fails both "in" and "not in"."""
    (one,), numbers, wanted = inputs, np.array(step.numbers), step.words[0] == "in"

    def run(today: Today) -> Any:
        found = one(today)
        inside = (found[..., None] == numbers).any(axis=-1)
        return inside if wanted else ~inside & (found == found)

    return run


def _inverse(step: Step, inputs: tuple[Test, ...]) -> Test:
    (one,) = inputs
    return lambda today: np.logical_not(one(today))


def _joined(combine: Callable[[Any, Any], Any]) -> Callable[[Step, tuple[Test, ...]], Test]:
    def compile_joined(step: Step, inputs: tuple[Test, ...]) -> Test:
        first, *others = inputs
        rest = tuple(others)

        def run(today: Today) -> Any:
            found = first(today)
            for other in rest:
                found = combine(found, other(today))
            return found

        return run

    return compile_joined


def _mean(found: Floats, today: Today) -> Floats:
    return today.per_user(np.bincount(today.centre, found, today.centres))


def _sd(found: Floats, today: Today) -> Floats:
    away = found - _mean(found, today)[today.centre]
    return np.sqrt(_mean(away * away, today))


def _extreme(reduce: np.ufunc, start: float) -> Callable[[Floats, Today], Floats]:
    def extreme(found: Floats, today: Today) -> Floats:
        reached = np.full(today.centres, start)
        reduce.at(reached, today.centre, found)
        reached[today.enrolled == 0] = np.nan
        return reached

    return extreme


def _median(found: Floats, today: Today) -> Floats:
    """Return each centre's median; for an even number of users, the mean of the two middle values."""
    reached = np.full(today.centres, np.nan)
    some = today.enrolled > 0
    in_order = found[np.lexsort((found, today.centre))]
    number = today.enrolled[some]
    first = (np.cumsum(today.enrolled) - today.enrolled)[some]
    reached[some] = (in_order[first + (number - 1) // 2] + in_order[first + number // 2]) / 2
    # A missing value sorts last, so the median would ignore it.
    reached[np.bincount(today.centre, np.isnan(found), today.centres) > 0] = np.nan
    return reached


def _count(found: Floats, today: Today) -> Floats:
    return np.where(today.enrolled > 0, np.bincount(today.centre, found, today.centres), np.nan)


_AGGREGATES: Final[dict[str, Callable[[Floats, Today], Floats]]] = {
    "mean": _mean,
    "sd": _sd,
    "median": _median,
    "min": _extreme(np.minimum, np.inf),
    "max": _extreme(np.maximum, -np.inf),
    "share": _mean,
    "count": _count,
}


def _aggregate(step: Step, inputs: tuple[Test, ...]) -> Test:
    (one,), how = inputs, _AGGREGATES[step.words[0]]

    def run(today: Today) -> Floats:
        found = np.asarray(one(today), np.float64)
        if found.shape != today.centre.shape:
            raise ValueError(say("an aggregate needs the centre of each user"))
        return how(found, today)

    return run


_COMPILERS: Final[dict[str, Callable[[Step, tuple[Test, ...]], Test]]] = {
    "everybody": _everybody,
    "number": _number,
    "value": _value,
    "truth": _truth,
    "scaled": _scaled,
    "chain": _chain,
    "compared": _compared,
    "among": _among,
    "not": _inverse,
    "and": _joined(np.logical_and),
    "or": _joined(np.logical_or),
    "aggregate": _aggregate,
}
