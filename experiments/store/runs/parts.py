"""Parts: Parquet files named by a digest of their contents, written whole or not at all, and verified whenever read.

Because a part is named by what is in it, several sweeps may write into one folder: two that write the same write the
same file. A part whose contents do not go with its name was damaged after it was written; it is set aside, and what it
held is missing again.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

SET_ASIDE: Final = ".damaged"
"""Ending of a part that was found damaged."""

UNFINISHED: Final = ".unfinished"
"""Ending of a part that is being written, or whose writer was killed."""

_PART: Final = re.compile(r"part-(?P<digest>[0-9a-f]{40})\.parquet")

Tell = Callable[[str], None]


def encoded(table: pa.Table, slim: bool = False) -> bytes:
    """Give a table as Parquet: the same bytes for the same table.

    Parameters
    ----------
    table : Table
    slim : bool
        Whether to leave out what speeds up searching: of a table of few rows and many columns it would be the most.
    """
    sink = pa.BufferOutputStream()
    options = {"write_statistics": not slim, "use_dictionary": not slim}
    pq.write_table(table, sink, compression="zstd", compression_level=3, **options)
    return bytes(sink.getvalue())


def decoded(contents: bytes, columns: list[str] | None = None) -> pa.Table:
    """Read a table from Parquet, in this thread alone.

    `pyarrow.parquet.read_table` reads in threads of its own, and one of them may let go of `contents` only after the
    table was given. It has to wait for the interpreter then, and where that is ending meanwhile the whole program is
    aborted (exit status 134) after all its work was done.

    Parameters
    ----------
    contents : bytes
    columns : list of str, optional
        All when not given.

    Raises
    ------
    ArrowException
        When this is no Parquet, or lacks a column.
    """
    file = pq.ParquetFile(pa.BufferReader(contents), pre_buffer=False)
    if absent := sorted(set(columns or ()) - set(file.schema_arrow.names)):
        raise pa.ArrowInvalid(f"there is no column {', '.join(absent)}")
    table = file.read(columns=columns, use_threads=False)
    return table if columns is None else table.select(columns)


def digest(contents: bytes | memoryview) -> str:
    """Give the digest by which a part is named."""
    return hashlib.blake2b(contents, digest_size=20).hexdigest()


def write_part(folder: Path, table: pa.Table, claim: str) -> Path:
    """Write a table as a part.

    Parameters
    ----------
    folder : Path
        Made if need be.
    table : Table
    claim : str
        Name of the sweep that writes, so that what it leaves unfinished can be told from what others still write.

    Raises
    ------
    OSError
        When it cannot be written; nothing is left of it then.
    """
    contents = encoded(table, slim=True)
    return write_file(folder / f"part-{digest(contents)}.parquet", contents, claim)


def write_file(final: Path, contents: bytes, claim: str) -> Path:
    """Write a file so that under its name it is complete at any moment, even if the machine stops.

    Raises
    ------
    OSError
        When it cannot be written; nothing is left of it then.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    unfinished = final.with_name(f".{claim}-{final.name}{UNFINISHED}")
    try:
        with unfinished.open("wb") as file:
            file.write(contents)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(final)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise
    _settle(final.parent)
    return final


def _settle(folder: Path) -> None:
    """Have the names in a folder written to disk; not every system can."""
    with suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def parts(folder: Path) -> list[Path]:
    """List the parts of a folder by name; none when there is no folder."""
    try:
        return sorted(path for path in folder.iterdir() if _PART.fullmatch(path.name))
    except FileNotFoundError:
        return []


def set_aside(folder: Path) -> list[Path]:
    """List the parts of a folder that were found damaged."""
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(SET_ASIDE))
    except FileNotFoundError:
        return []


def contents_of(part: Path, tell: Tell) -> bytes | None:
    """Read a part if it is whole; set it aside and tell when it is damaged. None for one that is not to be had.

    Raises
    ------
    FileNotFoundError
        When it was put together with others meanwhile.
    MemoryError
        When memory runs out.
    """
    try:
        contents = part.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        tell(f"{part}: the part cannot be read ({os.strerror(error.errno or 0).lower()}); its runs count as missing")
        return None
    named = _PART.fullmatch(part.name)
    if named is not None and digest(contents) == named["digest"]:
        return contents
    _set_aside(part, tell)
    return None


def _set_aside(part: Path, tell: Tell) -> None:
    """Set a damaged part aside."""
    aside = part.with_name(part.name + SET_ASIDE)
    try:
        part.replace(aside)
        tell(f"{part}: the part is damaged; set aside as {aside.name}, and its runs are missing again")
    except OSError:
        tell(f"{part}: the part is damaged and cannot be set aside; its runs count as missing")


def table_of(part: Path, contents: bytes, tell: Tell, columns: list[str] | None = None) -> pa.Table | None:
    """Read the table in the contents of a whole part; tell and give None when there is none.

    What has the digest it is named by is as it was written, so it stays where it is whatever reading it comes to.

    Raises
    ------
    MemoryError
        When memory runs out.
    """
    try:
        return decoded(contents, columns)
    except MemoryError:
        raise
    except (pa.ArrowException, OSError) as error:
        said = str(error).partition("\n")[0]
        tell(f"{part}: the part is as it was written, but holds no table of runs ({said}); its runs count as missing")
        return None


def read_parts(folder: Path, tell: Tell, columns: list[str] | None = None) -> list[pa.Table]:
    """Read all whole parts of a folder.

    Parameters
    ----------
    folder : Path
    tell : callable
        Told of each damaged part.
    columns : list of str, optional
        All when not given.
    """
    while True:
        try:
            return list(_read(folder, tell, columns))
        except FileNotFoundError:
            continue  # parts were put together while we read: what they held stands in another one now


def _read(folder: Path, tell: Tell, columns: list[str] | None) -> Iterator[pa.Table]:
    for part in parts(folder):
        contents = contents_of(part, tell)
        table = None if contents is None else table_of(part, contents, tell, columns)
        if table is not None:
            yield table
