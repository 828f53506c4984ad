"""Phase 5: what is said, how it is received, and what is passed on."""

from math import exp, log
from typing import TYPE_CHECKING

from benchmarks.plain_mesa.agents import User
from benchmarks.plain_mesa.encounters import Encounter
from benchmarks.plain_mesa.scales import logistic, reached

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainCentre

ORDINARY, STRENGTHS, DISTRESS, ILLNESS = range(4)
SPOKEN = {STRENGTHS: "strengths_talks", DISTRESS: "distress_talks", ILLNESS: "illness_talks"}
IN_THREE = 2.0 / 3.0
"""Share of a talk of three that counts toward the closeness of each of its pairs: three pairs, two at a time."""
COMPANY_IN_THREE = 0.5
"""Share of it that is company from each of the other two, so that nobody has more company than the talk is long."""


def conversation(model: "PlainCentre", encounter: Encounter, present: list[User]) -> None:
    """Hold one conversation; its effects are felt at once."""
    one, two, third = encounter.one, encounter.two, encounter.third
    deepest = ILLNESS if third is None else STRENGTHS
    first, well_first = speak(one, two, False, deepest, present)
    second, well_second = speak(two, one, first != ORDINARY, deepest, present)
    model.today["talks"] += 1
    model.today["talk_hours"] += encounter.hours
    model.today["deep_talks"] += max(first, second) >= DISTRESS
    ordinary = float(model.on.ordinary_connection)
    ratio = model.rules.conversation.deep_ratio if well_first or well_second else ordinary
    if third is None:
        talk(one, two, encounter.hours * ratio, encounter.hours)
    else:
        hours, company = IN_THREE * encounter.hours, COMPANY_IN_THREE * encounter.hours
        talk(one, two, hours * ratio, company)
        talk(one, third, hours * ordinary, company)
        talk(two, third, hours * ordinary, company)


def talk(one: User, two: User, effective: float, hours: float) -> None:
    """Let two talk for so many hours, which count for so many effective ones toward closeness."""
    model = one.model
    p, pleases = model.rules.conversation, model.on.ordinary_connection
    for user, other in ((one, two), (two, one)):
        tie = user.ties[other]
        tie.today += effective
        tie.met += hours
        tie.hours += hours
        tie.last_contact = model.day
        tie.trust += (1.0 - tie.trust) * reached(p.trust_ordinary * hours)
        if pleases:
            user.mood += (1.0 - user.mood) * reached(p.pleasure * hours)
            user.talk_hours += hours
        user.partners += 1


def speak(user: User, other: User, other_opened: bool, deepest: int, present: list[User]) -> tuple[int, bool]:
    """Let a user say something; give its depth and whether it was well received."""
    model = user.model
    if not other_opened and model.random.random() >= model.rules.conversation.occasion:
        return ORDINARY, False
    other_told = other_opened or other.ties[user].told
    depth = min(deepest, depth_of_talk(user, openness(user, other, other_told)))
    if depth == ORDINARY:
        return ORDINARY, False
    model.today[SPOKEN[depth]] += 1
    p, today, tie = model.rules.conversation, model.today, user.ties[other]
    questioned = depth >= DISTRESS and model.random.random() < p.questioning * (1.0 - other.listening_skill)
    today["questioned"] += questioned
    well = model.random.random() < reception_chance(other, questioned)
    if depth >= DISTRESS:
        other.load += p.listening_load
    if depth == ILLNESS:
        tie.told = True
    if well:
        today["well_received"] += 1
        well_received(user, other, depth)
    else:
        badly_received(user, other)
    if depth >= DISTRESS:
        may_leak(user, other, present)
    return depth, well


def openness(user: User, other: User, other_told: bool) -> float:
    """Tell how ready a user is to say something personal to another."""
    model, tie = user.model, user.ties[other]
    p = model.rules.conversation
    ready = p.trust_weight * tie.trust + p.closeness_weight * tie.closeness + p.reciprocity_weight * other_told
    ready += p.norm_weight * model.norm + p.need_weight * user.needs["emotional"]
    if model.on.selective_exposure:
        low = max(0.0, user.mood_disposition - user.mood)
        ready -= p.stigma_weight * user.self_stigma + p.mood_filter * low
    return ready


def depth_of_talk(user: User, ready: float) -> int:
    """Find the deepest talk a user is ready for, with logistic noise."""
    model = user.model
    p = model.rules.conversation
    share = model.random.random()
    ready += p.noise * log(share / (1.0 - share))
    if model.on.selective_exposure:
        ready -= user.threshold
    if ready >= p.cost_illness:
        return ILLNESS
    if ready >= p.cost_distress:
        return DISTRESS
    return STRENGTHS if ready >= p.cost_strengths else ORDINARY


def reception_chance(listener: User, questioned: bool) -> float:
    """Give the chance that personal talk is well received."""
    model = listener.model
    p = model.rules.conversation
    odds = p.reception_base + p.reception_skill * listener.listening_skill
    odds += p.reception_empathy * listener.empathy_now - p.reception_burden * listener.burden
    odds -= p.reception_shortage * (1.0 - model.coverage) + p.questioning_penalty * questioned
    return logistic(odds)


def well_received(user: User, listener: User, depth: int) -> None:
    """Feel understood: each effect moves a share of what is missing."""
    model = user.model
    p = model.rules.conversation
    tie, back = user.ties[listener], listener.ties[user]
    tie.trust += p.trust_good * (1.0 - tie.trust)
    back.trust += p.trust_listener * p.trust_good * (1.0 - back.trust)
    user.mood += p.lift * (1.0 - user.mood)
    if depth == STRENGTHS:
        if model.on.becoming_oneself:
            user.self_worth += p.worth_gain * (1.0 - user.self_worth)
        return
    user.needs["emotional"] *= 1.0 - p.relief
    user.threshold *= 1.0 - p.threshold_good
    if model.on.group_advocacy:
        for each in (user, listener):
            each.identity += p.fate_gain * (1.0 - each.identity)
    if depth == ILLNESS and model.on.adaptation_with_peers:
        user.acceptance += p.acceptance_gain * (1.0 - user.acceptance)


def badly_received(user: User, listener: User) -> None:
    """Feel hurt, and be more careful next time."""
    p, tie = user.model.rules.conversation, user.ties[listener]
    tie.trust *= 1.0 - p.trust_bad
    user.mood *= 1.0 - p.hurt
    user.threshold += p.threshold_bad * (1.0 - user.threshold)
    user.conflicts += 1


def may_leak(user: User, listener: User, present: list[User]) -> None:
    """Let the listener pass a confidence on to somebody present; the one betrayed may learn of it."""
    model = user.model
    p, chance = model.rules.conversation, model.random
    if chance.random() >= p.leak_rate * (1.0 - listener.confidentiality):
        return
    others = [other for other in present if other is not user and other is not listener]
    if not others:
        return
    weights = [exp(model.closeness_pull * listener.ties[other].closeness) for other in others]
    hearer = chance.choices(others, weights)[0]
    hearer.threshold += p.hearsay_threshold * (1.0 - hearer.threshold)
    model.today["leaks"] += 1
    if chance.random() < p.leak_learned:
        user.ties[listener].trust *= 1.0 - p.leak_trust
        user.threshold += p.leak_threshold * (1.0 - user.threshold)
        user.conflicts += 1
