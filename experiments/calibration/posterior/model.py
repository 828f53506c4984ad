"""Apply ABC to the model: statistics at parameter values, the posterior, and a check that it predicts the targets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.calibration.measurement import Sizes, estimates, made
from experiments.calibration.parameters import calibrated
from experiments.calibration.posterior.inference import Simulate, infer
from experiments.calibration.posterior.particles import Posterior, keyed
from experiments.calibration.posterior.schedule import Schedule
from experiments.calibration.statistics.catalogue import STATISTICS, setups_of
from experiments.calibration.targets import Target, read_targets
from experiments.designs.changes import changed
from experiments.designs.factor import Factor, factors
from experiments.runs.checkpoint import Signature
from experiments.runs.executors import Executor, InProcess, none_lost, warm_up
from experiments.runs.failures import FailedAttempt
from experiments.runs.runner import Failed, attempted
from experiments.statistics.ranges import Range
from experiments.store.named_files import SameFiles, simulated
from sim.digest import syntax_digest
from sim.kernel import sources_digest
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import ScenarioError

if TYPE_CHECKING:
    import pandas as pd

REPLICATES: Final = 4
"""Runs of every set-up at an attempt: in single runs of 25 users, statistics vary as much as target ranges are wide."""


def without_pairs(targets: Sequence[Target]) -> tuple[Target, ...]:
    """Leave out targets that need variants of the scenario: these take most of the runs."""
    return tuple(target for target in targets if not STATISTICS[target.key].is_paired)


@dataclass(frozen=True)
class ModelStatistics:
    """Runs the model at parameter values and returns the statistics that calibration targets name.

    Parameters
    ----------
    replicates : int
        Runs of every set-up from which the statistics are computed.
    """

    scenario: Scenario
    targets: Sequence[Target]
    replicates: int = REPLICATES
    files: SameFiles = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", SameFiles.of(self.scenario))

    def __call__(self, values: dict[str, float], seed: int) -> Mapping[str, float] | Failed:
        """Return the statistics by the names of their elements, or `Failed`.

        Values that no scenario allows give `Failed` with `mistake`.

        Raises
        ------
        OtherFileError
            When a file of the scenario differs from the file on the machine that created this object.
        """
        self.files.require()
        try:
            scenario = changed(self.scenario, values)
        except ScenarioError as error:  # each value alone is allowed, but they contradict each other
            return Failed(error.reasons, mistake=True)
        return attempted(lambda: self._measured(scenario, seed))

    def _measured(self, scenario: Scenario, seed: int) -> dict[str, float]:
        keys = [target.key for target in self.targets]
        sizes = Sizes(self.replicates, self.replicates, self.replicates)
        by_key = estimates(made(scenario, setups_of(keys), sizes, seed), keys)
        return {
            element.key: value
            for target in self.targets
            for element, value in zip(target.elements, by_key[target.key].values, strict=True)
        }

    def runs(self) -> int:
        """Return the number of runs that an attempt takes."""
        return self.replicates * len(setups_of(target.key for target in self.targets))

    def signature(self) -> Signature:
        """Return what the statistics depend on: the model, the code that computes them, the scenario, its files."""
        return {
            "model": f"{sources_digest()}-{_measuring_digest()}",
            "scenario": simulated(self.scenario),
            "replicates": self.replicates,
        }


def _measuring_digest() -> str:
    """Return a digest of the sources that compute the statistics."""
    room = Path(__file__).parents[1]
    return syntax_digest(room.parents[1], room.rglob("*.py"), size=4)


def calibrate(
    scenario: Scenario,
    *,
    targets: Sequence[Target] | None = None,
    parameters: Sequence[Factor] | None = None,
    replicates: int = REPLICATES,
    schedule: Schedule | None = None,
    seed: int = 0,
    workers: Executor | None = None,
    checkpoint: Path | None = None,
    report: Callable[[int, float, int], None] = lambda generation, tolerance, attempts: None,
) -> Posterior:
    """Return the posterior of the model's parameters under targets.

    Parameters
    ----------
    scenario : Scenario
        The scenario to run; parameters that are not fitted keep its values.
    targets : sequence of Target, optional
        By default the project's targets that need no paired runs.
    parameters : sequence of Factor, optional
        By default the parameters graded "calibrated", over their plausible ranges.
    schedule, seed, workers, checkpoint, tell
        See `infer`.
    """
    warm_up()
    aims = without_pairs(read_targets()) if targets is None else tuple(targets)
    simulate = ModelStatistics(scenario, aims, replicates)
    return infer(
        simulate,
        factors(calibrated(scenario)) if parameters is None else parameters,
        [element for target in aims for element in target.elements],
        schedule,
        seed=seed,
        workers=workers,
        checkpoint=checkpoint,
        signature=simulate.signature(),
        report=report,
    )


def predictive_attempts(
    posterior: Posterior, simulate: Simulate, draws: int = 100, seed: int = 1, workers: Executor | None = None
) -> "tuple[pd.DataFrame, tuple[FailedAttempt, ...]]":
    """Run draws from the posterior with fresh seeds.

    Returns
    -------
    DataFrame
        One row for each draw, one column for each target; NaN where a statistic is missing.
    tuple of FailedAttempt
        Draws at which the model failed.
    """
    import pandas as pd

    ensemble = posterior.ensemble(draws, seed)
    drawn = [{str(path): value for path, value in row.items()} for row in ensemble.to_dict("records")]
    items = [(values, keyed(seed, "predictive", k) % 2**48) for k, values in enumerate(drawn)]
    results = list(none_lost((workers or InProcess()).each(partial(_called, simulate), items)))
    keys = [target.key for target in posterior.targets]
    rows = [[r.get(key, np.nan) if isinstance(r, Mapping) else np.nan for key in keys] for r in results]
    failures = [
        FailedAttempt.of(number, own, values, result)
        for number, ((values, own), result) in enumerate(zip(items, results, strict=True))
        if isinstance(result, Failed)
    ]
    return pd.DataFrame(rows, columns=keys, dtype=float), tuple(failures)


def beside_targets(targets: Sequence[Range], runs: "pd.DataFrame") -> "pd.DataFrame":
    """Compare the statistics of draws from the posterior with each target.

    Parameters
    ----------
    runs : DataFrame
        From `predictive_attempts`.

    Returns
    -------
    DataFrame
        One row for each target: `key`, `low`, `high`, `mean`, `q05`, `median`, `q95`, `share_inside` (share of draws
        whose statistic lies in the range), `tail` (twice the share of draws on the rarer side of the range's middle;
        near 0, the model misses the target to one side), `overlaps` (whether the 90 % interval meets the range),
        `failed` (number of draws without a value).
    """
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    for target in targets:
        values = runs[target.key].to_numpy(float)
        known = values[np.isfinite(values)]
        if not len(known):
            rows.append((target.key, target.low, target.high, *[np.nan] * 6, False, len(values)))
            continue
        q05, median, q95 = (float(value) for value in np.quantile(known, [0.05, 0.5, 0.95]))
        inside = float(((known >= target.low) & (known <= target.high)).mean())
        middle = (target.low + target.high) / 2.0
        tail = min(1.0, 2.0 * min(float((known <= middle).mean()), float((known >= middle).mean())))
        overlaps = q05 <= target.high and q95 >= target.low
        shown = (target.key, target.low, target.high, float(known.mean()), q05, median, q95, inside, tail, overlaps)
        rows.append((*shown, len(values) - len(known)))
    columns = ["key", "low", "high", "mean", "q05", "median", "q95", "share_inside", "tail", "overlaps", "failed"]
    return pd.DataFrame(rows, columns=columns)


def _called(simulate: Simulate, item: tuple[dict[str, float], int]) -> Mapping[str, float] | Failed:
    return simulate(*item)
