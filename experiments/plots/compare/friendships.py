"""Friendships that each policy adds and ends in one pair of runs, with each user at the same place in all networks."""

from collections.abc import Hashable, Mapping
from typing import Final

import networkx as nx
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.measures.friendship import FRIEND
from experiments.plots import effects, style, widths
from experiments.plots.layout import positions
from experiments.plots.names import names_in, write_names
from experiments.statistics.numbers import beside, many
from sim.errors import InputError
from sim.language import later, say
from sim.state.columns import LEVELS

FRIENDS: Final = LEVELS[FRIEND:]
Pair = frozenset[Hashable]
Spots = Mapping[Hashable, np.ndarray]
LOOKS: Final[dict[str, tuple[str, style.Dashes, float]]] = {
    "kept": ("#C4C4C4", "solid", 0.9),
    "lost": (style.VERMILION, (0, (2.2, 1.4)), 1.6),
    "gained": ("#006B4F", "solid", 2.2),
}
"""Colour, dashes and width of each kind of tie; later kinds lie on top."""
MARKS: Final = {
    "both": ("o", "#4D4D4D", "#4D4D4D"),
    "base": ("v", style.PAPER, style.VERMILION),
    "other": ("^", style.PAPER, style.GREEN),
}
"""Shape, fill and rim of a user, by the networks that the user is in."""
TIE_WORDS: Final = {
    "kept": later("friendship with and without the policy"),
    "gained": later("gained: only with the policy"),
    "lost": later("lost: only without the policy"),
}
USER_WORDS: Final = {
    "both": later("user with and without the policy"),
    "base": later("user only without the policy"),
    "other": later("user only with the policy"),
}
ACROSS: Final = 3
"""Largest number of panels in a row; four stand two by two."""
PANEL: Final = {1: 7.6, 2: 5.4}
"""Width of a panel in inches, by the number of policies; `NARROW` with more."""
NARROW: Final = 4.0


def network_difference(base_graph: nx.DiGraph, others: Mapping[str, nx.DiGraph], *, base: str = "") -> Figure:
    """Draw, in a panel for each policy, which friendships are in both networks, and which are in only one of them.

    Two users count as friends when at least one of them feels so: a tie at level friend or closer, in either direction.

    Parameters
    ----------
    base_graph : DiGraph
        The network under the base; ties carry `level`, listed users `name`.
    others : mapping of str to DiGraph
        The same day of the same replicate under each policy, by its name.
    base : str
        Name of the base.

    Raises
    ------
    InputError
        When there is no policy, no network has a user, or a tie lacks its level.
    """
    if not others or not any(map(len, (base_graph, *others.values()))):
        raise InputError("there is no network to draw")
    every = [base_graph, *others.values()]
    places = positions(every, FRIENDS)
    side = PANEL.get(len(others), NARROW)
    if widths.is_bounded() and not widths.is_narrow():
        side = min(side, widths.capped(side * ACROSS) / ACROSS - 0.1)  # so that as many stand side by side
    figure, panels = style.panels(
        len(others),
        2 if len(others) == 4 else ACROSS,
        (side, 3.0 if widths.is_narrow() else side + 0.5),
        (0.2, 1.5),
        least=7.8,
    )
    before = friendships(base_graph)
    has_kinds = set()
    for axes, (name, graph) in zip(panels, others.items(), strict=True):
        has_kinds |= _panel(axes, (base_graph, graph), (before, friendships(graph)), places, effects.short(name, 46, 1))
    _legend(figure, has_kinds, base, many(len(before), "friendship"))
    if len(others) in PANEL:
        for axes in panels:
            write_names(axes, names_in(every), places, 0.5 * _mark(len(places)) ** 0.5)
    return style.finish(figure)


def friendships(graph: nx.DiGraph) -> set[Pair]:
    """Return the pairs of users of whom at least one feels the other to be a friend or closer.

    Raises
    ------
    InputError
        When a tie has no level, or an unknown level.
    """
    pairs = set()
    for a, b, level in graph.edges(data="level"):
        if level not in LEVELS:
            raise InputError(f"the tie from {a} to {b} has the level {level}; allowed: {', '.join(LEVELS)}")
        if level in FRIENDS:
            pairs.add(frozenset((a, b)))
    return pairs


def _panel(
    axes: Axes, graphs: tuple[nx.DiGraph, nx.DiGraph], pairs: tuple[set[Pair], set[Pair]], places: Spots, name: str
) -> set[str]:
    """Draw the two networks of a policy; return the kinds of users that occur."""
    axes.set_xlim(-1.08, 1.08)
    axes.set_ylim(-1.08, 1.08)
    axes.set_aspect("equal")
    axes.set_axis_off()
    before, after = pairs
    _ties(axes, {"kept": before & after, "lost": before - after, "gained": after - before}, places)
    base, other = map(set, graphs)
    where = {"both": base & other, "base": base - other, "other": other - base}
    _users(axes, where, places)
    counts = say(
        "{kept} kept, {gained} gained, {lost} lost",
        kept=len(before & after),
        gained=len(after - before),
        lost=len(before - after),
    )
    style.heading(axes, name, counts)
    return {kind for kind, users in where.items() if users}


def _ties(axes: Axes, ties: Mapping[str, set[Pair]], places: Spots) -> None:
    """Draw ties as lines, kept ties below lost and gained ties."""
    thinner = float(np.clip((60 / max(len(places), 1)) ** 0.5, 0.3, 1.0))
    rank = {node: number for number, node in enumerate(places)}
    spots = [*places.values()]
    for height, (kind, (colour, dashes, width)) in enumerate(LOOKS.items()):
        pairs = sorted(sorted(rank[node] for node in pair) for pair in ties[kind])
        lines = LineCollection([(spots[a], spots[b]) for a, b in pairs], linestyles=[dashes])
        lines.set(color=colour, linewidth=width * thinner, zorder=1 + 0.1 * height)
        axes.add_collection(lines)


def _mark(n: int) -> float:
    """Return the area of a user's mark in square points."""
    return float(np.clip(2600 / max(n, 1), 5, 50))


def _users(axes: Axes, where: Mapping[str, set[Hashable]], places: Spots) -> None:
    size = _mark(len(places))
    for kind, (marker, face, rim) in MARKS.items():
        x, y = np.array([spot for node, spot in places.items() if node in where[kind]]).reshape(-1, 2).T
        wider = 1.0 if kind == "both" else 1.8
        axes.scatter(x, y, marker=marker, s=size * wider, facecolor=face, edgecolor=rim, linewidth=1.2, zorder=2)


def _legend(figure: Figure, kinds: set[str], base: str, before: str) -> None:
    """Name kinds of ties, and the kinds of users that occur."""
    handles: list[Artist] = []
    for kind, words in TIE_WORDS.items():
        colour, dashes, width = LOOKS[kind]
        handles.append(Line2D([], [], color=colour, linestyle=dashes, linewidth=width, label=str(words)))
    for kind, words in USER_WORDS.items():
        if kind in kinds:
            marker, face, rim = MARKS[kind]
            look: style.Keywords = {"marker": marker, "markerfacecolor": face, "markeredgecolor": rim, "markersize": 7}
            handles.append(Line2D([], [], linestyle="none", label=str(words), **look))
    note = beside(
        say("One pair of runs a policy, of the first seed alone: single lines may be chance, so look at how many."),
        say("Without the policy ({base}): {friendships}.", base=base or say("base"), friendships=before),
        say("A line joins two users of whom at least one feels the other to be a friend or closer."),
        say("Everybody has one place, near those they are close to in any of the networks."),
    )
    style.legend(figure, handles, note, columns=None)
