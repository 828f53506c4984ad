"""Text tables (CSV): guess encoding, separator and decimal sign, and note every guess.

The standard csv module reads the cells; pandas guesses without saying so and knows no lines. Encodings are tried in
order (a mark at the start, UTF-8, GB18030), since detectors of encodings mistake short files with few Chinese words.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from sim.language import later, say
from sim.scenario.tables.table import Table, assembled, clean
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.files import readable
from sim.scenario.text.nodes import quoted

_SEPARATORS: Final = {
    ",": later("commas"),
    ";": later("semicolons"),
    "\t": later("tabs"),
    "，": later("full-width commas"),
    "；": later("full-width semicolons"),
}
_ORDINARY: Final = 3
"""Separators of ordinary width, the first of them all; full-width ones count if more lines have one of them."""
_FIRST_LINES: Final = 20
"""Lines in which the separator is looked for."""
_MARKS: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_STATED: Final = re.compile(r"\s*sep=(.)\s*\Z", re.IGNORECASE)
"""The first line by which a file for Excel states its separator."""
_DECIMAL_COMMA: Final = re.compile(r"[-+]?\d+,\d+", re.ASCII)
_DECIMAL_POINT: Final = re.compile(r"[-+]?\d+\.\d+", re.ASCII)

Lines = list[tuple[int, list[str]]]


def text_table(contents: bytes, file: str, known: frozenset[str]) -> Table:
    """Read a table from the bytes of a text file.

    Parameters
    ----------
    contents : bytes
    file : str
        Its name, for messages.
    known : frozenset of str
        As `sim.scenario.tables.table.assembled`.

    Raises
    ------
    ScenarioError
        When the bytes are no text, or the text is no table.
    """
    text, notes = _decoded(contents, file)
    separator, first, is_stated = _separator(text)
    if not is_stated and separator != ",":
        notes.append(say("separated by {separators}", separators=_SEPARATORS[separator]))
    rows = list(_rows(text, file, separator, first))
    if separator != ",":
        notes += _decimal_points(rows)
    return assembled(file, "", rows, known, notes)


def _decoded(contents: bytes, file: str) -> tuple[str, list[str]]:
    """Return the text and a note about its encoding, if nothing states the encoding."""
    stated = next((encoding for mark, encoding in _MARKS.items() if contents.startswith(mark)), "")
    for encoding in (stated,) if stated else ("utf-8", "gb18030"):
        try:
            text = readable(contents.decode(encoding), file)
        except UnicodeDecodeError as error:
            at = error.start
            continue
        notes = []
        if encoding == "gb18030":
            wide = re.search(r"[^\x00-\x7f]+", text)
            notes.append(say("read as GBK (such as {wide})", wide=quoted(wide[0][:8])) if wide else say("read as GBK"))
        return text, notes
    line = contents[:at].count(b"\n") + 1
    column = at - contents[:at].rfind(b"\n")
    what = say("byte 0x{contents:02x} is neither UTF-8 nor GBK; save the file as UTF-8", contents=contents[at])
    raise ScenarioError([Problem(file, line, column, what=what)])


def _separator(text: str) -> tuple[str, int, bool]:
    """Return the separator, the number of lines to leave out at the start, and whether the file states it."""
    lines = text[:1_000_000].splitlines()[:_FIRST_LINES]
    if lines and (stated := _STATED.match(lines[0])):
        return stated[1], 1, True
    bare = [re.sub(r'"[^"]*("|\Z)', "", line) for line in lines]
    every = list(_SEPARATORS)
    kinds = (every[:_ORDINARY], every[_ORDINARY:])
    some = max(kinds, key=lambda kind: sum(any(one in line for one in kind) for line in bare))
    first = next((line for line in bare if any(one in line for one in some)), "")
    return max(some, key=first.count), 0, False


def _rows(text: str, file: str, separator: str, first: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with their first line; a quoted cell may span several lines."""
    lines = io.StringIO(text, newline="")
    for _ in range(first):
        lines.readline()
    reader = csv.reader(lines, delimiter=separator, strict=True)
    line = first + 1
    try:
        for row in reader:
            yield line, [clean(cell) for cell in row]
            line = reader.line_num + first + 1
    except csv.Error as error:
        why = say("a cell is too long; is a quotation mark left open?") if "field limit" in str(error) else str(error)
        problem = Problem(file, line, 1, found=say("broken CSV ({why})", why=why), allowed=say("a CSV"))
        raise ScenarioError([problem]) from None


def _decimal_points(rows: Lines) -> list[str]:
    """Write decimal commas as points, if no cell has a decimal point; return the note about it."""
    commas = [(line, cell) for line, cells in rows for cell in cells if _DECIMAL_COMMA.fullmatch(cell)]
    if not commas or any(_DECIMAL_POINT.fullmatch(cell) for _, cells in rows for cell in cells):
        return []
    for _, cells in rows:
        cells[:] = [cell.replace(",", ".") if _DECIMAL_COMMA.fullmatch(cell) else cell for cell in cells]
    line, cell = commas[0]
    return [
        say(
            "decimal commas ({cell} in line {line} is {replace})",
            cell=quoted(cell),
            line=line,
            replace=cell.replace(",", "."),
        )
    ]
