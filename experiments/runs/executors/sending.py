"""What a Dask scheduler is given and gives back: bounded, in order, and done again where a worker died of it."""

import asyncio
import pickle
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

import distributed
from distributed import Future, KilledWorker

from experiments.runs.executors.batches import Batch, Batches
from experiments.runs.executors.on_worker import Answer, version_here, work
from experiments.runs.executors.workers import LostWorkerError
from sim.scenario.text.errors import DayroomError

if TYPE_CHECKING:
    from experiments.runs.executors.dask import DaskCluster

BATCH_SECONDS: Final = 1.0
"""Work handed over at once: a scheduler does a few thousand tasks a second, too few for short ones."""

FEWEST_IN_FLIGHT: Final = 32
"""Batches a scheduler is given even by few workers: a cluster that grows by need is to see some."""
MOST_IN_FLIGHT: Final = 4000

WATCH_SECONDS: Final = 2.0
TELL_AFTER: Final = 10.0
"""Seconds without any worker after which that is told; one that died may be back before."""
GIVE_UP_AFTER: Final = 180.0
"""Seconds without any worker after which a cluster of our own has failed; others may wait for their turn for days."""


LOST: Final = (OSError, CancelledError, asyncio.CancelledError)
"""What comes instead of an answer when the scheduler is gone."""


class ClusterError(DayroomError, RuntimeError):
    """A cluster that cannot be used, and why."""


def other_version(who: str, found: object) -> ClusterError:
    """Say who has another version of the model, and which."""
    if isinstance(found, BaseException):
        reason = f"cannot load the model ({type(found).__name__}: {' '.join(str(found).split())})"
    else:
        reason = f"would make other runs: found {found}, allowed is {version_here()}"
    return ClusterError(
        f"{who} {reason}; install there what is installed here (docs/clusters.md), and start the workers again"
    )


@dataclass
class Sending:
    """What is with the scheduler, what is still to be sent, and the results nobody has taken yet, by number."""

    cluster: "DaskCluster"
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
        """Give the results in order; those that wait for a slower one are bounded, as is what the scheduler has."""
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
        """Batches that may be with the scheduler: four for each worker hide the way there and back."""
        return min(MOST_IN_FLIGHT, max(FEWEST_IN_FLIGHT, 4 * self.cluster.jobs))

    def _send(self, number: int) -> None:
        """Send what may be sent while somebody waits for the result of that number.

        A worker holds several tasks, and all of them are blamed when it dies. So what is under suspicion is sent when
        nothing else is there, and nothing else is sent before it has come back: then nobody dies of its neighbour.
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
        self.sent[future.key] = (future, batch)
        asyncio.run_coroutine_threadsafe(self._fetch(future), self.connection.loop.asyncio_loop)

    async def _fetch(self, future: "Future[bytes]") -> None:
        """Fetch an answer to where it is taken from.

        Our own, because `distributed.as_completed` never gives a future whose result is lost on its way here and then
        lost for good (2026.8).
        """
        answer: bytes | BaseException
        try:
            answer = await future.result()
        except (Exception, asyncio.CancelledError) as error:
            answer = error
        self.came.put((future.key, answer))

    def _wait(self) -> None:
        """Wait until something is done, with an eye on the cluster."""
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
                self._keep(batch, pickle.loads(answer))  # noqa: S301 - of a worker we trust with the runs
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
        """Do again what dead workers had, one by one and then alone; what they die of even so is given up."""
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
        """Count the workers; tell when there is none for a while."""
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
