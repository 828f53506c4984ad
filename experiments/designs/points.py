"""Points of a study: one value for each factor; and a design that reads them from a file."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.scenario.text.errors import DayroomError

Value = float | int | bool | str
"""What a factor can be set to."""

Point = tuple[Value, ...]
"""One value a factor, in the order of the factors."""

MOST_TOLD: Final = 20
"""Mistakes of a file of points that are told; how many more there are is said."""
MOST_SHOWN: Final = 60
"""Letters that are shown of what was found."""
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


class DesignError(DayroomError, ValueError):
    """A design that cannot be made, and why.

    Parameters
    ----------
    said : str
    line, column : int
        In the file of points; 0 where the design itself is meant.
    more : sequence of DesignError
        What is wrong besides.
    """

    def __init__(self, said: str, line: int = 0, column: int = 0, more: "Sequence[DesignError]" = ()) -> None:
        super().__init__(said)
        self.line, self.column, self.more = line, column, tuple(more)


@dataclass(frozen=True, slots=True)
class Axis:
    """What a design needs to know of a factor.

    Parameters
    ----------
    path : str
        The parameter's path in a scenario.
    low, high : float
        Range, both ends included; unused where there are `values`.
    whole : bool
        Whether only whole numbers may stand there.
    values : tuple
        The values to take, where they are listed.
    levels : int
        Levels of this factor in a grid; 0 for those of the design.
    """

    path: str
    low: float = 0.0
    high: float = 1.0
    whole: bool = False
    values: Point = ()
    levels: int = 0

    def at(self, share: float) -> Value:
        """Give the value at a share of the range, or of the list.

        Parameters
        ----------
        share : float
            From 0 to 1.
        """
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        if self.whole:  # every whole number has the same share of the range
            low, high = round(self.low), round(self.high)
            return min(low + int(share * (high - low + 1)), high)
        return self.low + share * (self.high - self.low)


def at_shares(axes: Sequence[Axis], shares: Sequence[Sequence[float]]) -> list[Point]:
    """Turn shares of ranges, shape (points, factors), into values."""
    return [tuple(axis.at(float(share)) for axis, share in zip(axes, row, strict=True)) for row in shares]


def from_text(axes: Sequence[Axis], text: str) -> list[Point]:
    """Read points from the text of a CSV file with a column for each factor, named by its path.

    Parameters
    ----------
    axes : sequence of Axis
    text : str
        Numbers in the parameters' own units; columns may stand in any order.

    Raises
    ------
    DesignError
        With line and column, for a column too many or too few, and for each value that is none of the factor's.
    """
    rows = _rows(text)
    if not rows:
        raise DesignError("the file is empty; its first line names the factors", 1, 1)
    first, header = rows[0]
    names = [name.strip() for name in header]
    paths = [axis.path for axis in axes]
    wrong: list[DesignError] = []
    for column, name in enumerate(names, 1):
        if name not in paths:
            said = f"found the column {_short(name)}, allowed are the factors: {', '.join(paths)}"
            wrong.append(DesignError(said, first, column))
        elif names.index(name) < column - 1:
            wrong.append(DesignError(f"the column {name!r} stands there twice", first, column))
    if absent := [path for path in paths if path not in names]:
        said = f"no column for the factor {', '.join(absent)}; the first line has {', '.join(map(_short, names))}"
        wrong.append(DesignError(said, first, 1))
    if len(rows) == 1:
        wrong.append(DesignError("no point is in the file, only the names of the factors", first, 1))
    _raise(wrong)
    points = [_point(axes, names, number, row, wrong) for number, row in rows[1:]]
    _raise(wrong)
    return points


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Give the rows that are not empty, each with the line it begins in: a quoted value may go over several."""
    reader = csv.reader(io.StringIO(text))
    rows, line = [], 1
    try:
        for row in reader:
            if any(row):
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        longest = f"a value is longer than {csv.field_size_limit():,} letters; is a quotation mark left open?"
        said = longest if "field limit" in str(error) else f"this is no CSV ({error})"
        raise DesignError(said, line, 1) from None
    return rows


def _raise(wrong: "Sequence[DesignError]") -> None:
    """Tell what is wrong, as far as somebody reads."""
    if wrong:
        more = list(wrong[1:MOST_TOLD])
        if len(wrong) > MOST_TOLD:
            last = wrong[MOST_TOLD]
            more.append(
                DesignError(f"and {len(wrong) - MOST_TOLD:,} more like these from here on", last.line, last.column)
            )
        raise DesignError(str(wrong[0]), wrong[0].line, wrong[0].column, more)


def _point(axes: Sequence[Axis], names: list[str], line: int, row: list[str], wrong: list[DesignError]) -> Point:
    """Read a point; what is wrong with it is added to what is wrong."""
    if len(row) != len(names):
        said = f"found {len(row)} of {len(names)} values, one for each of {', '.join(names)}"
        wrong.append(DesignError(said, line, 1))
        return ()
    values = []
    for axis in axes:
        place = names.index(axis.path)
        try:
            values.append(_value(axis, row[place].strip(), line, place + 1))
        except DesignError as error:
            wrong.append(error)
    return tuple(values)


def _value(axis: Axis, text: str, line: int, column: int) -> Value:
    """Read one value; one of the list where there is a list, a number of the range anywhere else."""
    if axis.values:
        for value in axis.values:
            if text in (str(value), str(value).lower()) or _switch(text) is value or _number(text) == value:
                return value
        raise DesignError(f"{axis.path}: found {_short(text)}, allowed is one of {_listed(axis.values)}", line, column)
    number = _number(text)
    whole = "a whole number, " if axis.whole else ""
    if number is None or not axis.low <= number <= axis.high or (axis.whole and number != int(number)):
        said = f"{axis.path}: found {_short(text)}, allowed is {whole}{axis.low:g} to {axis.high:g}"
        raise DesignError(said, line, column)
    return int(number) if axis.whole else number


def _number(text: str) -> float | None:
    """Read a number as other programs write it; what Python alone takes for one (1_0) is none."""
    return float(text) if _NUMBER.fullmatch(text) else None


def _switch(text: str) -> bool | None:
    """Read a switch as YAML or as a spreadsheet writes it: true, True or TRUE."""
    return {"true": True, "false": False}.get(text.lower())


def _short(text: str) -> str:
    """Show a text, cut where it is long."""
    return repr(text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}...")


def _listed(values: Point) -> str:
    return ", ".join(str(value).lower() if isinstance(value, bool) else str(value) for value in values)


def whole_text(path: Path) -> str:
    """Read the text of a file of points, which may be large.

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
