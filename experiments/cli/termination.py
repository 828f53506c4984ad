"""SIGTERM ends a command with an exception, so that unfinished files are removed, also where C code drops exceptions.

Python cannot pass an exception through C code, such as a callback of LLVM while numba compiles: it reports the
exception as ignored and goes on. The signal then comes once more, a moment later.
"""

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

TERMINATED: Final = 143
"""Exit status after SIGTERM."""
_MOMENT: Final = 0.05
"""Seconds until a signal that was lost comes once more."""


@contextmanager
def terminable() -> Iterator[None]:
    """Turn SIGTERM into an exception; raise SIGTERM and Ctrl-C again where code swallowed their exception."""
    before = sys.unraisablehook

    def ignored(problem: "sys.UnraisableHookArgs") -> None:
        if isinstance(problem.exc_value, KeyboardInterrupt):
            _repeat(signal.SIGINT)
        elif isinstance(problem.exc_value, SystemExit) and problem.exc_value.code == TERMINATED:
            _repeat(signal.SIGTERM)
        else:
            before(problem)

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    sys.unraisablehook = ignored
    try:
        yield
    finally:
        sys.unraisablehook = before


def _repeat(number: signal.Signals) -> None:
    timer = threading.Timer(_MOMENT, _thread.interrupt_main, [number])
    timer.daemon = True
    timer.start()
