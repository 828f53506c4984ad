"""Text for the terminal: a table that fits its width, a message that fits a screen or two, a count with its noun."""

import shutil
from typing import TYPE_CHECKING, Any, Final

from sim.language import say

if TYPE_CHECKING:
    import pandas as pd

LONGEST: Final = 48
"""Letters of a text that a cell shows at most."""
MOST_LINES: Final = 200
"""Most lines of an error message: a file with more mistakes is of another kind."""
LONGEST_LINE: Final = 2000
"""Most letters of a line of an error message."""
_GAP: Final = "..."


def fitted(frame: "pd.DataFrame", most_rows: int) -> tuple[str, str]:
    """Write a table that fits the width of the terminal, without some middle rows and columns if need be.

    Parameters
    ----------
    frame : DataFrame
    most_rows : int
        Rows to show at most, half from the start and half from the end.

    Returns
    -------
    tuple of str and str
        The text, and a note of how many rows and columns it shows; the note is empty when it shows all.
    """
    import pandas as pd

    half = most_rows // 2
    is_long = len(frame) > most_rows
    rows = pd.concat([frame.head(most_rows - half), frame.tail(half)]) if is_long else frame
    cells = [_column(frame.columns[place], rows.iloc[:, place]) for place in range(rows.shape[1])]
    columns = _fitting(cells, shutil.get_terminal_size((100, 24)).columns)
    lines = [" ".join(parts).rstrip() for parts in zip(*columns, strict=True)]
    if is_long:
        lines.insert(1 + most_rows - half, _GAP)
    of_rows = say("{shown:,} of {every:,} rows", shown=most_rows, every=len(frame)) if is_long else ""
    is_cut = len(columns) < len(cells)
    of_columns = say("{shown:,} of {every:,} columns", shown=len(columns) - 1, every=len(cells)) if is_cut else ""
    if of_rows and of_columns:
        note = say("shown are {rows} and {columns}", rows=of_rows, columns=of_columns)
    else:
        note = say("shown are {part}", part=of_rows or of_columns) if of_rows or of_columns else ""
    return "\n".join(lines), note


def _column(name: object, values: "pd.Series[Any]") -> list[str]:
    """Write a column as lines of equal width, its name first."""
    if values.dtype.kind not in "iufbM":
        values = values.map(lambda one: _cut(str(one)), na_action="ignore")
    text = values.to_string(index=False, header=False, na_rep="NULL").split("\n") if len(values) else []
    lines = [str(name), *(line.strip() for line in text)]
    width = max(map(len, lines))
    return [line.rjust(width) for line in lines]


def _cut(text: str) -> str:
    line = text.replace("\n", " ")
    return line if len(line) <= LONGEST else f"{line[: LONGEST - len(_GAP)]}{_GAP}"


def _fitting(columns: list[list[str]], width: int) -> list[list[str]]:
    """Return the columns that fit: all, or some from both ends with a gap between."""
    widths = [len(column[0]) + 1 for column in columns]
    if sum(widths) <= width + 1 or len(columns) < 3:
        return columns
    first, last, used = 1, 0, widths[0] + len(_GAP)
    while first + last < len(columns) - 1:
        take_last = last < first
        place = len(columns) - 1 - last if take_last else first
        if used + widths[place] > width:
            break
        used += widths[place]
        first, last = (first, last + 1) if take_last else (first + 1, last)
    return [*columns[:first], [_GAP] * len(columns[0]), *columns[len(columns) - last :]]


def shortened(message: str) -> str:
    """Return a message of at most `MOST_LINES` lines of `LONGEST_LINE` letters, with a count of the other lines."""
    lines = [line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}{_GAP}" for line in message.splitlines()]
    if len(lines) <= MOST_LINES:
        return "\n".join(lines)
    return "\n".join([*lines[:MOST_LINES], say("and {count:,} more mistakes", count=len(lines) - MOST_LINES)])
