"""Phase 8: contact out of hours, every day of the week."""

from collections import Counter
from dataclasses import dataclass
from math import exp

from benchmarks.plain_mesa.agents import Centre, User
from benchmarks.plain_mesa.scales import reached
from benchmarks.plain_mesa.ties import touch, unwanted


@dataclass(slots=True)
class Call:
    """A phone call that two users wish for, and its hours."""

    one: User
    two: User
    hours: float


def contact(model: Centre) -> None:
    """Let close users call each other; calls are shortened where a user's day has too few hours."""
    calls = _wishes(model)
    wished: Counter[User] = Counter()
    for call in calls:
        wished[call.one] += call.hours
        wished[call.two] += call.hours
    fits = {user: min(1.0, max(0.0, 24.0 - user.talk_hours) / hours) for user, hours in wished.items() if hours}
    for call in calls:
        hours = call.hours * min(fits.get(call.one, 0.0), fits.get(call.two, 0.0))
        if hours > 0.0:
            _be_in_touch(call.one, call.two, hours)


def _wishes(model: Centre) -> list[Call]:
    """Draw the calls that pairs of users wish for today."""
    p, chance = model.rules.contact, model.random
    users, calls = list(model.agents), []
    for place, user in enumerate(users):
        for other in users[place + 1 :]:
            tie, back = user.ties[other], other.ties[user]
            near = min(tie.closeness, back.closeness)
            if near < p.closeness_from or tie.withdrawn or back.withdrawn:
                continue
            if chance.random() < contact_chance(model, near):
                mean = p.minutes * exp(p.minutes_slope * (near - p.closeness_from))
                calls.append(Call(user, other, min(p.longest, chance.expovariate(1.0) * mean) / 60.0))
    return calls


def contact_chance(model: Centre, near: float) -> float:
    """Return the chance per day that two users call each other; `near` is the smaller closeness."""
    p = model.rules.contact
    if p.closeness_from >= 1.0:
        return p.daily_rate
    return p.daily_rate * (1.0 + (near - p.closeness_from) / (1.0 - p.closeness_from))


def _be_in_touch(one: User, two: User, hours: float) -> None:
    """Apply a call to both users. The less close user carries its load; equally close users share the load."""
    model = one.model
    for user, other in ((one, two), (two, one)):
        if model.on.proximity_regulation and user.ties[other].met == 0.0:  # else phase 7 has counted the demand
            user.demand += unwanted(user, other)
    pass_time(one, two, hours)
    pass_time(two, one, hours)
    load = model.rules.contact.hour_load * hours
    near, back = one.ties[two].closeness, two.ties[one].closeness
    share = 0.5 if near == back else float(near < back)
    one.load += share * load
    two.load += (1.0 - share) * load
    model.today["contacts"] += 1
    model.today["contact_hours"] += hours


def pass_time(user: User, other: User, hours: float) -> None:
    """Apply a call to one of its two users."""
    model, tie = user.model, user.ties[other]
    p, p_talk = model.rules.contact, model.rules.conversation
    user.needs["emotional"] *= 1.0 - reached(p.relief * hours)
    user.phone_hours += hours
    if model.on.ordinary_connection:
        user.mood += (1.0 - user.mood) * reached(p_talk.pleasure * hours)
        tie.today += p.hour_weight * hours
    tie.trust += (1.0 - tie.trust) * reached(p_talk.trust_ordinary * hours)
    touch(tie, hours, model.day)
