"""Define a study in Python instead of a YAML file, with the same settings, checks and runs."""

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel

from experiments.designs.points import with_index
from experiments.studies.networks import NETWORK, Graph
from experiments.studies.reading import Reading
from experiments.studies.schema import in_full
from experiments.studies.study import Study
from sim.language import say
from sim.scenario.reading import ScenarioLike
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.scenario import Scenario
from sim.scenario.tables.table import Row, Table
from sim.scenario.text import nodes
from sim.scenario.text.errors import Problem, ScenarioError

if TYPE_CHECKING:
    import pandas as pd

type Value = float | int | bool | str
"""A value of a factor; a text may hold a number with its unit, such as "40 %"."""
type Range = Literal["plausible"] | Sequence[Value] | Mapping[str, object]
"""Values of a factor: the plausible range, a list of values, or a mapping with `from`, `to`, `levels`."""
type Policies = Mapping[str, PolicyUse | Mapping[str, object]]
"""Policies by their names in this study, each as an object or as a mapping like in a scenario's file."""

PREFIX: Final = "study"
"""Start of a study's name when its question has too few usable words."""
LONGEST: Final = 40
"""Most letters of a question in the study's name; a longer question is cut, and the name ends in a digest."""
POINTS: Final = "the points"
"""Name of a frame of points in messages."""
_OF_FRAME: Final = re.compile(r"^factors\.(.+?)(?:\.\d+)?(?=:|$)")
"""A factor of a frame in a message, and the place of a value among the distinct ones, which the row replaces."""
_LETTERS: Final = re.compile("[a-z0-9]+")
_WORDS: Final = re.compile("[A-Za-z0-9]+( [A-Za-z0-9]+)+[?.!]?")
"""A question of plain words, which a name keeps in full; the name of any other question ends in a digest."""


def define_study(
    question: str,
    base: ScenarioLike = "baseline",
    *,
    name: str | None = None,
    title: str = "",
    factors: Mapping[str, Range] | None = None,
    levers: Mapping[str, Policies] | None = None,
    design: "str | Mapping[str, object] | pd.DataFrame | None" = None,
    replicates: int = 20,
    seed: int = 0,
    days: int | None = None,
    settling: int | None = None,
    outcomes: Sequence[str] | None = None,
    storage: Literal["ends", "daily"] = "ends",
    precision: Mapping[str, float] | None = None,
    most_replicates: int = 1000,
    slices: int | None = None,
) -> Study:
    """Define a study with the settings that a study's file may have; docs/sweeps.md explains each.

    Parameters
    ----------
    question : str
        The question that the study answers.
    base : Scenario, str or path
        A `Scenario`, the name of a shipped scenario, or the path of a file.
    name : str, optional
        Name of the study in the store, which holds one of each name; by default made from the question.
    title : str
    factors : mapping of str to range, optional
        Parameters to vary, by path: `{"centres.*.users": [10, 20], "users.empathy.mean": "plausible"}`. The factor
        `network` takes files and graphs of networkx; results show a graph's `name`, or else a digest of its ties.
    levers : mapping of str to policies, optional
        Policies of each alternative by its name; exactly one alternative has none, such as `usual-care` in
        `{"usual-care": {}, "pairs": {"pairs": BuddyScheme(...)}}`.
    design : str, mapping or DataFrame, optional
        A kind such as `"grid"`, or a kind with its settings: `{"kind": "sobol", "points": 64}`; by default a grid, or
        plain replicates without factors. A frame has a row for each point and a column (or a named index) for each
        factor by path; without `factors`, its values are the allowed ones.
    replicates, seed : int
        Number of runs at each point under each lever, and the seed of the first; all points and levers share the seeds.
    days, settling : int, optional
        Days of each run and of its settling; by default those of the base.
    outcomes : sequence of str, optional
        Outcomes that the study is about; by default the primary outcomes.
    storage : "ends" or "daily"
        Whether the store also keeps the outcomes of each day.
    precision, most_replicates : mapping of str to float, optional, and int
        Half-width of the 95 % interval to reach at every point, by outcome, and the most replicates that it may take.
    slices : int, optional
        Slices of each factor in an analysis by PAWN; by default 10, or fewer with few points.

    Raises
    ------
    ScenarioError
        Lists all mistakes of the study.

    Examples
    --------
    >>> from dayroom import define_study
    >>> study = define_study("How many users?", "baseline", factors={"centres.*.users": [10, 20]})
    >>> study.name, study.points
    ('how-many-users', [(10,), (20,)])
    """
    table = None
    varied: Mapping[str, Range | nodes.Node] | None = factors
    if design is not None and not isinstance(design, str | Mapping):
        table, varied = _table(frame := _of_names(with_index(design))), factors or _values(frame)
        design = {"kind": "points", "file": table.file}
    written = {
        "name": _of_question(question) if name is None else name, "title": title, "question": question,
        "base": base.name if isinstance(base, Scenario) else str(base), "days": days, "settling": settling,
        "factors": varied, "levers": None if levers is None else {name: _lever(one) for name, one in levers.items()},
        "design": ("grid" if varied else "replicates") if design is None else design,
        "replicates": replicates, "seed": seed, "outcomes": outcomes, "storage": storage, "precision": precision,
        "most_replicates": most_replicates, "slices": slices,
    }  # fmt: skip
    called = "the study" if name is None else f"study {name}"
    return _checked({key: value for key, value in written.items() if value is not None}, base, called, table)


def _of_question(question: str) -> str:
    """Return a name made from a question; different questions get different names, so the store keeps them apart."""
    name = "-".join(_LETTERS.findall(str(question).lower()))
    digest = hashlib.blake2b(str(question).encode(), digest_size=3).hexdigest()
    if len(name) > LONGEST:
        name = name[:LONGEST].rpartition("-")[0] or name[:LONGEST]
    elif _WORDS.fullmatch(str(question).strip()):
        return name
    return "-".join([*([name] if "-" in name else [PREFIX, *([name] if name else [])]), digest])


def _lever(policies: Policies) -> object:
    return {"policies": policies} if isinstance(policies, Mapping) and policies else policies


def _of_names(points: "pd.DataFrame") -> "pd.DataFrame":
    """Return a frame of points in which graphs of networkx have names."""
    if NETWORK not in points:
        return points
    named = points[NETWORK].map(lambda value: Graph.of(value, nodes.Place(POINTS)) or value)
    return points.assign(**{NETWORK: named})


def _table(points: "pd.DataFrame") -> Table:
    """Return the points of a frame as a table, whose lines are the numbers of its rows."""
    names = [name for name in points.columns if name != "point"]
    if points.empty:
        raise ScenarioError([Problem(POINTS, what=say("the frame has no rows; each row is a point"))])
    rows = points[names].astype(object).to_numpy().tolist()
    cells = [[str(value).lower() if isinstance(value, bool) else str(value) for value in row] for row in rows]
    numbered = tuple(Row(number, row, len(names)) for number, row in enumerate(cells, 1))
    return Table(POINTS, "", Row(0, [str(name) for name in names], len(names)), numbered)


def _values(points: "pd.DataFrame") -> dict[str, nodes.Node]:
    """Return the values that each factor takes in a frame of points, each with the first row that holds it."""
    columns = [name for name in points.columns if name != "point"]
    values: dict[str, nodes.Node] = {}
    for column, name in enumerate(columns, 1):
        firsts = (~points[name].duplicated()).tolist()
        rows = enumerate(points[name].tolist(), 1)
        items = [_node(value, nodes.Place(POINTS, row, column)) for row, value in rows if firsts[row - 1]]
        values[str(name)] = nodes.Sequence(tuple(items), nodes.Place(POINTS, 0, column))
    return values


def _checked(
    written: Mapping[str, object], base: Scenario | str | os.PathLike[str], called: str, table: Table | None
) -> Study:
    """Check a study as if it came from a file, but report problems without line numbers."""
    root = _node(written, nodes.Place(called))
    assert isinstance(root, nodes.Mapping)  # noqa: S101 - a mapping stays one
    reading = Reading(Path(called), in_full(root), [], base if isinstance(base, Scenario) else None, table)
    try:
        return reading.study("")
    except ScenarioError as error:
        raise ScenarioError([_placed(mistake, called) for mistake in error.problems]) from None


def _placed(mistake: Problem, called: str) -> Problem:
    """Return a mistake without the line of a text that nobody wrote; in a frame, its row and column are the place."""
    if mistake.file == POINTS:
        path, what = (_OF_FRAME.sub(r"\1", words) for words in (mistake.path, mistake.what))
        return replace(mistake, path=path, what=what)
    return replace(mistake, line=0, column=0) if mistake.file == called else mistake


def _node(value: object, place: nodes.Place) -> nodes.Node:
    """Return the node that the YAML reader would make for a value."""
    if isinstance(value, Graph):
        return replace(value, place=place)
    if isinstance(value, nodes.Scalar | nodes.Sequence | nodes.Mapping):
        return value
    if graph := Graph.of(value, place):
        return graph
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, Mapping):
        entries = {str(key): nodes.Entry(place, _node(item, place)) for key, item in value.items()}
        return nodes.Mapping(entries, place)
    if not isinstance(value, str) and hasattr(value, "tolist"):  # arrays and numbers of numpy
        value = value.tolist()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return nodes.Sequence(tuple(_node(item, place) for item in value), place)
    if value is None or isinstance(value, str | int | float):
        return nodes.Scalar(value, str(value), place)
    return nodes.Scalar(str(value), str(value), place)
