"""Phase 4: who sits with whom, who turns to whom, and who declines."""

import math
from typing import Any

from sim.elementary import exp
from sim.kernel import kernel
from sim.state.scales import above, hope_above, identity_above, interest_in, logistic, pull, shifted, staffed, wanted
from sim.state.state import State, sort, user_at
from sim.streams import (
    APPROACH,
    CANCELLED,
    DECLINE,
    INTRODUCTION,
    JOINER,
    JOINING,
    LENGTH,
    ORDER,
    PARTNER,
    SEATING,
    WILLING,
    gumbel,
    normal,
    race,
    uniform,
)

FREE, INTEREST, ASSIGNED, ROTATING = 0, 1, 2, 3


@kernel
def decline_chance(v: Any, back: Any, p: Any, closeness: float) -> float:
    """Chance that j declines when i approaches, in (0, 1).

    logit P = decline_base + decline_burden B_j + decline_mood max(0, 1/2 - m_j)
              + [proximity_regulation] (decline_overreach max(0, c_ij - d_ji) + withdrawn_weight w_ji)

    B burden, m mood; c_ij: how close i feels to j; d_ji as in `wanted` (section 3.2.2, P14 "courteously rejected the
    request"); w_ji: 1 while j keeps away from i. Slopes assumed.
    """
    x = p.encounters_decline_base + p.encounters_decline_burden * v.burden
    x += p.encounters_decline_mood * max(0.0, 0.5 - v.mood)
    if p.proximity_regulation == 1:
        x += p.encounters_decline_overreach * max(0.0, closeness - wanted(v, back, p))
        x += p.encounters_withdrawn_weight * back.withdrawn
    return logistic(x)


@kernel
def initiative(u: Any, p: Any) -> float:
    """Chance that i turns to somebody in a session, in (0, 1).

    `shifted`(sociability, initiative_worth (W - 1/2) + initiative_identity `identity_above` + initiative_hope
    `hope_above`) exp(-tiring n)

    W self-worth; n the talks i has been in today: company satiates (Baumeister & Leary 1995). Slopes assumed.
    """
    by = p.encounters_initiative_worth * above(u.self_worth) + p.encounters_initiative_identity * identity_above(u, p)
    by += p.encounters_initiative_hope * hope_above(u, p)
    return shifted(u.sociability, by) * exp(-p.encounters_tiring * u.turns)


@kernel
def encounters(s: State, c: int, day: int, weekday: int, seed: Any) -> int:
    """Hold the sessions of the day, list the encounters and return their number.

    Reads the states and ties that phase 3 left; this phase changes none of them but effective hours and n_i, the number
    of talks i has been in today. In this order, session by session of the timetable on this weekday:

    1. The session is cancelled with chance [living_house] cancelled (1 - coverage), and then nothing in it takes place.
    2. Groups form (`_form_groups`).
    3. Each user present, in the order of the day (smallest draw first), may turn to somebody (`_turn_to_somebody`).
    4. In the same order, staff may introduce each user (`_introduce`).
    5. The encounters share the time (`_share_time`); an activity of a scenario's own may have its own talk_share.
    6. Everybody in a group has sat together: each directed tie between two of them gains hours x leisure_weight
       effective hours in leisure, hours x copresence_weight otherwise (Hall 2019).

    When nobody is present, no session takes place and none is cancelled.
    """
    centre, p = s.centres[c], s.p[0]
    n = _order_of_the_day(s, c, day, seed)
    count = 0
    if n == 0:
        return count  # an open day to which nobody came
    for k in range(centre.sessions):
        session = s.sessions[centre.first_session + k]
        if (session.weekdays >> weekday) & 1 == 0:
            continue
        short = p.encounters_cancelled * (1.0 - centre.coverage) if p.living_house == 1 else 0.0
        if short > 0.0 and uniform(seed, CANCELLED, k, day, centre.code, 0) < short:
            s.ledger[max(day, 0), c].cancelled += 1.0
            continue
        groups = _form_groups(s, c, k, n, day, seed)
        first = count
        for a in range(n):
            count = _turn_to_somebody(s, c, k, a, count, day, seed)
        if staffed(centre, p) > 0.0:
            for a in range(n):
                count = _introduce(s, c, k, a, count, day, seed)
        share = session.talk_share if session.talk_share >= 0.0 else p.encounters_talk_share
        _share_time(s, c, first, count, session.hours * share, max(share, 0.01), day, seed)
        weight = p.encounters_leisure_weight if session.leisure == 1 else p.encounters_copresence_weight
        _sit_together(s, c, groups, session.hours * weight)
    return count


@kernel
def _order_of_the_day(s: State, c: int, day: int, seed: Any) -> int:
    """Put the seats of those present in the day's random order, which all phases use; return their number."""
    centre = s.centres[c]
    n = 0
    for seat in range(centre.capacity):
        row = s.seats[centre.first_seat + seat]
        if row >= 0 and s.users[row].attends == 1:
            s.order[n] = seat
            s.draws[n] = uniform(seed, ORDER, 0, day, s.users[row].uid, 0)
            n += 1
    sort(s.draws, s.order, n)
    return n


@kernel
def _form_groups(s: State, c: int, k: int, n: int, day: int, seed: Any) -> int:
    """Write the group of each place in the order into `s.group`, list the groups, and return their number.

    The n users present form G = max(1, ceil(n / group_size)) groups. Free choice: `_choose_freely`. Otherwise each user
    has a key and its rank r from 0 (smallest first; among equals, the order of the day), and sits in group floor(r G /
    n). The key is `interest_in` + interest_chance x a uniform draw (interest), or a uniform draw, new each
    session (rotating) or the same for all sessions of a term (assigned); the term of a day is day - (day mod
    assigned_days).
    """
    session = s.sessions[s.centres[c].first_session + k]
    groups = max(1, (n + session.group_size - 1) // session.group_size)
    if session.grouping == FREE:
        _choose_freely(s, c, k, n, groups, day, seed)
    else:
        _seat_by_rank(s, c, k, n, groups, day, seed)
    _list_groups(s, n, groups)
    return groups


@kernel
def _list_groups(s: State, n: int, groups: int) -> None:
    """List the members of each group in `s.table`, in the order of the day; group g is begins[g]:begins[g + 1]."""
    for g in range(groups + 2):
        s.begins[g] = 0
    for a in range(n):
        s.begins[s.group[a] + 2] += 1
    for g in range(2, groups + 2):
        s.begins[g] += s.begins[g - 1]
    for a in range(n):  # begins[g + 1] is the place for the next user of g, and finally the end of g
        s.table[s.begins[s.group[a] + 1]] = a
        s.begins[s.group[a] + 1] += 1


@kernel
def _seat_by_rank(s: State, c: int, k: int, n: int, groups: int, day: int, seed: Any) -> None:
    """Rank those present by interest or chance, and divide the ranks into groups."""
    centre, session = s.centres[c], s.sessions[s.centres[c].first_session + k]
    term = day - day % centre.assigned_days
    for a in range(n):
        u = user_at(s, c, a)
        if session.grouping == ASSIGNED:
            s.draws[a] = uniform(seed, SEATING, 0, term, u.uid, 1)
        else:
            s.draws[a] = uniform(seed, SEATING, k, day, u.uid, 0)
            if session.grouping == INTEREST:
                s.draws[a] = interest_in(u, session) + s.p[0].encounters_interest_chance * s.draws[a]
    for a in range(n):
        rank = 0
        for b in range(n):
            if s.draws[b] < s.draws[a] or (s.draws[b] == s.draws[a] and b < a):  # among equals, the order of the day
                rank += 1
        s.group[a] = rank * groups // n


@kernel
def _choose_freely(s: State, c: int, k: int, n: int, groups: int, day: int, seed: Any) -> None:
    """Fill the tables in turn: first a starter, then repeatedly the user whom those already seated want most.

    Every table but the last seats floor(n / G), and one more while its number from 0 is below n mod G; the last takes
    the rest. The starter is the first user without a table in the order of the day. The next is the user still without
    a table with the largest (mean of U_ma, `pull`, over those seated m) + g, the first of equals; g is a Gumbel draw
    for each table and candidate a.
    """
    for a in range(n):
        s.table[a] = a
    waiting = n
    for g in range(groups - 1):
        size = n // groups + (1 if g < n % groups else 0)
        newest = _sit_down(s, 0, waiting, g)
        waiting -= 1
        u = user_at(s, c, newest)
        for at in range(waiting):
            a = s.table[at]
            s.noise[a] = gumbel(seed, SEATING, k, day, u.uid, user_at(s, c, a).uid)
            s.draws[a] = 0.0
        for seated in range(1, size):
            newest = _sit_down(s, _wanted_most(s, c, waiting, newest, seated), waiting, g)
            waiting -= 1
    for at in range(waiting):  # the last table takes all who are left
        s.group[s.table[at]] = groups - 1


@kernel
def _sit_down(s: State, at: int, waiting: int, g: int) -> int:
    """Seat the user at this place of the queue (`s.table`) at table g; return the user's place in the order."""
    place = s.table[at]
    s.group[place] = g
    for behind in range(at + 1, waiting):
        s.table[behind - 1] = s.table[behind]
    return place


@kernel
def _wanted_most(s: State, c: int, waiting: int, newest: int, seated: int) -> int:
    """Add the pull of the user seated last; return the place in the queue of the user wanted most."""
    centre, p = s.centres[c], s.p[0]
    u = user_at(s, c, newest)
    base, best, most = centre.first_tie + s.order[newest] * centre.capacity, -1, -math.inf
    for at in range(waiting):
        a = s.table[at]
        s.draws[a] += pull(u, user_at(s, c, a), s.ties[base + s.order[a]], p)
        want = s.draws[a] / seated + s.noise[a]
        if want > most:
            best, most = at, want
    return best


@kernel
def _turn_to_somebody(s: State, c: int, k: int, a: int, count: int, day: int, seed: Any) -> int:
    """Let the user at place a turn to somebody in the group; list the encounter unless declined; return the new count.

    Reads in this order: whether i turns to anybody (`initiative`, with the talks so far today); to whom, by a
    multinomial logit over `pull` among the others in the group (Snijders 2001); whether j declines (`decline_chance`),
    in which case i stays alone; who joins (`_who_joins`). Then n of everybody in the talk grows by 1.
    """
    centre, p, today = s.centres[c], s.p[0], s.ledger[max(day, 0), c]
    u = user_at(s, c, a)
    if uniform(seed, APPROACH, k, day, u.uid, 0) >= initiative(u, p):
        return count
    base, best, first = centre.first_tie + s.order[a] * centre.capacity, -1, math.inf
    for at in range(s.begins[s.group[a]], s.begins[s.group[a] + 1]):
        b = s.table[at]
        if b != a:
            v = user_at(s, c, b)
            arrival = race(seed, PARTNER, k, day, u.uid, v.uid, pull(u, v, s.ties[base + s.order[b]], p))
            if arrival < first:
                best, first = b, arrival
    if best < 0:
        return count
    v = user_at(s, c, best)
    back = s.ties[centre.first_tie + s.order[best] * centre.capacity + s.order[a]]
    chance = decline_chance(v, back, p, s.ties[base + s.order[best]].closeness)
    if uniform(seed, DECLINE, k, day, u.uid, v.uid) < chance:
        today.declined += 1.0
        return count
    third = _who_joins(s, c, k, a, best, day, seed)
    if third >= 0:
        s.users[third].turns += 1
    _note(s, c, k, a, best, third, count)
    return count + 1


@kernel
def _note(s: State, c: int, k: int, a: int, b: int, third: int, count: int) -> None:
    """Record an encounter of the users at places a and b in session k."""
    centre = s.centres[c]
    meeting, session = s.meetings[count], s.sessions[centre.first_session + k]
    meeting.i = s.seats[centre.first_seat + s.order[a]]
    meeting.j = s.seats[centre.first_seat + s.order[b]]
    s.users[meeting.i].turns += 1
    s.users[meeting.j].turns += 1
    meeting.third = third
    meeting.session = k
    meeting.activity = session.activity
    meeting.doing = session.doing
    meeting.circle = 0.0


@kernel
def _introduce(s: State, c: int, k: int, a: int, count: int, day: int, seed: Any) -> int:
    """Let staff introduce a newcomer, or a user without a friend, to the best fit in the group; return the new count.

    Reads in this order, after everybody has had a turn to speak in this session:

    1. Who: a user less than newcomer_days from arrival, or without a friend last evening, who has been in no talk yet
       today (n = 0, earlier introductions of this session counted); with chance introduced K (`staffed`).
    2. To whom: the user in the group with the largest a_ij + l_ij + a_ji + l_ji (appeal and liking, because staff see
       who would get on), neither of the two keeping away; the first of equals. When there is nobody, nothing happens.
    3. Afterwards, n of both grows by 1. Nobody declines, and no third user joins.
    """
    centre, p = s.centres[c], s.p[0]
    u = user_at(s, c, a)
    if day - u.arrived >= p.episodes_newcomer_days and u.friends > 0:
        return count
    chance = p.encounters_introduced * staffed(centre, p)
    if u.turns > 0 or uniform(seed, INTRODUCTION, k, day, u.uid, 0) >= chance:
        return count
    best, most = -1, -math.inf
    for at in range(s.begins[s.group[a]], s.begins[s.group[a] + 1]):
        b = s.table[at]
        if b == a:
            continue
        t = s.ties[centre.first_tie + s.order[a] * centre.capacity + s.order[b]]
        back = s.ties[centre.first_tie + s.order[b] * centre.capacity + s.order[a]]
        fit = t.appeal + t.liking + back.appeal + back.liking
        if t.withdrawn == 0 and back.withdrawn == 0 and fit > most:
            best, most = b, fit
    if best < 0:
        return count
    s.ledger[max(day, 0), c].introductions += 1.0
    _note(s, c, k, a, best, -1, count)
    return count + 1


@kernel
def _who_joins(s: State, c: int, k: int, a: int, b: int, day: int, seed: Any) -> int:
    """Return the row of the user at the table who joins i and j, or -1 if nobody does.

    Reads in this order; it changes no state:

    1. Somebody may join, with chance join_share.
    2. Who: the user among the others in the group with the largest max(U_xi, U_xj) + Gumbel (`pull`, of the states and
       ties that phase 3 left), the first of equals.
    3. That user joins with a chance equal to their sociability itself, not `initiative`.

    Free talk happens in circles of two to four (Dunbar, Duncan & Nettle 1995); this is how users come to know friends
    of friends.
    """
    centre, p = s.centres[c], s.p[0]
    u, v = user_at(s, c, a), user_at(s, c, b)
    if uniform(seed, JOINING, k, day, u.uid, v.uid) >= p.encounters_join_share:
        return -1
    n_seats, best, most = centre.capacity, -1, -math.inf
    for at in range(s.begins[s.group[a]], s.begins[s.group[a] + 1]):
        d = s.table[at]
        if d in (a, b):
            continue
        x = user_at(s, c, d)
        base = centre.first_tie + s.order[d] * n_seats
        want = max(pull(x, u, s.ties[base + s.order[a]], p), pull(x, v, s.ties[base + s.order[b]], p))
        want += gumbel(seed, JOINER, k, day, u.uid, x.uid)
        if want > most:
            best, most = d, want
    if best < 0:
        return -1
    x = user_at(s, c, best)
    willing = uniform(seed, WILLING, k, day, x.uid, u.uid) < x.sociability
    return s.seats[centre.first_seat + s.order[best]] if willing else -1


@kernel
def _share_time(s: State, c: int, first: int, count: int, hours: float, share: float, day: int, seed: Any) -> None:
    """Split a session's time for talk: an encounter lasts (hours talk_share / m) min(exp(s z - s^2 / 2), 1 / q).

    Reads in this order, after all encounters of the session are listed:

    1. For each user, the number of the session's encounters the user is in, as i, j or third, introductions included.
    2. For each encounter: m, the largest of these numbers among those in it; then z.

    It writes only the length of each encounter. s = length_sd, z standard normal: most talks are short and a few long
    (SocioPatterns). q = max(talk_share, 0.01): no encounter outlasts the session / m.
    """
    spread = s.p[0].encounters_length_sd
    for seat in range(s.centres[c].capacity):
        s.draws[seat] = 0.0
    for e in range(first, count):
        m = s.meetings[e]
        s.draws[s.users[m.i].seat] += 1.0
        s.draws[s.users[m.j].seat] += 1.0
        if m.third >= 0:
            s.draws[s.users[m.third].seat] += 1.0
    for e in range(first, count):
        m = s.meetings[e]
        u, v = s.users[m.i], s.users[m.j]
        most = max(s.draws[u.seat], s.draws[v.seat])
        if m.third >= 0:
            most = max(most, s.draws[s.users[m.third].seat])
        z = normal(seed, LENGTH, m.session, day, u.uid, v.uid)
        m.hours = hours / most * min(exp(spread * z - 0.5 * spread * spread), 1.0 / share)


@kernel
def _sit_together(s: State, c: int, groups: int, effective: float) -> None:
    """Add the effective hours side by side to all ties within a group."""
    centre = s.centres[c]
    for g in range(groups):
        for at in range(s.begins[g], s.begins[g + 1]):
            base = centre.first_tie + s.order[s.table[at]] * centre.capacity
            for beside in range(s.begins[g], s.begins[g + 1]):
                if beside != at:
                    s.ties[base + s.order[s.table[beside]]].today += effective
