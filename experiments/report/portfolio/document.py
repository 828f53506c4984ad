"""The whole report of a search over portfolios of policies within a budget."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from experiments.plots.family import drawings
from experiments.plots.portfolio.figures import PORTFOLIO_FIGURES
from experiments.plots.text import in_words
from experiments.portfolio.front import HARMLESS
from experiments.report import names
from experiments.report.background.assumptions import assumptions, leading_numbers
from experiments.report.background.differences import differences
from experiments.report.background.limits import limits
from experiments.report.background.listed import known
from experiments.report.background.model import model
from experiments.report.background.repetition import repetition
from experiments.report.background.validation import validation
from experiments.report.checklists.stress import stress
from experiments.report.content import (
    Block,
    Box,
    Bullets,
    Paragraph,
    Picture,
    Quote,
    Report,
    Section,
    Table,
    as_written,
)
from experiments.report.figures import picture_of
from experiments.report.values import WEEKS_A_MONTH, Row, computed, counted, listed
from experiments.statistics.numbers import beside
from experiments.statistics.verdict import ALONE_ONLY
from experiments.store.folder import ResultError
from experiments.store.results import StoredResult
from sim.language import language, say
from sim.scenario.schema.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

_OUTCOMES: Final = ("loneliness", "burden")
_MOST: Final = 5
"""Most portfolios on page one."""


class Found:
    """A search that is read back."""

    def __init__(self, stored: StoredResult) -> None:
        self.stored = stored
        self.summary = stored.summary

    @cached_property
    def solutions(self) -> "pd.DataFrame":
        """The portfolios that were run again."""
        return self.stored.table("solutions")

    @cached_property
    def kept(self) -> list[Row]:
        """The portfolios to choose from, the most relief of loneliness first."""
        frame = self.solutions[self.solutions["kept"]]
        return [
            Row(f"solutions/#{number}", row) for number, row in zip(frame.index, frame.to_dict("records"), strict=True)
        ]

    @cached_property
    def policies(self) -> list[str]:
        """The policies of the search."""
        return [str(lever["policy"]) for lever in self.summary["levers"]]

    @cached_property
    def base(self) -> Scenario:
        """The scenario to which portfolios were added."""
        name = str(self.summary["base"])
        if name not in self.stored.scenarios:
            raise ResultError(
                say("{folder}: the scenario {name} is missing", folder=self.stored.folder, name=repr(name))
            )
        return self.stored.scenarios[name]

    def held(self, row: Row) -> str:
        """Return the policies of a portfolio with their intensity in percent."""
        parts = [
            say("{policy} at {share} %", policy=as_written(in_words(name)), share=row.number(name, 0, 100.0))
            for name in self.policies
            if float(row[name]) > 0.0
        ]
        return listed(parts) if parts else say("no policy at all")

    def picture(self, name: str) -> Picture:
        """Return a figure of the search."""
        family = PORTFOLIO_FIGURES[name]
        there: dict[str, Any] = {
            "solutions": self.solutions,
            "policies": self.policies,
            "budget": self.summary["budget_hours_a_week"],
            "base hours": self.summary["base_takes"]["hours_a_week"],
        }
        return picture_of(name, drawings({name: family}, there)[name])


def report(stored: StoredResult, only_brief: bool) -> Report:
    """Return the report of a search; with `only_brief`, page one alone."""
    found = Found(stored)
    title = say("Measures within a budget, added to “{base}”", base=names.titles({"base": found.base})["base"])
    subtitle = listed([as_written(in_words(name)) for name in found.policies])
    if only_brief:
        return Report(title, subtitle, str(language()), _brief(found))
    best = {name: one for name, one in stored.scenarios.items() if name != found.base.name}
    scenarios = {found.base.name: found.base, **best}
    sections = (
        Section("effects", say("What would happen"), _effects(found)),
        Section("certainty", say("How sure this is"), (_optimism(found), *known(scenarios), *assumptions(scenarios))),
        model(),
        validation(),
        differences(scenarios, names.titles(scenarios)),
        repetition(stored),
        stress(stored, scenarios),
    )
    frames = {name: stored.table(name) for name in stored.names}
    return Report(title, subtitle, str(language()), _brief(found), sections, frames)


def _brief(found: Found) -> tuple[Section, ...]:
    question = names.question(found.base)
    asked: Block = Quote(question) if question else Paragraph(say("The scenarios state no question."))
    losers = say(
        "A search does not follow groups of users. Compare the chosen portfolio with the base to "
        "see who loses; the result holds it as a scenario."
    )
    return (
        Section("question", say("The question"), (asked,)),
        Section("answer", say("The answer"), (Box(_answer(found)), _table(found))),
        Section("picture", str(PORTFOLIO_FIGURES["front"].title), (found.picture("front"),)),
        Section("losers", say("Who loses"), (Paragraph(losers),)),
        Section("hinges", say("What it hangs on"), (Bullets((leading_numbers(is_untested=True),)),)),
        Section("not-for", say("What this may not be used for"), (limits(),)),
    )


def _answer(found: Found) -> tuple[str, ...]:
    run = counted("summary/portfolios_run", found.summary["portfolios_run"])
    best = next((row for row in found.kept if any(float(row[name]) > 0.0 for name in found.policies)), None)
    sure = say(
        "Only fresh runs count here, {fresh} pairs for each portfolio found; the numbers that nobody has measured were "
        "not varied.",
        fresh=counted("summary/fresh", found.summary["fresh"]),
    )
    if best is None or not float(best["loneliness"]) < 0.0:
        return (
            say(
                "Of none of {run} portfolios that were run is it clear that it lowers loneliness within the budget "
                "without raising burden."
            , run=run),
            _budget(found),
            sure,
        )  # fmt: skip
    size = best.estimate("loneliness", 1, -1.0, signed=not _is_clear(best), ends="loneliness")
    most = say(
        "Of {run} portfolios that were run, {held} has the largest mean fall of loneliness within the budget that does "
        "not raise burden: {size} points.",
        run=run, held=found.held(best), size=size,
    )  # fmt: skip
    if not _is_clear(best):
        most = beside(most, say("Its change of loneliness is not clear among all portfolios that were run again."))
    return (
        most,
        say(
            "It takes {hours} staff hours a week and {money} yuan a month.",
            hours=best.number("hours", 1), money=best.number("money", 0, WEEKS_A_MONTH),
        ),
        sure,
    )  # fmt: skip


def _is_clear(row: Row) -> bool:
    """Return whether a portfolio's fall of loneliness is clear among all; results of earlier versions do not say."""
    return bool(row.values.get("loneliness_verdict") == "better")


def _budget(found: Found) -> str:
    hours, money = (found.summary[name] for name in ("budget_hours_a_week", "budget_money_a_week"))
    limits_of = []
    if hours is not None:
        limits_of.append(say("{hours} staff hours a week", hours=computed("summary/budget_hours_a_week", hours, 1)))
    if money is not None:
        amount = computed("summary/budget_money_a_week", money, 0, WEEKS_A_MONTH)
        limits_of.append(say("{money} yuan a month", money=amount))
    return say("The budget is {limits}.", limits=listed(limits_of))


def _table(found: Found) -> Table:
    rows = tuple(
        (
            as_written(row["name"]), found.held(row),
            *(row.estimate(name, 2, ends=name) for name in _OUTCOMES),
            str(row.number("hours", 1)), str(row.number("money", 0, WEEKS_A_MONTH)),
        )
        for row in found.kept[:_MOST]
    )  # fmt: skip
    head = (
        say("Name"), say("Measures"), say("Loneliness (change)"), say("Burden (change)"), say("Staff hours a week"),
        say("Yuan a month"),
    )  # fmt: skip
    note = say("Change from the base with the 95 % interval of each by itself, over fresh pairs of runs.")
    if (more := len(found.kept) - _MOST) > 0:
        left_out = say(
            "Left out here, and under “What would happen”: {count} portfolios.", count=counted("kept:more", more)
        )
        note = beside(note, left_out)
    return Table("portfolios", say("The portfolios to choose from"), head, rows, note=note)


def _effects(found: Found) -> tuple[Block, ...]:
    rows = tuple(
        (
            found.held(row), row.estimate("loneliness", 2, ends="loneliness"), row.estimate("burden", 2, ends="burden"),
            _burden(str(row["burden_verdict"])), say("yes") if row["within_budget"] else say("no"),
        )
        for row in _rows("solutions", found.solutions)
    )  # fmt: skip
    head = (
        say("Measures"), say("Loneliness (change)"), say("Burden (change)"), say("Verdict on burden"),
        say("Fits the budget"),
    )  # fmt: skip
    return (Table("solutions", say("Every portfolio that was run again"), head, rows), found.picture("members"))


def _burden(word: str) -> str:
    verdicts = {
        HARMLESS: say("does not rise"),
        f"{HARMLESS}{ALONE_ONLY}": say("does not rise, by itself"),
        "rises": say("rises"),
        f"rises{ALONE_ONLY}": say("rises, by itself"),
    }
    return verdicts.get(word, say("not clear"))


def _optimism(found: Found) -> Table:
    words = {
        "loneliness": say("Loneliness"),
        "burden": say("Burden"),
        "hours": say("Staff hours a week"),
        "money": say("Yuan a week"),
    }
    rows = tuple(
        (words[str(row["outcome"])], row.estimate("mean", 2))
        for row in _rows("optimism", found.stored.table("optimism"))
    )
    note = say("Above 0, the search promised too much; only the fresh runs are reported.")
    head = (say("Outcome"), say("Fresh runs minus the runs of the search"))
    return Table("optimism", say("What luck added in the search"), head, rows, note=note)


def _rows(name: str, frame: "pd.DataFrame") -> list[Row]:
    return [
        Row(f"{name}/#{number}", row)
        for number, row in zip(frame.index.tolist(), frame.to_dict("records"), strict=True)
    ]
