"""The phases of a day, in order.

The centres are independent of each other within a day; only public stigma connects them, at the day's end. Each rule
states what is simultaneous (choices read the ties of the morning) and what is sequential (conversations and help, in
the random order of the day); MODEL.md discusses it.
"""

from typing import Any, Final

from sim.kernel import kernel, phase
from sim.outcomes.ledger import record_day, role
from sim.policies.review.programme import Programme
from sim.policies.review.sequence import enter_costs, is_due, review
from sim.rules.attendance import attendance
from sim.rules.circles import circles
from sim.rules.contact import contact
from sim.rules.conversation import conversation
from sim.rules.encounters import encounters
from sim.rules.episodes import episodes
from sim.rules.forgetting import count_shared, forgetting
from sim.rules.house import staff_listen
from sim.rules.identity import identity, public_opinion
from sim.rules.proximity import proximity
from sim.rules.support import support
from sim.rules.turnover import turnover
from sim.rules.wellbeing import loneliness_target, look_at_ties, wellbeing
from sim.rules.workers import workers
from sim.scenario.schema.parameters import PHASES
from sim.state.columns import LEFT, PRESENT
from sim.state.state import State

LAST_YEAR: Final = 365
"""Days before day 0 in which users come and go while a centre settles. Users who stay longer match Table 2 (whose
participants had been in the centre for 12 months or more); all others are the newcomers of a year."""

WHOLE: Final = len(PHASES)
"""Number of phases of a day. The rule of each phase has its name; workers belong to phase 6."""


@phase
def one_day(s: State, c: int, day: int, weekday: int, seed: Any, first: int, last: int, count: int) -> int:
    """Run one day in a centre, or parts `first` to `last` of it (`PHASES`, counted from 1).

    Encounters, conversation and support share the number of encounters and the scratch arrays: a day that goes on with
    part 5 or 6 needs both as the part before left them.

    Parameters
    ----------
    count : int
        Number of today's encounters; 0 when `first` is at most 4.

    Returns
    -------
    int
        Number of today's encounters.
    """
    if first <= 1 and day < 0:  # settling is not recorded, but the norms read today's talk and help
        today = s.ledger[0, c]
        today.talks, today.deep_talks, today.asked, today.granted = 0.0, 0.0, 0.0, 0.0
        today.welcomes, today.newcomers_met = 0.0, 0.0
    if first <= 1 and day >= -LAST_YEAR:
        turnover(s, c, day, seed)  # 1. leavers, arrivals
    if first <= 2 <= last:
        episodes(s, c, day, seed)  # 2. well or unwell, needs
    if first <= 3 <= last:
        attendance(s, c, day, seed)  # 3. who comes
    if s.centres[c].is_open == 1:
        if first <= 4 <= last:
            count = encounters(s, c, day, weekday, seed)  # 4. who sits with whom
            count = circles(s, c, count, day, weekday, seed)  # and disclosure circles, if any
        if first <= 5 <= last:
            conversation(s, c, count, day, seed)  # 5. what users say
        if first <= 6 <= last:
            support(s, c, count, day, seed)  # 6. who helps
    if first <= 7 <= last:
        workers(s, c, day, seed)  # and peer support workers, if any
        staff_listen(s, c, day, seed)  # and staff
    if first <= 8 <= last:
        proximity(s, c, day, seed)  # 7. too near, too far
    if first <= 9 <= last:
        contact(s, c, day, seed)  # 8. by phone, every day of the week
    if first <= 10 <= last:
        wellbeing(s, c, day, seed)  # 9. loneliness, burden, mood
    if first <= 11 <= last:
        identity(s, c, day, seed)  # 10. belonging and stigma
    if first <= 12 <= last:
        forgetting(s, c, day)  # 11. what fades
    if first <= 13 <= last:
        record_day(s, c, day)  # 12. the record of the day
    return count


@kernel
def run_days(s: State, q: Programme, first: int, last: int, first_weekday: int, seed: Any) -> int:
    """Run days first to last - 1 with the reviews of policies; return the first day that has not run.

    The function stops early if a centre could run out of newcomers, or if the records of a review have no room; the
    caller then samples more or makes room and calls again. A review that the caller has held is not held again.

    Parameters
    ----------
    s : State
    q : Programme
        The policies; `NO_PROGRAMME` without any.
    first, last : int
        Days; the days of settling are negative.
    first_weekday : int
        0 (Monday) to 6, the weekday of day 0.
    seed : uint64
    """
    origin = s.ledger.shape[0] - s.open.shape[0]
    for day in range(first, last):
        if is_due(q.uses, q.clock[0], day):
            if q.clock[0].kept + q.clock[0].a_review > len(q.kept):
                return day
            review(s, q, day, seed, -1, len(q.uses) + 1)
        for c in range(len(s.centres)):
            if s.centres[c].queue < s.centres[c].vacant:
                return day
        present = 0
        for c in range(len(s.centres)):
            s.centres[c].is_open = s.open[day - origin, c]
            one_day(s, c, day, (first_weekday + day) % 7, seed, 1, WHOLE, 0)
            present += s.centres[c].capacity - s.centres[c].vacant
        public_opinion(s, present)
        if day >= 0:
            enter_costs(s.ledger, q.houses, day)
    return last


@kernel
def begin(s: State, first_row: int) -> None:
    """Set the loneliness of users from row `first_row` on, enrolled or queueing, according to their ties."""
    p = s.p[0]
    for row in range(first_row, len(s.users)):
        u = s.users[row]
        if u.status != LEFT:
            number = look_at_ties(s, u.centre, u.seat, -1) if u.status == PRESENT else 0.0
            u.loneliness = loneliness_target(u, p, number)
            enter(u)


@kernel
def lonely_gaps(s: State, c: int, gaps: Any) -> None:
    """Write how far the loneliness of each user of a centre is above its target, by seat."""
    for seat in range(s.centres[c].capacity):
        row = s.seats[s.centres[c].first_seat + seat]
        if row >= 0:
            number = look_at_ties(s, c, seat, -1)
            gaps[seat] = s.users[row].loneliness - loneliness_target(s.users[row], s.p[0], number)


@kernel
def begin_again(s: State, c: int, gaps: Any) -> None:
    """Read the ties of a centre anew, and set loneliness as far above its target as `gaps` say, within [0, 1]."""
    for seat in range(s.centres[c].capacity):
        row = s.seats[s.centres[c].first_seat + seat]
        if row >= 0:
            number = look_at_ties(s, c, seat, -1)
            target = loneliness_target(s.users[row], s.p[0], number)
            s.users[row].loneliness = min(1.0, max(0.0, target + gaps[seat]))
    if s.p[0].shared_friends == 1:
        count_shared(s, c)


@kernel
def enter(u: Any) -> None:
    """Record a user's values at entry, for measures of change since then."""
    u.loneliness_at_entry = u.loneliness
    u.burden_at_entry = u.burden
    u.identity_at_entry = u.identity
    u.friends_at_entry = u.friends


@kernel
def settled(s: State) -> None:
    """Reset the records of all enrolled users, after settling."""
    for tie in range(len(s.ties)):
        s.ties[tie].last_contact = -1
    for row in range(len(s.users)):
        u = s.users[row]
        u.first_friend = 0.0 if u.status == PRESENT and u.friends > 0 else -1.0
        u.first_confidant = 0.0 if u.status == PRESENT and u.confidants > 0 else -1.0
        if u.status == PRESENT:
            enter(u)
            u.role_at_entry = role(u.given, u.received, s.p[0].support_memory_days / 30.0)
            u.open_days = 0
            u.days_attended = 0
            if u.years_in_centre == 0.0:  # enrolled while settling, and older by now
                u.years_in_centre = -u.arrived / 365.25
                u.age += u.years_in_centre
                u.years_ill += u.years_in_centre
