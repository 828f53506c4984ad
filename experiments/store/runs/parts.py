"""Parts: Parquet files named by a digest of their contents, written whole or not at all, and verified when read.

Several sweeps may write into the same folder, since the same contents give the same file. If the contents of a part do
not match its name, it was damaged after it was written: it is set aside, and its runs count as missing.
"""

import hashlib
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.store.folder import flush, reason
from sim.language import Later, later, say

SET_ASIDE: Final = ".damaged"
"""Ending of the name of a damaged part."""

UNFINISHED: Final = ".unfinished"
"""Ending of the name of a part while it is written, or after its writer was killed."""

LOST: Final = later("its runs count as missing")
"""What follows from the loss of a part."""

PART: Final = later("part")
"""What a message calls such a file."""

_DIGITS: Final = 40
"""Number of digits of a digest in the name of a file."""
_PART: Final = re.compile(rf"part-[0-9a-f]{{{_DIGITS}}}\.parquet")

Report = Callable[[str], None]


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
    flush(final.parent, files=False)
    return final


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


def read_table(
    path: Path, report: Report, columns: list[str] | None = None, what: str | Later = PART, follows: str | Later = LOST
) -> pa.Table | None:
    """Read a table from a file whose name holds the digest of its contents; None, with a report, when that fails.

    A file is set aside when its contents do not match its name. When they match and hold no table, it stays: it is as
    it was written.

    Parameters
    ----------
    report : callable
        Receives the report.
    columns : list of str, optional
        All when not given.
    what, follows : str or Later
        Words of the report: the kind of file, and what follows from the loss.

    Raises
    ------
    FileNotFoundError
        When another sweep has replaced the file meanwhile.
    MemoryError
        When memory runs out.
    """
    try:
        contents = path.read_bytes()
        if digest(contents) == path.stem[-_DIGITS:]:
            return decoded(contents, columns)
    except (FileNotFoundError, MemoryError):
        raise
    except pa.ArrowException as error:
        why = str(error).partition("\n")[0]
        values = {"path": path, "what": what, "why": why, "follows": follows}
        text = say("{path}: the {what} is as it was written, but holds no table of runs ({why}); {follows}", **values)
        report(Alarm(text))
    except OSError as error:
        values = {"path": path, "what": what, "why": reason(error), "follows": follows}
        report(Alarm(say("{path}: the {what} cannot be read ({why}); {follows}", **values)))
    else:
        _set_aside(path, report, what, follows)
    return None


def _set_aside(path: Path, report: Report, what: str | Later, follows: str | Later) -> None:
    """Rename a damaged file, and report it."""
    aside = path.with_name(path.name + SET_ASIDE)
    values = {"path": path, "what": what, "aside": aside.name, "follows": follows}
    try:
        path.replace(aside)
        report(Alarm(say("{path}: the {what} is damaged; set aside as {aside}; {follows}", **values)))
    except OSError:
        report(Alarm(say("{path}: the {what} is damaged and cannot be set aside; {follows}", **values)))


def read_parts(folder: Path, report: Report, columns: list[str] | None = None) -> list[pa.Table]:
    """Read the tables of all undamaged parts of a folder.

    Parameters
    ----------
    report : callable
        Receives a message about each damaged part.
    columns : list of str, optional
        All when not given.
    """
    while True:
        try:
            tables = [read_table(part, report, columns) for part in parts(folder)]
            return [table for table in tables if table is not None]
        except FileNotFoundError:
            continue  # another sweep has merged parts meanwhile: their runs are in another part now
