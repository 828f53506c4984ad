"""Which effects turn their sign when numbers that nobody has measured are varied: the rule of a comparison's text."""

from collections.abc import Sequence

from experiments.report.compare.facts import Facts
from experiments.report.values import Row
from experiments.statistics import sign_turns


def is_judged(facts: Facts) -> bool:
    """Return whether the draws are enough to say whether a sign turns."""
    return sign_turns.is_judged(facts.effects_over_draws)


def too_few(facts: Facts) -> str:
    """Return a sentence on effects of which none can be judged."""
    return sign_turns.too_few(facts.effects_over_draws)


def beyond(facts: Facts) -> str:
    """Return a sentence on the effects that cannot be judged beside others; an empty text without any."""
    return sign_turns.beyond(facts.effects_over_draws)


def turned(facts: Facts) -> list[Row]:
    """Return the effects that lie on another side of 0 over the draws than at the defaults, clear among all."""
    return _those(facts, sign_turns.turned(facts.effects_over_draws))


def depends(facts: Facts) -> list[Row]:
    """Return the effects that lie on both sides of 0, by the draw, clear among all."""
    return _those(facts, sign_turns.depends(facts.effects_over_draws))


def _those(facts: Facts, chosen: Sequence[bool]) -> list[Row]:
    return [row for row, is_chosen in zip(facts.splits, chosen, strict=True) if is_chosen]
