"""Peer support workers (phase 6): people trained and paid to help, each with a caseload and boundaries."""

import math
from typing import Any

from sim.kernel import kernel
from sim.state.disclosure import (
    DISTRESS,
    ORDINARY,
    chance_of_questioning,
    depth_of_talk,
    heard_badly,
    heard_well,
    openness,
    reception_chance,
)
from sim.state.helping import TANGIBLE, burdened, helped_well, largest_need, load_of_help, share_met
from sim.state.scales import logit, reached
from sim.state.state import State
from sim.streams import WORKER, WORKER_TALK, race, uniform, unit, words


@kernel
def talks_today(w: Any, share: float) -> int:
    """Number of talks a worker has time for: floor(hours 60 / talk_minutes at_work + u), u uniform."""
    return math.floor(w.hours * 60.0 / w.talk_minutes * w.at_work + share)


@kernel
def strain_after(w: Any, p: Any, load: float) -> float:
    """Burden of a worker tomorrow, in [0, 1]: `burdened` with B0 = 0 and rest = 1.

    dose = burden_gain (1 - supervised) max(0, load - capacity)
    """
    dose = p.wellbeing_burden_gain * (1.0 - w.supervised) * max(0.0, load - w.capacity)
    return burdened(w.burden, 0.0, 1.0, dose, p)


@kernel
def workers(s: State, c: int, day: int, seed: Any) -> None:
    """Let each worker talk with as many present users of the caseload as time allows, one after the other.

    Reads, worker by worker in their order, on an opening day while at work: the number of talks (`talks_today`); the
    order of the users, by an exponential race over exp(n), n the sum of the open needs at the beginning; then talk by
    talk (`_talk_with`). Every day, open or not: the worker's burden (`strain_after`) from the load of today. Workers
    pass nothing on and form no ties: boundaries are part of the role.
    """
    centre, p, today = s.centres[c], s.p[0], s.ledger[max(day, 0), c]
    for k in range(len(s.workers)):
        w = s.workers[k]
        if w.centre != c:
            continue
        load = 0.0
        if w.at_work > 0.0 and centre.is_open == 1:
            talks = talks_today(w, uniform(seed, WORKER, 0, day, w.uid, 0))
            _line_up(s, c, k, day, seed)
            for _ in range(talks):
                seat = _next_in_line(s, c)
                if seat < 0:
                    break
                load += _talk_with(s, c, k, s.seats[centre.first_seat + seat], day, seed)
                today.worker_talks += 1.0
        w.burden = strain_after(w, p, load)


@kernel
def _line_up(s: State, c: int, k: int, day: int, seed: Any) -> None:
    """Write the arrival times of the caseload's present users into `s.draws`; infinity for all other users."""
    centre, w = s.centres[c], s.workers[k]
    for seat in range(centre.capacity):
        s.draws[seat] = math.inf
        row = s.seats[centre.first_seat + seat]
        if row >= 0 and s.users[row].worker == k + 1 and s.users[row].attends == 1:
            u = s.users[row]
            need = u.needs[0] + u.needs[1] + u.needs[2] + u.needs[3] + u.needs[4]
            s.draws[seat] = race(seed, WORKER, 1, day, w.uid, u.uid, need)


@kernel
def _next_in_line(s: State, c: int) -> int:
    """Return the seat of the next user in the queue and remove the user from it, or -1 if the queue is empty."""
    best, first = -1, math.inf
    for seat in range(s.centres[c].capacity):
        if s.draws[seat] < first:
            best, first = seat, s.draws[seat]
    if best >= 0:
        s.draws[best] = math.inf
    return best


@kernel
def _talk_with(s: State, c: int, k: int, row: int, day: int, seed: Any) -> float:
    """Let worker w talk with user u; return the load on the worker.

    Reads in this order, t the user's trust in the worker (0 before the user's first talk with any worker):

    1. h = talk_minutes / 60; talk_hours += h; [ordinary_connection] mood m += (1 - m) reached(pleasure h); t += (1 - t)
       reached(trust_ordinary h).
    2. Depth: `depth_of_talk` of `openness` with this trust, no closeness and r = 1 (the role includes telling of the
       own illness) + noise logit(u0).
    3. Unless the talk is ordinary: w questions talk of distress or illness with `chance_of_questioning`; w receives it
       well with `reception_chance`: t += (1 - t) trust_good, `heard_well`; else t *= 1 - trust_bad, `heard_badly`.
       After talk of distress or illness, load += listening_load.
    4. The largest need, if it is at least visible_need: n *= 1 - f with f = `share_met` by w; `helped_well`; t += (1 -
       t) trust_gain; load += `load_of_help`; tangible help: R = 1.
    """
    p, w, u, t = s.p[0], s.workers[k], s.users[row], s.aside[0]
    hours = w.talk_minutes / 60.0
    u.talk_hours += hours
    if p.ordinary_connection == 1:
        u.mood += (1.0 - u.mood) * reached(p.conversation_pleasure * hours)
    u.worker_trust += (1.0 - u.worker_trust) * reached(p.conversation_trust_ordinary * hours)
    w0, w1, w2, _ = words(seed, WORKER_TALK, 0, day, u.uid, w.uid)
    t.trust, t.closeness = u.worker_trust, 0.0
    ready = openness(u, t, p, True, s.centres[c].norm) + p.conversation_noise * logit(unit(w0))
    depth, load = depth_of_talk(ready, u, p), 0.0
    if depth != ORDINARY:
        questioned = depth >= DISTRESS and unit(w1) < chance_of_questioning(w, p)
        if unit(w2) < reception_chance(w, p, s.centres[c].coverage, questioned, 0.0):
            u.worker_trust += (1.0 - u.worker_trust) * p.conversation_trust_good
            heard_well(u, p, depth)
        else:
            u.worker_trust *= 1.0 - p.conversation_trust_bad
            heard_badly(u, p)
        if depth >= DISTRESS:
            load += p.conversation_listening_load
    kind = largest_need(u)
    if u.needs[kind] >= p.support_visible_need:
        met = share_met(w, u, p)
        u.needs[kind] *= 1.0 - met
        helped_well(u, p, met)
        u.worker_trust += (1.0 - u.worker_trust) * p.support_trust_gain
        load += load_of_help(kind, u, p)
        if kind == TANGIBLE:
            u.reminded = 1.0
    return load
