"""What alternatives cost for a week, a month and a user-year, and what fits the budget."""

from typing import Final

from experiments.compare.cost import MONTHS, WEEKS
from experiments.report.compare.facts import Facts
from experiments.report.compare.figures import Figures
from experiments.report.content import Paragraph, Section, Table, kept
from experiments.report.values import MISSING, Row, verdict
from sim.language import say

_SPANS: Final = {"_a_week": WEEKS, "_a_month": MONTHS, "": 1.0}
_LIMITS: Final = ("hours", "money")


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
        cells = [facts.titles[name]]
        for column in ("staff_hours", "cost"):
            cells += [
                row.estimate(f"{column}{span}", 0 if column == "cost" else 2, ends=f"{column}{span}") for span in _SPANS
            ]
        rows.append(tuple(cells))
    head = (
        say("Alternative"), say("Staff hours a week"), say("Staff hours a month"), say("Staff hours a user-year"),
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
    rows = []
    for name in facts.scenarios:
        rows += [
            (
                facts.titles[name],
                say("staff hours a week") if row["limit"] == "hours" else say("yuan a month"),
                str(row.number("budget", 1)),
                str(row.number("mean", 1)),
                say("yes") if row["fits"] else say("no"),
                str(row.number("over", 1, signed=True)),
                str(row.number("share_over", 0, 100.0)),
                str(row.number("busiest", 1)),
            )
            for row in facts.uses(name)
        ]
    head = (
        say("Scenario"), say("Limit"), say("Budget"), say("Mean over the run"), say("Fits"),
        say("Above (+) or below (−) the budget"), say("Runs beyond it, of 100"), say("In the busiest four weeks"),
    )  # fmt: skip
    return Table("budget", say("What fits the budget"), head, tuple(rows))


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
    note = say("A price stands only where effect and cost are clear enough to divide the one by the other.")
    return Table("worth", say("Cost and effect"), head, tuple(rows), note=note)


def _ratio(row: Row) -> str:
    return MISSING if row["ratio"] != row["ratio"] else row.estimate("ratio", 0, signed=False, ends="ratio")
