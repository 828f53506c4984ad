"""A study, read and checked: levers, factors, points, replicates."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from experiments.designs.changes import validated
from experiments.designs.factor import Factor, Point, Value
from experiments.designs.replicates import replicate_seed
from experiments.store.extensions import text_of
from experiments.store.named_files import SameFiles, contents
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import ScenarioWarning
from sim.scenario.text.nodes import KeyPath

USUAL_CARE: Final = "usual-care"
"""Name of the single lever of a study that lists no levers."""

NOT_SIMULATED: Final = ("name", "title", "question", "replicates", "seed", "observe")
"""Keys of a scenario that do not affect a run."""
FROM_DAY_0: Final = ("policies", "budget", "groups")
"""Further keys that do not affect a run before day 0."""


@dataclass(frozen=True, slots=True)
class Study:
    """A question, with the settings of the runs that answer it.

    Parameters
    ----------
    name, title, question : str
    reference : str
        The study's name or path on the command line; empty for a study defined in Python.
    file : Path
        The study's file; for a study defined in Python, its name in messages.
    levers : dict of str to Scenario
        The alternatives: for each, the base with the study's length and the lever's policies.
    usual_care : str
        The lever without policies of its own.
    factors : tuple of Factor
    points : list of tuple
        Points, each with a value for every factor; a study without factors has a single, empty point.
    design : dict
        Kind of the design and its settings.
    replicates, seed : int
    outcomes : tuple of str
        Outcomes that the study is about; empty when the study names none.
    daily : tuple of str
        Outcomes kept for every day; empty unless `storage: daily`.
    precision : tuple of (str, float)
        Half-width of the 95 % interval to reach at every point, by outcome; empty when replicates are fixed.
    most_replicates : int
    slices : int or None
        Slices of each factor in an analysis by PAWN (`experiments.sensitivity.indices.pawn`).
    warnings : tuple of ScenarioWarning
        What is valid but hardly meant in the base or in a lever, unless a factor varies it.
    notes : tuple of str
        What was guessed when the file of points was read.
    """

    name: str
    title: str
    question: str
    reference: str
    file: Path
    levers: dict[str, Scenario]
    usual_care: str
    factors: tuple[Factor, ...]
    points: list[Point]
    design: dict[str, Any]
    replicates: int
    seed: int
    outcomes: tuple[str, ...] = ()
    daily: tuple[str, ...] = ()
    precision: tuple[tuple[str, float], ...] = ()
    most_replicates: int = 1000
    slices: int | None = None
    warnings: tuple[ScenarioWarning, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """Length of every run, in days."""
        return next(iter(self.levers.values())).days

    def seed_of(self, replicate: int) -> int:
        """Return the seed of a replicate: the same at every point and under every lever."""
        return replicate_seed(self.seed, replicate)

    def trees(self) -> "dict[str, Tree]":
        """Return each lever's scenario as a `Tree`, in which a point sets its values."""
        named = [keys["file"] for factor in self.factors for keys in factor.stands.values()]
        files = tuple(Path(file) for file in named if file is not None)
        return {name: Tree(scenario, files) for name, scenario in self.levers.items()}

    def settings(self, lever: str, point: Point) -> tuple[tuple[KeyPath, Value | None], ...]:
        """Return the paths and values that a point sets in the scenario of a lever."""
        pairs = zip(self.factors, point, strict=True)
        return tuple(setting for factor, value in pairs for setting in factor.settings(lever, value))

    def scenario(self, lever: str, point: int) -> Scenario:
        """Return the scenario to run at a point under a lever.

        Raises
        ------
        ScenarioError
            When the values of the point contradict each other.
        """
        return Tree(self.levers[lever]).built(self.settings(lever, self.points[point]))

    def again(self, store: Path | str | None, key: str) -> str:
        """Return the command that repeats a run, or the Python call for a study without a file.

        Without `store`, the command uses the default store.
        """
        from experiments.store.provenance import command

        if not self.reference:
            place = f"{str(store)!r}, " if store else ""
            return f"sweep(study, {place}only={key!r})"
        where = ["--store", str(store)] if store else []
        return command("dayroom", "sweep", self.reference, *where, "--only", key)

    def problem(self) -> dict[str, Any]:
        """Describe the factors to SALib's analyses, in the order of the points."""
        from experiments.designs.sensitivity import problem

        return problem(self.factors)


@dataclass
class Tree:
    """A scenario as nested values; each point changes a few of them.

    Parameters
    ----------
    scenario : Scenario
    also : tuple of Path
        Files that points name and the scenario does not.
    """

    scenario: Scenario
    also: tuple[Path, ...] = ()
    values: dict[str, Any] = field(init=False)
    files: SameFiles = field(init=False)

    def __post_init__(self) -> None:
        self.files = SameFiles.of(self.scenario)
        self.files.planned |= {path: contents(path) for path in self.also}
        self.values = self.scenario.model_dump(mode="json")
        simulated = {name: value for name, value in self.values.items() if name not in NOT_SIMULATED}
        self._digests = {str(path): digest for path, digest in self.files.planned.items()}
        self._addressed = _with_files(simulated, self._digests)
        self._earlier = {name: value for name, value in self._addressed.items() if name not in FROM_DAY_0}
        if self.extensions:
            self._addressed["extensions"] = self.extensions
            self._earlier["extensions"] = text_of(one for one in self.files.extensions if one.kind != "policy")

    @property
    def extensions(self) -> str:
        """The code of other packages that the scenario uses (`experiments.store.extensions.text_of`)."""
        return text_of(self.files.extensions)

    def built(self, settings: Sequence[tuple[KeyPath, Value | None]]) -> Scenario:
        """Return the scenario with some values changed, checked again.

        Raises
        ------
        ScenarioError
            When the values contradict each other.
        """
        return validated(_changed(self.values, settings), self.scenario.name)

    def digest(self, settings: Sequence[tuple[KeyPath, Value | None]]) -> str:
        """Return a digest of all that affects a run: values, contents of files, code of other packages."""
        return self._digest(self._addressed, settings)

    def start(self, settings: Sequence[tuple[KeyPath, Value | None]]) -> str:
        """Return a digest of all that affects a run before day 0; empty when nothing settles before day 0.

        The settings of points that share a start then differ only in policies.
        """
        earlier = [(path, value) for path, value in settings if path[0] not in FROM_DAY_0]
        settling = dict(earlier).get(("settling",), self._earlier["settling"])
        return self._digest(self._earlier, earlier) if settling else ""

    def _digest(self, values: dict[str, Any], settings: Sequence[tuple[KeyPath, Value | None]]) -> str:
        """Return a digest of addressed values with some of them changed."""
        addressed = [(path, _with_files(value, self._digests)) for path, value in settings] if self.also else settings
        text = json.dumps(_changed(values, addressed), ensure_ascii=True, separators=(",", ":"))
        return hashlib.blake2b(text.encode(), digest_size=16, person=b"scenario").hexdigest()


def _changed(values: dict[str, Any], settings: Sequence[tuple[KeyPath, Value | None]]) -> dict[str, Any]:
    """Return nested values with some of them changed; copy only the sections that contain a change."""
    copied: dict[KeyPath, Any] = {(): dict(values)}
    for path, value in settings:
        _copied(copied, path[:-1])[path[-1]] = value
    whole: dict[str, Any] = copied[()]
    return whole


def _copied(copied: dict[KeyPath, Any], path: KeyPath) -> Any:
    """Return a copy of the section at a path, made at the first call and linked into copies of the outer sections."""
    if path not in copied:
        above, key = _copied(copied, path[:-1]), path[-1]
        copied[path] = above[key] = above[key].copy()
    return copied[path]


def _with_files(value: Any, files: dict[str, str]) -> Any:
    """Return nested values with each name of a file replaced by a digest of the file's contents."""
    if isinstance(value, dict):
        return {key: _with_files(item, files) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_files(item, files) for item in value]
    return files.get(value, value) if isinstance(value, str) else value
