"""Points of a study, one value for each factor, and the design that reads them from a file."""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from experiments.designs.factor import Factor, Point, Value
from sim.scenario.text.errors import DayroomError

MOST_TOLD: Final = 20
"""Report at most this many mistakes of a file of points, then a count."""
MOST_SHOWN: Final = 60
"""Letters of a value that a message shows."""
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


class DesignError(DayroomError, ValueError):
    """A design that cannot be made, and why.

    Parameters
    ----------
    line, column : int
        In the file of points; 0 for the design itself.
    more : sequence of DesignError
        Further mistakes.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0, more: "Sequence[DesignError]" = ()) -> None:
        super().__init__(message)
        self.line, self.column, self.more = line, column, tuple(more)


def at_shares(factors: Sequence[Factor], shares: Sequence[Sequence[float]]) -> list[Point]:
    """Return the values at shares of ranges, shape (points, factors)."""
    return [tuple(factor.at(float(share)) for factor, share in zip(factors, row, strict=True)) for row in shares]


def from_text(factors: Sequence[Factor], text: str) -> list[Point]:
    """Return the points in the text of a CSV file with a column for each factor, named by its path.

    Parameters
    ----------
    text : str
        Numbers in the parameters' own units; columns may stand in any order.

    Raises
    ------
    DesignError
        With line and column, for a column too many or too few and for each value that its factor cannot take.
    """
    rows = _rows(text)
    if not rows:
        raise DesignError("the file is empty; its first line names the factors", 1, 1)
    first, header = rows[0]
    names = [name.strip() for name in header]
    paths = [factor.path for factor in factors]
    mistakes: list[DesignError] = []
    for column, name in enumerate(names, 1):
        if name not in paths:
            message = f"found the column {_short(name)}, allowed are the factors: {', '.join(paths)}"
            mistakes.append(DesignError(message, first, column))
        elif names.index(name) < column - 1:
            mistakes.append(DesignError(f"the column {name!r} stands there twice", first, column))
    if absent := [path for path in paths if path not in names]:
        message = f"no column for the factor {', '.join(absent)}; the first line has {', '.join(map(_short, names))}"
        mistakes.append(DesignError(message, first, 1))
    if len(rows) == 1:
        mistakes.append(DesignError("no point is in the file, only the names of the factors", first, 1))
    _raise(mistakes)
    points = [_point(factors, names, number, row, mistakes) for number, row in rows[1:]]
    _raise(mistakes)
    return points


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows that are not empty, each with its first line: a quoted value may span several."""
    reader = csv.reader(io.StringIO(text))
    rows, line = [], 1
    try:
        for row in reader:
            if any(row):
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        longest = f"a value is longer than {csv.field_size_limit():,} letters; is a quotation mark left open?"
        message = longest if "field limit" in str(error) else f"this is no CSV ({error})"
        raise DesignError(message, line, 1) from None
    return rows


def _raise(mistakes: "Sequence[DesignError]") -> None:
    """Raise the first mistake with the next ones, and a count of the rest."""
    if mistakes:
        more = list(mistakes[1:MOST_TOLD])
        if len(mistakes) > MOST_TOLD:
            last = mistakes[MOST_TOLD]
            more.append(
                DesignError(f"and {len(mistakes) - MOST_TOLD:,} more like these from here on", last.line, last.column)
            )
        raise DesignError(str(mistakes[0]), mistakes[0].line, mistakes[0].column, more)


def _point(
    factors: Sequence[Factor], names: list[str], line: int, row: list[str], mistakes: list[DesignError]
) -> Point:
    """Return a point, and add its mistakes to the list."""
    if len(row) != len(names):
        message = f"found {len(row)} of {len(names)} values, one for each of {', '.join(names)}"
        mistakes.append(DesignError(message, line, 1))
        return ()
    values = []
    for factor in factors:
        place = names.index(factor.path)
        try:
            values.append(_value(factor, row[place].strip(), line, place + 1))
        except DesignError as error:
            mistakes.append(error)
    return tuple(values)


def _value(factor: Factor, text: str, line: int, column: int) -> Value:
    """Return one value: from the list of the factor if it has one, else a number in its range."""
    if factor.values:
        for value in factor.values:
            if text in (str(value), str(value).lower()) or _switch(text) is value or _number(text) == value:
                return value
        raise DesignError(
            f"{factor.path}: found {_short(text)}, allowed is one of {_listed(factor.values)}", line, column
        )
    number = _number(text)
    whole = "a whole number, " if factor.whole else ""
    if number is None or not factor.low <= number <= factor.high or (factor.whole and number != int(number)):
        message = f"{factor.path}: found {_short(text)}, allowed is {whole}{factor.low:g} to {factor.high:g}"
        raise DesignError(message, line, column)
    return int(number) if factor.whole else number


def _number(text: str) -> float | None:
    """Return a number as other programs write it, so not 1_0, which only Python reads."""
    return float(text) if _NUMBER.fullmatch(text) else None


def _switch(text: str) -> bool | None:
    """Return a switch as YAML or a spreadsheet writes it: true, True or TRUE."""
    return {"true": True, "false": False}.get(text.lower())


def _short(text: str) -> str:
    """Return a text in quotes, cut where it is long."""
    return repr(text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}...")


def _listed(values: Point) -> str:
    return ", ".join(str(value).lower() if isinstance(value, bool) else str(value) for value in values)


def whole_text(path: Path) -> str:
    """Return the text of a file of points, which may be large.

    Raises
    ------
    DesignError
        When it is no text, or cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise DesignError("the file is not UTF-8 text") from None
    except OSError as error:
        raise DesignError(f"the file cannot be read ({(error.strerror or 'unknown reason').lower()})") from None
