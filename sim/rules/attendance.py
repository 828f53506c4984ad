"""Phase 3: who comes."""

from typing import Any

from sim.kernel import kernel
from sim.state.scales import logistic, logit, staffed
from sim.state.state import State
from sim.streams import ATTENDANCE, uniform


@kernel
def attendance_chance(u: Any, p: Any, coverage: float) -> float:
    """Chance that the user comes on an opening day, in (0, 1).

    logit P = logit(base_share) + mood_slope (m - 1/2) + identity_slope (I - 1/2) + habit_slope (h - base_share)
              - burden_slope (B - 1/4) - unwell_penalty [unwell] - work_penalty [part-time or voluntary work]
              + noticed K [missed >= noticed_after] + outreach [missed >= outreach_after]

    m mood, I group identity, h habit, B burden; missed: opening days missed in a row before today. "I like to relax at
    home when I'm not feeling well" (P2, section 3.2.1). base_share (3 of 5 days) and the slopes are assumed. K
    (`staffed`): staff notice who is absent. outreach: 0 without a policy.
    """
    x = logit(p.attendance_base_share)
    x += p.attendance_mood_slope * (u.mood - 0.5) + p.attendance_identity_slope * (u.identity - 0.5)
    x += p.attendance_habit_slope * (u.habit - p.attendance_base_share) - p.attendance_burden_slope * (u.burden - 0.25)
    if u.unwell == 1:
        x -= p.attendance_unwell_penalty
    if u.occupation == 1:
        x -= p.attendance_work_penalty
    if u.missed >= p.attendance_noticed_after:
        x += p.attendance_noticed * coverage
    if u.outreach > 0.0 and u.missed >= u.outreach_after:
        x += u.outreach
    return logistic(x)


@kernel
def attendance(s: State, c: int, day: int, seed: Any) -> None:
    """Draw who comes today, and update habits.

    Reads, for each user in this order:

    1. The tallies of the day become 0. On a day when the centre is closed, nothing else happens.
    2. The user comes with `attendance_chance`, of this morning's states.
    3. Days missed in a row become 0, or grow by 1; open days and days attended are counted; habit h += (came - h) /
       habit_days.
    """
    centre, p, today = s.centres[c], s.p[0], s.ledger[max(day, 0), c]
    for seat in range(centre.capacity):
        row = s.seats[centre.first_seat + seat]
        if row < 0:
            continue
        u = s.users[row]
        u.attends = 0
        u.talk_hours = 0.0
        u.phone_hours = 0.0
        u.partners = 0
        u.turns = 0
        u.doing = 0
        u.helping = 0
        u.load = 0.0
        u.demand = 0.0
        u.conflicts = 0
        u.welcomed = 0
        if centre.is_open == 0:
            continue
        if uniform(seed, ATTENDANCE, 0, day, u.uid, 0) < attendance_chance(u, p, staffed(centre, p)):
            u.attends = 1
            u.days_attended += 1
            today.attended += 1.0
            if day - u.arrived < p.episodes_newcomer_days:
                today.newcomers_met += 1.0
        u.missed = 0 if u.attends == 1 else u.missed + 1
        u.open_days += 1
        u.habit += (u.attends - u.habit) / p.attendance_habit_days
