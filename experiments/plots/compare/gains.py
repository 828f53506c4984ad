"""Who gains and who loses: effects by group of users, with a block for each outcome and a panel for each scenario."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.measures.runs import EVERYBODY
from experiments.plots import effects, style, text, widths
from experiments.plots.blocks import Block, blocks
from experiments.plots.frames import records, require
from experiments.statistics.numbers import beside
from experiments.statistics.verdict import ALONE_ONLY
from sim.language import later, say, term
from sim.outcomes.catalogue import PRIMARY

COLUMNS: Final = (
    "scenario", "base", "group", "outcome", "label", "unit", "better", "users", "difference", "low", "high", "flag",
    "verdict",
)  # fmt: skip
NUMBERS: Final = ("difference", "low", "high")
GROUPS: Final = {
    EVERYBODY: later("everybody"),
    "women": later("women"),
    "men": later("men"),
    "schizophrenia": later("schizophrenia"),
    "bipolar disorder": later("bipolar disorder"),
    "obsessive-compulsive disorder": later("obsessive-compulsive disorder"),
    "epileptic mental disorder": later("epileptic mental disorder"),
    "newcomers of the run": later("newcomers of the run"),
    "guarded": later("guarded"),
    "without a friend at the start": later("without a friend at the start"),
    "helpers at the start": later("helpers at the start"),
}
"""The groups of every comparison in words; groups of the scenario are called as it calls them."""
FLAGS: Final = {"too few users": later("too few users"), "too few pairs": later("too few pairs")}
WIDEST: Final = 9
"""Largest number of panels in a row; more scenarios take further rows of the same outcome."""
PANEL: Final = {1: 4.6, 2: 3.0, 3: 2.3}
"""Width of a panel in inches, by the number of scenarios; `NARROW` with more scenarios."""
NARROW: Final = 1.35
SLIM: Final = 0.72
"""Width of a panel in one column of a journal, which has no room for the words on directions."""
ROW: Final = 0.21
"""Height of a row, in inches."""


def who_gains(
    groups_table: pd.DataFrame, outcomes: Sequence[str] = PRIMARY, *, small: Mapping[str, float] | None = None
) -> Figure:
    """Draw the effect of every policy on every group of users, with 95 % intervals.

    Groups have the same order in all panels of an outcome. First comes everybody, apart from the groups; then groups
    that are clearly worse off, those under the most policies first; then groups worse off by themselves only; then the
    others, the most harmed on average first; at the bottom, groups too small to interpret under every policy. Values
    are of users on the last day.

    Parameters
    ----------
    groups_table : DataFrame
        `experiments.compare.contrasts.table(by_group(...))`: columns `scenario`, `base`, `group`, `outcome`, `label`,
        `unit`, `better`, `users`, `difference`, `low`, `high`, `flag`, `verdict`.
    outcomes : sequence of str
        Outcomes to draw, a block for each, in this order; outcomes that the table lacks are left out.
    small : mapping of str to float, optional
        By outcome, the size below which an effect is small (`experiments.plots.effects.small_of_each`).

    Raises
    ------
    InputError
        When a column is missing, or none of the outcomes is in the table.
    """
    require(groups_table, COLUMNS)
    shown = effects.drawable(groups_table, outcomes)
    frame = effects.scaled(groups_table[groups_table["outcome"].isin(shown)], NUMBERS)
    # A group with a flag has no verdict: its look follows the flag.
    flag = frame["flag"].fillna("").astype(str)
    frame = frame.assign(flag=flag, look=frame["verdict"].where(flag == "", flag))
    names = effects.scenarios_of(frame)
    groups = frame["group"].nunique()
    is_wide = len(names) in PANEL and not widths.is_narrow()
    size = (PANEL[len(names)] if is_wide else NARROW, 0.8 + ROW * groups)
    if widths.is_narrow():
        size = (SLIM, 1.1 + 0.82 * ROW * groups)
    firsts = {name: frame[frame["outcome"] == name].iloc[0] for name in shown}
    titles = [_title(each, is_wide=is_wide) for each in firsts.values()]
    figure, parts = blocks(titles, len(names), WIDEST, size, margin=2.2)
    seen = [
        _block(part, frame[frame["outcome"] == name], names, (small or {}).get(name, np.nan))
        for part, name in zip(parts, shown, strict=True)
    ]
    style.legend(figure, _handles(frame, any(seen)), beside(_note(frame), effects.arrow_words(figure)), columns=None)
    return style.finish(figure)


def _title(row: pd.Series, *, is_wide: bool) -> str:
    """Return the title of an outcome, with the unit and direction that its panels have no room for."""
    label = term(row["label"])
    if not is_wide:
        label = say("{label}, difference in {unit}", label=label, unit=effects.unit_words(row["unit"]))
    return text.labelled(label, str(style.BETTER[row["better"]])) if widths.is_narrow() else label


def most_harmed_first(rows: pd.DataFrame) -> list[str]:
    """Return the groups from top to bottom: everybody, those worse off under most policies, ..., too small ones."""
    sign = {"lower": 1.0, "higher": -1.0, "neither": 0.0}[rows["better"].iloc[0]]
    kept = rows[rows["flag"] == ""]
    worse, alone = ((kept["verdict"] == word).groupby(kept["group"]).sum() for word in ("worse", f"worse{ALONE_ONLY}"))
    harm = (sign * kept["difference"]).groupby(kept["group"]).mean()
    small = [group for group in rows["group"].unique() if group not in harm.index]
    known = sorted(
        harm.index,
        key=lambda group: (-worse[group], -alone[group], -np.nan_to_num(harm[group], nan=-np.inf), str(group)),
    )
    ranked = [*known, *sorted(small, key=str)]
    return sorted(ranked, key=lambda group: group != EVERYBODY)


def _block(part: Block, rows: pd.DataFrame, names: Sequence[str], small: float) -> bool:
    """Draw the panels of an outcome; return whether the edge of small effects is in sight."""
    order = most_harmed_first(rows)
    kept = rows[rows["flag"] == ""]
    # Groups too small to interpret do not set the scale, unless there are no others.
    ruling = kept if len(kept) else rows
    limits = effects.reach(ruling["difference"], ruling[["low", "high"]], effects.span(rows["unit"].iloc[0]))
    for number, (axes, name) in enumerate(zip(part.panels, names, strict=True)):
        axes.set_xlim(*limits)
        _panel(axes, rows[rows["scenario"].astype(str) == name].set_index("group").reindex(order))
        left = part.is_left(number)
        # Narrow panels have no room for the unit, so the title of the block gives it.
        is_wide = len(names) in PANEL and not widths.is_narrow()
        style.dress_rows(
            axes,
            say("difference in {unit}", unit=effects.unit_words(rows["unit"].iloc[0])) if is_wide else "",
            labelleft=left,
        )
        if left:
            _group_labels(axes, order, rows)
        if widths.is_narrow():
            axes.set_title(
                "\n".join(text.lines(name, 9.0, 3)), fontsize=style.SMALL, color=style.INK, loc="left", pad=4
            )
            continue
        short = effects.short(name, 32 if is_wide else 18)
        axes.set_title(short, fontsize=style.SMALL, color=style.INK, loc="left", pad=14)
        effects.directions(axes, rows["better"].iloc[0], 2.0)
    size = effects.factor(rows["unit"].iloc[0]) * small
    seen = [effects.mark_small(axes, size) for axes in part.panels]
    return any(seen)


def _panel(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw an outcome under a scenario; `rows` has a row for each group, in order."""
    effects.rows(axes, [""] * len(rows))
    for y, row in enumerate(records(rows)):
        look = effects.LOOKS.get(row.look, effects.LOOKS["not known"])
        if np.isfinite(row.difference) or row.flag == "":
            effects.bar(axes, y, row.low, row.high, look.colour, 1.8 if row.flag == "" else 1.0)
            effects.dot(axes, y, row.difference, look, 5.0)
    if len(rows) > 1 and rows.index[0] == EVERYBODY:
        axes.axhline(0.5, color=style.RULE, linewidth=0.9, zorder=1)
    axes.locator_params(axis="x", nbins=2 if widths.is_narrow() else 4, steps=[1, 2, 5, 10])


def _group_labels(axes: Axes, order: Sequence[str], rows: pd.DataFrame) -> None:
    """Label the groups with their sizes: bold for everybody and those worse off, pale with the reason if too small."""
    users = rows.groupby("group")["users"].mean()
    flags = rows.groupby("group")["flag"].agg(lambda each: each.iloc[0] if (each != "").all() else "")
    worse = set(rows.loc[(rows["verdict"] == "worse") & (rows["flag"] == ""), "group"])
    names = []
    has_reasons = not widths.is_narrow()  # in one column the legend gives them
    for group in order:
        name = effects.short(str(GROUPS.get(str(group), group)), 24 if widths.is_narrow() else 34, 1)
        named = text.bracketed(name, f"{users[group]:.2g}")
        names.append(text.labelled(named, str(FLAGS[flags[group]])) if flags[group] and has_reasons else named)
    axes.set_yticks(range(len(order)), labels=names)
    for label, group in zip(axes.get_yticklabels(), order, strict=True):
        if group in worse or group == EVERYBODY:
            label.set(fontweight="bold")
        elif flags[group]:
            label.set(color="#8C8C8C")


def _handles(frame: pd.DataFrame, has_small: bool) -> list[Artist]:
    handles = effects.handles(frame["look"], 5.0)
    if frame["low"].notna().any():
        handles.append(
            Line2D([], [], color=style.MUTED, linewidth=1.8, label=say("95 % interval of the mean difference"))
        )
    return [*handles, effects.small_handle()] if has_small else handles


def _note(frame: pd.DataFrame) -> str:
    """Return the note on the difference, the numbers in brackets and the order of the groups."""
    base = frame["base"].iloc[0]
    parts = [
        say(
            "Difference: scenario minus {base} (the vertical line), mean of a group's users on the last day. In "
            "brackets: how many users the group has on average.",
            base=base,
        )
    ]
    kept = frame.loc[frame["flag"] == "", "verdict"]
    if kept.empty:
        parts.append(say("Every group is too few to say anything."))
    elif (kept == "worse").any():
        parts.append(say("Groups worse off, clear among all groups, outcomes and scenarios, are on top and bold."))
    elif (kept == f"worse{ALONE_ONLY}").any():
        parts.append(
            say(
                "No group is clearly worse off; those worse by themselves are on top, then the least helped in the "
                "mean."
            )
        )
    else:
        parts.append(say("No group is clearly worse off; the least helped in the mean of all scenarios is on top."))
    if (kept == f"worse{ALONE_ONLY}").any():
        parts.append(say("Hollow triangles are worse by themselves only, as about one mark in forty is by chance."))
    return beside(*parts)
