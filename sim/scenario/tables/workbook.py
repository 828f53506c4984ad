"""Workbooks (xlsx): the sheet, the values of its cells as text, and bounds on what a small file can unpack to.

openpyxl reads and writes; python-calamine reads faster, but a sheet to fill in would need a second library.
"""

import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from sim.language import say
from sim.scenario.tables.table import Table, assembled, clean, plain_word
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.nodes import quoted

if TYPE_CHECKING:
    from openpyxl import Workbook

MOST_UNPACKED: Final = 200_000_000
"""Most bytes of all parts of a workbook, once unpacked."""
MOST_PARTS: Final = 1000
_ORDERS: Final = tuple(
    text.encode(code) for text in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be")
)
"""XML that can make a reader fetch files or swell; a workbook has none."""
_MOST_LINES: Final = 1_048_576
"""Rows of a sheet in Excel; a file can claim more."""


def workbook_table(contents: bytes, file: str, sheets: tuple[str, ...], known: frozenset[str]) -> Table:
    """Read a table from the bytes of a workbook.

    Parameters
    ----------
    contents : bytes
    file : str
        Its name, for messages.
    sheets : tuple of str
        Names of sheets that hold such a table, in the form of `plain_word`. If the workbook has none of them, the first
        sheet with something in it is read, with a note if there are others.
    known : frozenset of str
        As `sim.scenario.tables.table.assembled`.

    Raises
    ------
    ScenarioError
        When the bytes are no workbook, or one that is too large, or a formula has no value.
    """
    has_formulas = _checked(contents, file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and drop-down lists that it does not keep
            return _table(contents, file, sheets, known, has_formulas)
    except ScenarioError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part leads to
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        what = say("no Excel workbook can be read from it ({first})", first=first)
        raise ScenarioError([Problem(file, what=what)]) from None


def _checked(contents: bytes, file: str) -> bool:
    """Refuse what unpacks to too much or holds a DOCTYPE; return whether a sheet has formulas."""
    has_formulas = False
    try:
        with zipfile.ZipFile(io.BytesIO(contents)) as parts:
            every = parts.infolist()
            size = sum(part.file_size for part in every)
            if size > MOST_UNPACKED or len(every) > MOST_PARTS:
                found = say("{size:,.0f} MB in {count} parts once unpacked", size=size / 1e6, count=len(every))
                allowed = say(
                    "at most {most_unpacked:g} MB in {most_parts} parts",
                    most_unpacked=MOST_UNPACKED / 1e6,
                    most_parts=MOST_PARTS,
                )
                raise ScenarioError([Problem(file, found=found, allowed=allowed)])
            if "[Content_Types].xml" not in parts.namelist():
                raise ScenarioError([Problem(file, what=say("the file is compressed (zip); unpack it first"))])
            for part in every:
                text = parts.read(part)
                if any(order in text for order in _ORDERS):
                    raise ScenarioError(
                        [
                            Problem(
                                file,
                                found=say("a DOCTYPE in {filename}", filename=quoted(part.filename)),
                                allowed="none",
                            )
                        ]
                    )
                has_formulas |= "worksheets/" in part.filename and (b"<f>" in text or b"<f " in text)
    except ScenarioError:
        raise
    except Exception as error:  # zipfile raises whatever a broken archive leads to
        raise ScenarioError([Problem(file, what=say("the workbook is damaged ({error})", error=error))]) from None
    return has_formulas


def _table(contents: bytes, file: str, sheets: tuple[str, ...], known: frozenset[str], has_formulas: bool) -> Table:
    values = _opened(contents, True)
    sheet, notes = _chosen(values, file, sheets)
    formulas = _opened(contents, False)[sheet] if has_formulas else None
    return assembled(file, sheet, _rows(values[sheet], formulas, file, sheet), known, notes)


def _opened(contents: bytes, values: bool) -> "Workbook":
    from openpyxl import load_workbook  # loads slowly, and most commands need none

    return load_workbook(io.BytesIO(contents), read_only=True, data_only=values, keep_links=False)


def _chosen(book: "Workbook", file: str, sheets: tuple[str, ...]) -> tuple[str, list[str]]:
    """Return the name of the sheet to read, and a note if it was a guess."""
    named = [one.title for one in book.worksheets if plain_word(one.title) in sheets]
    if named:
        return named[0], []
    filled = [one.title for one in book.worksheets if any(any(cells) for _, cells in _rows(one, None, file, one.title))]
    if not filled:
        raise ScenarioError([Problem(file, what=say("the file is empty; its first row names the columns"))])
    others = ", ".join(map(quoted, filled[1:]))
    return filled[0], [
        say("sheet {filled} of several, not read: {others}", filled=quoted(filled[0]), others=others)
    ] if others else []


def _rows(sheet: Any, formulas: Any, file: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a sheet as clean text."""
    sheet.reset_dimensions()  # the size that a sheet states need not be true
    written = None
    if formulas is not None:
        formulas.reset_dimensions()
        written = formulas.iter_rows()
    for line, row in enumerate(sheet.iter_rows(), 1):
        if line > _MOST_LINES:
            raise ScenarioError(
                [
                    Problem(
                        file,
                        sheet=name,
                        found=say("more than {most_lines:,} rows", most_lines=_MOST_LINES),
                        allowed=say("at most that"),
                    )
                ]
            )
        beside = next(written, ()) if written is not None else ()
        for column, cell in enumerate(beside):
            if cell.data_type == "f" and row[column].value is None:
                what = say("the file does not hold the value of this formula; open it in Excel and save it again")
                raise ScenarioError([Problem(file, line, column + 1, sheet=name, what=what)])
        yield line, [_text(cell, file, name, line, column) for column, cell in enumerate(row, 1)]


def _text(cell: Any, file: str, sheet: str, line: int, column: int) -> str:
    """Return the value of a cell as text: whole numbers without a point, dates as 2027-01-04."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        if cell.data_type == "e" and value != "#N/A":
            problem = Problem(
                file, line, column, sheet=sheet, found=say("the error {value}", value=value), allowed=say("a value")
            )
            raise ScenarioError([problem])
        return "NA" if value == "#N/A" else clean(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
