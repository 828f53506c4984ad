"""Phase 6: who asks, who helps, and what it does to both."""

from math import exp
from typing import TYPE_CHECKING

from benchmarks.plain_mesa.agents import User
from benchmarks.plain_mesa.encounters import Encounter
from benchmarks.plain_mesa.scales import logistic
from benchmarks.plain_mesa.ties import FRIEND

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainCentre


def support(model: "PlainCentre", held: list[Encounter], present: list[User]) -> None:
    """Help along the encounters of the day, then help asked for, in the order of the day."""
    for encounter in held:
        help_in_passing(encounter.one, encounter.two, encounter.activity)
        help_in_passing(encounter.two, encounter.one, encounter.activity)
    for user in present:
        ask(user, present)


def help_in_passing(helper: User, helped: User, activity: str) -> None:
    """Teach, show a newcomer the ropes, remind a friend of medication, notice an unvoiced need."""
    model = helper.model
    p, chance = model.rules.support, model.random.random
    teaches = activity == helper.speciality != helped.speciality
    if teaches and chance() < p.teach_rate * helper.helping_inclination:
        give(helper, helped, "esteem", p.teach_load)
        model.today["teaching"] += 1
    if helped.is_newcomer and not helper.is_newcomer and chance() < p.welcome_rate * helper.helping_inclination:
        give(helper, helped, "informational", p.teach_load)
        helper.welcomed += 1
    if helper.ties[helped].closeness >= FRIEND and chance() < p.remind_rate * helper.empathy_now:
        helped.reminded = 1.0
        model.today["reminders"] += 1
    kind = largest_need(helped)
    if helped.needs[kind] >= p.visible_need and chance() < p.notice * helper.empathy_now:
        give(helper, helped, kind, load_of_help(kind, helped))


def largest_need(user: User) -> str:
    """Find the kind of the largest open need."""
    return max(user.needs, key=user.needs.__getitem__)


def load_of_help(kind: str, helped: User) -> float:
    """Give the load of one act of help."""
    p = helped.model.rules.support
    load = getattr(p, f"load_{kind}")
    return load * p.unwell_load_ratio if helped.unwell else load


def ask(user: User, present: list[User]) -> None:
    """Voice the largest need, if visible, to somebody present, who may or may not help."""
    model = user.model
    p = model.rules.support
    kind = largest_need(user)
    need = user.needs[kind]
    if need < p.visible_need or len(present) < 2:
        return
    if model.random.random() >= logistic(p.ask_base + p.ask_need * need - p.ask_stigma * user.self_stigma):
        return
    model.today["asked"] += 1
    others = [other for other in present if other is not user]
    utilities = [helper_utility(user, other) for other in others]
    most = max(utilities)
    helper = model.random.choices(others, [exp(utility - most) for utility in utilities])[0]
    if model.random.random() < help_chance(helper, user):
        give(helper, user, kind, load_of_help(kind, user))


def helper_utility(user: User, other: User) -> float:
    """Give the utility of asking another: trust, closeness, skill, spare capacity."""
    model, tie = user.model, user.ties[other]
    p = model.rules.support
    utility = p.choose_trust * tie.trust + model.closeness_pull_help * tie.closeness
    utility += p.choose_skill * other.listening_skill
    utility += p.choose_capacity * max(0.0, other.support_capacity - other.load)
    return utility - model.rules.encounters.withdrawn_weight if tie.withdrawn else utility


def help_chance(helper: User, asking: User) -> float:
    """Give the chance that one asked helps."""
    model = helper.model
    p = model.rules.support
    near = helper.ties[asking].closeness
    if model.on.expanding_love:
        near = max(near, helper.learned_empathy)
    odds = p.accept_base + p.accept_inclination * helper.helping_inclination + p.accept_empathy * helper.empathy_now
    return logistic(odds + p.accept_closeness * near - p.accept_burden * helper.burden)


def give(helper: User, helped: User, kind: str, load: float) -> None:
    """Give help once, with what it does to both."""
    model = helper.model
    p, on = model.rules.support, model.on
    tie, back = helper.ties[helped], helped.ties[helper]
    helped.needs[kind] *= 1.0 - p.effect * (p.effect_floor + (1.0 - p.effect_floor) * helper.listening_skill)
    if on.helping_empowers:
        helper.self_worth += p.helper_worth * (1.0 - helper.self_worth)
        helped.self_worth += p.helped_worth * (1.0 - helped.self_worth)
    back.trust += p.trust_gain * (1.0 - back.trust)
    helper.load += load
    helped.load += p.helped_load
    if on.expanding_love and sum(back.help.values()) > p.returned_from:
        for user in (helper, helped):
            user.learned_empathy += p.empathy_gain * (1.0 - user.learned_empathy)
    if kind == "tangible":
        helped.reminded = 1.0
    tie.help[kind] = tie.help.get(kind, 0.0) + 1.0
    helper.given += 1.0
    helped.received += 1.0
    model.today["helped"] += 1
    model.today[f"helped_{kind}"] += 1
    model.today["helped_beyond"] += tie.closeness < FRIEND
