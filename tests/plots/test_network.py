"""Networks beside each other: stable places, distinct levels, one-sided ties, and any size of centre."""

from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from scipy.spatial.distance import pdist

from experiments.plots.layout import positions
from experiments.plots.run.network import LARGE, network_panels, ties_by_kind
from sim.state.columns import LEVELS

Faults = Callable[[Figure], list[str]]
Words = Callable[[Figure], str]


def _tie(*ties: tuple[int, int, str]) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(4), loneliness=0.5, given=0.0, received=0.0)
    graph.add_edges_from((a, b, {"level": level}) for a, b, level in ties)
    return graph


@pytest.mark.parametrize("sizes", [(5,), (5, 5, 5), (25, 24), (60, 60, 60), (200, 200, 200)], ids=str)
def test_drawn_whole_at_any_size(sizes: tuple[int, ...], network: Any, faults: Faults) -> None:
    assert faults(network_panels({30 * k: network(n, first=k) for k, n in enumerate(sizes)})) == []


@pytest.mark.parametrize("days", [(0,), (0, 7, 14)], ids=str)
def test_nobody_no_ties_and_one_user(days: tuple[int, ...], network: Any, faults: Faults, words: Words) -> None:
    nobody = network_panels(dict.fromkeys(days, nx.DiGraph()))
    assert "nobody enrolled" in words(nobody)
    assert faults(nobody) == []
    alone = network_panels(dict.fromkeys(days, network(1, ties=0)))
    assert "1 user; 0.0 friends each" in words(alone)
    assert faults(alone) == []
    assert faults(network_panels(dict.fromkeys(days, network(24, ties=0)))) == []
    with pytest.raises(ValueError, match="no network"):
        network_panels({})


def test_only_acquaintances_and_strangers(words: Words, faults: Faults) -> None:
    figure = network_panels({0: _tie((0, 1, "acquaintance"), (1, 2, "stranger"))})
    assert "0.0 friends each" in words(figure)
    assert faults(figure) == []


def test_legend_explains_levels_one_sidedness_roles_and_newcomers(network: Any, words: Words) -> None:
    said = words(network_panels({0: network(), 30: network(first=2)}))
    for term in (*LEVELS[1:], "one-sided", "helper", "helped", "mutual", "uninvolved", "newcomer", "UCLA-20"):
        assert term in said
    assert "Day 30" in said
    assert "newcomers: 2" in said


def test_the_closer_the_thicker(network: Any) -> None:
    lines = [c for c in network_panels({0: network(30, ties=4)}).axes[0].collections if isinstance(c, LineCollection)]
    widths = [line.get_linewidth()[0] for line in lines[:4]]
    assert widths == sorted(widths)
    assert len(set(widths)) == 4


def test_ties_felt_by_both_and_by_one() -> None:
    ties = [(0, 1, "kin-like"), (1, 0, "friend"), (0, 2, "confidant"), (2, 0, "acquaintance"), (3, 0, "friend")]
    both, one = ties_by_kind(_tie(*ties, (1, 2, "acquaintance"), (2, 1, "acquaintance"), (2, 3, "acquaintance")))
    assert dict(both) == {"friend": [(0, 1)], "acquaintance": [(1, 2), (2, 3)]}
    assert dict(one) == {"confidant": [(0, 2)], "friend": [(3, 0)]}


def test_strangers_are_not_drawn_and_an_acquaintance_counts_once() -> None:
    both, one = ties_by_kind(_tie((0, 1, "stranger"), (3, 2, "acquaintance"), (2, 3, "stranger")))
    assert dict(both) == {"acquaintance": [(3, 2)]}
    assert not one


def test_everybody_stays_in_place(network: Any) -> None:
    figure = network_panels({0: network(12), 30: network(12), 60: network(12, first=6)})
    first, second, third = (
        {tuple(spot) for c in axes.collections if isinstance(c, PathCollection) for spot in c.get_offsets().tolist()}
        for axes in figure.axes[:3]
    )
    assert len(first) == 12
    assert first == second
    assert len(first & third) == 6


def test_a_crowd_shows_friends_only_without_numbers(network: Any, words: Words) -> None:
    figure = network_panels({0: network(LARGE + 10)})
    lines = [c for c in figure.axes[0].collections if isinstance(c, LineCollection)]
    assert len(lines) == 2 * len(LEVELS[2:])
    assert not figure.axes[0].texts[1:]  # only the line under the title
    assert "acquaintances are not drawn" in words(figure)


@pytest.mark.parametrize(("n", "sizes"), [(LARGE + 10, 1), (12, 2)])
def test_marks_of_one_shape_are_of_one_size(n: int, sizes: int, network: Any) -> None:
    axes = network_panels({0: network(n)}).axes[0]
    marks = [marks for marks in axes.collections if isinstance(marks, PathCollection) and len(marks.get_offsets())]
    assert len(marks) > 2
    assert len({float(size) for mark in marks for size in mark.get_sizes()}) == sizes


def test_friends_stand_nearer_than_others() -> None:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(20))
    graph.add_edges_from((a, a + 1, {"level": "friend"}) for a in range(0, 20, 2))
    places = positions([graph], LEVELS[1:])
    friends = np.mean([np.hypot(*(places[a] - places[a + 1])) for a in range(0, 20, 2)])
    assert friends < 0.6 * pdist(list(places.values())).mean()


@pytest.mark.parametrize("n", [1, 2, 3, 25, 80])
def test_nobody_stands_on_another_and_all_are_inside(n: int, network: Any) -> None:
    for ties in (0, 2.0, 6.0):
        graph = network(n, ties=ties) if n > 1 else network(1, ties=0)
        spots = np.array(list(positions([graph], LEVELS[1:]).values()))
        assert np.abs(spots).max() <= 1.0 + 1e-9
        assert pdist(spots).min(initial=1.0) > 0.01


def test_one_without_ties_does_not_crowd_the_others(network: Any) -> None:
    graph = network(25, ties=4)
    before = pdist(list(positions([graph], LEVELS[1:]).values()))
    graph.add_node(99, loneliness=0.9, given=0.0, received=0.0)
    places = positions([graph], LEVELS[1:])
    del places[99]
    assert np.median(pdist(list(places.values()))) > 0.6 * np.median(before)
