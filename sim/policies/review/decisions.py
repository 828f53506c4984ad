"""Decisions of a review, compiled: which policies are in force, who takes part, and what staff hours each policy gets."""

import math
from typing import Any

from sim.kernel import kernel
from sim.policies.review.conditions import compute, holds_in
from sim.policies.review.programme import EVERY, Programme
from sim.state.columns import PRESENT
from sim.state.state import State
from sim.streams import UPTAKE, uniform


@kernel
def concerns(use: Any, day: int) -> bool:
    """Return whether a review on this day concerns a use: every week, and on the use's own dates."""
    return day % EVERY == 0 or day in (use.start, use.end, use.faded) or use.decided < 0


@kernel
def _in_force(one: Any) -> Any:
    return one.has == 1 and not math.isnan(one.since) and math.isnan(one.ended)


@kernel
def _passed(days: float, whole: float) -> float:
    """Return the share of a period that has passed; 1 if the period has no length."""
    return min(1.0, max(0.0, days / whole)) if whole > 0 else 1.0


@kernel
def _level(use: Any, one: Any, day: int) -> Any:
    """Return the level of a use in a centre, in [0, 1]: it rises over `ramp` and falls over `fade`."""
    if one.has == 0 or math.isnan(one.since):
        return 0.0
    if math.isnan(one.ended):
        return _passed(day - one.since, use.ramp)
    return _passed(one.ended - one.since, use.ramp) * (1.0 - _passed(day - one.ended, use.fade))


@kernel
def look_around(users: Any, centres: Any, houses: Any, present: Any) -> None:
    """List the users enrolled in each centre, by row."""
    for c in range(len(centres)):
        houses[c].here = 0
    for row in range(len(users)):
        if users[row].status == PRESENT:
            c = users[row].centre
            present[centres[c].first_seat + houses[c].here] = row
            houses[c].here += 1


@kernel
def _days_held(since: float, day: int) -> float:
    """Return how long a condition has held; -1 where it does not hold."""
    return -1.0 if math.isnan(since) else day - since


@kernel
def come_and_go(s: State, q: Programme, k: int, c: int, day: int) -> None:
    """Start or end a use in a centre that has it, by its dates and conditions."""
    use, one = q.uses[k], q.standing[k, c]
    is_within = use.start <= day < use.end
    force = _in_force(one)
    starts, ends = not force and is_within, force and not is_within
    if use.when >= 0:
        when = q.conditions[use.when]
        holds = holds_in(s, q, when, c, day)
        one.held = math.nan if not holds else float(day) if math.isnan(one.held) else one.held
        is_rested = math.isnan(one.ended) or day - one.ended >= use.cooldown
        starts = starts and _days_held(one.held, day) >= when.lasting and is_rested
        if use.until < 0:
            ends = ends or (force and not holds)
        else:
            until = q.conditions[use.until]
            is_over = holds_in(s, q, until, c, day)
            one.held_until = math.nan if not is_over else float(day) if math.isnan(one.held_until) else one.held_until
            ends = ends or (force and _days_held(one.held_until, day) >= until.lasting)
    if starts:
        one.since = day - _level(use, one, day) * use.ramp  # a restart continues from the remaining level
        one.ended = math.nan
        if not math.isnan(one.held_until):
            one.held_until = float(day)  # `until` counts from the start
    if ends:
        one.ended = float(day)


@kernel
def decide(s: State, q: Programme, k: int, c: int, day: int, seed: Any) -> None:
    """Decide the level of a use in a centre, who is eligible, and who takes part.

    After the policy's end, nobody new takes part in what remains.
    """
    use, one = q.uses[k], q.standing[k, c]
    one.level = _level(use, one, day)
    force = _in_force(one)
    one.force, one.eligible, one.joining = int(force), 0, 0
    number = q.houses[c].here
    if force:
        eligible = q.conditions[use.eligible]
        compute(s, q, eligible.first, eligible.last, c, number, day)
    for place in range(number):
        row = q.present[s.centres[c].first_seat + place]
        part = q.parts[k, row]
        joins = False
        if force:
            if q.values[place] != 0.0:
                one.eligible += 1
                joins = uniform(seed, UPTAKE, use.code, 0, s.users[row].uid, 0) < use.uptake
            if use.once_begun == 1:
                joins = joins or part.begun == 1
                part.begun = int(joins)
        elif one.level > 0.0:
            joins = part.joins == 1
        part.joins = int(joins)
        one.joining += part.joins


@kernel
def _supply(uses: Any, standing: Any, c: int, hours: float) -> float:
    """Return the staff hours a week of a centre, with those that policies add at their level."""
    for k in range(len(uses)):
        one = standing[k, c]
        hours += one.level * one.force * uses[k].intensity * one.added
    return hours


@kernel
def _share_out(uses: Any, standing: Any, c: int, hours: float) -> None:
    """Grant each use in force a share of the hours it wants: lowest priority number first, equal ones pro rata."""
    left, first = _supply(uses, standing, c, hours), 0
    while first < len(uses):  # the uses are in the order of their priority
        last, total = first, 0.0
        while last < len(uses) and uses[last].priority == uses[first].priority:
            total += standing[last, c].wanted
            last += 1
        share = left / total if total > left else 1.0
        for k in range(first, last):
            one = standing[k, c]
            if one.force == 1:
                one.share = share if one.wanted > 0.0 else 1.0
        left -= min(total, left)
        first = last


@kernel
def serve(uses: Any, standing: Any, prices: Any, house: Any, c: int) -> None:
    """Divide the staff hours of a centre among the policies, and record what each wants, gets and costs."""
    house.served, house.unserved, house.money = 0.0, 0.0, 0.0
    for k in range(len(uses)):
        use, one = uses[k], standing[k, c]
        one.works = int(one.force == 1 and (one.joining > 0 or use.whole_house == 1))
        one.wanted = use.intensity * (prices[k, one.joining].hours if one.works == 1 else 0.0)
    _share_out(uses, standing, c, house.hours)
    for k in range(len(uses)):
        use, one = uses[k], standing[k, c]
        served = one.wanted * (one.share if one.force == 1 else 1.0)
        money = (prices[k, one.joining].money if one.works == 1 else 0.0) * use.intensity
        house.served += served / EVERY
        house.unserved += (one.wanted - served) / EVERY
        house.money += money / EVERY
        one.served, one.money = served, money


@kernel
def keep(standing: Any, kept: Any, clock: Any, day: int) -> None:
    """Record the decisions: a row for each use and centre that has it."""
    for k in range(standing.shape[0]):
        for c in range(standing.shape[1]):
            one = standing[k, c]
            if one.has == 1:
                row = kept[clock.kept]
                row.day, row.use, row.centre, row.level = day, k, c, one.level
                row.eligible, row.taking_part = one.eligible, one.joining
                row.hours_wanted, row.hours_served, row.money = one.wanted, one.served, one.money
                clock.kept += 1


@kernel
def strengthen(
    use: Any, standing: Any, parts: Any, centres: Any, houses: Any, present: Any, k: int, rows: int, day: int
) -> None:
    """Set the strength of use k on each user and each house, following the latest decision about the use."""
    use.acts = 0
    for row in range(rows):
        parts[k, row].strength = 0.0
    for c in range(len(centres)):
        one, number = standing[k, c], houses[c].here
        one.whole = use.intensity * (one.level * one.share)
        if use.decided == day:
            one.going_along = one.joining / max(number, 1)
        one.of_house = one.whole * one.going_along
        if use.whole_house == 1 and one.level > 0.0:
            use.acts = 1
        for place in range(number):
            part = parts[k, present[centres[c].first_seat + place]]
            if part.joins == 1 and one.whole > 0.0:
                part.strength = one.whole
                use.acts = 1
