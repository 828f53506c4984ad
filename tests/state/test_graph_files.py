"""Graphs written as GraphML or GEXF come back with the same nodes, edges, values and types."""

import math
import os
import pickle
import struct
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.state.files.graphs import read_gexf, read_graphml, write_gexf, write_graphml
from sim.state.files.xml import NetworkFileError

FORMATS = {"graphml": (write_graphml, read_graphml), "gexf": (write_gexf, read_gexf)}
every_format = pytest.mark.parametrize("name", FORMATS)


def same(a, b):
    """Compare values and types exactly; floats bit for bit, except the payload of NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b) or (math.isnan(a) and math.isnan(b))
    return a == b


def differences(a, b):
    """List what differs between two graphs; empty when they are the same."""
    found = []
    if type(a) is not type(b):
        found.append(f"{type(a)} against {type(b)}")
    if not same([*a], [*b]):
        found.append(f"nodes {[*a]} against {[*b]}")
    if set(a.edges) != set(b.edges):
        found.append(f"edges {set(a.edges) ^ set(b.edges)}")
    if found:
        return found
    pairs = [("graph", a.graph, b.graph)]
    pairs += [(node, a.nodes[node], b.nodes[node]) for node in a]
    pairs += [(edge, a.edges[edge], b.edges[edge]) for edge in a.edges]
    return [f"{where}: {x} against {y}" for where, x, y in pairs if not same(dict(x), dict(y))]


def sent(graph, name, folder):
    """Write and read a graph."""
    write, read = FORMATS[name]
    path = Path(folder) / f"graph.{name}"
    write(graph, path)
    return read(path)


def rich():
    """Return a graph with everything that is hard."""
    graph = nx.DiGraph(day=3, model="dayroom", none=None, shares=[0.1, 0.2], deep="a\r\nb\x00", large=10**30)
    graph.add_node(7, needs=[0.1, 1 / 3, 5e-324, -0.0, 1.0], sex="woman", unwell=True, left=-1.0, label="seven")
    graph.add_node(-9, needs=[1.0], sex=" a<&>\"' \t\n ", unwell=None, none=None, empty=[], id="x", mixed=1)
    graph.add_node(2**70, nothing="", huge=-(2**63) - 1, inf=[math.inf, -math.inf, math.nan], mixed=1.0)
    graph.add_node(
        0, mixed=True, odd="\ud800\ufffe\x0b", words=["a", None, 1, 2.5, False, ""], **{"needs.emotional": 2}
    )
    graph.add_edge(7, -9, closeness=0.1 + 0.2, help=[0.0] * 5, told=False, level="friend", last_contact=-1)
    graph.add_edge(-9, 7, weight=2, type="x", id="e1", source=1, label=None)
    graph.add_edge(0, 0)
    return graph


@every_format
def test_everything_hard_comes_back(name, tmp_path):
    assert differences(rich(), sent(rich(), name, tmp_path)) == []


@every_format
def test_comparison_can_fail(name, tmp_path):
    graph = sent(rich(), name, tmp_path)
    graph.nodes[7]["needs"][2] = 0.0
    graph.nodes[0]["mixed"] = 1
    graph.edges[7, -9]["closeness"] = 0.3
    assert len(differences(rich(), graph)) == 3


@every_format
@pytest.mark.parametrize("graph", [nx.DiGraph(), nx.Graph(), nx.Graph([(1, 2), (2, 2)]), nx.DiGraph([("a", "b")])])
def test_small_graphs_keep_direction_and_ids(name, graph, tmp_path):
    assert differences(graph, sent(graph, name, tmp_path)) == []


@every_format
def test_ids_of_both_kinds_stay_apart(name, tmp_path):
    graph = nx.DiGraph([(1, "1"), ("1", "\r"), ("true", 1)])
    assert differences(graph, sent(graph, name, tmp_path)) == []


@every_format
def test_numpy_scalars_are_written_as_plain_values(name, tmp_path):
    graph = nx.DiGraph(day=np.int64(3))
    graph.add_node(1, a=np.float64(0.1), b=np.bool_(True), c=[np.uint32(7)])
    plain = nx.DiGraph(day=3)
    plain.add_node(1, a=0.1, b=True, c=[7])
    assert differences(plain, sent(graph, name, tmp_path)) == []


TEXT = st.text(max_size=8) | st.sampled_from(["none", "x.0", "x.none", "needs.emotional", "\r", "\x00", "]]>", " a "])
SCALAR = st.none() | st.booleans() | st.integers() | st.integers(-(2**80), 2**80) | st.floats() | TEXT
NAME = st.text(st.characters(exclude_categories=["C"]), max_size=5) | st.sampled_from(
    ["x", "x.0", "x.1", "x.none", "x.float", "needs", "needs.emotional", "id", "label", "weight", "missing", "key"]
)
ATTRIBUTES = st.dictionaries(NAME, SCALAR | st.lists(SCALAR, max_size=6), max_size=4)


@st.composite
def graphs(draw):
    graph = draw(st.sampled_from([nx.DiGraph, nx.Graph]))()
    graph.graph.update(draw(ATTRIBUTES))
    nodes = draw(st.lists(st.integers() | TEXT, unique=True, max_size=5))
    for node in nodes:
        graph.add_node(node)
        graph.nodes[node].update(draw(ATTRIBUTES))
    for u, v in draw(st.lists(st.tuples(st.sampled_from(nodes), st.sampled_from(nodes)), max_size=6)) if nodes else ():
        graph.add_edge(u, v)
        graph.edges[u, v].update(draw(ATTRIBUTES))
    return graph


@every_format
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=graphs())
def test_any_simple_graph_comes_back(name, tmp_path, graph):
    assert differences(graph, sent(graph, name, tmp_path)) == []


def test_networkx_reads_graphml_as_ordinary_graphml(tmp_path):
    graph = nx.DiGraph(day=3)
    graph.add_node(7, needs=[0.1, 0.2, 0.3, 0.4, 0.5], sex="woman", unwell=True, left=None)
    graph.add_edge(7, 8, closeness=0.25)
    write_graphml(graph, tmp_path / "g.graphml")
    other = nx.read_graphml(tmp_path / "g.graphml")
    assert other.nodes["7"]["needs.emotional"] == 0.1
    assert other.nodes["7"]["needs.tangible"] == 0.5
    assert other.nodes["7"]["unwell"] is True
    assert other.nodes["7"]["left.none"] is True
    assert other.edges["7", "8"]["closeness"] == 0.25
    assert other.graph["day"] == 3


def test_networkx_reads_gexf_as_ordinary_gexf(tmp_path):
    graph = nx.DiGraph(day=3)
    graph.add_node(7, needs=[0.1, 0.2, 0.3, 0.4, 0.5], sex="woman", unwell=True)
    graph.add_edge(7, 8, closeness=0.25, told=True)
    graph.add_edge(8, 7, closeness=0.0)
    write_gexf(graph, tmp_path / "g.gexf")
    other = nx.read_gexf(tmp_path / "g.gexf")
    assert other.nodes["7"]["needs.emotional"] == 0.1
    assert other.nodes["7"]["label"] == "7"
    assert other.edges["7", "8"]["weight"] == 0.25
    assert "weight" not in other.edges["8", "7"]
    assert other.edges["7", "8"]["told"] is True


@every_format
def test_files_of_networkx_are_read_with_ids_as_text(name, tmp_path):
    graph = nx.DiGraph()
    graph.add_node("1", age=40, mood=0.5, well=True, sex="man")
    graph.add_edge("1", "2", weight=0.5)
    path = tmp_path / f"g.{name}"
    {"graphml": nx.write_graphml, "gexf": nx.write_gexf}[name](graph, path)
    found = FORMATS[name][1](path)
    for key, value in graph.nodes["1"].items():
        assert same(found.nodes["1"][key], value)
    assert same(found.edges["1", "2"]["weight"], 0.5)
    assert found.is_directed()


YED = """<?xml version="1.0"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
  <key for="node" id="d0" yfiles.type="nodegraphics"/>
  <key for="edge" id="d1" attr.name="weight" attr.type="double"><default>0.5</default></key>
  <key for="all" id="d2" attr.name="note" attr.type="string"/>
  <graph edgedefault="undirected">
    <node id="n0"><data key="d0"><y:ShapeNode><y:NodeLabel>A</y:NodeLabel></y:ShapeNode></data></node>
    <node id="n1"><data key="d2">both</data></node>
    <node id="n2"/>
    <edge source="n0" target="n1"/>
    <edge source="n1" target="n2" directed="true"><data key="d1">1</data></edge>
  </graph>
</graphml>"""


def test_defaults_graphics_and_mixed_directions_of_other_programs(tmp_path):
    (tmp_path / "g.graphml").write_text(YED)
    graph = read_graphml(tmp_path / "g.graphml")
    assert graph.nodes["n1"] == {"note": "both"}
    assert dict(graph.edges) == {
        ("n0", "n1"): {"weight": 0.5},
        ("n1", "n0"): {"weight": 0.5},
        ("n1", "n2"): {"weight": 1.0},
    }


GEPHI = """<?xml version='1.0' encoding='UTF-8'?>
<gexf xmlns="http://gexf.net/1.3" version="1.3" xmlns:viz="http://gexf.net/1.3/viz">
  <meta lastmodifieddate="2024-01-01"><creator>Gephi 0.10.1</creator><description>a map</description></meta>
  <graph defaultedgetype="directed" mode="static">
    <attributes class="node" mode="static"><attribute id="age" title="Age" type="integer"/></attributes>
    <nodes>
      <node id="a" label="Anna"><attvalues><attvalue for="age" value="40"/></attvalues><viz:size value="10.0"/></node>
      <node id="b" label="Bo"/>
    </nodes>
    <edges><edge id="0" source="a" target="b" weight="2.0"/></edges>
  </graph>
</gexf>"""


def test_labels_and_weights_of_gephi_become_attributes(tmp_path):
    (tmp_path / "g.gexf").write_text(GEPHI)
    graph = read_gexf(tmp_path / "g.gexf")
    assert dict(graph.nodes) == {"a": {"Age": 40, "label": "Anna"}, "b": {"label": "Bo"}}
    assert dict(graph.edges) == {("a", "b"): {"weight": 2.0}}
    assert graph.graph == {"description": "a map"}


GRAPHML = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n{}\n</graphml>'
INT_KEY = '<key id="k" for="node" attr.name="age" attr.type="int"/>\n'
BOMB = '<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y "&x;&x;">]>\n' + GRAPHML.format('<graph edgedefault="directed"/>')


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (BOMB, 1, "found a DOCTYPE, allowed is XML without one"),
        ("<graphml><graph>", 1, "broken XML"),
        ("", 1, "broken XML"),
        ("<gexf/>", 1, "found <gexf> as the outermost element, allowed is <graphml>"),
        ('<?xml version="1.0" encoding="klingon"?><graphml/>', 1, "XML"),
        (GRAPHML.format(""), 1, "0 elements <graph>"),
        (GRAPHML.format("<graph/>"), 2, "<graph> without edgedefault"),
        (GRAPHML.format('<graph edgedefault="directed">\n<node/></graph>'), 3, "<node> without id"),
        (
            GRAPHML.format('<graph edgedefault="directed">\n<node id="a"/>\n<node id="a"/></graph>'),
            4,
            "'a', named in line 3 already",
        ),
        (
            GRAPHML.format('<graph edgedefault="directed"><node id="a"/>\n<edge source="a" target="b"/></graph>'),
            3,
            "an edge of 'b'",
        ),
        (
            GRAPHML.format(
                '<graph edgedefault="undirected"><node id="a"/><node id="b"/>\n<edge source="a" target="b"/>\n'
                '<edge source="b" target="a"/></graph>'
            ),
            4,
            "repeats the one in line 3",
        ),
        (
            GRAPHML.format(
                f'{INT_KEY}<graph edgedefault="directed">\n<node id="a"><data key="k">4_0</data></node></graph>'
            ),
            4,
            "age: found '4_0', allowed is a whole number",
        ),
        (
            GRAPHML.format('<graph edgedefault="directed">\n<node id="a"><data key="k">1</data></node></graph>'),
            3,
            "'k', which is not declared",
        ),
        (GRAPHML.format('<graph edgedefault="directed"><hyperedge/></graph>'), 2, "a hyperedge"),
        (GRAPHML.format("<a>" * 30 + "</a>" * 30), 2, "more than 20 elements inside each other"),
        (GRAPHML.format('<graph edgedefault="directed"><node id="a"><graph/></node></graph>'), 2, "inside <node>"),
    ],
)
def test_broken_files_are_refused_with_their_place(text, line, message, tmp_path):
    (tmp_path / "g.graphml").write_text(text)
    with pytest.raises(NetworkFileError) as caught:
        read_graphml(tmp_path / "g.graphml")
    assert message in str(caught.value)
    assert caught.value.line == line
    assert caught.value.file.endswith("g.graphml")


def test_missing_file_and_folder_are_refused(tmp_path):
    with pytest.raises(NetworkFileError, match="no such file"):
        read_graphml(tmp_path / "none.graphml")
    with pytest.raises(NetworkFileError, match="a folder"):
        read_gexf(tmp_path)


def test_error_survives_pickling(tmp_path):
    with pytest.raises(NetworkFileError) as caught:
        read_graphml(tmp_path / "none.graphml")
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert (str(again), again.problems) == (str(caught.value), caught.value.problems)


@every_format
@pytest.mark.parametrize(
    ("graph", "error", "message"),
    [
        (nx.MultiDiGraph(), TypeError, "multigraph"),
        (nx.DiGraph([((1, 2), 3)]), TypeError, r"node \(1, 2\)"),
        (nx.DiGraph([(1.5, 3)]), TypeError, r"node 1\.5"),
        (nx.DiGraph(position=(1, 2)), TypeError, "'position': found a tuple"),
        (nx.DiGraph(deep=[[1]]), TypeError, "'deep': found a list"),
        (nx.DiGraph(**{"a\x00": 1}), ValueError, "characters that XML can hold"),
    ],
)
def test_what_cannot_come_back_is_not_written(name, graph, error, message, tmp_path):
    with pytest.raises(error, match=message):
        FORMATS[name][0](graph, tmp_path / "g")
    assert list(tmp_path.iterdir()) == []


@every_format
def test_failed_write_leaves_the_old_file_and_nothing_else(name, tmp_path, monkeypatch):
    path = tmp_path / "g"
    path.write_text("old")

    def broken(_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="disk full"):
        FORMATS[name][0](rich(), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
