"""Write the folder of a result so that it appears whole or not at all, and replaces only an earlier result.

Everything is written into a temporary folder beside the final place and flushed to the disk, and that folder is
renamed at the very end.
"""

import errno
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

from experiments.store import provenance
from sim.language import say
from sim.scenario.text.errors import DayroomError

PROVENANCE: Final = "provenance.json"
"""Name of the file that marks a folder as a result and lists its other files."""

_NOT_OF_FILES: Final = (errno.EPIPE, errno.EAGAIN, errno.ENOMEM, errno.ECHILD, errno.EINTR)
"""Numbers of system errors that have nothing to do with the folder."""

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
        What the block does, such as "reading FILE".

    Raises
    ------
    ResultError
        When memory runs out in the block. Files being read stay whole.
    """
    try:
        yield
    except MemoryError as error:  # pyarrow's error for a lack of memory is a MemoryError too
        raise ResultError(
            say(
                "memory ran out while {doing}; the store is whole. "
                "End other programs, or take a machine with more memory",
                doing=doing,
            )
        ) from error


@dataclass
class NewFolder:
    """A result being written.

    Parameters
    ----------
    path : Path
        Temporary folder to write into.
    final : Path
        Where the complete result goes.
    cleared : list of str
        Names of deleted leftovers: unfinished folders of killed runs that wrote to the same place.
    """

    path: Path
    final: Path
    cleared: list[str] = field(default_factory=list)


@contextmanager
def new_folder(wanted: Path, overwrite: bool = False) -> Iterator[NewFolder]:
    """Open a folder for a new result: move it into place when the block ends, delete it when the block fails.

    Parameters
    ----------
    wanted : Path
        Final folder of the result; missing parent folders are made.
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
    path, lock = beside(final, wanted)
    new = NewFolder(path, wanted, cleared)
    try:
        yield new
        try:
            check_free(wanted, overwrite)
        except ResultError:  # another run has put its result there meanwhile; neither result may be lost
            new.final = _free_name(wanted)
        _put_in_place(path, new.final.resolve())
    except OSError as error:
        if error.errno in _NOT_OF_FILES:
            raise
        raise ResultError(
            say(
                "{folder}: the result cannot be written ({reason}); nothing was changed",
                folder=wanted,
                reason=reason(error),
            )
        ) from error
    finally:
        shutil.rmtree(path, ignore_errors=True)
        release(lock)


@contextmanager
def new_file(final: Path) -> Iterator[Path]:
    """Yield a temporary path to write to, and move the file into place when the block ends.

    Several processes may write the same file at once: each writes in a folder of its own. Leftovers of a killed export
    of this file are deleted.

    Parameters
    ----------
    final : Path
        Where the file goes; missing parent folders are made, and an earlier file is replaced.

    Raises
    ------
    OSError
        When the file cannot be moved into place.
    ResultError
        When its folder cannot be written to.
    """
    place = final.resolve()
    _clear(place)
    folder, lock = beside(place, final)
    try:
        yield folder / final.name
        flush(folder)
        (folder / final.name).replace(place)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        release(lock)


def check_free(wanted: Path, overwrite: bool = False) -> None:
    """Refuse a folder that is not free: one that holds files, unless it is a result that may be overwritten.

    Raises
    ------
    ResultError
        When the folder is not free. The message says what is there, and which option helps.
    """
    try:
        taken = wanted.is_dir() and any(wanted.iterdir())
        if not wanted.is_dir() and os.path.lexists(wanted):
            raise ResultError(say("{folder}: this is a file; --out takes a folder", folder=wanted))
    except OSError as error:
        raise ResultError(
            say("{folder}: the folder cannot be read ({reason})", folder=wanted, reason=reason(error))
        ) from error
    if not taken:
        return
    ours = provenance.read(wanted / PROVENANCE)
    if ours is None:
        raise ResultError(
            say(
                "{folder}: the folder holds something else than a result of dayroom; choose another with --out",
                folder=wanted,
            )
        )
    if not overwrite:
        raise ResultError(
            say(
                "{folder}: a result is there already; --overwrite replaces it, --out DIR writes elsewhere",
                folder=wanted,
            )
        )
    if foreign := _foreign(wanted, ours.get("files", [])):
        raise ResultError(
            say(
                "{folder}: --overwrite would delete files that dayroom did not write: {files}",
                folder=wanted,
                files=", ".join(foreign),
            )
        )


def _foreign(folder: Path, ours: list[str]) -> list[str]:
    """List at most five files in a result that dayroom did not write."""
    known = {*ours, PROVENANCE}
    files = (path for path in folder.rglob("*") if not path.is_dir() and path.name not in _LITTER)
    return sorted(name for name in (path.relative_to(folder).as_posix() for path in files) if name not in known)[:5]


def beside(final: Path, wanted: Path) -> tuple[Path, int | None]:
    """Make and lock a temporary folder, beside the final one: on the same disk, so that renaming completes it."""
    if final in (Path.cwd(), *Path.cwd().parents):
        raise ResultError(
            say("{folder}: this is the folder you are in, or above it; choose another with --out", folder=wanted)
        )
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        while True:
            path = Path(tempfile.mkdtemp(prefix=f".{final.name}.unfinished-", dir=final.parent))
            try:
                lock = locked_folder(path)
            except (BlockingIOError, FileNotFoundError):
                continue  # another run took the folder for a leftover before we could lock it
            if path.is_dir():
                return path, lock
            release(lock)
    except OSError as error:
        raise ResultError(
            say("{folder}: the folder cannot be written to ({reason})", folder=wanted, reason=reason(error))
        ) from error


def locked_folder(path: Path) -> int | None:
    """Lock a folder until `_release`, or until this process ends; return None where locks do not work.

    Raises
    ------
    BlockingIOError
        When another process holds the lock.
    FileNotFoundError
        When the folder is gone.
    """
    if sys.platform == "win32":  # Windows cannot open a folder, so leftovers of other runs stay there
        return None
    lock = os.open(path, os.O_RDONLY)
    has_worked = locked(lock)
    if has_worked:
        return lock
    os.close(lock)
    if has_worked is False:
        raise BlockingIOError
    return None


def release(lock: int | None) -> None:
    """Give up the lock of `locked_folder`."""
    if lock is not None:
        os.close(lock)


def _clear(final: Path) -> list[str]:
    """Delete the leftovers of killed runs that wrote to this place, and return their names.

    Folders that a run may still hold stay. If a run was killed while it replaced an earlier result, that result is put
    back.
    """
    ours = re.compile(rf"\.{re.escape(final.name)}\.unfinished-[a-z0-9_]{{8}}")
    try:
        folders = sorted(path for path in final.parent.iterdir() if path.is_dir() and not path.is_symlink())
    except OSError:
        return []  # the folder does not exist yet, or `check_free` reports what is wrong with it
    cleared = []
    for path in folders:
        made = path.with_name(path.name.removesuffix("-earlier"))
        if not ours.fullmatch(made.name):
            continue
        try:
            lock = locked_folder(made if made.exists() else path)
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
            pass  # we may not delete it; leaving it costs this run nothing
        finally:
            release(lock)
    return cleared


def _free_name(wanted: Path) -> Path:
    """Return the first name of NAME-2, NAME-3, ... that is free."""
    names = (wanted.with_name(f"{wanted.name}-{number}") for number in count(2))
    return next(name for name in names if not os.path.lexists(name))


def _put_in_place(made: Path, final: Path) -> None:
    """Rename `made` to `final`; at the end, even after an error, the old or the new folder has that name."""
    flush(made)  # a machine that stops after the renaming must find whole files under the final name
    made.chmod(0o777 & ~_umask())  # a temporary folder is private; a result gets the usual permissions
    earlier = made.with_name(f"{made.name}-earlier")
    try:
        if final.exists():
            final.rename(earlier)
        made.rename(final)
        flush(final.parent, files=False)
    finally:
        if earlier.exists() and not final.exists():
            earlier.rename(final)
        shutil.rmtree(earlier, ignore_errors=True)


def flush(folder: Path, files: bool = True) -> None:
    """Flush the names in a folder to the disk, where the system can; with `files`, all that is below it as well.

    Raises
    ------
    OSError
        When the contents of a file cannot be written to the disk.
    """
    for path in folder.rglob("*") if files else ():
        if path.is_dir():
            flush(path, files=False)
        elif not path.is_symlink():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
    with suppress(OSError, AttributeError):  # Windows cannot open a folder
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def reason(error: OSError) -> str:
    """Return the system's reason for an error, in a few words."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "a file is in the way"
    return (os.strerror(error.errno) if error.errno else str(error) or type(error).__name__).lower()


def locked(file: int) -> bool | None:
    """Lock an open file or folder until it is closed or this process ends, for whatever reason.

    Returns
    -------
    bool or None
        Whether the lock is ours; None where locks do not work, as on Windows and on some network disks.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Lock a file for the length of the block. Yield False when another process holds it or it cannot be opened."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:
        yield False
        return
    try:
        yield locked(file) is not False
    finally:
        os.close(file)
