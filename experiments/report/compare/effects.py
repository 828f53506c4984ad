"""What would happen, and to whom: differences with intervals and verdicts, over all users and for each group."""

from typing import Final

from experiments.measures.runs import GUARDED_FROM
from experiments.report import names
from experiments.report.background.differences import translated
from experiments.report.compare import lonely
from experiments.report.compare.facts import Facts
from experiments.report.compare.figures import Figures
from experiments.report.conditions import in_words
from experiments.report.content import Bullets, Heading, Number, Paragraph, Section, Table, as_written, kept
from experiments.report.values import (
    DECIMALS,
    MISSING,
    Row,
    computed,
    in_percent,
    listed,
    scale,
    unit_of,
    verdict,
)
from experiments.statistics.numbers import beside
from experiments.statistics.verdict import ALONE_ONLY, UNCLEAR, towards
from sim.language import say
from sim.outcomes.catalogue import BELONGING_FROM, BURDENED_FROM, LONELY_FROM, OUTCOMES, SEVERELY_LONELY_FROM
from sim.scenario.conditions.names import SHIPPED_GROUPS
from sim.scenario.schema.policy import PolicyUse

SHOWN: Final = (
    "loneliness_ucla20", "lonely_share", "severely_lonely_share", "burden", "burdened_share", "group_identity",
    "belonging_share", "hope", "self_stigma", "self_worth", "no_friend_share", "no_confidant_share",
)  # fmt: skip
"""Outcomes of the tables that a reader sees at once; a folded table has all."""
_GROUPED: Final = ("loneliness_ucla20", "burden", "group_identity")


def effects(facts: Facts, figures: Figures) -> Section:
    """Return the section on what would happen."""
    blocks: list[object] = [
        measures(facts),
        Paragraph(
            say(
                "Each alternative ran beside “{base}” in pairs under the same chance. A difference is the alternative "
                "minus the base, as the mean of the {end}, with its 95 % interval.",
                base=facts.titles[facts.base],
                end=facts.end,
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
    return Table(key, title, head, tuple(rows), folded=folded, note=_when_and_who(facts))


def _when_and_who(facts: Facts) -> str:
    """Return when the outcomes of a table are measured, and who counts as lonely, burdened and so on."""
    return say(
        "Means of the {end}. Lonely: {lonely} points or more; severely lonely: {severely}; burdened: "
        "{burdened}; belonging: group identity of {belonging} or more.",
        end=facts.end,
        lonely=_cut("loneliness_ucla20", LONELY_FROM, 0), severely=_cut("loneliness_ucla20", SEVERELY_LONELY_FROM, 0),
        burdened=_cut("burden", BURDENED_FROM, 0), belonging=_cut("group_identity", BELONGING_FROM, 1),
    )  # fmt: skip


def _cut(outcome: str, share: float, decimals: int) -> Number:
    """Return a cut-off on the scale of an outcome."""
    least, most = (end.value for end in scale(outcome))
    return computed(f"scale/{outcome}:cut", least + share * (most - least), decimals)


def measures(facts: Facts) -> Table | None:
    """Return a table of what each measure is: what happens, for whom, how many take part, and what it takes."""
    rows = []
    taking = facts.stored.table("policies") if "policies" in facts.stored.names else None
    for name in facts.others:
        for key, use in facts.scenarios[name].policies.items():
            if facts.scenarios[facts.base].policies.get(key) == use:  # the base has it as well
                continue
            part = MISSING
            if taking is not None:
                mine = taking[(taking["scenario"] == name) & (taking["policy"] == key)]
                if len(mine) and not use.whole_house:
                    part = str(computed(f"policies/{name}/{key}/taking_part", float(mine["taking_part"].mean()), 1))
            what = translated(type(use).model_fields["policy"].description or "")
            rows.append((facts.titles[name], what, _who(use), part))
    if not rows:
        return None
    head = (say("Alternative"), say("What happens"), say("Who may take part"), say("Users taking part (mean)"))
    note = say(
        "Hours, money and every other number: “What it costs, and what fits” and “What differs between the scenarios”."
    )
    if facts.scenarios[facts.base].policies:
        note = beside(say("What the base has as well is left out."), note)
    return Table("measures", say("What each measure is"), head, tuple(rows), note=note)


def _who(use: PolicyUse) -> str:
    """Return who may take part in a measure, and the conditions on a centre at which it begins and ends."""
    who = in_words(use.eligible)
    if use.when is not None:
        who = say("{who}; begins when {condition}", who=who, condition=in_words(use.when))
    if use.until is not None:
        who = say("{who}; ends when {condition}", who=who, condition=in_words(use.until))
    return who


def groups(facts: Facts, figures: Figures) -> Section:
    """Return the section on who gains and who loses."""
    own = [
        say("{name} ({condition})", name=as_written(name), condition=in_words(condition))
        for name, condition in facts.scenarios[facts.base].groups.items()
    ]
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
        blocks += [Heading(say("Users lonely at the start, and the others")), Bullets(lines)]
        blocks.append(Paragraph(lonely.who_counts()))
    blocks.append(_worse_off(facts))
    blocks.append(figures.picture("groups"))
    blocks += [_of_groups(facts, name, f"groups_{number}") for number, name in enumerate(facts.others, 1)]
    return Section("groups", say("Who gains and who loses"), kept(*blocks))  # type: ignore[arg-type]


def _worse_off(facts: Facts) -> Table | Paragraph:
    """Return all groups that are worse off, if only by themselves, each with the outcome and its change."""
    if not facts.is_sized:
        return Paragraph(say("The runs are too few to say who is worse off."))
    rows = []
    for name in facts.others:
        for row in [*facts.harmed(name), *facts.harmed(name, ALONE_ONLY)]:
            unit = str(row["unit"])
            rows.append(
                (
                    facts.titles[name], names.group(str(row["group"])), str(row.number("users", 1)),
                    names.outcome(str(row["outcome"])),
                    row.estimate("difference", DECIMALS.get(unit, 2), in_percent(unit)), unit_of(unit),
                    verdict(str(row["verdict"])),
                )
            )  # fmt: skip
    if not rows:
        none = say("No group of users is seen to be worse off in any outcome, not even by itself.")
        return Paragraph(beside(none, *facts.unjudged(facts.others)))
    head = (
        say("Alternative"), say("Group of users"), say("Users (mean)"), say("Outcome"),
        say("Difference (95 % interval)"), say("Unit"), say("Verdict"),
    )  # fmt: skip
    note = say("On the last day. All groups and outcomes that are worse off among all, or by themselves.")
    note = beside(note, *facts.unjudged(facts.others))
    return Table("worse_off", say("Groups that are worse off"), head, tuple(rows), note=note)


def _of_groups(facts: Facts, scenario: str, key: str) -> Table:
    rows = {outcome: {row["group"]: row for row in facts.groups(scenario, outcome)} for outcome in _GROUPED}
    there = [str(row["group"]) for row in facts.groups(scenario, _GROUPED[0])]
    usual = [*facts.scenarios[facts.base].groups, *SHIPPED_GROUPS]
    order = [*(name for name in usual if name in there), *(name for name in there if name not in usual)]
    lines = []
    for group in order:
        line = [names.group(group), str(rows[_GROUPED[0]][group].number("users", 1))]
        for outcome in _GROUPED:
            row = rows[outcome][group]
            unit = OUTCOMES[outcome].unit
            line += [row.estimate("difference", DECIMALS[unit], in_percent(unit)), verdict(str(row["verdict"]))]
        lines.append(tuple(line))
    head = [say("Group of users"), say("Users (mean)")]
    for outcome in _GROUPED:
        head += [names.outcome(outcome), say("Verdict")]
    title = say("Groups of users: {title}", title=facts.titles[scenario])
    return Table(key, title, tuple(head), tuple(lines), note=_who_is_who())


def _who_is_who() -> str:
    """Return how to read a table of groups, and what the names of the shipped groups mean."""
    return say(
        "Differences in points on the last day, with 95 % intervals; groups overlap. Guarded: a threshold for telling "
        "of oneself of {guarded} or more, on a scale from 0 to 1. Helpers at the start: before day 0 they clearly gave "
        "more help than they got. Newcomers of the run: they came during the run.",
        guarded=computed("rule/guarded", GUARDED_FROM, 1),
    )
