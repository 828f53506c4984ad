"""Who is writing into a store: each sweep holds a claim, so that what a killed one left can be told and cleared away.

A claim is a file the sweep keeps locked for as long as it lives. It also keeps a piece of the disk: when the disk is
full, the piece is given back and what is finished finds room.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from experiments.store.runs.parts import UNFINISHED

try:
    import fcntl
except ImportError:  # Windows; nothing is locked there, and so nothing of others cleared away
    fcntl = None  # type: ignore[assignment]

KEPT_FREE: Final = 4 * 2**20
"""Bytes a claim keeps for the moment when the disk is full: more than is ever written at once."""


class Claim:
    """A place among those who write into a store.

    Parameters
    ----------
    folder : Path
        Of the claims.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            self.name = secrets.token_hex(8)
            self.path = folder / f"{self.name}.claim"
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
            if locked(self._file) is not False and (fcntl is None or os.fstat(self._file).st_nlink > 0):
                break
            os.close(self._file)  # another sweep took it for a leftover before it was locked
        with suppress(OSError):  # without that piece a full disk costs the runs of a few seconds
            _fill(self._file, KEPT_FREE)

    def give_room(self) -> None:
        """Give the piece of the disk back."""
        with suppress(OSError):
            os.ftruncate(self._file, 0)
            os.fsync(self._file)

    def close(self) -> None:
        """Leave."""
        with suppress(OSError):
            self.path.unlink()
        with suppress(OSError):
            os.close(self._file)


def locked(file: int) -> bool | None:
    """Lock an open file until it is closed or this process ends, however it does.

    Returns
    -------
    bool or None
        Whether that worked; None where it cannot be known, as on some network disks.
    """
    if fcntl is None:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Lock a file for a while; say whether nobody else has."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:
        yield False
        return
    try:
        yield locked(file) is not False
    finally:
        os.close(file)


def _fill(file: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
    else:
        os.write(file, bytes(size))


def clear_unfinished(store: Path, claims: Path) -> int:
    """Clear away what killed sweeps have left unfinished; what a living one holds stays.

    Returns
    -------
    int
        Number of killed sweeps found.
    """
    if fcntl is None:
        return 0
    dead = []
    for path in sorted(claims.glob("*.claim")):
        try:
            file = os.open(path, os.O_RDWR)
        except OSError:
            continue
        # One that left between our opening and locking has no name any more, and was not killed.
        if locked(file) is True and os.fstat(file).st_nlink > 0:
            dead.append(path.stem)
            with suppress(OSError):
                path.unlink()
        os.close(file)
    for path in store.rglob(f".*{UNFINISHED}"):
        owner = path.name[1:].partition("-")[0]
        if owner in dead:
            with suppress(OSError):
                path.unlink()
    return len(dead)
