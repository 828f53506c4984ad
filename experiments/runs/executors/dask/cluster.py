"""An executor on a Dask cluster, either started on this machine or already running at a scheduler's address.

All workers must have the same version of the model as this process; each worker reports its version.
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

from experiments.runs import Task
from experiments.runs.executors.dask.dispatch import GIVE_UP_AFTER, ClusterError, Sending, other_version
from experiments.runs.executors.dask.on_worker import packed, version_here
from experiments.runs.executors.pool import interrupts_kept, interrupts_wait

RETRIES: Final = 2
"""How often our own cluster tries a dead worker's items on another worker.

A running scheduler has its own setting, `distributed.scheduler.allowed-failures`, by default 3.
"""

PATIENCE: Final = 15.0
"""Seconds within which a scheduler must answer."""


def _say(text: str) -> None:
    print(text, file=sys.stderr)


class DaskCluster:
    """Performs tasks on a Dask cluster.

    Parameters
    ----------
    scheduler : str, optional
        Address of a running cluster, such as tcp://host:8786. Without an address, each call of `each` starts a cluster
        on this machine: single-threaded processes without Dask's web pages, which talk only to who has the certificate
        made for them. Whoever can talk to a Dask process can run code as its user.
    jobs : int, optional
        Number of processes of our own cluster; by default the number of processors.
    retries : int
        How often our own cluster tries a dead worker's items on another worker.
    patience : float
        Seconds within which a scheduler must answer.
    report : callable
        Receives messages that say why work is waiting.

    Attributes
    ----------
    jobs : int
        Worker processes at the last count; at least 1.

    Raises
    ------
    ClusterError
        When the scheduler does not answer, or no certificate can be made.
    """

    def __init__(
        self,
        scheduler: str | None = None,
        jobs: int | None = None,
        *,
        retries: int = RETRIES,
        patience: float = PATIENCE,
        report: Callable[[str], None] = _say,
    ) -> None:
        self.scheduler = scheduler
        self.retries = retries
        self.patience = patience
        self.report = report
        if scheduler is None:
            from experiments.runs.executors import processors

            self.jobs = jobs or processors()
            self.security = _temporary_security()
            return
        if jobs is not None:
            raise ClusterError(
                f"--jobs: found {jobs} beside --scheduler, whose cluster has its own workers; leave out --jobs"
            )
        # Connect before the model compiles, so that a typo fails at once.
        with _silence(), self._connection() as connection:
            self.jobs = max(1, len(connection.nthreads()))

    def each(self, task: Task, items: Sequence[Any]) -> Iterator[Any]:
        """Yield task(item) for each item, in order; yield a `LostWorkerError` for a result lost with its workers.

        Raises
        ------
        ClusterError
            When the scheduler does not answer, or a worker has another version of the model.
        """
        if not items:
            return
        with interrupts_kept() as check_interrupt, _silence(), self._connection() as connection:
            _check_versions(connection)
            yield from Sending(self, connection, packed(task), items, check_interrupt).results()

    @contextmanager
    def _connection(self) -> Iterator[distributed.Client]:
        """Connect to the cluster, starting it if need be; close the connection and our own cluster at the end."""
        if self.scheduler is not None:
            with closed(self._connected(self.scheduler)) as connection:
                yield connection
            return
        settings = {
            "distributed.scheduler.allowed-failures": self.retries,
            "distributed.worker.multiprocessing-method": "spawn",  # a process forked after a parallel kernel ran hangs
            # No pages: they would show this machine's other users, without certificates, what is computed.
            "distributed.scheduler.http.routes": [],
            "distributed.worker.http.routes": [],
            # Dask gives up a dead worker that is not back within 15 seconds, too short for a busy machine.
            "distributed.deploy.lost-worker-timeout": f"{GIVE_UP_AFTER:g}s",
            "distributed.nanny.pre-spawn-environ": {
                **dask.config.get("distributed.nanny.pre-spawn-environ"),
                "DASK_LOGGING__DISTRIBUTED": "critical",  # else a worker may log that it ends
            },
        }
        with (
            TemporaryDirectory(prefix="dayroom-", ignore_cleanup_errors=True) as folder,
            dask.config.set(settings),
            closed(self._started(folder)) as cluster,
            closed(distributed.Client(cluster, set_as_default=False)) as connection,
        ):
            yield connection
            # Closing a worker while it replaces a dead one would print a traceback.
            if expected := len(cluster.workers):
                with suppress(TimeoutError, OSError):
                    connection.wait_for_workers(expected, timeout=self.patience)

    def _connected(self, address: str) -> distributed.Client:
        try:
            kind = asyncio.run(asyncio.wait_for(_kind_at(address, self.patience), self.patience))
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
        """Start our own cluster; if a worker dies during the start, try a second time."""
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
        with interrupts_wait():  # its threads and workers inherit this: only we react to Ctrl-C, and end them
            return LocalCluster(
                n_workers=self.jobs,
                threads_per_worker=1,
                host="127.0.0.1",
                security=self.security,
                scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
                memory_limit=0,
                local_directory=folder,
                silence_logs=logging.CRITICAL,
            )


def _temporary_security() -> distributed.Security:
    """Return a key and certificate, kept in memory, that every process of our own cluster must show."""
    try:
        security: distributed.Security = distributed.Security.temporary()
        return security
    except ImportError as error:
        raise ClusterError(
            f"a cluster on this machine needs a certificate, which cannot be made ({error}); "
            "install what is missing with: pip install 'dayroom[dask]'"
        ) from None


async def _kind_at(address: str, patience: float) -> str:
    """Return the kind of Dask process that answers at an address, such as "Scheduler".

    A client that finds no scheduler cannot be closed, so this check precedes the client. The caller stops the check
    after `patience` seconds; Dask's own limit is twice as long, so that the error is always the caller's.
    """
    arguments = distributed.Security().get_connection_args("client")
    async with rpc(address, timeout=2 * patience, connection_args=arguments) as there:
        return str((await there.identity())["type"])


@contextmanager
def closed[Closing: distributed.Client | LocalCluster](resource: Closing) -> Iterator[Closing]:
    """Close a client or a cluster at the end; ignore that it is already gone."""
    try:
        yield resource
    finally:
        with suppress(OSError, RuntimeError):
            resource.close()


@contextmanager
def _silence() -> Iterator[None]:
    """Silence Dask's logs: we raise the errors that matter as our own."""
    logger = logging.getLogger("distributed")
    others = [logging.getLogger(name) for name in logging.root.manager.loggerDict if name.startswith("distributed.")]
    others.append(logging.getLogger("tornado.application"))  # logs tasks interrupted by the loss of a scheduler
    before = [(each, each.level) for each in (logger, *others)]
    for each, _ in before:
        each.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for each, level in before:
            each.setLevel(level)


def _check_versions(connection: distributed.Client) -> None:
    """Refuse workers with another version of the model; each batch checks workers that join later."""
    versions = connection.run(version_here, on_error="return")
    answers = {
        address: version for address, version in versions.items() if not isinstance(version, OSError)
    }  # live workers
    others = {address: version for address, version in answers.items() if version != version_here()}
    if others:
        address, version = next(iter(others.items()))
        raise other_version(f"{len(others)} of {len(answers)} workers, the first of them {address},", version)
