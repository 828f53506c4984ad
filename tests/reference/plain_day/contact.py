"""Phase 8: calls, outreach by peers, and the evening group."""

import math
from dataclasses import dataclass

from .chance import best
from .scales import reached, unwanted
from .world import House, Person


@dataclass
class Call:
    """A wish of two users to be in touch, in hours."""

    i: Person
    j: Person
    hours: float


def contact(house: House) -> None:
    """Put confidants in touch, then let peers reach out, then hold the out-of-hours group."""
    for call in _fitting(house, [call for pair in house.pairs for call in _wished(house, *pair)]):
        _call(house, call)
    if house.is_open:
        for one in house.users:
            _reach_out(house, one)
    _spend_the_evening(house)


def _wished(house: House, i: Person, j: Person) -> list[Call]:
    rules, tie, back = house.rules.contact, house.tie(i, j), house.tie(j, i)
    c, c0 = min(tie.closeness, back.closeness), rules.closeness_from
    if c < c0 or tie.withdrawn or back.withdrawn:
        return []
    u = house.draw("PHONE", min(i.uid, j.uid), max(i.uid, j.uid))
    if u[0] >= rules.daily_rate * (1 + (c - c0) / (1 - c0)) * (1 - max(i.quiet, j.quiet)):
        return []
    x = rules.minutes * math.exp(rules.minutes_slope * (c - c0))
    return [Call(i, j, min(-x * math.log(u[1]), rules.longest) / 60)]


def _fitting(house: House, calls: list[Call]) -> list[Call]:
    """Cut calls to the time that the day of both has left."""
    wished: dict[int, float] = {}
    for call in calls:
        for one in (call.i, call.j):
            wished[one.uid] = wished.get(one.uid, 0.0) + call.hours
    fits = {
        one.uid: min(1, max(0, 24 - one.talk_hours - one.phone_hours) / wished[one.uid])
        for one in house.users
        if wished.get(one.uid, 0.0) > 0
    }
    cut = [Call(c.i, c.j, c.hours * min(fits[c.i.uid], fits[c.j.uid])) for c in calls if c.hours > 0]
    return [call for call in cut if call.hours > 0]


def _call(house: House, call: Call) -> None:
    i, j, h = call.i, call.j, call.hours
    if house.on.proximity_regulation and house.tie(i, j).met == 0:
        i.demand += unwanted(house, i, j)
        j.demand += unwanted(house, j, i)
    _pass_time(house, i, j, h)
    _pass_time(house, j, i, h)
    felt = house.tie(i, j).closeness - house.tie(j, i).closeness
    i.load += house.rules.contact.hour_load * h * (1 if felt < 0 else 0.5 if felt == 0 else 0)
    j.load += house.rules.contact.hour_load * h * (1 if felt > 0 else 0.5 if felt == 0 else 0)
    house.counts["contacts"] += 1
    house.counts["contact_hours"] += h


def _reach_out(house: House, i: Person) -> None:
    rules = house.rules.contact
    if i.missed < i.outreach_after or i.outreach_by_peers == 0:
        return
    j = best(
        (house.tie(x, i).closeness, x)
        for x in house.users
        if x is not i and house.tie(x, i).closeness > 0 and not house.tie(x, i).withdrawn
    )
    if j is None:
        return
    room = max(0, 24 - max(i.phone_hours, j.talk_hours + j.phone_hours))
    h = i.outreach_by_peers * min(rules.minutes / 60, room)
    if h > 0:
        _pass_time(house, i, j, h)
        _pass_time(house, j, i, h)
        j.load += rules.hour_load * h


def _spend_the_evening(house: House) -> None:
    there = [one for one in house.users if not one.unwell and house.draw("EVENING", one.uid)[0] < one.evenings]
    shared = [
        Call(i, j, min(i.evening_hours, j.evening_hours) / (len(there) - 1))
        for place, i in enumerate(there)
        for j in there[place + 1 :]
    ]
    for call in _fitting(house, shared):
        _pass_time(house, call.i, call.j, call.hours)
        _pass_time(house, call.j, call.i, call.hours)


def _pass_time(house: House, one: Person, other: Person, h: float) -> None:
    rules, talk, tie = house.rules.contact, house.rules.conversation, house.tie(one, other)
    one.needs[0] *= 1 - reached(rules.relief * h)
    one.phone_hours += h
    if house.on.ordinary_connection:
        one.mood += (1 - one.mood) * reached(talk.pleasure * h)
        tie.today += rules.hour_weight * h
    tie.trust += (1 - tie.trust) * reached(talk.trust_ordinary * h)
    tie.met += h
    tie.last_contact = house.day
