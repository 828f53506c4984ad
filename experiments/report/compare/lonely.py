"""Whether users lonely at the start gain as much as the others: a sentence where they do not."""

from dataclasses import dataclass

import numpy as np

from experiments.plots.frames import LONELY_SCORE
from experiments.report.compare.facts import Facts
from experiments.report.content import Number
from experiments.report.values import computed, listed
from experiments.statistics.by_loneliness import changes_by_kind
from experiments.statistics.intervals import Array
from experiments.statistics.numbers import beside
from experiments.statistics.paired import differences_of
from experiments.statistics.verdict import FEWEST, towards, verdicts_among
from sim.language import say


@dataclass(frozen=True, slots=True)
class Contrast:
    """What an alternative changes in the mean loneliness of users lonely at the start and of the others, in points.

    Parameters
    ----------
    verdict : str
        On the change of the others less that of the lonely, judged with all alternatives: "better" if the others gain
        more.
    """

    lonely: Number
    others: Number
    verdict: str


def contrasts(facts: Facts) -> dict[str, Contrast]:
    """Return the contrast of each alternative that has enough pairs with users of both kinds."""
    if "user_changes" not in facts.stored.names:
        return {}
    table, columns = facts.stored.table("user_changes"), {"loneliness": "change", "base_loneliness_at_entry": "start"}
    if not {*columns} <= {*table}:  # a result of an earlier version, which kept loneliness at the end alone
        return {}
    users = table[["scenario", "replicate", *columns]].dropna().rename(columns=columns)
    changes = changes_by_kind(users, LONELY_SCORE)
    both = {name: (changes.get((name, "lonely")), changes.get((name, "other"))) for name in facts.others}
    pairs = {
        name: (lonely[known], others[known])
        for name, (lonely, others) in both.items()
        if lonely is not None
        and others is not None
        and (known := np.isfinite(lonely) & np.isfinite(others)).sum() >= FEWEST
    }
    words = verdicts_among([differences_of(*pair) for pair in pairs.values()], ["lower"] * len(pairs))
    return {name: _contrast(name, *pairs[name], word) for name, word in zip(pairs, words, strict=True)}


def _contrast(name: str, lonely: Array, others: Array, word: str) -> Contrast:
    means = {"lonely": float(lonely.mean()), "other": float(others.mean())}
    changes = {kind: computed(f"user_changes/{name}/{kind}:mean", mean, 1, signed=True) for kind, mean in means.items()}
    return Contrast(changes["lonely"], changes["other"], word)


def sentences(facts: Facts) -> tuple[str, ...]:
    """Return a sentence for each alternative that does more for the one kind, and one that names the rest."""
    found = contrasts(facts)
    lines = [text for name, one in found.items() if (text := _sentence(facts.titles[name], one))]
    rest = [facts.titles[name] for name, one in found.items() if not towards(one.verdict)]
    if rest:
        lines.append(
            say(
                "No clear difference between users lonely at the start and the others is seen with {titles}.",
                titles=listed(rest),
            )
        )
    return tuple(lines)


def sentence(facts: Facts, name: str) -> str:
    """Return for whom an alternative does more, and by how much; empty where that is not clear."""
    one = contrasts(facts).get(name)
    return _sentence(facts.short_titles[name], one) if one else ""


def _sentence(title: str, one: Contrast) -> str:
    way = towards(one.verdict)
    if not way:
        return ""
    is_alone = one.verdict != way
    if way == "better":
        text = (
            say("By itself, {title} does less for users lonely at the start than for the others.", title=title)
            if is_alone
            else say("{title} does less for users lonely at the start than for the others.", title=title)
        )
    elif is_alone:
        text = say("By itself, {title} does more for users lonely at the start than for the others.", title=title)
    else:
        text = say("{title} does more for users lonely at the start than for the others.", title=title)
    return beside(
        text,
        say(
            "Their mean loneliness changes by {lonely} points, that of the others by {others}.",
            lonely=one.lonely, others=one.others,
        ),
    )  # fmt: skip


def who_counts() -> str:
    """Return who counts as lonely."""
    return say(
        "Lonely at the start: at {cut} points or more on day 0, or on arrival during the run. Changes are those of the "
        "last day, from users who are then enrolled in both runs of a pair.",
        cut=computed("scale/loneliness_ucla20:cut", LONELY_SCORE, 0),
    )
