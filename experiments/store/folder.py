"""A result appears whole or not at all, and replaces nothing but an earlier result.

Everything is written into a folder beside the final one, which is renamed at the very end.
"""

import errno
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

from experiments import provenance
from experiments.store.locks import locked
from sim.scenario.text.errors import DayroomError

PROVENANCE: Final = "provenance.json"
"""The file that marks a folder as a result; it lists the others."""

_NOT_OF_FILES: Final = (errno.EPIPE, errno.EAGAIN, errno.ENOMEM, errno.ECHILD, errno.EINTR)
"""Errors of the system that have nothing to do with the folder."""

_LITTER: Final = (".DS_Store", "Thumbs.db", "desktop.ini")
"""Files that desktops leave in every folder."""


class ResultError(DayroomError, ValueError):
    """A result cannot be written or read; the message says why."""


@contextmanager
def telling_of_memory(doing: str) -> Iterator[None]:
    """Turn a lack of memory in the block into an error that names the work.

    Parameters
    ----------
    doing : str
        Such as "reading FILE".

    Raises
    ------
    ResultError
        When memory runs out in the block; files being read stay whole.
    """
    try:
        yield
    except MemoryError as error:  # pyarrow's is one too
        raise ResultError(
            f"memory ran out while {doing}; the store is whole. End other programs, or take a machine with more memory"
        ) from error


@dataclass
class NewFolder:
    """A result being written.

    Parameters
    ----------
    path : Path
        Where to write until it is complete.
    final : Path
        Where the result goes.
    cleared : list of str
        Names of the folders that killed runs into the same place had left; they are deleted.
    """

    path: Path
    final: Path
    cleared: list[str] = field(default_factory=list)


@contextmanager
def new_folder(wanted: Path, overwrite: bool = False) -> Iterator[NewFolder]:
    """Write a result, which is put in place when the block ends and deleted when the block fails.

    Parameters
    ----------
    wanted : Path
        Its folder; missing folders above it are made.
    overwrite : bool
        Whether an earlier result may be replaced.

    Raises
    ------
    ResultError
        When the place is taken, or cannot be written to.
    """
    final = wanted.resolve()
    cleared = _clear(final)
    check_free(wanted, overwrite)
    path, lock = _beside(final, wanted)
    new = NewFolder(path, wanted, cleared)
    try:
        yield new
        try:
            check_free(wanted, overwrite)
        except ResultError:  # another run has ended there meanwhile; neither result may be lost
            new.final = _free_name(wanted)
        _put_in_place(path, new.final.resolve())
    except OSError as error:
        if error.errno in _NOT_OF_FILES:
            raise
        raise ResultError(f"{wanted}: the result cannot be written ({reason(error)}); nothing was changed") from error
    finally:
        shutil.rmtree(path, ignore_errors=True)
        _release(lock)


@contextmanager
def new_file(final: Path) -> Iterator[Path]:
    """Write a file, which is put in place when the block ends, even if others write it at the same time.

    It is written in a folder of its own; leftovers of a killed export of this file are deleted.

    Parameters
    ----------
    final : Path
        Where the file goes; missing folders above it are made, and an earlier file is replaced.

    Raises
    ------
    OSError
        When it cannot be put in place.
    ResultError
        When its folder cannot be written to.
    """
    place = final.resolve()
    _clear(place)
    folder, lock = _beside(place, final)
    try:
        yield folder / final.name
        (folder / final.name).replace(place)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _release(lock)


def check_free(wanted: Path, overwrite: bool = False) -> None:
    """Refuse a folder that holds something already.

    Raises
    ------
    ResultError
        With what is there, and which option helps.
    """
    try:
        taken = wanted.is_dir() and any(wanted.iterdir())
        if not wanted.is_dir() and os.path.lexists(wanted):
            raise ResultError(f"{wanted}: this is a file; --out takes a folder")
    except OSError as error:
        raise ResultError(f"{wanted}: the folder cannot be read ({reason(error)})") from error
    if not taken:
        return
    ours = provenance.read(wanted / PROVENANCE)
    if ours is None:
        raise ResultError(
            f"{wanted}: the folder holds something else than a result of dayroom; choose another with --out"
        )
    if not overwrite:
        raise ResultError(f"{wanted}: a result is there already; --overwrite replaces it, --out DIR writes elsewhere")
    if foreign := _foreign(wanted, ours.get("files", [])):
        raise ResultError(f"{wanted}: --overwrite would delete files that dayroom did not write: {', '.join(foreign)}")


def _foreign(folder: Path, ours: list[str]) -> list[str]:
    """List files in a result that dayroom did not write, at most five."""
    known = {*ours, PROVENANCE}
    found = (path for path in folder.rglob("*") if not path.is_dir() and path.name not in _LITTER)
    return sorted(name for name in (path.relative_to(folder).as_posix() for path in found) if name not in known)[:5]


def _beside(final: Path, wanted: Path) -> tuple[Path, int | None]:
    """Make and lock the folder to write in, on the same disk, so that renaming it completes the result."""
    if final in (Path.cwd(), *Path.cwd().parents):
        raise ResultError(f"{wanted}: this is the folder you are in, or above it; choose another with --out")
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        while True:
            path = Path(tempfile.mkdtemp(prefix=f".{final.name}.unfinished-", dir=final.parent))
            try:
                lock = _lock(path)
            except (BlockingIOError, FileNotFoundError):
                continue  # another run took it for a leftover before we could lock it
            if path.is_dir():
                return path, lock
            _release(lock)
    except OSError as error:
        raise ResultError(f"{wanted}: the folder cannot be written to ({reason(error)})") from error


def _lock(path: Path) -> int | None:
    """Lock a folder until `_release`, or until this process ends; None where that is not possible.

    Raises
    ------
    BlockingIOError
        When another process holds it.
    FileNotFoundError
        When it is gone.
    """
    if sys.platform == "win32":  # a folder cannot be opened there, so nothing of others is cleared away
        return None
    lock = os.open(path, os.O_RDONLY)
    has_worked = locked(lock)
    if has_worked:
        return lock
    os.close(lock)
    if has_worked is False:
        raise BlockingIOError
    return None


def _release(lock: int | None) -> None:
    if lock is not None:
        os.close(lock)


def _clear(final: Path) -> list[str]:
    """Delete what killed runs into this place have left, and return its names; what a run may still hold stays.

    A run killed while it replaced an earlier result has set that result aside: it is put back.
    """
    ours = re.compile(rf"\.{re.escape(final.name)}\.unfinished-[a-z0-9_]{{8}}")
    try:
        found = sorted(path for path in final.parent.iterdir() if path.is_dir() and not path.is_symlink())
    except OSError:
        return []  # there is no such folder yet, or `check_free` says what is wrong with it
    cleared = []
    for path in found:
        made = path.with_name(path.name.removesuffix("-earlier"))
        if not ours.fullmatch(made.name):
            continue
        try:
            lock = _lock(made if made.exists() else path)
        except OSError:
            continue
        if lock is None:
            continue
        try:
            if path != made and not os.path.lexists(final):
                path.rename(final)
            else:
                shutil.rmtree(path)
            cleared.append(path.name)
        except OSError:
            pass  # not ours to delete; it costs this run nothing
        finally:
            _release(lock)
    return cleared


def _free_name(wanted: Path) -> Path:
    """Return the first free name of NAME-2, NAME-3, ..."""
    names = (wanted.with_name(f"{wanted.name}-{number}") for number in count(2))
    return next(name for name in names if not os.path.lexists(name))


def _put_in_place(made: Path, final: Path) -> None:
    """Rename; whatever happens meanwhile, either the old or the new folder has the name."""
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
    """Return the system's reason in a few words."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "a file is in the way"
    return (os.strerror(error.errno) if error.errno else str(error) or type(error).__name__).lower()
