"""Processes that tests watch from outside, on a machine that may be busy."""

import time
from collections.abc import Callable
from contextlib import suppress

import psutil


def until(condition: Callable[[], object], seconds: float = 600.0) -> None:
    """Wait for a condition that must come true; the time limit only ends a failure."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def workers_of(parent: int) -> list[psutil.Process]:
    """List the workers of a process, except the process that tracks Python's resources."""
    found = []
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(parent).children():
            with suppress(psutil.NoSuchProcess):  # it has ended since it was listed, and may not have been buried
                if "resource_tracker" not in " ".join(child.cmdline()):
                    found.append(child)
    return found
