"""Read a table from an xlsx or CSV file; the contents decide which of the two it is, not the name."""

from pathlib import Path
from typing import Final

from sim.language import later, say
from sim.scenario.tables.delimited import text_table
from sim.scenario.tables.table import Table
from sim.scenario.tables.vocabulary import Vocabulary
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.files import displayed, read_bytes

MOST_BYTES: Final = 50_000_000
"""Largest file, in bytes as it lies on the disk."""
ENDINGS: Final = (".csv", ".tsv", ".txt", ".xlsx")
"""Endings of files that may hold a table."""

_WORKBOOK: Final = b"PK\x03\x04"
_REFUSED: Final = {
    b"\xd0\xcf\x11\xe0": later(
        "this is an old or a protected Excel file; save it as .xlsx without a password, or as CSV"
    ),
    b"\x1f\x8b": later("the file is compressed (gzip); unpack it first"),
    b"BZh": later("the file is compressed (bzip2); unpack it first"),
    b"\xfd7zXZ": later("the file is compressed (xz); unpack it first"),
    b"\x28\xb5\x2f\xfd": later("the file is compressed (zstd); unpack it first"),
}


def read_table(path: Path, words: Vocabulary | None = None) -> Table:
    """Read a table.

    Parameters
    ----------
    path : Path
        An xlsx workbook, or text with commas, semicolons or tabs in UTF-8, UTF-16 or GBK (GB18030).
    words : Vocabulary, optional
        The columns that the table may have, by which the header is found below a title, and the names of its sheet.

    Returns
    -------
    Table
        Cells as text without spaces around them. `notes` lists what was guessed.

    Raises
    ------
    ScenarioError
        When the file cannot be read, is too large, or holds no table.
    """
    contents, file = read_bytes(path, MOST_BYTES, say("a table")), displayed(path)
    refusal = next((str(why) for first, why in _REFUSED.items() if contents.startswith(first)), "")
    if refusal:
        raise ScenarioError([Problem(file, what=refusal)])
    known = words.headers if words else frozenset()
    if not contents.startswith(_WORKBOOK):
        return text_table(contents, file, known)
    from sim.scenario.tables.workbook import workbook_table

    return workbook_table(contents, file, words.sheets if words else (), known)


__all__ = ["ENDINGS", "MOST_BYTES", "read_table"]
