"""Phase 6, peer support workers; and staff, who take time for those in need."""

import math
from typing import Any

from .chance import arrival
from .giving import burdened, helped_well, largest_need, load_of_help, share_met
from .saying import (
    DISTRESS,
    ORDINARY,
    chance_of_questioning,
    depth_of_talk,
    heard_badly,
    heard_well,
    openness,
    reception_chance,
)
from .scales import logit, reached, staffed
from .support import TANGIBLE
from .world import House, Person


def workers(house: House) -> None:
    """Let each worker talk with as many users of the caseload as time allows."""
    for number, w in enumerate(house.world.workers):
        if w.centre != house.number:
            continue
        load = 0.0
        if house.is_open and w.at_work > 0:
            for one in _line_up(house, number, w)[: _talks_today(house, w)]:
                load += _talk_with(house, w, one)
        dose = house.rules.wellbeing.burden_gain * (1 - w.supervised) * max(0, load - w.capacity)
        w.burden = burdened(house, w.burden, 0.0, 1.0, dose)


def _talks_today(house: House, w: Any) -> int:
    return math.floor(w.hours * 60 / w.talk_minutes * w.at_work + house.draw("WORKER", w.uid)[0])


def _line_up(house: House, number: int, w: Any) -> list[Person]:
    caseload = [one for one in house.order if one.worker == number + 1]
    return sorted(caseload, key=lambda one: arrival(house.draw("WORKER", w.uid, one.uid, slot=1)[0], sum(one.needs)))


def _talk_with(house: House, w: Any, u: Person) -> float:
    """Hold a talk; return the load on the worker."""
    talk, hours = house.rules.conversation, w.talk_minutes / 60
    house.counts["worker_talks"] += 1
    u.talk_hours += hours
    if house.on.ordinary_connection:
        u.mood += (1 - u.mood) * reached(talk.pleasure * hours)
    u.worker_trust += (1 - u.worker_trust) * reached(talk.trust_ordinary * hours)
    drawn = house.draw("WORKER_TALK", u.uid, w.uid)
    ready = openness(house, u, u.worker_trust, 0.0, r=True) + talk.noise * logit(drawn[0])
    depth = depth_of_talk(house, u, ready)
    if depth != ORDINARY:
        _listen(house, w, u, depth, drawn)
    return (talk.listening_load if depth >= DISTRESS else 0.0) + _help(house, w, u)


def _listen(house: House, w: Any, u: Person, depth: int, drawn: tuple[float, ...]) -> None:
    talk = house.rules.conversation
    questioned = depth >= DISTRESS and drawn[1] < chance_of_questioning(house, w)
    if drawn[2] < reception_chance(house, w, questioned):
        u.worker_trust += (1 - u.worker_trust) * talk.trust_good
        heard_well(house, u, depth)
    else:
        u.worker_trust *= 1 - talk.trust_bad
        heard_badly(house, u)


def _help(house: House, w: Any, u: Person) -> float:
    rules, kind = house.rules.support, largest_need(u)
    if u.needs[kind] < rules.visible_need:
        return 0.0
    met = share_met(house, w, u)
    u.needs[kind] *= 1 - met
    helped_well(house, u, met)
    u.worker_trust += (1 - u.worker_trust) * rules.trust_gain
    if kind == TANGIBLE:
        u.reminded = 1.0
    return load_of_help(house, kind, u)


def staff_listen(house: House) -> None:
    """Let staff take time for users present and in need."""
    rules = house.rules.support
    for one in house.users:
        kind = largest_need(one)
        in_need = one.attends and one.needs[kind] >= rules.visible_need
        if in_need and house.draw("STAFF_TALK", one.uid)[0] < rules.staff_talk * staffed(house):
            one.needs[kind] *= 1 - rules.staff_effect
            house.counts["staff_talks"] += 1
