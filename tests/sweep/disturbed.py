"""Run `dayroom` and kill it at its Nth touch of the disk: `disturbed.py N WORD...`; with N = 0 it survives.

Batches hold a few runs and parts are merged early, so that a small study has many such moments. Batches go by runs
alone, so that a slow machine has as many. A kill in the middle of a file leaves half of it written.
"""

import io
import os
import pathlib
import signal
import sys

from experiments.cli.app import main
from experiments.store.runs import store
from experiments.sweep import batch_writer

touches = 0


def touched(at: int) -> bool:
    """Count a touch of the disk; return whether it is the last one."""
    global touches
    touches += 1
    return touches == at


def disturb(at: int) -> None:
    """Kill this process at a touch of the disk."""

    def killing(original):
        def called(*arguments, **options):
            if touched(at):
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*arguments, **options)

        return called

    opened = pathlib.Path.open

    class Half(io.FileIO):
        def write(self, contents):
            if touched(at):
                super().write(contents[: len(contents) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return super().write(contents)

    def opening(self, mode="r", *arguments, **options):
        return Half(str(self), "wb") if mode == "wb" else opened(self, mode, *arguments, **options)

    pathlib.Path.open = opening
    pathlib.Path.replace = killing(pathlib.Path.replace)
    pathlib.Path.unlink = killing(pathlib.Path.unlink)
    os.fsync = killing(os.fsync)


if __name__ == "__main__":
    batch_writer.MOST_ROWS = 5
    batch_writer.FIRST_SECONDS = batch_writer.LAST_SECONDS = 3600.0
    store.MOST_PARTS = 4
    disturb(int(sys.argv[1]))
    try:
        main(sys.argv[2:])
    finally:
        print(f"touches: {touches}")
