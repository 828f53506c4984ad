"""Friendships that a policy keeps, adds and ends, with each user at the same place in both networks."""

from collections.abc import Hashable
from typing import Final

import networkx as nx
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots import style
from experiments.plots.layout import positions
from experiments.plots.names import names_in, write_names
from experiments.statistics.numbers import many
from sim.state.columns import LEVELS

FRIENDS: Final = LEVELS[LEVELS.index("friend") :]
Pair = frozenset[Hashable]
LOOKS: Final[dict[str, tuple[str, style.Dashes, float]]] = {
    "kept": ("#B8B8B8", "solid", 1.1),
    "lost": (style.VERMILION, (0, (3, 1.6)), 1.6),
    "gained": (style.GREEN, "solid", 1.9),
}
"""Colour, dashes and width of each kind of tie; later kinds lie on top."""
MARKS: Final = {
    "both": ("o", "#4D4D4D", "#4D4D4D"),
    "base": ("v", style.PAPER, style.VERMILION),
    "other": ("^", style.PAPER, style.GREEN),
}
"""Shape, fill and rim of a user, by the networks that the user is in."""


def network_difference(
    base_graph: nx.DiGraph, other_graph: nx.DiGraph, *, base: str = "base", other: str = "other"
) -> Figure:
    """Draw which friendships are in both networks, and which are in only one of them.

    Two users count as friends when at least one of them feels so: a tie at level friend or closer, in either direction.

    Parameters
    ----------
    base_graph, other_graph : DiGraph
        The same day of the same replicate under the base and under a policy; ties carry `level`, listed users `name`.
    base, other : str
        Names of the scenarios, for the legend.

    Raises
    ------
    ValueError
        When neither network has a user, or a tie lacks its level.
    """
    crowd = set(base_graph) | set(other_graph)
    if not crowd:
        raise ValueError("there is no network to draw")
    before, after = friendships(base_graph), friendships(other_graph)
    ties = {"kept": before & after, "lost": before - after, "gained": after - before}
    where = {
        "both": set(base_graph) & set(other_graph),
        "base": set(base_graph) - set(other_graph),
        "other": set(other_graph) - set(base_graph),
    }
    places = positions([base_graph, other_graph], FRIENDS)
    figure = style.figure(7.8, 8.2)
    axes = figure.subplots()
    axes.set_xlim(-1.08, 1.08)
    axes.set_ylim(-1.08, 1.08)
    axes.set_aspect("equal")
    axes.set_axis_off()
    _ties(axes, ties, places)
    _users(axes, where, places)
    note = f"{_size(base_graph, before)} under {base}\n{_size(other_graph, after)} under {other}"
    style.heading(axes, f"Friendships that {other} makes and unmakes", note)
    _legend(figure, ties, where, (base, other))
    write_names(axes, names_in([base_graph, other_graph]), places, 0.5 * _mark(len(places)) ** 0.5)
    return style.finish(figure)


def friendships(graph: nx.DiGraph) -> set[Pair]:
    """Return the pairs of users of whom at least one feels the other to be a friend or closer.

    Raises
    ------
    ValueError
        When a tie has no level, or an unknown level.
    """
    pairs = set()
    for a, b, level in graph.edges(data="level"):
        if level not in LEVELS:
            raise ValueError(f"the tie from {a} to {b} has the level {level}; allowed: {', '.join(LEVELS)}")
        if level in FRIENDS:
            pairs.add(frozenset((a, b)))
    return pairs


def _size(graph: nx.DiGraph, pairs: set[Pair]) -> str:
    return f"{many(len(graph), 'user')}, {many(len(pairs), 'friendship')}"


def _ties(axes: Axes, ties: dict[str, set[Pair]], places: dict[Hashable, np.ndarray]) -> None:
    """Draw ties as lines, kept ties below lost and gained ties."""
    thinner = float(np.clip((60 / max(len(places), 1)) ** 0.5, 0.3, 1.0))
    for height, (kind, (colour, dashes, width)) in enumerate(LOOKS.items()):
        rank = {node: number for number, node in enumerate(places)}
        pairs = sorted(sorted(rank[node] for node in pair) for pair in ties[kind])
        spots = [*places.values()]
        lines = LineCollection([(spots[a], spots[b]) for a, b in pairs], linestyles=[dashes])
        lines.set(color=colour, linewidth=width * thinner, zorder=1 + 0.1 * height)
        axes.add_collection(lines)


def _mark(n: int) -> float:
    """Return the area of a user's mark in square points."""
    return float(np.clip(3200 / max(n, 1), 5, 60))


def _users(axes: Axes, where: dict[str, set[Hashable]], places: dict[Hashable, np.ndarray]) -> None:
    size = _mark(len(places))
    for kind, (marker, face, rim) in MARKS.items():
        x, y = np.array([spot for node, spot in places.items() if node in where[kind]]).reshape(-1, 2).T
        wider = 1.0 if kind == "both" else 1.8
        axes.scatter(x, y, marker=marker, s=size * wider, facecolor=face, edgecolor=rim, linewidth=1.2, zorder=2)


def _legend(
    figure: Figure, ties: dict[str, set[Pair]], where: dict[str, set[Hashable]], names: tuple[str, str]
) -> None:
    """Name kinds of ties and users, with how many there are; leave out kinds of users that do not occur."""
    base, other = names
    tie_words = {"kept": "in both", "gained": f"gained: only under {other}", "lost": f"lost: only under {base}"}
    user_words = {"both": "in both", "base": f"only under {base}", "other": f"only under {other}"}
    handles = []
    for kind, words in tie_words.items():
        colour, dashes, width = LOOKS[kind]
        label = f"{many(len(ties[kind]), 'friendship')} {words}"
        handles.append(Line2D([], [], color=colour, linestyle=dashes, linewidth=width, label=label))
    for kind, words in user_words.items():
        if where[kind]:
            marker, face, rim = MARKS[kind]
            look: style.Keywords = {"marker": marker, "markerfacecolor": face, "markeredgecolor": rim, "markersize": 7}
            label = f"{many(len(where[kind]), 'user')} {words}"
            handles.append(Line2D([], [], linestyle="none", label=label, **look))
    note = (
        "A line joins two users of whom at least one feels the other to be a friend or closer. Everybody has one "
        "place, near those they are close to in either network. One pair of runs under the same chance: single ties "
        "differ by chance too, so look at how many there are and where."
    )
    style.legend(figure, handles, note, columns=min(2, style.fitting(handles, figure.get_figwidth())))
