"""The network of a day as a graph of plain values, and the generators of starting networks."""

import inspect
import subprocess
import sys
from typing import get_args

import networkx as nx
import numpy as np
import pytest

from sim.scenario.schema.scenario import Generator, Network
from sim.state.columns import ACTIVITIES, CENTRE, LEVELS, NEEDS, NOBODY, PRESENT, TIE, USER, record
from sim.state.files.graphs import read_gexf, read_graphml, write_gexf, write_graphml
from sim.state.state import State
from sim.state.ties import ARGUMENTS, generated, graph, level


def tiny():
    """Return a state of two centres of three made by hand; one seat is free, and one user has left."""
    users, centres, ties = (np.zeros(n, record(c)).view(np.recarray) for n, c in ((7, USER), (2, CENTRE), (18, TIE)))
    users.uid = [2**32 - 1, 11, 12, 13, 14, 15, 16]
    users.status = [PRESENT] * 5 + [2, 0]
    users.sex, users.unwell, users.only_child = 1, 1, 1
    users.left, users.age = -1, 40.5
    users.needs[0] = [0.1, 0.2, 0.3, 0.4, 0.5]
    centres.capacity, centres.first_seat, centres.first_tie = 3, [0, 3], [0, 9]
    ties[1].closeness, ties[1].help[4] = 0.6, 0.25
    ties[3].told, ties[5].withdrawn = 1, 1
    ties[0].closeness = ties[9 + 2].closeness = ties[9 + 8].closeness = 1.0  # oneself, and towards a free seat
    ties[9 + 1].closeness = 0.2
    seats = np.array([0, 1, 2, 3, 4, NOBODY], np.int32)
    unused = dict.fromkeys(State._fields)
    return State(**(unused | {"users": users, "ties": ties, "seats": seats, "centres": centres}))


def plain(value):
    return type(value) in (bool, int, float, str) or (type(value) is list and all(type(x) is float for x in value))


def test_nodes_are_the_enrolled_with_every_column_in_plain_values():
    found = graph(tiny(), day=3)
    assert list(found) == [2**32 - 1, 11, 12, 13, 14]
    assert found.graph == {"model": "dayroom", "day": 3}
    for node, attributes in found.nodes.items():
        assert type(node) is int
        assert list(attributes) == [column.name for column in USER]
        assert all(map(plain, attributes.values()))
    first = found.nodes[2**32 - 1]
    assert first["sex"] == "woman"
    assert first["unwell"] is True
    assert first["only_child"] is True
    assert first["divorced"] is False
    assert first["status"] == "present"
    assert first["speciality"] == ACTIVITIES[0]
    assert first["needs"] == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert len(first["interest"]) == len(ACTIVITIES)
    assert first["age"] == 40.5


def test_edges_are_the_ties_that_are_more_than_an_introduction():
    found = graph(tiny(), at_least=0)
    assert set(found.edges) == {(2**32 - 1, 11), (11, 2**32 - 1), (11, 12), (13, 14)}
    for attributes in found.edges.values():
        assert list(attributes) == [*(column.name for column in TIE), "level", "weight"]
        assert all(map(plain, attributes.values()))
    tie = found.edges[2**32 - 1, 11]
    assert (tie["closeness"], tie["level"], tie["told"]) == (0.6, "confidant", False)
    assert tie["help"] == [0.0, 0.0, 0.0, 0.0, 0.25]
    assert found.edges[11, 2**32 - 1]["told"] is True
    assert found.edges[11, 12]["withdrawn"] is True


@pytest.mark.parametrize(
    ("at_least", "edges"),
    [
        ("acquaintance", {(2**32 - 1, 11), (13, 14)}),
        (0.1, {(2**32 - 1, 11), (13, 14)}),
        ("friend", {(2**32 - 1, 11)}),
        (0.6, {(2**32 - 1, 11)}),
        ("kin-like", set()),
        ("stranger", {(2**32 - 1, 11), (11, 2**32 - 1), (11, 12), (13, 14)}),
    ],
)
def test_edges_begin_at_a_level_or_a_closeness(at_least, edges):
    found = graph(tiny(), at_least=at_least)
    assert set(found.edges) == edges
    assert all(tie["weight"] == tie["closeness"] for tie in found.edges.values())
    assert set(graph(tiny()).edges) == set(graph(tiny(), at_least="acquaintance").edges)


@pytest.mark.parametrize(
    ("at_least", "message"),
    [
        ("frend", "at_least: found 'frend'; did you mean 'friend'"),
        (1.5, "found 1.5, allowed"),
        (True, "found True"),
        (float("nan"), "found nan"),
    ],
)
def test_no_such_level(at_least, message):
    with pytest.raises(ValueError, match=message):
        graph(tiny(), at_least=at_least)


def test_one_centre_and_no_such_centre():
    found = graph(tiny(), 1)
    assert list(found) == [13, 14]
    assert list(found.edges) == [(13, 14)]
    assert found.graph == {"model": "dayroom"}
    for wrong in (2, -1):
        with pytest.raises(IndexError, match=f"found centre {wrong}, allowed is 0 to 1"):
            graph(tiny(), wrong)


def test_an_empty_centre_gives_an_empty_graph():
    state = tiny()
    state.seats[:] = NOBODY
    assert len(graph(state)) == 0


@pytest.mark.parametrize(
    ("name", "write", "read"), [("g.graphml", write_graphml, read_graphml), ("g.gexf", write_gexf, read_gexf)]
)
def test_the_graph_of_a_day_survives_its_files(name, write, read, tmp_path):
    whole = graph(tiny(), day=3, at_least=0)
    write(whole, tmp_path / name)
    again = read(tmp_path / name)
    assert again.graph == whole.graph
    assert dict(again.nodes) == dict(whole.nodes)
    assert dict(again.edges) == dict(whole.edges)
    for label in NEEDS:
        assert f"needs.{label}" in (tmp_path / name).read_text()


@pytest.mark.parametrize(
    ("closeness", "name"), [(0.0, 0), (0.0999, 0), (0.1, 1), (0.35, 2), (0.6, 3), (0.8499, 3), (0.85, 4), (1.0, 4)]
)
def test_levels_begin_at_their_bounds(closeness, name):
    assert level(closeness) == LEVELS[name]


GOOD = {
    "gnp_random_graph": {"p": 0.3},
    "watts_strogatz_graph": {"k": 6.0, "p": 0.3},
    "barabasi_albert_graph": {"m": 2},
    "powerlaw_cluster_graph": {"m": 2, "p": 0.5},
    "random_geometric_graph": {"radius": 0.3},
    "gaussian_random_partition_graph": {"s": 5, "v": 5, "p_in": 0.6, "p_out": 0.1},
    "random_regular_graph": {"d": 4},
}


def test_every_generator_of_the_schema_is_known_with_its_arguments():
    assert set(ARGUMENTS) == set(get_args(Generator)) == set(GOOD)
    for kind, arguments in ARGUMENTS.items():
        signature = inspect.signature(getattr(nx, kind)).parameters
        required = {name for name, each in signature.items() if each.default is inspect.Parameter.empty}
        required -= {"n", "backend_kwargs"}
        assert {name for name, each in arguments.items() if each.default is None} == required
        assert set(arguments) <= set(signature)
        for name, each in arguments.items():
            assert each.default is None or each.default == signature[name].default


@pytest.mark.parametrize("kind", GOOD)
def test_pairs_are_those_of_networkx_and_depend_on_the_seed_alone(kind):
    pairs = generated(kind, GOOD[kind], 25, 7)
    wanted = {name: int(value) if name in ("k", "m", "d") else value for name, value in GOOD[kind].items()}
    assert set(pairs) == {tuple(sorted(edge)) for edge in getattr(nx, kind)(n=25, seed=7, **wanted).edges}
    assert pairs == sorted(set(pairs)) == generated(kind, GOOD[kind], 25, 7)
    assert pairs != generated(kind, GOOD[kind], 25, 8)
    assert all(0 <= i < j < 25 for i, j in pairs)


def test_default_network_of_a_scenario_can_be_generated():
    network = Network()
    assert generated(network.generator, dict(network.arguments), 25, 2**64 - 1)


def test_nearly_complete_regular_graphs_are_drawn_at_once():
    pairs = generated("random_regular_graph", {"d": 97}, 100, 1)
    assert (np.bincount(np.array(pairs).ravel()) == 97).all()


@pytest.mark.parametrize(
    ("kind", "arguments", "n", "message"),
    [
        ("gnp_random_grap", {}, 9, "found generator 'gnp_random_grap'; did you mean 'gnp_random_graph'"),
        ("fast_gnp", {}, 9, "allowed is one of gnp_random_graph, watts"),
        ("gnp_random_graph", {"q": 1}, 9, "gnp_random_graph: found argument 'q', allowed is one of p"),
        ("gnp_random_graph", {"seed": 1, "p": 1}, 9, "found argument 'seed'"),
        ("gaussian_random_partition_graph", {"p_inn": 1}, 9, "did you mean 'p_in'"),
        ("watts_strogatz_graph", {"k": 4}, 9, "found no argument 'p', allowed for 9 users is a number from 0 to 1"),
        (
            "watts_strogatz_graph",
            {"k": 10, "p": 0},
            9,
            "found k = 10, allowed for 9 users is a whole number from 0 to 9",
        ),
        ("watts_strogatz_graph", {"k": 2.5, "p": 0}, 9, "found k = 2.5, allowed for 9 users is a whole number"),
        ("watts_strogatz_graph", {"k": True, "p": 0}, 9, "found k = True"),
        ("gnp_random_graph", {"p": 1.01}, 9, "found p = 1.01, allowed for 9 users is a number from 0 to 1"),
        ("gnp_random_graph", {"p": float("nan")}, 9, "found p = nan"),
        ("barabasi_albert_graph", {"m": 9}, 9, "found m = 9, allowed for 9 users is a whole number from 1 to 8"),
        ("random_geometric_graph", {"radius": -1}, 9, "found radius = -1"),
        ("gaussian_random_partition_graph", {"s": 10, "v": 1, "p_in": 1, "p_out": 1}, 9, "found s = 10"),
        ("random_regular_graph", {"d": 3}, 9, "found d = 3, allowed for 9 users is an even number"),
        ("random_regular_graph", {"d": 9}, 9, "found d = 9, allowed for 9 users is a whole number from 0 to 8"),
    ],
)
def test_arguments_that_are_not_allowed_are_named(kind, arguments, n, message):
    with pytest.raises(ValueError, match="found") as caught:
        generated(kind, arguments, n, 1)
    assert message in str(caught.value)


def test_networkx_is_loaded_only_for_a_graph():
    modules = "sim.state.ties, sim.state.files.graphs, sim.state.files.survey, sim.state.starting"
    code = f"import sys, {modules}; print('networkx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
