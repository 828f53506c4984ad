"""The workbook to fill in: a sheet of users, a sheet of ties, and a sheet that says what each column means."""

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from sim.scenario.tables.vocabulary import Column, Vocabulary
from sim.scenario.tables.words import TIES, USERS

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Language = Literal["en", "zh"]

MOST_USERS: Final = 1000
_LANGUAGES: Final = ("en", "zh")
_NAME: Final = {"en": "user {}", "zh": "学员{}"}
_MEANINGS: Final = {"en": "meanings", "zh": "说明"}
_LEFT_OUT: Final = ("age_low", "age_high")
"""Columns without a place in the sheet: the age alone is asked for."""
_TIES_EACH: Final = 10
"""Rows for ties with lists to choose from, for each user."""
_WIDEST: Final = 60


def template(users: int, language: Language = "en") -> bytes:
    """Return an xlsx workbook with a row for each user; what is left empty is sampled.

    Parameters
    ----------
    users : int
        From 1 to `MOST_USERS`; the first column names them "user 1", "user 2", ..., to be replaced by their names.
    language : str
        "en" or "zh": language of headers and lists. The sheet of meanings has both.
    """
    from openpyxl import Workbook

    book = Workbook()
    at = _LANGUAGES.index(language)
    sheet = book.active
    sheet.title = USERS.sheets[at]
    _head(sheet, _asked(USERS), language)
    for number in range(1, users + 1):
        sheet.cell(number + 1, 1, _NAME[language].format(number))
    for position, column in enumerate(_asked(USERS), 1):
        _choice(sheet, position, column, users, language)
    ties = book.create_sheet(TIES.sheets[at])
    _head(ties, _asked(TIES), language)
    for position, column in enumerate(_asked(TIES), 1):
        if column.name in ("source", "target"):
            _list(ties, position, f"'{sheet.title}'!$A$2:$A${users + 1}", users * _TIES_EACH)
        else:
            _choice(ties, position, column, users * _TIES_EACH, language)
    meanings = book.create_sheet(_MEANINGS[language])
    for row in meanings_of((USERS, TIES)):
        meanings.append(row)
    _shape(meanings)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def meanings_of(vocabularies: Sequence[Vocabulary]) -> Iterator[tuple[str, ...]]:
    """Yield a header, then for each column its names, its meaning and what it allows, in English and Chinese."""
    yield "table", "column", "列名", "meaning", "含义", "allowed", "可填内容"
    for words in vocabularies:
        for column in words.columns:
            yield (words.sheets[0], column.name, column.headers[0], column.meaning, column.meaning_zh,
                   _allowed(column, "en"), _allowed(column, "zh"))  # fmt: skip


def _allowed(column: Column, language: Language) -> str:
    if column.values:
        return (", " if language == "en" else "、").join(_words(column, language))
    if column.limits:
        unit = {"en": column.units[-1] if column.units else "", "zh": column.units[0] if column.units else ""}[language]
        low, high = column.limits
        return f"{low:g} to {high:g} {unit}".strip() if language == "en" else f"{low:g}至{high:g}{unit}"
    return ""


def _asked(words: Vocabulary) -> list[Column]:
    return [column for column in words.columns if column.name not in _LEFT_OUT]


def _words(column: Column, language: Language) -> list[str]:
    return [word if language == "en" else others[0] for word, others in column.values.items()]


def _head(sheet: "Worksheet", columns: list[Column], language: Language) -> None:
    sheet.append([column.name if language == "en" else column.headers[0] for column in columns])
    _shape(sheet)


def _choice(sheet: "Worksheet", position: int, column: Column, rows: int, language: Language) -> None:
    """Let a column take only its words, or only numbers within its limits."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if column.values:
        _list(sheet, position, '"' + ",".join(_words(column, language)) + '"', rows, strict=column.name != "closeness")
    elif column.limits:
        low, high = column.limits
        _limit(sheet, position, rows, DataValidation("decimal", f"{low:g}", f"{high:g}", allow_blank=True))


def _list(sheet: "Worksheet", position: int, words: str, rows: int, strict: bool = False) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    _limit(sheet, position, rows, DataValidation("list", words, allow_blank=True, showErrorMessage=strict))


def _limit(sheet: "Worksheet", position: int, rows: int, rule: Any) -> None:
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(position)
    rule.add(f"{letter}2:{letter}{rows + 1}")
    sheet.add_data_validation(rule)


def _shape(sheet: "Worksheet") -> None:
    """Make the header bold and keep it in sight; make columns as wide as what they hold."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for position, cells in enumerate(sheet.iter_cols(), 1):
        longest = max(len(str(cell.value or "")) for cell in cells)
        sheet.column_dimensions[get_column_letter(position)].width = min(_WIDEST, 2 * longest + 2)
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


__all__ = ["MOST_USERS", "Language", "meanings_of", "template"]
