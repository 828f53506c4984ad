"""The answer of a comparison in three sentences: what gains, what it costs, who loses and how sure that is.

No sentence claims more than a verdict does. A gain is praised only where no outcome of the brief and no group is worse;
otherwise the sentence says both.
"""

from typing import Final

import numpy as np

from experiments.report import names
from experiments.report.compare.facts import Facts
from experiments.report.compare.signs import depends, is_judged, turned
from experiments.report.values import Row, in_percent, listed, unit_of
from experiments.statistics.differences import by_scenario, complete
from experiments.statistics.paired import differences_of
from experiments.statistics.verdict import clear_among
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES, PRIMARY

_DECIMALS: Final = {"loneliness_ucla20": 1, "burden": 1, "group_identity": 2}


def answer(facts: Facts) -> tuple[str, ...]:
    """Return the three sentences of the answer: what gains, what it costs, and how sure that is."""
    if not facts.is_sized:
        return (
            say("The {pairs} pairs of runs are too few to say what any alternative changes.", pairs=facts.pairs),
            _what_all_take(facts),
            say("Nothing can be said about who is worse off."),
        )
    chosen = leading(facts)
    return _gain(facts, chosen), _price(facts, chosen), _doubt(facts, chosen)


def leading(facts: Facts) -> str:
    """Return the alternative of which the answer speaks; empty if none gains.

    It is the one that lowers loneliness most among those that harm nothing and fit the budget; if none of these does,
    the one that improves burden or identity; then one beyond the budget; and only then one that gains here and loses
    there.
    """
    harmless = [name for name in facts.others if facts.is_harmless(name)]
    for among in (_affordable(facts, harmless), harmless, _affordable(facts, facts.others), facts.others):
        for outcome in PRIMARY:
            better = [name for name in among if outcome in facts.gains(name)]
            if better:
                return max(better, key=lambda name: abs(facts.contrast(name, outcome)["difference"]))
    return ""


def _affordable(facts: Facts, scenarios: list[str]) -> list[str]:
    """Return the scenarios that are not beyond the budget."""
    return [name for name in scenarios if facts.fits(name) is not False]


def _gain(facts: Facts, chosen: str) -> str:
    if not chosen:
        return _no_gain(facts)
    title, outcome = facts.short_titles[chosen], facts.gains(chosen)[0]
    size = _size(facts.contrast(chosen, outcome))
    if not facts.is_harmless(chosen):
        return _mixed(facts, chosen, outcome, size)
    if outcome != PRIMARY[0]:
        return _without_relief(facts, chosen, outcome, size)
    rivals = [name for name in facts.others if name != chosen]
    within = bool(facts.fits(chosen))
    if within:
        rivals = _affordable(facts, rivals)
    if not rivals:
        return say(
            "{title} lowers loneliness by {size} points; neither burden, group identity, hope nor a group of users is "
            "seen to get worse.",
            title=title, size=size,
        )  # fmt: skip
    behind = listed([facts.short_titles[name] for name in _behind(facts, chosen, rivals)])
    if within:
        return _most_within(title, size, behind)
    if not behind:
        return say(
            "Of {count} alternatives, {title} lowers loneliness most, by {size} points, and clearly more than any "
            "other; neither burden, group identity, hope nor a group of users is seen to get worse.",
            count=facts.count, title=title, size=size,
        )  # fmt: skip
    return say(
        "Of {count} alternatives, {title} has the largest fall of loneliness without harm seen, {size} points, but it "
        "is not clearly larger than that of {others}.",
        count=facts.count, title=title, size=size, others=behind,
    )  # fmt: skip


def _most_within(title: str, size: str, behind: str) -> str:
    if not behind:
        return say(
            "Of the alternatives within the budget, {title} lowers loneliness most, by {size} points, and clearly more "
            "than any other of them; neither burden, group identity, hope nor a group of users is seen to get worse.",
            title=title, size=size,
        )  # fmt: skip
    return say(
        "Of the alternatives within the budget, {title} has the largest fall of loneliness without harm seen, {size} "
        "points, but it is not clearly larger than that of {others}.",
        title=title, size=size, others=behind,
    )  # fmt: skip


def _without_relief(facts: Facts, chosen: str, outcome: str, size: str) -> str:
    """Return the sentence on an alternative that improves burden or identity, where none lowers loneliness."""
    title, lowers = facts.short_titles[chosen], OUTCOMES[outcome].better == "lower"
    names_of = {"title": title, "outcome": names.outcome_within(outcome), "size": size}
    if facts.fits(chosen):
        if lowers:
            return say(
                "No alternative within the budget clearly lowers loneliness without harm; {title} lowers {outcome} by "
                "{size} points.",
                **names_of,
            )
        return say(
            "No alternative within the budget clearly lowers loneliness without harm; {title} raises {outcome} by "
            "{size} points.",
            **names_of,
        )
    if lowers:
        return say(
            "No alternative clearly lowers loneliness without harm; {title} lowers {outcome} by {size} points.",
            **names_of,
        )
    return say(
        "No alternative clearly lowers loneliness without harm; {title} raises {outcome} by {size} points.", **names_of
    )


def _mixed(facts: Facts, chosen: str, outcome: str, size: str) -> str:
    unit = unit_of(OUTCOMES[outcome].unit)
    worse = [names.outcome_within(name) for name in facts.losses(chosen)]
    title, within = facts.short_titles[chosen], names.outcome_within(outcome)
    if worse:
        return say(
            "Mixed: {title} improves {outcome} by {size} {unit}, but makes {worse} worse.",
            title=title, outcome=within, size=size, unit=unit, worse=listed(worse),
        )  # fmt: skip
    over_draws = [names.outcome_within(name) for name in facts.losses_over_draws(chosen)]
    if over_draws:
        return say(
            "Mixed: {title} improves {outcome} by {size} {unit}, but with other values of the numbers that nobody has "
            "measured it makes {worse} worse in the mean.",
            title=title, outcome=within, size=size, unit=unit, worse=listed(over_draws),
        )  # fmt: skip
    return say(
        "Mixed: {title} improves {outcome} by {size} {unit}, but some groups of users are worse off.",
        title=title, outcome=within, size=size, unit=unit,
    )  # fmt: skip


def _no_gain(facts: Facts) -> str:
    harmful = [facts.short_titles[name] for name in facts.others if not facts.is_harmless(name)]
    if harmful:
        return say(
            "No alternative clearly improves loneliness, burden or group identity, and {harmful} make something worse.",
            harmful=listed(harmful),
        )
    return say("No alternative clearly improves loneliness, burden or group identity.")


def _size(row: Row) -> str:
    return row.span(_DECIMALS[str(row["outcome"])], in_percent(OUTCOMES[str(row["outcome"])].unit))


def _behind(facts: Facts, chosen: str, rivals: list[str]) -> list[str]:
    """Return the rivals that lower loneliness not clearly less, judged together (Holm)."""
    wide = by_scenario(facts.runs, PRIMARY[0])
    many = [differences_of(*complete(wide[[name, chosen]])[:2]) for name in rivals]
    clear = clear_among(many)
    return [
        name
        for name, differences, is_clear in zip(rivals, many, clear, strict=True)
        if not (is_clear and float(np.mean(differences)) < 0.0)
    ]


def _price(facts: Facts, chosen: str) -> str:
    if not chosen:
        return _what_all_take(facts)
    title = facts.short_titles[chosen]
    money, hours, fits = facts.money(chosen), facts.hours(chosen), facts.fits(chosen)
    if fits is None:
        return say(
            "{title} takes {money} yuan a month and {hours} staff hours a week in all centres; the scenario states no "
            "budget.",
            title=title, money=money, hours=hours,
        )  # fmt: skip
    if fits:
        return say(
            "{title} takes {money} yuan a month and {hours} staff hours a week in all centres, which fits the budget.",
            title=title, money=money, hours=hours,
        )  # fmt: skip
    return say(
        "{title} takes {money} yuan a month and {hours} staff hours a week in all centres, which does not fit the "
        "budget.",
        title=title, money=money, hours=hours,
    )  # fmt: skip


def _what_all_take(facts: Facts) -> str:
    taken = sorted((facts.money(name) for name in facts.others), key=lambda number: number.value)
    least, most = taken[0], taken[-1]
    if least.text == most.text:
        return say("The policies cost {money} yuan a month, staff hours not included.", money=most)
    return say(
        "The alternatives cost {least} to {most} yuan a month, staff hours not included.", least=least, most=most
    )


def _doubt(facts: Facts, chosen: str) -> str:
    """Return the sentence on who is worse off, and whether numbers that nobody has measured may turn the answer."""
    about = [chosen] if chosen else facts.others
    groups = list(dict.fromkeys(names.group(str(row["group"])) for name in about for row in facts.harmed(name)))
    if not facts.splits:
        if groups:
            return say(
                "Worse off are: {groups}; the numbers that nobody has measured were not varied, so they may turn the "
                "answer.",
                groups=listed(groups),
            )
        return say(
            "No group of users is clearly worse off, but the numbers that nobody has measured were not varied, so they "
            "may turn the answer."
        )
    if not is_judged(facts):
        return _too_few_draws(groups)
    turns = bool(turned(facts) or depends(facts))
    if groups:
        return (
            say(
                "Worse off are: {groups}; and a sign turns with numbers that nobody has measured.",
                groups=listed(groups),
            )
            if turns
            else say(
                "Worse off are: {groups}; with other values of the numbers that nobody has measured no sign was seen "
                "to turn.",
                groups=listed(groups),
            )
        )
    if turns:
        return say(
            "No group of users is clearly worse off, but a sign turns with numbers that nobody has measured: see what "
            "it hangs on."
        )
    return say(
        "No group of users is clearly worse off, and with other values of the numbers that nobody has measured no sign "
        "was seen to turn."
    )


def _too_few_draws(groups: list[str]) -> str:
    if groups:
        return say(
            "Worse off are: {groups}; the draws of numbers that nobody has measured are too few to say whether a sign "
            "turns.",
            groups=listed(groups),
        )
    return say(
        "No group of users is clearly worse off; the draws of numbers that nobody has measured are too few to say "
        "whether a sign turns."
    )
