"""Phase 11: closeness grows by the hours of today or fades; memories, habits and norms drift."""

from math import exp
from typing import TYPE_CHECKING

from benchmarks.plain_mesa.ties import DAYS_PER_YEAR, FRIEND, Tie, wanted

if TYPE_CHECKING:
    from benchmarks.plain_mesa.agents import User
    from benchmarks.plain_mesa.model import PlainCentre


def forgetting(user: "User") -> None:
    """Close the day for a user's ties and memories."""
    rules = user.model.rules
    trust_start, waning = rules.conversation.trust_start, rules.forgetting.trust_fade / DAYS_PER_YEAR
    kept = 1.0 - 1.0 / rules.support.memory_days
    for tie in user.ties.values():
        if tie.today > 0.0:
            grow(user, tie)
        if tie.met == 0.0 and tie.closeness > 0.0:
            fade(user, tie)
        tie.trust -= (tie.trust - trust_start) * waning
        for kind in tie.help:
            tie.help[kind] *= kept
        tie.today = tie.met = 0.0
    user.given *= kept
    user.received *= kept
    user.learned_empathy *= 1.0 - 1.0 / rules.support.empathy_days
    user.threshold += (user.disclosure_threshold - user.threshold) / rules.conversation.threshold_days


def grow(user: "User", tie: Tie) -> None:
    """Add the hours of today, as they are felt."""
    model = user.model
    p, closeness = model.rules.proximity, tie.closeness
    hours = tie.today * tie.liking
    if model.on.proximity_regulation:
        if closeness >= wanted(user, tie):
            hours *= p.beyond_gain
        elif closeness < FRIEND and user.friends >= user.desired_ties:
            hours *= p.full_gain
    tie.closeness = 1.0 - (1.0 - closeness) * exp(-hours / model.rules.forgetting.hours_scale)


def fade(user: "User", tie: Tie) -> None:
    """Lose some closeness on a day without contact, the weaker the faster."""
    p = user.model.rules.forgetting
    rate = (p.fade_strong + (p.fade_weak - p.fade_strong) * (1.0 - tie.closeness) ** 2) / DAYS_PER_YEAR
    tie.closeness *= 1.0 - min(1.0, rate)


def drift_of_norm(model: "PlainCentre") -> None:
    """Let the norm of open talk drift toward what is practised and expected."""
    p, expected = model.rules.forgetting, model.house.norm
    talks = model.today["talks"]
    if talks:
        practice = min(1.0, p.norm_practice * model.today["deep_talks"] / talks)
        target = expected + practice * (1.0 - expected)
        model.norm += (target - model.norm) / p.norm_days
