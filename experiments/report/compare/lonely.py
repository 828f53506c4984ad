"""Whether lonely users gain as much as the others: a sentence for each alternative in which they do not."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from experiments.plots.frames import CUTOFFS
from experiments.report.compare.facts import Facts
from experiments.report.content import Number
from experiments.report.values import computed, listed
from experiments.statistics.by_loneliness import changes_by_kind
from experiments.statistics.intervals import Array
from experiments.statistics.numbers import beside
from experiments.statistics.paired import differences_of
from experiments.statistics.verdict import FEWEST, towards, verdicts
from sim.language import say

CUT: Final = CUTOFFS["loneliness_ucla20"][0]


@dataclass(frozen=True, slots=True)
class Contrast:
    """What an alternative changes in the mean loneliness of lonely users and of the others, in points.

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
    users = facts.stored.table("user_changes")[["scenario", "replicate", "loneliness", "base_loneliness"]].dropna()
    changes = changes_by_kind(users.rename(columns={"loneliness": "change", "base_loneliness": "base"}), CUT)
    both = {name: (changes.get((name, "lonely")), changes.get((name, "other"))) for name in facts.others}
    pairs = {
        name: (lonely[known], others[known])
        for name, (lonely, others) in both.items()
        if lonely is not None
        and others is not None
        and (known := np.isfinite(lonely) & np.isfinite(others)).sum() >= FEWEST
    }
    words = verdicts([differences_of(*pair) for pair in pairs.values()], ["lower"] * len(pairs))
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
            say("No clear difference between lonely users and the others is seen with {titles}.", titles=listed(rest))
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
            say("By itself, {title} does more for users who are not lonely than for lonely users.", title=title)
            if is_alone
            else say("{title} does more for users who are not lonely than for lonely users.", title=title)
        )
    elif is_alone:
        text = say("By itself, {title} does more for lonely users than for the others.", title=title)
    else:
        text = say("{title} does more for lonely users than for the others.", title=title)
    return beside(
        text,
        say(
            "Mean loneliness changes by {lonely} points among lonely users and by {others} among the others.",
            lonely=one.lonely, others=one.others,
        ),
    )  # fmt: skip


def who_counts() -> str:
    """Return who counts as lonely."""
    return say(
        "Lonely users: at {cut} points or more in the mean of both runs of a pair, on the last day.",
        cut=computed("scale/loneliness_ucla20:cut", CUT, 0),
    )
