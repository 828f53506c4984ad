"""Phase 4, disclosure circles: small facilitated groups that a policy sets up."""

from typing import Any

from sim.kernel import kernel
from sim.state.state import State, sort, user_at
from sim.streams import CIRCLE_SEATING, uniform

MOST_SESSIONS = 64
"""Larger than the number of sessions on any day; in the draws, talks in disclosure circles are numbered from here."""


@kernel
def circles(s: State, c: int, count: int, day: int, weekday: int, seed: Any) -> int:
    """Add the talks of the disclosure circles that meet today to the encounters; return the number of encounters.

    Reads, in this order, circle by circle: which members are present, then their places; it changes no state. Circles
    do not meet while settling; they meet on the circle's weekday when floor(day / 7) mod every = 0. A uniform draw puts
    the M members present in order; of G = max(1, ceil(M / group_size)) circles, number g holds places floor(g M / G) to
    floor((g + 1) M / G) - 1. Each member speaks to the next, and the last to the first, for `minutes`; a circle of two
    has one talk, and a circle of one has none. How fully the circle works for the two in a talk is the mean of their
    circle_share. These talks do not count in n_i.
    """
    centre, n = s.centres[c], 0
    for seat in range(centre.capacity):
        row = s.seats[centre.first_seat + seat]
        if row >= 0 and s.users[row].attends == 1:
            n += 1
    for k in range(len(s.circles)):
        held = s.circles[k]
        if held.centre != c or held.weekday != weekday or day < 0 or (day // 7) % held.every != 0:
            continue
        members = 0
        for a in range(n):
            u = user_at(s, c, a)
            if u.circle == k + 1 and u.circle_share > 0.0:
                s.group[members] = a
                s.noise[members] = uniform(seed, CIRCLE_SEATING, held.code, day, u.uid, 0)
                members += 1
        sort(s.noise, s.group, members)
        number = max(1, (members + held.group_size - 1) // held.group_size)
        for g in range(number):
            first, last = g * members // number, (g + 1) * members // number
            talks = last - first if last - first > 2 else last - first - 1
            for b in range(talks):
                one, two = s.group[first + b], s.group[first + (b + 1) % (last - first)]
                u, v = user_at(s, c, one), user_at(s, c, two)
                meeting = s.meetings[count]
                meeting.i = s.seats[centre.first_seat + s.order[one]]
                meeting.j = s.seats[centre.first_seat + s.order[two]]
                meeting.third = -1
                meeting.session = MOST_SESSIONS + k
                meeting.activity = -1
                meeting.doing = 0
                meeting.circle = 0.5 * (u.circle_share + v.circle_share)
                meeting.hours = held.minutes / 60.0
                count += 1
    return count
