"""Write names beside points so that they do not cover each other: each takes the best of many places near its point.

Nothing is random: the same points and names give the same places.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from experiments.plots import style
from experiments.plots.typeface import drawing, families

DISTANCES: Final = (4.0, 10.0, 18.0, 28.0, 40.0, 54.0, 70.0, 90.0, 115.0, 145.0)
"""Distances to try between a point and the nearest edge of its name, in points."""
TURNS: Final = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)
LEADER: Final = 9.0
"""Distance, in points, beyond which a line joins a name to its point."""
DOT: Final = 5.0
"""Half the width of a mark, in points."""
ON_NAME, ON_POINT, ON_BAR, OUTSIDE = 40.0, 12.0, 0.6, 400.0
"""Costs of covering another name or a mark (per share of the name's area), an interval, or leaving the axes."""

HALO: Final = (withStroke(linewidth=2.4, foreground=style.PAPER),)
"""White outline of letters, so that they stay readable across a line."""

Boxes = np.ndarray


@dataclass(frozen=True, slots=True)
class Look:
    """How to write names.

    Parameters
    ----------
    size : float
        Size of the type, in points.
    leader : float
        Distance, in points, beyond which a line joins a name to its point.
    far : float
        Cost of distance, per point.
    """

    size: float = style.SMALL
    leader: float = LEADER
    far: float = 0.05


PLAIN: Final = Look()


def place(
    axes: Axes,
    points: Sequence[tuple[float, float]],
    names: Sequence[str],
    colours: Sequence[str],
    bars: Boxes,
    look: Look = PLAIN,
) -> None:
    """Write a name beside each point; the axes must have their final limits.

    Parameters
    ----------
    bars : (n, 4) float array
        Left, lower, right and upper end, in data coordinates, of intervals that names should avoid; n may be 0.
    """
    figure = axes.figure
    typefaces = families(names)
    with drawing():
        figure.draw_without_rendering()  # type: ignore[union-attr]
    to_points = 72.0 / figure.dpi
    spots = axes.transData.transform(np.array(points, float).reshape(-1, 2)) * to_points
    edges = np.asarray(axes.get_window_extent().extents) * to_points
    thin = np.asarray(bars, float).reshape(-1, 4)
    thin = axes.transData.transform(thin.reshape(-1, 2)).reshape(-1, 4) * to_points + np.array([-1, -1, 1, 1])
    dots = np.concatenate([spots - DOT, spots + DOT], axis=1)
    taken = np.empty((0, 4))
    for spot, name, colour in zip(spots, names, colours, strict=True):
        note = axes.annotate(name, spot, xycoords="figure points", ha="center", va="center", annotation_clip=False)
        note.set(fontsize=look.size, color=colour, zorder=6, in_layout=False)
        # Set what `style.finish` will set, so that the size is that of the name as drawn.
        note.set_fontfamily(typefaces)
        note.set_parse_math(False)
        extent = note.get_window_extent()
        size = np.array([extent.width, extent.height]) * to_points
        note.remove()
        offset = _best(spot, size, (taken, dots, thin), edges, look.far)
        _write(axes, points[len(taken)], name, colour, offset, size, look)
        centre = spot + offset
        taken = np.vstack([taken, [*(centre - size / 2), *(centre + size / 2)]])


def cross(axes: Axes) -> Boxes:
    """Return the lines through 0 as boxes without width, for names to avoid."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    return np.array([[left, 0.0, right, 0.0], [0.0, bottom, 0.0, top]])


def corners(axes: Axes, words: Mapping[tuple[int, int], object]) -> None:
    """Write words in the corners of the axes; the key (1, 0) is the lower right corner."""
    for (x, y), text in words.items():
        look: style.Keywords = {"ha": "right" if x else "left", "va": "top" if y else "bottom"}
        note = axes.annotate(
            str(text), (x, y), (-5 if x else 5, -5 if y else 5), "axes fraction", "offset points", **look
        )
        note.set(fontsize=style.TEXT, color=style.MUTED, fontstyle="italic", zorder=2, path_effects=HALO)


def _best(
    spot: np.ndarray, size: np.ndarray, others: tuple[Boxes, Boxes, Boxes], edges: np.ndarray, by: float
) -> np.ndarray:
    """Return the offset of a name's centre from its point that costs least."""
    offsets, far = _places(size)
    low, high = spot + offsets - size / 2, spot + offsets + size / 2
    boxes = np.concatenate([low, high], axis=1)
    area = float(size.prod())
    outside = np.maximum(edges[:2] - low, 0.0).sum(axis=1) + np.maximum(high - edges[2:], 0.0).sum(axis=1)
    taken, dots, thin = (_covered(boxes, other) for other in others)
    cost = by * far + ON_NAME * taken / area + ON_POINT * dots / area + ON_BAR * (thin > 0) + OUTSIDE * (outside > 0)
    # To cover a name at all, however little, is worse than to lie farther off.
    return np.asarray(offsets[int(np.argmin(cost + 10.0 * (taken > 0) + 4.0 * (dots > 0)))])


def _places(size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return offsets all around a point at all `DISTANCES`, and the distance of each."""
    around = np.column_stack([np.cos(TURNS), np.sin(TURNS)])
    # Distances count to the side of the name that faces the point.
    offsets = [around * (distance + DOT) + np.sign(np.round(around, 6)) * size / 2 for distance in DISTANCES]
    return np.concatenate(offsets), np.repeat(DISTANCES, len(TURNS))


def _covered(boxes: Boxes, others: Boxes) -> np.ndarray:
    """Return, for each box, the sum of its overlaps with the other boxes."""
    width = np.minimum(boxes[:, None, 2], others[None, :, 2]) - np.maximum(boxes[:, None, 0], others[None, :, 0])
    height = np.minimum(boxes[:, None, 3], others[None, :, 3]) - np.maximum(boxes[:, None, 1], others[None, :, 1])
    return np.asarray((np.maximum(width, 0.0) * np.maximum(height, 0.0)).sum(axis=1))


def _write(
    axes: Axes,
    point: tuple[float, float],
    name: str,
    colour: str,
    offset: np.ndarray,
    size: np.ndarray,
    look: Look,
) -> None:
    """Write a name at an offset from its point; a line joins the two where they are far apart."""
    gap = float(np.hypot(*np.maximum(np.abs(offset) - size / 2, 0.0)))
    line = {"arrowstyle": "-", "color": style.RULE, "linewidth": 0.7, "shrinkA": 1.0, "shrinkB": 3.0}
    note = axes.annotate(
        name, point, tuple(offset), textcoords="offset points", arrowprops=line if gap > look.leader else None,
        ha="center", va="center",
    )  # fmt: skip
    note.set(fontsize=look.size, color=colour, zorder=6, in_layout=False, path_effects=HALO)
