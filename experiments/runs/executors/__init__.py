"""Executors: make runs in this process or in several worker processes, with the same results to the last bit.

Every executor yields results in the order of its items, so results never depend on the number of workers or on which
worker finishes first.
"""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

from experiments.runs import LostWorkerError, Task

WORTH_WORKERS: Final = 12.0
"""Workers pay off from this many seconds of remaining work: each needs two or three to start and load the model."""

LOADING: Final = 3.0
"""Most seconds that loading the model adds to the first task."""

__all__ = [
    "Automatic",
    "Executor",
    "InProcess",
    "executor",
    "none_lost",
    "processors",
    "warm_up",
]


class Executor(Protocol):
    """Performs a task on many items; `jobs` is the number of processes that work on it."""

    jobs: int

    def each(self, task: Task, items: Sequence[Any]) -> Iterator[Any]:
        """Yield task(item) for each item, in order; yield a `LostWorkerError` for a result lost with its worker."""
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
    """Works in this process at first; starts workers when the remaining work is long enough for them to pay off."""

    jobs: int = 1

    def each(self, task: Task, items: Sequence[Any]) -> Iterator[Any]:
        """Yield task(item) for each item, in order; yield a `LostWorkerError` for a result lost with its worker."""
        self.jobs = 1
        for number, item in enumerate(items, 1):
            begun = time.perf_counter()
            result = task(item)
            took = time.perf_counter() - begun
            yield result
            left = len(items) - number
            # The first task also loads the model, so only a long first task counts.
            if left > 1 and took * left > WORTH_WORKERS and (number > 1 or took > LOADING):
                from experiments.runs.executors.pool import ProcessPool

                self.jobs = min(processors(), left)
                yield from ProcessPool(self.jobs).each(task, items[number:])
                return


def executor(jobs: int | None = None) -> Executor:
    """Return an executor with this many processes; without a number, an executor that chooses the number itself."""
    if jobs is None:
        return Automatic() if processors() > 1 else InProcess()
    if jobs <= 1:
        return InProcess()
    from experiments.runs.executors.pool import ProcessPool

    return ProcessPool(jobs)


def none_lost(results: Iterable[Any]) -> Iterator[Any]:
    """Yield results, and stop at the first lost result: without it, a search would take another course.

    Raises
    ------
    LostWorkerError
        When a result was lost with its worker.
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
    """Load or compile the model in this process first, so that workers do not all compile it at once."""
    from sim.run import run
    from sim.scenario.schema.scenario import Network, Scenario

    shortest = Scenario(name="warm-up", days=1, settling=1, network=Network(kind="none"))
    with suppress(Exception):  # if the model fails, the runs themselves report why
        run(shortest, 0)
