"""Read tables that people give to a command, as CSV or Parquet, within bounds on their size once unpacked.

A small file can unpack to gigabytes. Text is therefore read only as it stands, never from a compressed file, and of
Parquet the file's own description is read first.
"""

import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.scenario.text.errors import DayroomError
from sim.scenario.text.nodes import quoted

if TYPE_CHECKING:
    import pandas as pd

MOST_BYTES: Final = 50_000_000
"""Largest table, in bytes once unpacked."""
MOST_ROWS: Final = 1_000_000
MOST_COLUMNS: Final = 10_000
_PACKED: Final = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}


class TableError(DayroomError, ValueError):
    """The table cannot be read or is too large; the message says why, without the name of the file."""


def table_text(path: Path) -> str:
    """Return the text of a CSV file.

    Raises
    ------
    TableError
        When it is no ordinary file, cannot be read, is compressed, larger than `MOST_BYTES`, or not UTF-8.
    """
    contents = _bytes(path)
    for first, kind in _PACKED.items():
        if contents.startswith(first):
            raise TableError(f"the file is compressed ({kind}); unpack it first")
    try:
        return contents.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableError("the file is not UTF-8 text") from None


def numbers_of_parquet(path: Path) -> "pd.DataFrame":
    """Return the numbers in a Parquet file.

    Raises
    ------
    TableError
        When it cannot be read, has more than `MOST_ROWS` rows or `MOST_COLUMNS` columns, or more than `MOST_BYTES` once
        unpacked, or a column holds no numbers.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(_bytes(path)))
        rows, columns = file.metadata.num_rows, file.metadata.num_columns
        check_size(rows, columns, 8 * rows * columns)
        schema = file.schema_arrow
        for name, kind in zip(schema.names, schema.types, strict=True):
            if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)):
                raise TableError(f"the column {quoted(name)} holds {kind}, allowed are numbers")
        frame: pd.DataFrame = file.read().to_pandas()
    except (OSError, pa.ArrowException) as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise TableError(f"no Parquet table can be read from it ({first})") from None
    return frame


def check_size(rows: int, columns: int, size: int = 0) -> None:
    """Refuse a table that is too large.

    Raises
    ------
    TableError
        When rows, columns or bytes are more than allowed.
    """
    for count, most, unit in (
        (rows, MOST_ROWS, "rows"),
        (columns, MOST_COLUMNS, "columns"),
        (size, MOST_BYTES, "bytes"),
    ):
        if count > most:
            raise TableError(f"found {count:,} {unit}, allowed are at most {most:,}")


def _bytes(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise TableError("this is no ordinary file")
        with path.open("rb") as file:
            contents = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise TableError(f"the file cannot be read ({(error.strerror or 'unknown reason').lower()})") from None
    if len(contents) > MOST_BYTES:
        raise TableError(f"found more than {MOST_BYTES:,} bytes, allowed are at most {MOST_BYTES:,}")
    return contents


__all__ = ["MOST_BYTES", "MOST_COLUMNS", "MOST_ROWS", "TableError", "check_size", "numbers_of_parquet", "table_text"]
