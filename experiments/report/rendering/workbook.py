"""The tables of a report as one workbook: each on a sheet, numbers as numbers, then the tables of the result itself."""

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from experiments.report.content import Number, Report, parts, plain
from sim.language import say
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
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for table in report.tables():
            sheet = book.add_worksheet(_free(book, table.title))
            sheet.write_string(0, 0, plain(table.title))
            _write(sheet, 2, table.head, table.rows, bold, wrapped)
        for name, frame in report.frames.items():
            if len(frame) <= MOST_ROWS:
                sheet = book.add_worksheet(_free(book, name))
                _write_frame(sheet, frame, bold)
    return file.getvalue()


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


def _write(
    sheet: Any, first: int, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], bold: Any, wrapped: Any
) -> None:
    """Write a table; a cell with an interval spreads over its own column as text beside the number's column."""
    columns = [_is_interval([row[place] for row in rows]) for place in range(len(head))]
    heads = [
        name
        for title, spread in zip(head, columns, strict=True)
        for name in ([plain(title), say("from"), say("to")] if spread else [plain(title)])
    ]
    for place, name in enumerate(heads):
        sheet.write_string(first, place, name, bold)
    widths = [len(name) for name in heads]
    for line, row in enumerate(rows, first + 1):
        cells: list[str | float] = []
        for cell, spread in zip(row, columns, strict=True):
            cells += _values(cell, spread)
        for place, value in enumerate(cells):
            if isinstance(value, str):
                sheet.write_string(line, place, value, wrapped)
            elif value == value:
                sheet.write_number(line, place, value)
            widths[place] = max(widths[place], len(f"{value:.6g}" if isinstance(value, float) else value))
    sheet.freeze_panes(first + 1, 1)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(_WIDEST, width + 3))


def _is_interval(cells: list[str]) -> bool:
    """Return whether a column holds numbers with intervals."""
    return any(len([one for one in parts(cell) if isinstance(one, Number)]) == 3 and _starts(cell) for cell in cells)


def _starts(cell: str) -> bool:
    return isinstance(next(parts(cell), ""), Number)


def _values(cell: str, spread: bool) -> list[str | float]:
    numbers = [one.value for one in parts(cell) if isinstance(one, Number)]
    if spread and (_starts(cell) or cell == "–"):
        return [*numbers, *[float("nan")] * (3 - len(numbers))]
    value: str | float = numbers[0] if len(numbers) == 1 and _starts(cell) else plain(cell)
    return [value, *([float("nan")] * 2 if spread else [])]


def _write_frame(sheet: Any, frame: "pd.DataFrame", bold: Any) -> None:
    """Write a table of the result as it is, under the names of its columns."""
    for place, name in enumerate(map(str, frame.columns)):
        sheet.write_string(0, place, name, bold)
        column = frame[frame.columns[place]]
        for line, value in enumerate(column.tolist(), 1):
            _write_value(sheet, line, place, value)
        sheet.set_column(place, place, min(_WIDEST, max(10, len(name) + 3)))
    sheet.freeze_panes(1, 1)


def _write_value(sheet: Any, line: int, place: int, value: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, int | float):
        if abs(value) < float("inf"):
            sheet.write_number(line, place, value)
    elif value is not None and value == value:
        sheet.write_string(line, place, plain(str(value))[:32_000])
