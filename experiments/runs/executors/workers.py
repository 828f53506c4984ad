"""Processes of our own that do tasks, and can be ended at any moment.

They are our own because those of the standard library cannot be ended in the middle of a run: Python's process pools
share one pipe for results, and wait for ever on what a worker had half written there when it was ended.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final

from experiments.runs.executors.batches import Batch, Batches
from experiments.runs.executors.interrupts import interrupts_kept, interrupts_wait
from sim.scenario.text.errors import DayroomError

BATCH_SECONDS: Final = 0.3
"""Work handed over at once."""
ENOUGH: Final = 10.0
"""Seconds in which a worker that is told to end has ended."""

Task = Callable[[Any], Any]

DIED: Final = (
    "a worker process died, most often because memory ran out; another takes its place, and what it had is done again"
)
UNBEGUN: Final = (
    "no worker process gets as far as a first run; each says why above. A script that makes runs needs the line "
    'if __name__ == "__main__": before what it does, because workers import it; or make them here, with InProcess()'
)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class LostWorkerError(DayroomError, RuntimeError):
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
        crew = _Crew(task, self.jobs, Batches(items, BATCH_SECONDS), self.tell)
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
    """Workers, what is still to be handed to them, and the results nobody has taken yet, by number."""

    task: Task
    most: int
    waiting: Batches
    tell: Callable[[str], None]
    has_told: bool = False
    has_begun: bool = False
    unbegun: int = 0
    results: dict[int, Any] = field(default_factory=dict)
    tried: set[int] = field(default_factory=set)
    workers: "list[_Worker]" = field(default_factory=list)

    def work(self, number: int, block: bool) -> None:
        """Hand out what may be begun while somebody waits for the result of that number, and take in what is done."""
        while (worker := self._idle()) is not None:
            # So far may the others be ahead of the slowest: that bounds what waits in memory.
            batch = self.waiting.next(self.most, number + 4 * self.most * self.waiting.size(self.most))
            if batch is None:
                break
            worker.give(batch)
        busy = {worker.connection: worker for worker in self.workers if worker.batch is not None}
        for connection in wait(list(busy), None if block else 0):
            self._take(busy[connection])

    def _idle(self) -> "_Worker | None":
        """Give a worker without work, taking on another if there may be more and there is work for it."""
        for worker in self.workers:
            if worker.batch is None:
                return worker
        if len(self.workers) == self.most or not self.waiting:
            return None
        self.workers.append(_Worker(self.task))
        return self.workers[-1]

    def _take(self, worker: "_Worker") -> None:
        batch, worker.batch = worker.batch, None
        try:
            answer = worker.connection.recv()
        except (EOFError, OSError):
            self.workers.remove(worker)
            exit_code = worker.exit_code()
            worker.end()
            self._check_begun(exit_code)
            if not self.has_told:
                self.tell(DIED)
                self.has_told = True
            self._lost(batch)
            return
        if isinstance(answer, Exception):
            raise answer
        seconds, results = answer
        self.has_begun = True
        self.waiting.done(batch, seconds)
        self.results.update(enumerate(results, batch.start))

    def _check_begun(self, exit_code: int | None) -> None:
        """Give up when one after the other ends with an error of Python before any has done anything."""
        self.unbegun += exit_code == 1 and not self.has_begun
        if self.unbegun > self.most:
            raise LostWorkerError(UNBEGUN)

    def _lost(self, batch: Batch) -> None:
        """Do again what a dead worker had; what two workers died of, the second time by itself, is given up."""
        numbers = range(batch.start, batch.start + len(batch.items))
        if self.tried.issuperset(numbers):
            self.results[batch.start] = LostWorkerError("its process died twice, most often because memory ran out")
        else:
            self.tried.update(numbers)
            self.waiting.once_more(batch)

    def dismiss(self) -> None:
        """End all workers now, whatever they are doing, and wait until they are gone."""
        for worker in self.workers:
            worker.end()
        self.workers.clear()


class _Worker:
    """A process with a pipe of its own, so that whenever it ends nobody else is left with half a message."""

    def __init__(self, task: Task) -> None:
        spawn = get_context("spawn")
        self.batch: Batch | None = None
        self.connection, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs, task), daemon=True)
        with interrupts_wait():
            self._process.start()
        theirs.close()  # now the pipe ends when the worker does

    def give(self, batch: Batch) -> None:
        self.batch = batch
        with suppress(OSError):  # a worker that has died meanwhile is noticed when its results are taken
            self.connection.send(batch.items)

    def exit_code(self) -> int | None:
        """Give the exit code of one that ends by itself; none when it does not."""
        self._process.join(ENOUGH)
        return self._process.exitcode

    def end(self) -> None:
        self._process.terminate()
        self._process.join(ENOUGH)
        self._process.kill()  # one that somebody has stopped does not end otherwise
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
            begun = time.perf_counter()
            try:
                results = [task(item) for item in items]
                answer: Any = time.perf_counter() - begun, results
            except Exception as error:
                answer = error
            connection.send(answer)


def _leave_with(parent: BaseProcess) -> None:
    """End when the parent does, also in the middle of a run: a parent that is killed cannot say so."""
    parent.join()
    os._exit(1)
