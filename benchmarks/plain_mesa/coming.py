"""Phases 1 to 3: turnover, episodes and needs, attendance."""

from math import exp

from benchmarks.plain_mesa.agents import Centre, User
from benchmarks.plain_mesa.people import newcomer
from benchmarks.plain_mesa.scales import logistic, logit, reached
from benchmarks.plain_mesa.tie import DAYS_PER_YEAR, NEEDS
from benchmarks.plain_mesa.ties import introduce
from benchmarks.plain_mesa.wellbeing import feel_first_loneliness


def turnover(model: Centre) -> None:
    """Fill the seats that were empty this morning, then let leavers go."""
    if model.is_open:
        chance = reached(1.0 / model.rules.turnover.vacancy_days)
        for _ in range(model.house.users - len(model.agents)):
            if model.random.random() < chance:
                enrol(model)
    for user in list(model.agents):
        if model.random.random() < reached(leaving_hazard(user)):
            leave(user)


def enrol(model: Centre) -> User:
    """Enrol a newcomer, who has no ties yet."""
    others = list(model.agents)
    user = User(model, model.day, newcomer(model.scenario_given.users, model.rng))
    for other in others:
        introduce(model, user, other)
    feel_first_loneliness(user)
    model.today["arrivals"] += 1
    return user


def leave(user: User) -> None:
    """Let a user go; ties end on both sides."""
    for other in user.ties:
        del other.ties[user]
    user.ties.clear()
    user.model.today["leavers"] += 1
    user.remove()


def leaving_hazard(user: User) -> float:
    """Return the hazard of leaving per day; nobody leaves on the day of enrolment."""
    if user.arrived == user.model.day:
        return 0.0
    p = user.model.rules.turnover
    hazard = p.leaving_rate / DAYS_PER_YEAR * exp(-p.identity_slope * (user.identity - 0.5))
    if user.model.day - user.arrived < DAYS_PER_YEAR:
        hazard *= p.newcomer_ratio
    return hazard * p.unwell_ratio if user.unwell else hazard


def relapse_hazard(user: User) -> float:
    """Return the hazard of an unwell episode per day."""
    p = user.model.rules.episodes
    hazard = getattr(p, f"relapse_{user.diagnosis}") / DAYS_PER_YEAR * exp(p.burden_slope * user.burden)
    if user.model.on.adaptation_with_peers:
        hazard *= 1.0 - p.reminder_protection * user.reminded
    return hazard


def trouble_hazard(user: User) -> float:
    """Return the hazard of trouble at home per day, which family support lowers."""
    return 2.0 * (1.0 - user.family_support) * user.model.rules.episodes.trouble_rate / DAYS_PER_YEAR


def episodes(user: User) -> None:
    """Switch between well and unwell; let old trouble and needs fade, and new trouble and needs arise."""
    model, p, chance = user.model, user.model.rules.episodes, user.model.random.random
    if user.unwell:
        user.unwell = chance() >= reached(1.0 / p.episode_days)
    elif chance() < reached(relapse_hazard(user)):
        user.unwell = True
        model.today["relapses"] += 1
    user.reminded -= user.reminded / p.reminder_days
    user.trouble -= user.trouble / p.trouble_days
    if chance() < reached(trouble_hazard(user)):
        user.trouble += p.trouble_size * (1.0 - user.trouble)
    is_newcomer = user.is_newcomer
    for kind in NEEDS:
        need = user.needs[kind] * (1.0 - 1.0 / p.need_fade_days)
        if chance() < reached(need_rate(user, kind, is_newcomer)):
            need += p.need_size * (1.0 - need)
            model.today["needs_arisen"] += 1
        user.needs[kind] = need


def need_rate(user: User, kind: str, is_newcomer: bool) -> float:
    """Return how often a need of this kind arises per day."""
    p = user.model.rules.episodes
    rate = getattr(p, f"need_{kind}") / 7.0
    if user.unwell:
        rate *= p.unwell_need_ratio
    if is_newcomer and kind == "informational":
        rate *= p.newcomer_need_ratio
    return rate


def attendance(user: User) -> None:
    """Draw whether a user comes today, and move the habit accordingly."""
    model, p = user.model, user.model.rules.attendance
    odds = logit(p.base_share) + p.mood_slope * (user.mood - 0.5) + p.identity_slope * (user.identity - 0.5)
    odds += p.habit_slope * (user.habit - p.base_share) - p.burden_slope * (user.burden - 0.25)
    odds -= p.unwell_penalty * user.unwell + p.work_penalty * user.works
    if user.missed >= p.noticed_after:
        odds += p.noticed * model.staffed
    user.attends = model.random.random() < logistic(odds)
    user.missed = 0 if user.attends else user.missed + 1
    user.habit += (user.attends - user.habit) / p.habit_days
    model.today["attended"] += user.attends
    model.today["newcomers_met"] += user.attends and user.is_newcomer
