"""Write contrasts as plain sentences, for people who run a centre.

"Of 100 users, 7 fewer (4 to 10) are lonely at the end; burden rises by 2.1 points (1.0 to 3.2), mostly among helpers."
A sentence claims no more than the verdict does, and never a difference of "0 (0 to 0)": a clear but small difference
gets more decimals, and a smaller one the word "under".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from experiments.compare.contrasts import Contrast, GroupContrast
from experiments.statistics.numbers import beside, clauses, commas, in_sentence
from experiments.statistics.unjudged import unjudged
from experiments.statistics.verdict import ALONE_ONLY, FEW, RARE, SAME, UNCLEAR, UNKNOWN, most_differing, towards
from sim.language import Language, Later, language, later, say, term
from sim.outcomes.catalogue import OUTCOMES, PRIMARY

_WHO: Final = {
    "lonely_share": (later("is lonely"), later("are lonely")),
    "severely_lonely_share": (later("is severely lonely"), later("are severely lonely")),
    "burdened_share": (later("is burdened"), later("are burdened")),
    "belonging_share": (later("feels they belong"), later("feel they belong")),
    "unwell_share": (later("is unwell"), later("are unwell")),
    "no_friend_share": (later("is without a friend"), later("are without a friend")),
    "no_confidant_share": (later("is without a confidant"), later("are without a confidant")),
    "users_who_told_a_peer": (later("has told a peer of the illness"), later("have told a peer of the illness")),
    "role_helper": (later("is a helper"), later("are helpers")),
    "role_helped": (later("is mostly helped"), later("are mostly helped")),
    "role_mutual": (later("gives and receives alike"), later("give and receive alike")),
    "role_uninvolved": (later("is uninvolved in help"), later("are uninvolved in help")),
}
"""For an outcome that is a share of users: the words for one user, and for several."""
_PLURAL: Final = frozenset({"open_needs", "friend_ties_with_illness_talk"})
_FURTHER_DECIMALS: Final = 3
_MOST_NAMED: Final = 5
_MOSTLY: Final = 0.5
"""A group with more than this share of a change has most of it."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How to write differences of an outcome: factor, decimals, unit (singular, plural), and words that follow."""

    factor: float = 1.0
    decimals: int = 1
    one: Later | str = ""
    several: Later | str = ""
    after: Later | str = ""
    counted: bool = False


_SCALES: Final = {
    "20-80": _Form(1.0, 1, later(" point"), later(" points")),
    "0-100": _Form(1.0, 1, later(" point"), later(" points")),
    "1-7": _Form(1.0, 2, later(" point"), later(" points")),
    "0-1": _Form(1.0, 2, after=later(" on a scale from 0 to 1")),
    "share": _Form(100.0, 1, later(" percentage point"), later(" percentage points")),
    "users": _Form(1.0, 1, counted=True),
    "users/day": _Form(1.0, 2, after=later(" a day"), counted=True),
    "/day": _Form(1.0, 1, after=later(" a day"), counted=True),
    "h/day": _Form(1.0, 1, later(" hour"), later(" hours"), later(" a day"), counted=True),
}
_OF_HUNDRED: Final = _Form(100.0, 0, counted=True)
_PER_USER: Final = _Form(1.0, 2, after=later(" a user"), counted=True)


def sentences(rows: Sequence[Contrast | GroupContrast], groups: Sequence[GroupContrast] = ()) -> str:
    """Return one sentence on the contrasts of a scenario, in the given order; empty without any.

    Parameters
    ----------
    rows : sequence of Contrast or GroupContrast
    groups : sequence of GroupContrast
        Contrasts of groups that together cover all users, to name the group that has most of the change. Rows of other
        scenarios and outcomes are ignored.
    """
    if len(rows) > 1 and all(row.verdict == FEW for row in rows):
        return say("The pairs of runs are too few to say what changes.")
    text = clauses([_with_most(row, groups) for row in rows])
    return say("{clauses}.", clauses=f"{text[0].upper()}{text[1:]}") if text else ""


def clause(row: Contrast | GroupContrast) -> str:
    """Return a contrast as a clause, without capital letter and full stop."""
    if row.verdict == UNKNOWN:
        return say("{outcome}: not known, no pair of runs is complete", outcome=name(row))
    if row.verdict == FEW:
        return say("{outcome}: too few to say", outcome=name(row))
    if row.verdict == RARE:
        return say(
            "{outcome}: too rare to say, differs in {differ} of {n} pairs of runs",
            outcome=name(row),
            differ=row.differ,
            n=row.n,
        )
    if row.verdict == SAME["difference"]:
        return say(
            "{outcome}: no difference seen in {n} pairs of runs (up to {most:.0f} % of pairs might differ)",
            outcome=name(row),
            n=row.n,
            most=100.0 * most_differing(row.n),
        )
    if row.verdict == UNCLEAR["difference"]:
        return _unclear(row)
    clear = _clear(row)
    return clear if row.verdict == towards(row.verdict) else say("by itself, {clause}", clause=clear)


def name(row: Contrast | GroupContrast) -> str:
    """Return the name of an outcome for use within a sentence."""
    return in_sentence(row.label)


def mixed(rows: Sequence[Contrast], groups: Sequence[GroupContrast], over_draws: Sequence[str] = ()) -> str:
    """Return a sentence on what is better and what is worse (`harms`); empty unless both occur."""
    gains = [_judged(row) for row in rows if towards(row.verdict) == "better"]
    losses = harms(rows, groups, over_draws)
    if not gains or not losses:
        return ""
    return say("Mixed: {gains}; but {losses}.", gains=commas(gains), losses=commas(losses))


def _judged(row: Contrast) -> str:
    """Return an outcome with its verdict."""
    return say("{outcome} {verdict}", outcome=name(row), verdict=term(row.verdict))


def harms(rows: Sequence[Contrast], groups: Sequence[GroupContrast], over_draws: Sequence[str] = ()) -> list[str]:
    """Return what is worse, in words.

    Parameters
    ----------
    rows : sequence of Contrast
        Contrasts of one scenario, of which a primary outcome that is worse, if only by itself, is a harm.
    groups : sequence of GroupContrast
        Contrasts of its groups; so is a group that is worse off among all.
    over_draws : sequence of str
        What is worse over draws of unmeasured numbers (`experiments.compare.draw_sentences.harms`).
    """
    losses = [_judged(row) for row in rows if row.outcome in PRIMARY and towards(row.verdict) == "worse"]
    harmed = len({row.group for row in groups if row.verdict == "worse"})
    if harmed:
        losses.append(say("1 group worse off") if harmed == 1 else say("{number} groups worse off", number=harmed))
    return [*losses, *over_draws]


def worse_off(groups: Sequence[GroupContrast]) -> list[str]:
    """Return sentences that name the groups worse off, in the given order, or say that no group is.

    Groups worse off among all are named first. Groups that are so only by themselves follow, with a warning: chance
    alone makes about one comparison in forty look worse, but a harm that nobody sees is the worse mistake.

    Parameters
    ----------
    groups : sequence of GroupContrast
        Contrasts of one scenario.
    """
    judged = [row for row in groups if row.flag == ""]
    harmed = [row for row in judged if row.verdict == "worse"]
    alone = [row for row in judged if row.verdict == f"worse{ALONE_ONLY}"]
    rare = sum(row.verdict == RARE for row in judged)
    few = len({row.group for row in groups if row.flag != ""})
    parts = []
    if harmed:
        parts.append(say("Worse off: {groups}.", groups=_listed(harmed)))
    elif judged:
        parts.append(say("No group is clearly worse off."))
    lines = [beside(*parts, *unjudged(few, rare))]
    if alone:
        lines.append(
            say("Worse by itself only, as about one comparison in forty is by chance: {groups}.", groups=_listed(alone))
        )
    return [line for line in lines if line]


def _listed(rows: Sequence[GroupContrast]) -> str:
    """Name the first groups with what changes, and the number of the others."""
    named = clauses(
        [say("{group} ({change})", group=term(row.group), change=_clear(row)) for row in rows[:_MOST_NAMED]]
    )
    more = len(rows) - _MOST_NAMED
    return say("{groups}; and {more} more in groups.csv", groups=named, more=more) if more > 0 else named


def _form(row: Contrast | GroupContrast) -> _Form:
    if row.outcome in _WHO:
        return _OF_HUNDRED
    if row.unit == "users" and row.outcome in OUTCOMES and OUTCOMES[row.outcome].group == "network":
        return _PER_USER
    return _SCALES.get(row.unit) or _Form(1.0, 2, _own(row.unit), _own(row.unit))


def _clear(row: Contrast | GroupContrast) -> str:
    form = _form(row)
    ends = sorted(abs(form.factor * end) for end in (row.low, row.high))
    amount = abs(form.factor * row.difference)
    # With one pair, or differences that do not vary, there is no interval to write in brackets.
    has_interval = row.low < row.high
    decimals = _decimals(amount, ends, form.decimals, apart=has_interval)
    size = _written(amount, decimals)
    low, high = (_written(end, decimals) for end in ends)
    interval = say(" ({low} to {high})", low=low, high=high) if has_interval and low != high else ""
    up = row.difference > 0.0
    if row.outcome in _WHO:
        who = _WHO[row.outcome][size != "1"]
        if up:
            return say("of 100 users, {size} more{interval} {are} at the end", size=size, interval=interval, are=who)
        return say("of 100 users, {size} fewer{interval} {are} at the end", size=size, interval=interval, are=who)
    size += _unit(size, form)
    values = {"outcome": name(row), "size": size, "interval": interval, "after": form.after}
    if form.counted:
        if up:
            return say("{outcome}: {size} more{after}{interval}", **values)
        return say("{outcome}: {size} fewer{after}{interval}", **values)
    if row.outcome in _PLURAL:
        if up:
            return say("{outcome} rise by {size}{interval}{after}", **values)
        return say("{outcome} fall by {size}{interval}{after}", **values)
    if up:
        return say("{outcome} rises by {size}{interval}{after}", **values)
    return say("{outcome} falls by {size}{interval}{after}", **values)


def _unclear(row: Contrast | GroupContrast) -> str:
    form = _form(row)
    low, high = form.factor * row.low, form.factor * row.high
    decimals = _decimals(max(abs(low), abs(high)), (), form.decimals, apart=False)
    ends = (_written(abs(end), decimals) for end in (low, high))
    less, more = (f"{end}{_unit(end, form)}" for end in ends)
    values = {"outcome": name(row), "less": less, "more": more}
    if row.outcome in _WHO:
        return say("no clear difference in {outcome}: between {less} fewer and {more} more of 100", **values)
    values["after"] = str(form.after)
    if form.counted:
        return say("no clear difference in {outcome}: between {less} fewer and {more} more{after}", **values)
    return say("no clear difference in {outcome}: between {less} lower and {more} higher{after}", **values)


def _unit(size: str, form: _Form) -> str:
    return str(form.one if size == "1" else form.several)


def _own(unit: str) -> str:
    """Return a unit that stands after a number."""
    return f" {unit}" if language() is Language.en else term(unit)


def _decimals(amount: float, ends: Sequence[float], least: int, apart: bool) -> int:
    """Return the fewest decimals, from `least`, that keep the amount from 0 and, with `apart`, the ends unlike."""
    for decimals in range(least, least + _FURTHER_DECIMALS):
        is_known = float(f"{amount:.{decimals}f}") > 0.0
        if is_known and (not apart or f"{ends[0]:.{decimals}f}" != f"{ends[1]:.{decimals}f}"):
            return decimals
    return least + _FURTHER_DECIMALS


def _written(amount: float, decimals: int) -> str:
    """Write an amount; if the decimals would round it to 0, write "under" the smallest amount they can show."""
    text = f"{amount:.{decimals}f}"
    if float(text) > 0.0 or amount == 0.0:
        return "0" if amount == 0.0 else text
    return say("under {least}", least=f"{10.0**-decimals:.{decimals}f}")


def _with_most(row: Contrast | GroupContrast, groups: Sequence[GroupContrast]) -> str:
    """Return a clause that also names the group with most of a clear change, if its users change more than all do."""
    here = [each for each in groups if each.scenario == row.scenario and each.outcome == row.outcome]
    known = [each for each in here if each.difference == each.difference]
    if not towards(row.verdict) or not known:
        return clause(row)
    total = sum(abs(each.users * each.difference) for each in known)
    top = max(known, key=lambda each: each.users * each.difference * (1.0 if row.difference > 0.0 else -1.0))
    most = total > 0.0 and abs(top.users * top.difference) > _MOSTLY * total
    if (
        most
        and top.flag == ""
        and towards(top.verdict) == towards(row.verdict)
        and abs(top.difference) > abs(row.difference)
    ):
        return say("{clause}, mostly among {group}", clause=clause(row), group=term(top.group))
    return clause(row)
