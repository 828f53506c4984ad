"""The network of a centre on a few days, side by side, with each user always at the same place."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Final

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.measures.friendship import FRIEND
from experiments.plots import series, style, widths
from experiments.plots.frames import LEAST, LEVEL_NAMES, LONELY_SCORE, roles, ucla20
from experiments.plots.layout import positions
from experiments.plots.names import names_in, write_names
from experiments.statistics.numbers import beside, clauses, many
from sim.errors import InputError
from sim.language import later, say
from sim.state.columns import LEVELS

LARGE: Final = 150
"""With more users than this, users are dots without roles, and only friendships are drawn."""
NUMBERED: Final = 40
"""With at most this number of users, each mark carries a number, unless users have names."""
BOTH: Final = 12.0
"""Least width of a figure with a legend of ties beside one of users, in inches."""
RING: Final = 2.1
"""Area of the outline around a newcomer, as a multiple of that of the mark."""
WIDER: Final = {"helper": 1.6, "helped": 1.6}
"""Factor for the area of a triangle, so that it looks as large as a disc and holds a number."""
DROP: Final = {"helper": -1.6, "helped": 1.6}
"""Vertical distance from the middle of a triangle's box to the middle of the triangle, in points."""
ROLE_WORDS: Final = {
    "helper": later("helper (gives more help)"),
    "helped": later("helped (receives more)"),
    "mutual": later("mutual (both alike)"),
    "uninvolved": later("uninvolved (hardly any)"),
    "user": later("user"),
}
DASHES: Final = (0, (3, 1.6))
SCALE: Final = (20.0, 80.0)
Ties = dict[str, list[tuple[Hashable, Hashable]]]


@dataclass(frozen=True, slots=True)
class Stage:
    """What all panels share: places, levels to draw, first users, least help for a role, and names of listed users."""

    places: Mapping[Hashable, np.ndarray]
    drawn: tuple[str, ...]
    first: set[Hashable]
    least: float
    names: Mapping[Hashable, str]


def network_panels(graphs: dict[int, nx.DiGraph], *, least: float = LEAST, begin: pd.Timestamp | None = None) -> Figure:
    """Draw the networks of some days side by side.

    Parameters
    ----------
    graphs : dict of int to DiGraph
        Network by day. Users carry `loneliness`, `given` and `received`, and listed ones a `name`; ties carry `level`.
    least : float
        Acts given and received together below which a user is uninvolved: the scenario's memory_days / 30.
    begin : Timestamp, optional
        Date of day 0, to write dates above the panels.

    Raises
    ------
    InputError
        When there is no graph.
    """
    if not graphs:
        raise InputError("there is no network to draw")
    graphs = dict(sorted(graphs.items()))
    crowd = {node for graph in graphs.values() for node in graph}
    drawn = LEVELS[FRIEND:] if len(crowd) > LARGE else LEVELS[1:]
    first = set(next(iter(graphs.values())))
    stage = Stage(positions(graphs.values(), drawn), drawn, first, least, names_in(graphs.values()))
    figure, row = style.side_by_side(
        max(7.0, 3.9 * len(graphs) + 0.8),
        [3.6 if widths.is_narrow() else 4.0] * len(graphs),
        [1.0] * len(graphs),
        1.2,
        same_scale=False,
    )
    for axes, (day, graph) in zip(row, graphs.items(), strict=True):
        draw_panel(axes, graph, stage)
        style.heading(axes, series.moment(day, begin), counts(graph, stage.first))
    shades = ScalarMappable(Normalize(*SCALE), style.LONELINESS_COLOURS)
    bar = figure.colorbar(shades, ax=row, fraction=0.025, pad=0.01, shrink=0.8)
    style.dress_bar(
        bar, say("loneliness, UCLA-20 score (20–80); lonely from {cut:g} (dotted)", cut=LONELY_SCORE), LONELY_SCORE
    )
    draw_legends(figure, stage)
    radius = 0.5 * _size(len(crowd)) ** 0.5
    for axes, graph in zip(row, graphs.values(), strict=True):
        write_names(axes, stage.names, {node: stage.places[node] for node in sorted(graph)}, radius)
    return style.finish(figure)


def ties_by_kind(graph: nx.DiGraph) -> tuple[Ties, Ties]:
    """Sort ties by level, into ties that both users feel and ties that only one user feels.

    Felt by both: both users feel as friends or closer (the lower level counts); or neither does, and at least one feels
    as an acquaintance. Felt by one: only one feels as a friend or closer; that user comes first in the pair.
    """
    both: Ties = defaultdict(list)
    one_sided: Ties = defaultdict(list)
    for a, b, level in graph.edges(data="level"):
        there = LEVELS.index(level)
        back = LEVELS.index(graph.edges[b, a]["level"]) if graph.has_edge(b, a) else 0
        if there >= FRIEND > back:
            one_sided[level].append((a, b))
        elif back < FRIEND and there > 0 and (there > back or a < b):
            both["acquaintance"].append((a, b))
        elif back >= FRIEND and there >= FRIEND and a < b:
            both[LEVELS[min(there, back)]].append((a, b))
    return both, one_sided


def draw_panel(axes: Axes, graph: nx.DiGraph, stage: Stage) -> None:
    """Draw the network of a day."""
    axes.set_xlim(-1.1, 1.1)
    axes.set_ylim(-1.1, 1.1)
    axes.set_aspect("equal")
    axes.set_axis_off()
    both, one_sided = ties_by_kind(graph)
    _lines(axes, both, stage, "solid")
    _lines(axes, one_sided, stage, DASHES)
    _heads(axes, one_sided, stage)
    _users(axes, graph, stage)


def counts(graph: nx.DiGraph, first: set[Hashable]) -> str:
    """Return the numbers of users, friends and newcomers in a panel, in words."""
    if not graph:
        return say("nobody enrolled")
    friends = sum(LEVELS.index(level) >= FRIEND for _, _, level in graph.edges(data="level"))
    parts = [many(len(graph), "user"), say("{friends:.1f} friends each", friends=friends / len(graph))]
    if new := len(set(graph) - first):
        parts.append(say("newcomers: {number}", number=new))
    return clauses(parts)


def _lines(axes: Axes, ties: Ties, stage: Stage, dashes: object) -> None:
    """Draw ties as lines; closer ties lie on top."""
    thinner = _thinner(len(stage.places))
    for level in stage.drawn:
        look = style.LEVEL_LINES[level]
        ends = [(stage.places[a], stage.places[b]) for a, b in ties.get(level, [])]
        lines = LineCollection(ends, linestyles=dashes)
        lines.set(color=look.colour, linewidth=look.width * thinner, zorder=1 + 0.1 * LEVELS.index(level))
        axes.add_collection(lines)


def _heads(axes: Axes, ties: Ties, stage: Stage) -> None:
    """Put an arrow head two thirds along each one-sided tie, toward the user who does not feel it."""
    size = 0.05 * min(1.0, (30 / max(len(stage.places), 1)) ** 0.5)
    for level, pairs in ties.items():
        outlines = [_head(stage.places[a], stage.places[b], size) for a, b in pairs]
        heads = PolyCollection(outlines, facecolors=style.LEVEL_LINES[level].colour, linewidths=0, zorder=1.6)
        axes.add_collection(heads)


def _head(start: np.ndarray, end: np.ndarray, size: float) -> np.ndarray:
    """Return the corners of an arrow head on the way from start to end."""
    along = (end - start) / max(float(np.hypot(*(end - start))), 1e-9)
    across = np.array([-along[1], along[0]])
    corners = np.array([along, 0.6 * (across - along), -0.6 * (across + along)])
    return np.asarray(start + 0.64 * (end - start) + size * corners)


def _users(axes: Axes, graph: nx.DiGraph, stage: Stage) -> None:
    """Draw users: colour shows loneliness, shape the role, and a ring those who came after the first day drawn."""
    nodes, n = sorted(graph), len(stage.places)
    lonely, given, received = (
        np.array([graph.nodes[node][name] for node in nodes], float) for name in ("loneliness", "given", "received")
    )
    spots = np.array([stage.places[node] for node in nodes]).reshape(-1, 2)
    new = np.array([node not in stage.first for node in nodes], bool)
    role = roles(given, received, stage.least)
    for name, marker in style.ROLE_MARKERS.items():
        for ring in (False, True):
            chosen = (role == name) & (new == ring)
            look: style.Keywords = {
                "marker": "o" if n > LARGE else marker,
                "s": _size(n) * (1.0 if n > LARGE else WIDER.get(name, 1.0)),
                "cmap": style.LONELINESS_COLOURS,
            }
            x, y = spots[chosen].T
            marks = axes.scatter(x, y, c=ucla20(lonely[chosen]), vmin=SCALE[0], vmax=SCALE[1], **look)
            thin = 0.3 if n > LARGE else 1.0
            marks.set(edgecolor=style.INK, linewidth=0.5 * thin, zorder=2 + ring)
            if ring:  # a second outline, with a gap, which grey shows too
                halo = axes.scatter(x, y, marker=look["marker"], s=RING * look["s"], facecolors="none")
                halo.set(edgecolor=style.NEWCOMER, linewidth=1.4 * thin, zorder=1.9)
    if n <= NUMBERED and not stage.names:
        _numbers(axes, dict(zip(nodes, zip(lonely, role, strict=True), strict=True)), stage)


def _numbers(axes: Axes, there: dict[Hashable, tuple[float, str]], stage: Stage) -> None:
    """Write a number on each user, the same every day; `there` holds loneliness and role by user."""
    look: style.Keywords = {"textcoords": "offset points", "fontsize": 5.5, "ha": "center", "va": "center", "zorder": 4}
    for number, (node, spot) in enumerate(sorted(stage.places.items()), start=1):
        if node in there:
            lonely, role = there[node]
            axes.annotate(str(number), tuple(spot), (0.0, DROP.get(role, 0.0)), color=style.on_dark(lonely), **look)


def _size(n: int) -> float:
    """Return the area of a user's mark in square points."""
    return float(np.clip(5400 / max(n, 1), 5, 150))


def _thinner(n: int) -> float:
    """Return the width of lines among n users, as a share of their width among few."""
    return float(np.clip((40 / max(n, 1)) ** 0.5, 0.3, 1.0))


def draw_legends(figure: Figure, stage: Stage) -> None:
    """Draw legends for lines (left) and users (right), or a single legend where the figure is narrow."""
    drawn, n = stage.drawn, len(stage.places)
    lines = say("Ties by closeness, felt by both.")
    if n > LARGE:
        lines = say("Ties by closeness, felt by both; acquaintances are not drawn.")
    if stage.names:
        users = say("Users have the same place on every day; names are those of the list.")
    elif n <= NUMBERED:
        users = say("Users have the same place and number on every day.")
    else:
        users = say("Users have the same place on every day.")
    if figure.get_figwidth() < BOTH:
        style.legend(figure, [*_tie_handles(drawn, n), *_user_handles(n)], beside(lines, users), columns=2)
        return
    style.legend(figure, _tie_handles(drawn, n), lines, columns=3)
    style.legend(figure, _user_handles(n), users, "outside lower right", columns=3)


def _tie_handles(drawn: tuple[str, ...], n: int) -> list[Line2D]:
    looks = {level: style.LEVEL_LINES[level] for level in reversed(drawn)}
    handles = [
        Line2D([], [], color=look.colour, linewidth=look.width * _thinner(n), label=str(LEVEL_NAMES[level]))
        for level, look in looks.items()
    ]
    words = say("one-sided: friend or closer only for the user at its start")
    return [
        *handles,
        Line2D([], [], color=looks["friend"].colour, linestyle=DASHES, marker=">", markersize=5, label=words),
    ]


def _user_handles(n: int) -> list[Line2D]:
    plain: style.Keywords = {
        "color": "none",
        "markeredgecolor": style.INK,
        "markerfacecolor": style.LONELINESS_COLOURS(0.3),
        "markersize": 7,
    }
    shapes = style.ROLE_MARKERS if n <= LARGE else {"user": "o"}
    handles = [Line2D([], [], marker=marker, label=str(ROLE_WORDS[role]), **plain) for role, marker in shapes.items()]
    ring = plain | {"markeredgecolor": style.NEWCOMER, "markerfacecolor": "none", "markersize": 10}
    words = say("ring: newcomer since the first day")
    return [*handles, Line2D([], [], marker="o", markeredgewidth=1.4, label=words, **ring)]
