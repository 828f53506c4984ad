"""Print a comparison: what changes, for whom, at what price, how sure that is, and how much pairing gained."""

import textwrap
from typing import TYPE_CHECKING, Final

from experiments.compare.compared import Compared
from experiments.compare.contrasts import Contrast
from experiments.measures.runs import TOLD
from experiments.statistics.numbers import bare, in_unit, signed
from experiments.statistics.terminal import idle_line, rendered
from experiments.statistics.uncertainty import CAUTION
from experiments.store.protocol import WIDTH
from sim.outcomes.catalogue import PRIMARY

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_COLOURS: Final = {"better": "green", "worse": "red"}
_SHORT: Final = {"no clear difference": "unclear"}
_MOST_FLIPS: Final = 3
_WEEKS: Final = 365.25 / 7.0
"""Weeks of a year."""


def lines_of(result: Compared, width: int = WIDTH, styled: bool = False) -> list[str]:
    """Return the lines that `dayroom compare` prints."""
    return rendered(lambda console: _print(console, result), width, styled)


def _print(console: "Console", result: Compared) -> None:
    pairs = "1 pair" if result.replicates == 1 else f"{result.replicates} pairs"
    console.print(f"Compared with {result.base}, {pairs} of runs under the same seeds")
    for name in result.others:
        console.print()
        console.print(name, style="bold")
        console.print(_table(result, name))
        for line in result.words(name):
            console.print(_indented(line, console.width))
        for line in [*_price(result, name), *_shortage(result, name)]:
            console.print(_indented(line, console.width))
    console.print()
    for line in [*_why(result), *_unknown(result), *_notes(result)]:
        console.print(_indented(line, console.width, "" if line[:1] != " " else "  "))


def _indented(line: str, width: int, indent: str = "  ") -> str:
    return textwrap.fill(line.strip(), width, initial_indent=indent, subsequent_indent=indent + "  ") if line else ""


def _table(result: Compared, scenario: str) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 1), header_style="dim")
    table.add_column("", no_wrap=True)
    for name in ("base", "here", "difference", "95 % interval", "better in", "in SD"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for outcome in TOLD:
        row = result.contrast(scenario, outcome)
        between = "-" if row.low != row.low else f"{_signed(row.low, row.unit)} to {_signed(row.high, row.unit)}"
        of_pairs = "-" if row.share_better != row.share_better else f"{row.share_better:.0%}"
        in_sd = "-" if row.effect_sd != row.effect_sd else f"{row.effect_sd:+.2f}"
        unit = " %" if row.unit == "share" else ""
        table.add_row(
            row.label,
            bare(row.base_mean, row.unit) + unit,
            bare(row.other_mean, row.unit) + unit,
            _signed(row.difference, row.unit),
            between,
            of_pairs,
            in_sd,
            Text(_word(row), style=_COLOURS.get(row.verdict, "")),
        )
    return table


def _word(row: Contrast) -> str:
    """Return the verdict in short, with a star if the difference is clear among all differences shown."""
    return _SHORT.get(row.verdict, row.verdict) + (
        " *" if row.clear_simultaneously and row.verdict != "identical" else ""
    )


def _signed(value: float, unit: str) -> str:
    """Write a difference with its sign and, as differences are small, with one decimal more than a level."""
    return signed(in_unit(value, unit), 1 if unit == "share" else 2, "never")


def _price(result: Compared, scenario: str) -> list[str]:
    """Return the price in staff hours and money, for each user a week and a year."""
    rows = [row for row in result.costs if row.scenario == scenario]
    if not rows or rows[0].cost == 0.0 == rows[0].staff_hours:
        return []
    row = rows[0]
    saves = row.staff_hours <= 0.0 and row.cost <= 0.0
    hours, money = (abs(value) if saves else value for value in (row.staff_hours, row.cost))
    return [
        f"{'Saves' if saves else 'Costs'}, for each user, {hours / _WEEKS:.2f} staff hours and {money / _WEEKS:,.0f} "
        f"CNY a week ({hours:.1f} hours and {money:,.0f} CNY a year). The money includes the staff hours (`hour_cost`)."
    ]


def _shortage(result: Compared, scenario: str) -> list[str]:
    """Return a line on policies that never acted, and one for each that got fewer staff hours than it wanted."""
    if result.policies.empty:
        return []
    mine = result.policies[result.policies["scenario"] == scenario]
    if mine.empty:
        return []
    idle = idle_line([str(name) for name, of in mine.groupby("policy", sort=False)["acted"] if not of.any()])
    means = mine.groupby("policy", sort=False)[["hours_wanted", "hours_served"]].mean()
    short = means[means["hours_wanted"] - means["hours_served"] > 0.01]
    lines = [
        f"Staff hours ran short for {name}: asked for {row.hours_wanted:.1f} h a week, got {row.hours_served:.1f}."
        for name, row in short.iterrows()
    ]
    return [idle, *lines] if idle else lines


def _why(result: Compared) -> list[str]:
    """Return lines with the parts of each effect on loneliness."""
    if not result.parts:
        return []
    rows = [
        f"  {part.scenario}, {part.part}: {part.difference:+.2f} ({part.low:+.2f} to {part.high:+.2f})"
        for part in result.parts
        if part.outcome == PRIMARY[0]
    ]
    return ["Loneliness, through what (mean over seeds, 95 % interval):", *rows, ""]


def _unknown(result: Compared) -> list[str]:
    """Return lines on the effects over draws of unknown parameters."""
    if result.uncertain is None:
        return []
    over_draws = result.uncertain
    ranking = over_draws.rankings[PRIMARY[0]]
    lines = [f"Over {ranking.draws} draws of what nobody knows ({len(over_draws.draws.columns)} parameters):"]
    lines += [
        f"  {row.scenario}: loneliness {row.effect:+.2f} (95 % of parameter values: {row.predicted_low:+.2f} to "
        f"{row.predicted_high:+.2f}), better in {row.share_better:.0%} of draws. {row.words()}"
        for row in over_draws.splits[PRIMARY[0]]
    ]
    lines.append(
        f"  The ranking by loneliness differs from that at the defaults in {ranking.share_differs:.0%} of draws; "
        f"chance alone would do that in {ranking.share_by_chance:.0%}."
    )
    for flip in ranking.flips[:_MOST_FLIPS]:
        which = f"most by {flip.parameter} (around {flip.switch:.3g})" if flip.parameter else "by no single parameter"
        lines.append(f"  {flip.first} and {flip.second} change places in {flip.share_reversed:.0%} of draws, {which}.")
    if over_draws.dropped:
        lines.append(
            f"  {over_draws.dropped} of {len(over_draws.draws)} draws are left out: no scenario can have them."
        )
    if over_draws.failed:
        lines.append(f"  {over_draws.failed} runs over the draws failed and are left out, and so are their pairs.")
    return [*lines, f"  {CAUTION}", ""]


def _notes(result: Compared) -> list[str]:
    lines = ["Means of the last four weeks; differences of % in percentage points; SD: between users of the base."]
    worth = [row.pairing for row in result.contrasts if row.outcome in PRIMARY and row.pairing == row.pairing]
    if worth:
        low, high = min(worth), max(worth)
        if low >= 1.0:
            more = f"{low:.0f} to {high:.0f}" if high != float("inf") else f"at least {low:.0f}"
            lines.append(f"Pairing: without the same seeds {more} times as many runs would be needed.")
        else:
            lost = [row for row in result.contrasts if row.outcome in PRIMARY and row.pairing < 1.0]
            named = ", ".join(f"{row.scenario} ({row.label})" for row in lost)
            lines.append(f"Pairing has lost precision for {named} (at worst {low:.2f} times as good).")
    family = [row for row in result.contrasts if row.outcome in TOLD]
    lines.append(
        f"*: clear also when all {len(family)} differences shown are judged together (simultaneous intervals)."
    )
    lines += [row.words() for row in result.reached]
    if result.failed:
        lines.append(f"{len(result.failed)} runs failed and are left out with their pairs; failures.csv says why.")
    return lines
