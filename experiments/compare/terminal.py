"""Print a comparison: what changes, for whom, at what price, how sure that is, and how much pairing gained."""

from typing import TYPE_CHECKING, Final

from experiments.compare import draw_sentences
from experiments.compare.cost import MONTHS, WEEKS
from experiments.compare.measurements import Compared
from experiments.measures.runs import FIRST_SHOWN
from experiments.statistics import budget
from experiments.statistics.numbers import (
    apart_from_0,
    clauses,
    commas,
    enough,
    hundredths,
    in_sentence,
    in_unit,
    level,
    percent,
    signed,
    two_figures,
)
from experiments.statistics.terminal import VERDICT_COLOURS, filled, idle_line, rendered
from experiments.statistics.verdict import FEWEST, RARE, UNCLEAR, most_differing
from experiments.statistics.windows import end_words
from experiments.store.protocol import WIDTH
from sim.language import Language, language, later, say, term
from sim.outcomes.catalogue import PRIMARY

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from sim.scenario.schema.scenario import Scenario

_SHORT: Final = {UNCLEAR["difference"]: later("unclear")}


def lines_of(result: Compared, width: int = WIDTH, styled: bool = False) -> list[str]:
    """Return the lines that `dayroom compare` prints."""
    return rendered(lambda console: _print(console, result), width, styled)


def _print(console: "Console", result: Compared) -> None:
    if result.replicates == 1:
        head = say("Compared with {base}, 1 pair of runs under the same seeds", base=_titled(result, result.base))
    else:
        head = say(
            "Compared with {base}, {number} pairs of runs under the same seeds",
            base=_titled(result, result.base),
            number=result.replicates,
        )
    console.print(head)
    for line in dict.fromkeys(line for one in result.scenarios.values() for line in _known(one)):
        console.print("\n".join(filled(line, console.width)))
    for name in result.others:
        console.print()
        console.print(_titled(result, name), style="bold")
        console.print(_table(result, name))
        for line in result.words(name):
            console.print(_indented(line, console.width))
        for line in [*_price(result, name), *_shortage(result, name)]:
            console.print(_indented(line, console.width))
    console.print()
    for line in [*_why(result), *_unknown(result), *_notes(result)]:
        console.print(_indented(line, console.width, "" if line[:1] != " " else "  "))


def _known(scenario: "Scenario") -> list[str]:
    """Return what was known and assumed of the users and ties of each centre with a list or survey."""
    from sim.scenario.schema.start import is_listed

    if not any(is_listed(scenario, centre) for centre in scenario.centres.values()):
        return []
    from sim.state.listed.statement import starts

    return list(map(str, starts(scenario)))


def _titled(result: Compared, scenario: str) -> str:
    """Return the name of a scenario; in Chinese with its title, as names are often English."""
    title = term(result.scenarios[scenario].title)
    return scenario if language() is Language.en or not title else say("{title} ({name})", title=title, name=scenario)


def _indented(line: str, width: int, indent: str = "  ") -> str:
    return "\n".join(filled(line.strip(), width, indent, indent + "  "))


def _table(result: Compared, scenario: str) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("", no_wrap=True)
    heads = [say("base"), say("here"), say("difference"), say("95 % interval"), say("better in"), say("in SD")]
    for name in heads:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")  # where the rest leaves little room, a verdict takes a second line
    for row in result.first_contrasts(scenario):
        difference, low, high = _apart_in_unit([row.difference, row.low, row.high], row.unit)
        between = "-" if row.low != row.low else say("{low} to {high}", low=low, high=high)
        few = row.differ < FEWEST or row.share_better != row.share_better
        of_pairs = "-" if few else f"{percent(row.share_better)}"
        table.add_row(
            row.label if language() is Language.en else in_sentence(row.label),
            level(row.base_mean, row.unit),
            level(row.other_mean, row.unit),
            difference,
            between,
            of_pairs,
            hundredths(row.effect_sd),
            Text(str(_SHORT.get(row.verdict, term(row.verdict))), style=VERDICT_COLOURS.get(row.verdict, "")),
        )
    return table


def _apart_in_unit(values: list[float], unit: str) -> list[str]:
    """Write a difference and its interval with one decimal more than a level, as differences are small, or enough."""
    return apart_from_0([in_unit(value, unit) for value in values], 1 if unit == "share" else 2)


def _price(result: Compared, scenario: str) -> list[str]:
    """Return the extra staff hours and money of a user, a week, month and year, with 95 % intervals."""
    row = next((row for row in result.costs if row.scenario == scenario), None)
    if row is None or row.cost == 0.0 == row.staff_hours:
        return []
    if row.cost_verdict == RARE:
        return [say("Staff hours and money of each user: too rare to say, they differ in too few pairs of runs.")]
    hours = [row.staff_hours, row.staff_hours_low, row.staff_hours_high]
    money = [row.cost, row.cost_low, row.cost_high]
    spans = ((WEEKS, 2, 2), (MONTHS, 2, 1), (1.0, 1, 0))
    week, month, year = (
        {"hours": _amount(hours, parts, of_hours), "money": _amount(money, parts, of_money)}
        for parts, of_hours, of_money in spans
    )
    amounts = [
        say("{hours} staff hours and {money} CNY a week", **week),
        say("{hours} staff hours and {money} CNY a month", **month),
        say("{hours} staff hours and {money} CNY a year", **year),
    ]
    if hours[1] != hours[1] and money[1] != money[1]:
        return [
            say(
                "For each user: {amounts} (more than the base). The money includes the staff hours (`hour_cost`), "
                "discounted.",
                amounts=clauses(amounts),
            )
        ]
    return [
        say(
            "For each user: {amounts} (95 % intervals; more than the base). The money includes the staff hours "
            "(`hour_cost`), discounted.",
            amounts=clauses(amounts),
        )
    ]


def _amount(ends: list[float], parts: float, decimals: int) -> str:
    """Write a value and its interval, divided into parts; the value alone without an interval of any width."""
    three = [each / parts for each in ends]
    decimals = enough(three, decimals)
    value, low, high = (signed(each, decimals, "never", ",f") for each in three)
    return (
        value
        if low == high or ends[1] != ends[1]
        else say("{value} ({low} to {high})", value=value, low=low, high=high)
    )


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
        say(
            "Staff hours ran short for {policy}: asked for {wanted:.1f} h a week, got {served:.1f}.",
            policy=term(str(name)),
            wanted=row.hours_wanted,
            served=row.hours_served,
        )
        for name, row in short.iterrows()
    ]
    return [idle, *lines] if idle else lines


def _why(result: Compared) -> list[str]:
    """Return lines with the parts of each effect on loneliness."""
    if not result.parts:
        return []
    rows = [
        say("{scenario}, {part}: {effect}", scenario=part.scenario, part=term(part.part), effect=part.words())
        for part in result.parts
        if part.outcome == PRIMARY[0]
    ]
    head = say("Loneliness, through what (mean over seeds and both orders of freezing ties and flows, 95 % interval):")
    return [head, *(f"  {row}" for row in rows), ""]


def _unknown(result: Compared) -> list[str]:
    """Return lines on the effects over draws of unknown parameters."""
    if result.uncertain is None:
        return []
    return [*draw_sentences.lines(result.uncertain), ""]


def _of_base(result: Compared) -> list[str]:
    """Return lines on what is measured by the base's budget and groups alone, and on whether the base itself fits."""
    base, *others = result.scenarios.values()
    of_base = [row for row in result.budget_uses() if row.scenario == result.base]
    name = _titled(result, result.base)
    lines = [say("{base} itself: {uses}", base=name, uses=budget.words(of_base))] if of_base else []
    apart = [one.name for one in others if one.budget not in (None, base.budget)]
    if apart:
        lines.append(
            say(
                "All are measured by the budget of {base}; {others} states another.",
                base=name,
                others=commas([_titled(result, one) for one in apart]),
            )
        )
    return lines


def _notes(result: Compared) -> list[str]:
    lines = [
        say(
            "Means of the {end}; differences of % in percentage points; SD: between users of the base.",
            end=end_words(result.scenarios[result.base].days),
        ),
        *_of_base(result),
        *_pairing(result),
    ]
    if result.replicates < FEWEST:
        lines.append(say("Fewer than {fewest} pairs are too few to call anything better or worse.", fewest=FEWEST))
    else:
        lines += [
            say(
                "Better or worse: clear when all {number} differences shown are judged together. By itself: only its "
                "own interval leaves out 0.",
                number=sum(row.outcome in FIRST_SHOWN for row in result.contrasts),
            ),
            say(
                "No interval covers rare jumps that no pair shows: up to {share} of all pairs might jump.",
                share=percent(most_differing(result.replicates)),
            ),
        ]
    lines += [row.words() for row in result.reached]
    if result.failed:
        lines.append(
            say(
                "{number} runs failed and are left out with their pairs; failures.csv says why.",
                number=len(result.failed),
            )
        )
    return lines


def _pairing(result: Compared) -> list[str]:
    """Return a line on how much more precise the same seeds have made the differences."""
    paired = [row for row in result.contrasts if row.outcome in PRIMARY and row.differ >= FEWEST]
    worth = [row.pairing for row in paired if row.pairing == row.pairing]
    if not worth or min(worth) == float("inf"):
        return []
    least = two_figures(min(worth))
    if min(worth) < 1.0:
        lost = [
            say("{name} ({outcome})", name=row.scenario, outcome=term(row.label)) for row in paired if row.pairing < 1.0
        ]
        return [
            say(
                "Pairing has lost precision for {lost} (at worst roughly {least} times as good).",
                lost=commas(lost),
                least=least,
            )
        ]
    if least == two_figures(max(worth)):
        return [say("Pairing: without the same seeds roughly {more} times as many runs would be needed.", more=least)]
    return [
        say("Pairing: without the same seeds roughly at least {more} times as many runs would be needed.", more=least)
    ]
