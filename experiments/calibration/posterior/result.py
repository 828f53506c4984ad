"""The posterior of the model's parameters under calibration targets: which values fit, what the targets leave open.

Both `dayroom posterior` and a notebook call `posterior`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from experiments.calibration.parameters import calibrated, parameters_of
from experiments.calibration.posterior.model import (
    REPLICATES,
    ModelStatistics,
    beside_targets,
    calibrate,
    predictive_attempts,
    without_pairs,
)
from experiments.calibration.posterior.particles import Posterior
from experiments.calibration.posterior.schedule import Schedule
from experiments.calibration.posterior.words import posterior_words, within
from experiments.calibration.targets import Target, read_targets
from experiments.designs.changes import changed
from experiments.designs.factor import Factor, factors
from experiments.plots.calibration.figures import POSTERIOR_FIGURES
from experiments.plots.family import drawings
from experiments.plots.frames import records
from experiments.runs import executors
from experiments.runs.executors.counted import Counted
from experiments.runs.failures import MOST_FAILED, FailedAttempt
from experiments.runs.size import tried
from experiments.statistics.numbers import duration, percent, typeset
from experiments.statistics.target_words import spoken
from experiments.statistics.terminal import aligned, filled
from experiments.store.protocol import WIDTH, Drawing, Plotted
from sim.language import say
from sim.scenario.reading import ScenarioLike, scenario_of
from sim.scenario.schema.quantity import Parameter, whole_seed
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import DayroomError
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS: Final = (26, -16, -9, -24, -8)
"""Widths of the columns of the table of targets, as `aligned` takes them."""


class PosteriorError(DayroomError, ValueError):
    """A parameter cannot be fitted; the message gives the reason."""


@dataclass(frozen=True)
class Calibrated(Plotted):
    """A posterior, and a check of runs drawn from it against the targets.

    Parameters
    ----------
    scenario : Scenario
    posterior : Posterior
    schedule : Schedule
    replicates : int
        Runs from which the statistics are computed.
    seed : int
    ensemble : DataFrame
        Draws of equal weight from the posterior: one row for each, one column for each parameter's path.
    runs : DataFrame
        Statistics of other such draws, run with fresh seeds: one row for each draw, one column for each target.
    check_failures : tuple of FailedAttempt
        Draws in `runs` at which the model failed.

    Examples
    --------
    >>> from dayroom import Factor, InProcess, Schedule, load_scenario, posterior, read_targets
    >>> tiny = load_scenario("baseline").with_changes(days=4, settling=0)
    >>> lonely = [target for target in read_targets() if target.key == "lonely_share"]
    >>> few = {"replicates": 1, "draws": 5, "workers": InProcess()}
    >>> empathy = [Factor("users.empathy.mean", 0.3, 0.7)]
    >>> result = posterior(tiny, Schedule(particles=10, generations=1), targets=lonely, parameters=empathy, **few)
    >>> result.ensemble.shape  # draws and parameters
    (5, 1)
    """

    scenario: Scenario
    posterior: Posterior
    schedule: Schedule
    replicates: int
    seed: int
    ensemble: "pd.DataFrame"
    runs: "pd.DataFrame"
    check_failures: tuple[FailedAttempt, ...] = ()

    def failures(self) -> list[dict[str, object]]:
        """Return one row for each parameter set at which the model failed; those of the check come last.

        A row has `generation` (from 0, or "check"), `attempt`, `seed`, the parameters by path, `error`, `origin` and
        `trace`.
        """
        generations = enumerate(self.posterior.generations)
        rows = [attempt.row(k) for k, generation in generations for attempt in generation.failures]
        return rows + [attempt.row("check") for attempt in self.check_failures]

    def failed_scenario(self, row: Mapping[str, object]) -> Scenario:
        """Return the scenario that repeats the runs of a row of `failures`."""
        values = {factor.path: cast("float", row[factor.path]) for factor in self.posterior.factors}
        name = f"failed-{row['generation']}-{row['attempt']}"
        return changed(self.scenario, values).with_changes(name=name)

    def check(self) -> "pd.DataFrame":
        """Compare the runs drawn from the posterior with each target (`calibration.posterior.model.beside_targets`)."""
        return beside_targets(self.posterior.targets, self.runs)

    def words(self) -> list[str]:
        """Return sentences: how far the search came, what failed, which targets it missed, what is known now."""
        return posterior_words(self, self._meanings())

    def _meanings(self) -> dict[str, str]:
        return {one.path: one.quantity.meaning for one in parameters_of(self.scenario)}

    def tables(self) -> "dict[str, pd.DataFrame]":
        """Return the tables by the names of their files; `correlations` only when there are any."""
        posterior, pairs = self.posterior, self.posterior.correlations()
        frames = {"ensemble": self.ensemble, "posterior": posterior.summary(), "particles": posterior.particles()}
        frames |= {"predictive": self.check(), "predictive_runs": self.runs, "history": posterior.history()}
        return frames | ({"correlations": pairs} if len(pairs) else {})

    def summary(self) -> dict[str, object]:
        """Return a summary of the posterior for programs."""
        posterior, silent = self.posterior, self.posterior.silent()
        targets = zip(posterior.targets, self.check().to_dict("records"), strict=True)
        return {
            "scenario": self.scenario.name,
            "seed": self.seed,
            "replicates": self.replicates,
            "schedule": asdict(self.schedule),
            "stopped": posterior.stopped,
            "effective_particles": posterior.generations[-1].effective(),
            "distance": "root mean square over targets of the distance from the range's middle, in half widths",
            "targets": [{**asdict(target), **row} for target, row in targets],
            "parameters": [
                {**row, "targets_say_nothing": row["parameter"] in silent}
                for row in posterior.summary().to_dict("records")
            ],
            "correlations": posterior.correlations().to_dict("records"),
            "history": posterior.history().to_dict("records"),
            "failed_attempts": sum(generation.failed for generation in posterior.generations),
            "failed_share_allowed": MOST_FAILED,
            "inadmissible_attempts": sum(generation.inadmissible for generation in posterior.generations),
            "undefined_attempts": sum(generation.undefined for generation in posterior.generations),
            "failed_in_the_check": len(self.check_failures),
            "sentences": self.words(),
        }

    def sentences(self, *, width: int = WIDTH, styled: bool = False) -> list[str]:
        """Return the lines that `dayroom posterior` prints: sentences, then one row for each target."""
        lines = [part for line in self.words() for part in filled(line, min(width, WIDTH), following="  ")]
        head = say("target|range|median|middle 90 % of draws|inside").split("|")
        lines += ["", aligned(head, _COLUMNS)]
        for row in records(self.check()):
            numbers = {name: typeset(f"{getattr(row, name):.3g}") for name in ("median", "q05", "q95")}
            aim = say("{low} to {high}", low=typeset(f"{row.low:g}"), high=typeset(f"{row.high:g}"))
            between = say("{low} to {high}", low=numbers["q05"], high=numbers["q95"])
            cells = [row.key, aim, numbers["median"], between, percent(row.share_inside), *spoken(row.key)]
            lines.append(aligned(cells, [*_COLUMNS, 0][: len(cells)]))
        return lines

    def figures(self) -> dict[str, Drawing]:
        """Return the figures by name, without a figure that would be empty."""
        particles, pairs = self.posterior.particles(), self.posterior.correlations()
        summary = described(self.posterior.summary(), self.posterior.silent(), self.scenario)
        there = {"check": self.check(), "runs": self.runs, "summary": summary, "particles": particles}
        return drawings(POSTERIOR_FIGURES, there | ({"correlations": pairs} if len(pairs) else {}))


def described(summary: "pd.DataFrame", silent: Sequence[str], scenario: Scenario) -> "pd.DataFrame":
    """Return the table of a posterior with `silent`, `unit` and `meaning` of each parameter, for its figures.

    Parameters
    ----------
    summary : DataFrame
        From `experiments.calibration.posterior.particles.Posterior.summary`.
    silent : sequence of str
        Parameters about which the targets say nothing.
    scenario : Scenario
    """
    quantities = {one.path: one.quantity for one in parameters_of(scenario)}
    known = [quantities.get(path) for path in summary["parameter"]]
    return summary.assign(
        silent=summary["parameter"].isin(silent),
        unit=["1" if each is None else each.unit for each in known],
        meaning=["" if each is None else each.meaning for each in known],
    )


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


__all__ = ["Calibrated", "PosteriorError", "posterior", "read_parameter"]
