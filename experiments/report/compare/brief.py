"""Page one of a comparison: question, answer, table of alternatives, one figure, who loses, what it hangs on."""

from typing import Final

from experiments.report import names
from experiments.report.background.assumptions import leading_names
from experiments.report.background.limits import limits
from experiments.report.compare.answer import answer
from experiments.report.compare.facts import BRIEF, Facts
from experiments.report.compare.figures import Figures
from experiments.report.compare.signs import depends, is_judged, too_few, turned
from experiments.report.content import Block, Box, Bullets, Code, Paragraph, Quote, Section, Table, as_written, kept
from experiments.report.values import counted, listed, verdict
from experiments.statistics.verdict import ALONE_ONLY, FEWEST
from sim.language import say
from sim.scenario.schema.scenario import Scenario

_MOST: Final = 4
"""Most groups that page one names for each alternative."""


def brief(facts: Facts, figures: Figures) -> tuple[Section, ...]:
    """Return the sections of page one."""
    return (
        Section("question", say("The question"), asked(facts.scenarios)),
        Section(
            "answer",
            say("The answer"),
            (Box(say("In three sentences"), answer(facts)), alternatives(facts), Paragraph(reading(facts))),
        ),
        Section("picture", say("What each alternative changes"), kept(figures.picture("effects"))),
        Section("losers", say("Who loses"), losers(facts)),
        Section("hinges", say("What it hangs on"), hinges(facts)),
        Section("not-for", say("What this may not be used for"), (limits(),)),
    )


def asked(scenarios: dict[str, Scenario]) -> tuple[Block, ...]:
    """Return the question as the scenarios state it: that of the base, or those that the alternatives add."""
    base, *others = scenarios.values()
    own = names.question(base)
    added = [text for text in names.distinct(names.question(one) for one in others) if text != own]
    if added:
        return tuple(Quote(text) for text in added)
    return (Quote(own) if own else Paragraph(say("The scenarios state no question.")),)


def alternatives(facts: Facts) -> Table:
    """Return the table of alternatives."""
    head = [say("Alternative"), *(names.outcome(name) for name in BRIEF)]
    head += [say("Fits the budget"), say("Yuan a month"), say("Staff hours a week")]
    rows = [
        (
            facts.titles[name],
            *(verdict(facts.verdict(name, outcome)) for outcome in BRIEF),
            _fits(facts.fits(name)),
            str(facts.money(name)),
            str(facts.hours(name)),
        )
        for name in facts.others
    ]
    return Table(
        "alternatives",
        say("The alternatives, each compared with “{base}”", base=facts.titles[facts.base]),
        tuple(head),
        tuple(rows),
        note=say(
            "Yuan and hours: all policies of the alternative, in all centres; the yuan do not include the staff hours."
        ),
    )


def _fits(fits: bool | None) -> str:
    if fits is None:
        return say("no budget")
    return say("yes") if fits else say("no")


def reading(facts: Facts) -> str:
    """Return how to read the words of the table."""
    return say(
        "Better or worse: clear of chance among all differences judged together, over {pairs} pairs of runs of {days} "
        "days. By itself: clear only if nothing else is looked at, as one in twenty is by chance alone. A word needs "
        "{fewest} pairs that differ.",
        pairs=facts.pairs, days=facts.days, fewest=counted("rule/fewest", FEWEST),
    )  # fmt: skip


def losers(facts: Facts) -> tuple[Block, ...]:
    """Return, for each alternative, the groups of users that are worse off."""
    return (Bullets(tuple(_losers_of(facts, name) for name in facts.others)),)


def _losers_of(facts: Facts, scenario: str) -> str:
    title = facts.titles[scenario]
    if not facts.is_sized:
        return say("{title}: the runs are too few to say who is worse off.", title=title)
    clear, alone = (_groups(facts, scenario, ending) for ending in ("", ALONE_ONLY))
    if clear and alone:
        return say(

                "{title}: worse off are {clear}; by themselves only, as about one comparison in forty is "
                "by chance, {alone}."
            ,
            title=title, clear=listed(clear), alone=listed(alone),
        )  # fmt: skip
    if clear:
        return say("{title}: worse off are {clear}.", title=title, clear=listed(clear))
    if alone:
        return say(
            "{title}: no group is clearly worse off; by themselves only, as about one comparison in forty is by "
            "chance, {alone}.",
            title=title, alone=listed(alone),
        )  # fmt: skip
    return say("{title}: no group of users is clearly worse off.", title=title)


def _groups(facts: Facts, scenario: str, ending: str) -> list[str]:
    """Return groups worse off, each with the outcome; the rest as a number."""
    rows = facts.harmed(scenario, ending)
    listed_rows = [
        say(
            "{group} ({outcome})",
            group=names.group(str(row["group"])),
            outcome=names.outcome_within(str(row["outcome"])),
        )
        for row in rows[:_MOST]
    ]
    if len(rows) > _MOST:
        listed_rows.append(say("{count} more", count=counted("groups:more", len(rows) - _MOST)))
    return listed_rows


def hinges(facts: Facts) -> tuple[Block, ...]:
    """Return what the answer hangs on: signs that turn, or that nothing was varied; and the leading assumptions."""
    lines = [
        say(
            "The numbers that move loneliness, burden and group identity most over many plausible centres, and that "
            "nobody has measured: {parameters}.",
            parameters=listed(leading_names()),
        )
    ]
    if not facts.splits:
        lines.insert(0, not_varied())
        return Bullets(tuple(lines)), Code(varying(facts))
    turning = [
        say(
            "{title}: {outcome}",
            title=facts.titles[str(row["scenario"])],
            outcome=names.outcome_within(str(row["outcome"])),
        )
        for row in [*turned(facts), *depends(facts)]
    ]
    if not is_judged(facts):
        lines.insert(0, too_few())
    elif turning:
        lines.insert(
            0, say("The sign turns with numbers that nobody has measured: {effects}.", effects=listed(turning))
        )
    else:
        lines.insert(0, say("No sign was seen to turn with other values of the numbers that nobody has measured."))
    return (Bullets(tuple(lines)),)


def not_varied() -> str:
    """Return that the unmeasured numbers stayed at their defaults; `varying` is the command that varies them."""
    return say("The numbers that nobody has measured stood at one value each; the command below varies them.")


def varying(facts: Facts) -> str:
    """Return the command that varies the unmeasured numbers."""
    return as_written(f"{facts.stored.command} --uncertain 200")
