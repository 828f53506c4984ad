"""Sentences on effects over draws of unmeasured numbers; those on a sign that turns come first.

A sentence on whether something turns takes `FEWEST` draws.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from experiments.compare.draws import Uncertain
from experiments.statistics.intervals import ALONE
from experiments.statistics.numbers import percent
from experiments.statistics.orders import Flip, Ranking
from experiments.statistics.uncertainty import CAUTION, Split
from experiments.statistics.verdict import ALONE_ONLY, FEWEST, direction, holm
from sim.outcomes.catalogue import OUTCOMES

_MOST_FLIPS: Final = 3


def lines(over: Uncertain) -> list[str]:
    """Return what a comparison prints on its draws: what turns, then each policy and outcome, then rankings."""
    draws = min(ranking.draws for ranking in over.rankings.values())
    head = f"Over {draws} draws of what nobody knows ({len(over.draws.columns)} parameters), each under its own seeds:"
    about = [*turns(over), *_effects(over), *_rankings(over)]
    if over.dropped:
        about.append(f"{over.dropped} of {len(over.draws)} draws are left out: no scenario can have them.")
    if over.failed:
        about.append(f"{over.failed} runs over the draws failed and are left out, and so are their pairs.")
    return [head, *(f"  {line}" for line in [*about, *over.worth.words(), CAUTION])]


def turns(over: Uncertain) -> list[str]:
    """Return a sentence for each effect whose sign is another than at the defaults, or depends on the draw.

    Both take more than chance among all effects shown (Holm): the effects at the defaults and over draws are clear of 0
    on opposite sides, or some draws lie on the one side of 0 and others on the other.
    """
    rows = [(name, row) for name, splits in over.splits.items() for row in splits if row.draws >= FEWEST]
    if not rows:
        return [f"Fewer than {FEWEST} draws are too few to say whether a sign turns."]
    turned, both = (_clear([getattr(row, test) for _, row in rows]) for test in ("p_turned", "p_both"))
    made = [
        f"The sign turns: {row.scenario}, {_name(name)}: {row.at_defaults:+.2f} at the defaults, {row.effect:+.2f} "
        f"over the draws (apart by {row.shift:+.2f}, {row.shift_low:+.2f} to {row.shift_high:+.2f})."
        for (name, row), clear in zip(rows, turned, strict=True)
        if clear
    ]
    made += [
        f"The sign depends on unmeasured numbers: {row.scenario}, {_name(name)}: by a normal law better at "
        f"{percent(row.share_better)} of parameter values, worse at {percent(1.0 - row.share_better)}."
        for (name, row), clear in zip(rows, both, strict=True)
        if clear and np.isfinite(row.share_better)
    ]
    return made or ["No sign turns beyond chance, neither from the defaults to the draws nor between draws."]


def harms(over: Uncertain, scenario: str) -> list[str]:
    """Return the primary outcomes in which a scenario is worse over the draws, in words."""
    rows = [(name, row) for name, splits in over.splits.items() for row in splits]
    words = []
    for (name, row), clear in zip(rows, _clear([row.p_effect for _, row in rows]), strict=True):
        harm = direction(row.effect, OUTCOMES[name].better) == "worse" and row.p_effect <= ALONE
        if row.scenario == scenario and harm:
            words.append(f"{_name(name)} worse{'' if clear else ALONE_ONLY} over the draws")
    return words


def _clear(p: list[float]) -> list[bool]:
    """Return which tests hold among all of those with a p."""
    among = iter(holm([value for value in p if np.isfinite(value)]))
    return [bool(np.isfinite(value)) and next(among) for value in p]


def _effects(over: Uncertain) -> Iterator[str]:
    rows = sorted(
        ((name, row) for name, splits in over.splits.items() for row in splits), key=lambda pair: _place(over, pair[1])
    )
    for (name, row), moved in zip(rows, _clear([row.p_shift for _, row in rows]), strict=True):
        beyond = ", more than chance away" if moved else ""
        yield (
            f"{row.scenario}, {_name(name)}: {row.effect:+.2f}{_range(row)}; at the defaults {row.at_defaults:+.2f}"
            f"{beyond}. {row.words()}"
        )


def _place(over: Uncertain, row: Split) -> int:
    return [each.scenario for each in next(iter(over.splits.values()))].index(row.scenario)


def _range(row: Split) -> str:
    """Return where the effects at other parameter values lie, by a normal law; nothing from few draws."""
    if row.draws < FEWEST:
        return ""
    share = f", better at {percent(row.share_better)} of them" if np.isfinite(row.share_better) else ""
    between = f"{row.predicted_low:+.2f} to {row.predicted_high:+.2f}"
    return f" (95 % of parameter values, by a normal law: {between}{share})"


def _rankings(over: Uncertain) -> Iterator[str]:
    clear = _clear([ranking.p for ranking in over.rankings.values()])
    for (name, ranking), beyond in zip(over.rankings.items(), clear, strict=True):
        yield _ranking(name, ranking, beyond)
        yield from (_flip(flip) for flip in ranking.flips[:_MOST_FLIPS])


def _ranking(outcome: str, ranking: Ranking, beyond: bool) -> str:
    share = percent(ranking.share_differs)
    text = f"The ranking by {_name(outcome)} differs from that at the defaults in {share} of draws"
    if not np.isfinite(ranking.share_by_chance):
        return f"{text}; one pair at the defaults cannot show how often chance alone would do that."
    verdict = "" if ranking.draws < FEWEST else ": more than chance" if beyond else ": no more than chance"
    return f"{text}; chance alone would do that in {percent(ranking.share_by_chance)}{verdict}."


def _flip(flip: Flip) -> str:
    chance = f" (by chance alone {percent(flip.share_by_chance)})" if np.isfinite(flip.share_by_chance) else ""
    which = f"most by {flip.parameter}" if flip.parameter else "by no single parameter beyond chance"
    return (
        f"  {flip.first} and {flip.second} change places in {percent(flip.share_reversed)} of draws{chance}, {which}."
    )


def _name(outcome: str) -> str:
    """Return the label of an outcome without its scale, for use within a sentence."""
    label = OUTCOMES[outcome].label.split(" (")[0]
    return label[:1].lower() + label[1:]
