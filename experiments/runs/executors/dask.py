"""On a Dask cluster: one of this machine's own, made for the purpose, or any that runs, by its scheduler's address.

Scheduler and workers need this package at the same version as here; each worker says which one it has.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from tempfile import TemporaryDirectory
from typing import Any, Final

import dask
import distributed
from distributed import LocalCluster
from distributed.core import rpc

from experiments.runs.executors.interrupts import interrupts_kept, interrupts_wait
from experiments.runs.executors.on_worker import packed, version_here
from experiments.runs.executors.sending import GIVE_UP_AFTER, ClusterError, Sending, other_version
from experiments.runs.executors.workers import Task

RETRIES: Final = 2
"""How often what a dead worker had is tried elsewhere, on a cluster of our own.

Any other scheduler goes by its own setting, `distributed.scheduler.allowed-failures`, which is 3 unless set.
"""

PATIENCE: Final = 15.0
"""Seconds in which a scheduler must answer."""


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
            from experiments.runs.executors import processors

            self.jobs = jobs or processors()
            return
        if jobs is not None:
            raise ClusterError(f"--jobs: found {jobs}, which goes without --scheduler: a cluster has its own workers")
        # Early, so that nobody waits for a compile to be told of a typo.
        with _silence(), self._connection() as connection:
            self.jobs = max(1, len(connection.nthreads()))

    def each(self, task: Task, items: Sequence[Any]) -> Iterator[Any]:
        """Return task(item) of each item, in order. A `LostWorkerError` stands for what dead workers owed.

        Raises
        ------
        ClusterError
            When the scheduler is not there, or a worker has another version of the model.
        """
        if not items:
            return
        with interrupts_kept() as check_interrupt, _silence(), self._connection() as connection:
            _check_versions(connection)
            yield from Sending(self, connection, packed(task), items, check_interrupt).results()

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
        raise other_version(f"{len(others)} of {len(answers)} workers, the first of them {address},", found)
