"""File locks, which end with the process that holds them, even when it is killed."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
