"""Phase 11: closeness grows by today's hours or fades, memories fade, and friends in common are counted."""

from collections import Counter
from math import exp

from benchmarks.plain_mesa.agents import Centre, User
from benchmarks.plain_mesa.scales import reached
from benchmarks.plain_mesa.tie import ACQUAINTANCE, DAYS_PER_YEAR, Tie
from benchmarks.plain_mesa.ties import wanted


def forgetting(user: User) -> None:
    """Close the day for a user's ties and memories."""
    rules = user.model.rules
    kept = 1.0 - 1.0 / rules.support.memory_days
    for other, tie in user.ties.items():
        if tie.closeness > 0.0 or tie.hours > 0.0 or tie.today > 0.0 or tie.met > 0.0 or tie.last_contact >= 0:
            _close_day(user, other, tie, kept)
    user.given *= kept
    user.received *= kept
    user.learned_empathy *= 1.0 - 1.0 / rules.support.empathy_days
    user.threshold += (user.disclosure_threshold - user.threshold) / rules.conversation.threshold_days


def _close_day(user: User, other: User, tie: Tie, kept: float) -> None:
    """Let a tie grow or fade, and fade its memories."""
    rules = user.model.rules
    p = rules.forgetting
    if tie.today > 0.0:
        tie.closeness = 1.0 - (1.0 - tie.closeness) * exp(-felt_hours(user, tie) / p.hours_scale)
    if tie.met == 0.0 and tie.closeness > 0.0:
        tie.closeness *= 1.0 - fade_rate(user, tie) * (1.0 if user.attends and other.attends else p.apart_ratio)
    tie.known -= tie.known / p.known_days
    tie.hours += tie.met
    tie.trust += (rules.conversation.trust_start - tie.trust) * min(1.0, p.trust_fade / DAYS_PER_YEAR)
    for kind in tie.help:
        tie.help[kind] *= kept
    tie.today = tie.met = 0.0


def felt_hours(user: User, tie: Tie) -> float:
    """Return today's hours weighted by liking, shared friends and other company."""
    rules = user.model.rules
    p = rules.encounters
    hours = tie.today * exp(tie.liking + p.shared_liking * min(tie.shared, p.most_shared))
    hours /= 1.0 + user.company / rules.wellbeing.satiety
    if user.model.on.proximity_regulation and tie.closeness >= wanted(user, tie):
        hours *= rules.proximity.beyond_gain
    return rules.forgetting.day_hours * reached(hours / rules.forgetting.day_hours)


def fade_rate(user: User, tie: Tie) -> float:
    """Return the share of closeness lost on a day without contact; weaker ties lose more."""
    p = user.model.rules.forgetting
    rate = (p.fade_strong + (p.fade_weak - p.fade_strong) * (1.0 - tie.closeness) ** 2) / DAYS_PER_YEAR
    return min(1.0, rate)


def count_shared(model: Centre) -> None:
    """Count the shared friends of each pair: a user is friendly with them, and they are friendly with the other."""
    friendly = {
        user: [other for other, tie in user.ties.items() if tie.closeness >= ACQUAINTANCE] for user in model.agents
    }
    for user, mine in friendly.items():
        reach = Counter(other for between in mine for other in friendly[between])
        for other, tie in user.ties.items():
            tie.shared = reach[other]
