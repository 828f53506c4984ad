"""Progress of a command, on stderr: a bar on a terminal, elsewhere a line from time to time."""

import sys
import time
from typing import TYPE_CHECKING, Final, Self

from experiments.runs.escapes import plain
from experiments.statistics.numbers import duration, many
from sim.language import say
from sim.scenario.text.nodes import harmless

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

LONGEST_SILENCE: Final = 60.0
"""Seconds after which a line is printed even without news, where there is no bar."""


class Progress:
    """Counts finished runs and shows the count.

    Parameters
    ----------
    total : int
        Runs to make.
    quiet : bool
        Whether to show nothing.
    """

    def __init__(self, total: int, quiet: bool = False) -> None:
        self.total, self.done, self.failed = total, 0, 0
        self._quiet = quiet
        self._begun = self._spoken = 0.0
        self._before = 0
        self._whole = 0
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if not self._quiet and sys.stderr.isatty():
            self._bar = _bar()
            self._task = self._bar.add_task(say("starting"), total=None, count="")
            self._bar.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Remove the bar, to make room for a message."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def say(self, text: str) -> None:
        """Show what the command is doing, as the label of the bar or as a line."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=harmless(text))
        elif not self._quiet:
            print(text, file=sys.stderr, flush=True)

    def begin(self, ahead: int, before: int, whole: int) -> None:
        """Start a new count.

        Parameters
        ----------
        ahead, before, whole : int
            Runs to do, runs done earlier, runs in all.
        """
        self.total, self.done, self._before, self._whole = ahead, 0, before, whole
        if before:
            values = {"before": before, "ahead": ahead, "runs": many(whole, "run")}
            if failed := max(0, whole - before - ahead):
                text = say(
                    "{before:,} there already; {ahead:,} of {runs} to make; {failed:,} failed before and are left so",
                    **values,
                    failed=failed,
                )
            else:
                text = say("{before:,} there already; {ahead:,} of {runs} to make", **values)
            self.say(text)

    def so_far(self) -> str:
        """Return how many runs are done, as the end of a message about a stop."""
        return say(" after {done:,} of {total:,} runs", done=self.done, total=self.total) if self.total else ""

    def step_of(self, total: int, failed: bool = False) -> None:
        """Count a finished run, and set the total, which may have grown."""
        self.total = total
        self.step(failed)

    def step_in(self, total: int) -> None:
        """Count a finished run of a part of the work; a changed total starts the next part."""
        if self.total != total:
            self.total, self.done = total, 0
        self.step()

    def reach(self, done: int, total: int) -> None:
        """Set the count to `done` runs of a total."""
        self.total, self.done = total, done - 1
        self.step()

    def step(self, failed: bool = False) -> None:
        """Count a finished run."""
        now = time.monotonic()
        self.done += 1
        self.failed += failed
        if self.done <= 2:  # the first run also loads modules, and so does writing its tables
            self._begun = now
        if self.done == 1:
            self._spoken = now
        whole = self._whole or self.total
        done = self._before + self.done
        if self._bar is not None and self._task is not None:
            if self.done == 1:  # the time before it went into starting and compiling, not into runs
                self._bar.reset(self._task, total=whole)
            count = say("{done:,} of {runs}", done=done, runs=many(whole, "run"))
            count = f"{count}{self._failures()}{self._left(now)}"
            self._bar.update(self._task, completed=done, description=say("running"), count=count)
        elif not self._quiet and (self._is_a_tenth() or now - self._spoken >= LONGEST_SILENCE):
            self._spoken = now
            count = say("{done:,} of {runs} done", done=done, runs=many(whole, "run"))
            print(f"{count}{self._failures()}{self._left(now)}", file=sys.stderr, flush=True)

    def _failures(self) -> str:
        return say(", {failed:,} failed", failed=self.failed) if self.failed else ""

    def _is_a_tenth(self) -> bool:
        return self.done * 10 // self.total > (self.done - 1) * 10 // self.total

    def _left(self, now: float) -> str:
        """Return the estimated time left; nothing before the third run."""
        if self.done < 3 or self.done == self.total:
            return ""
        seconds = (now - self._begun) / (self.done - 2) * (self.total - self.done)
        return say(", about {duration} left", duration=duration(seconds)) if seconds >= 1 else ""


def _bar() -> "Bar":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=Console(file=plain(sys.stderr)), transient=True)
