"""Where runs are done: in this process, or in several of our own. The results are the same to the last bit.

Every executor gives the results in the order of what was asked for, so whatever is built from them does not depend on
how many workers there were or which was quickest.
"""

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import batched, islice
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.process import BaseProcess
from typing import Any, Final, Protocol

WORTH_WORKERS: Final = 12.0
"""Seconds of work ahead from which workers pay: each takes two or three to start and load the compiled model."""

LOADING: Final = 3.0
"""Seconds that loading may take on the way through the first task."""

LARGEST_BATCH: Final = 16
"""Runs handed over at once: enough to hide the handing over, few enough for a smooth progress bar."""


class LostWorkerError(RuntimeError):
    """A worker process ended without giving a result; most often the machine ran out of memory."""


class Executor(Protocol):
    """Something that does many tasks of one kind.

    `jobs` tells how many processes work at once.
    """

    jobs: int

    def each(self, function: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Any]:
        """Give function(item) of each item, in order. A `LostWorkerError` stands for what a dead worker owed."""
        ...


@dataclass
class InProcess:
    """One after the other, here."""

    jobs: int = 1

    def each(self, function: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Any]:
        """Give function(item) of each item, in order."""
        yield from map(function, items)


@dataclass
class Automatic:
    """Here, until it shows that so much work lies ahead that workers pay."""

    jobs: int = 1

    def each(self, function: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Any]:
        """Give function(item) of each item, in order."""
        self.jobs = 1
        for number, item in enumerate(items, 1):
            begun = time.perf_counter()
            result = function(item)
            took = time.perf_counter() - begun
            yield result
            left = len(items) - number
            # Something is loaded on the way through the first task, so its time tells only when it is long.
            if left > 1 and took * left > WORTH_WORKERS and (number > 1 or took > LOADING):
                self.jobs = min(processors(), left)
                yield from ProcessPool(self.jobs).each(function, items[number:])
                return


@dataclass
class ProcessPool:
    """In so many fresh processes. They are spawned, never forked: a fork after a parallel kernel hangs."""

    jobs: int
    _pool: ProcessPoolExecutor | None = field(default=None, init=False, repr=False)
    _workers: list[BaseProcess] = field(default_factory=list, init=False, repr=False)

    def each(self, function: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Any]:
        """Give function(item) of each item, in order. A `LostWorkerError` stands for what a dead worker owed."""
        size = max(1, min(LARGEST_BATCH, len(items) // (4 * self.jobs)))
        ahead = batched(items, size)
        waiting: deque[tuple[tuple[Any, ...], Future[list[Any]]]] = deque()
        try:
            # A few batches beyond one a worker are under way, so that nobody idles while the oldest is unfinished.
            waiting.extend((batch, self._submit(function, batch)) for batch in islice(ahead, 2 * self.jobs))
            while waiting:
                batch, future = waiting.popleft()
                yield from self._results(function, batch, future)
                waiting.extend((batch, self._submit(function, batch)) for batch in islice(ahead, 1))
        finally:
            self._stop()

    def _submit(self, function: Callable[[Any], Any], batch: Sequence[Any]) -> "Future[list[Any]]":
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.jobs, mp_context=get_context("spawn"), initializer=_begin_worker)
        before = set(active_children())
        with _interrupts_wait():
            try:
                return self._pool.submit(_each, function, batch)
            except BrokenProcessPool as broken:
                failed: Future[list[Any]] = Future()
                failed.set_exception(broken)
                return failed
            finally:
                self._workers += [child for child in active_children() if child not in before]

    def _results(self, function: Callable[[Any], Any], batch: Sequence[Any], future: "Future[list[Any]]") -> list[Any]:
        try:
            return future.result()
        except BrokenProcessPool:
            return [self._alone(function, item) for item in batch]

    def _alone(self, function: Callable[[Any], Any], item: Any) -> Any:
        """Do again what was under way when a worker died: it may not be what killed it."""
        for _ in range(2):  # the first attempt may only find the pool broken
            try:
                return self._submit(function, [item]).result()[0]
            except BrokenProcessPool:
                self._stop()
        return LostWorkerError("the worker process died, most often because the machine ran out of memory")

    def _stop(self) -> None:
        """End the workers now, whatever they are doing, and wait until they are gone."""
        pool, self._pool = self._pool, None
        for worker in self._workers:
            worker.terminate()
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)
        for worker in self._workers:
            worker.join()
        self._workers.clear()


def executor(jobs: int | None = None) -> Executor:
    """Give the executor for so many processes; without a number it decides itself."""
    if jobs is None:
        return Automatic() if processors() > 1 else InProcess()
    return ProcessPool(jobs) if jobs > 1 else InProcess()


def processors() -> int:
    """Count the processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def warm_up() -> None:
    """Load the compiled model, compiling it if need be, so that no worker has to: together they would all compile."""
    from sim.run import run
    from sim.scenario.schema import Centre, Network, Scenario

    smallest = Scenario(
        name="warm-up", days=1, settling=1, centres={"centre": Centre(users=5)}, network=Network(kind="none")
    )
    with suppress(Exception):  # what is wrong with the model, the runs will tell, each with its origin
        run(smallest, 0)


def _each(function: Callable[[Any], Any], batch: Sequence[Any]) -> list[Any]:
    return [function(item) for item in batch]


def _begin_worker() -> None:
    """Leave Ctrl-C to the parent, and do not outlive it: a parent that is killed cannot tell its workers to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=[parent], daemon=True).start()


def _leave_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Hold Ctrl-C back for a moment: a worker inherits this, so that it cannot be hit while it is starting."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
