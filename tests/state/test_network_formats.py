"""Networks mean the same in every format: directions, ties without a value, and networkx's own files."""

import json
import re

import networkx as nx
import numpy as np
import pytest

from sim.language import Language, speaking
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Network
from sim.state.files.graphs import write_gexf, write_graphml
from sim.state.files.survey import NetworkFileError, read_network, seat_matrix


def survey(tmp_path, text, name="s.csv", **options):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_network(path, **options)


@pytest.fixture
def ring() -> nx.Graph:
    """Return an undirected graph in which the order of nodes differs from that of edges."""
    return nx.relabel_nodes(nx.watts_strogatz_graph(25, 6, 0.3, seed=2), lambda node: 24 - node)


WRITERS = {
    "g.graphml": write_graphml,
    "n.graphml": nx.write_graphml,
    "g.gexf": write_gexf,
    "n.gexf": nx.write_gexf,
    "g.net": nx.write_pajek,
    "g.gml": nx.write_gml,
    "g.json": lambda graph, path: path.write_text(json.dumps(nx.node_link_data(graph))),
    "old.json": lambda graph, path: path.write_text(json.dumps(nx.node_link_data(graph, edges="links"))),
    "matrix.csv": lambda graph, path: nx.to_pandas_adjacency(graph).to_csv(path),
    "edges.csv": lambda graph, path: nx.to_pandas_edgelist(graph).to_csv(path, index=False),
    "g.adjlist": nx.write_adjlist,
    "g.edgelist": nx.write_edgelist,
    "weighted.edgelist": nx.write_weighted_edgelist,
}
LISTS = ("edges.csv", "g.adjlist", "g.edgelist", "weighted.edgelist")


def start(path, **settings):
    """Return closeness by seat for sampled users."""
    return seat_matrix(Network(kind="file", file=path, **settings), [], 25)


@pytest.mark.parametrize("name", WRITERS)
def test_an_undirected_graph_gives_the_same_start_from_every_format(tmp_path, ring, name):
    graph = nx.Graph()
    graph.add_nodes_from(range(25))
    graph.add_edges_from(ring.edges)
    wanted = nx.to_numpy_array(graph) * 0.475
    WRITERS[name](ring if name in LISTS else graph, tmp_path / name)
    told = {"directed": False} if name in LISTS else {}
    assert np.array_equal(start(tmp_path / name, **told), wanted)
    assert np.array_equal(start(tmp_path / name, directed=False, unweighted=0.6), wanted / 0.475 * 0.6)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_without_a_returned_tie_is_refused_until_its_direction_is_given(tmp_path, ring, name):
    WRITERS[name](ring, tmp_path / name)
    with pytest.raises(
        NetworkFileError, match=r"a list of 75 ties, none of which is returned.*directed: false, if each"
    ):
        start(tmp_path / name)
    assert (start(tmp_path / name, directed=True) > 0).sum() == 75


@pytest.mark.parametrize("language", Language)
def test_what_the_refusal_says_can_be_typed_into_a_scenario(tmp_path, ring, language):
    WRITERS["edges.csv"](ring, tmp_path / "edges.csv")
    with speaking(language), pytest.raises(NetworkFileError) as refused:
        start(tmp_path / "edges.csv")
    typed = re.findall(r"directed: [a-z]+", str(refused.value))
    described = re.findall(r"(?<=states\. )[a-z]+(?=: )", Network.model_fields["directed"].description)
    assert len(typed) == 2
    for words in (*typed, *(f"directed: {word}" for word in described)):
        text = f"extends: baseline\nnetwork: {{kind: file, file: edges.csv, {words}}}\n"
        (tmp_path / "ours.yaml").write_text(text, encoding="utf-8")
        assert load_scenario(tmp_path / "ours.yaml").network.directed is (words == "directed: true")


@pytest.mark.parametrize("name", WRITERS)
def test_a_directed_graph_keeps_its_directions_in_every_format(tmp_path, name):
    graph = nx.gnp_random_graph(25, 0.3, seed=1, directed=True)
    WRITERS[name](graph, tmp_path / name)
    assert np.array_equal(start(tmp_path / name) > 0, nx.to_numpy_array(graph) > 0)


def test_rows_that_gephi_calls_undirected_go_both_ways(tmp_path):
    text = "Source,Target,Type,Id,Label,Weight\na,b,Undirected,0,,0.5\na,c,Directed,1,,0.25\n"
    assert survey(tmp_path, text).closeness.tolist() == [[0, 0.5, 0.25], [0.5, 0, 0], [0, 0, 0]]


def test_weight_is_read_where_there_is_no_closeness_and_only_then(tmp_path):
    assert survey(tmp_path, "source,target,weight\na,b,0.3\n").closeness[0, 1] == 0.3
    assert survey(tmp_path, "source,target,weight,closeness\na,b,0.3,0.7\n").closeness[0, 1] == 0.7


@pytest.mark.parametrize(("cell", "closeness"), [("1", 0.475), ("0.9", 1.0)])
def test_only_a_matrix_of_0_and_1_is_unweighted(tmp_path, cell, closeness):
    assert survey(tmp_path, f",a,b\na,,1\nb,{cell},\n").closeness[0, 1] == closeness


def test_two_answers_that_differ_are_no_undirected_tie(tmp_path):
    (tmp_path / "s.csv").write_text(",a,b,c\na,,0.5,0.2\nb,0.6,,0\nc,0,0,\n")
    with pytest.raises(NetworkFileError, match=r"0\.5 and 0.6 between 'a' and 'b'"):
        read_network(tmp_path / "s.csv", directed=False)
    assert read_network(tmp_path / "s.csv", directed=True).closeness[2, 0] == 0


def test_an_undirected_graph_is_not_read_as_directed(tmp_path, ring):
    write_graphml(ring, tmp_path / "g.graphml")
    with pytest.raises(NetworkFileError, match="directed: found yes, for an undirected graph, allowed is no"):
        read_network(tmp_path / "g.graphml", directed=True)


def test_a_pickle_is_refused_with_the_way_out(tmp_path):
    (tmp_path / "g.pickle").write_bytes(b"never read")
    with pytest.raises(NetworkFileError, match=r"can run any code.*with_network\(graph\), or dayroom.write_graphml"):
        read_network(tmp_path / "g.pickle")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("g.net", "*Vertices 2\n1 a\n2 b\n*Arcs\n1 2 1\n*Edges\n1 2 1\n"),
        ("g.gml", "graph [ node ["),
        ("g.json", '{"nodes": 3}'),
        ("g.json", "[" * 100_000),
        ("g.edgelist", "a b {'weight': __import__('os')}"),
    ],
)
def test_a_broken_file_of_networkx_is_refused(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(NetworkFileError, match="a text that networkx cannot read"):
        read_network(tmp_path / name)


def test_parallel_edges_are_refused(tmp_path):
    (tmp_path / "g.net").write_text("*Vertices 2\n1 a\n2 b\n*Arcs\n1 2 1\n1 2 1\n")
    with pytest.raises(NetworkFileError, match="repeats the one"):
        read_network(tmp_path / "g.net")
