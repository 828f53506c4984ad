"""Names of listed users beside their marks, each where it covers least."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Final
from unicodedata import east_asian_width

import networkx as nx
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

from experiments.plots import style
from sim.scenario.text.nodes import shortened
from sim.state.columns import label

MOST: Final = 40
"""With more names than this, a figure has no room for them."""
LONGEST: Final = 18
"""Letters of a longer name that are written."""
TYPE: Final = 6.5
"""Size of the type, in points."""
SIDES: Final = ((0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1))
"""Where a name may stand: below its mark, above, to the right, to the left and in the corners; earlier is better."""


def names_in(graphs: Iterable[nx.DiGraph]) -> dict[Hashable, str]:
    """Return the names of the users of some networks, or none when they are too many to write."""
    every = {uid: name for graph in graphs for uid, name in graph.nodes(data="name") if name}
    return given_names(every)


def given_names(names: Mapping[Any, str]) -> dict[Hashable, str]:
    """Return by `uid` the names that a file gives to users; empty when they are too many to write."""
    given: dict[Hashable, str] = {uid: name for uid, name in names.items() if name != label(int(uid), {})}
    return given if len(given) <= MOST else {}


def write_names(axes: Axes, names: Mapping[Hashable, str], spots: Mapping[Hashable, np.ndarray], radius: float) -> None:
    """Write names beside marks.

    Parameters
    ----------
    axes : Axes
        With limits, title, marks and legends: names take what room is left.
    names : mapping of uid to str
        Users that `spots` lacks get no name.
    spots : mapping of uid to array, shape (2,)
        Place of each mark in data, of users without a name too.
    radius : float
        Radius of a mark in points.
    """
    figure = axes.get_figure(root=True)
    if figure is None or not names:
        return
    style.finish(figure).draw_without_rendering()  # with the right typeface; it settles how large the axes are
    point = figure.dpi / 72.0
    middles = {uid: axes.transData.transform(tuple(spot)) for uid, spot in spots.items()}
    taken = [_box(middle, np.full(2, 2.0 * radius * point)) for middle in middles.values()]
    taken += [text.get_window_extent() for text in axes.texts if text.get_text()]
    for uid, middle in sorted(middles.items(), key=lambda one: (-one[1][1], one[1][0])):
        if uid not in names:
            continue
        name = shortened(names[uid], LONGEST)
        size = np.array([_width(name), 1.25]) * TYPE * point
        offsets = [np.array(side) * (radius * point + 0.5 * size) for side in SIDES]
        boxes = [_box(middle + offset, size) for offset in offsets]
        best = min(range(len(SIDES)), key=lambda side: _covered(boxes[side], taken, axes.bbox))
        taken.append(boxes[best])
        text = axes.annotate(name, tuple(spots[uid]), tuple(offsets[best] / point), textcoords="offset points")
        text.set(fontsize=TYPE, ha="center", va="center", color=style.INK, zorder=5, in_layout=False)
        text.set_path_effects([withStroke(linewidth=1.6, foreground=style.PAPER)])


def _width(name: str) -> float:
    """Return the width of a name as a multiple of the size of its type; Chinese letters are as wide as high."""
    return sum(1.0 if east_asian_width(letter) in "WF" else 0.58 for letter in name)


def _box(middle: np.ndarray, size: np.ndarray) -> Bbox:
    return Bbox([middle - 0.5 * size, middle + 0.5 * size])


def _covered(box: Bbox, taken: Iterable[Bbox], panel: Bbox) -> float:
    """Return the area of other marks and names that a name covers; what runs out of the panel counts ten times."""
    overlaps = sum(_common(box, other) for other in taken)
    return overlaps + 10.0 * (box.width * box.height - _common(box, panel))


def _common(one: Bbox, other: Bbox) -> float:
    common = Bbox.intersection(one, other)
    return 0.0 if common is None else float(common.width * common.height)
