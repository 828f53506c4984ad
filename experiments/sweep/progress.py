"""Show the progress of a sweep on a line that is overwritten in place, in a terminal or a notebook."""

import sys
import time
from dataclasses import dataclass
from typing import Final

from sim.language import say

_EVERY: Final = 0.2
"""Fewest seconds between two updates of the line: a notebook keeps every update in memory."""


@dataclass
class CountedLine:
    """Count runs on a single line of the standard output."""

    done: int = 0
    failed: int = 0
    total: int = 0
    _shown: float = -1.0
    _width: int = 0

    def step(self, total: int, failed: bool) -> None:
        """Count a run as done, and update the line.

        Parameters
        ----------
        total : int
            Number of runs to make. When it differs from the last call's, a new count begins.
        """
        if total != self.total:
            self.close()
            self.total, self.done, self.failed = total, 0, 0
        self.done += 1
        self.failed += failed
        now = time.monotonic()
        if self.done == total or now - self._shown >= _EVERY:
            self._shown = now
            failures = say(", {failed:,} failed", failed=self.failed) if self.failed else ""
            self._write(say("{done:,} of {total:,} runs", done=self.done, total=total) + failures)

    def close(self) -> None:
        """End the line, if anything was written."""
        if self._width:
            print(flush=True)
            self._width = 0

    def _write(self, text: str) -> None:
        sys.stdout.write(f"\r{text:<{self._width}}")
        sys.stdout.flush()
        self._width = max(self._width, len(text))
