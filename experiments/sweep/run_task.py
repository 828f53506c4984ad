"""Make a run of a study in three steps: build, run, measure. A failure names its step."""

from dataclasses import dataclass, field

from experiments.designs.factor import Value
from experiments.runs.runner import Failed, attempted
from experiments.runs.starts import Starts
from experiments.store.named_files import OtherFileError
from experiments.store.runs.tables import Broken, Kept
from experiments.studies.study import Tree
from experiments.sweep.kept import kept
from experiments.sweep.order import TOGETHER
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import ScenarioError
from sim.scenario.text.nodes import KeyPath

Settings = tuple[tuple[KeyPath, Value | None], ...]
Item = tuple[str, Settings, int, str]
"""The order for a run that a worker receives: lever, settings of the point, seed, shared start (`shared`)."""


@dataclass
class MakeRun:
    """The task of a sweep's workers: make a run and return what the store keeps of it.

    Parameters
    ----------
    trees : dict of str to Tree
        The scenario of each lever, before a point's settings.
    daily : tuple of str
        Outcomes to keep for every day.
    """

    trees: dict[str, Tree]
    daily: tuple[str, ...] = ()
    _built: list[tuple[tuple[str, Settings], Scenario]] = field(default_factory=list, init=False)
    _starts: Starts = field(default_factory=Starts, init=False)

    def __call__(self, item: Item) -> Kept | Broken:
        """Make a run; if it fails, return `Broken` instead of raising."""
        lever, settings, seed, start = item
        try:
            self.trees[lever].files.require()
        except OtherFileError as error:  # the run is not to blame: the next sweep repeats it
            return Broken("worker", str(error), "the files of the worker, not the model")
        scenario = attempted(lambda: self._scenario(lever, settings))
        if isinstance(scenario, Broken):
            return scenario
        if isinstance(scenario, Failed):
            return broken("building", scenario)
        done = attempted(lambda: self._starts.run(start, scenario, seed, measures=True))
        if isinstance(done, Failed):
            return broken("building" if done.mistake else "running", done)
        result = attempted(lambda: kept(done, self.daily))
        return broken("measuring", result) if isinstance(result, Failed) else result

    def _scenario(self, lever: str, settings: Settings) -> Scenario | Broken:
        """Return the scenario of a point under a lever; the latest ones are kept, as their runs mix (`ordered`)."""
        for known, scenario in self._built:
            if known == (lever, settings):
                return scenario
        try:
            scenario = self.trees[lever].built(settings)
        except ScenarioError as error:
            return Broken("building", f"the values of this point do not go together: {error.reasons}")
        self._built = [*self._built[1 - TOGETHER :], ((lever, settings), scenario)]
        return scenario


def broken(where: str, failed: Failed) -> Broken:
    """Return the row for a failed run, with the step at which it failed."""
    return Broken(where, failed.error, failed.origin, failed.trace)


def size_of(result: Kept) -> int:
    """Return about how many bytes a result takes in memory until its batch is written."""
    days = sum(60 + day.nbytes for day in result.daily.values())
    return 60 + result.numbers.nbytes + len(result.policies) + int(result.newcomers.nbytes) + days
