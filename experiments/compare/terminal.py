"""Print a comparison: what changes, for whom, at what price, how sure that is, and how much pairing gained."""

import textwrap
from typing import TYPE_CHECKING, Final

from experiments.compare import draw_sentences
from experiments.compare.cost import MONTHS, WEEKS
from experiments.compare.measurements import Compared
from experiments.measures.runs import TOLD
from experiments.statistics import budget
from experiments.statistics.numbers import apart_from_0, bare, in_unit, percent, two_figures
from experiments.statistics.terminal import idle_line, rendered
from experiments.statistics.verdict import FEWEST, UNCLEAR, most_differing
from experiments.store.protocol import WIDTH
from sim.outcomes.catalogue import PRIMARY

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_COLOURS: Final = {"better": "green", "worse": "red"}
_SHORT: Final = {UNCLEAR["difference"]: "unclear"}


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

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("", no_wrap=True)
    for name in ("base", "here", "difference", "95 % interval", "better in", "in SD"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for outcome in TOLD:
        row = result.contrast(scenario, outcome)
        difference, low, high = _signed([row.difference, row.low, row.high], row.unit)
        between = "-" if row.low != row.low else f"{low} to {high}"
        few = row.differ < FEWEST or row.share_better != row.share_better
        of_pairs = "-" if few else f"{percent(row.share_better)}"
        in_sd = "-" if row.effect_sd != row.effect_sd else f"{row.effect_sd:+.2f}"
        unit = " %" if row.unit == "share" else ""
        table.add_row(
            row.label,
            bare(row.base_mean, row.unit) + unit,
            bare(row.other_mean, row.unit) + unit,
            difference,
            between,
            of_pairs,
            in_sd,
            Text(_SHORT.get(row.verdict, row.verdict), style=_COLOURS.get(row.verdict, "")),
        )
    return table


def _signed(values: list[float], unit: str) -> list[str]:
    """Write a difference and its interval with one decimal more than a level, as differences are small, or enough."""
    return apart_from_0([in_unit(value, unit) for value in values], 1 if unit == "share" else 2)


def _price(result: Compared, scenario: str) -> list[str]:
    """Return the extra staff hours and money of a user, a week, month and year, with 95 % intervals."""
    row = next((row for row in result.costs if row.scenario == scenario), None)
    if row is None or row.cost == 0.0 == row.staff_hours:
        return []
    hours = [row.staff_hours, row.staff_hours_low, row.staff_hours_high]
    money = [row.cost, row.cost_low, row.cost_high]
    spans = [("week", WEEKS, 2), ("month", MONTHS, 1), ("year", 1.0, 0)]
    lines = [
        f"{_amount(hours, parts, 2 if span != 'year' else 1)} staff hours and {_amount(money, parts, decimals)} CNY a "
        f"{span}"
        for span, parts, decimals in spans
    ]
    return [
        f"For each user: {'; '.join(lines)} (95 % intervals; more than the base). The money includes the staff hours "
        "(`hour_cost`), discounted."
    ]


def _amount(ends: list[float], parts: float, decimals: int) -> str:
    """Write a value and its interval, divided into parts; without an interval only the value."""
    value, low, high = (f"{each / parts:+,.{decimals}f}" for each in ends)
    return value if ends[1] != ends[1] else f"{value} ({low} to {high})"


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
    rows = [f"  {part.scenario}, {part.part}: {part.words()}" for part in result.parts if part.outcome == PRIMARY[0]]
    head = "Loneliness, through what (mean over seeds and both orders of freezing ties and flows, 95 % interval):"
    return [head, *rows, ""]


def _unknown(result: Compared) -> list[str]:
    """Return lines on the effects over draws of unknown parameters."""
    if result.uncertain is None:
        return []
    return [*draw_sentences.lines(result.uncertain), ""]


def _of_base(result: Compared) -> list[str]:
    """Return lines on what is measured by the base's budget and groups alone, and on whether the base itself fits."""
    base, *others = result.scenarios.values()
    of_base = [row for row in result.budget_uses() if row.scenario == result.base]
    lines = [f"{result.base} itself: {budget.words(of_base)}"] if of_base else []
    apart = [one.name for one in others if one.budget not in (None, base.budget)]
    if apart:
        lines.append(f"All are measured by the budget of {result.base}; {', '.join(apart)} states another.")
    return lines


def _notes(result: Compared) -> list[str]:
    lines = ["Means of the last four weeks; differences of % in percentage points; SD: between users of the base."]
    lines += _of_base(result)
    paired = [row for row in result.contrasts if row.outcome in PRIMARY and row.n >= FEWEST]
    worth = [row.pairing for row in paired if row.pairing == row.pairing]
    if worth:
        low, high = min(worth), max(worth)
        if low >= 1.0:
            least, most = two_figures(low), two_figures(high)
            more = f"at least {least}" if high == float("inf") else least if least == most else f"{least} to {most}"
            lines.append(f"Pairing: without the same seeds roughly {more} times as many runs would be needed.")
        else:
            lost = [row for row in paired if row.pairing < 1.0]
            named = ", ".join(f"{row.scenario} ({row.label})" for row in lost)
            lines.append(f"Pairing has lost precision for {named} (at worst roughly {two_figures(low)} times as good).")
    if result.replicates < FEWEST:
        lines.append(f"Fewer than {FEWEST} pairs are too few to call anything better or worse.")
    else:
        family = sum(row.outcome in TOLD for row in result.contrasts)
        lines.append(
            f"Better or worse: clear when all {family} differences shown are judged together. By itself: only its own "
            "interval leaves out 0."
        )
        might = percent(most_differing(result.replicates))
        lines.append(f"No interval covers rare jumps that no pair shows: up to {might} of all pairs might jump.")
    lines += [row.words() for row in result.reached]
    if result.failed:
        lines.append(f"{len(result.failed)} runs failed and are left out with their pairs; failures.csv says why.")
    return lines
