"""Processes of our own that do tasks, and can be ended at any moment.

They are our own because those of the standard library cannot be ended in the middle of a run: Python's process pools
share one pipe for results, and wait for ever on what a worker had half written there when it was ended.
"""

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final

from experiments.executors.interrupts import interrupts_kept, interrupts_wait

LARGEST_BATCH: Final = 16
"""Runs handed over at once: enough to hide the handing over, few enough for a smooth progress bar."""

Task = Callable[[Any], Any]

DIED: Final = (
    "a worker process died, most often because memory ran out; another takes its place, and what it had is done again"
)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class LostWorkerError(RuntimeError):
    """A worker process ended without giving a result; most often the machine ran out of memory."""


@dataclass
class ProcessPool:
    """In so many fresh processes. They are spawned, never forked: a fork after a parallel kernel hangs.

    Parameters
    ----------
    jobs : int
    tell : callable
        Told once of workers that died.
    """

    jobs: int
    tell: Callable[[str], None] = field(default=_say, compare=False, repr=False)

    def each(self, task: Task, items: Sequence[Any]) -> Iterator[Any]:
        """Give task(item) of each item, in order. A `LostWorkerError` stands for what a dead worker owed."""
        size = max(1, min(LARGEST_BATCH, len(items) // (4 * self.jobs)))
        batches = deque(_Batch(start, items[start : start + size]) for start in range(0, len(items), size))
        crew = _Crew(task, self.jobs, batches, self.tell)
        ahead = 4 * self.jobs * size  # so far may the others be ahead of the slowest; bounds what waits in memory
        with interrupts_kept() as check_interrupt:
            try:
                for number in range(len(items)):
                    crew.work(number + ahead, block=False)
                    while number not in crew.results:
                        check_interrupt()
                        crew.work(number + ahead, block=True)
                    yield crew.results.pop(number)
            finally:
                crew.dismiss()


@dataclass(frozen=True, slots=True)
class _Batch:
    """Neighbouring items, and the number of the first."""

    start: int
    items: Sequence[Any]


@dataclass
class _Crew:
    """Workers, what is still to be handed to them, and the results nobody has taken yet, by number."""

    task: Task
    most: int
    waiting: deque[_Batch]
    tell: Callable[[str], None]
    has_told: bool = False
    results: dict[int, Any] = field(default_factory=dict)
    workers: "list[_Worker]" = field(default_factory=list)

    def work(self, limit: int, block: bool) -> None:
        """Hand out what begins before the limit, and take in what is done."""
        while self.waiting and self.waiting[0].start < limit and (worker := self._idle()) is not None:
            worker.give(self.waiting.popleft())
        busy = {worker.connection: worker for worker in self.workers if worker.batch is not None}
        for connection in wait(list(busy), None if block else 0):
            self._take(busy[connection])

    def _idle(self) -> "_Worker | None":
        """Give a worker without work, taking on another if there may be more."""
        for worker in self.workers:
            if worker.batch is None:
                return worker
        if len(self.workers) == self.most:
            return None
        self.workers.append(_Worker(self.task))
        return self.workers[-1]

    def _take(self, worker: "_Worker") -> None:
        batch, worker.batch = worker.batch, None
        try:
            results = worker.connection.recv()
        except (EOFError, OSError):
            self.workers.remove(worker)
            worker.end()
            if not self.has_told:
                self.tell(DIED)
                self.has_told = True
            self._lost(batch)
            return
        if isinstance(results, Exception):
            raise results
        self.results.update(enumerate(results, batch.start))

    def _lost(self, batch: _Batch) -> None:
        """Hand out one by one what a dead worker had: not all of it can have killed it."""
        if len(batch.items) == 1:
            self.results[batch.start] = LostWorkerError("its process died, most often because memory ran out")
        else:
            alone = [_Batch(number, [item]) for number, item in enumerate(batch.items, batch.start)]
            self.waiting.extendleft(reversed(alone))

    def dismiss(self) -> None:
        """End all workers now, whatever they are doing, and wait until they are gone."""
        for worker in self.workers:
            worker.end()
        self.workers.clear()


class _Worker:
    """A process with a pipe of its own, so that whenever it ends nobody else is left with half a message."""

    def __init__(self, task: Task) -> None:
        spawn = get_context("spawn")
        self.batch: _Batch | None = None
        self.connection, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs, task), daemon=True)
        with interrupts_wait():
            self._process.start()
        theirs.close()  # now the pipe ends when the worker does

    def give(self, batch: _Batch) -> None:
        self.batch = batch
        with suppress(OSError):  # a worker that has died meanwhile is noticed when its results are taken
            self.connection.send(batch.items)

    def end(self) -> None:
        self._process.terminate()
        self._process.join()
        self._process.close()
        self.connection.close()


def _serve(connection: Connection, task: Task) -> None:
    """Do what comes through the pipe, until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends us
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=[parent], daemon=True).start()
    with suppress(EOFError, OSError):
        while True:
            items = connection.recv()
            try:
                results: Any = [task(item) for item in items]
            except Exception as error:
                results = error
            connection.send(results)


def _leave_with(parent: BaseProcess) -> None:
    """End when the parent does, also in the middle of a run: a parent that is killed cannot say so."""
    parent.join()
    os._exit(1)
