"""The posterior of the model's parameters under calibration targets: what fits, what the targets leave open.

`posterior` is what `dayroom posterior` calls, and what a notebook calls.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from experiments.calibration.parameters import CALIBRATED
from experiments.calibration.posterior.model import (
    REPLICATES,
    ModelStatistics,
    beside_targets,
    calibrate,
    predictive_attempts,
    without_pairs,
)
from experiments.calibration.posterior.search import Factor, Posterior, Schedule
from experiments.calibration.targets import Target, read_targets
from experiments.designs.changes import changed
from experiments.plots.searches import POSTERIOR_FIGURES
from experiments.runs import executors
from experiments.runs.executors.counted import Counted
from experiments.runs.failed import MOST_FAILED, FailedAttempt
from experiments.sensitivity.designs import factors
from sim.scenario.schema.quantity import Parameter
from sim.scenario.schema.scenario import SCENARIO_PARAMETERS, Scenario
from sim.scenario.text.errors import DayroomError
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

FEW: Final = 0.1
"""Share of effective particles below which a few of them carry the posterior."""


class PosteriorError(DayroomError, ValueError):
    """A posterior that cannot be computed, and why."""


@dataclass(frozen=True)
class Calibrated:
    """A posterior and what its own runs are beside the targets.

    Parameters
    ----------
    scenario : Scenario
    posterior : Posterior
    schedule : Schedule
    replicates : int
        Runs over which the statistics are taken.
    seed : int
    ensemble : DataFrame
        Draws from the posterior that weigh the same, a column a parameter by its path.
    runs : DataFrame
        Statistics of such draws under fresh seeds, a row a draw, a column a target.
    check_failures : tuple of FailedAttempt
        Those of these draws at which the model failed.
    """

    scenario: Scenario
    posterior: Posterior
    schedule: Schedule
    replicates: int
    seed: int
    ensemble: "pd.DataFrame"
    runs: "pd.DataFrame"
    check_failures: tuple[FailedAttempt, ...] = ()

    def failures(self) -> list[dict[str, Any]]:
        """Give a row a parameter set at which the model failed, those of the check last.

        Each has `generation` (from 0, or "check"), `attempt`, `seed`, the parameters by path, `error`, `origin` and
        `trace`.
        """
        rows = [one.row(k) for k, generation in enumerate(self.posterior.generations) for one in generation.failures]
        return rows + [one.row("check") for one in self.check_failures]

    def failed_scenario(self, row: dict[str, Any]) -> Scenario:
        """Give the scenario of a row of `failures`, to repeat its runs with."""
        values = {factor.path: row[factor.path] for factor in self.posterior.factors}
        name = f"failed-{row['generation']}-{row['attempt']}"
        return changed(self.scenario, values).with_changes(name=name)

    def check(self) -> "pd.DataFrame":
        """Set the posterior's own runs beside each target (`calibration.posterior.model.beside_targets`)."""
        return beside_targets(self.posterior.targets, self.runs)

    def words(self) -> list[str]:
        """Say how far the search came, what failed, which targets are missed, what is known now, and what is not."""
        last, summary = self.posterior.generations[-1], self.posterior.summary()
        effective, particles = last.effective(), len(last.weights)
        said = [
            f"{_counted(len(self.posterior.generations), 'generation')}, the last within {_within(last.tolerance)} of "
            f"the targets' middles; {self.posterior.stopped}. {effective:.0f} of {particles} particles are effective.",
            *self._lost(),
        ]
        if effective < FEW * particles:
            said.append("So few effective particles carry little; take more particles.")
        check = self.check()
        is_cut_short = self.posterior.stopped.endswith(" done")
        known = check["failed"] < len(self.runs)  # of a target without a single value nobody can say it is missed
        missed = check.loc[~check["overlaps"].astype(bool) & known, "key"].tolist()
        if missed and not is_cut_short:
            said.append(f"Missed whatever the parameters, so that model or target is at fault: {', '.join(missed)}.")
        elif missed:
            said.append(f"Missed as yet, which more generations may mend: {', '.join(missed)}.")
        silent = self.posterior.silent()
        clear = summary[~summary["parameter"].isin(silent)].sort_values("narrowed", ascending=False)
        if len(clear):
            told = [f"{row.parameter} ({row.narrowed:.0%})" for row in clear.head(5).itertuples()]
            said.append(f"Narrowed most (share of the variance of its range that is gone): {', '.join(told)}.")
        if silent:
            chance = f"no narrower than chance among {effective:.0f} particles would leave them"
            said.append(f"The targets say nothing about these ({chance}): {', '.join(silent)}.")
        pairs = self.posterior.correlations().head(5).itertuples()
        said += [f"{row.first} and {row.second} go together: correlation {row.correlation:+.2f}." for row in pairs]
        return said

    def _lost(self) -> list[str]:
        """Say what the posterior leaves out."""
        said = []
        failed, attempts, inadmissible = (
            sum(getattr(one, name) for one in self.posterior.generations)
            for name in ("failed", "attempts", "inadmissible")
        )
        if failed:
            said.append(
                f"{failed:,} of {attempts:,} attempts failed, and the posterior leaves out what failed: where the "
                "model breaks it says nothing about the parameters (failures.csv has them all)."
            )
        if inadmissible:
            said.append(
                f"{inadmissible:,} of {attempts:,} attempts were values that go with no scenario; they are no part of "
                "the ranges, and were not run."
            )
        if self.check_failures:
            said.append(
                f"Of {len(self.runs)} draws from the posterior {len(self.check_failures)} failed when they were run "
                "again beside the targets."
            )
        return said

    def plot(self, name: str = "targets") -> "Figure":
        """Draw one of the figures of a posterior (`experiments.plots.searches.POSTERIOR_FIGURES`).

        Raises
        ------
        KeyError
            When there is no such figure, or nothing to draw in it.
        """
        there = self.figures()
        if name not in there:
            raise KeyError(f"no figure {name!r}; this posterior has {', '.join(there)}")
        family = POSTERIOR_FIGURES[name]
        return family.draw(*(getattr(self, f"_{source}")() for source in family.reads))

    def figures(self) -> list[str]:
        """Name the figures there is something to draw for."""
        has_pairs = len(self.posterior.correlations()) > 0
        return [name for name, one in POSTERIOR_FIGURES.items() if "correlations" not in one.reads or has_pairs]

    def _check(self) -> "pd.DataFrame":
        return self.check()

    def _runs(self) -> "pd.DataFrame":
        return self.runs

    def _summary(self) -> "pd.DataFrame":
        frame = self.posterior.summary()
        units = {one.path: one.quantity.unit for one in SCENARIO_PARAMETERS}
        return frame.assign(
            silent=frame["parameter"].isin(self.posterior.silent()),
            unit=[units.get(path, "1") for path in frame["parameter"]],
        )

    def _particles(self) -> "pd.DataFrame":
        return self.posterior.particles()

    def _correlations(self) -> "pd.DataFrame":
        return self.posterior.correlations()


def posterior(
    scenario: Scenario,
    schedule: Schedule | None = None,
    *,
    targets: Sequence[Target] | None = None,
    parameters: Sequence[Factor] | None = None,
    replicates: int = REPLICATES,
    draws: int = 100,
    seed: int = 0,
    workers: executors.Executor | None = None,
    checkpoint: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
    step: Callable[[int, int], None] = lambda done, total: None,
) -> Calibrated:
    """Compute the posterior of parameters under targets by ABC, and run draws from it as a check.

    Parameters
    ----------
    scenario : Scenario
    schedule : Schedule, optional
    targets : sequence of Target, optional
        When not given, those of the project that need no paired runs.
    parameters : sequence of Factor, optional
        Those graded "calibrated", over their plausible ranges, when not given.
    replicates : int
        Runs over which the statistics are taken.
    draws : int
        Of the ensemble, and of the check.
    seed : int
    workers : Executor, optional
        Nothing in the result depends on it.
    checkpoint : Path, optional
        Keeps every generation; a call that finds it goes on from there, to the same result.
    tell, step : callable
        Told what is going on; called as runs are done with how many are, of about how many of a generation.

    Raises
    ------
    PosteriorError
        When hardly any draw from the ranges has all statistics.
    FailedRunsError
        When too many runs failed (`experiments.runs.failed.MOST_FAILED`).
    CheckpointError
        When the checkpoint is of another calibration, or was changed since it was written.
    """
    schedule, workers = schedule or Schedule(), workers or executors.executor()
    aims = without_pairs(read_targets()) if targets is None else tuple(targets)
    chosen = factors(CALIBRATED) if parameters is None else tuple(parameters)
    simulate = ModelStatistics(scenario, aims, replicates)
    executors.warm_up()
    tell(_estimate(simulate, schedule, len(chosen), workers))
    expected = _Expected(schedule.particles, simulate.runs(), step)

    def generation(number: int, tolerance: float, attempts: int) -> None:
        tell(
            f"generation {number + 1} of at most {schedule.generations}: within {_within(tolerance)}, {attempts} "
            "parameter sets run"
        )
        expected.begin(schedule.particles / attempts)

    try:
        found = calibrate(
            scenario, targets=aims, parameters=chosen, replicates=replicates, schedule=schedule, seed=seed,
            workers=Counted(workers, expected.one), checkpoint=checkpoint, tell=generation,
        )  # fmt: skip
    except RuntimeError as error:
        if not str(error).startswith("of the draws from the prior"):
            raise
        raise PosteriorError(str(error)) from None
    tell(f"{draws} draws from the posterior run under fresh seeds")
    expected.begin(schedule.particles / draws)
    runs, failures = predictive_attempts(found, simulate, draws, seed + 1, Counted(workers, expected.one))
    return Calibrated(scenario, found, schedule, replicates, seed, found.ensemble(draws, seed), runs, failures)


def _within(tolerance: float) -> str:
    return f"{tolerance:.2f} half widths" if math.isfinite(tolerance) else "any distance"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


@dataclass
class _Expected:
    """Counts runs against what a generation may take, which nobody knows before it ends."""

    particles: int
    runs: int
    step: Callable[[int, int], None]
    done: int = 0
    rate: float = 1.0

    def begin(self, rate: float) -> None:
        """Begin another generation; about as many fit as in the last one."""
        self.done, self.rate = 0, rate

    def one(self) -> None:
        """Count a parameter set."""
        self.done += 1
        total = round(self.particles / self.rate)
        if self.done <= total:
            for number in range((self.done - 1) * self.runs, self.done * self.runs):
                self.step(number + 1, total * self.runs)


def _estimate(simulate: ModelStatistics, schedule: Schedule, parameters: int, workers: executors.Executor) -> str:
    """Say what it will take at least and at most, from two parameter sets, which are not kept."""
    simulate({}, 0)
    begun = time.perf_counter()
    simulate({}, 0)
    jobs = workers.jobs if not isinstance(workers, executors.Automatic) else executors.processors()
    minutes = (time.perf_counter() - begun) * schedule.particles * schedule.generations / jobs / 60.0
    least = max(1.0, 2.0 * minutes)
    most = max(2.0 * least, minutes / schedule.least_acceptance)
    runs = schedule.particles * simulate.runs()
    return (
        f"{parameters} parameters; each of at most {schedule.generations} generations takes {runs:,} runs or more, as "
        f"few fit: most often {least:.0f} to {2 * least:.0f} min in all, {most:.0f} at the very most"
    )


def read_parameter(text: str) -> Factor:
    """Read a parameter such as "rules.encounters.talk_share", or with a range: "users.empathy.mean=0.3..0.7".

    Raises
    ------
    PosteriorError
        When there is no such parameter, or the range is none.
    """
    path, _, written = (part.strip() for part in text.partition("="))
    every: dict[str, Parameter] = {one.path: one for one in SCENARIO_PARAMETERS}
    known = {name: one for name, one in every.items() if name.partition(".")[0] in ("rules", "users")}
    if path not in known:
        why = "cannot be fitted" if path in every else "does not exist"
        allowed = f"one of rules.* and users.*, such as {min(known)}"
        raise PosteriorError(misspelt(f"found the parameter {path!r}, which {why}", path, known, allowed))
    parameter = known[path]
    low, high = map(float, parameter.quantity.plausible)
    if written:
        low, high = _range(path, written, parameter)
    if not low < high:
        raise PosteriorError(f"{path}: its plausible range is one value, {low:g}; give one, such as {path}=LOW..HIGH")
    return Factor(path, low, high, parameter.whole)


def _range(path: str, written: str, parameter: Parameter) -> tuple[float, float]:
    low, _, high = written.partition("..")
    least, most = parameter.quantity.bounds
    allowed = f"allowed is LOW..HIGH{', whole numbers' * parameter.whole} within {least:g} to {most:g}"
    try:
        ends = float(low), float(high)
    except ValueError:
        raise PosteriorError(f"{path}: found the range {written!r}, {allowed}") from None
    has_parts = parameter.whole and not all(end.is_integer() for end in ends)
    if not least <= ends[0] < ends[1] <= most or has_parts:
        raise PosteriorError(f"{path}: found the range {written!r}, {allowed}")
    return ends


def about(found: Calibrated) -> dict[str, Any]:
    """Give the whole posterior in short, for programs."""
    silent = found.posterior.silent()
    return {
        "scenario": found.scenario.name,
        "seed": found.seed,
        "replicates": found.replicates,
        "schedule": asdict(found.schedule),
        "stopped": found.posterior.stopped,
        "effective_particles": found.posterior.generations[-1].effective(),
        "distance": "root mean square over targets of the distance from the range's middle, in half widths",
        "targets": [
            {**asdict(target), **row}
            for target, row in zip(found.posterior.targets, found.check().to_dict("records"), strict=True)
        ],
        "parameters": [
            {**row, "targets_say_nothing": row["parameter"] in silent}
            for row in found.posterior.summary().to_dict("records")
        ],
        "correlations": found.posterior.correlations().to_dict("records"),
        "history": found.posterior.history().to_dict("records"),
        "failed_attempts": sum(one.failed for one in found.posterior.generations),
        "failed_share_allowed": MOST_FAILED,
        "inadmissible_attempts": sum(one.inadmissible for one in found.posterior.generations),
        "failed_in_the_check": len(found.check_failures),
        "sentences": found.words(),
    }


__all__ = ["Calibrated", "Factor", "PosteriorError", "Schedule", "about", "posterior", "read_parameter"]
