"""Phase 5: what users say, and how a talk affects all who take part."""

from math import sqrt

from benchmarks.plain_mesa.agents import Centre, User
from benchmarks.plain_mesa.encounters import Encounter
from benchmarks.plain_mesa.reception import (
    DISTRESS,
    ILLNESS,
    ORDINARY,
    STRENGTHS,
    badly_received,
    may_leak,
    reception_chance,
    well_received,
)
from benchmarks.plain_mesa.scales import logit, reached
from benchmarks.plain_mesa.ties import touch
from sim.scenario.schema.session import DONE_TOGETHER

SPOKEN = {STRENGTHS: "strengths_talks", DISTRESS: "distress_talks", ILLNESS: "illness_talks"}
IN_THREE = 2.0 / 3.0
"""Share of a talk of three that counts toward the closeness of each of its three pairs."""
COMPANY_IN_THREE = 0.5
"""Share of a talk of three that counts as company from each other user, so that company adds up to its length."""


def conversation(model: Centre, encounter: Encounter, present: list[User]) -> None:
    """Hold a conversation; its effects act at once."""
    one, two, third = encounter.one, encounter.two, encounter.third
    deepest = ILLNESS if third is None else STRENGTHS
    first, well_first = speak(one, two, False, deepest, present)
    second, well_second = speak(two, one, first != ORDINARY, deepest, present)
    model.today["talks"] += 1
    model.today["talk_hours"] += encounter.hours
    model.today["deep_talks"] += max(first, second) >= DISTRESS
    ratio = model.rules.conversation.deep_ratio if well_first or well_second else 1.0
    hours = company = encounter.hours
    if third is not None:
        hours, company = IN_THREE * hours, COMPANY_IN_THREE * hours
    talk(one, two, hours, ratio, company)
    if third is not None:
        talk(one, third, hours, 1.0, company)
        talk(two, third, hours, 1.0, company)
    for user in encounter.users:
        user.doing += encounter.activity in DONE_TOGETHER


def talk(one: User, two: User, hours: float, ratio: float, company: float) -> None:
    """Let two users talk and impress each other; `hours` count toward closeness, and `company` as hours of company."""
    model = one.model
    p, pleases = model.rules.conversation, model.on.ordinary_connection
    for user, other in ((one, two), (two, one)):
        tie = user.ties[other]
        if pleases or ratio > 1.0:
            tie.today += hours * ratio
        if pleases:
            user.mood += (1.0 - user.mood) * reached(p.pleasure * company)
            user.talk_hours += company
        tie.trust += (1.0 - tie.trust) * reached(p.trust_ordinary * company)
        touch(tie, company, model.day)
        user.partners += 1
        if model.on.learned_liking:
            impress(user, other)


def impress(user: User, other: User) -> None:
    """Move liking by chance; it keeps returning to the first liking."""
    p, tie = user.model.rules.encounters, user.ties[other]
    n = p.impression_talks
    tie.liking += (tie.liking_base - tie.liking) / n
    tie.liking += p.impression_sd * sqrt(2.0 / n - 1.0 / n**2) * user.model.random.gauss(0.0, 1.0)


def speak(user: User, other: User, other_opened: bool, deepest: int, present: list[User]) -> tuple[int, bool]:
    """Let a user say something; return its depth and whether the other received it well."""
    model = user.model
    p, today, tie = model.rules.conversation, model.today, user.ties[other]
    if not other_opened and model.random.random() >= p.occasion:
        return ORDINARY, False
    other_told = other_opened or other.ties[user].told
    depth = min(deepest, depth_of_talk(user, openness(user, other, other_told)))
    if depth == ORDINARY:
        return ORDINARY, False
    today[SPOKEN[depth]] += 1
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
    """Return how ready a user is to say something personal to another."""
    model, tie = user.model, user.ties[other]
    p = model.rules.conversation
    ready = p.trust_weight * tie.trust + p.closeness_weight * tie.closeness + p.reciprocity_weight * other_told
    ready += p.norm_weight * model.norm + p.need_weight * user.needs["emotional"]
    ready += p.worth_weight * (user.self_worth - 0.5)
    ready += p.identity_weight * user.identity_above + p.hope_weight * user.hope_above
    if model.on.selective_exposure:
        low = max(0.0, user.mood_disposition - user.mood)
        ready -= p.stigma_weight * user.self_stigma + p.mood_filter * low
    return ready


def depth_of_talk(user: User, ready: float) -> int:
    """Return the deepest talk for which a user is ready, with logistic noise."""
    model = user.model
    p = model.rules.conversation
    ready += p.noise * logit(model.random.random())
    if model.on.selective_exposure:
        ready -= user.threshold
    if ready >= p.cost_illness:
        return ILLNESS
    if ready >= p.cost_distress:
        return DISTRESS
    return STRENGTHS if ready >= p.cost_strengths else ORDINARY
