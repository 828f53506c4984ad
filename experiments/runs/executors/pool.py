"""A pool of worker processes that can be ended at any moment, even in the middle of a run.

Python's own pools cannot: their workers share a pipe for results, and a pool waits forever for a half-written result.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any, Final

from experiments.runs import LostWorkerError, Task
from experiments.runs.escapes import Escaped
from experiments.runs.executors.batches import Batch, Batches
from experiments.runs.offers import WithOffers, opened, with_offers

BATCH_SECONDS: Final = 0.3
"""Seconds of work in a batch."""
ENOUGH: Final = 10.0
"""Seconds that a worker may take to end before it is killed."""

DIED: Final = (
    "a worker process died, most often because memory ran out; another takes its place, and its runs are repeated"
)
UNBEGUN: Final = (
    "no worker process gets as far as a first run; the reasons stand above. A script that makes runs needs the line "
    'if __name__ == "__main__": before its work, because workers import it; or use InProcess()'
)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@dataclass
class ProcessPool:
    """Performs tasks in `jobs` processes. They are spawned: a process forked after a parallel kernel ran hangs.

    Parameters
    ----------
    report : callable
        Receives a message when a worker dies for the first time.
    """

    jobs: int
    report: Callable[[str], None] = field(default=_say, compare=False, repr=False)

    def each(self, task: Task, items: Sequence[Any]) -> Iterator[Any]:
        """Yield task(item) for each item, in order; yield a `LostWorkerError` for a result lost with its worker."""
        crew = _Crew(with_offers(task), self.jobs, Batches(items, BATCH_SECONDS), self.report)
        with interrupts_kept() as check_interrupt:
            try:
                for number in range(len(items)):
                    crew.work(number, block=False)
                    while number not in crew.results:
                        check_interrupt()
                        crew.work(number, block=True)
                    yield crew.results.pop(number)
            finally:
                crew.dismiss()


@dataclass
class _Crew:
    """Workers, the batches still to hand out, and the results that arrived before their turn, by number."""

    task: Task | WithOffers
    most: int
    waiting: Batches
    report: Callable[[str], None]
    has_reported: bool = False
    has_begun: bool = False
    unbegun: int = 0
    results: dict[int, Any] = field(default_factory=dict)
    tried: set[int] = field(default_factory=set)
    workers: "list[_Worker]" = field(default_factory=list)

    def work(self, number: int, block: bool) -> None:
        """Hand out batches and collect finished ones, while the caller waits for result `number`."""
        while (worker := self._idle()) is not None:
            # Limit how far other workers run ahead of the slowest: this bounds the results in memory.
            batch = self.waiting.next(self.most, number + 4 * self.most * self.waiting.size(self.most))
            if batch is None:
                break
            worker.give(batch)
        busy = [(worker, worker.batch) for worker in self.workers if worker.batch is not None]
        ready = wait([worker.connection for worker, _ in busy], None if block else 0)
        for worker, batch in busy:
            if worker.connection in ready:
                self._take(worker, batch)

    def _idle(self) -> "_Worker | None":
        """Return a worker without work, a new one if need be; None when all are busy or no work is left."""
        for worker in self.workers:
            if worker.batch is None:
                return worker
        if len(self.workers) == self.most or not self.waiting:
            return None
        self.workers.append(_Worker(self.task))
        return self.workers[-1]

    def _take(self, worker: "_Worker", batch: Batch) -> None:
        """Collect the results of a worker's batch; if the worker died, queue the batch again."""
        worker.batch = None
        try:
            answer = worker.connection.recv()
        except (EOFError, OSError):
            self.workers.remove(worker)
            exit_code = worker.exit_code()
            worker.end()
            self._check_begun(exit_code)
            if not self.has_reported:
                self.report(DIED)
                self.has_reported = True
            self._lost(batch)
            return
        if isinstance(answer, Exception):
            raise answer
        seconds, results = answer
        self.has_begun = True
        self.waiting.done(batch, seconds)
        self.results.update(enumerate(results, batch.start))

    def _check_begun(self, exit_code: int | None) -> None:
        """Raise `LostWorkerError` when more than `most` workers end with exit code 1 before any finished a batch."""
        self.unbegun += exit_code == 1 and not self.has_begun
        if self.unbegun > self.most:
            raise LostWorkerError(UNBEGUN)

    def _lost(self, batch: Batch) -> None:
        """Queue a dead worker's items again, one by one; give up an item that a worker dies of a second time."""
        numbers = range(batch.start, batch.start + len(batch.items))
        if self.tried.issuperset(numbers):
            self.results[batch.start] = LostWorkerError("its process died twice, most often because memory ran out")
        else:
            self.tried.update(numbers)
            self.waiting.once_more(batch)

    def dismiss(self) -> None:
        """End all workers now and wait until they are gone."""
        for worker in self.workers:
            worker.end()
        self.workers.clear()


class _Worker:
    """A process with a pipe of its own, so that its death leaves no half-written message for other workers."""

    def __init__(self, task: Task | WithOffers) -> None:
        spawn = get_context("spawn")
        self.batch: Batch | None = None
        self.connection, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs, task), daemon=True)
        with interrupts_wait():
            self._process.start()
        theirs.close()  # so that the pipe closes when the worker ends

    def give(self, batch: Batch) -> None:
        self.batch = batch
        with suppress(OSError):  # `_take` notices a dead worker
            self.connection.send(batch.items)

    def exit_code(self) -> int | None:
        """Return the process's exit code, or None if it does not end by itself within `ENOUGH` seconds."""
        self._process.join(ENOUGH)
        return self._process.exitcode

    def end(self) -> None:
        self._process.terminate()
        self._process.join(ENOUGH)
        self._process.kill()  # a suspended process ends in no other way
        self._process.join()
        self._process.close()
        self.connection.close()


def _serve(connection: Connection, sent: Task | WithOffers) -> None:
    """Perform the batches that arrive through the pipe until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C, and then ends us
    sys.stdout, sys.stderr = Escaped(sys.stdout), Escaped(sys.stderr)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=[parent], daemon=True).start()
    task = opened(sent)
    with suppress(EOFError, OSError):
        while True:
            items = connection.recv()
            begun = time.perf_counter()
            try:
                results = [task(item) for item in items]
                answer: Any = time.perf_counter() - begun, results
            except Exception as error:
                answer = error
            connection.send(answer)


def _leave_with(parent: BaseProcess) -> None:
    """End this process when its parent ends, even in the middle of a run."""
    parent.join()
    os._exit(1)


@contextmanager
def interrupts_wait() -> Iterator[None]:
    """Delay Ctrl-C, also in workers started meanwhile, so that Ctrl-C cannot hit a worker while it starts."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # else it starts with the first worker and unblocks Ctrl-C
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def interrupts_kept() -> Iterator[Callable[[], None]]:
    """Yield a function that raises KeyboardInterrupt if Ctrl-C was pressed, even if a library swallowed the exception.

    Python drops an exception raised within a destructor or a callback of a library. Only the main thread receives
    Ctrl-C; in other threads, or if somebody set another handler, the function does nothing.
    """
    usual = signal.default_int_handler
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is not usual:
        yield lambda: None
        return
    pressed = False

    def press(number: int, frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True
        usual(number, frame)

    def check() -> None:
        if pressed:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, press)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, usual)
