"""Phase 11: close the day for ties, memories, thresholds and norms."""

import math

from .scales import ACQUAINTANCE, mutual_friends, reached, wanted
from .world import House, Person


def felt_hours(house: House, i: Person, j: Person) -> float:
    rules, tie = house.rules, house.tie(i, j)
    x = tie.today * math.exp(tie.liking + rules.encounters.shared_liking * mutual_friends(house, i, j))
    x /= 1 + i.company / rules.wellbeing.satiety
    if house.on.proximity_regulation and tie.closeness >= wanted(house, i, j):
        x *= rules.proximity.beyond_gain
    return rules.forgetting.day_hours * reached(x / rules.forgetting.day_hours)


def fade_rate(house: House, closeness: float) -> float:
    rules = house.rules.forgetting
    return min(1, (rules.fade_strong + (rules.fade_weak - rules.fade_strong) * (1 - closeness) ** 2) / 365.25)


def forgetting(house: House) -> None:
    """Let ties grow or fade, memories wear off, and norms drift."""
    for i in house.users:
        for j in house.users:
            if i is not j:
                _close_the_day(house, i, j)
    keep = 1 - 1 / house.rules.support.memory_days
    for one in house.users:
        one.given *= keep
        one.received *= keep
        one.learned_empathy -= one.learned_empathy / house.rules.support.empathy_days
        one.threshold += (one.disclosure_threshold - one.threshold) / house.rules.conversation.threshold_days
    if house.on.shared_friends:
        _count_shared(house)
    _drift(house)


def _close_the_day(house: House, i: Person, j: Person) -> None:
    rules, tie = house.rules.forgetting, house.tie(i, j)
    if tie.closeness == 0 and tie.hours == 0 and tie.today == 0 and tie.met == 0 and tie.last_contact < 0:
        return
    if tie.today > 0:
        tie.closeness = 1 - (1 - tie.closeness) * math.exp(-felt_hours(house, i, j) / rules.hours_scale)
    if tie.met == 0 and tie.closeness > 0:
        both = i.attends and j.attends
        tie.closeness *= 1 - fade_rate(house, tie.closeness) * (1 if both else rules.apart_ratio)
    tie.known -= tie.known / rules.known_days
    tie.hours += tie.met
    tie.trust += (house.rules.conversation.trust_start - tie.trust) * min(1, rules.trust_fade / 365.25)
    keep = 1 - 1 / house.rules.support.memory_days
    tie.help = [acts * keep for acts in tie.help]
    tie.today = tie.met = 0.0


def _count_shared(house: House) -> None:
    friendly = {
        i.uid: {j.uid for j in house.users if j is not i and house.tie(i, j).closeness >= ACQUAINTANCE}
        for i in house.users
    }
    for i in house.users:
        for j in house.users:
            if i is not j:
                house.tie(i, j).shared = sum(j.uid in friendly[x] for x in friendly[i.uid] if x != j.uid)


def _drift(house: House) -> None:
    rules, counts = house.rules.forgetting, house.counts
    if counts["talks"]:
        share = min(1, rules.norm_practice * counts["deep_talks"] / counts["talks"])
        house.norm += (house.expected_norm + share * (1 - house.expected_norm) - house.norm) / rules.norm_days
    if not house.on.living_house:
        return
    if counts["asked"]:
        q = counts["granted"] / counts["asked"]
        aim = house.expected_help + rules.norm_habit * (q - house.expected_help)
        house.norm_help += (aim - house.norm_help) / rules.norm_days
    if counts["newcomers_met"]:
        q = min(1, counts["welcomes"] / counts["newcomers_met"])
        aim = house.expected_welcome + rules.norm_habit * (q - house.expected_welcome)
        house.norm_welcome += (aim - house.norm_welcome) / rules.norm_days
