"""Read the numbers in a Parquet file within bounds on its size once unpacked, which its own description states."""

from pathlib import Path
from typing import TYPE_CHECKING

from sim.language import say
from sim.scenario.tables.reading import MOST_BYTES
from sim.scenario.tables.table import MOST_COLUMNS, MOST_ROWS
from sim.scenario.text.errors import DayroomError, ScenarioError
from sim.scenario.text.files import read_bytes
from sim.scenario.text.nodes import quoted

if TYPE_CHECKING:
    import pandas as pd


class TableError(DayroomError, ValueError):
    """The table cannot be read or is too large; the message says why, without the name of the file."""


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
        file = pq.ParquetFile(pa.BufferReader(read_bytes(path, MOST_BYTES, "a table")))
        rows, columns = file.metadata.num_rows, file.metadata.num_columns
        _check_size(rows, columns, 8 * rows * columns)
        schema = file.schema_arrow
        for name, kind in zip(schema.names, schema.types, strict=True):
            if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)):
                text = say("the column {column} holds {kind}, allowed are numbers", column=quoted(name), kind=kind)
                raise TableError(text)
        frame: pd.DataFrame = file.read().to_pandas()
    except ScenarioError as error:
        raise TableError(error.reasons) from None
    except TableError:
        raise
    except (OSError, ValueError, TypeError, pa.ArrowException) as error:  # pandas' own description may be broken too
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise TableError(say("no Parquet table can be read from it ({why})", why=first)) from None
    return frame


def _check_size(rows: int, columns: int, size: int) -> None:
    """Refuse a table that is too large.

    Raises
    ------
    TableError
        When rows, columns or bytes are more than allowed.
    """
    for count, most, unit in (
        (rows, MOST_ROWS, say("rows")),
        (columns, MOST_COLUMNS, say("columns")),
        (size, MOST_BYTES, say("bytes")),
    ):
        if count > most:
            text = say("found {count:,} {unit}, allowed are at most {most:,}", count=count, unit=unit, most=most)
            raise TableError(text)


__all__ = ["TableError", "numbers_of_parquet"]
