"""The words of a figure in the reader's language, and the table behind it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from experiments.report import names
from experiments.report.content import Table, as_written
from experiments.report.written import MISSING, computed, enough, verdict
from sim.language import Later, later, say, term
from sim.outcomes.catalogue import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

_HEADS: Final[Mapping[str, Later]] = {
    "scenario": later("Scenario"),
    "outcome": later("Outcome"),
    "group": later("Group of users"),
    "users": later("Users"),
    "difference": later("Difference"),
    "low": later("95 % from"),
    "high": later("95 % to"),
    "verdict": later("Verdict"),
    "limit": later("Limit"),
    "unit": later("Unit"),
    "budget": later("Budget"),
    "mean": later("Mean"),
    "fits": later("Fits"),
    "share_over": later("Share of runs beyond it"),
    "busiest": later("Busiest four weeks"),
    "cost": later("Yuan a user-year"),
    "cost_low": later("Yuan from"),
    "cost_high": later("Yuan to"),
    "effect": later("Effect"),
    "effect_low": later("Effect from"),
    "effect_high": later("Effect to"),
    "position": later("Position"),
    "predicted_low": later("At other values from"),
    "predicted_high": later("At other values to"),
    "share_ignorance": later("Share from unmeasured numbers"),
    "willingness": later("Yuan a point is worth"),
    "expected_loss": later("Expected loss"),
    "first": later("First"),
    "second": later("Second"),
    "share_reversed": later("Share of draws in another order"),
    "parameter": later("Assumption"),
    "part": later("Part"),
    "value": later("Value"),
    "replicates": later("Runs"),
    "name": later("Name"),
    "loneliness": later("Loneliness"),
    "burden": later("Burden"),
    "hours": later("Staff hours a week"),
    "money": later("Yuan a week"),
}
"""Heads of the columns of a table behind a figure."""


CAPTIONS: Final[Mapping[str, tuple[Later, Later]]] = {
    "effects": (
        later("Difference of each alternative from the base"),
        later(
            "A mark is the mean difference between pairs of runs under the same chance. The thick line is its 95 % "
            "interval; the thin line holds for all differences at once. Where a line crosses the base, the difference "
            "may be chance."
        ),
    ),
    "outcomes": (
        later("The outcomes day by day"),
        later("Lines are means over runs; bands show how far runs under other chance lie apart."),
    ),
    "groups": (
        later("The difference for each group of users"),
        later("A mark is the mean difference of a group on the last day, the line its 95 % interval."),
    ),
    "users": (
        later("How single users differ between both runs of a pair"),
        later("A mean difference of 0 may hide users who gain and users who lose. Part of each change is chance."),
    ),
    "budget": (
        later("What each alternative takes of the budget"),
        later("Bars are means over the run; the dotted line is the budget; hatched bars do not fit."),
    ),
    "plane": (
        later("Cost and effect of each alternative"),
        later("Right of the upright line is less time in severe loneliness, above the level line is dearer."),
    ),
    "acceptability": (
        later("How likely each alternative is worth its cost"),
        later("Along the bottom: what a user-year below severe loneliness is worth. Only chance counts here."),
    ),
    "uncertainty": (
        later("Effects under other values of the unmeasured numbers"),
        later("The wide line shows where the effect may lie when numbers that nobody has measured take other values."),
    ),
    "ranking": (
        later("Which alternative is best under other values"),
        later("Bars show in how many draws an alternative is best; part of each share is chance."),
    ),
    "information": (
        later("What it is worth to know more before choosing"),
        later("What an answer would gain over choosing now, by what a point of loneliness is worth."),
    ),
    "decomposition": (
        later("What the effect comes through"),
        later("Parts of the effect: new ties, what flows along ties, and direct help."),
    ),
    "curves": (
        later("The outcomes of the run day by day"),
        later("Lines are means over runs; bands show how far runs under other chance lie apart."),
    ),
    "network": (
        later("Who is close to whom in one run"),
        later("Points are users, lines are ties from friend on; one run only, so single lines may be chance."),
    ),
    "loneliness": (
        later("The spread of loneliness between users"),
        later("How many users stand at each level of loneliness, at the start and at the end."),
    ),
    "roles": (
        later("Help given and received"),
        later("Each point is a user: how much help the user gave and received."),
    ),
    "front": (
        later("The portfolios that no other beats"),
        later("Each mark is a portfolio within the budget: its loneliness, its burden and its hours."),
    ),
    "members": (
        later("Which measures each portfolio holds"),
        later("Each row is a portfolio, each column a measure; the darker, the stronger."),
    ),
}
"""Title of each figure in a report, and how to read it."""


def table_of(key: str, source: str, frame: "pd.DataFrame", columns: Sequence[str], titles: Mapping[str, str]) -> Table:
    """Return the folded table behind a figure: some columns of a table of the result.

    Parameters
    ----------
    key : str
        Name of the table in the report.
    source : str
        Name of the table in the result; the keys of its numbers begin with it.
    frame : DataFrame
    columns : sequence of str
    titles : mapping of str to str
        Titles of scenarios, by name.
    """
    chosen = [name for name in columns if name in frame.columns]
    rows = tuple(
        tuple(_cell(source, number, name, row[name], titles) for name in chosen)
        for number, row in zip(frame.index.tolist(), frame.to_dict("records"), strict=True)
    )
    return Table(
        key, say("The numbers behind the figure"), tuple(str(_HEADS[name]) for name in chosen), rows, folded=True
    )


def _cell(source: str, number: int, column: str, value: Any, titles: Mapping[str, str]) -> str:
    if column in ("scenario", "first", "second"):
        return titles.get(str(value), as_written(value))
    if column == "outcome":
        return names.outcome(str(value)) if str(value) in OUTCOMES else as_written(term(str(value)))
    if column == "group":
        return names.group(str(value))
    if column == "verdict":
        return verdict(str(value))
    if isinstance(value, bool) or column == "fits":
        return say("yes") if value else say("no")
    if isinstance(value, str):
        return as_written(term(value))
    if value is None or value != value:
        return MISSING
    return str(computed(f"{source}/#{number}/{column}", float(value), enough([float(value)], 2)))
