"""Parts: Parquet files named by a digest of their contents, written whole or not at all, and verified when read.

Several sweeps may write into the same folder, since the same contents give the same file. If the contents of a part do
not match its name, it was damaged after it was written: it is set aside, and its runs count as missing.
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
"""Ending of the name of a damaged part."""

UNFINISHED: Final = ".unfinished"
"""Ending of the name of a part while it is written, or after its writer was killed."""

_PART: Final = re.compile(r"part-(?P<digest>[0-9a-f]{40})\.parquet")

Tell = Callable[[str], None]


class Alarm(str):
    """A message that something is wrong, which no later message may replace on the screen."""

    __slots__ = ()


def encoded(table: pa.Table, slim: bool = False) -> bytes:
    """Return a table as Parquet. The same table gives the same bytes.

    Parameters
    ----------
    slim : bool
        Whether to leave out statistics and dictionaries, which outweigh a table of few rows and many columns.
    """
    sink = pa.BufferOutputStream()
    options = {"write_statistics": not slim, "use_dictionary": not slim}
    pq.write_table(table, sink, compression="zstd", compression_level=3, **options)
    return bytes(sink.getvalue())


def decoded(contents: bytes, columns: list[str] | None = None) -> pa.Table:
    """Read a table from the bytes of a Parquet file, in this thread alone.

    `pyarrow.parquet.read_table` reads in threads of its own, and such a thread may release `contents` after the table
    was returned. To do so it waits for the interpreter; if the interpreter is shutting down, the whole program aborts
    (exit status 134) after all its work was done.

    Parameters
    ----------
    columns : list of str, optional
        All when not given.

    Raises
    ------
    ArrowException
        When the bytes are not Parquet, or a column is missing.
    """
    file = pq.ParquetFile(pa.BufferReader(contents), pre_buffer=False)
    if absent := sorted(set(columns or ()) - set(file.schema_arrow.names)):
        raise pa.ArrowInvalid(f"there is no column {', '.join(absent)}")
    table = file.read(columns=columns, use_threads=False)
    return table if columns is None else table.select(columns)


def digest(contents: bytes | memoryview) -> str:
    """Return the digest of a part's bytes, by which its file is named."""
    return hashlib.blake2b(contents, digest_size=20).hexdigest()


def write_part(folder: Path, table: pa.Table, claim: str) -> Path:
    """Write a table as a part.

    Parameters
    ----------
    folder : Path
        Made if missing.
    claim : str
        Name of the sweep that writes. It marks unfinished files, so that only those of killed sweeps are deleted.

    Raises
    ------
    OSError
        When the part cannot be written; nothing of it remains.
    """
    contents = encoded(table, slim=True)
    return write_file(folder / f"part-{digest(contents)}.parquet", contents, claim)


def write_file(final: Path, contents: bytes, claim: str) -> Path:
    """Write a file so that, under its final name, it is complete at any moment, even if the machine stops.

    Raises
    ------
    OSError
        When the file cannot be written; nothing of it remains.
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
    """Flush the names in a folder to disk, where the system can."""
    with suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def parts(folder: Path) -> list[Path]:
    """Return the parts of a folder, sorted by name; an empty list when there is no folder."""
    try:
        return sorted(path for path in folder.iterdir() if _PART.fullmatch(path.name))
    except FileNotFoundError:
        return []


def set_aside(folder: Path) -> list[Path]:
    """Return the damaged parts of a folder."""
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(SET_ASIDE))
    except FileNotFoundError:
        return []


def contents_of(part: Path, tell: Tell) -> bytes | None:
    """Return the bytes of a part; None, with a report, when the part is damaged (it is set aside) or unreadable.

    Raises
    ------
    FileNotFoundError
        When another sweep has merged the part with others meanwhile.
    MemoryError
        When memory runs out.
    """
    try:
        contents = part.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        why = os.strerror(error.errno or 0).lower()
        tell(Alarm(f"{part}: the part cannot be read ({why}); its runs count as missing"))
        return None
    named = _PART.fullmatch(part.name)
    if named is not None and digest(contents) == named["digest"]:
        return contents
    _set_aside(part, tell)
    return None


def _set_aside(part: Path, tell: Tell) -> None:
    """Rename a damaged part, and report it."""
    aside = part.with_name(part.name + SET_ASIDE)
    try:
        part.replace(aside)
        tell(Alarm(f"{part}: the part is damaged; set aside as {aside.name}, and its runs are missing again"))
    except OSError:
        tell(Alarm(f"{part}: the part is damaged and cannot be set aside; its runs count as missing"))


def table_of(part: Path, contents: bytes, tell: Tell, columns: list[str] | None = None) -> pa.Table | None:
    """Read the table in the contents of an undamaged part. If they hold no table, report that and return None.

    The part stays in place then: its digest shows that the contents are as they were written.

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
        why = str(error).partition("\n")[0]
        problem = f"as it was written, but holds no table of runs ({why}); its runs count as missing"
        tell(Alarm(f"{part}: the part is {problem}"))
        return None


def read_parts(folder: Path, tell: Tell, columns: list[str] | None = None) -> list[pa.Table]:
    """Read the tables of all undamaged parts of a folder.

    Parameters
    ----------
    tell : callable
        Receives a message about each damaged part.
    columns : list of str, optional
        All when not given.
    """
    while True:
        try:
            return list(_read(folder, tell, columns))
        except FileNotFoundError:
            continue  # another sweep has merged parts meanwhile: their runs are in another part now


def _read(folder: Path, tell: Tell, columns: list[str] | None) -> Iterator[pa.Table]:
    for part in parts(folder):
        contents = contents_of(part, tell)
        table = None if contents is None else table_of(part, contents, tell, columns)
        if table is not None:
            yield table
