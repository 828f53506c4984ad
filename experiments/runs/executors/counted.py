"""An executor that calls a function after each finished task."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.runs import Task

if TYPE_CHECKING:
    from experiments.runs.executors import Executor


@dataclass
class Counted:
    """Give tasks to another executor, and call `step` for each result, just before the result is yielded.

    Parameters
    ----------
    step : callable
        Takes nothing; its result is not used.
    """

    workers: "Executor"
    step: Callable[[], None]

    @property
    def jobs(self) -> int:
        """Number of processes that work."""
        return self.workers.jobs

    @jobs.setter
    def jobs(self, number: int) -> None:
        self.workers.jobs = number

    def each(self, task: Task, items: Sequence[Any]) -> Iterator[Any]:
        """Yield task(item) for each item, in order."""
        for result in self.workers.each(task, items):
            self.step()
            yield result
