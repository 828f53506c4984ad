"""Where runs are done: in this process, or in several of our own. The results are the same to the last bit.

Every executor gives the results in the order of what was asked for, so whatever is built from them does not depend on
how many workers there were or which was quickest.
"""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

from experiments.runs.executors.workers import LostWorkerError, ProcessPool, Task

WORTH_WORKERS: Final = 12.0
"""Seconds of work ahead from which workers pay: each takes two or three to start and load the compiled model."""

LOADING: Final = 3.0
"""Seconds that loading may take on the way through the first task."""

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
    """Something that does many tasks of one kind.

    `jobs` tells how many processes work at once.
    """

    jobs: int

    def each(self, task: Task, items: Sequence[Any]) -> Iterator[Any]:
        """Return task(item) of each item, in order. A `LostWorkerError` stands for what a dead worker owed."""
        ...


@dataclass
class InProcess:
    """One after the other, here."""

    jobs: int = 1

    def each(self, task: Task, items: Sequence[Any]) -> Iterator[Any]:
        """Return task(item) of each item, in order."""
        yield from map(task, items)


@dataclass
class Automatic:
    """Here, until it shows that so much work lies ahead that workers pay."""

    jobs: int = 1

    def each(self, task: Task, items: Sequence[Any]) -> Iterator[Any]:
        """Return task(item) of each item, in order. A `LostWorkerError` stands for what a dead worker owed."""
        self.jobs = 1
        for number, item in enumerate(items, 1):
            begun = time.perf_counter()
            result = task(item)
            took = time.perf_counter() - begun
            yield result
            left = len(items) - number
            # Something is loaded on the way through the first task, so its time tells only when it is long.
            if left > 1 and took * left > WORTH_WORKERS and (number > 1 or took > LOADING):
                self.jobs = min(processors(), left)
                yield from ProcessPool(self.jobs).each(task, items[number:])
                return


def executor(jobs: int | None = None) -> Executor:
    """Return the executor for so many processes; without a number it decides itself."""
    if jobs is None:
        return Automatic() if processors() > 1 else InProcess()
    return ProcessPool(jobs) if jobs > 1 else InProcess()


def none_lost(results: Iterable[Any]) -> Iterator[Any]:
    """Return results as they are, for a search: one that went on without a lost one would end elsewhere, unnoticed.

    Raises
    ------
    LostWorkerError
        At the first that is lost.
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
    """Load the compiled model, compiling it if need be, so that no worker has to: together they would all compile."""
    from sim.run import run
    from sim.scenario.schema.scenario import Network, Scenario

    shortest = Scenario(name="warm-up", days=1, settling=1, network=Network(kind="none"))
    with suppress(Exception):  # what is wrong with the model, the runs will tell, each with its origin
        run(shortest, 0)
