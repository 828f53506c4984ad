"""Find the posterior of parameters under targets, and check it: `dayroom posterior` and notebooks call `posterior`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.calibration.parameters import calibrated, parameters_of
from experiments.calibration.posterior.model import (
    REPLICATES,
    ModelStatistics,
    calibrate,
    predictive_attempts,
    without_pairs,
)
from experiments.calibration.posterior.result import Calibrated, within
from experiments.calibration.posterior.schedule import Schedule
from experiments.calibration.targets import Target, read_targets
from experiments.designs.factor import Factor, factors
from experiments.runs import executors
from experiments.runs.executors.counted import Counted
from experiments.runs.size import tried
from experiments.statistics.numbers import duration
from sim.language import say
from sim.scenario.reading import ScenarioLike, scenario_of
from sim.scenario.schema.quantity import Parameter, whole_seed
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import DayroomError
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import misspelt


class PosteriorError(DayroomError, ValueError):
    """A parameter or a target that no posterior can be computed for; the message gives the reason."""


def posterior(
    scenario: ScenarioLike,
    schedule: Schedule | None = None,
    *,
    targets: Sequence[Target] | None = None,
    parameters: Sequence[Factor] | None = None,
    replicates: int = REPLICATES,
    draws: int = 100,
    seed: int = 0,
    workers: executors.Executor | None = None,
    checkpoint: Path | str | None = None,
    report: Callable[[str], None] = lambda _: None,
    step: Callable[[int, int], None] = lambda done, total: None,
) -> Calibrated:
    """Compute the posterior of parameters under targets by ABC, and run draws from the posterior as a check.

    Parameters
    ----------
    scenario : Scenario, str or path
        A scenario, the name of a shipped scenario, or a file.
    schedule : Schedule, optional
    targets : sequence of Target, optional
        By default the project's targets that need no paired runs.
    parameters : sequence of Factor, optional
        By default the parameters graded "calibrated", over their plausible ranges.
    replicates : int
        Runs from which the statistics are computed.
    draws : int
        Number of draws in the ensemble, and in the check.
    seed : int
    workers : Executor, optional
        The executor that makes the runs; the result does not depend on it.
    checkpoint : Path or str, optional
        File to write after every generation; if it exists, the search continues from it to the same result.
    report : callable
        Receives messages.
    step : callable
        Receives, after each run, the number of runs done in the generation, and roughly how many it takes.

    Raises
    ------
    FewDrawsError
        When hardly any draw from the ranges has all statistics.
    FailedRunsError
        When too many runs failed (`experiments.runs.failures.MOST_FAILED`).
    CheckpointError
        When the checkpoint belongs to another calibration, or was changed since it was written.
    """
    scenario, seed = scenario_of(scenario), whole_seed(seed)
    workers = workers or executors.executor()
    aims = without_pairs(read_targets()) if targets is None else tuple(targets)
    schedule = (schedule or Schedule()).of(sum(target.size for target in aims))
    chosen = factors(calibrated(scenario)) if parameters is None else tuple(parameters)
    simulate = ModelStatistics(scenario, aims, replicates)
    executors.warm_up()
    report(_estimate(simulate, schedule, len(chosen), workers))
    expected = _Expected(schedule.particles, simulate.runs(), step)

    def generation(number: int, tolerance: float, attempts: int) -> None:
        report(
            say(
                "generation {number} of at most {generations}: within {within}, {attempts} parameter sets run",
                number=number + 1,
                generations=schedule.generations,
                within=within(tolerance),
                attempts=attempts,
            )
        )
        expected.begin(schedule.particles / attempts)

    fitted = calibrate(
        scenario, targets=aims, parameters=chosen, replicates=replicates, schedule=schedule, seed=seed,
        workers=Counted(workers, expected.one), checkpoint=None if checkpoint is None else Path(checkpoint),
        report=generation,
    )  # fmt: skip
    report(f"{draws} draws from the posterior run under fresh seeds")
    expected.begin(schedule.particles / draws)
    runs, failures = predictive_attempts(fitted, simulate, draws, seed + 1, Counted(workers, expected.one))
    return Calibrated(scenario, fitted, schedule, replicates, seed, fitted.ensemble(draws, seed), runs, failures)


@dataclass
class _Expected:
    """Counts runs, and reports them with an estimate of the runs that a generation takes."""

    particles: int
    runs: int
    step: Callable[[int, int], None]
    done: int = 0
    rate: float = 1.0

    def begin(self, rate: float) -> None:
        """Begin another generation, in which about this share of attempts should fit."""
        self.done, self.rate = 0, rate

    def one(self) -> None:
        """Count a parameter set as run."""
        self.done += 1
        total = round(self.particles / self.rate)
        if self.done <= total:
            for number in range((self.done - 1) * self.runs, self.done * self.runs):
                self.step(number + 1, total * self.runs)


def _estimate(simulate: ModelStatistics, schedule: Schedule, parameters: int, workers: executors.Executor) -> str:
    """Return a message on the time that the search takes, estimated from the second of two trials."""
    _, seconds = tried(lambda: simulate({}, 0), schedule.particles * schedule.generations, workers)
    least = max(60.0, 2.0 * seconds)
    most = max(2.0 * least, seconds / schedule.least_acceptance)
    runs = schedule.particles * simulate.runs()
    return say(
        "{parameters} parameters; each of at most {generations} generations takes {runs:,} runs or more, as few fit: "
        "most often {least} to {twice} in all, {most} at the very most",
        parameters=parameters,
        generations=schedule.generations,
        runs=runs,
        least=duration(least),
        twice=duration(2 * least),
        most=duration(most),
    )


def read_parameter(text: str, scenario: Scenario | None = None) -> Factor:
    """Read a parameter such as "rules.encounters.talk_share", or with a range: "users.empathy.mean=0.3..0.7".

    The rules of other packages that the scenario names have parameters too: "rules.mood_contagion.share".

    Raises
    ------
    PosteriorError
        When there is no such parameter, or the range is not valid.
    """
    path, _, written = (part.strip() for part in text.partition("="))
    every: dict[str, Parameter] = {one.path: one for one in parameters_of(scenario)}
    known = {name: one for name, one in every.items() if name.partition(".")[0] in ("rules", "users")}
    if path not in known:
        if path in every:
            problem = say("found the parameter {path}, which cannot be fitted", path=quoted(path))
        else:
            problem = say("found the parameter {path}, which does not exist", path=quoted(path))
        allowed = say("one of rules.* and users.*, such as {example}", example=min(known))
        raise PosteriorError(misspelt(problem, path, known, allowed))
    parameter = known[path]
    low, high = map(float, parameter.quantity.plausible)
    if written:
        low, high = _range(path, written, parameter)
    if not low < high:
        raise PosteriorError(
            say(
                "{path}: its plausible range is one value, {value:g}; give a range, such as {path}=LOW..HIGH",
                path=path,
                value=low,
            )
        )
    return Factor(path, low, high, parameter.whole)


def _range(path: str, written: str, parameter: Parameter) -> tuple[float, float]:
    low, _, high = written.partition("..")
    least, most = parameter.quantity.bounds
    values = {"path": path, "found": quoted(written), "least": least, "most": most}
    if parameter.whole:
        problem = say(
            "{path}: found the range {found}, allowed is LOW..HIGH, whole numbers within {least:g} to {most:g}",
            **values,
        )
    else:
        problem = say("{path}: found the range {found}, allowed is LOW..HIGH within {least:g} to {most:g}", **values)
    try:
        ends = float(low), float(high)
    except ValueError:
        raise PosteriorError(problem) from None
    has_parts = parameter.whole and not all(end.is_integer() for end in ends)
    if not least <= ends[0] < ends[1] <= most or has_parts:
        raise PosteriorError(problem)
    return ends
