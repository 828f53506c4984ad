"""Page one of a comparison: question, answer, table of alternatives, one figure, who loses, what it hangs on.

It is one page by rule: long titles are cut, and of many alternatives, groups and questions it names the first few.
"""

from typing import Final

from experiments.report import names
from experiments.report.background.assumptions import leading_numbers
from experiments.report.background.limits import limits
from experiments.report.compare.answer import answer, leading
from experiments.report.compare.facts import BRIEF, Facts
from experiments.report.compare.figures import Figures
from experiments.report.compare.signs import beyond, depends, is_judged, too_few, turned
from experiments.report.content import Block, Box, Bullets, Paragraph, Quote, Section, Table, as_written
from experiments.report.values import DECIMALS, counted, in_percent, listed, scale, verdict
from experiments.statistics.numbers import beside, enough
from experiments.statistics.verdict import ALONE_ONLY, towards
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES
from sim.scenario.schema.scenario import Scenario

MOST: Final = 5
"""Most alternatives on page one."""
_GROUPS: Final = 3
"""Most groups that page one names for each alternative."""
_FEW_USERS: Final = 5.0
"""A group with fewer users, in the mean, is called small."""
_QUESTIONS: Final = 2
_QUESTION: Final = 200
"""Most questions on page one, and most columns of one; a Chinese letter takes two."""


def brief(facts: Facts, figures: Figures) -> tuple[Section, ...]:
    """Return the sections of page one."""
    shown = chosen(facts)
    return (
        Section("question", say("The question"), asked(facts.scenarios)),
        Section(
            "answer",
            say("The answer"),
            (Box(answer(facts)), alternatives(facts, shown), Paragraph(reading(facts))),
        ),
        Section("picture", say("What each alternative changes"), (figures.of_brief(shown),)),
        Section("losers", say("Who loses"), losers(facts, shown)),
        Section("hinges", say("What it hangs on"), hinges(facts)),
        Section("not-for", say("What this may not be used for"), (limits(),)),
    )


def chosen(facts: Facts) -> list[str]:
    """Return the alternatives of page one, in the order of the command, as in every table and figure.

    Of too many, these are the one that the answer speaks of, then those that harm something, then those that gain.
    """
    best = leading(facts)
    ranked = sorted(
        facts.others, key=lambda name: (name != best, facts.is_harmless(name), not facts.gains(name))
    )[:MOST]  # fmt: skip
    return sorted(ranked, key=facts.others.index)


def asked(scenarios: dict[str, Scenario]) -> tuple[Block, ...]:
    """Return the question as the scenarios state it: that of the base, or those that the alternatives add."""
    base, *others = scenarios.values()
    own = names.question(base)
    added = [text for text in names.distinct(names.question(one) for one in others) if text != own]
    questions = [names.cut(text, _QUESTION) for text in added or [own] if text]
    if not questions:
        return (Paragraph(say("The scenarios state no question.")),)
    quotes = [Quote(text) for text in questions[:_QUESTIONS]]
    more = len(questions) - len(quotes)
    if not more:
        return tuple(quotes)
    return *quotes, Paragraph(
        say("Further questions in the scenarios: {count}.", count=counted("questions:more", more))
    )


def alternatives(facts: Facts, shown: list[str]) -> Table:
    """Return the table of some alternatives."""
    has_budget = facts.fits(facts.base) is not None
    head = [say("Alternative"), *(names.outcome(name) for name in BRIEF)]
    head += [*([say("Fits the budget")] if has_budget else []), say("Money a month (yuan)"), say("Staff hours a week")]
    rows = [
        (
            facts.short_titles[name],
            *(_changed(facts, name, outcome) for outcome in BRIEF),
            *([say("yes") if facts.fits(name) else say("no")] if has_budget else []),
            str(facts.money(name)),
            str(facts.hours(name)),
        )
        for name in shown
    ]
    return Table(
        "alternatives",
        say("The alternatives, each compared with “{base}”", base=facts.short_titles[facts.base]),
        tuple(head),
        tuple(rows),
        note=beside(_budget(facts), _sums(facts), _burden(), _one_each(facts)),
    )


def _changed(facts: Facts, scenario: str, outcome: str) -> str:
    """Return the verdict on an outcome with the mean difference, in points or percentage points."""
    word = verdict(facts.verdict(scenario, outcome))
    if outcome not in facts.outcomes:
        return word
    row, unit = facts.contrast(scenario, outcome), OUTCOMES[outcome].unit
    if row.value("difference") != row.value("difference"):
        return word
    factor, decimals = in_percent(unit), DECIMALS.get(unit, 2)
    if towards(facts.verdict(scenario, outcome)):  # what is better or worse does not look like nothing
        decimals = enough([factor * row.value("difference")], decimals)
    return f"{word} {row.number('difference', decimals, factor, signed=True)}"


def _one_each(facts: Facts) -> str:
    """Return that measures were not combined, where each alternative has one and the base has none."""
    base, *others = facts.scenarios.values()
    if base.policies or any(len(one.policies) != 1 for one in others):
        return ""
    if len(others) == 1:
        return say("The base has no such measure.")
    return say("The base has none of these measures; two at once were not simulated.")


def _budget(facts: Facts) -> str:
    limits = {row["limit"]: row.number("budget", 0) for row in facts.uses(facts.base)}
    words = [say("{money} yuan a month", money=limits["money"])] if "money" in limits else []
    words += [say("{hours} staff hours a week", hours=limits["hours"])] if "hours" in limits else []
    return say("The budget for measures is {limits}.", limits=listed(words)) if words else ""


def _sums(facts: Facts) -> str:
    if facts.has_centres:
        return say("Yuan are for all policies of the alternative in all centres; staff hours come on top.")
    if any(len(scenario.policies) > 1 for scenario in facts.scenarios.values()):
        return say("Yuan are for all policies of the alternative; staff hours come on top.")
    return say("Yuan do not include staff hours.")


def _burden() -> str:
    least, most = scale("burden")
    return say(
        "Burden: how far things or demands weigh too heavily on a user, from {least} to {most}.", least=least, most=most
    )


def reading(facts: Facts) -> str:
    """Return how to read the words of the table, and how many alternatives it leaves out."""
    left_out = len(facts.others) - MOST
    text = say(
        "Better or worse: unlikely to be chance by a strict rule, which allows for the many comparisons ({pairs} pairs "
        "of runs of {days} days). By itself: only if nothing else is compared, so it may be mere chance.",
        pairs=facts.pairs, days=facts.days,
    )  # fmt: skip
    if left_out <= 0:
        return text
    more = say(
        "Left out here, and under “What would happen”: {count} alternatives.",
        count=counted("alternatives:more", left_out),
    )
    return beside(more, text)


def losers(facts: Facts, shown: list[str]) -> tuple[Block, ...]:
    """Return, for some alternatives, the groups of users that are worse off; those without any share a line."""
    if not facts.is_sized:
        return (Paragraph(say("The runs are too few to say who is worse off.")),)
    harming = [name for name in shown if _harms(facts, name)]
    lines = [_losers_of(facts, name) for name in harming]
    if not harming:
        none = say("No group of users is seen to be worse off in loneliness, burden or group identity.")
        lines = [beside(none, *facts.unjudged(shown))]
    elif others := [facts.short_titles[name] for name in shown if name not in harming]:
        lines.append(say("No group of users is clearly worse off with {titles}.", titles=listed(others)))
    lines += [_as_a_whole(facts, name) for name in shown]
    lines.append(_small(facts, shown))
    if any(facts.harmed(name, ALONE_ONLY) for name in harming):
        lines.append(
            say(
                "By themselves: where nothing truly differs, chance alone makes about one comparison in forty worse, "
                "and one in forty better. All of them, with intervals: “Who gains and who loses”."
            )
        )
    return (Bullets(tuple(line for line in lines if line)),)


def _as_a_whole(facts: Facts, scenario: str) -> str:
    """Return the outcomes of the brief that are worse for all users taken together; else nothing."""
    worse = [names.outcome_within(name) for name in facts.losses(scenario)]
    if not worse:
        return ""
    return say(
        "{title}: worse for users as a whole: {outcomes}.",
        title=facts.short_titles[scenario],
        outcomes=listed(worse),
    )


def _small(facts: Facts, shown: list[str]) -> str:
    """Return that small groups are hard to judge, with the smallest; empty where no group is small."""
    rows = [row for name in shown for row in facts.groups(name) if 0.0 < row.value("users") < _FEW_USERS]
    if not rows:
        return ""
    least = min(rows, key=lambda row: row.value("users"))
    return say(
        "Groups of few users are hard to judge: the smallest, {group}, has {users} users in the mean.",
        group=names.group(str(least["group"])), users=least.number("users", 1),
    )  # fmt: skip


def _harms(facts: Facts, scenario: str) -> bool:
    """Return whether a group is worse off with an alternative, if only by itself."""
    return any(facts.harmed(scenario, ending) for ending in ("", ALONE_ONLY))


def _losers_of(facts: Facts, scenario: str) -> str:
    title = facts.short_titles[scenario]
    clear, alone = (_groups(facts, scenario, ending) for ending in ("", ALONE_ONLY))
    if clear and alone:
        return say(
            "{title}: worse off are {clear}; only by themselves {alone}.",
            title=title, clear=listed(clear), alone=listed(alone),
        )  # fmt: skip
    if clear:
        return say("{title}: worse off are {clear}.", title=title, clear=listed(clear))
    return say("{title}: no group is clearly worse off; only by themselves {alone}.", title=title, alone=listed(alone))


def _groups(facts: Facts, scenario: str, ending: str) -> list[str]:
    """Return groups worse off, each once with its outcomes and their changes; the rest as a number."""
    outcomes: dict[str, list[str]] = {}
    for row in facts.harmed(scenario, ending):
        unit = OUTCOMES[str(row["outcome"])].unit
        decimals = enough([in_percent(unit) * row.value("difference")], DECIMALS.get(unit, 2))
        change = row.number("difference", decimals, in_percent(unit), signed=True)
        worse = (
            say(
                "{outcome} {change} percentage points", outcome=names.outcome_within(str(row["outcome"])), change=change
            )
            if unit == "share"
            else say("{outcome} {change}", outcome=names.outcome_within(str(row["outcome"])), change=change)
        )
        outcomes.setdefault(str(row["group"]), []).append(worse)
    words = [
        say("{group} ({outcome})", group=names.group(group), outcome=listed(worse))
        for group, worse in list(outcomes.items())[:_GROUPS]
    ]
    if len(outcomes) > _GROUPS:
        words.append(say("{count} more", count=counted("groups:more", len(outcomes) - _GROUPS)))
    return words


def hinges(facts: Facts) -> tuple[Block, ...]:
    """Return what the answer hangs on: signs that turn, or that nothing was varied; and the leading assumptions."""
    return (Bullets((_signs(facts), leading_numbers(is_untested=not facts.splits))),)


def _signs(facts: Facts) -> str:
    if not facts.splits:
        return say(
            "Not yet tested: whether the answer holds when the assumptions vary. Ask the analyst to test it; the "
            "command stands under “How sure this is”."
        )
    if not is_judged(facts):
        return too_few(facts)
    turning = [
        say(
            "{title}: {outcome}",
            title=facts.short_titles[str(row["scenario"])],
            outcome=names.outcome_within(str(row["outcome"])),
        )
        for row in [*turned(facts), *depends(facts)]
    ]
    if not turning:
        none = say("No sign was seen to turn with other values of the numbers that nobody has measured.")
        return beside(none, beyond(facts))
    if len(turning) > MOST:
        turning[MOST:] = [say("{count} more", count=counted("signs:more", len(turning) - MOST))]
    return say("The sign turns with numbers that nobody has measured: {effects}.", effects=listed(turning))


def not_varied() -> str:
    """Return that the unmeasured numbers stayed at their defaults; `varying` is the command that varies them."""
    return say(
        "Only one set of the numbers that nobody has measured was tried; the command below varies them, and so tests "
        "whether the answer holds."
    )


def varying(facts: Facts) -> str:
    """Return the command that varies the unmeasured numbers."""
    return as_written(f"{facts.stored.command} --uncertain 200")
