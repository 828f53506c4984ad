"""Compare the model with waves of survey data: hold the same survey in many runs, and measure how well they agree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from experiments.designs.replicates import Replicate, replicates
from experiments.plots.family import drawings
from experiments.plots.validation.figures import VALIDATION_FIGURES
from experiments.runs import executors
from experiments.statistics.goodness import mahalanobis
from experiments.statistics.intervals import Array, middle
from experiments.store.protocol import WIDTH, Drawing, Plotted
from experiments.validation.conclusions import conclusions
from experiments.validation.measured import (
    ALL_WAVES,
    CLASSES,
    LABELS,
    OF_CHANGE,
    ChangeTable,
    Measured,
    WaveTable,
    measured,
)
from experiments.validation.terminal import lines_of
from experiments.validation.waves import of_survey
from sim.engine import Engine
from sim.language import say, term
from sim.outcomes.measures import mean_of
from sim.outcomes.observation import observed
from sim.scenario.reading import ScenarioLike, scenario_of
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import DayroomError, ScenarioError

if TYPE_CHECKING:
    import pandas as pd


class ValidationError(DayroomError, ValueError):
    """The data and the scenario cannot be compared; the message gives the reason."""


@dataclass(frozen=True)
class Validation(Plotted):
    """Data and model, measured in the same way.

    Parameters
    ----------
    scenario : Scenario
        The scenario that ran.
    seed : int
    data : Measured
    runs : tuple of Measured
        Measures of each replicate.
    aimed : frozenset of (str, str)
        Numbers that the model was calibrated to, each with its week: agreement in them is no test.
    title : str
        Name of the data.
    """

    scenario: Scenario
    seed: int
    data: Measured
    runs: tuple[Measured, ...]
    aimed: frozenset[tuple[str, str]] = frozenset()
    title: str = "the data"

    def waves(self) -> "pd.DataFrame":
        """Return one row for each number and week: its value in the data, and its mean and middle 95 % over runs.

        Columns: `number`, `label`, `week` (for a change, such as "9-15"), `last` (the later week, for an axis), `data`,
        `mean`, `low`, `high`, `inside` (the data lie between `low` and `high`), `below` (share of runs below the data),
        `defined` (share of runs in which the number is defined), `aimed` (the model was calibrated to it).
        """
        import pandas as pd

        rows = []
        for name in LABELS:
            part = "changes" if name in OF_CHANGE else "waves"
            tables = getattr(self.data, part)
            for at, of_data in enumerate(tables[:-1] if name == "growth" else tables):  # growth is 1 at the last wave
                of_runs = np.array([getattr(run, part)[at].numbers[name] for run in self.runs])
                when = _when(of_data)
                rows.append({"number": name, "label": LABELS[name], **when, **_beside(of_data.numbers[name], of_runs),
                             "aimed": (name, when["week"]) in self.aimed})  # fmt: skip
        return pd.DataFrame(rows)

    def distributions(self) -> "pd.DataFrame":
        """Return how often each class of each distribution occurs, by week; week `ALL_WAVES` adds up all weeks.

        Columns: `distribution`, `week`, `class`, and `data`, `mean`, `low`, `high`, `inside`, `below` as in `waves`.
        """
        import pandas as pd

        rows = []
        for name, classes in CLASSES.items():
            for week, data, runs in self._counted(name):
                for k, label in enumerate(classes):
                    beside = _beside(float(data[k]), runs[:, k].astype(float))
                    rows.append({"distribution": name, "week": week, "class": label, **beside})
        return pd.DataFrame(rows).drop(columns="defined")

    def fits(self) -> "pd.DataFrame":
        """Return the fit of each distribution in each week, and in the sum over all weeks (`ALL_WAVES`).

        Columns: `distribution`, `week`, `distance`, `p`, `outside` (`experiments.statistics.goodness.Fit`), and `runs`,
        the number of runs of which p is a share.
        """
        import pandas as pd

        rows = [
            {"distribution": name, "week": week, **mahalanobis(data, runs)._asdict(), "runs": len(runs)}
            for name in CLASSES
            for week, data, runs in self._counted(name)
        ]
        return pd.DataFrame(rows)

    def of_runs(self) -> "pd.DataFrame":
        """Return one row for each run, number and week: `replicate`, `number`, `week`, `value`."""
        import pandas as pd

        rows = [
            {"replicate": replicate, "number": name, "week": _when(table)["week"], "value": table.numbers[name]}
            for replicate, run in enumerate(self.runs)
            for name in LABELS
            for table in (run.changes if name in OF_CHANGE else run.waves)
        ]
        return pd.DataFrame(rows)

    def replicates(self) -> tuple[Replicate, ...]:
        """Return the replicates, each with the seed of its run."""
        return replicates(self.seed, len(self.runs))

    def tables(self) -> "dict[str, pd.DataFrame]":
        """Return the tables by the names of their files."""
        frames = {"waves": self.waves(), "distributions": self.distributions(), "fits": self.fits()}
        return {**frames, "wave_runs": self.of_runs()}

    def summary(self) -> dict[str, object]:
        """Return the sentences and fits in a form for programs."""
        return {"words": self.words(), "fits": self.fits().to_dict("records")}

    def sentences(self, *, width: int = WIDTH, styled: bool = False) -> list[str]:
        """Return the lines that `dayroom validate` prints."""
        heading = [
            say(
                "{scenario} ({name}) beside {data}",
                scenario=term(self.scenario.title or self.scenario.name),
                name=self.scenario.name,
                data=term(self.title),
            ),
            say(
                "{people} people, {waves} waves, {runs} runs, seed {seed}",
                people=self.data.people,
                waves=len(self.data.waves),
                runs=len(self.runs),
                seed=self.seed,
            ),
        ]
        return [*heading, "", *lines_of(self.waves(), self.fits(), self.words(), width)]

    def figures(self) -> dict[str, Drawing]:
        """Return the figures that show the data beside the model, by name."""
        return drawings(VALIDATION_FIGURES, self.tables())

    def failures(self) -> list[dict[str, object]]:
        """Return no rows: a run that fails ends the comparison."""
        return []

    def words(self) -> list[str]:
        """Return sentences that say which numbers and distributions fit, and which do not."""
        return conclusions(self.waves(), self.fits())

    def _counted(self, name: str) -> list[tuple[str, NDArray[np.int64], NDArray[np.int64]]]:
        """Return a distribution's counts in the data and in the runs, for each week and for the sum over weeks."""
        data = np.array([wave.distributions[name] for wave in self.data.waves])
        runs = np.array([[wave.distributions[name] for wave in run.waves] for run in self.runs])
        weeks = [(str(wave.week), data[at], runs[:, at]) for at, wave in enumerate(self.data.waves)]
        return [*weeks, (ALL_WAVES, data.sum(axis=0), runs.sum(axis=1))]


def _when(table: WaveTable | ChangeTable) -> dict[str, str | int]:
    """Return the week of a wave, or the two weeks of a change."""
    if isinstance(table, WaveTable):
        return {"week": str(table.week), "last": table.week}
    return {"week": f"{table.first}-{table.last}", "last": table.last}


def _beside(data: float, runs: Array) -> dict[str, float | bool]:
    """Compare a number in the data with its values in those runs in which it is defined."""
    known = runs[~np.isnan(runs)]
    low, high = middle(known)
    return {
        "data": data,
        "mean": mean_of(known),
        "low": low,
        "high": high,
        "inside": bool(low <= data <= high),
        "below": mean_of(known < data),
        "defined": len(known) / len(runs),
    }


def fitted_scenario(scenario: Scenario, data: Measured) -> Scenario:
    """Return the scenario with as many users as the data have people, long enough for all waves.

    Its survey asks for friendly relations and all nearer ones, whatever level the scenario sets.

    Raises
    ------
    ValidationError
        When the scenario has several centres, or cannot have that number of users.
    """
    if len(scenario.centres) != 1 or sum(centre.copies for centre in scenario.centres.values()) != 1:
        raise ValidationError(
            say(
                "{scenario} has several centres, allowed is one centre: the data are of one group",
                scenario=scenario.name,
            )
        )
    ((name, centre),) = scenario.centres.items()
    if centre.users_file is not None and centre.users != data.people:
        raise ValidationError(
            say(
                "{scenario} reads its {users} users from {file}, but the data have {people} people",
                scenario=scenario.name,
                users=centre.users,
                file=centre.users_file,
                people=data.people,
            )
        )
    sized = {name: centre.model_copy(update={"users": data.people})}
    survey = scenario.observe.model_copy(update={"level": "acquaintance", "waves": ()})
    days = max(1, 7 * data.waves[-1].week)
    try:
        return scenario.with_changes(centres=sized, days=days, observe=survey)
    except ScenarioError as error:
        problem = say(
            "{scenario} with {users} users: {reasons}",
            scenario=scenario.name,
            users=data.people,
            reasons=error.reasons,
        )
        raise ValidationError(problem) from None


def surveyed(seed: int, scenario: Scenario, weeks: Sequence[int], respondents: Sequence[int]) -> Measured:
    """Make a run, hold the survey in these weeks, and measure it.

    As many users answer as people did in the data; chance chooses them.

    Parameters
    ----------
    seed : int
    scenario : Scenario
        From `fitted_scenario`.
    weeks, respondents : sequence of int
        Week of each wave, and number of users who answer it.
    """
    engine = Engine(scenario, seed)
    waves = []
    for week, answering in zip(weeks, respondents, strict=True):
        engine.advance(7 * week - engine.day)
        absent = max(0, len(engine.enrolled) - answering)
        waves.append(of_survey(observed(engine.state, scenario.observe, engine.day, seed, absent), week))
    return measured(waves)


def validate(
    data: Measured,
    scenario: ScenarioLike,
    count: int = 100,
    seed: int = 0,
    workers: executors.Executor | None = None,
    step: Callable[[int, int], None] = lambda done, total: None,
    aimed: frozenset[tuple[str, str]] = frozenset(),
    title: str = "the data",
) -> Validation:
    """Compare the model with data.

    Parameters
    ----------
    data : Measured
        `experiments.validation.record.freshmen()`, or `measured(read_waves(...))`.
    scenario : Scenario, str or path
        The scenario to run, as an object, a shipped name or a file; its number of users and its length follow the data.
    count : int
        Number of replicates, at least 2.
    seed : int
    workers : Executor, optional
        The executor that makes the runs; the result does not depend on it.
    step : callable
        Receives, after each run, the number of runs done and the number of all runs.
    aimed : frozenset of (str, str), optional
        Numbers, with their weeks, that the model was calibrated to: for the freshmen,
        `experiments.validation.fitted_numbers.aimed_at()`; for your own data, none.
    title : str
        Name of the data.

    Raises
    ------
    ValidationError
        When the data and the scenario cannot be compared.

    Examples
    --------
    >>> import pandas as pd
    >>> from dayroom import InProcess, load_scenario, measured_waves, read_waves, validate
    >>> ratings = ["0ab1", "0ba2", "0cd1", "0dc3", "0ea2", "2ab1", "2ca2"]
    >>> pd.DataFrame(map(list, ratings), columns=["week", "from", "to", "rating"]).to_csv("waves.csv", index=False)
    >>> tiny = load_scenario("baseline").with_changes(settling=0)
    >>> found = validate(measured_waves(read_waves("waves.csv")), tiny, 2, workers=InProcess())
    >>> found.scenario.days, [run.people for run in found.runs]
    (14, [5, 5])
    """
    if count < 2:
        raise ValidationError(f"found {count} replicates, allowed are 2 or more")
    spec = fitted_scenario(scenario_of(scenario), data)
    workers = executors.executor() if workers is None else workers
    executors.warm_up()
    survey = partial(
        surveyed,
        scenario=spec,
        weeks=[wave.week for wave in data.waves],
        respondents=[wave.respondents for wave in data.waves],
    )
    runs = []
    for run in executors.none_lost(workers.each(survey, [each.seed for each in replicates(seed, count)])):
        runs.append(run)
        step(len(runs), count)
    return Validation(spec, seed, data, tuple(runs), aimed, title)


__all__ = ["Validation", "ValidationError", "fitted_scenario", "surveyed", "validate"]
