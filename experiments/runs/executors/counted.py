"""An executor that tells of each task done, for those that are waiting."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.runs.executors.workers import Task

if TYPE_CHECKING:
    from experiments.runs.executors import Executor


@dataclass
class Counted:
    """Does what another executor does, and tells of each task.

    Parameters
    ----------
    workers : Executor
    step : callable
        Called as the result of each task is given.
    """

    workers: "Executor"
    step: Callable[[], None]

    @property
    def jobs(self) -> int:
        """How many processes work at once."""
        return self.workers.jobs

    @jobs.setter
    def jobs(self, number: int) -> None:
        self.workers.jobs = number

    def each(self, task: Task, items: Sequence[Any]) -> Iterator[Any]:
        """Return task(item) of each item, in order."""
        for result in self.workers.each(task, items):
            self.step()
            yield result
