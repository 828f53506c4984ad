"""Points of a study, each with a value for every factor, and the design that reads them from a table."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from experiments.designs.factor import Factor, Point, Value
from sim.language import say
from sim.scenario.tables.table import Row, Table
from sim.scenario.text.errors import DayroomError
from sim.scenario.text.nodes import quoted

if TYPE_CHECKING:
    import pandas as pd

MOST_MISTAKES: Final = 20
"""Report at most this many mistakes in a file of points, then count the rest."""
MOST_SHOWN: Final = 60
"""Longest value, in letters, that a message shows uncut."""
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


class DesignError(DayroomError, ValueError):
    """The design cannot be made; the message says why.

    Parameters
    ----------
    line, column : int
        Place of the mistake in the file of points; 0 when the mistake is in the design itself.
    more : sequence of DesignError
        Further mistakes in the same file.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0, more: "Sequence[DesignError]" = ()) -> None:
        super().__init__(message)
        self.line, self.column, self.more = line, column, tuple(more)


def at_shares(factors: Sequence[Factor], shares: Sequence[Sequence[float]]) -> list[Point]:
    """Convert rows of shares (0 to 1, one share for each factor) into points."""
    return [tuple(factor.at(float(share)) for factor, share in zip(factors, row, strict=True)) for row in shares]


def with_index(points: "pd.DataFrame") -> "pd.DataFrame":
    """Return a frame of points with its named index as columns: `groupby` and `set_index` put factors there."""
    levels = [name for name in points.index.names if name is not None and name not in points.columns]
    return points.reset_index(level=levels) if levels else points


def from_table(factors: Sequence[Factor], table: Table) -> list[Point]:
    """Read points from a table.

    Parameters
    ----------
    table : Table
        A column for each factor, in any order, headed by the factor's path; numbers in the parameters' own units.

    Raises
    ------
    DesignError
        When the columns are not exactly the factors, or a factor does not allow a value; has line and column.
    """
    first, names = table.header.line, table.header.cells
    paths = [factor.path for factor in factors]
    mistakes: list[DesignError] = []
    for column, name in enumerate(names, 1):
        if name not in paths:
            message = say(
                "found the column {column}, allowed are the factors: {factors}",
                column=_short(name),
                factors=", ".join(paths),
            )
            mistakes.append(DesignError(message, first, column))
        elif names.index(name) < column - 1:
            mistakes.append(DesignError(say("the column {column} appears twice", column=quoted(name)), first, column))
    if absent := [path for path in paths if path not in names]:
        message = say(
            "no column for the factor {factors}; the first line has {columns}",
            factors=", ".join(absent),
            columns=", ".join(map(_short, names)),
        )
        mistakes.append(DesignError(message, first, 1))
    if not table.rows:
        mistakes.append(DesignError(say("no point is in the file, only the names of the factors"), first, 1))
    _raise(mistakes)
    points = [_point(factors, names, row, mistakes) for row in table.rows]
    _raise(mistakes)
    return points


def _raise(mistakes: "Sequence[DesignError]") -> None:
    """If there are mistakes, raise the first, with the next ones and a count of the rest attached."""
    if mistakes:
        more = list(mistakes[1:MOST_MISTAKES])
        if len(mistakes) > MOST_MISTAKES:
            last = mistakes[MOST_MISTAKES]
            text = say("and {count:,} more like these from here on", count=len(mistakes) - MOST_MISTAKES)
            more.append(DesignError(text, last.line, last.column))
        raise DesignError(str(mistakes[0]), mistakes[0].line, mistakes[0].column, more)


def _point(factors: Sequence[Factor], names: list[str], row: Row, mistakes: list[DesignError]) -> Point:
    """Return the point in a row of the file; append the mistakes found in it to `mistakes`."""
    if row.given != len(names):
        message = say(
            "found {given} of {wanted} values, one for each of {columns}",
            given=row.given,
            wanted=len(names),
            columns=", ".join(names),
        )
        mistakes.append(DesignError(message, row.line, 1))
        return ()
    values = []
    for factor in factors:
        place = names.index(factor.path)
        try:
            values.append(_value(factor, row.cells[place], row.line, place + 1))
        except DesignError as error:
            mistakes.append(error)
    return tuple(values)


def _value(factor: Factor, text: str, line: int, column: int) -> Value:
    """Read a factor's value: an entry of its list when it has one, else a number in its range."""
    if factor.values:
        for value in factor.values:
            if text in (str(value), str(value).lower()) or _switch(text) is value or _number(text) == value:
                return value
        message = say(
            "{path}: found {found}, allowed is one of {words}",
            path=factor.path,
            found=_short(text),
            words=_listed(factor.values),
        )
        raise DesignError(message, line, column)
    number = _number(text)
    if number is None or not factor.low <= number <= factor.high or (factor.whole and number != int(number)):
        values = {"path": factor.path, "found": _short(text), "low": factor.low, "high": factor.high}
        message = (
            say("{path}: found {found}, allowed is a whole number, {low:g} to {high:g}", **values)
            if factor.whole
            else say("{path}: found {found}, allowed is {low:g} to {high:g}", **values)
        )
        raise DesignError(message, line, column)
    return int(number) if factor.whole else number


def _number(text: str) -> float | None:
    """Return the number in a text, or None; 1_0 is no number, since only Python reads it so."""
    return float(text) if _NUMBER.fullmatch(text) else None


def _switch(text: str) -> bool | None:
    """Return the switch in a text (true, True and TRUE all count, likewise false), or None."""
    return {"true": True, "false": False}.get(text.lower())


def _short(text: str) -> str:
    """Return a text in quotes, cut after `MOST_SHOWN` letters."""
    return repr(text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}...")


def _listed(values: Point) -> str:
    return ", ".join(str(value).lower() if isinstance(value, bool) else str(value) for value in values)
