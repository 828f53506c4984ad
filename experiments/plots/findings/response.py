"""Effects of levers along a factor: how they depend on a parameter. Figures are as wide as a column of a journal."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator

from experiments.plots import effects, style, text
from experiments.plots.frames import require
from experiments.statistics.effect_curves import effects_along
from sim.language import say, term
from sim.outcomes.catalogue import PRIMARY
from sim.scenario.text.errors import InputError

COLUMNS: Final = ("lever", "base", "outcome", "label", "unit", "better", "n", *("difference", "low", "high"))
NUMBERS: Final = ("difference", "low", "high")
MARKERS: Final = style.MARKERS
"""Marks of the levers, which so differ in shape as well as in colour."""
MOST_LEVERS: Final = len(MARKERS)
LEAST: Final = 0.3
"""Share of the least range of `effects.reach` to use here, so that curves of small effects keep their shape."""
SPREAD: Final = 0.25
"""Share of the distance between two values over which levers at the same value are spread, so that none is hidden."""
NAME_LETTERS: Final = 36
"""Most letters of all names of values that lie side by side below a panel; more letters stand aslant."""
PANEL: Final = 1.45
"""Height of a panel without its labels, in inches."""


def effect_curves(
    table: pd.DataFrame,
    factor: str = "",
    outcomes: Sequence[str] | None = None,
    *,
    base: str = "",
    label: str = "",
    width: float = style.SINGLE_COLUMN,
) -> Figure:
    """Draw the effects of levers along a factor or along time, with 95 % intervals and a panel for each outcome.

    Parameters
    ----------
    table : DataFrame
        `experiments.statistics.by_point.lever_effects(...)`: columns `lever`, `base`, `outcome`, `label`, `unit`,
        `better`, `n`, `difference`, `low`, `high`, and the factor. Or the runs themselves, compared here
        (`experiments.statistics.effect_curves.effects_along`): `daily(study)`, `daily_frame` of several runs,
        `results(study)`.
    factor : str
        Column of the factor. Values that are not numbers, such as the files of networks, stand side by side in the
        order of the table, without a line between them. Any other factor must have a single value in the table. By
        default "day" for outcomes by day, otherwise the only factor that varies.
    outcomes : sequence of str, optional
        Outcomes to draw, a panel for each, in this order; outcomes that the table lacks are left out. By default the
        primary outcomes.
    base : str
        The lever, or scenario, that runs are compared with; by default usual care. A table of effects has its own.
    label : str
        Label of the factor, with its unit; its path when not given.
    width : float
        Width of the figure, in inches; by default one column of a journal, 85 mm.

    Raises
    ------
    InputError
        When the table has none of the outcomes or too many levers, or a lever occurs twice at a value.
    InputError
        When a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from dayroom import daily_frame, load_scenario, plots, run
    >>> base = load_scenario("baseline").with_changes(days=3, settling=0)
    >>> other = base.with_changes(name="other", users={"empathy": {"mean": 0.7}})
    >>> days = pd.concat([daily_frame(run(one, seed)) for one in (base, other) for seed in range(3)])
    >>> len(plots.effect_curves(days, "day", ["burden"], base="baseline").axes)
    1
    """
    table, factor, label, outcomes = _effects(table, factor, outcomes, base, label)
    require(table, (*COLUMNS, factor))
    shown = effects.drawable(table, outcomes)
    levers = _levers(table, factor)
    table, names = _placed(table, factor)
    frame = effects.scaled(table[table["outcome"].isin(shown)], NUMBERS)
    figure = style.figure(width, (PANEL + 0.4) * len(shown) + 0.95)
    panels = figure.subplots(len(shown), 1, squeeze=False, sharex=True)[:, 0]
    for axes, name in zip(panels, shown, strict=True):
        _panel(axes, frame[frame["outcome"] == name], factor, levers, names)
    for axes in panels[:-1]:
        axes.tick_params(labelbottom=False)
    panels[-1].set_xlabel(style.wrapped(label or factor, width - 0.9, style.TEXT))
    compared = effects.short(str(table["base"].iloc[0]), lines=1)
    style.legend(figure, _handles(levers, bool(names)), _note(frame, compared), columns=None)
    return style.finish(figure)


def _effects(
    table: pd.DataFrame, factor: str, outcomes: Sequence[str] | None, base: str, label: str
) -> tuple[pd.DataFrame, str, str, Sequence[str]]:
    """Return a table of effects, from runs if need be, its factor with a label, and the outcomes to draw."""
    if not isinstance(table, pd.DataFrame):
        raise InputError(f"found a {type(table).__name__}, allowed is a data frame, such as daily(study)")
    if "difference" in table or not {"lever", "scenario", "day"}.intersection(table.columns):
        return table, factor, label, PRIMARY if outcomes is None else outcomes
    chosen = [name for name in (PRIMARY if outcomes is None else outcomes) if name in table]
    if not chosen:
        wanted = ", ".join(PRIMARY if outcomes is None else outcomes)
        raise InputError(f"the frame has none of the outcomes {wanted}; name others in outcomes")
    effects_there, along = effects_along(table, factor, chosen, base)
    return effects_there, along, label or ("day" if along == "day" else ""), chosen


def _levers(table: pd.DataFrame, factor: str) -> list[str]:
    """Return the levers, in the order in which they first occur."""
    levers = [str(name) for name in table["lever"].unique()]
    if len(levers) > MOST_LEVERS:
        raise InputError(f"{len(levers)} levers are too many to tell apart; choose at most {MOST_LEVERS}")
    if table.duplicated(["lever", "outcome", factor]).any():
        raise InputError(
            f"a lever occurs twice at one value of {factor}: {_varying(table, factor) or 'another factor'} varies too; "
            f"choose one of its values"
        )
    return levers


def _varying(table: pd.DataFrame, factor: str) -> str:
    """Return the other factors that vary; `lever_effects` puts its factors before the lever."""
    names = list(table.columns[: table.columns.get_loc("lever")])
    return ", ".join(name for name in names if name not in ("point", factor) and table[name].nunique() > 1)


def _placed(table: pd.DataFrame, factor: str) -> tuple[pd.DataFrame, list[str]]:
    """Number the values of a factor that are not numbers; return the names of these places, none for numbers."""
    values = table[factor]
    if pd.to_numeric(values, errors="coerce").notna().all():
        return table, []
    places, names = pd.factorize(values)
    return table.assign(**{factor: places}), [str(name) for name in names]


def _panel(axes: Axes, frame: pd.DataFrame, factor: str, levers: Sequence[str], names: Sequence[str]) -> None:
    """Draw an outcome; `names` are those of the places along the axis, none when the factor has numbers."""
    values = np.unique(frame[factor].to_numpy(float))
    least = float(np.diff(values).min()) if len(values) > 1 else 1.0
    offsets = SPREAD * least * (np.arange(len(levers)) - 0.5 * (len(levers) - 1)) / max(1, len(levers) - 1)
    unit = str(frame["unit"].iloc[0])
    axes.set_ylim(*effects.reach(frame["difference"], frame[["low", "high"]], LEAST * effects.span(unit)))
    axes.set_xlim(values[0] - 0.5 * least, values[-1] + 0.5 * least)
    axes.axhline(0.0, color=style.INK, linewidth=effects.BASE_LINE, zorder=1)
    for number, lever in enumerate(levers):
        rows = frame[frame["lever"].astype(str) == lever].sort_values(factor)
        _curve(axes, rows, rows[factor].to_numpy(float) + offsets[number], number, bool(names))
    axes.xaxis.set_major_locator(FixedLocator(values.tolist()) if names or len(values) <= 6 else MaxNLocator(6))
    if names:
        axes.xaxis.set_major_formatter(FixedFormatter([effects.short(names[int(place)], lines=1) for place in values]))
        if max(map(len, names)) * len(names) > NAME_LETTERS:
            axes.tick_params(axis="x", labelrotation=30)
            for tick in axes.get_xticklabels():
                tick.set(horizontalalignment="right", rotation_mode="anchor")
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    words = effects.unit_words(unit)
    style.dress(
        axes,
        "",
        say("change in {words}", words=words.replace(" (", "\n("))
        if " (" in words
        else say("change in\n{words}", words=words),
    )
    style.heading(axes, term(str(frame["label"].iloc[0])), str(style.BETTER[frame["better"].iloc[0]]))


def _curve(axes: Axes, rows: pd.DataFrame, places: np.ndarray, number: int, is_named: bool) -> None:
    """Draw the effects of a lever: a thin line, unless values are names, and a mark with its interval at each value."""
    look = style.series_look(number)
    colour = look["color"]
    if not is_named:
        axes.plot(places, rows["difference"], linewidth=0.9, alpha=0.7, zorder=2, **look)
    axes.vlines(places, rows["low"], rows["high"], color=colour, linewidth=1.6, zorder=3)
    axes.plot(places, rows["difference"], color=colour, linestyle="none", zorder=4, **_mark(number))


def _mark(number: int) -> style.Keywords:
    return {"marker": MARKERS[number], "markersize": 4.5, "markeredgecolor": style.PAPER, "markeredgewidth": 0.5}


def _handles(levers: Sequence[str], is_named: bool) -> list[Line2D]:
    return [
        Line2D(
            [],
            [],
            linewidth=0.0 if is_named else 1.4,
            label=effects.short(name, lines=1),
            **style.series_look(number),
            **_mark(number),
        )
        for number, name in enumerate(levers)
    ]


def _note(frame: pd.DataFrame, base: str) -> str:
    """Return the note that explains a mark and its interval."""
    least, most = int(frame["n"].min()), int(frame["n"].max())
    return say(
        "Difference from {base} (0), mean of pairs of runs ({pairs}); upright lines: 95 % interval.",
        base=base,
        pairs=text.from_to(f"{least:,}", f"{most:,}"),
    )
