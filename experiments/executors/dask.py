"""On a Dask cluster: one of this machine's own, made for the purpose, or any that runs, by its scheduler's address.

Scheduler and workers need this package at the same version as here; each worker says which one it has.
"""

import asyncio
import logging
import pickle
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Any, Final

import dask
import distributed
from distributed import Future, KilledWorker, LocalCluster
from distributed.core import rpc

from experiments.executors.batches import Batch, Batches
from experiments.executors.interrupts import interrupts_kept, interrupts_wait
from experiments.executors.on_worker import Answer, packed, version_here, work
from experiments.executors.workers import LostWorkerError, Task

RETRIES: Final = 2
"""How often what a dead worker had is tried elsewhere, on a cluster of our own.

Any other scheduler goes by its own setting, `distributed.scheduler.allowed-failures`, which is 3 unless set.
"""

PATIENCE: Final = 15.0
"""Seconds in which a scheduler must answer."""

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


class ClusterError(RuntimeError):
    """A cluster that cannot be used, and why."""


def _say(text: str) -> None:
    print(text, file=sys.stderr)


class DaskCluster:
    """Does tasks on a Dask cluster.

    Parameters
    ----------
    scheduler : str, optional
        Address of one that runs, such as tcp://host:8786. Without it, a cluster on this machine is made for each call
        of `each`: fresh processes of one thread, which listen to this machine alone and serve no pages.
    jobs : int, optional
        Processes of a cluster of our own; as many as there are processors when not given.
    retries : int
        How often what a dead worker had is tried elsewhere; of a cluster of our own.
    patience : float
        Seconds in which a scheduler must answer.
    tell : callable
        Told what one waits for.

    Attributes
    ----------
    jobs : int
        Worker processes, as last counted; at least 1.

    Raises
    ------
    ClusterError
        When the scheduler does not answer.
    """

    def __init__(
        self,
        scheduler: str | None = None,
        jobs: int | None = None,
        *,
        retries: int = RETRIES,
        patience: float = PATIENCE,
        tell: Callable[[str], None] = _say,
    ) -> None:
        self.scheduler = scheduler
        self.retries = retries
        self.patience = patience
        self.tell = tell
        if scheduler is None:
            from experiments.executors import processors

            self.jobs = jobs or processors()
            return
        if jobs is not None:
            raise ClusterError(f"--jobs: found {jobs}, which goes without --scheduler: a cluster has its own workers")
        # Early, so that nobody waits for a compile to be told of a typo.
        with _silence(), self._connection() as connection:
            self.jobs = max(1, len(connection.nthreads()))

    def each(self, task: Task, items: Sequence[Any]) -> Iterator[Any]:
        """Give task(item) of each item, in order. A `LostWorkerError` stands for what dead workers owed.

        Raises
        ------
        ClusterError
            When the scheduler is not there, or a worker has another version of the model.
        """
        if not items:
            return
        with interrupts_kept() as check_interrupt, _silence(), self._connection() as connection:
            _check_versions(connection)
            yield from _Sending(self, connection, packed(task), items, check_interrupt).results()

    @contextmanager
    def _connection(self) -> Iterator[distributed.Client]:
        """Connect; whatever happens, nothing stays behind here, and nothing of ours stays with the scheduler."""
        if self.scheduler is not None:
            with closed(self._connected(self.scheduler)) as connection:
                yield connection
            return
        settings = {
            "distributed.scheduler.allowed-failures": self.retries,
            "distributed.worker.multiprocessing-method": "spawn",  # a fork after a parallel kernel hangs
            # Dask gives up for ever a worker that died and is not back in 15 seconds, and on a busy machine it is not.
            "distributed.deploy.lost-worker-timeout": f"{GIVE_UP_AFTER:g}s",
            "distributed.nanny.pre-spawn-environ": {
                **dask.config.get("distributed.nanny.pre-spawn-environ"),
                "DASK_LOGGING__DISTRIBUTED": "critical",  # else a worker that ends may still say so
            },
        }
        with (
            TemporaryDirectory(prefix="dayroom-", ignore_cleanup_errors=True) as folder,
            dask.config.set(settings),
            closed(self._started(folder)) as cluster,
            closed(distributed.Client(cluster, set_as_default=False)) as connection,
        ):
            yield connection
            # A worker that is ended while it starts in the place of a dead one would show a traceback.
            if expected := len(cluster.workers):
                with suppress(TimeoutError, OSError):
                    connection.wait_for_workers(expected, timeout=self.patience)

    def _connected(self, address: str) -> distributed.Client:
        try:
            kind = asyncio.run(asyncio.wait_for(_asked(address, self.patience), self.patience))
            if kind != "Scheduler":
                raise ValueError(f"what answers there is a Dask {kind.lower()}")
            return distributed.Client(address, timeout=self.patience, set_as_default=False)
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            raise ClusterError(
                f"--scheduler: found {address!r}, where no Dask scheduler answered within {self.patience:g} seconds "
                f"({str(error) or type(error).__name__}); allowed is the address that `dask scheduler` prints, such as "
                "tcp://host:8786"
            ) from None

    def _started(self, folder: str) -> LocalCluster:
        """Start a cluster of our own; a worker that dies before it is there has all of it tried once more."""
        with suppress(RuntimeError, OSError):
            return self._made(folder)
        try:
            return self._made(folder)
        except (RuntimeError, OSError) as error:
            raise ClusterError(
                f"the workers of a cluster on this machine could not be started ({' '.join(str(error).split())}); "
                "most often memory or processes run out: with fewer --jobs it takes less"
            ) from None

    def _made(self, folder: str) -> LocalCluster:
        with interrupts_wait():  # its threads and workers inherit this: Ctrl-C is for us, who then end them
            return LocalCluster(
                n_workers=self.jobs,
                threads_per_worker=1,
                host="127.0.0.1",
                scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
                memory_limit=0,
                local_directory=folder,
                silence_logs=logging.CRITICAL,
            )


async def _asked(address: str, patience: float) -> str:
    """Ask who is there. A client that finds nobody cannot be closed, so none is made before.

    The caller stops this after the patience. Dask's own limit is longer, so that chance does not say what is told.
    """
    arguments = distributed.Security().get_connection_args("client")
    async with rpc(address, timeout=2 * patience, connection_args=arguments) as there:
        return str((await there.identity())["type"])


@contextmanager
def closed[Closing: distributed.Client | LocalCluster](resource: Closing) -> Iterator[Closing]:
    """Close a client or a cluster in the end; one that has gone already is no error."""
    try:
        yield resource
    finally:
        with suppress(OSError, RuntimeError):
            resource.close()


@contextmanager
def _silence() -> Iterator[None]:
    """Have Dask say nothing: whatever matters, we tell in our words."""
    logger = logging.getLogger("distributed")
    others = [logging.getLogger(name) for name in logging.root.manager.loggerDict if name.startswith("distributed.")]
    others.append(logging.getLogger("tornado.application"))  # its loop shows what a lost scheduler breaks off
    before = [(each, each.level) for each in (logger, *others)]
    for each, _ in before:
        each.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for each, level in before:
            each.setLevel(level)


def _check_versions(connection: distributed.Client) -> None:
    """Refuse workers that would make other runs than we; those that come later are asked with each batch."""
    asked = connection.run(version_here, on_error="return")
    answers = {address: found for address, found in asked.items() if not isinstance(found, OSError)}  # others are gone
    others = {address: found for address, found in answers.items() if found != version_here()}
    if others:
        address, found = next(iter(others.items()))
        raise _other_version(f"{len(others)} of {len(answers)} workers, the first of them {address},", found)


def _other_version(who: str, found: object) -> ClusterError:
    if isinstance(found, BaseException):
        reason = f"cannot load the model ({type(found).__name__}: {' '.join(str(found).split())})"
    else:
        reason = f"would make other runs: found {found}, allowed is {version_here()}"
    return ClusterError(
        f"{who} {reason}; install there what is installed here (docs/clusters.md), and start the workers again"
    )


@dataclass
class _Sending:
    """What is with the scheduler, what is still to be sent, and the results nobody has taken yet, by number."""

    cluster: DaskCluster
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
                raise _other_version("the scheduler or a worker", answer)

    def _keep(self, batch: Batch, answer: Answer) -> None:
        if answer.other_version:
            raise _other_version("a worker that came later", answer.other_version)
        if isinstance(answer.error, ImportError):
            raise _other_version("a worker", answer.error)
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
