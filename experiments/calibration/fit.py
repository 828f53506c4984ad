"""Fit parameters to targets, inside their plausible ranges.

The loss is the mean over targets of how far a statistic lies outside the inner part of its range, in half widths,
plus a small pull toward the middle of each parameter's plausible range, so that what the targets do not determine
stays where an expert would put it. CMA-ES (Hansen; library `cma`) searches; the same runs are made at every point
(common random numbers).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from pydantic import ValidationError

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

PRIOR_WEIGHT: Final = 0.4
"""Weight of the pull toward the middle of the plausible ranges: mean squared share from the middle."""
NO_SCENARIO: Final = 1e6
"""Loss of values that no scenario allows, such as a mean and a deviation that no distribution has."""
_STEP: Final = 0.2


@dataclass(frozen=True)
class Search:
    """A fit: parameters, targets and settings.

    Parameters
    ----------
    sizes : Sizes
        Runs at every point.
    population : int
        Points of a generation.
    seed : int
        Of the search and of the runs.
    """

    scenario: Scenario
    parameters: Sequence[Parameter]
    targets: Sequence[Target]
    sizes: Sizes = QUICK
    generations: int = 1
    population: int = 12
    seed: int = 0

    def signature(self) -> Signature:
        """Return all that a loss depends on, which the number of generations is not."""
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
    """Return the value of a parameter in a scenario; of the first centre or session where there are several."""
    found: Any = scenario.model_dump()
    for name in parameter.path.split("."):
        first = next(iter(found), None)  # the first key of a mapping; of a list, its first item
        star = found[first] if isinstance(found, dict) else first
        found = star if name == "*" else found[name]
    return float(found)


def badness(shares: Sequence[float], search: Search) -> float:
    """Return the loss at a point, with the pull toward the middle of the plausible ranges."""
    try:
        scenario = changed(search.scenario, values_at(shares, search.parameters))
    except ValidationError:
        return NO_SCENARIO
    keys = keys_of(search.targets)
    found = estimates(made(scenario, setups_of(keys), search.sizes, search.seed), keys)
    return loss(found, search.targets) + PRIOR_WEIGHT * float(np.mean((np.asarray(shares) - 0.5) ** 2))


def fit(
    search: Search,
    workers: Executor,
    checkpoint: Path | None = None,
    tell: Callable[[int, float], None] = lambda generation, best: None,
) -> dict[str, float]:
    """Search with CMA-ES from the values of the scenario; return the best values found, by path.

    Parameters
    ----------
    checkpoint : Path, optional
        Written after every generation. A search that finds it continues to the same result.
    tell : callable
        Takes the number of generations and the best loss so far.

    Raises
    ------
    CheckpointError
        When the checkpoint is of another search, was changed, or cannot be written.
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
        tell(number + 1, progress.best_loss)
        if strategy.stop():
            break
    return progress.best
