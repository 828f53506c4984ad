"""What would happen, and to whom: differences with intervals and verdicts, over all users and for each group."""

from typing import Final

from experiments.report import names
from experiments.report.compare import lonely
from experiments.report.compare.facts import Facts
from experiments.report.compare.figures import Figures
from experiments.report.content import Bullets, Heading, Paragraph, Section, Table, as_written, kept
from experiments.report.values import DECIMALS, Row, in_percent, listed, unit_of, verdict
from experiments.statistics.verdict import UNCLEAR, towards
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES

SHOWN: Final = (
    "loneliness_ucla20", "lonely_share", "severely_lonely_share", "burden", "burdened_share", "group_identity",
    "belonging_share", "hope", "self_stigma", "self_worth", "no_friend_share", "no_confidant_share",
)  # fmt: skip
"""Outcomes of the tables that a reader sees at once; a folded table has all."""
_GROUPED: Final = ("loneliness_ucla20", "burden", "group_identity")


def effects(facts: Facts, figures: Figures) -> Section:
    """Return the section on what would happen."""
    blocks: list[object] = [
        Paragraph(
            say(
                "Each alternative ran beside “{base}” in pairs under the same chance. A difference is the alternative "
                "minus the base, as the mean of the last four weeks, with its 95 % interval.",
                base=facts.titles[facts.base],
            )
        ),
        figures.picture("effects"),
        figures.picture("outcomes"),
    ]
    for name in facts.others:
        shown: list[str] = [outcome for outcome in SHOWN if outcome in facts.outcomes]
        blocks += [
            Heading(facts.titles[name]),
            Bullets(
                tuple(_sentence(facts.contrast(name, outcome)) for outcome in (*_GROUPED, "hope") if outcome in shown)
            ),
            _table(facts, name, shown, f"effects_{facts.others.index(name) + 1}", folded=False),
            _table(facts, name, facts.outcomes, f"all_outcomes_{facts.others.index(name) + 1}", folded=True),
        ]
    blocks += [figures.picture("users"), figures.picture("decomposition")]
    return Section("effects", say("What would happen"), kept(*blocks))  # type: ignore[arg-type]


def _sentence(row: Row) -> str:
    """Return a sentence on a difference, which claims what its verdict does."""
    outcome, word = str(row["outcome"]), str(row["verdict"])
    unit = OUTCOMES[outcome].unit
    label, size = names.outcome(outcome), row.span(DECIMALS.get(unit, 2), in_percent(unit))
    values = {"outcome": label, "size": size, "unit": unit_of(unit)}
    if not towards(word):
        if word == UNCLEAR["difference"]:
            ends = row.estimate("difference", DECIMALS.get(unit, 2), in_percent(unit))
            return say("{outcome}: no clear difference, {ends} {unit}.", ends=ends, outcome=label, unit=unit_of(unit))
        return say("{outcome}: {verdict}.", outcome=label, verdict=verdict(word))
    alone = word != towards(word)
    if float(row["difference"]) > 0.0:
        if alone:
            return say("{outcome}: by itself higher by {size} {unit}; not clear among all differences.", **values)
        return say("{outcome}: higher by {size} {unit}.", **values)
    if alone:
        return say("{outcome}: by itself lower by {size} {unit}; not clear among all differences.", **values)
    return say("{outcome}: lower by {size} {unit}.", **values)


def _table(facts: Facts, scenario: str, outcomes: list[str], key: str, *, folded: bool) -> Table:
    rows = []
    for outcome in outcomes:
        row = facts.contrast(scenario, outcome)
        unit = str(row["unit"])
        factor, decimals = in_percent(unit), DECIMALS.get(unit, 2)
        rows.append(
            (
                names.outcome(outcome),
                str(row.number("base_mean", decimals, factor)),
                str(row.number("other_mean", decimals, factor)),
                row.estimate("difference", decimals, factor),
                unit_of(unit),
                verdict(str(row["verdict"])),
            )
        )
    title = say("All outcomes: {title}", title=facts.titles[scenario]) if folded else say(
        "The main outcomes: {title}", title=facts.titles[scenario]
    )  # fmt: skip
    head = (
        say("Outcome"), say("Base"), say("Alternative"), say("Difference (95 % interval)"), say("Unit"), say("Verdict"),
    )  # fmt: skip
    return Table(key, title, head, tuple(rows), folded=folded)


def groups(facts: Facts, figures: Figures) -> Section:
    """Return the section on who gains and who loses."""
    own = [as_written(name) for name in facts.scenarios[facts.base].groups]
    blocks: list[object] = [
        Paragraph(
            say(
                "Groups are formed by what no measure changes: traits and the state on day 0 or on arrival. A group's "
                "difference is that of its users on the last day. The more groups, the surer each must be."
            )
        )
    ]
    if own:
        blocks.append(Paragraph(say("The scenario's own groups: {groups}.", groups=listed(own))))
    if lines := lonely.sentences(facts):
        blocks += [Heading(say("Lonely users and the others")), Bullets(lines), Paragraph(lonely.who_counts())]
    blocks.append(figures.picture("groups"))
    blocks += [_of_groups(facts, name, f"groups_{number}") for number, name in enumerate(facts.others, 1)]
    return Section("groups", say("Who gains and who loses"), kept(*blocks))  # type: ignore[arg-type]


def _of_groups(facts: Facts, scenario: str, key: str) -> Table:
    rows = {outcome: {row["group"]: row for row in facts.groups(scenario, outcome)} for outcome in _GROUPED}
    order = [str(row["group"]) for row in facts.groups(scenario, _GROUPED[0])]
    lines = []
    for group in order:
        line = [names.group(group), str(rows[_GROUPED[0]][group].number("users", 1))]
        for outcome in _GROUPED:
            row = rows[outcome][group]
            unit = OUTCOMES[outcome].unit
            line += [row.estimate("difference", DECIMALS[unit], in_percent(unit)), verdict(str(row["verdict"]))]
        lines.append(tuple(line))
    head = [say("Group of users"), say("Users")]
    for outcome in _GROUPED:
        head += [names.outcome(outcome), say("Verdict")]
    title = say("Groups of users: {title}", title=facts.titles[scenario])
    return Table(key, title, tuple(head), tuple(lines), note=say("Differences in points, with 95 % intervals."))
