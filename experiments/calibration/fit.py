"""Fit parameters to targets, inside their plausible ranges.

For each target, the loss measures how far its statistic lies outside the inner part of its range, in half widths; the
fit takes the mean over targets. A small pull toward the middle of each plausible range keeps parameters that the
targets do not determine where an expert would put them. CMA-ES (Hansen; library `cma`) searches; all points use the
same seeds (common random numbers).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from experiments.calibration.checkpoint import Progress, read_progress, write_progress
from experiments.calibration.measurement import QUICK, Sizes, estimates, made
from experiments.calibration.parameters import BOUNDS, share_of, values_at
from experiments.calibration.statistics.catalogue import setups_of
from experiments.calibration.targets import Target, keys_of
from experiments.calibration.verdicts import loss
from experiments.designs.changes import changed
from experiments.runs.checkpoint import Signature
from experiments.runs.executors import Executor, none_lost
from experiments.store.named_files import simulated
from sim.kernel import sources_digest
from sim.scenario.schema.quantity import Parameter
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import ScenarioError

PRIOR_WEIGHT: Final = 0.4
"""Weight of the pull toward the middle of the plausible ranges, the mean squared distance in shares of ranges."""
NO_SCENARIO: Final = 1e6
"""Loss of values that no scenario allows, such as a mean and a deviation that contradict each other."""
_STEP: Final = 0.2


@dataclass(frozen=True)
class Search:
    """A fit: parameters, targets and settings.

    Parameters
    ----------
    sizes : Sizes
        Numbers of runs at every point.
    generations : int
        Most generations, or most steps of a descent.
    population : int
        Number of points in a generation.
    seed : int
        Seed of the search and of the runs.
    """

    scenario: Scenario
    parameters: Sequence[Parameter]
    targets: Sequence[Target]
    sizes: Sizes = QUICK
    generations: int = 1
    population: int = 12
    seed: int = 0

    def signature(self) -> Signature:
        """Return everything that a loss depends on; the number of generations is not part of it."""
        return {
            "model": sources_digest(),
            "scenario": simulated(self.scenario),
            "parameters": [[p.path, *map(float, p.quantity.plausible)] for p in self.parameters],
            "targets": [[target.key, list(target.low), list(target.high)] for target in self.targets],
            "runs": vars(self.sizes),
            "population": self.population,
            "seed": self.seed,
        }

    def start(self) -> list[float]:
        """Return the values of the scenario as shares of plausible ranges."""
        return [share_of(p, value_in(self.scenario, p)) for p in self.parameters]


def value_in(scenario: Scenario, parameter: Parameter) -> float:
    """Return a parameter's value in a scenario; among several centres or sessions, the value in the first."""
    node: Any = scenario.model_dump()
    for name in parameter.path.split("."):
        first = next(iter(node), None)  # the first key of a mapping, or the first item of a list
        star = node[first] if isinstance(node, dict) else first
        node = star if name == "*" else node[name]
    return float(node)


def badness(shares: Sequence[float], search: Search) -> float:
    """Run the model at a point; return its loss, with the pull toward the middle of the plausible ranges."""
    try:
        scenario = changed(search.scenario, values_at(shares, search.parameters))
    except ScenarioError:
        return NO_SCENARIO
    keys = keys_of(search.targets)
    by_key = estimates(made(scenario, setups_of(keys), search.sizes, search.seed), keys)
    return loss(by_key, search.targets) + PRIOR_WEIGHT * float(np.mean((np.asarray(shares) - 0.5) ** 2))


def fit(
    search: Search,
    workers: Executor,
    checkpoint: Path | None = None,
    report: Callable[[int, float], None] = lambda generation, best: None,
) -> dict[str, float]:
    """Search with CMA-ES from the values of the scenario; return the best values, by path.

    Parameters
    ----------
    checkpoint : Path, optional
        File to write after every generation; if it exists, the search continues from it to the same result.
    report : callable
        Receives, after every generation, the number of generations and the best loss so far.

    Raises
    ------
    CheckpointError
        When the checkpoint belongs to another search, was changed, or cannot be written.
    """
    import cma

    options = {"bounds": list(BOUNDS), "popsize": search.population, "seed": search.seed % 2**31 + 1, "verbose": -9}
    strategy = cma.CMAEvolutionStrategy(search.start(), _STEP, options)
    progress = read_progress(checkpoint, search.signature()) if checkpoint is not None else Progress()
    for number in range(search.generations):
        points = [list(map(float, point)) for point in strategy.ask()]
        if number < len(progress.losses):
            losses = progress.losses[number]
        else:
            losses = list(none_lost(workers.each(partial(badness, search=search), points)))
            progress = progress.further(losses, [values_at(point, search.parameters) for point in points])
            if checkpoint is not None:
                write_progress(checkpoint, search.signature(), progress)
        strategy.tell(points, losses)
        report(number + 1, progress.best_loss)
        if strategy.stop():
            break
    return progress.best
