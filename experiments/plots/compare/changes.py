"""Changes of single users: each user with a policy less the same user without it, under the same chance."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from experiments.plots import effects, style, widths
from experiments.plots.frames import LONELY_SCORE, require
from experiments.plots.labels import HALO
from experiments.statistics.by_loneliness import KINDS, changes_by_kind
from experiments.statistics.numbers import beside, many
from experiments.statistics.verdict import sound_interval
from sim.errors import InputError
from sim.language import say

POINTS: Final = 3.0
"""A change by more than this number of points on the UCLA-20 scale counts as a gain or a loss."""
SCALE: Final = 60.0
"""Length of the UCLA-20 scale, 20 to 80."""
PARTS: Final[dict[str, style.Keywords]] = {
    "gain": {"facecolor": style.BLUE, "edgecolor": style.BLUE, "hatch": None},
    "same": {"facecolor": "#E3E3E3", "edgecolor": "#E3E3E3", "hatch": None},
    "lose": {"facecolor": "#F2B48C", "edgecolor": style.VERMILION, "hatch": "////"},
}
"""Looks of the parts of a bar, which differ in grey: dark, pale, hatched."""
STEPS: Final = 5
"""Number of histogram steps between the cut-offs; odd, so that a change of 0 lies in the middle of a step."""
ROOM: Final = 11.0
"""Least percentage at which a part of a bar has room for its number; otherwise the number stands beside the bar."""
TAIL: Final = 0.01
"""Histograms reach beyond this quantile at both ends; changes farther out go into the outermost steps."""


def user_changes(changes: pd.DataFrame, points: float = POINTS) -> Figure:
    """Draw how changes of loneliness are spread over users, and how many users gain or lose more than a few points.

    Left: the distribution of the change. Middle: shares of users who gain, stay within `points`, and lose. Right: mean
    change of users who were lonely on day 0 or on arrival, before any policy acted, and of the others.

    Parameters
    ----------
    changes : DataFrame
        A row for each user enrolled at the end of both runs: columns `scenario`, `replicate`, `uid`, `loneliness`
        (other minus base, on the scale from 0 to 1), `base_loneliness` and `base_loneliness_at_entry` (0 to 1). Rows
        with NaN are left out.
    points : float
        Least change that counts as a gain or a loss, in points of the UCLA-20 scale.

    Raises
    ------
    InputError
        When a column or a row is missing, or loneliness is not on the scale from 0 to 1.
    """
    levels = ["loneliness", "base_loneliness", "base_loneliness_at_entry"]
    require(changes, ["scenario", "replicate", "uid", *levels])
    frame = changes.dropna(subset=levels)
    if len(frame) and float(frame[levels].abs().max().max()) > 1.0 + 1e-9:
        raise InputError(f"{', '.join(levels)} must run from 0 to 1, as in a table of users")
    frame = frame.assign(points=SCALE * frame["loneliness"], replicate=frame["replicate"])
    shares = change_shares(frame, points)
    names = list(shares.index)
    tall = 1.2 + (0.42 if len(names) > 3 else 0.7) * len(names)
    figure, (left, middle, right) = style.side_by_side(12.2, (tall,) * 3, (3.0, 2.2, 2.2), 1.4)
    _spread(left, frame, names, points)
    _bars(middle, shares, points)
    has_interval = _by_loneliness(right, frame, names)
    left.set_yticks(range(len(names)), labels=[effects.short(name) for name in names])
    _legend(figure, frame, points, has_interval)
    return style.finish(figure)


def change_shares(frame: pd.DataFrame, points: float = POINTS) -> pd.DataFrame:
    """Return the shares of users who gain, stay and lose, by scenario, in the order of the frame.

    Parameters
    ----------
    frame : DataFrame
        Columns `scenario` and `points`, the change on the UCLA-20 scale; a fall is a gain.
    """
    order = effects.scenarios_of(frame)
    by_scenario = frame.groupby(frame["scenario"].astype(str))["points"]
    gain = by_scenario.apply(lambda each: float((each < -points).mean()))
    lose = by_scenario.apply(lambda each: float((each > points).mean()))
    shares = pd.DataFrame({"gain": gain, "same": 1.0 - gain - lose, "lose": lose})
    return shares.loc[order]


def _spread(axes: Axes, frame: pd.DataFrame, names: list[str], points: float) -> None:
    """Draw a small histogram for each scenario, all on the same scale; the cut-offs are edges of steps."""
    step = 2.0 * points / STEPS
    low, high = frame["points"].quantile([TAIL, 1.0 - TAIL])
    outer = points + step * np.ceil((1.1 * max(-low, high, 2.0 * points) - points) / step)
    edges = np.linspace(-outer, outer, round(2.0 * outer / step) + 1)
    heights = {
        name: np.histogram(np.clip(frame.loc[frame["scenario"].astype(str) == name, "points"], -outer, outer), edges)[0]
        for name in names
    }
    top = max(float((each / each.sum()).max()) for each in heights.values())
    middles = 0.5 * (edges[1:] + edges[:-1])
    part = np.where(middles < -points, "gain", np.where(middles > points, "lose", "same"))
    axes.set_xlim(-outer, outer)
    axes.locator_params(axis="x", nbins=8, steps=[1, 2, 5, 10])
    effects.rows(axes, names)
    for y, each in enumerate(heights.values()):
        share = 0.86 * each / each.sum() / top
        for kind, look in PARTS.items():
            here = part == kind
            edge = {"edgecolor": "#9A9A9A"} if kind == "same" else {}
            axes.bar(middles[here], -share[here], step, bottom=y + 0.45, linewidth=0.5, **{**look, **edge})
    for cut in (-points, points):
        axes.axvline(cut, color=style.MUTED, linewidth=1.0, linestyle=style.DOTS)
    words = say("change of a user's loneliness, points of UCLA-20 (scale 20–80)")
    style.dress_rows(axes, style.wrapped(words, 3.0, style.TEXT))
    style.heading(axes, say("Change of each user"), " ")
    effects.directions(axes, "lower")


def _bars(axes: Axes, shares: pd.DataFrame, points: float) -> None:
    """Draw the shares of users as bars that add up to 100 %, with their numbers."""
    start = np.zeros(len(shares))
    rows = np.arange(len(shares))
    for part, look in PARTS.items():
        width = 100.0 * shares[part].to_numpy(float)
        axes.barh(rows, width, 0.66, left=start, linewidth=0.5, **look)
        for y, (left, wide) in enumerate(zip(start, width, strict=True)):
            is_inside = wide >= ROOM
            if is_inside or part != "same":
                place = left + wide / 2 if is_inside else -1.0 if part == "gain" else 101.0
                side = "center" if is_inside else "right" if part == "gain" else "left"
                word = axes.text(place, y, say("{wide:.0f} %", wide=wide), ha=side, va="center", fontsize=style.SMALL)
                word.set(color=style.PAPER if is_inside and part == "gain" else style.INK, fontweight="bold")
                if is_inside and part == "lose":
                    word.set_path_effects([*HALO])
        start = start + width
    axes.set_xlim(-11, 111)
    axes.set_xticks(range(0, 101, 20))
    style.dress_rows(axes, say("share of users (%)"), labelleft=widths.is_narrow())
    style.heading(axes, say("Gain, stay, lose"), say("by more than {points:g} points", points=points))


def _by_loneliness(axes: Axes, frame: pd.DataFrame, names: list[str]) -> bool:
    """Draw mean changes of lonely and other users; return whether any mean has an interval over replicates."""
    users = frame.assign(change=frame["points"], start=20.0 + SCALE * frame["base_loneliness_at_entry"])
    found = changes_by_kind(users, LONELY_SCORE)
    changes = {key: each[np.isfinite(each)] for key, each in found.items()}
    ends = {key: sound_interval(each) for key, each in changes.items()}
    axes.set_xlim(*effects.reach([each.mean() for each in changes.values()], list(ends.values()), SCALE))
    effects.rows(axes, names)
    for kind, marker, shift in zip(KINDS, "oD", (-0.14, 0.14), strict=True):
        look = effects.Look(style.INK if kind == "lonely" else style.MUTED, marker, kind == "lonely", "")
        for y, name in enumerate(names):
            if (name, kind) in changes:
                effects.bar(axes, y + shift, *ends[name, kind], look.colour, 1.4)
                effects.dot(axes, y + shift, float(changes[name, kind].mean()), look, 5.0)
    style.dress_rows(axes, say("mean change,\npoints of UCLA-20"), labelleft=widths.is_narrow())
    style.heading(axes, say("The lonely and the others"), " ")
    effects.directions(axes, "lower")
    return bool(np.isfinite(np.ravel(list(ends.values()))).any())


def _legend(figure: Figure, frame: pd.DataFrame, points: float, has_interval: bool) -> None:
    lonely = effects.Look(
        style.INK, "o", True, say("lonely at the start or on arrival ({cut:g} or above)", cut=LONELY_SCORE)
    )
    others = effects.Look(style.MUTED, "D", False, say("other users"))
    words = {"gain": say("less lonely by more than {points:g} points", points=points), "same": say(
        "within {points:g} points",
        points=points,
    ),
             "lose": say("lonelier by more than {points:g} points", points=points)}  # fmt: skip
    handles = [Patch(linewidth=0.5, label=words[part], **look) for part, look in PARTS.items()]
    replicates = many(frame["replicate"].nunique(), "replicate")
    note = say(
        "Each user is compared with the same user under the same chance in the base. Part of a change is chance "
        "all the same: once a policy changes one thing, a user's days go another way. A change of a single user "
        "is therefore not an effect on that user. Users of {replicates}; changes beyond the axis are in its "
        "outermost steps.",
        replicates=replicates,
    )
    if has_interval:
        note = beside(note, say("Lines through points: 95 % interval of the mean over replicates."))
    style.legend(figure, [*handles, *effects.marks([lonely, others], 5.0)], note, columns=None)
