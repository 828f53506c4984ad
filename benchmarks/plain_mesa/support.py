"""Phase 6: who helps in passing, who asks, and who helps when asked."""

from math import exp

from benchmarks.plain_mesa.agents import Centre, User
from benchmarks.plain_mesa.encounters import Encounter
from benchmarks.plain_mesa.giving import give, has_helped, load_of_help
from benchmarks.plain_mesa.scales import logistic, reached
from benchmarks.plain_mesa.tie import FRIEND


def support(model: Centre, held: list[Encounter], present: list[User]) -> None:
    """Let users help during the encounters of the day, then let users in need ask, in the order of the day."""
    for encounter in held:
        help_in_passing(encounter.one, encounter.two, encounter.activity)
        help_in_passing(encounter.two, encounter.one, encounter.activity)
    for user in present:
        ask(user, present)


def help_in_passing(helper: User, helped: User, activity: str) -> None:
    """Let a user teach, show a newcomer the ropes, remind a friend of medication, or notice an unvoiced need."""
    model = helper.model
    p, chance = model.rules.support, model.random.random
    teaches = activity == helper.speciality != helped.speciality
    if teaches and chance() < p.teach_rate * helper.helping_inclination:
        give(helper, helped, "esteem", p.teach_load)
        model.today["teaching"] += 1
    if helped.is_newcomer and not helper.is_newcomer and chance() < welcome_chance(helper):
        give(helper, helped, "informational", p.teach_load)
        helper.welcomed += 1
        model.today["welcomes"] += 1
    if helper.ties[helped].closeness >= FRIEND and chance() < p.remind_rate * helper.empathy_now:
        helped.reminded = 1.0
        model.today["reminders"] += 1
    kind = helped.largest_need
    if helped.needs[kind] >= p.visible_need and chance() < p.notice * helper.empathy_now:
        give(helper, helped, kind, load_of_help(kind, helped))


def welcome_chance(helper: User) -> float:
    """Return the chance that a user shows a newcomer the ropes, which the norm of welcome moves."""
    model = helper.model
    chance = model.rules.support.welcome_rate * helper.helping_inclination
    return chance * (0.5 + model.norm_welcome) if model.on.living_house else chance


def ask(user: User, present: list[User]) -> None:
    """Let a user voice the largest need, if visible, to somebody present, who may or may not help."""
    model = user.model
    kind = user.largest_need
    if user.needs[kind] < model.rules.support.visible_need or len(present) < 2:
        return
    if model.random.random() >= ask_chance(user, user.needs[kind]):
        return
    model.today["asked"] += 1
    others = [other for other in present if other is not user]
    utilities = [helper_utility(user, other) for other in others]
    most = max(utilities)
    helper = model.random.choices(others, [exp(utility - most) for utility in utilities])[0]
    if model.random.random() < help_chance(helper, user):
        model.today["granted"] += 1
        give(helper, user, kind, load_of_help(kind, user))


def ask_chance(user: User, need: float) -> float:
    """Return the chance per day that a user voices a visible need."""
    p = user.model.rules.support
    odds = p.ask_base + p.ask_need * need - p.ask_stigma * user.self_stigma
    return logistic(odds + p.ask_worth * (user.self_worth - 0.5) + p.ask_hope * user.hope_above)


def helper_utility(user: User, other: User) -> float:
    """Return the utility of asking another, from trust, closeness, skill and spare capacity."""
    model, tie = user.model, user.ties[other]
    p = model.rules.support
    utility = p.choose_trust * tie.trust + model.closeness_pull_help * tie.closeness
    utility += p.choose_skill * other.listening_skill
    utility += p.choose_capacity * max(0.0, other.support_capacity - other.load)
    if tie.withdrawn and model.on.proximity_regulation:
        utility -= model.rules.encounters.withdrawn_weight
    return utility


def help_chance(helper: User, asking: User) -> float:
    """Return the chance that a user asked for help helps."""
    model = helper.model
    p = model.rules.support
    near = helper.ties[asking].closeness
    if model.on.expanding_love:
        near = max(near, helper.learned_empathy)
    odds = p.accept_base + p.accept_inclination * helper.helping_inclination + p.accept_empathy * helper.empathy_now
    odds += p.accept_closeness * near - p.accept_burden * helper.burden
    odds += p.accept_returned * has_helped(asking, helper) + p.accept_reputation * reached(asking.given)
    if model.on.living_house:
        odds += p.accept_norm * (model.norm_help - 0.5)
    return logistic(odds)
