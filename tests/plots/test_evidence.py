"""Figures of costs, of networks compared, and of chance and ignorance."""

import dataclasses
from collections.abc import Callable

import comparison_frames as made
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse

from experiments.compare import cost
from experiments.plots import style
from experiments.plots.compare.acceptability import PALE, acceptability
from experiments.plots.compare.friendships import friendships, network_difference
from experiments.plots.compare.plane import cost_plane
from experiments.plots.compare.uncertainty import ranking_plot, split_bars
from experiments.statistics import orders, uncertainty

Words = Callable[[Figure], str]


def plane_of(n: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    finals = made.runs(n)
    return cost.plane(finals, resamples=800), cost.table(cost.costs(finals))


@pytest.mark.parametrize("number", [1, 3, 17])
def test_plane_has_a_ring_a_scenario_and_clouds_for_few(number: int, words: Words) -> None:
    figure = cost_plane(*plane_of(number))
    axes = figure.axes[0]
    assert len([patch for patch in axes.patches if isinstance(patch, Ellipse)]) == number
    assert len(axes.collections) == (number if number <= 7 else 0)
    said = words(figure)
    assert all(corner in said for corner in ("better and dearer", "worse and dearer", "better and cheaper"))
    assert "(yuan)" in axes.get_ylabel()


def test_ring_holds_95_percent_of_the_points() -> None:
    draws = np.random.default_rng(1).multivariate_normal([0.02, 300.0], [[1e-4, 0.4], [0.4, 4e3]], 4000)
    points = pd.DataFrame({"scenario": "a", "resample": range(4000), "effect": draws[:, 0], "cost": draws[:, 1]})
    figure = cost_plane(points, plane_of(1)[1])
    ring = next(patch for patch in figure.axes[0].patches if isinstance(patch, Ellipse))
    figure.draw_without_rendering()
    spots = figure.axes[0].transData.transform(np.column_stack([100.0 * draws[:, 0], draws[:, 1]]))
    inside = ring.get_transform().transform_path(ring.get_path()).contains_points(spots)
    assert inside.mean() == pytest.approx(0.95, abs=0.015)


def test_acceptability_draws_best_and_better_than_base(words: Words) -> None:
    points, _ = plane_of(3)
    frame = cost.acceptability(points, made.willingness(), "baseline")
    figure = acceptability(frame)
    left, right = figure.axes
    assert len(left.lines) == 4
    assert len(right.lines) == 3
    total = np.sum([line.get_ydata() for line in left.lines], axis=0)
    np.testing.assert_allclose(total, 100.0)
    assert "baseline (base)" in words(figure)


def test_of_many_scenarios_only_those_ever_likely_best_have_a_colour(words: Words) -> None:
    points, _ = plane_of(17)
    frame = cost.acceptability(points, made.willingness(), "baseline")
    figure = acceptability(frame)
    peak = frame[frame["scenario"] != "baseline"].groupby("scenario")["best"].max()
    coloured = [line for line in figure.axes[0].lines if line.get_color() not in (PALE, style.INK)]
    assert 0 < len(coloured) == min(6, int((peak >= 0.05).sum()))
    assert "Pale, as they are the least likely to be best: activity-timetable" in words(figure)


def graph(nodes: range, **ties: list[tuple[int, int]]) -> nx.DiGraph:
    found = nx.DiGraph()
    found.add_nodes_from(nodes)
    for level, pairs in ties.items():
        found.add_edges_from(pairs, level=level)
    return found


def test_friendships_kept_gained_and_lost_are_counted(words: Words) -> None:
    base = graph(range(5), friend=[(0, 1), (1, 0), (1, 2)], confidant=[(3, 4)], acquaintance=[(0, 3)])
    other = graph(range(1, 6), friend=[(2, 1), (4, 3), (5, 1), (2, 5)], acquaintance=[(1, 3)])
    assert friendships(base) == {frozenset(pair) for pair in ((0, 1), (1, 2), (3, 4))}
    figure = network_difference(base, {"new": other, "same": base}, base="usual")
    said = words(figure)
    assert "2 kept, 2 gained, 1 lost" in said
    assert "3 kept, 0 gained, 0 lost" in said
    assert "Without the policy (usual): 3 friendships." in said
    assert "One pair of runs a policy, of the first seed alone" in said
    assert "user only without the policy" in said
    drawn = [len(each.get_segments()) for each in figure.axes[0].collections if hasattr(each, "get_segments")]
    assert drawn == [2, 1, 2]


def test_a_kept_friendship_lies_in_the_same_place_as_its_users() -> None:
    base, other = made.graphs()
    figure = network_difference(base, {"new": other})
    users = {tuple(spot) for each in figure.axes[0].collections if not hasattr(each, "get_segments")
             for spot in np.round(each.get_offsets(), 9).tolist()}  # fmt: skip
    lines = [each for each in figure.axes[0].collections if hasattr(each, "get_segments")]
    ends = {tuple(end) for each in lines for line in each.get_segments() for end in np.round(line, 9).tolist()}
    assert len(users) == len(set(base) | set(other))
    assert ends <= users


def test_networks_that_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="there is no network to draw"):
        network_difference(nx.DiGraph(), {"new": nx.DiGraph()})
    wrong = graph(range(2))
    wrong.add_edge(0, 1)
    with pytest.raises(ValueError, match="the tie from 0 to 1 has the level None; allowed: stranger, acquaintance"):
        network_difference(wrong, {"new": graph(range(2))})
    network_difference(graph(range(1)), {"new": graph(range(0))})


def test_ranking_shows_shares_places_and_who_overtakes_the_best(words: Words) -> None:
    ranking = orders.ranking(*made.drawn(3), "lower")
    figure = ranking_plot({"loneliness_ucla20": ranking, "burden": ranking})
    assert len(figure.axes) == 4
    left, right = figure.axes[2:]
    assert [bar.get_width() for bar in left.patches if np.isclose(bar.get_height(), 0.62)] == pytest.approx(
        list(100.0 * ranking.places["share_best"])
    )
    places = next(line for line in right.lines if line.get_marker() == "o")
    assert list(places.get_xdata()) == list(ranking.places["mean_place"])
    assert f"does better than {ranking.default_order[0]} in" in words(figure)
    assert "mostly where stigma is low" in words(figure)
    calm = {"burden": dataclasses.replace(ranking, flips=(), share_by_chance=float("nan"))}
    assert "does better than" not in words(ranking_plot(calm))
    assert "by chance alone" not in words(ranking_plot(calm))
    with pytest.raises(ValueError, match="there is no outcome to draw"):
        ranking_plot({})


def test_splits_are_bars_of_100_percent_or_say_why_not(words: Words) -> None:
    values, _, _ = made.drawn(3)
    splits = uncertainty.split(values, "lower")
    figure = split_bars({"loneliness_ucla20": splits, "burden": splits[::-1]})
    for axes in (figure.axes[1], figure.axes[3]):
        widths = [bar.get_width() for bar in axes.patches if np.isclose(bar.get_height(), 0.62)]
        assert len(widths) == 6
        assert sum(widths) == pytest.approx(300.0)
    labels = [[label.get_text() for label in axes.get_yticklabels()] for axes in figure.axes]
    assert labels[0] == labels[2]  # the same order in all rows
    single = uncertainty.split(values[values["replicate"] == 0], "lower")
    assert "one replicate per draw: not known" in words(split_bars({"burden": single}))
    none = dataclasses.replace(splits[0], share_ignorance=float("nan"), truncated=True)
    assert "no more than chance between draws" in words(split_bars({"burden": [none]}))
    flat = dataclasses.replace(splits[0], share_ignorance=float("nan"), chance=0.0)
    assert "every pair differs by the same" in words(split_bars({"burden": [flat]}))
    few = dataclasses.replace(splits[0], draws=9)
    assert "too few draws to say" in words(split_bars({"burden": [few]}))
    with pytest.raises(ValueError, match="there is no scenario to draw"):
        split_bars({"burden": []})
    with pytest.raises(ValueError, match="no outcome is named joy"):
        split_bars({"joy": splits})
