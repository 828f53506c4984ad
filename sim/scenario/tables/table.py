"""A table: a header and rows of clean cells, each with its place, and notes about what was guessed."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from sim.language import later, say
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.nodes import Place

MOST_ROWS: Final = 1_000_000
MOST_COLUMNS: Final = 10_000
MOST_CELLS: Final = 20_000_000
"""Most cells of a table, empty ones included: a few bytes of a workbook can claim millions of them."""

Numbered = Iterable[tuple[int, list[str]]]
"""Rows as a file holds them, each with its line, or its number in a sheet."""

_MOST_ABOVE: Final = 10
"""Rows in which the header is looked for."""
_LIKE_A_HEADER: Final = 2
"""Known names that make a row the header."""
_WIDE: Final = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
"""Digits and letters of full width; signs stay, since names may hold them."""
_INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Parameters
    ----------
    line : int
        Line of its first cell, or its number in a sheet, from 1.
    cells : list of str
        At least as many as the header has; more if the row holds something beyond the header.
    given : int
        How many of the cells the file has; a sheet has all.
    """

    line: int
    cells: list[str]
    given: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read from a file.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    sheet : str
        Name of the sheet; empty for text.
    header : Row
        Its cells end with the last that is not empty.
    rows : tuple of Row
        Rows that are not blank.
    notes : tuple of str
        What was guessed: "read as GBK", "separated by semicolons".
    """

    file: str
    sheet: str
    header: Row
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """All notes as one sentence that names the file; empty if nothing was guessed."""
        return f"{self.file}: {say(', ').join(self.notes)}" if self.notes else ""

    def place(self, row: Row, column: int = 0) -> Place:
        """Return the place of a cell; columns count from 0."""
        return Place(self.file, row.line, column + 1, self.sheet)


def clean(cell: str) -> str:
    """Return a cell without spaces around it, and with digits and letters of ordinary width."""
    cell = cell.strip()
    return cell if cell.isascii() else cell.translate(_WIDE).strip(_INVISIBLE).strip()


def assembled(file: str, sheet: str, rows: Numbered, known: frozenset[str], notes: Sequence[str]) -> Table:
    """Make a table of the rows of a file: find its header, drop blank rows and empty cells beyond the header.

    Parameters
    ----------
    file, sheet : str
    rows : iterable of (int, list of str)
        Clean cells; blank rows are allowed. A sheet's rows may be shorter than its header.
    known : frozenset of str
        Headers, in the form of `plain_word`, by which the header is found below a title; if there are none, it is the
        first row.
    notes : sequence of str
        Notes so far.

    Raises
    ------
    ScenarioError
        When the table is empty, or has more rows, columns or cells than allowed.
    """
    filled = _filled(file, sheet, rows)
    above = [row for _, row in zip(range(_MOST_ABOVE), filled, strict=False)]
    if not above:
        raise ScenarioError(
            [Problem(file, sheet=sheet, what=say("the file is empty; its first row names the columns"))]
        )
    titles = [sum(plain_word(cell) in known for cell in cells) < _LIKE_A_HEADER for _, cells in above]
    at = titles.index(False) if False in titles else 0
    line, names = above[at]
    while names and not names[-1]:
        names = names[:-1]
    below = tuple(_row(line, cells, len(names), bool(sheet)) for line, cells in chain(above[at + 1 :], filled))
    skipped = (say("the header is row {line}, the rows above it are not read", line=line),) if at else ()
    return Table(file, sheet, Row(line, names, len(names)), below, (*notes, *skipped))


def plain_word(text: str) -> str:
    """Return a word in the form in which words are compared: ordinary width, small letters, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().replace("_", " ").split())


def _filled(file: str, sheet: str, rows: Numbered) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank; raise an error when there are too many rows, columns or cells."""
    count, size = -1, 0  # the header is no row
    for line, cells in rows:
        size += len(cells)
        is_blank = not any(cells)
        count += not is_blank
        columns = max((number for number, cell in enumerate(cells, 1) if cell), default=0)
        bounds = (
            (count, MOST_ROWS, later("rows")),
            (columns, MOST_COLUMNS, later("columns")),
            (size, MOST_CELLS, later("cells")),
        )
        for found, most, unit in bounds:
            if found > most:
                what = say("found more than {most:,} {unit}; allowed are at most that", most=most, unit=unit)
                raise ScenarioError([Problem(file, line, 1, sheet=sheet, what=what)])
        if not is_blank:
            yield line, cells


def _row(line: int, cells: list[str], width: int, is_sheet: bool) -> Row:
    given = len(cells)
    while len(cells) > width and not cells[-1]:
        cells.pop()
    reached = max(width, len(cells))
    return Row(line, cells + [""] * (width - given), reached if is_sheet else min(given, reached))
