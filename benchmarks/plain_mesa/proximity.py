"""Phases 7 and 8: too near and too far, and contact out of hours."""

from math import exp
from typing import TYPE_CHECKING

from benchmarks.plain_mesa.agents import User
from benchmarks.plain_mesa.scales import reached
from benchmarks.plain_mesa.ties import FRIEND, unwanted, wanted

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainCentre


def proximity(user: User) -> None:
    """Withdraw from ties that are too near, turn back later, and feel unwanted demand.

    One who has withdrawn before today spoils the mood of a friend.
    """
    model = user.model
    p, chance, today = model.rules.proximity, model.random.random, model.today
    turning_back = reached(p.return_rate)
    for other, tie in user.ties.items():
        if tie.withdrawn:
            if other.ties[user].closeness >= FRIEND:
                other.mood *= 1.0 - p.rebuff
            if chance() < turning_back:
                tie.withdrawn = False
                today["returns"] += 1
        else:
            nearest = max(tie.closeness, other.ties[user].closeness)
            overreach = nearest - wanted(user, tie) - p.band
            if overreach > 0.0 and chance() < reached(p.withdraw_rate * overreach):
                tie.withdrawn = True
                tie.withdrawals += 1
                today["withdrawals"] += 1
        if tie.met > 0.0:
            user.demand += unwanted(user, other)


def cool(user: User) -> None:
    """Let closeness cool where a user has withdrawn, and the other lose trust."""
    p = user.model.rules.proximity
    for other, tie in user.ties.items():
        if tie.withdrawn:
            other.ties[user].trust *= 1.0 - p.rebuff
            tie.closeness *= 1.0 - p.cooling_rate


def contact(model: "PlainCentre") -> None:
    """Let those who are near be in touch by phone, every day of the week."""
    p, chance = model.rules.contact, model.random
    users = list(model.agents)
    for place, user in enumerate(users):
        for other in users[place + 1 :]:
            tie, back = user.ties[other], other.ties[user]
            near = min(tie.closeness, back.closeness)
            if near < p.closeness_from or tie.withdrawn or back.withdrawn:
                continue
            if chance.random() < contact_chance(model, near):
                mean = p.minutes * exp(p.minutes_slope * (near - p.closeness_from))
                minutes = min(p.longest, chance.expovariate(1.0) * mean)
                left = 24.0 - max(one.talk_hours + one.phone_hours for one in (user, other))
                _be_in_touch(user, other, min(minutes / 60.0, max(0.0, left)))


def contact_chance(model: "PlainCentre", near: float) -> float:
    """Give the chance a day that two are in touch."""
    p = model.rules.contact
    if p.closeness_from >= 1.0:
        return p.daily_rate
    return p.daily_rate * (1.0 + (near - p.closeness_from) / (1.0 - p.closeness_from))


def _be_in_touch(one: User, two: User, hours: float) -> None:
    """Count a contact on both sides; the one less close carries its load, two equally close share it."""
    model = one.model
    load = model.rules.contact.hour_load * hours
    near, back = one.ties[two].closeness, two.ties[one].closeness
    share = 0.5 if near == back else float(near < back)
    one.load += share * load
    two.load += (1.0 - share) * load
    _feel_contact(one, two, hours)
    _feel_contact(two, one, hours)
    model.today["contacts"] += 1
    model.today["contact_hours"] += hours


def _feel_contact(user: User, other: User, hours: float) -> None:
    """Let a contact do to one of the two what it does."""
    model, tie = user.model, user.ties[other]
    p, p_talk = model.rules.contact, model.rules.conversation
    if model.on.proximity_regulation and tie.met == 0.0:  # else it has been felt at the centre already
        user.demand += unwanted(user, other)
    tie.trust += (1.0 - tie.trust) * reached(p_talk.trust_ordinary * hours)
    tie.met += hours
    tie.hours += hours
    tie.last_contact = model.day
    user.phone_hours += hours
    user.needs["emotional"] *= 1.0 - reached(p.relief * hours)
    if model.on.ordinary_connection:
        tie.today += p.hour_weight * hours
        user.mood += (1.0 - user.mood) * reached(p_talk.pleasure * hours)
