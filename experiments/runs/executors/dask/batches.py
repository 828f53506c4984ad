"""Batches sent to a Dask scheduler: bounded in number, results in order, repeated where a worker died."""

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

from experiments.runs.executors.batches import Batch, Batches
from experiments.runs.executors.dask.on_worker import Answer, version_here, work
from experiments.runs.executors.process_pool import LostWorkerError
from sim.scenario.text.errors import DayroomError

BATCH_SECONDS: Final = 1.0
"""Seconds of work in a batch: a scheduler handles a few thousand tasks a second, too few for short ones."""

FEWEST_IN_FLIGHT: Final = 32
"""Batches in flight with few workers: a cluster that grows on demand must see some."""
MOST_IN_FLIGHT: Final = 4000

WATCH_SECONDS: Final = 2.0
TELL_AFTER: Final = 10.0
"""Seconds without any worker before a message; a dead one may return before that."""
GIVE_UP_AFTER: Final = 180.0
"""Seconds without any worker after which our own cluster has failed; a shared one may queue for days."""


LOST: Final = (OSError, CancelledError, asyncio.CancelledError)
"""Errors that come in place of an answer when the scheduler is gone."""


class ClusterError(DayroomError, RuntimeError):
    """A cluster that cannot be used, and why."""


class Cluster(Protocol):
    """The cluster that batches go to.

    `scheduler` is its address, None on this machine; `jobs` counts its workers; `tell` prints a line for the user.
    """

    scheduler: str | None
    jobs: int
    tell: Callable[[str], None]


def other_version(who: str, found: object) -> ClusterError:
    """Return the error that names who has another version of the model, and which."""
    if isinstance(found, BaseException):
        reason = f"cannot load the model ({type(found).__name__}: {' '.join(str(found).split())})"
    else:
        reason = f"would make other runs: found {found}, allowed is {version_here()}"
    return ClusterError(
        f"{who} {reason}; install there what is installed here (docs/clusters.md), and start the workers again"
    )


@dataclass
class Sending:
    """Batches at the scheduler, batches still to be sent, and results nobody has taken yet, by number."""

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
    has_told: bool = False

    def __post_init__(self) -> None:
        self.waiting = Batches(self.items, BATCH_SECONDS)
        self._count()

    def results(self) -> Iterator[Any]:
        """Yield the results in order, with a bounded number in memory and at the scheduler."""
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
        """Batches that may be at the scheduler: four for each worker hide the travel time."""
        return min(MOST_IN_FLIGHT, max(FEWEST_IN_FLIGHT, 4 * self.cluster.jobs))

    def _send(self, number: int) -> None:
        """Send batches while the caller waits for the result of that number.

        A worker holds several batches, and Dask blames all of them when it dies. So a suspect is sent alone: only when
        no other batch is at the scheduler, and none follows before it is back.
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
        loop: Any = self.connection.loop  # IOLoop, whose asyncio_loop its stubs leave out
        asyncio.run_coroutine_threadsafe(self._fetch(future), loop.asyncio_loop)

    async def _fetch(self, future: "Future[bytes]") -> None:
        """Put the answer of a future into the queue `came`.

        `distributed.as_completed` never yields a future whose result is lost on its way here (2026.8).
        """
        answer: bytes | BaseException
        try:
            coming: Any = future.result()  # a coroutine here, because the connection's loop asks
            answer = await coming
        except (Exception, asyncio.CancelledError) as error:
            answer = error
        self.came.put((str(future.key), answer))

    def _wait(self) -> None:
        """Wait until an answer comes, and count the workers now and then."""
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
            elif isinstance(answer, LOST):
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
        """Repeat the items of dead workers one by one, then alone; give up an item that kills a worker even then."""
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
        """Count the workers; report or fail when there has been none for long."""
        try:
            found = len(self.connection.nthreads())
        except (OSError, RuntimeError, ValueError, AttributeError):
            raise self._gone() from None
        self.watched = time.monotonic()
        self.cluster.jobs = max(1, found)
        if found:
            self.idle_since, self.has_told = None, False
            return
        self.idle_since = self.idle_since or self.watched
        without = self.watched - self.idle_since
        if self.cluster.scheduler is None and without > GIVE_UP_AFTER:
            raise ClusterError(f"no worker could be started on this machine for {without:.0f} seconds")
        if self.cluster.scheduler is not None and without > TELL_AFTER and not self.has_told:
            self.has_told = True
            self.cluster.tell(f"no worker is at {self.cluster.scheduler}; waiting for one (Ctrl-C stops)")

    def _gone(self) -> ClusterError:
        where = self.cluster.scheduler or "of this machine"
        return ClusterError(
            f"lost the Dask scheduler {where}: it ended, or the connection broke; "
            "what is finished is kept, and the same command goes on"
        )
