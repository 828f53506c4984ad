"""Make planned runs on any executor, and yield them in the order of the plan. A failed run counts as a result."""

import traceback
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from experiments.designs.replicates import replicates
from experiments.runs import LostWorkerError, executors
from experiments.store.documents import network_days
from experiments.store.provenance import command
from sim.kernel import is_warm
from sim.language import later
from sim.run import Run, run
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import DayroomError

COMPILING: Final = later("compiling the model for this machine (once; about half a minute)")
"""Message shown while the user waits for compilation."""

_ROOT: Final = Path(__file__).parents[2]


class UnusableScenarioError(DayroomError, ValueError):
    """The scenario fails with every seed: its values, or the files it names, are wrong."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A run to make.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    keys : dict of str to int
        Columns that identify the run in tables, with their values.
    again : str
        The command that makes only this run.
    graph_days : tuple of int
        Days at whose start to keep the network.
    """

    scenario: Scenario
    seed: int
    keys: dict[str, int] = field(default_factory=dict)
    again: str = ""
    graph_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """A run that ended in an error.

    Parameters
    ----------
    error : str
        Class and message of the error.
    origin : str
        Place of the error in the model: file, line and function.
    trace : str
        The traceback, for developers of the model.
    mistake : bool
        Whether the scenario is at fault, so that its other runs would fail too.
    """

    error: str
    origin: str = ""
    trace: str = ""
    mistake: bool = False

    def row(self, plan: Plan) -> dict[str, object]:
        """Return the failed run as a row of the table of failures."""
        return {**plan.keys, "error": self.error, "origin": self.origin, "again": plan.again, "trace": self.trace}


def plan_replicates(scenario: Scenario, seed: int, count: int, reference: str) -> tuple[Plan, ...]:
    """Plan replicates of a scenario; only the first keeps its networks.

    Parameters
    ----------
    scenario : Scenario
        The scenario, with its final length.
    seed, count : int
    reference : str
        Arguments of `dayroom run` that give this scenario, options included.
    """
    days = network_days(scenario.days)
    return tuple(
        Plan(
            scenario,
            one.seed,
            keys={"replicate": one.number, "seed": one.seed},
            again=f"dayroom run {reference} {command('--seed', one.seed, '--replicates', 1)}",
            graph_days=days if one.number == 0 else (),
        )
        for one in replicates(seed, count)
    )


def done(
    plans: Sequence[Plan], executor: executors.Executor, announce: Callable[[str], None] | None = None
) -> Generator[tuple[Plan, Run | Failed]]:
    """Make the runs, and yield each as soon as it and all earlier runs are done.

    Parameters
    ----------
    plans : sequence of Plan
    executor : Executor
        Makes the runs; results do not depend on it.
    announce : callable, optional
        Called with `COMPILING` when the model must be compiled first.

    Raises
    ------
    UnusableScenarioError
        When no run of this scenario can succeed.
    """
    if announce is not None and not is_warm():
        announce(str(COMPILING))
    executors.warm_up()
    for plan, result in zip(plans, executor.each(_attempt, plans), strict=True):
        if isinstance(result, LostWorkerError):
            yield plan, Failed(str(result), origin="the worker process, not the model")
        elif isinstance(result, Failed) and result.mistake:
            raise UnusableScenarioError(result.error)
        else:
            yield plan, result


def _attempt(plan: Plan) -> Run | Failed:
    """Make a run; if it fails, return `Failed` instead of raising."""
    return attempted(lambda: run(plan.scenario, plan.seed, graph_days=plan.graph_days, measures=True))


def attempted[Result](task: Callable[[], Result]) -> Result | Failed:
    """Return a task's result, or `Failed`; of all errors, only a `DayroomError` means a mistake in the scenario."""
    try:
        return task()
    except DayroomError as error:
        return Failed(str(error), mistake=True)
    except Exception as error:
        return Failed(f"{type(error).__name__}: {error}", _origin(error), "".join(traceback.format_exception(error)))


def _origin(error: Exception) -> str:
    """Return the innermost place in `sim` in the error's traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_ROOT / "sim")] or frames
    place = Path(ours[-1].filename)
    name = place.relative_to(_ROOT).as_posix() if place.is_relative_to(_ROOT) else place.name
    return f"{name}:{ours[-1].lineno} in {ours[-1].name}"
