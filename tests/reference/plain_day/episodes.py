"""Phase 2: users fall unwell and recover, trouble comes at home, and needs arise and fade."""

import math

from .scales import reached
from .world import House, Person

YEAR = 365.25
DIAGNOSES = ("schizophrenia", "bipolar", "ocd", "epileptic", "bipolar", "ocd", "schizophrenia")
NEEDS = ("emotional", "informational", "esteem", "network", "tangible")
INFORMATIONAL = 1


def relapse_hazard(house: House, one: Person) -> float:
    rules = house.rules.episodes
    hazard = getattr(rules, f"relapse_{DIAGNOSES[one.diagnosis]}") / YEAR * math.exp(rules.burden_slope * one.burden)
    return hazard * (1 - rules.reminder_protection * one.reminded) if house.on.adaptation_with_peers else hazard


def need_rate(house: House, one: Person, kind: int) -> float:
    rules = house.rules.episodes
    rate = getattr(rules, f"need_{NEEDS[kind]}") / 7
    if one.unwell:
        rate *= rules.unwell_need_ratio
    if kind == INFORMATIONAL and house.newcomer(one):
        rate *= rules.newcomer_need_ratio
    return rate


def trouble_hazard(house: House, one: Person) -> float:
    return 2 * (1 - one.family_support) * house.rules.episodes.trouble_rate / YEAR


def episodes(house: House) -> None:
    """Move every user's illness, trouble and needs by a day."""
    rules = house.rules.episodes
    for one in house.users:
        _switch(house, one)
        one.reminded -= one.reminded / rules.reminder_days
        one.trouble -= one.trouble / rules.trouble_days
        if house.draw("TROUBLE", one.uid)[0] < reached(trouble_hazard(house, one)):
            one.trouble += (1 - one.trouble) * rules.trouble_size
        _needs(house, one)


def _switch(house: House, one: Person) -> None:
    u = house.draw("EPISODE", one.uid)[0]
    if one.unwell:
        one.unwell = int(u >= reached(1 / house.rules.episodes.episode_days))
    elif u < reached(relapse_hazard(house, one)):
        one.unwell = 1
        house.counts["relapses"] += 1


def _needs(house: House, one: Person) -> None:
    rules = house.rules.episodes
    drawn = (*house.draw("NEED", one.uid), house.draw("NEED", one.uid, slot=1)[0])
    for kind, u in enumerate(drawn):
        one.needs[kind] -= one.needs[kind] / rules.need_fade_days
        if u < reached(need_rate(house, one, kind)):
            one.needs[kind] += (1 - one.needs[kind]) * rules.need_size
            house.counts["needs_arisen"] += 1
