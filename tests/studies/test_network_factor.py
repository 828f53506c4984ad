"""A study that starts runs with one network file or another."""

from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from experiments.studies import define_study, load_study
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import ScenarioError
from sim.state.files.graphs import write_graphml

STUDY = """\
question: Which network?
base: base.yaml
days: 5
factors: {{network: {networks}}}
levers:
  usual-care: {{}}
  pairs: {{policies: {{pairs: {{policy: buddy_scheme}}}}}}
design: grid
replicates: 2
"""
BASE = "extends: baseline\nsettling: 0\ncentres: {park: {users: 8}}\nnetwork: {told_share: 0.3, unweighted: 0.5}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two networks and a base."""
    write_graphml(nx.cycle_graph(8), tmp_path / "ring.graphml")
    write_graphml(nx.complete_graph(8), tmp_path / "clique.graphml")
    (tmp_path / "base.yaml").write_text(BASE)
    return tmp_path


def study(folder: Path, networks: str = "[ring.graphml, clique.graphml]"):
    (folder / "s.yaml").write_text(STUDY.format(networks=networks))
    return load_study(folder / "s.yaml")


def test_each_point_starts_with_a_file_and_keeps_the_other_keys(folder):
    found = study(folder)
    assert found.points == [("ring.graphml",), ("clique.graphml",)]
    networks = [found.scenario("pairs", point).network for point in (0, 1)]
    assert [network.file.name for network in networks] == ["ring.graphml", "clique.graphml"]
    assert {(network.kind, network.told_share, network.unweighted) for network in networks} == {("file", 0.3, 0.5)}


def test_runs_are_known_by_what_their_files_hold(folder):
    def digests() -> list[str]:
        found = study(folder)
        trees = found.trees()
        return [trees["usual-care"].digest(found.settings("usual-care", point)) for point in found.points]

    before = digests()
    assert len(set(before)) == 2
    write_graphml(nx.path_graph(8), folder / "clique.graphml")
    after = digests()
    assert (after[0] == before[0], after[1] == before[1]) == (True, False)
    write_graphml(nx.cycle_graph(8), folder / "clique.graphml")
    assert digests() == [before[0], before[0]], "two files with the same contents are the same scenario"


def test_the_files_of_all_points_go_with_the_runs(folder):
    planned = study(folder).trees()["pairs"].files.planned
    assert {path.name for path in planned} == {"ring.graphml", "clique.graphml"}


@pytest.mark.parametrize(
    ("networks", "message"),
    [
        ("ring.graphml", "allowed is a list of network files"),
        ("[]", "allowed is a list of network files"),
        ("[ring.graphml, 3]", "allowed is a list of network files"),
        ("[ring.graphml, ring.graphml]", "'ring.graphml' twice"),
        ("[none.graphml]", "'none.graphml': "),
        ("[../out.graphml]", "allowed is a file in the folder of this study or below it"),
    ],
)
def test_mistakes_are_named_with_their_place(folder, networks, message):
    with pytest.raises(ScenarioError, match=r"s.yaml:4:\d+: factors.network: ") as caught:
        study(folder, networks)
    assert message in str(caught.value)


def test_a_file_that_does_not_fit_is_found_before_the_sweep(folder):
    write_graphml(nx.complete_graph(9), folder / "clique.graphml")
    with pytest.raises(ScenarioError, match="9 users, allowed is at most 8"):
        study(folder)


def test_a_study_in_python_takes_files_from_anywhere(folder):
    base = Scenario.model_validate({"name": "b", "days": 5, "settling": 0, "centres": {"park": {"users": 8}}})
    files = [folder / "ring.graphml", folder / "clique.graphml"]
    found = define_study("Which network?", base, factors={"network": files}, replicates=1)
    assert [Path(point[0]) for point in found.points] == files


def test_a_study_in_python_takes_graphs_in_a_list_and_in_a_frame(folder):
    base = Scenario.model_validate({"name": "b", "days": 5, "settling": 0, "centres": {"park": {"users": 8}}})
    ring, clique = nx.cycle_graph(8), nx.complete_graph(8)
    ring.name = "ring"
    listed = define_study("Which?", base, factors={"network": [ring, clique, folder / "ring.graphml"]}, replicates=1)
    names = [str(point[0]) for point in listed.points]
    assert names[0] == "ring"
    assert names[1].startswith("graph-")
    networks = [listed.scenario("usual-care", point).network for point in range(3)]
    assert networks[0] == base.with_network(ring).network
    assert networks[1] == base.with_network(clique).network
    assert networks[2].kind == "file"
    tree = listed.trees()["usual-care"]
    assert len({tree.digest(listed.settings("usual-care", point)) for point in listed.points}) == 3
    framed = define_study("Which?", base, design=pd.DataFrame({"network": [clique, ring, nx.complete_graph(8)]}))
    assert [point[0] for point in framed.points] == [names[1], names[0], names[1]]


def test_a_graph_that_does_not_fit_is_found_before_the_sweep(folder):
    with pytest.raises(ScenarioError, match="9 users, allowed is at most 8"):
        define_study("Which?", folder / "base.yaml", factors={"network": [nx.complete_graph(9)]})
    again = nx.path_graph(8)
    again.name = "ring"
    other = nx.cycle_graph(8)
    other.name = "ring"
    with pytest.raises(ScenarioError, match=r"factors.network: found 'ring' twice"):
        define_study("Which?", folder / "base.yaml", factors={"network": [again, other]})
