"""The answer of a comparison: what gains and how much, whether that may turn, what it costs, and who loses.

No sentence claims more than a verdict does. A gain is praised only where no outcome of the brief and no group is worse;
otherwise the sentence says both.
"""

from typing import Final

import numpy as np

from experiments.report import names
from experiments.report.compare import lonely
from experiments.report.compare.facts import Facts, is_alone
from experiments.report.compare.signs import beyond, depends, is_judged, too_few, turned
from experiments.report.content import Number
from experiments.report.values import DECIMALS, counted, listed, scale
from experiments.statistics.numbers import beside
from experiments.statistics.verdict import clear_among
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES, PRIMARY

_BURDEN: Final = "burden"
_MUCH_MORE: Final = 0.02
"""From this share on, the money of the busiest weeks is said beside the mean of the run."""


def answer(facts: Facts) -> tuple[str, ...]:
    """Return the points of the answer: what gains and how much, whether that may turn, what it costs, and who loses."""
    if not facts.is_sized:
        return (
            say("The {pairs} pairs of runs are too few to say what any alternative changes.", pairs=facts.pairs),
            _what_all_take(facts),
            say("Nothing can be said about who is worse off."),
        )
    chosen = leading(facts)
    return _gain(facts, chosen), _doubt(facts), _price(facts, chosen), _harm(facts, chosen)


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
    outcome = facts.gains(chosen)[0]
    return beside(
        _what_gains(facts, chosen, outcome), _how_much(facts, chosen, outcome), _less_burden(facts, chosen, outcome)
    )


def _what_gains(facts: Facts, chosen: str, outcome: str) -> str:
    """Return which alternative gains most, and what stands against it."""
    title = facts.short_titles[chosen]
    if not facts.is_harmless(chosen):
        return _mixed(facts, chosen, outcome)
    if outcome != PRIMARY[0]:
        return _without_relief(facts, chosen, outcome)
    rivals = [name for name in facts.others if name != chosen]
    within = bool(facts.fits(chosen))
    if within:
        rivals = _affordable(facts, rivals)
    if not rivals:
        return say("{title} lowers loneliness, and nothing is seen to get clearly worse.", title=title)
    behind = listed([facts.short_titles[name] for name in _behind(facts, chosen, rivals)])
    if within and not behind:
        return say(
            "Of the alternatives within the budget, {title} lowers loneliness most, and clearly more than any other of "
            "them; nothing is seen to get clearly worse.",
            title=title,
        )
    nearest = _nearest(facts, chosen, rivals)
    if within and all(facts.is_harmless(name) for name in rivals):
        text = say(
            "With none of the {count} alternatives within the budget is anything seen to get clearly worse; of these, "
            "{title} has the largest fall of loneliness, but it is not clearly larger than that of {others}.",
            count=counted("budget/within:count", len(rivals) + 1), title=title, others=behind,
        )  # fmt: skip
        return beside(text, nearest)
    if within:
        text = say(
            "Of the alternatives within the budget with which nothing is seen to get clearly worse, {title} has the "
            "largest fall of loneliness, but it is not clearly larger than that of {others}.",
            title=title, others=behind,
        )  # fmt: skip
        return beside(text, nearest)
    if not behind:
        return say(
            "Of {count} alternatives, {title} lowers loneliness most, and clearly more than any other; nothing is seen "
            "to get clearly worse.",
            count=facts.count, title=title,
        )  # fmt: skip
    text = say(
        "Of {count} alternatives, {title} has the largest fall of loneliness of those with which nothing is seen to "
        "get clearly worse, but it is not clearly larger than that of {others}.",
        count=facts.count, title=title, others=behind,
    )  # fmt: skip
    return beside(text, nearest)


def _nearest(facts: Facts, chosen: str, rivals: list[str]) -> str:
    """Return by how much the nearest of those that lower loneliness not clearly less is behind."""
    rows = {name: facts.behind(chosen, name, PRIMARY[0]) for name in _behind(facts, chosen, rivals)}
    if not rows:
        return ""
    name = min(rows, key=lambda rival: abs(rows[rival].value("difference")))
    if len(rows) == 1:
        return say("It is behind by {size} points.", size=rows[name].estimate("difference", 1, signed=False))
    return say(
        "The nearest, {title}, is behind by {size} points.",
        title=facts.short_titles[name], size=rows[name].estimate("difference", 1, signed=False),
    )  # fmt: skip


def _how_much(facts: Facts, chosen: str, outcome: str) -> str:
    """Return an outcome with and without an alternative, how far one run may differ, and whether that is small."""
    row, decimals = facts.contrast(chosen, outcome), DECIMALS[OUTCOMES[outcome].unit]
    least, most = scale(outcome)
    size, low, high = row.sizes(decimals)
    before, after = (round(row.value(name), decimals) for name in ("base_mean", "other_mean"))
    is_apart = round(abs(before - after) - round(size.value, decimals), decimals) != 0.0
    values = {
        "outcome": names.outcome_within(outcome), "least": least, "most": most,
        "size": say("{size} (before rounding)", size=size) if is_apart else size,
        "before": row.number("base_mean", decimals), "after": row.number("other_mean", decimals),
        "days": facts.days, "end": facts.end,
    }  # fmt: skip
    text = (
        say(
            "After {days} days mean {outcome} ({end}) is {before} points in the base and {after} with the "
            "measure: {size} lower, on the scale from {least} to {most}.",
            **values,
        )
        if row.value("difference") < 0.0
        else say(
            "After {days} days mean {outcome} ({end}) is {before} points in the base and {after} with the "
            "measure: {size} higher, on the scale from {least} to {most}.",
            **values,
        )
    )
    text = beside(text, _varying(facts, chosen, outcome, low, high))
    mark = facts.small_effect(chosen, outcome, decimals)
    if high.value < mark.value:
        below = say(
            "The mean difference is below {mark} points (a fifth of the standard deviation between users), where a "
            "small effect begins: very small.",
            mark=mark,
        )
        return beside(text, below)
    if size.value < mark.value:
        below = say(
            "The mean difference, though not its whole interval, is below {mark} points (a fifth of the standard "
            "deviation between users), where a small effect begins.",
            mark=mark,
        )
        return beside(text, below)
    return text


def _less_burden(facts: Facts, chosen: str, outcome: str) -> str:
    """Return which other alternative that harms nothing lowers burden more, if one clearly does; else nothing."""
    among = [name for name in _affordable(facts, facts.others) if name != chosen and facts.is_harmless(name)]
    rivals = [name for name in among if _BURDEN in facts.gains(name)]
    if outcome == _BURDEN or not rivals:
        return ""
    many = {name: facts.differences(name, _BURDEN, chosen) for name in rivals}
    clear = dict(zip(rivals, clear_among(list(many.values())), strict=True))  # all, as the best of them is picked
    best = min(rivals, key=lambda name: float(np.mean(many[name])))
    if not clear[best] or float(np.mean(many[best])) >= 0.0:
        return ""
    size, _, _ = facts.contrast(best, _BURDEN).sizes(DECIMALS[OUTCOMES[_BURDEN].unit])
    return say("Burden falls clearly more with {title}: by {size} points.", title=facts.short_titles[best], size=size)


def _varying(facts: Facts, chosen: str, outcome: str, low: Number, high: Number) -> str:
    """Return that a size is a mean of simulated pairs, its interval, and how far single pairs vary."""
    pairs = facts.contrast(chosen, outcome).number("n", 0)
    mean = (
        say("That is the mean of {pairs} simulated pairs, no measured score.", pairs=pairs)
        if low.value != low.value
        else say(
            "That is the mean of {pairs} simulated pairs (95 % interval {low} to {high}), no measured score.",
            pairs=pairs, low=low, high=high,
        )
    )  # fmt: skip
    is_middle, least, most = facts.most_pairs(chosen, outcome, DECIMALS[OUTCOMES[outcome].unit])
    values = {
        "single": say("A single run") if facts.has_centres else say("A single centre in the same time"),
        "least": least, "most": most,
    }  # fmt: skip
    single = (
        say("{single} varies more: by {least} to {most} in the middle 95 % of the pairs.", **values)
        if is_middle
        else say("{single} varies more: by {least} to {most} over all pairs.", **values)
    )
    return beside(mean, single)


def _without_relief(facts: Facts, chosen: str, outcome: str) -> str:
    """Return the sentence on an alternative that improves burden or identity, where none lowers loneliness."""
    values = {"title": facts.short_titles[chosen], "outcome": names.outcome_within(outcome)}
    if facts.fits(chosen):
        return say(
            "No alternative within the budget clearly lowers loneliness without harm; {title} improves {outcome}.",
            **values,
        )
    return say("No alternative clearly lowers loneliness without harm; {title} improves {outcome}.", **values)


def _mixed(facts: Facts, chosen: str, outcome: str) -> str:
    worse = [_worse(name, facts.verdict(chosen, name)) for name in facts.losses(chosen)]
    title, within = facts.short_titles[chosen], names.outcome_within(outcome)
    if worse:
        return say(
            "Mixed: {title} improves {outcome}, but makes {worse} worse.",
            title=title, outcome=within, worse=listed(worse),
        )  # fmt: skip
    over_draws = [_worse(name, verdict) for name, verdict in facts.losses_over_draws(chosen).items()]
    if over_draws:
        return say(
            "Mixed: {title} improves {outcome}, but with other values of the numbers that nobody has measured it makes "
            "{worse} worse in the mean.",
            title=title, outcome=within, worse=listed(over_draws),
        )  # fmt: skip
    return say(
        "Mixed: {title} improves {outcome}, but some groups of users are worse off.", title=title, outcome=within
    )


def _worse(outcome: str, verdict: str) -> str:
    """Return an outcome that is worse, with a word when it is so only by itself."""
    name = names.outcome_within(outcome)
    return say("{outcome} (by itself)", outcome=name) if is_alone(verdict) else name


def _no_gain(facts: Facts) -> str:
    """Return that nothing gains, with which alternatives something gets worse, and with which only by itself."""
    harms = {facts.short_titles[name]: facts.harms(name) for name in facts.others}
    among = listed([title for title, verdicts in harms.items() if any(not is_alone(word) for word in verdicts)])
    alone = listed([title for title, verdicts in harms.items() if verdicts and all(map(is_alone, verdicts))])
    if among and alone:
        return say(
            "No alternative clearly improves loneliness, burden or group identity. Something gets worse with "
            "{harmful}; by itself only, with {alone}.",
            harmful=among, alone=alone,
        )  # fmt: skip
    if among:
        return say(
            "No alternative clearly improves loneliness, burden or group identity, and something gets worse with "
            "{harmful}.",
            harmful=among,
        )
    if alone:
        return say(
            "No alternative clearly improves loneliness, burden or group identity, and something is worse by itself "
            "with {harmful}.",
            harmful=alone,
        )
    return say("No alternative clearly improves loneliness, burden or group identity.")


def _behind(facts: Facts, chosen: str, rivals: list[str]) -> list[str]:
    """Return the rivals that lower loneliness not clearly less, judged together (Holm)."""
    many = [facts.differences(chosen, PRIMARY[0], name) for name in rivals]
    clear = clear_among(many)
    return [
        name
        for name, differences, is_clear in zip(rivals, many, clear, strict=True)
        if not (is_clear and float(np.mean(differences)) < 0.0)
    ]


def _price(facts: Facts, chosen: str) -> str:
    if not chosen:
        return _what_all_take(facts)
    values = {"title": facts.short_titles[chosen], "money": facts.money(chosen), "hours": facts.hours(chosen)}
    fits = facts.fits(chosen)
    if fits is None:
        text = say(
            "{title} takes {money} yuan a month and, on top of them, {hours} staff hours a week; the scenario states "
            "no budget.",
            **values,
        )
    elif fits:
        text = say(
            "{title} takes {money} yuan a month and, on top of them, {hours} staff hours a week, which fits the "
            "budget.",
            **values,
        )
    else:
        text = say(
            "{title} takes {money} yuan a month and, on top of them, {hours} staff hours a week, which does not fit "
            "the budget.",
            **values,
        )
    priced = facts.hour_price(chosen)
    if priced is not None:
        total = facts.all_money(chosen)
        text = beside(
            text, say("With a staff hour at {price} yuan it is {total} yuan a month.", price=priced, total=total)
        )
    busiest = facts.busiest_money(chosen)
    if busiest.value > (1.0 + _MUCH_MORE) * facts.money(chosen).value:  # it begins late, ends early or comes and goes
        text = beside(
            text,
            say("That is the mean over the whole run; in its busiest four weeks the money is {busiest} yuan a month.",
                busiest=busiest),
        )  # fmt: skip
    return beside(text, say("These are sums over all centres.")) if facts.has_centres else text


def _what_all_take(facts: Facts) -> str:
    taken = sorted((facts.money(name) for name in facts.others), key=lambda number: number.value)
    least, most = taken[0], taken[-1]
    if least.text == most.text:
        return say("The policies cost {money} yuan a month, staff hours not included.", money=most)
    return say(
        "The alternatives cost {least} to {most} yuan a month, staff hours not included.", least=least, most=most
    )


def _harm(facts: Facts, chosen: str) -> str:
    about = [chosen] if chosen else facts.others
    groups = list(dict.fromkeys(names.group(str(row["group"])) for name in about for row in facts.harmed(name)))
    if groups:
        return say("Worse off are: {groups}.", groups=listed(groups))
    if chosen:
        none = say(
            "With {title} no group of users is clearly worse off, though small groups are hard to judge.",
            title=facts.short_titles[chosen],
        )
        return beside(none, lonely.sentence(facts, chosen))
    return say("No group of users is clearly worse off, though small groups are hard to judge.")


def _doubt(facts: Facts) -> str:
    """Return the sentence on whether numbers that nobody has measured may turn the answer."""
    if not facts.splits:
        return say(
            "No trial has measured what these measures do in a day-care centre: their sizes are assumed, and only one "
            "set of assumptions was tried. Another set may change the order."
        )
    if not is_judged(facts):
        return too_few(facts)
    if turned(facts) or depends(facts):
        return say("A sign turns with numbers that nobody has measured: see “What it hangs on”.")
    none = say("With other values of the numbers that nobody has measured no sign was seen to turn.")
    return beside(none, beyond(facts))
