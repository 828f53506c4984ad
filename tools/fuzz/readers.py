"""Everything that reads a file of others, with examples to begin from."""

import io
import json
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from experiments.calibration.targets import TARGETS, read_targets
from experiments.compare.ensembles import read_ensemble
from experiments.report.plot.folder import drawings_in
from experiments.report.reports import report_of
from experiments.store.results import stored_result
from experiments.store.runs.plans import read_plan, studies
from experiments.store.runs.store import TABLES, RunStore
from experiments.store.runs.versions import recorded
from experiments.studies.reading import load_study
from experiments.validation.waves_table import read_waves
from sim.scenario.conditions.condition import Condition, ConditionError
from sim.scenario.conditions.names import CENTRE_ATTRIBUTES, USER_ATTRIBUTES
from sim.scenario.reading.load import load_scenario
from sim.scenario.reading.roster import read_roster
from sim.scenario.schema.scenario import Scenario
from sim.state.files.survey import read_network

ROOT: Final = Path(__file__).parents[2]
SCENARIOS: Final = ROOT / "scenarios"
FIRST_FORMAT: Final = ROOT / "tests" / "store" / "first_format" / "made.tar.xz"
CONDITIONS: Final = (
    "mean(burden) > 60 for 4 weeks",
    "age >= 35 and not helper",
    "mean(loneliness_ucla20) > 45 or users < 10",
    "sex == 'woman' and 0.2 < mood <= 0.8",
    "lives_with in ('parents', 'alone')",
    "share(unwell) > 20 %",
)
RATINGS: Final = "week,from,to,rating\n1,A,B,1\n1,B,A,2\n1,C,A,4\n1,D,E,3\n1,E,A,2\n9,A,B,2\n9,B,C,1\n9,D,E,2\n"
ENSEMBLE: Final = "users.disclosure_threshold.mean,rules.encounters.chaxugeju\n0.4,0.3\n0.5,0.6\n0.6,0.7\n"


@dataclass(frozen=True, slots=True)
class Example:
    """A file that can be read: its path inside a folder, and its contents."""

    file: str
    contents: bytes


@dataclass(frozen=True, slots=True)
class Reader:
    """Something that reads a file.

    Parameters
    ----------
    examples : callable
        Returns the files to begin from.
    read : callable
        Takes the file that was written, or the folder around it; raises only a DayroomError.
    prepare : callable, optional
        Fills the folder with what the file needs beside it.
    of_folder : bool
        Whether `read` takes the folder.
    share : float
        Inputs of a long trial as a share of those of the other readers: some are slow.
    """

    examples: Callable[[], list[Example]]
    read: Callable[[Path], object]
    prepare: Callable[[Path], None] | None = None
    of_folder: bool = False
    share: float = 1.0


def _files(*paths: Path) -> list[Example]:
    return [Example(f"input{path.suffix}", path.read_bytes()) for path in paths]


def _as_workbook(csv: str) -> Example:
    """Return a table as a workbook."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for line in csv.splitlines():
        sheet.append(line.split(","))
    contents = io.BytesIO()
    book.save(contents)
    return Example("input.xlsx", contents.getvalue())


def _with_workbook(*paths: Path, text: str = "") -> list[Example]:
    """Return tables of files, and of a text, as they are and as workbooks."""
    texts = [path.read_text(encoding="utf-8") for path in paths] + ([text] if text else [])
    return [one for csv in texts for one in (Example("input.csv", csv.encode()), _as_workbook(csv))]


def _scenarios() -> list[Example]:
    return _files(*sorted(SCENARIOS.glob("*.yaml")))


def _studies() -> list[Example]:
    return _files(*sorted((ROOT / "experiments" / "studies").glob("*.yaml")))


def _beside(folder: Path) -> None:
    """Copy the files that shipped scenarios and studies name."""
    shutil.copytree(SCENARIOS, folder, dirs_exist_ok=True)
    for path in (ROOT / "experiments" / "studies").glob("*.csv"):
        shutil.copy(path, folder)


def _graphs() -> list[Example]:
    """Return a small network of friends in every format."""
    from tempfile import TemporaryDirectory

    import networkx as nx

    from sim.state.files.graphs import write_gexf, write_graphml

    graph: nx.DiGraph[Any] = nx.DiGraph()
    for one, other, closeness in (("P1", "P2", 0.5), ("P2", "P1", 0.75), ("P3", "P1", 1.0), ("P4", "P2", 0.25)):
        graph.add_edge(one, other, closeness=closeness)
    made = {}
    with TemporaryDirectory() as folder:
        for ending, write in ((".graphml", write_graphml), (".gexf", write_gexf)):
            write(graph, Path(folder, "x"))
            made[ending] = Path(folder, "x").read_bytes()
            Path(folder, "x").unlink()
    weighted = nx.DiGraph((one, other, {"weight": value}) for one, other, value in graph.edges.data("closeness"))
    made[".net"] = "\n".join(nx.generate_pajek(weighted)).encode()
    made[".gml"] = "\n".join(nx.generate_gml(graph)).encode()
    made[".json"] = json.dumps(nx.node_link_data(graph, edges="links")).encode()
    made[".adjlist"] = "\n".join(nx.generate_adjlist(graph)).encode()
    made[".edgelist"] = "\n".join(nx.generate_edgelist(graph, data=["closeness"])).encode()
    return [Example(f"input{ending}", contents) for ending, contents in made.items()]


def _ensembles() -> list[Example]:
    import pandas as pd

    table = io.BytesIO()
    pd.read_csv(io.StringIO(ENSEMBLE)).to_parquet(table)
    return [*_with_workbook(text=ENSEMBLE), Example("input.parquet", table.getvalue())]


@cache
def _baseline() -> Scenario:
    return load_scenario("baseline")


def _unpack(folder: Path) -> None:
    with tarfile.open(FIRST_FORMAT) as archive:
        archive.extractall(folder, filter="data")


def _stored(*within: str) -> Callable[[], list[Example]]:
    """Return a function that returns the files of a result or a store."""

    def examples() -> list[Example]:
        with tarfile.open(FIRST_FORMAT) as archive:
            return [
                Example(one.name, file.read())
                for one in archive.getmembers()
                if one.name.partition("/")[0] in within and one.size and (file := archive.extractfile(one))
            ]

    return examples


def _read_condition(path: Path) -> None:
    import numpy as np

    text = path.read_bytes().decode("utf-8", "replace")
    values = {name: np.full(3, 1.0) for name in USER_ATTRIBUTES}
    values |= {name: np.full(2, 1.0) for name in CENTRE_ATTRIBUTES}
    refusals = []
    for scope in ("user", "centre"):
        try:
            Condition(text, scope).holds(values, np.array([0, 1, 1]), 2)
        except ConditionError as error:
            refusals.append(error)
    if len(refusals) == 2:
        raise refusals[0]


def _read_answers(path: Path) -> None:
    read_network(path, scale=4.0)


def _read_results(folder: Path) -> None:
    for name in ("ran", "compared"):
        stored = stored_result(folder / name)
        _ = stored.kind, stored.remark, stored.summary, stored.scenarios
        for table in stored.names:
            stored.table(table)
        drawings_in(folder / name)


def _read_store(folder: Path) -> None:
    for version in recorded(folder / "store"):
        store = RunStore(folder / "store", version.name)
        for table in TABLES:
            store.read(table)
        for study in studies(store):
            read_plan(store, study, store.report)


READERS: Final[dict[str, Reader]] = {
    "scenario": Reader(_scenarios, load_scenario, _beside),
    "study": Reader(_studies, load_study, _beside),
    "users": Reader(lambda: _with_workbook(SCENARIOS / "participants.csv"), read_roster),
    "network": Reader(lambda: _with_workbook(*sorted((SCENARIOS / "networks").glob("*.csv"))), _read_answers),
    "survey": Reader(lambda: _with_workbook(text=RATINGS), read_waves),
    "graph": Reader(_graphs, read_network),
    "points": Reader(_ensembles, lambda path: read_ensemble(path, [_baseline()])),
    "targets": Reader(lambda: _files(*TARGETS), read_targets),
    "condition": Reader(lambda: [Example("input.txt", text.encode()) for text in CONDITIONS], _read_condition),
    "result": Reader(_stored("ran", "compared"), _read_results, _unpack, of_folder=True),
    "store": Reader(_stored("store"), _read_store, _unpack, of_folder=True),
    "report": Reader(
        _stored("compared"), lambda folder: report_of(folder / "compared", brief=True), _unpack, True, share=0.001
    ),
}  # fmt: skip
"""All readers by name."""
