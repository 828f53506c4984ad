"""The tables of a report as one workbook: each on a sheet, numbers as numbers, then the tables of the result itself."""

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from experiments.report.content import Number, Report, parts, plain
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES
from sim.scenario.text.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\']")
_LONGEST: Final = 31
"""Letters of a sheet's name."""
_WIDEST: Final = 60
"""Widest column, in letters."""
MOST_ROWS: Final = 20_000
"""Rows of a table of the result that the workbook takes; Parquet has the others."""


def render(report: Report) -> bytes:
    """Return the tables as xlsx.

    Raises
    ------
    InputError
        When the package xlsxwriter is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise InputError(
            say(
                "{package} is not installed; install it with: pip install 'dayroom[{extra}]'",
                package="xlsxwriter",
                extra="report",
            )
        ) from None
    file = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": plain(report.title)[:200]})
        looks = _Looks(book)
        for table in report.tables():
            sheet = book.add_worksheet(_free(book, table.title))
            sheet.write_string(0, 0, plain(table.title))
            _write(sheet, 2, table.head, table.rows, looks)
        for name, frame in report.frames.items():
            if len(frame) <= MOST_ROWS:
                sheet = book.add_worksheet(_free(book, name))
                _write_frame(sheet, frame, looks)
    return file.getvalue()


class _Looks:
    """The formats of cells; numbers keep their full value and show as many decimals as the report does."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._numbers: dict[str, Any] = {}
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def number(self, pattern: str) -> Any:
        """Return the format with a pattern of a number, such as "0.0%"; None without a pattern."""
        if pattern and pattern not in self._numbers:
            self._numbers[pattern] = self._book.add_format({"num_format": pattern, "valign": "top"})
        return self._numbers.get(pattern)


def _pattern(shown: str) -> str:
    """Return the pattern that shows a number as a text of it does: decimals, and whether a gain has a plus."""
    decimals = len(shown.partition(".")[2])
    plain_number = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f"{'+' if shown.startswith('+') else ''}{plain_number};−{plain_number};{plain_number}"


def pattern_of_column(name: str) -> str:
    """Return the pattern of a column of the result: percent for shares, two decimals for money and hours."""
    words = name.split("_")
    outcome = OUTCOMES.get(name)
    if (outcome is not None and outcome.unit == "share") or "share" in words:
        return "0.0%"
    if {"money", "cost", "willingness", "ratio"} & set(words):
        return "#,##0.00"
    return "0.00" if "hours" in words else ""


def _free(book: Any, title: str) -> str:
    """Return a name for a sheet: allowed letters, not too long, not taken."""
    name = _FORBIDDEN.sub(" ", plain(title)).strip()[:_LONGEST] or "table"
    taken = {sheet.get_name().lower() for sheet in book.worksheets()}
    number = 2
    made = name
    while made.lower() in taken:
        made = f"{name[: _LONGEST - len(str(number)) - 1]} {number}"
        number += 1
    return made


def _write(sheet: Any, first: int, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], looks: _Looks) -> None:
    """Write a table; a cell with an interval spreads over its own column as text beside the number's column."""
    columns = [_is_interval([row[place] for row in rows]) for place in range(len(head))]
    heads = [
        name
        for title, spread in zip(head, columns, strict=True)
        for name in ([plain(title), say("from"), say("to")] if spread else [plain(title)])
    ]
    for place, name in enumerate(heads):
        sheet.write_string(first, place, name, looks.bold)
    widths = [len(name) for name in heads]
    for line, row in enumerate(rows, first + 1):
        cells: list[str | Number | None] = []
        for cell, spread in zip(row, columns, strict=True):
            cells += _values(cell, spread)
        for place, value in enumerate(cells):
            if isinstance(value, str):
                sheet.write_string(line, place, value, looks.wrapped)
            elif value is not None and value.value == value.value:
                sheet.write_number(line, place, value.value, looks.number(_pattern(value.text)))
            shown = value if isinstance(value, str) else value.text if value else ""
            widths[place] = max(widths[place], len(shown))
    sheet.freeze_panes(first + 1, 1)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(_WIDEST, width + 3))


def _is_interval(cells: list[str]) -> bool:
    """Return whether a column holds numbers with intervals."""
    return any(len([one for one in parts(cell) if isinstance(one, Number)]) == 3 and _starts(cell) for cell in cells)


def _starts(cell: str) -> bool:
    return isinstance(next(parts(cell), ""), Number)


def _values(cell: str, spread: bool) -> list[str | Number | None]:
    numbers = [one for one in parts(cell) if isinstance(one, Number)]
    if spread and (_starts(cell) or cell == "–"):
        return [*numbers, *[None] * (3 - len(numbers))]
    value = numbers[0] if len(numbers) == 1 and _starts(cell) else plain(cell)
    return [value, *([None] * 2 if spread else [])]


def _write_frame(sheet: Any, frame: "pd.DataFrame", looks: _Looks) -> None:
    """Write a table of the result as it is, under the names of its columns."""
    for place, name in enumerate(map(str, frame.columns)):
        sheet.write_string(0, place, name, looks.bold)
        look = looks.number(pattern_of_column(name))
        for line, value in enumerate(frame[frame.columns[place]].tolist(), 1):
            _write_value(sheet, line, place, value, look)
        sheet.set_column(place, place, min(_WIDEST, max(10, len(name) + 3)))
    sheet.freeze_panes(1, 1)


def _write_value(sheet: Any, line: int, place: int, value: Any, look: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, int | float):
        if abs(value) < float("inf"):
            sheet.write_number(line, place, value, look)
    elif value is not None and value == value:
        sheet.write_string(line, place, plain(str(value))[:32_000])
