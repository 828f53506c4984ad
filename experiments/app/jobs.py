"""Work in the background of a session: it shows its progress, waits for its turn, and can be cancelled at any moment.

The work is done in a process of its own, which alone can be ended in the middle of a run.
"""

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from typing import Any, Final, Literal

import solara

from experiments.runs.executors import processors
from sim.language import Language, language, say, speaking_to
from sim.scenario.text.errors import DayroomError

TURNS: Final = threading.BoundedSemaphore(processors())
"""As many jobs of all sessions work at once as there are processors; the others wait."""
EVERY: Final = 0.2
"""Seconds between two looks at whether the work is still wanted, and at least between two reports of progress."""

State = Literal["idle", "waiting", "running", "done", "failed"]
Step = Callable[[int, int], None]
"""Called with the steps done and the steps of the whole."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is; `why` says why it failed."""

    state: State = "idle"
    done: int = 0
    of: int = 0
    why: str = ""

    @property
    def busy(self) -> bool:
        """Whether the job waits or runs."""
        return self.state in ("waiting", "running")


class Job[Result]:
    """Work that a session does, one at a time.

    Attributes
    ----------
    progress : solara.Reactive of Progress
    result : solara.Reactive of Result or None
        What the last work gave that came to its end.
    about : object
        What the last work is about, so that whoever shows its result knows whether it is theirs.
    """

    def __init__(self) -> None:
        self.progress = solara.reactive(Progress())
        self.result = solara.reactive(None)
        self.about: object = None
        self._cancelled = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, work: Callable[[Step], Result], about: object = None) -> None:
        """Cancel what runs, and begin other work, which can be pickled."""
        self.cancel()
        cancelled = self._cancelled = threading.Event()
        self.about, self.progress.value = about, Progress("waiting")
        thread = threading.Thread(target=self._wait, args=(work, language(), cancelled), daemon=True)
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        thread.start()

    def cancel(self) -> None:
        """End the work."""
        self._cancelled.set()
        if self.progress.value.busy:
            self.progress.value = Progress()

    def end(self) -> None:
        """Wait until all cancelled work has ended, and writes no more."""
        for thread in self._threads:
            thread.join()

    def forget(self) -> None:
        """Cancel the work and drop the result."""
        self.cancel()
        self.progress.value, self.result.value = Progress(), None

    def _wait(self, work: Callable[[Step], Result], reader: Language, cancelled: threading.Event) -> None:
        """Wait for a turn, do the work, and show what came of it unless it is no longer wanted."""
        while not TURNS.acquire(timeout=EVERY):
            if cancelled.is_set():
                return
        try:
            last = self._follow(work, reader, cancelled)
        finally:
            TURNS.release()
        if last is not None and not cancelled.is_set():
            self.progress.value = last

    def _follow(self, work: Callable[[Step], Result], reader: Language, cancelled: threading.Event) -> Progress | None:
        """Start a process, follow its progress and end it; return how it ended, or None when it was cancelled."""
        spawn = get_context("spawn")
        connection, theirs = spawn.Pipe()
        process = spawn.Process(target=_live, args=(theirs, work, reader))
        process.start()
        theirs.close()
        try:
            while not cancelled.is_set():
                if not connection.poll(EVERY):
                    continue
                kind, *rest = connection.recv()
                if kind == "step":
                    self.progress.value = Progress("running", *rest)
                elif kind == "failed":
                    return Progress("failed", why=rest[0])
                else:
                    self.result.value = rest[0]
                    return Progress("done")
        except EOFError:
            with speaking_to(reader):
                return Progress("failed", why=say("the process ended, most often because memory ran out"))
        finally:
            process.terminate()
            process.join()
            connection.close()
        return None


def _live(connection: Connection, work: Callable[[Step], Any], reader: Language) -> None:
    """Do the work in a process of its own, and send what comes of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server handles Ctrl-C, and then ends us
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    shown = time.monotonic()

    def step(done: int, of: int) -> None:
        nonlocal shown
        if time.monotonic() - shown > EVERY:
            shown = time.monotonic()
            connection.send(("step", done, of))

    connection.send(("step", 0, 0))
    with speaking_to(reader):
        try:
            connection.send(("done", work(step)))
        except DayroomError as mistake:
            connection.send(("failed", str(mistake)))
        except Exception as error:
            connection.send(("failed", f"{type(error).__name__}: {error}"))


def _leave_with_parent() -> None:
    """End this process when the server ends, even in the middle of a run."""
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
