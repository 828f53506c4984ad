"""Sentences on the order of levers over the points of a study."""

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.robustness import rank_agreement
from experiments.statistics.crossed import LEAST_SEEDS
from experiments.statistics.numbers import beside, listed, many, percent, typeset
from experiments.statistics.verdict import FEWEST
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES

if TYPE_CHECKING:
    from experiments.robustness.ranking import Ranked

_NAMED: Final = 6
"""Most levers that a sentence names."""


def first_words(result: "Ranked") -> str:
    """Return a sentence on the best levers over points."""
    number, first = result.points.number, result.order[0]
    equal = rank_agreement.equal_firsts(result.points.means, OUTCOMES[result.outcome].better)
    if len(equal) == 1:
        return _best(result, number, first)
    shares = [_firsts(result, name) for name in equal]
    return say(
        "In the mean over {number} points {names} are equal and best; they are first in {shares} of them (a first "
        "place that several share counts in parts).",
        number=number,
        names=_listed(equal),
        shares=reduce(lambda before, last: say("{words} and {last}", words=before, last=last), shares),
    )


def _best(result: "Ranked", number: int, first: str) -> str:
    """Return a sentence on the best lever: its lead, and whether chance may have made it."""
    lead = result.lead()
    values: dict[str, object] = {
        "number": number,
        "first": first,
        "second": result.order[1],
        "share": _firsts(result, first),
        "lead": typeset(f"{lead.mean:.3g}"),
        "low": typeset(f"{lead.low:.3g}"),
        "high": typeset(f"{lead.high:.3g}"),
    }
    if not np.isfinite(lead.low):
        return say(
            "In the mean over {number} points the best is {first}, by {lead} before {second} (no interval: it "
            "takes {seeds} seeds and points that differ); it is first in {share} of them.",
            **values,
            seeds=LEAST_SEEDS,
        )
    if lead.low > 0.0:
        return say(
            "In the mean over {number} points the best is {first}, by {lead} before {second} ({low} to {high}, "
            "for other points and seeds); it is first in {share} of them.",
            **values,
        )
    return say(
        "In the mean over {number} points the best is {first}, by {lead} before {second} ({low} to {high}, for "
        "other points and seeds), which chance may have made; it is first in {share} of them.",
        **values,
    )


def base_words(result: "Ranked") -> list[str]:
    """Return sentences on the best lever at the base scenario; none without runs there."""
    if not result.base_order:
        return []
    best, number = result.base_order[0], result.base_replicates
    values = {"number": number, "best": best, "share": _firsts(result, best)}
    if number == 1:
        text = say(
            "At the base scenario itself ({number} replicate) the best is {best}; it stays first in {share} of the "
            "points.",
            **values,
        )
    else:
        text = say(
            "At the base scenario itself ({number} replicates) the best is {best}; it stays first in {share} of "
            "the points.",
            **values,
        )
    if number < FEWEST:
        few = say("So few replicates are too few to say whether it is better there than the others.")
        return [beside(text, few)]
    if result.base_as_good:
        others = _listed(result.base_as_good)
        return [beside(text, say("There it is not clearly better than {others}.", others=others))]
    return [beside(text, say("There it is clearly better than each of the others."))]


def clear_words(result: "Ranked") -> str:
    """Return a sentence on how often the best lever of a point is clear."""
    if not np.isfinite(result.clear_first):
        return say(
            "{replicates} per point are too few to say at which points the first is better than the second; that "
            "takes {fewest}.",
            replicates=many(result.points.replicates, "replicate"),
            fewest=FEWEST,
        )
    return say(
        "With {replicates} replicates per point the first is clearly better than the second in {share} of the "
        "points, clear among all points and levers; elsewhere chance may have decided who is first.",
        replicates=result.points.replicates,
        share=percent(result.clear_first),
    )


def _firsts(result: "Ranked", lever: str) -> str:
    return percent(result.share(lever, 1))


def _listed(names: Sequence[str]) -> str:
    """Join names for a sentence; of more than `_NAMED`, name the first and count the others."""
    if len(names) <= _NAMED:
        return listed(names)
    return listed([*names[: _NAMED - 1], say("{number} others", number=len(names) - _NAMED + 1)])
