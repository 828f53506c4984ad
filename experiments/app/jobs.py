"""Work in the background of a session: it shows its progress, waits for its turn, and can be cancelled."""

import contextvars
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

import solara

from experiments.runs.executors import processors
from sim.scenario.text.errors import DayroomError

TURNS: Final = threading.BoundedSemaphore(processors())
"""As many jobs of all sessions work at once as there are processors; the others wait."""

State = Literal["idle", "waiting", "running", "done", "failed"]
Step = Callable[[int, int], None]
"""Called with the steps done and the steps of the whole; raises `CancelledError` to end the work."""


class CancelledError(Exception):
    """The work is no longer wanted."""


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
    """Work that a session does in a thread of its own, one at a time.

    Attributes
    ----------
    progress : solara.Reactive of Progress
    result : solara.Reactive of Result or None
        What the last work gave that came to its end.
    """

    def __init__(self) -> None:
        self.progress = solara.reactive(Progress())
        self.result: solara.Reactive[Result | None] = solara.reactive(None)
        self._cancelled = threading.Event()

    def start(self, work: Callable[[Step], Result]) -> None:
        """Cancel what runs, and begin other work."""
        self.cancel()
        cancelled = self._cancelled = threading.Event()
        self.progress.value = Progress("waiting")
        context = contextvars.copy_context()  # the language of the reader
        threading.Thread(target=context.run, args=(self._run, work, cancelled), daemon=True).start()

    def cancel(self) -> None:
        """End the work at its next step."""
        self._cancelled.set()
        if self.progress.value.busy:
            self.progress.value = Progress()

    def forget(self) -> None:
        """Cancel the work and drop the result."""
        self.cancel()
        self.progress.value, self.result.value = Progress(), None

    def _run(self, work: Callable[[Step], Result], cancelled: threading.Event) -> None:
        def step(done: int, of: int) -> None:
            if cancelled.is_set():
                raise CancelledError
            self.progress.value = Progress("running", done, of)

        while not TURNS.acquire(timeout=0.2):
            if cancelled.is_set():
                return
        try:
            step(0, 0)
            result = work(step)
            step(*(self.progress.value.done, self.progress.value.of))
        except CancelledError:
            return
        except DayroomError as mistake:
            self._end(cancelled, Progress("failed", why=str(mistake)))
        except Exception as error:
            self._end(cancelled, Progress("failed", why=f"{type(error).__name__}: {error}"))
        else:
            self.result.value = result
            self._end(cancelled, replace(self.progress.value, state="done"))
        finally:
            TURNS.release()

    def _end(self, cancelled: threading.Event, progress: Progress) -> None:
        if not cancelled.is_set():
            self.progress.value = progress
