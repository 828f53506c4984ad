"""What alternatives cost for a week, a month and a user-year, and what fits the budget."""

from typing import Final

from experiments.compare.cost import MONTHS, WEEKS
from experiments.report.compare.facts import Facts
from experiments.report.compare.figures import Figures
from experiments.report.content import Paragraph, Section, Table, kept
from experiments.report.values import MISSING, Row, computed, scale, verdict
from experiments.statistics.verdict import CLEAR
from sim.language import say
from sim.outcomes.catalogue import SEVERELY_LONELY_FROM

_SPANS: Final = {"_a_week": WEEKS, "_a_month": MONTHS, "": 1.0}
_TIMES: Final = (("_a_week", 60.0), ("_a_month", 60.0), ("", 1.0))
"""Spans of staff time, and their unit in hours: for a user and week it is minutes."""


def costs(facts: Facts, figures: Figures) -> Section:
    """Return the section on costs."""
    return Section(
        "costs",
        say("What it costs, and what fits"),
        kept(
            Paragraph(
                say(
                    "For each user, beside what the base costs. Yuan include the staff hours at the centre's own price "
                    "of an hour, and count less the later they fall due."
                )
            ),
            _per_user(facts),
            _budget(facts),
            figures.picture("budget"),
            _about_worth(),
            _worth(facts),
            figures.picture("plane"),
        ),
    )


def _per_user(facts: Facts) -> Table:
    rows = []
    for name in facts.others:
        row = facts.cost(name)
        if row is None:
            continue
        time = [row.estimate(f"staff_hours{span}", 1, factor, ends=f"staff_hours{span}") for span, factor in _TIMES]
        money = [row.estimate(f"cost{span}", 0, ends=f"cost{span}") for span in _SPANS]
        rows.append((facts.titles[name], *time, *money))
    head = (
        say("Alternative"), say("Staff minutes a week"), say("Staff minutes a month"), say("Staff hours a user-year"),
        say("Yuan a week"), say("Yuan a month"), say("Yuan a user-year"),
    )  # fmt: skip
    return Table(
        "costs", say("For each user, more than the base"), head, tuple(rows), note=say("95 % intervals in brackets.")
    )


def _budget(facts: Facts) -> Table | Paragraph:
    if facts.fits(facts.base) is None:
        return Paragraph(
            say(
                "The base states no budget (budget: hours of staff a week, money a month), so nothing is "
                "measured by one."
            )
        )
    rows = [_use(facts.titles[name], row) for name in facts.scenarios for row in facts.uses(name)]
    head = (
        say("Scenario"), say("Limit"), say("Budget"), say("Mean over the run"), say("Fits"),
        say("Left of the budget (− if exceeded)"), say("Runs beyond it, of 100"), say("In the busiest four weeks"),
    )  # fmt: skip
    note = say(
        "Only measures count, with the hours that they ask for, also those that staff cannot give; the centre's daily "
        "work does not, so that a scenario without measures takes 0."
    )
    return Table("budget", say("What fits the budget"), head, tuple(rows), note=note)


def _use(title: str, row: Row) -> tuple[str, ...]:
    """Return what a scenario takes of a limit of the budget."""
    limit, decimals = (say("Staff hours a week"), 1) if row["limit"] == "hours" else (say("Money a month (yuan)"), 0)
    return (
        title,
        limit,
        str(row.number("budget", decimals)),
        str(row.number("mean", decimals)),
        say("yes") if row["fits"] else say("no"),
        str(row.number("over", decimals, -1.0)),
        str(row.number("share_over", 0, 100.0)),
        str(row.number("busiest", decimals)),
    )


def _about_worth() -> Paragraph:
    least, most = (end.value for end in scale("loneliness_ucla20"))
    cut = computed("scale/loneliness_ucla20:cut", least + SEVERELY_LONELY_FROM * (most - least), 0)
    return Paragraph(
        say(
            "The next table is about severe loneliness alone ({cut} points or more, all days of the run), not about "
            "mean loneliness, by which the answer goes.",
            cut=cut,
        )
    )


def _worth(facts: Facts) -> Table:
    rows = []
    for name in facts.others:
        row = facts.cost(name)
        if row is None:
            continue
        rows.append(
            (
                facts.titles[name],
                row.estimate("effect", 1, 100.0, ends="effect"),
                verdict(str(row["effect_verdict"])),
                verdict(str(row["cost_verdict"])),
                _ratio(row),
            )
        )
    head = (
        say("Alternative"), say("Days below severe loneliness gained, of 100"), say("Verdict on the effect"),
        say("Verdict on the cost"), say("Yuan for a user-year below severe loneliness"),
    )  # fmt: skip
    note = say(
        "A price stands only where effect and cost are clear among all differences judged together, and the effect is "
        "far enough from 0 to divide by it."
    )
    return Table("worth", say("Cost, and effect on severe loneliness"), head, tuple(rows), note=note)


def _ratio(row: Row) -> str:
    is_clear = row["effect_verdict"] in CLEAR and row["cost_verdict"] in CLEAR
    return (
        MISSING
        if row["ratio"] != row["ratio"] or not is_clear
        else row.estimate("ratio", 0, signed=False, ends="ratio")
    )
