"""Points of a study: one value for each factor; and a design that reads them from a file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

Value = float | int | bool | str
"""What a factor can be set to."""

Point = tuple[Value, ...]
"""One value a factor, in the order of the factors."""


class DesignError(ValueError):
    """A design that cannot be made, and why.

    Parameters
    ----------
    said : str
    line, column : int
        In the file of points; 0 where the design itself is meant.
    """

    def __init__(self, said: str, line: int = 0, column: int = 0) -> None:
        super().__init__(said)
        self.line, self.column = line, column


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
        With line and column, for a column too many or too few, and for a value that is none of the factor's.
    """
    rows = [(number, row) for number, row in enumerate(csv.reader(io.StringIO(text)), 1) if any(row)]
    if not rows:
        raise DesignError("the file is empty; its first line names the factors", 1, 1)
    first, header = rows[0]
    names = [name.strip() for name in header]
    paths = [axis.path for axis in axes]
    for column, name in enumerate(names, 1):
        if name not in paths:
            raise DesignError(f"found the column {name!r}, allowed are the factors: {', '.join(paths)}", first, column)
        if names.index(name) < column - 1:
            raise DesignError(f"the column {name!r} stands there twice", first, column)
    if absent := [path for path in paths if path not in names]:
        raise DesignError(f"no column for the factor {absent[0]}; the first line has {', '.join(names)}", first, 1)
    if len(rows) == 1:
        raise DesignError("no point is in the file, only the names of the factors", first, 1)
    return [_point(axes, names, number, row) for number, row in rows[1:]]


def _point(axes: Sequence[Axis], names: list[str], line: int, row: list[str]) -> Point:
    if len(row) != len(names):
        raise DesignError(f"found {len(row)} of {len(names)} values, one for each of {', '.join(names)}", line, 1)
    return tuple(_value(axis, row[names.index(axis.path)].strip(), line, names.index(axis.path) + 1) for axis in axes)


def _value(axis: Axis, text: str, line: int, column: int) -> Value:
    """Read one value; one of the list where there is a list, a number of the range anywhere else."""
    if axis.values:
        for value in axis.values:
            if text in (str(value), str(value).lower()) or _number(text) == value:
                return value
        raise DesignError(f"{axis.path}: found {text!r}, allowed is one of {_listed(axis.values)}", line, column)
    number = _number(text)
    whole = "a whole number, " if axis.whole else ""
    if number is None or not axis.low <= number <= axis.high or (axis.whole and number != int(number)):
        said = f"{axis.path}: found {text!r}, allowed is {whole}{axis.low:g} to {axis.high:g}"
        raise DesignError(said, line, column)
    return int(number) if axis.whole else number


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


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
