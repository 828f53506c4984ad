"""Replace several files of a folder together: whenever the program or the machine stops, old and new never mix.

New files are written into a temporary folder inside. To put them in place, all old files move there first, and only
then the new ones come out. A stop between leaves some files missing; the next export finishes or undoes the exchange.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from experiments.store.folder import ResultError, beside, flush, locked_folder, reason, release
from sim.language import say

_NAME: Final = "export"
_NEW, _EARLIER, _PLACING = "new", "earlier", "placing"
"""Folders inside the temporary one: files being written, old files, new files once all old ones have moved away."""


@dataclass
class NewFiles:
    """Files being written.

    Parameters
    ----------
    path : Path
        Temporary folder to write the files into.
    gone : list of str
        Names of old files to delete in the same exchange.
    """

    path: Path
    gone: list[str] = field(default_factory=list)


@contextmanager
def new_files(folder: Path) -> Iterator[NewFiles]:
    """Open a set of new files; put all of them into the folder when the block ends, none when the block fails.

    Parameters
    ----------
    folder : Path
        Made if missing. Other files in it stay.

    Raises
    ------
    ResultError
        When the folder cannot be written to. The old files are then as they were.
    """
    _recover(folder)
    temporary, lock = beside(folder.resolve() / _NAME, folder)
    new = NewFiles(temporary / _NEW)
    try:
        new.path.mkdir()
        yield new
        try:
            flush(new.path)
            _exchange(folder.resolve(), temporary, new.gone)
        except OSError as error:
            raise ResultError(
                say("{folder}: the files cannot be written ({reason})", folder=folder, reason=reason(error))
            ) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        release(lock)


def _exchange(folder: Path, temporary: Path, gone: list[str]) -> None:
    names = sorted(path.name for path in (temporary / _NEW).iterdir())
    old = [name for name in dict.fromkeys([*names, *gone]) if os.path.lexists(folder / name)]
    for name in old:
        if (folder / name).is_dir() and not (folder / name).is_symlink():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(folder / name))
    (temporary / _EARLIER).mkdir()
    placed: list[str] = []
    try:
        for name in old:
            (folder / name).rename(temporary / _EARLIER / name)
        flush(folder, files=False)
        (temporary / _NEW).rename(temporary / _PLACING)
        flush(temporary, files=False)
        for name in names:
            (temporary / _PLACING / name).rename(folder / name)
            placed.append(name)
        flush(folder, files=False)
    except BaseException:
        for name in placed:
            (folder / name).unlink(missing_ok=True)
        _put_back(folder, temporary)
        raise


def _put_back(folder: Path, temporary: Path) -> None:
    for path in (temporary / _EARLIER).iterdir():
        if not os.path.lexists(folder / path.name):
            path.rename(folder / path.name)


def _recover(folder: Path) -> None:
    """Finish or undo what killed exports have left in a folder, except where an export may still be at work."""
    for temporary in sorted(folder.glob(f".{_NAME}.unfinished-*")):
        with suppress(OSError):
            lock = locked_folder(temporary)
            if lock is None:
                continue
            try:
                if (temporary / _PLACING).is_dir():
                    for path in (temporary / _PLACING).iterdir():
                        path.replace(folder / path.name)
                elif (temporary / _EARLIER).is_dir():
                    _put_back(folder, temporary)
                shutil.rmtree(temporary)
            finally:
                release(lock)
