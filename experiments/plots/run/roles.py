"""Roles: help given against help received, with a point for each user."""

import math
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from experiments.plots import style, text, widths
from experiments.plots.frames import (
    LEAST,
    RATIO,
    ROLE_NAMES,
    ROLES,
    enrolled,
    require,
    require_one_scenario,
    roles,
    whose,
)
from experiments.plots.labels import HALO
from experiments.plots.names import given_names, write_names
from sim.language import say

TICKS: Final = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
LEAST_EXTENT: Final = 10.0
"""Least length of the axes, in acts of help, so that the region of the uninvolved does not fill them."""
CORNERS: Final = {"helper": (0.0, 1.0), "helped": (1.0, 0.0), "mutual": (1.0, 1.0), "uninvolved": (0.0, 0.0)}
"""Preferred corner of the axes for the name of each region, as shares of the axes."""
_HATCHING: Final = "#C4C4C4"
LETTER: Final = (0.62, 1.5)
"""Width and height of a letter, as shares of the size of the type."""
SIDE: Final = 330.0
"""Least length of a side of the axes, in points."""
APART: Final = 0.014
"""Least distance of a name from points, edges and other regions, as a share of the axes."""


def role_balance(users: pd.DataFrame, *, least: float = LEAST) -> Figure:
    """Draw help given against help received, with the region of each role shaded and named.

    Both axes have square-root scales, which begin at 0 and show a fixed ratio as a straight line.

    Parameters
    ----------
    users : DataFrame
        A row for each user: columns `replicate`, `given`, `received` (acts of help, discounted) and `burden` (0 to 1).
        With a column `status`, users who have left are not drawn. With `uid` and `name`, points of a single replicate
        carry the names of listed users.
    least : float
        Acts given and received together below which a user is uninvolved: the scenario's memory_days / 30.
    """
    require(users, ["replicate", "given", "received", "burden"])
    require_one_scenario(users)
    present = enrolled(users)
    figure = style.figure(6.8, 5.6 if widths.is_narrow() else 7.4)
    axes = figure.subplots()
    extent = max(LEAST_EXTENT, 1.12 * present[["given", "received"]].max().max()) if len(present) else LEAST_EXTENT
    _scales(axes, extent)
    _regions(axes, extent, least)
    _points(figure, axes, present)
    shares = role_shares(present, least)
    _names(axes, np.sqrt(present[["received", "given"]].to_numpy(float) / extent), least / extent)
    _legend(figure, shares, least)
    style.dress(
        axes,
        say("help received (acts, the older the less they count)"),
        say("help given (acts, the older the less they count)"),
    )
    style.heading(axes, say("Help given and received"), whose(present))
    _listed(axes, present)
    return style.finish(figure)


def role_shares(users: pd.DataFrame, least: float = LEAST) -> pd.DataFrame:
    """Return the share of users in each role, with a row for each replicate and a column for each role."""
    role = pd.Series(roles(users["given"], users["received"], least), index=users.index, name="role")
    shares = pd.crosstab(users["replicate"], role, normalize="index")
    return shares.reindex(columns=list(ROLES), fill_value=0.0)


def role_rules(least: float = LEAST) -> dict[str, str]:
    """Return the rule of each role in words, with the cut-offs."""
    return {
        "helper": say("gave at least 3 acts for every 2 received"),
        "helped": say("received at least 3 acts for every 2 given"),
        "mutual": say("gave and received about as much"),
        "uninvolved": say("gave and received less than {least:g} acts together", least=least),
    }


def _root(x: np.ndarray) -> np.ndarray:
    return np.asarray(np.sqrt(np.maximum(x, 0.0)))


def _scales(axes: Axes, extent: float) -> None:
    """Set the same square-root scale from 0 on both axes."""
    for name, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
        getattr(axes, f"set_{name}scale")("function", functions=(_root, np.square))
        getattr(axes, f"set_{name}lim")(0.0, extent)
        ticks = [tick for tick in TICKS if tick <= extent]
        axis.set_ticks(ticks, labels=[str(tick) for tick in ticks])
        axis.set_ticks([], minor=True)
    axes.set_box_aspect(1)


def _regions(axes: Axes, end: float, least: float) -> None:
    """Shade the region of each role; on top lies that of the uninvolved, a quarter of a disc on these scales."""
    part = end / RATIO
    turn = np.linspace(0.0, 0.5 * np.pi, 40)
    arc = [*zip(least * np.cos(turn) ** 2, least * np.sin(turn) ** 2, strict=True)]
    corners = {
        "helper": [(0, 0), (part, end), (0, end)],
        "helped": [(0, 0), (end, part), (end, 0)],
        "mutual": [(0, 0), (end, part), (end, end), (part, end)],
        "uninvolved": [(0, 0), *arc],
    }
    for role, outline in corners.items():
        x, y = zip(*outline, strict=True)
        axes.fill(x, y, facecolor=style.ROLE_COLOURS[role], linewidth=1.0, zorder=0, **_hatched(role))


def _hatched(role: str) -> style.Keywords:
    """Return hatch and edge of a role's region, which tell the regions apart in grey."""
    return {"hatch": style.ROLE_HATCHES[role], "edgecolor": _HATCHING}


def _listed(axes: Axes, users: pd.DataFrame) -> None:
    """Write the names of listed users beside the points of a single replicate."""
    if {"uid", "name"} <= set(users) and users["replicate"].nunique() == 1:
        spots = dict(zip(users["uid"], users[["received", "given"]].to_numpy(float), strict=True))
        write_names(axes, given_names(dict(zip(users["uid"], users["name"], strict=True))), spots, 0.5 * _mark(users))


def _mark(users: pd.DataFrame) -> float:
    """Return the width of a point, in points of type."""
    return math.sqrt(min(max(6000 / max(len(users), 1), 4), 42))


def _points(figure: Figure, axes: Axes, users: pd.DataFrame) -> None:
    """Draw a point for each user, darker with higher burden, and smaller when there are many users."""
    size = _mark(users) ** 2
    look: style.Keywords = {
        "edgecolors": style.INK,
        "linewidths": 0.3 if size > 8 else 0.0,
        "zorder": 2,
        "clip_on": False,
    }
    scale: style.Keywords = {"cmap": style.BURDEN_COLOURS, "vmin": 0.0, "vmax": 100.0}
    points = axes.scatter(users["received"], users["given"], s=size, c=100.0 * users["burden"], **look, **scale)
    bar = figure.colorbar(points, ax=axes, fraction=0.045, pad=0.02)
    style.dress_bar(bar, say("burden (0–100), lower is better"))


def _names(axes: Axes, points: np.ndarray, least: float) -> None:
    """Write the name of each region where no point lies; without room, only the legend names the region.

    Parameters
    ----------
    points : array, shape (users, 2)
        Places of the points, as shares of the axes.
    least : float
        As in `role_balance`, in units of the end of the axes.
    """
    for role in ROLES:
        name = str(ROLE_NAMES[role])
        size = np.array([LETTER[0] * text.width(name), LETTER[1]]) * style.TEXT / SIDE
        place = free_place(role, size, points, least)
        if place is not None:
            x, y = place
            word = axes.text(x, y, name, transform=axes.transAxes, ha="center", va="center")
            word.set(fontsize=style.TEXT, color=style.INK, zorder=3, path_effects=HALO)


def free_place(role: str, size: np.ndarray, points: np.ndarray, least: float) -> np.ndarray | None:
    """Find room for a box in the region of a role, clear of all points and as near as possible to the role's corner.

    Parameters
    ----------
    size : array, shape (2,)
        Width and height of the box, as shares of the axes.
    points : array, shape (users, 2)
        Places of the points, as shares of the axes.
    least : float
        As in `role_balance`, in units of the end of the axes.

    Returns
    -------
    array, shape (2,), or None
        Middle of the box; None without room.
    """
    half = 0.5 * np.asarray(size) + APART
    steps = np.linspace(0.0, 1.0, 61)
    middles = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    middles = middles[((middles >= half) & (middles <= 1.0 - half)).all(axis=1)]
    signs = np.array([(x, y) for x in (-1.0, 0.0, 1.0) for y in (-1.0, 0.0, 1.0)])
    edges = (middles[:, None, :] + signs * half) ** 2  # back from square roots to acts
    middles = middles[(roles(edges[..., 1], edges[..., 0], least) == role).all(axis=1)]
    taken = np.zeros(len(middles), bool)
    for point in points:
        taken |= (np.abs(point - middles) < half).all(axis=1)
    free = middles[~taken]
    return free[((free - CORNERS[role]) ** 2).sum(axis=1).argmin()] if len(free) else None


def _legend(figure: Figure, shares: pd.DataFrame, least: float) -> None:
    """Draw the legend: for each role its rule, the mean share of users, and the range over replicates."""
    handles = []
    for role, rule in role_rules(least).items():
        name = str(ROLE_NAMES[role])
        if len(shares):
            name = f"{name} {_percent(shares[role].mean())}"
        if len(shares) > 1:
            name = text.bracketed(name, say("{spread} by replicate", spread=_spread(shares[role])))
        label, face = text.labelled(name, rule), style.ROLE_COLOURS[role]
        handles.append(Patch(label=label, facecolor=face, linewidth=0.6, **_hatched(role)))
    style.legend(
        figure,
        handles,
        say(
            "One point per user; %: mean share of users. The balance of help decides a user's role; nobody assigns it."
        ),
        columns=1,
    )


def _percent(share: float) -> str:
    return "<1 %" if 0.0 < share < 0.005 else say("{share:.0f} %", share=100 * share)


def _spread(shares: pd.Series) -> str:
    low, high = (f"{100 * share:.0f}" for share in (shares.min(), shares.max()))
    return say("{low} %", low=low) if low == high else say("{low}–{high} %", low=low, high=high)
