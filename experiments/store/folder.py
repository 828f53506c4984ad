"""A result appears as a whole or not at all, and takes the place of nothing but an earlier result.

Everything is written into a folder beside the wished one, which is renamed at the very end.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from experiments import provenance

PROVENANCE: Final = "provenance.json"
"""The file by which a folder is known as a result; it lists the others."""

_NOT_OF_FILES: Final = (errno.EPIPE, errno.EAGAIN, errno.ENOMEM, errno.ECHILD, errno.EINTR)
"""Refusals of the system that have nothing to do with the folder."""

_LITTER: Final = (".DS_Store", "Thumbs.db", "desktop.ini")
"""Files that desktops leave in every folder."""


class ResultError(ValueError):
    """A result that cannot be written or read, and why."""


@dataclass
class NewFolder:
    """A result being written.

    Parameters
    ----------
    path : Path
        Where to write for now.
    final : Path
        Where the result will be found.
    """

    path: Path
    final: Path


@contextmanager
def new_folder(wished: Path, overwrite: bool = False) -> Iterator[NewFolder]:
    """Write a result: it is put in place when the block ends, and thrown away when the block fails.

    Parameters
    ----------
    wished : Path
        Its folder; those above it are made if need be.
    overwrite : bool
        Whether an earlier result may be replaced.

    Raises
    ------
    ResultError
        When the place is taken, or cannot be written to.
    """
    check_free(wished, overwrite)
    final = wished.resolve()
    path = _beside(final, wished)
    new = NewFolder(path, wished)
    try:
        yield new
        try:
            check_free(wished, overwrite)
        except ResultError:  # somebody else's run has ended there meanwhile; neither result is to be lost
            new.final = _free_name(wished)
        _put_in_place(path, new.final.resolve())
    except OSError as error:
        if error.errno in _NOT_OF_FILES:
            raise
        raise ResultError(f"{wished}: the result cannot be written ({reason(error)}); nothing was changed") from error
    finally:
        shutil.rmtree(path, ignore_errors=True)


def check_free(wished: Path, overwrite: bool = False) -> None:
    """Refuse a place that is taken.

    Raises
    ------
    ResultError
        Saying by what, and which option helps.
    """
    try:
        taken = wished.is_dir() and any(wished.iterdir())
        if not wished.is_dir() and os.path.lexists(wished):
            raise ResultError(f"{wished}: this is a file; --out takes a folder")
    except OSError as error:
        raise ResultError(f"{wished}: the folder cannot be read ({reason(error)})") from error
    if not taken:
        return
    ours = provenance.read(wished / PROVENANCE)
    if ours is None:
        raise ResultError(
            f"{wished}: the folder holds something else than a result of dayroom; choose another with --out"
        )
    if not overwrite:
        raise ResultError(f"{wished}: a result is there already; --overwrite replaces it, --out DIR writes elsewhere")
    if foreign := _foreign(wished, ours.get("files", [])):
        raise ResultError(f"{wished}: --overwrite would delete files that dayroom did not write: {', '.join(foreign)}")


def _foreign(folder: Path, ours: list[str]) -> list[str]:
    """List files in a result that are somebody's own, at most five."""
    known = {*ours, PROVENANCE}
    found = (path for path in folder.rglob("*") if not path.is_dir() and path.name not in _LITTER)
    return sorted(name for name in (path.relative_to(folder).as_posix() for path in found) if name not in known)[:5]


def _beside(final: Path, wished: Path) -> Path:
    """Make the folder to write in; on the same disk, so that renaming is all that is left to do."""
    if final in (Path.cwd(), *Path.cwd().parents):
        raise ResultError(f"{wished}: this is the folder you are in, or above it; choose another with --out")
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{final.name}.unfinished-", dir=final.parent))
    except OSError as error:
        raise ResultError(f"{wished}: the folder cannot be written to ({reason(error)})") from error


def _free_name(wished: Path) -> Path:
    """Give the first name of the form NAME-2, NAME-3 ... that nothing has."""
    names = (wished.with_name(f"{wished.name}-{number}") for number in count(2))
    return next(name for name in names if not os.path.lexists(name))


def _put_in_place(made: Path, final: Path) -> None:
    """Rename; whatever happens in between, either the old or the new folder has the name."""
    made.chmod(0o777 & ~_umask())  # a temporary folder is private, a result is as open as any other
    earlier = made.with_name(f"{made.name}-earlier")
    try:
        if final.exists():
            final.rename(earlier)
        made.rename(final)
    finally:
        if earlier.exists() and not final.exists():
            earlier.rename(final)
        shutil.rmtree(earlier, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def reason(error: OSError) -> str:
    """Say in a few words why the system refused."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "a file is in the way"
    return (os.strerror(error.errno) if error.errno else str(error) or type(error).__name__).lower()
