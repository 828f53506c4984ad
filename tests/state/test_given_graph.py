"""A graph of networkx as the starting network of a scenario."""

import pickle

import networkx as nx
import numpy as np
import pytest

from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import InputError
from sim.state.files.survey import NetworkFileError, network_problems, seat_matrix


def small(**changes) -> Scenario:
    given = {"name": "small", "days": 5, "settling": 0, "centres": {"park": {"users": 5}, "lake": {"users": 6}}}
    return Scenario.model_validate(given | changes)


def closeness(scenario: Scenario, names=()) -> np.ndarray:
    return seat_matrix(scenario.network, list(names), 5)


def test_an_undirected_graph_goes_both_ways_in_the_order_of_its_nodes():
    graph = nx.Graph()
    graph.add_nodes_from([30, 10, 20])
    graph.add_edge(10, 20)
    found = closeness(small().with_network(graph))
    assert np.argwhere(found > 0).tolist() == [[1, 2], [2, 1]]
    assert set(found[found > 0]) == {0.475}


def test_directions_and_weights_are_kept():
    graph = nx.DiGraph()
    graph.add_edge("a", "b", closeness=0.3)
    graph.add_edge("b", "a", closeness=np.float64(0.7))
    found = closeness(small().with_network(graph))
    assert (found[0, 1], found[1, 0]) == (0.3, 0.7)
    scaled = nx.DiGraph([("a", "b", {"felt": 4}), ("b", "c", {"felt": 5})])
    assert closeness(small().with_network(scaled, closeness="felt", scale=5))[0, 1] == 0.8


def test_nodes_are_users_by_name_or_by_order():
    graph = nx.Graph([("Bo", "Cy")])
    graph.add_node("An")
    by_name = closeness(small().with_network(graph), ["An", "Bo", "Cy"])
    assert np.argwhere(by_name > 0).tolist() == [[1, 2], [2, 1]]
    by_order = closeness(small().with_network(graph, match="order"), ["An", "Bo", "Cy"])
    assert np.argwhere(by_order > 0).tolist() == [[0, 1], [1, 0]]
    with pytest.raises(NetworkFileError, match="id 'Bo', allowed is those of the users: An, Dee"):
        closeness(small().with_network(graph), ["An", "Dee"])


def test_a_scenario_with_a_graph_is_whole_without_its_file():
    scenario = small().with_network(nx.path_graph(4))
    assert pickle.loads(pickle.dumps(scenario)) == scenario  # noqa: S301 - its own bytes
    assert Scenario.model_validate(scenario.model_dump(mode="json")) == scenario
    assert scenario.network.hours_per_year == small().network.hours_per_year


def test_a_centre_has_a_graph_of_its_own():
    scenario = small().with_network(nx.path_graph(4), centre="lake")
    assert scenario.network == small().network
    assert scenario.centres["lake"].network.kind == "graph"
    assert scenario.centres["park"].network is None
    with pytest.raises(InputError, match="unknown centre 'laek'; did you mean 'lake'"):
        small().with_network(nx.path_graph(4), centre="laek")


def test_mistakes_in_a_graph_are_found_before_a_run():
    scenario = small().with_network(nx.complete_graph(6))
    assert [problem.found for problem in network_problems(scenario)] == ["6 users"]
    heavy = nx.Graph([("a", "b", {"weight": 3.0})])
    [problem] = network_problems(small(centres={"park": {"users": 5}}).with_network(heavy))
    assert problem.found == "'3.0'"


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        (nx.MultiGraph([(1, 2), (1, 2)]), "found a multigraph"),
        (nx.Graph([(1, "1")]), "two nodes with the same id as text"),
        ([(1, 2)], "found a list, allowed is a networkx Graph or DiGraph"),
        ("g.graphml", "found a str"),
    ],
)
def test_what_is_no_simple_graph_is_refused(graph, message):
    with pytest.raises(InputError, match=message):
        small().with_network(graph)


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"kind": "graph"}, "a network of kind graph needs the key graph"),
        ({"kind": "file"}, "a network of kind file needs the key file"),
        ({"kind": "none", "graph": "{}"}, "a network of kind none takes no graph"),
    ],
)
def test_kind_and_contents_agree(section, message):
    with pytest.raises(ValueError, match=message):
        small(network=section)
