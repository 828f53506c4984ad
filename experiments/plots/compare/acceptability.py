"""How likely each policy is worth its cost, depending on what a unit of effect is worth to those who pay."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from experiments.plots import effects, style, text, widths
from experiments.plots.frames import require
from experiments.plots.labels import HALO
from experiments.statistics.numbers import beside, commas
from experiments.statistics.verdict import FEWEST
from sim.language import later, say

WORTH: Final = later("what a user-year below the severe cut-off is worth")
PALE: Final = "#C4C4C4"
COLOURS: Final = tuple(colour for colour in style.CYCLE if colour != style.BLACK)
APART: Final = 12.0
"""Least distance of two ends of lines, in percentage points, at which both get a name."""
EVER: Final = 5.0
"""With more scenarios than colours, a scenario is coloured if it is best in this percentage of resamples anywhere."""
BASE_DASHES: Final = (0, (1, 1.6))


def acceptability(frame: pd.DataFrame, *, worth: object = WORTH) -> Figure:
    """Draw how likely each scenario is best, and how likely it beats the base, against what the effect is worth.

    Parameters
    ----------
    frame : DataFrame
        From `experiments.compare.cost.acceptability`: columns `willingness`, `scenario`, `positive` (NaN for the base),
        `best` and `pairs`.
    worth : str or Later
        Label of the axis: what is paid for.
    """
    require(frame, ["willingness", "scenario", "positive", "best", "pairs"])
    names = effects.scenarios_of(frame)
    wide = {name: _wide(frame, name)[names] for name in ("best", "positive")}
    base = next((name for name in names if wide["positive"][name].isna().all()), None)
    looks = _looks(wide["best"], base)
    figure, (left, right) = style.side_by_side(10.6, (4.0, 4.0), (1.0, 1.0), 1.0)
    _lines(left, wide["best"], looks, worth)
    _lines(right, wide["positive"].drop(columns=[base] if base else []), looks, worth)
    axis = say("share of resamples (%)")
    for axes in (left, right) if widths.is_narrow() else (left,):
        axes.set_ylabel(axis, fontsize=style.TEXT, color=style.INK)
    style.heading(left, say("Best of all scenarios"), say("how often no other is worth more after its cost"))
    style.heading(right, say("Better than the base"), say("how often it is worth more after its cost than the base"))
    _legend(figure, looks, base, int(frame["pairs"].iloc[0]))
    return style.finish(figure)


def _wide(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a column in percent, with a row for each willingness and a column for each scenario."""
    named = frame.assign(scenario=frame["scenario"].astype(str))
    wide = named.pivot(index="willingness", columns="scenario", values=column)
    return 100.0 * wide[effects.scenarios_of(named)]


def _looks(best: pd.DataFrame, base: str | None) -> dict[str, style.Keywords]:
    """Return the line style of each scenario in their order, the base last, which is black and dashed."""
    peak = best.drop(columns=[base] if base else []).max().fillna(0.0)
    order = list(peak.sort_values(ascending=False, kind="stable").index)
    least = EVER if len(order) > len(COLOURS) else 0.0
    looks: dict[str, style.Keywords] = {}
    # Each line is narrower than the line below it, so that all of them show where they overlap; dashes tell in grey.
    for number, name in enumerate(order):
        if number < len(COLOURS) and peak[name] >= least:
            looks[name] = {
                "color": COLOURS[number],
                "linewidth": 3.4 - 0.4 * number,
                "zorder": 3 + 0.1 * number,
                "linestyle": style.DASHES[number],
            }
        else:
            looks[name] = {"color": PALE, "linewidth": 1.0, "zorder": 2, "linestyle": "solid"}
    looks = {name: looks[name] for name in best.columns if name in looks}
    if base:
        looks[base] = {"color": style.INK, "linewidth": 2.2, "zorder": 4, "linestyle": BASE_DASHES}
    return looks


def _lines(axes: Axes, wide: pd.DataFrame, looks: dict[str, style.Keywords], worth: object) -> None:
    """Draw a line for each scenario, or a point if there is a single willingness."""
    for name in wide.columns:
        axes.plot(wide.index, wide[name], marker="o" if len(wide) == 1 else None, **looks[name])
    _name_ends(axes, wide, looks)
    axes.set_ylim(-3, 108 if widths.is_narrow() else 103)
    axes.set_yticks(range(0, 101, 20))
    first, last = float(wide.index.min()), float(wide.index.max())
    pad = 0.02 * (last - first) or 0.5
    axes.set_xlim(first - pad, last + pad)
    axes.locator_params(axis="x", nbins=5, steps=[1, 2, 5, 10])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda yuan, _: f"{yuan / 10_000:g}"))
    label = text.bracketed(str(worth), say("10,000 yuan"))
    style.dress(axes, style.wrapped(label, 4.0, style.TEXT), "")


def _name_ends(axes: Axes, wide: pd.DataFrame, looks: dict[str, style.Keywords]) -> None:
    """Write the names of the two most likely scenarios at the right ends of their lines, where no other line ends."""
    ends = wide.iloc[-1].dropna().sort_values(ascending=False)
    places = ends.to_numpy(float)
    for number, (name, share) in enumerate(ends.head(2).items()):
        is_apart = (np.abs(np.delete(places, number) - share) >= APART).all()
        if looks[str(name)]["color"] == PALE or not is_apart:
            continue
        note = axes.annotate(
            effects.short(str(name), 24, 1), (1.0, share), (-2, 3), ("axes fraction", "data"), "offset points"
        )
        note.set(ha="right", va="bottom", fontsize=style.SMALL, color=style.INK, zorder=6, path_effects=HALO)


def _legend(figure: Figure, looks: dict[str, style.Keywords], base: str | None, pairs: int) -> None:
    handles = []
    for name, look in looks.items():
        if look["color"] != PALE:
            words = text.base_of(effects.short(name, 40, 1)) if name == base else effects.short(name, 40, 1)
            handles.append(Line2D([], [], label=words, **look))
    pale = [name for name, look in looks.items() if look["color"] == PALE]
    parts = [
        say(
            "A resample is the same study with its {pairs} pairs of runs drawn anew: the shares tell chance, not "
            "whether the model is right.",
            pairs=pairs,
        ),
        say("Fewer than {fewest} pairs are too few for these shares to hold.", fewest=FEWEST) if pairs < FEWEST else "",
        say("After its cost: the effect at what it is worth, less what it costs."),
    ]
    if pale:
        handles.append(Line2D([], [], color=PALE, linewidth=1.0, label=say("all others")))
        parts.append(say("Pale, as they are the least likely to be best: {names}.", names=commas(sorted(pale))))
    style.legend(figure, handles, beside(*parts), columns=None)
