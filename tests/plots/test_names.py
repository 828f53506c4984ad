"""Names of listed users in figures: all of a list that has room, none of sampled users, and none over another."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import networkx as nx
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from experiments.plots.compare.friendships import network_difference
from experiments.plots.names import MOST, given_names
from experiments.plots.run.network import network_panels
from experiments.plots.run.roles import role_balance

Faults = Callable[[Figure], list[str]]
LISTED = [f"{family}{name}" for family in "王李张刘陈" for name in ("芳", "秀英", "Bo", "伟")]


def listed(graph: nx.DiGraph) -> nx.DiGraph:
    """Return a network whose users have the names of the list, but for those who were sampled."""
    for node in graph:
        graph.nodes[node]["name"] = LISTED[node] if node < len(LISTED) else f"user {node}"
    return graph


def names(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_text() in LISTED]


def overlaps(texts: list[Text]) -> list[tuple[str, str]]:
    """Return the pairs of names of which each covers a part of the other."""
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    return [(one, other) for (one, a), (other, b) in combinations(boxes, 2) if a.overlaps(b)]


def written(figure: Figure) -> list[str]:
    FigureCanvasAgg(figure).draw()
    return sorted(text.get_text() for text in names(figure))


def test_each_panel_names_the_users_of_the_list(network: Any, faults: Faults) -> None:
    figure = network_panels({0: listed(network(22)), 30: listed(network(20, first=2))})
    assert written(figure) == sorted([*LISTED, *LISTED[2:]])
    assert overlaps(names(figure)) == []
    assert faults(figure) == []
    assert not any(text.get_text().startswith("user ") for text in figure.findobj(Text))
    assert "names are those of the list" in " ".join(text.get_text() for text in figure.findobj(Text))


def test_friendships_name_them_too(network: Any, faults: Faults) -> None:
    figure = network_difference(listed(network(22)), {"new": listed(network(20, first=2))})
    assert written(figure) == sorted(LISTED)
    assert overlaps(names(figure)) == []
    assert faults(figure) == []


@pytest.mark.parametrize(("replicates", "expected"), [(1, LISTED), (2, [])])
def test_points_of_a_single_replicate_have_names(network: Any, replicates: int, expected: list[str]) -> None:
    """With several replicates a user has several points, which one name cannot mark."""
    rows = [{"uid": uid, "burden": 0.3, **user} for uid, user in listed(network(22)).nodes(data=True)]
    frame = pd.concat([pd.DataFrame(rows).assign(replicate=number) for number in range(replicates)])
    figure = role_balance(frame)
    assert written(figure) == sorted(expected)


def test_without_a_list_marks_keep_their_numbers(network: Any) -> None:
    texts = {text.get_text() for text in network_panels({0: network(12)}).findobj(Text)}
    assert {"1", "12"} <= texts


def test_more_names_than_a_figure_has_room_for_are_left_out() -> None:
    assert len(given_names({number: f"name {number}" for number in range(MOST)})) == MOST
    assert given_names({number: f"name {number}" for number in range(MOST + 1)}) == {}
    assert given_names({3: "user 3", 65_540: "user 4", 5: "user 3"}) == {5: "user 3"}


def test_a_centre_as_large_as_the_template_of_the_docs_has_its_names(network: Any) -> None:
    graph = listed(network(34))
    nx.set_node_attributes(graph, {uid: f"学员{number}" for number, uid in enumerate(graph)}, "name")
    figure = network_panels({0: graph})
    assert {f"学员{number}" for number in range(34)} <= {text.get_text() for text in figure.findobj(Text)}
