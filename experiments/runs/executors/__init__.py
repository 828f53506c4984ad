"""Executors: runs in this process or in several worker processes, with the same results to the last bit.

Every executor yields results in the order of its items, so nothing built from them depends on how many workers there
are or which is quickest.
"""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

from experiments.runs.executors.process_pool import LostWorkerError, ProcessPool, Task

WORTH_WORKERS: Final = 12.0
"""Seconds of remaining work from which workers pay: each takes two or three to start and load the compiled model."""

LOADING: Final = 3.0
"""Seconds that loading may take during the first task."""

__all__ = [
    "Automatic",
    "Executor",
    "InProcess",
    "LostWorkerError",
    "ProcessPool",
    "executor",
    "none_lost",
    "processors",
    "warm_up",
]


class Executor(Protocol):
    """Performs one task on many items; `jobs` is the number of processes at work."""

    jobs: int

    def each(self, task: Task, items: Sequence[Any]) -> Iterator[Any]:
        """Yield task(item) for each item, in order; a `LostWorkerError` in place of a result lost with its worker."""
        ...


@dataclass
class InProcess:
    """Performs tasks one after the other in this process."""

    jobs: int = 1

    def each(self, task: Task, items: Sequence[Any]) -> Iterator[Any]:
        """Yield task(item) for each item, in order."""
        yield from map(task, items)


@dataclass
class Automatic:
    """Works in this process until the remaining work is long enough for workers to pay."""

    jobs: int = 1

    def each(self, task: Task, items: Sequence[Any]) -> Iterator[Any]:
        """Yield task(item) for each item, in order; a `LostWorkerError` in place of a result lost with its worker."""
        self.jobs = 1
        for number, item in enumerate(items, 1):
            begun = time.perf_counter()
            result = task(item)
            took = time.perf_counter() - begun
            yield result
            left = len(items) - number
            # The first task also loads the model, so only a long first task counts.
            if left > 1 and took * left > WORTH_WORKERS and (number > 1 or took > LOADING):
                self.jobs = min(processors(), left)
                yield from ProcessPool(self.jobs).each(task, items[number:])
                return


def executor(jobs: int | None = None) -> Executor:
    """Return the executor for so many processes, or one that decides for itself."""
    if jobs is None:
        return Automatic() if processors() > 1 else InProcess()
    return ProcessPool(jobs) if jobs > 1 else InProcess()


def none_lost(results: Iterable[Any]) -> Iterator[Any]:
    """Yield the results of a search, which would end elsewhere without one of them.

    Raises
    ------
    LostWorkerError
        At the first lost result.
    """
    for result in results:
        if isinstance(result, LostWorkerError):
            raise LostWorkerError(
                f"a search stops where a run is lost, as without it it would find something else ({result}); "
                "what its checkpoint holds is kept, and with fewer --jobs each run has more memory"
            )
        yield result


def processors() -> int:
    """Count the processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def warm_up() -> None:
    """Load or compile the model here, so that workers do not all compile it at once."""
    from sim.run import run
    from sim.scenario.schema.scenario import Network, Scenario

    shortest = Scenario(name="warm-up", days=1, settling=1, network=Network(kind="none"))
    with suppress(Exception):  # the runs report what is wrong with the model
        run(shortest, 0)
