"""Write contrasts as plain sentences, for people who run a centre.

"Of 100 users, 7 fewer (4 to 10) are lonely at the end; burden rises by 2.1 points (1.0 to 3.2), mostly among helpers."
A sentence claims no more than the verdict does, and never a difference of "0 (0 to 0)": a clear but small difference
gets more decimals, and a smaller one the word "under".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from experiments.compare.contrasts import Contrast, GroupContrast
from experiments.statistics.verdict import ALONE_ONLY, FEW, RARE, SAME, UNCLEAR, UNKNOWN, most_differing, towards
from sim.outcomes.catalogue import OUTCOMES, PRIMARY

_WHO: Final = {
    "lonely_share": ("is lonely", "are lonely"),
    "severely_lonely_share": ("is severely lonely", "are severely lonely"),
    "burdened_share": ("is burdened", "are burdened"),
    "belonging_share": ("feels they belong", "feel they belong"),
    "unwell_share": ("is unwell", "are unwell"),
    "no_friend_share": ("is without a friend", "are without a friend"),
    "no_confidant_share": ("is without a confidant", "are without a confidant"),
    "users_who_told_a_peer": ("has told a peer of the illness", "have told a peer of the illness"),
    "role_helper": ("is a helper", "are helpers"),
    "role_helped": ("is mostly helped", "are mostly helped"),
    "role_mutual": ("gives and receives alike", "give and receive alike"),
    "role_uninvolved": ("is uninvolved in help", "are uninvolved in help"),
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
    one: str = ""
    several: str = ""
    after: str = ""
    counted: bool = False


_SCALES: Final = {
    "20-80": _Form(1.0, 1, "point", "points"),
    "0-100": _Form(1.0, 1, "point", "points"),
    "1-7": _Form(1.0, 2, "point", "points"),
    "0-1": _Form(1.0, 2, after=" on a scale from 0 to 1"),
    "share": _Form(100.0, 1, "percentage point", "percentage points"),
    "users": _Form(1.0, 1, counted=True),
    "users/day": _Form(1.0, 2, after=" a day", counted=True),
    "/day": _Form(1.0, 1, after=" a day", counted=True),
    "h/day": _Form(1.0, 1, "hour", "hours", " a day", counted=True),
}
_OF_HUNDRED: Final = _Form(100.0, 0, counted=True)
_PER_USER: Final = _Form(1.0, 2, after=" a user", counted=True)


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
        return "The pairs of runs are too few to say what changes."
    text = "; ".join(clause(row) + _mostly(row, groups) for row in rows)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def clause(row: Contrast | GroupContrast) -> str:
    """Return a contrast as a clause, without capital letter and full stop."""
    if row.verdict == UNKNOWN:
        return f"{name(row)}: not known, no pair of runs is complete"
    if row.verdict == FEW:
        return f"{name(row)}: too few to say"
    if row.verdict == RARE:
        return f"{name(row)}: too rare to say, differs in {row.differ} of {row.n} pairs of runs"
    if row.verdict == SAME["difference"]:
        most = f"up to {100.0 * most_differing(row.n):.0f} % of pairs might differ"
        return f"{name(row)}: no difference seen in {row.n} pairs of runs ({most})"
    if row.verdict == UNCLEAR["difference"]:
        return _unclear(row)
    return _clear(row) if row.verdict == towards(row.verdict) else f"by itself, {_clear(row)}"


def name(row: Contrast | GroupContrast) -> str:
    """Return the name of an outcome for use within a sentence: its label without the scale, in lower case."""
    label = row.label.split(" (")[0]
    return label[:1].lower() + label[1:]


def mixed(rows: Sequence[Contrast], groups: Sequence[GroupContrast], over_draws: Sequence[str] = ()) -> str:
    """Return a sentence on what is better and what is worse (`harms`); empty unless both occur."""
    gains = [f"{name(row)} {row.verdict}" for row in rows if towards(row.verdict) == "better"]
    losses = harms(rows, groups, over_draws)
    return f"Mixed: {', '.join(gains)}; but {', '.join(losses)}." if gains and losses else ""


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
    losses = [
        f"{name(row)} {row.verdict}" for row in rows if row.outcome in PRIMARY and towards(row.verdict) == "worse"
    ]
    harmed = len({row.group for row in groups if row.verdict == "worse"})
    if harmed:
        losses.append("1 group worse off" if harmed == 1 else f"{harmed} groups worse off")
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
    unsaid = f" For {few} {'group' if few == 1 else 'groups'} the runs are too few to say." if few else ""
    if rare:
        what = "difference of groups is" if rare == 1 else "differences of groups are"
        unsaid += f" {rare} {what} too rare to say."
    lines = [
        f"{_listed('Worse off', harmed) if harmed else 'No group is clearly worse off.' if judged else ''}{unsaid}"
    ]
    if alone:
        lines.append(_listed("Worse by itself only, as about one comparison in forty is by chance", alone))
    return [line.strip() for line in lines if line]


def _listed(words: str, rows: Sequence[GroupContrast]) -> str:
    """Return a sentence that names the first groups with what changes, and the number of the others."""
    named = "; ".join(f"{row.group} ({_clear(row)})" for row in rows[:_MOST_NAMED])
    more = f"; and {len(rows) - _MOST_NAMED} more in groups.csv" if len(rows) > _MOST_NAMED else ""
    return f"{words}: {named}{more}."


def _form(row: Contrast | GroupContrast) -> _Form:
    if row.outcome in _WHO:
        return _OF_HUNDRED
    if row.unit == "users" and row.outcome in OUTCOMES and OUTCOMES[row.outcome].group == "network":
        return _PER_USER
    return _SCALES.get(row.unit, _Form(1.0, 2, row.unit, row.unit))


def _clear(row: Contrast | GroupContrast) -> str:
    form = _form(row)
    ends = sorted(abs(form.factor * end) for end in (row.low, row.high))
    amount = abs(form.factor * row.difference)
    # With one pair, or differences that do not vary, there is no interval to write in brackets.
    has_interval = row.low < row.high
    decimals = _decimals(amount, ends, form.decimals, apart=has_interval)
    size = _written(amount, decimals)
    between = [_written(end, decimals) for end in ends]
    interval = f" ({between[0]} to {between[1]})" if has_interval and between[0] != between[1] else ""
    up = row.difference > 0.0
    if row.outcome in _WHO:
        is_one = size == "1"
        return f"of 100 users, {size} {'more' if up else 'fewer'}{interval} {_WHO[row.outcome][not is_one]} at the end"
    unit = _unit(size, form)
    if form.counted:
        word = "more" if up else "fewer"
        return f"{name(row)}: {size}{unit} {word}{form.after}{interval}"
    verb = ("rise" if up else "fall") + ("" if row.outcome in _PLURAL else "s")
    return f"{name(row)} {verb} by {size}{unit}{interval}{form.after}"


def _unclear(row: Contrast | GroupContrast) -> str:
    form = _form(row)
    low, high = form.factor * row.low, form.factor * row.high
    decimals = _decimals(max(abs(low), abs(high)), (), form.decimals, apart=False)
    less, more = _written(abs(low), decimals), _written(abs(high), decimals)
    after = " of 100" if row.outcome in _WHO else form.after
    words = ("fewer", "more") if form.counted else ("lower", "higher")
    ends = f"between {less}{_unit(less, form)} {words[0]} and {more}{_unit(more, form)} {words[1]}{after}"
    return f"no clear difference in {name(row)}: {ends}"


def _unit(size: str, form: _Form) -> str:
    unit = form.one if size == "1" else form.several
    return f" {unit}" if unit else ""


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
    return f"under {10.0**-decimals:.{decimals}f}"


def _mostly(row: Contrast | GroupContrast, groups: Sequence[GroupContrast]) -> str:
    """Return words that name the group with most of a clear change, if its users also change more than all users do."""
    if not towards(row.verdict):
        return ""
    here = [each for each in groups if each.scenario == row.scenario and each.outcome == row.outcome]
    known = [each for each in here if each.difference == each.difference]
    if not known:
        return ""
    total = sum(abs(each.users * each.difference) for each in known)
    top = max(known, key=lambda each: each.users * each.difference * (1.0 if row.difference > 0.0 else -1.0))
    most = total > 0.0 and abs(top.users * top.difference) > _MOSTLY * total
    if (
        most
        and top.flag == ""
        and towards(top.verdict) == towards(row.verdict)
        and abs(top.difference) > abs(row.difference)
    ):
        return f", mostly among {top.group}"
    return ""
