"""Send batches to a Dask scheduler, few at a time; repeat batches lost with a worker; yield results in order."""

import asyncio
import pickle
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, Final, Protocol

import distributed
from distributed import Future, KilledWorker

from experiments.runs import LostWorkerError
from experiments.runs.executors.batches import Batch, Batches
from experiments.runs.executors.dask.on_worker import Answer, version_here, work
from sim.scenario.text.errors import DayroomError

BATCH_SECONDS: Final = 1.0
"""Seconds of work in a batch: a scheduler handles only a few thousand tasks a second, so tasks must not be short."""

FEWEST_IN_FLIGHT: Final = 32
"""Batches to keep at the scheduler even with few workers: a cluster that grows on demand must see work waiting."""
MOST_IN_FLIGHT: Final = 4000

WATCH_SECONDS: Final = 2.0
REPORT_AFTER: Final = 10.0
"""Seconds without any worker before a message; a dead worker may be replaced sooner."""
GIVE_UP_AFTER: Final = 180.0
"""Seconds without any worker after which our own cluster counts as failed; a shared cluster may queue for days."""


SCHEDULER_GONE: Final = (OSError, CancelledError, asyncio.CancelledError)
"""Errors that arrive instead of an answer when the scheduler is gone."""


class ClusterError(DayroomError, RuntimeError):
    """The cluster cannot be used; the message says why."""


class Cluster(Protocol):
    """The cluster that receives the batches.

    `scheduler` is its address, or None for a cluster on this machine; `jobs` is its number of workers; `report` prints
    a line for the user.
    """

    scheduler: str | None
    jobs: int
    report: Callable[[str], None]


def other_version(who: str, version: object) -> ClusterError:
    """Return an error that says which worker has another version of the model, or cannot load the model."""
    if isinstance(version, BaseException):
        reason = f"cannot load the model ({type(version).__name__}: {' '.join(str(version).split())})"
    else:
        reason = f"would make other runs: found {version}, allowed is {version_here()}"
    return ClusterError(
        f"{who} {reason}; install there what is installed here (docs/clusters.md), and start the workers again"
    )


@dataclass
class Sending:
    """Batches at the scheduler, batches still to send, and results that arrived before their turn, by number."""

    cluster: Cluster
    connection: distributed.Client
    task: bytes
    items: Sequence[Any]
    check_interrupt: Callable[[], None]
    sent: "dict[str, tuple[Future[bytes], Batch]]" = field(default_factory=dict)
    came: "SimpleQueue[tuple[str, bytes | BaseException]]" = field(default_factory=SimpleQueue)
    taken: dict[int, Any] = field(default_factory=dict)
    suspects: deque[Batch] = field(default_factory=deque)
    watched: float = field(default_factory=time.monotonic)
    idle_since: float | None = None
    has_reported: bool = False

    def __post_init__(self) -> None:
        self.waiting = Batches(self.items, BATCH_SECONDS)
        self._count()

    def results(self) -> Iterator[Any]:
        """Yield the results in order; limit how many wait in memory and at the scheduler."""
        try:
            for number in range(len(self.items)):
                self.check_interrupt()
                self._take()
                self._send(number)
                while number not in self.taken:
                    self._wait()
                    self._take()
                    self._send(number)
                yield self.taken.pop(number)
        finally:
            with suppress(OSError, RuntimeError):
                self.connection.cancel([future for future, _ in self.sent.values()])

    @property
    def most(self) -> int:
        """Most batches at the scheduler: with four for each worker, no worker waits for work to travel."""
        return min(MOST_IN_FLIGHT, max(FEWEST_IN_FLIGHT, 4 * self.cluster.jobs))

    def _send(self, number: int) -> None:
        """Send batches while the caller waits for result `number`.

        When a worker dies, Dask blames every batch that it held. So a suspected batch is sent alone: after all other
        batches are back, and with no other batch sent until it is back too.
        """
        if self.suspects:
            if not self.sent:
                self._submit(self.suspects[0])
            return
        jobs = self.cluster.jobs
        while len(self.sent) < self.most:
            batch = self.waiting.next(jobs, number + 2 * self.most * self.waiting.size(jobs))
            if batch is None:
                return
            self._submit(batch)

    def _submit(self, batch: Batch) -> None:
        future = self.connection.submit(work, self.task, pickle.dumps(batch.items), version_here(), pure=False)
        self.sent[str(future.key)] = (future, batch)
        loop: Any = self.connection.loop  # an IOLoop; its type stubs lack asyncio_loop
        asyncio.run_coroutine_threadsafe(self._fetch(future), loop.asyncio_loop)

    async def _fetch(self, future: "Future[bytes]") -> None:
        """Put the answer of a future into the queue `came`.

        Used instead of `distributed.as_completed`, which never yields a future whose result is lost on its way here
        (2026.8).
        """
        answer: bytes | BaseException
        try:
            coming: Any = future.result()  # returns a coroutine, since this runs in the connection's loop
            answer = await coming
        except (Exception, asyncio.CancelledError) as error:
            answer = error
        self.came.put((str(future.key), answer))

    def _wait(self) -> None:
        """Wait for an answer; meanwhile count the workers every `WATCH_SECONDS`."""
        while self.came.empty():
            self.check_interrupt()
            if time.monotonic() - self.watched > WATCH_SECONDS:
                self._count()
            time.sleep(0.01)

    def _take(self) -> None:
        while not self.came.empty():
            key, answer = self.came.get()
            future, batch = self.sent.pop(key)
            was_alone = bool(self.suspects) and batch is self.suspects[0]
            if was_alone:
                self.suspects.popleft()
            future.release()
            if isinstance(answer, bytes):
                self._keep(batch, pickle.loads(answer))  # noqa: S301 - from a worker that we trust with the runs
            elif isinstance(answer, KilledWorker):
                self._lost(batch, answer, was_alone)
            elif isinstance(answer, SCHEDULER_GONE):
                raise self._gone()
            else:
                raise other_version("the scheduler or a worker", answer)

    def _keep(self, batch: Batch, answer: Answer) -> None:
        if answer.other_version:
            raise other_version("a worker that came later", answer.other_version)
        if isinstance(answer.error, ImportError):
            raise other_version("a worker", answer.error)
        if answer.error is not None:
            raise answer.error
        self.waiting.done(batch, answer.seconds)
        self.taken.update(enumerate(answer.results, batch.start))

    def _lost(self, batch: Batch, error: KilledWorker, was_alone: bool) -> None:
        """Repeat a lost batch item by item, then each item alone on the cluster; give up an item that fails alone."""
        if len(batch.items) > 1:
            self.waiting.once_more(batch)
        elif not was_alone:
            self.suspects.append(batch)
        else:
            times = error.allowed_failures + 1
            died = "1 worker died" if times == 1 else f"{times} workers died"
            self.taken[batch.start] = LostWorkerError(
                f"{died} of it while nothing else was there, most often because memory ran out; "
                f"the last was {error.last_worker.address}"
            )

    def _count(self) -> None:
        """Count the workers; when there has been none for long, print a message or raise `ClusterError`."""
        try:
            workers = len(self.connection.nthreads())
        except (OSError, RuntimeError, ValueError, AttributeError):
            raise self._gone() from None
        self.watched = time.monotonic()
        self.cluster.jobs = max(1, workers)
        if workers:
            self.idle_since, self.has_reported = None, False
            return
        self.idle_since = self.idle_since or self.watched
        without = self.watched - self.idle_since
        if self.cluster.scheduler is None and without > GIVE_UP_AFTER:
            raise ClusterError(f"no worker could be started on this machine for {without:.0f} seconds")
        if self.cluster.scheduler is not None and without > REPORT_AFTER and not self.has_reported:
            self.has_reported = True
            self.cluster.report(f"no worker is at {self.cluster.scheduler}; waiting for one (Ctrl-C stops)")

    def _gone(self) -> ClusterError:
        where = self.cluster.scheduler or "of this machine"
        return ClusterError(
            f"lost the Dask scheduler {where}: it ended, or the connection broke; "
            "what is finished is kept, and the same command goes on"
        )
