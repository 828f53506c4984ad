"""Claims: each sweep that writes into a store holds a claim, so that leftovers of killed sweeps can be deleted.

A claim is a file that the sweep keeps locked while it runs. The file also reserves some room on the disk: when the disk
is full, the sweep frees that room to write its finished runs.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from experiments.store.folder import locked
from experiments.store.runs.parts import UNFINISHED

KEPT_FREE: Final = 4 * 2**20
"""Bytes that a claim reserves for a full disk: more than a sweep ever writes at once."""


class Claim:
    """The claim of one sweep.

    Parameters
    ----------
    folder : Path
        Folder of the claims.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            self.name = secrets.token_hex(8)
            self.path = folder / f"{self.name}.claim"
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
            if locked(self._file) is not False and os.fstat(self._file).st_nlink > 0:
                break
            os.close(self._file)  # another sweep took the file for a leftover before we locked it
        with suppress(OSError):  # without this reserve a full disk costs the runs of a few seconds
            _fill(self._file, KEPT_FREE)

    def give_room(self) -> None:
        """Free the reserved room on the disk."""
        with suppress(OSError):
            os.ftruncate(self._file, 0)
            os.fsync(self._file)

    def close(self) -> None:
        """Delete the claim and unlock it."""
        with suppress(OSError):
            self.path.unlink()
        with suppress(OSError):
            os.close(self._file)


def _fill(file: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
    else:
        os.write(file, bytes(size))


def clear_unfinished(store: Path, claims: Path) -> int:
    """Delete the unfinished files of killed sweeps; those of running sweeps stay.

    Returns
    -------
    int
        Number of killed sweeps found.
    """
    dead = []
    for path in sorted(claims.glob("*.claim")):
        try:
            file = os.open(path, os.O_RDWR)
        except OSError:
            continue
        # A sweep that ended between our opening and locking has deleted its claim, so it was not killed.
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
