"""Sentences on effects over draws of unmeasured numbers; those on a sign that turns come first.

A sentence on whether something turns takes `FEWEST` draws.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from experiments.compare.draws import Uncertain
from experiments.statistics import sign_turns
from experiments.statistics.numbers import beside, hundredths, in_sentence, many, percent
from experiments.statistics.orders import Flip, Ranking
from experiments.statistics.uncertainty import CAUTION, Split
from experiments.statistics.verdict import FEWEST, most_differing
from sim.language import say, term
from sim.outcomes.catalogue import OUTCOMES

_MOST_FLIPS: Final = 3


def lines(over: Uncertain) -> list[str]:
    """Return what a comparison prints on its draws: what turns, then each policy and outcome, then rankings."""
    draws = min(ranking.draws for ranking in over.rankings.values())
    head = say(
        "Over {draws} draws of what nobody knows ({parameters} parameters), each under its own seeds:",
        draws=draws,
        parameters=len(over.draws.columns),
    )
    about = [*turns(over), *_effects(over), *_rankings(over)]
    if over.dropped:
        about.append(
            say(
                "{dropped} of {draws} draws are left out: no scenario can have them.",
                dropped=over.dropped,
                draws=len(over.draws),
            )
        )
    if over.failed:
        about.append(
            say("{failed} runs over the draws failed and are left out, and so are their pairs.", failed=over.failed)
        )
    return [head, *(f"  {line}" for line in [*about, *over.worth.words(), CAUTION])]


def turns(over: Uncertain) -> list[str]:
    """Return a sentence for each effect whose sign is another than at the defaults, or depends on the draw.

    Both take more than chance among all effects shown (Holm): the effects at the defaults and over draws are clear of 0
    on opposite sides, or some draws lie on the one side of 0 and others on the other.
    """
    rows = _rows(over)
    splits = [row for _, row in rows]
    if not sign_turns.is_judged(splits):
        return [sign_turns.too_few(splits)]
    turned, both = sign_turns.turned(splits), sign_turns.depends(splits)
    made = [
        say(
            "The sign turns: {scenario}, {outcome}: {at_defaults} at the defaults, {effect} over the draws (apart by "
            "{shift}, {low} to {high}).",
            scenario=row.scenario,
            outcome=_name(name),
            at_defaults=hundredths(row.at_defaults),
            effect=hundredths(row.effect),
            shift=hundredths(row.shift),
            low=hundredths(row.shift_low),
            high=hundredths(row.shift_high),
        )
        for (name, row), clear in zip(rows, turned, strict=True)
        if clear
    ]
    made += [
        say(
            "The sign depends on unmeasured numbers: {scenario}, {outcome}: by a normal law better at {better} of "
            "parameter values, worse at {worse}.",
            scenario=row.scenario,
            outcome=_name(name),
            better=percent(row.share_better),
            worse=percent(1.0 - row.share_better),
        )
        for (name, row), clear in zip(rows, both, strict=True)
        if clear
    ]
    if made:
        return made
    none = say("No sign turns beyond chance, neither from the defaults to the draws nor between draws.")
    return [beside(none, sign_turns.beyond(splits))]


def harms(over: Uncertain, scenario: str) -> list[str]:
    """Return the primary outcomes in which a scenario is worse over the draws, in words."""
    rows = _rows(over)
    verdicts = sign_turns.harms([row for _, row in rows], [OUTCOMES[name].better for name, _ in rows])
    return [
        say("{outcome} {verdict} over the draws", outcome=_name(name), verdict=term(verdict))
        for (name, row), verdict in zip(rows, verdicts, strict=True)
        if verdict and row.scenario == scenario
    ]


def _rows(over: Uncertain) -> list[tuple[str, Split]]:
    return [(name, row) for name, splits in over.splits.items() for row in splits]


def _effects(over: Uncertain) -> Iterator[str]:
    rows = sorted(_rows(over), key=lambda pair: _place(over, pair[1]))
    for (name, row), moved in zip(rows, sign_turns.clear([row.p_shift for _, row in rows]), strict=True):
        values = {
            "scenario": row.scenario,
            "outcome": _name(name),
            "effect": _with_range(row),
            "at_defaults": hundredths(row.at_defaults),
        }
        if moved:
            text = say(
                "{scenario}, {outcome}: {effect}; at the defaults {at_defaults}, more than chance away.", **values
            )
        else:
            text = say("{scenario}, {outcome}: {effect}; at the defaults {at_defaults}.", **values)
        yield beside(text, row.words())


def _place(over: Uncertain, row: Split) -> int:
    return [each.scenario for each in next(iter(over.splits.values()))].index(row.scenario)


def _with_range(row: Split) -> str:
    """Return an effect, and where those at other parameter values lie, by a normal law; not from few draws."""
    values = {
        "effect": hundredths(row.effect),
        "low": hundredths(row.predicted_low),
        "high": hundredths(row.predicted_high),
    }
    if row.draws < FEWEST:
        return values["effect"]
    if not row.differ:
        return say(
            "no difference seen in {draws} draws (in up to {most} of draws there might be one)",
            draws=row.draws,
            most=percent(most_differing(row.draws)),
        )
    if row.differ < FEWEST:
        return say(
            "{effect} (too rare to say, differs in {differ} of {n} draws)",
            effect=values["effect"],
            differ=row.differ,
            n=row.draws,
        )
    if not np.isfinite(row.predicted_low):
        return values["effect"]
    if not np.isfinite(row.share_better):
        return say("{effect} (95 % of parameter values, by a normal law: {low} to {high})", **values)
    return say(
        "{effect} (95 % of parameter values, by a normal law: {low} to {high}, better at {share} of them)",
        **values,
        share=percent(row.share_better),
    )


def _rankings(over: Uncertain) -> Iterator[str]:
    rankings = {name: ranking for name, ranking in over.rankings.items() if ranking.draws >= FEWEST}
    clear = sign_turns.clear([ranking.p for ranking in rankings.values()])
    for (name, ranking), beyond in zip(rankings.items(), clear, strict=True):
        yield _ranking(name, ranking, beyond)
        yield from (_flip(flip) for flip in ranking.flips[:_MOST_FLIPS])
    if len(rankings) < len(over.rankings):
        yield say("Fewer than {fewest} draws are too few to say how often a ranking changes.", fewest=FEWEST)


def _ranking(outcome: str, ranking: Ranking, beyond: bool) -> str:
    text = say(
        "The ranking by {outcome} differs from that at the defaults in {share} of draws",
        outcome=_name(outcome),
        share=percent(ranking.share_differs),
    )
    if not np.isfinite(ranking.share_by_chance):
        return say(
            "{ranking}; one pair at the defaults cannot show how often chance alone would do that.", ranking=text
        )
    if ranking.at_defaults < FEWEST:
        return say(
            "{ranking}; {pairs} at the defaults are too few to say whether that is more than chance.",
            ranking=text,
            pairs=many(ranking.at_defaults, "pair"),
        )
    values = {"ranking": text, "share": percent(ranking.share_by_chance)}
    if beyond:
        return say("{ranking}; chance alone would do that in {share}: more than chance.", **values)
    return say("{ranking}; chance alone would do that in {share}: no more than chance.", **values)


def _flip(flip: Flip) -> str:
    share = percent(flip.share_reversed)
    if np.isfinite(flip.share_by_chance):
        share = say("{share} of draws (by chance alone {chance})", share=share, chance=percent(flip.share_by_chance))
    else:
        share = say("{share} of draws", share=share)
    values = {"first": flip.first, "second": flip.second, "share": share}
    if flip.parameter:
        text = say(
            "{first} and {second} change places in {share}, most by {parameter}.", **values, parameter=flip.parameter
        )
    else:
        text = say("{first} and {second} change places in {share}, by no single parameter beyond chance.", **values)
    return f"  {text}"


def _name(outcome: str) -> str:
    """Return the label of an outcome without its scale, for use within a sentence."""
    return in_sentence(OUTCOMES[outcome].label)
