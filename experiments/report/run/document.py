"""The whole report of a run: one scenario, without anything to compare it with."""

from collections.abc import Mapping
from typing import Any, Final

from experiments.report import names
from experiments.report.background.assumptions import assumptions, leading_numbers
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
    kept,
)
from experiments.report.figures import picture_of
from experiments.report.values import DECIMALS, Row, change_verdict, counted, in_percent, level_unit, listed
from experiments.runs.result import in_folder
from experiments.statistics.numbers import beside, enough
from experiments.statistics.windows import window_words
from experiments.store.folder import ResultError
from experiments.store.results import StoredResult
from sim.language import language, say
from sim.outcomes.catalogue import OUTCOMES
from sim.scenario.schema.scenario import Scenario

_BRIEF: Final = ("loneliness_ucla20", "lonely_share", "burden", "group_identity", "hope", "no_friend_share")


def report(stored: StoredResult, only_brief: bool) -> Report:
    """Return the report of a run; with `only_brief`, page one alone."""
    if len(stored.scenarios) != 1:
        raise ResultError(say("{folder}: the scenario {name} is missing", folder=stored.folder, name="scenario.yaml"))
    (scenario,) = stored.scenarios.values()
    title = names.titles(stored.scenarios)[scenario.name]
    changes = [Row(f"outcomes/{row['name']}", row) for row in _finite(stored.summary["outcomes"])]
    first = _brief(stored, scenario, title, {str(row["name"]): row for row in changes})
    subtitle = say("What happens in this scenario; nothing is compared")
    if only_brief:
        return Report(title, subtitle, str(language()), first)
    sections = (
        Section(
            "effects",
            say("What would happen"),
            kept(_table("all_outcomes", say("All outcomes"), changes), _picture(stored, "loneliness"),
                 _picture(stored, "network"), _picture(stored, "roles")),
        ),
        _groups(stored, scenario),
        Section(
            "certainty",
            say("How sure this is"),
            (_sure(stored), *known(stored.scenarios), *assumptions(stored.scenarios)),
        ),
        model(),
        validation(),
        repetition(stored),
        stress(stored, stored.scenarios),
    )  # fmt: skip
    frames = {name: stored.table(name) for name in stored.names if name in ("measures", "groups")}
    return Report(title, subtitle, str(language()), first, sections, frames)


def _finite(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of a summary with NaN for an unknown number."""
    return [{key: float("nan") if value is None else value for key, value in row.items()} for row in rows]


def _brief(stored: StoredResult, scenario: Scenario, title: str, changes: Mapping[str, Row]) -> tuple[Section, ...]:
    question = names.question(scenario)
    asked: tuple[Block, ...] = (Quote(question) if question else Paragraph(say("The scenarios state no question.")),)
    shown = [changes[name] for name in _BRIEF if name in changes]
    policies = names.policies_of(scenario)
    loneliness, burden = changes["loneliness_ucla20"], changes["burden"]
    runs = counted("summary/replicates", stored.summary["replicates"])
    answer = (
        say(
            "Loneliness goes from {start} to {end} points (of 20 to 80): {verdict}.",
            start=loneliness.number("start"), end=loneliness.number("end"),
            verdict=change_verdict(str(loneliness["verdict"])),
        ),
        say(
            "Burden goes from {start} to {end} points (of 100): {verdict}.",
            start=burden.number("start"), end=burden.number("end"), verdict=change_verdict(str(burden["verdict"])),
        ),
        say(
            "A run says what happens, not why: to see what a measure changes, compare it with the "
            "same scenario without it."
        ),
    )  # fmt: skip
    measures = (
        say("Measures in use: {policies}.", policies=listed(policies)) if policies else say("No measure is in use.")
    )
    return (
        Section("question", say("The question"), asked),
        Section(
            "answer",
            say("The answer"),
            (
                Box(answer),
                _table("outcomes", say("From the start to the end"), shown),
                Paragraph(beside(*_windows(stored), say("Means are over {runs} runs.", runs=runs))),
                Paragraph(measures),
            ),
        ),
        Section("picture", say("The outcomes day by day"), kept(_picture(stored, "curves"))),
        Section("hinges", say("What it hangs on"), (Bullets((leading_numbers(),)),)),
        Section("not-for", say("What this may not be used for"), (limits(),)),
    )


def _windows(stored: StoredResult) -> list[str]:
    """Return over which days the start and the end are averaged."""
    spans = {name: stored.summary[name] for name in ("start", "end")}
    start, end = (int(span["last_day"]) - int(span["first_day"]) + 1 for span in spans.values())
    return window_words(start, end, (counted("summary/start", start), counted("summary/end", end)))


def _table(key: str, title: str, rows: list[Row]) -> Table:
    lines = []
    for row in rows:
        unit = str(row["unit"])
        factor, decimals = in_percent(unit), DECIMALS.get(unit, 2)
        ends = [factor * float(row[name]) for name in ("start", "end")]
        lines.append(
            (
                names.outcome(str(row["name"])),
                str(row.number("start", enough(ends, decimals), factor)),
                str(row.number("end", enough(ends, decimals), factor)),
                row.estimate("change", decimals, factor),
                level_unit(unit),
                change_verdict(str(row["verdict"])),
            )
        )
    head = (say("Outcome"), say("Start"), say("End"), say("Change (95 % interval)"), say("Unit"), say("Verdict"))
    return Table(key, title, head, tuple(lines))


def _groups(stored: StoredResult, scenario: Scenario) -> Section:
    rows = [
        row
        for row in _finite(stored.summary["groups"])
        if row["outcome"] in ("loneliness_ucla20", "burden", "group_identity")
    ]
    by_group: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_group.setdefault(str(row["group"]), {})[str(row["outcome"])] = Row(
            f"summary_groups/{row['group']}/{row['outcome']}", row
        )
    outcomes = ("loneliness_ucla20", "burden", "group_identity")
    lines = tuple(
        (
            names.group(name),
            str(of[outcomes[0]].number("users", 1)),
            *(of[one].estimate("mean", DECIMALS[OUTCOMES[one].unit], signed=False) for one in outcomes),
        )
        for name, of in by_group.items()
        if all(one in of for one in outcomes)
    )
    head = (say("Group of users"), say("Users"), *(names.outcome(one) for one in outcomes))
    blocks: tuple[Block, ...] = (
        Paragraph(say("How groups of users stand on the last day, with 95 % intervals over runs.")),
        Table("groups", say("Groups of users at the end"), head, lines),
    )
    if scenario.groups:
        own = listed([as_written(name) for name in scenario.groups])
        blocks = (Paragraph(say("The scenario's own groups: {groups}.", groups=own)), *blocks)
    return Section("groups", say("Who stands where"), blocks)


def _sure(stored: StoredResult) -> Paragraph:
    return Paragraph(
        say(
            "The intervals hold chance over {runs} runs alone. Levels rest on assumed numbers; differences between two "
            "scenarios under the same seeds are surer.",
            runs=counted("summary/replicates", stored.summary["replicates"]),
        )
    )


def _picture(stored: StoredResult, name: str) -> Picture | None:
    drawings = in_folder(stored.folder).figures()
    return picture_of(name, drawings[name]) if name in drawings else None
