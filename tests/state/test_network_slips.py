"""Networks as pandas and networkx write them: row numbers are left out, and a wrong one says what is right."""

import json
from pathlib import Path

import networkx as nx
import pytest

import dayroom
from sim.scenario.reading.notes import notes_of

RING = nx.cycle_graph(6)


def scenario(file: Path, **network: object) -> dayroom.Scenario:
    base = dayroom.load_scenario("baseline")
    park = dict(base.centres["park"]) | {"users": 6}
    network = {"kind": "file", "file": str(file), "match": "order"} | network
    return base.with_changes(days=2, settling=0, centres={"park": park}, network=network)


@pytest.mark.parametrize("first", [0, 1])
def test_the_row_numbers_of_pandas_are_left_out_and_noted(tmp_path: Path, first: int) -> None:
    edges = nx.to_pandas_edgelist(RING)
    edges.index += first
    edges.to_csv(tmp_path / "edges.csv")
    made = scenario(tmp_path / "edges.csv", directed=False)
    assert dayroom.run(made, seed=1, graph_days=[0]).graphs[0].number_of_edges() == 12
    assert any("numbers the rows" in note for note in notes_of(made))


def test_other_cells_under_no_header_are_refused(tmp_path: Path) -> None:
    (tmp_path / "edges.csv").write_text(",source,target\n7,0,1\n9,1,2\n", encoding="utf-8")
    with pytest.raises(dayroom.DayroomError, match="under no header"):
        dayroom.run(scenario(tmp_path / "edges.csv", directed=False), seed=1)


def test_a_weight_above_the_scale_says_which_scale_reads_it(tmp_path: Path) -> None:
    base = scenario(tmp_path / "none.csv").with_changes(network=dayroom.Replace({"kind": "none"}))
    graph = nx.Graph([(0, 1, {"weight": 3.0}), (1, 2, {"weight": 1.0})])
    with pytest.raises(dayroom.DayroomError, match=r"allowed is a number from 0 to 1.*as in scale: 3"):
        dayroom.run(base.with_network(graph), seed=1)


def test_json_of_another_kind_says_which_kind_is_read(tmp_path: Path) -> None:
    (tmp_path / "ring.json").write_text(json.dumps(nx.adjacency_data(RING)), encoding="utf-8")
    with pytest.raises(dayroom.DayroomError, match="node_link_data"):
        dayroom.run(scenario(tmp_path / "ring.json"), seed=1)
