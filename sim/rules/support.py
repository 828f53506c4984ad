"""Phase 6: who asks, who helps, and the effects of help on both."""

import math
from typing import Any

from sim.kernel import kernel
from sim.state.columns import FRIEND
from sim.state.disclosure import take_heart
from sim.state.helping import (
    EMOTIONAL,
    ESTEEM,
    INFORMATIONAL,
    NETWORK,
    TANGIBLE,
    bond_of_help,
    helped_well,
    largest_need,
    load_of_help,
    share_met,
)
from sim.state.scales import above, empathy_now, hope_above, logistic, reached
from sim.state.state import State
from sim.streams import ASKING, HELPER, HELPING, NOTICE, TEACHING, race, unit, words


@kernel
def ask_chance(u: Any, p: Any, need: float) -> float:
    """Daily chance that the user voices a visible need n, in (0, 1).

    logit P = ask_base + ask_need n - ask_stigma s + ask_worth (W - 1/2) + ask_hope `hope_above`

    s: self-stigma, which keeps users from asking (section 4.1); W self-worth. Assumed.
    """
    x = p.support_ask_base + p.support_ask_need * need - p.support_ask_stigma * u.self_stigma
    return logistic(x + p.support_ask_worth * above(u.self_worth) + p.support_ask_hope * hope_above(u, p))


@kernel
def helper_utility(v: Any, t: Any, p: Any) -> float:
    """Utility for i of asking j: trust, closeness, skill, spare capacity.

    U_ij = choose_trust t_ij + kappa_help c_ij + choose_skill k_j + choose_capacity max(0, C_j - L_j)
           - [proximity_regulation] withdrawn_weight w_ij

    kappa_help as kappa in `pull`, of choose_closeness; C_j support capacity, L_j load of the day so far; w_ij: 1 while
    i keeps away from j.
    """
    utility = p.support_choose_trust * t.trust + p.kappa_help * t.closeness + p.support_choose_skill * v.listening_skill
    utility += p.support_choose_capacity * max(0.0, v.support_capacity - v.load)
    if p.proximity_regulation == 1:
        utility -= p.encounters_withdrawn_weight * t.withdrawn
    return utility


@kernel
def help_chance(v: Any, u: Any, t: Any, back: Any, p: Any, norm: float) -> float:
    """Chance that j helps when i asks.

    logit P = accept_base + accept_inclination h_j + accept_empathy e_j
              + accept_closeness max(c_ji, [expanding_love] l_j) - accept_burden B_j + accept_returned [i has helped j]
              + accept_reputation reached(g_i) + [living_house] accept_norm (N - 1/2); then P times `within_limits` of j

    h helping inclination, e `empathy_now`, c_ji how close j feels to i, B burden. l: learned empathy replaces
    closeness, as care without borders (section 3.3.2, P12, P13). i has helped j: `has_helped` (direct reciprocity).
    g_i: help that i has given to anybody, discounted (indirect reciprocity, off by default; Warren 2021). N norm of
    help of the centre.
    """
    near = max(back.closeness, v.learned_empathy) if p.expanding_love == 1 else back.closeness
    x = p.support_accept_base + p.support_accept_inclination * v.helping_inclination
    x += (
        p.support_accept_empathy * empathy_now(v)
        + p.support_accept_closeness * near
        - p.support_accept_burden * v.burden
    )
    if has_helped(t, p):
        x += p.support_accept_returned
    x += p.support_accept_reputation * reached(u.given)
    if p.living_house == 1:
        x += p.support_accept_norm * above(norm)
    return logistic(x) * within_limits(v)


@kernel
def has_helped(t: Any, p: Any) -> bool:
    """Whether i has helped j before: the sum of discounted acts of i to j, over kinds, is above returned_from."""
    return bool(t.help[0] + t.help[1] + t.help[2] + t.help[3] + t.help[4] > p.support_returned_from)


@kernel
def within_limits(v: Any) -> float:
    """Share of help that a user does not refuse: 1 - limits once the day's load reaches the support capacity, else 1.

    limits: boundaries the user has learned, 0 without a policy.
    """
    return 1.0 - v.limits if v.load >= v.support_capacity else 1.0


@kernel
def support(s: State, c: int, count: int, day: int, seed: Any) -> None:
    """Help during the encounters of the day, then answer requests; without the mechanism helping, do nothing.

    Reads in this order: encounter by encounter in which i turned to j, what i does for j in passing, then what j does
    for i (`_help_in_passing`; a third user in the talk takes no part); then each user present, in the order of the day,
    may ask (`_ask`).
    """
    centre = s.centres[c]
    if s.p[0].helping == 0:
        return
    for e in range(count):
        m = s.meetings[e]
        one, two = s.users[m.i].uid, s.users[m.j].uid
        _help_in_passing(s, c, m.i, m.j, m, 2 * m.session, one, two, day, seed)
        _help_in_passing(s, c, m.j, m.i, m, 2 * m.session + 1, one, two, day, seed)
    n = 0
    for seat in range(centre.capacity):
        row = s.seats[centre.first_seat + seat]
        if row >= 0 and s.users[row].attends == 1:
            n += 1
    for a in range(n):
        _ask(s, c, s.seats[centre.first_seat + s.order[a]], day, seed)


@kernel
def _help_in_passing(
    s: State, c: int, helper: int, helped: int, meeting: Any, slot: int, one: Any, two: Any, day: int, seed: Any
) -> None:
    """Teach a speciality, show a newcomer around, remind a friend of medication, or notice an unvoiced need.

    Reads, for helper v and helped u, first w = `within_limits` of v, then in this order whether v

    1. teaches, if u's speciality differs from v's, with chance (x + (1 - x) mentoring b) w, x = teach_rate h q, q the
       share of v's speciality in the activity, 1 or 0 in a known one (section 3.3.1, P2; a mentor gives lessons in
       whatever session the two meet):
       `_give` of esteem with load teach_load;
    2. welcomes, if u is a newcomer (less than newcomer_days from arrival) and v is not, with chance (y + (1 - y) b) w,
       y = welcome_rate h ([living_house] 1/2 + N_w, else 1) (P4): `_give` of informational help with load teach_load;
       v's welcomed += 1;
    3. reminds, if v's closeness to u is at or above friend, with chance remind_rate e: u's R = 1 (sections 3.1.3,
       3.3.3);
    4. notices the largest need of u as it is then, if it is at least visible_need, with chance notice e w: `_give` with
       `load_of_help`.

    h helping inclination, e `empathy_now` of v as it is then; b: strength of an arrangement of the house from v to u,
    mentoring: that of v; both are 0 without a policy; N_w norm of welcome.
    """
    p, today = s.p[0], s.ledger[max(day, 0), c]
    v, u = s.users[helper], s.users[helped]
    t = s.ties[s.centres[c].first_tie + v.seat * s.centres[c].capacity + u.seat]
    willing = within_limits(v)
    lessons = v.mentoring * t.arranged
    share = 0.0
    if meeting.activity >= 0:
        share = s.sessions[s.centres[c].first_session + meeting.session].shares[v.speciality]
    can_teach = v.speciality != u.speciality and (share > 0.0 or lessons > 0.0)
    newcomer, senior = day - u.arrived < p.episodes_newcomer_days, day - v.arrived >= p.episodes_newcomer_days
    friend = t.closeness >= FRIEND
    if can_teach or (newcomer and senior) or friend:  # else these draws decide nothing
        w0, w1, w2, _ = words(seed, TEACHING, slot, day, one, two)
        teaches = p.support_teach_rate * v.helping_inclination * share
        teaches += (1.0 - teaches) * lessons
        if can_teach and unit(w0) < teaches * willing:
            _give(s, c, helper, helped, ESTEEM, p.support_teach_load, day)
            today.teaching += 1.0
        welcomes = p.support_welcome_rate * v.helping_inclination * _custom(s.centres[c], p)
        welcomes += (1.0 - welcomes) * t.arranged
        if newcomer and senior and unit(w1) < welcomes * willing:
            _give(s, c, helper, helped, INFORMATIONAL, p.support_teach_load, day)
            v.welcomed += 1
            today.welcomes += 1.0
        if friend and unit(w2) < p.support_remind_rate * empathy_now(v):
            u.reminded = 1.0
            today.reminders += 1.0
    kind = largest_need(u)
    if u.needs[kind] >= p.support_visible_need:
        notices = p.support_notice * empathy_now(v) * willing
        if unit(words(seed, NOTICE, slot, day, one, two)[0]) < notices:
            _give(s, c, helper, helped, kind, load_of_help(kind, u, p), day)


@kernel
def _custom(centre: Any, p: Any) -> float:
    """How usual it is to show newcomers around: 1/2 + N_w, N_w the norm of welcome; 1 without living_house."""
    return 0.5 + centre.norm_welcome if p.living_house == 1 else 1.0


@kernel
def _ask(s: State, c: int, row: int, day: int, seed: Any) -> None:
    """Let a user voice the largest need to somebody present, who may help.

    Reads in this order: the largest need now, if it is at least visible_need; whether the user voices it
    (`ask_chance`); whom the user asks, by a multinomial logit over `helper_utility` among all others present; whether
    that user helps (`help_chance`): `_give` with `load_of_help`. When nobody else is present, the user asks nobody.
    """
    centre, p, today = s.centres[c], s.p[0], s.ledger[max(day, 0), c]
    u = s.users[row]
    kind = largest_need(u)
    if u.needs[kind] < p.support_visible_need:
        return
    if unit(words(seed, ASKING, 0, day, u.uid, 0)[0]) >= ask_chance(u, p, u.needs[kind]):
        return
    base, best, first = centre.first_tie + u.seat * centre.capacity, -1, math.inf
    for seat in range(centre.capacity):
        other = s.seats[centre.first_seat + seat]
        if other < 0 or other == row or s.users[other].attends == 0:
            continue
        v = s.users[other]
        arrival = race(seed, HELPER, 0, day, u.uid, v.uid, helper_utility(v, s.ties[base + seat], p))
        if arrival < first:
            best, first = other, arrival
    if best < 0:
        return
    today.asked += 1.0
    v = s.users[best]
    back = s.ties[centre.first_tie + v.seat * centre.capacity + u.seat]
    chance = help_chance(v, u, s.ties[base + v.seat], back, p, centre.norm_help)
    if unit(words(seed, HELPING, 0, day, u.uid, v.uid)[0]) < chance:
        today.granted += 1.0
        _give(s, c, best, row, kind, load_of_help(kind, u, p), day)


@kernel
def _give(s: State, c: int, helper: int, helped: int, kind: int, load: float, day: int) -> None:
    """Let v help u once, and apply the effects on both.

    Reads before f = `share_met`, and whether u has helped v (`has_helped`). Then, in this order:

    1. Need of the kind n *= 1 - f. Load of v += load, of u += helped_load.
    2. [helping_empowers] self-worth of v W += (1 - W) helper_worth f (useful help earns thanks, section 3.3.1); of u W
       += (1 - W) helped_worth when u has helped v, else W *= 1 - unreturned_worth (Bracke 2008).
    3. `helped_well` for u; `take_heart` of v by hope_help.
    4. Tie of each to the other: [binding_help] effective hours of today += `bond_of_help`; [learned_liking] liking +=
       liking_help; hours met += act_hours; contact today.
    5. Trust of u in v t += (1 - t) trust_gain. Tangible help covers medication: u's R = 1 (3.1.3, P12).
    6. [expanding_love] when u has helped v, learned empathy of both l += (1 - l) empathy_gain (section 3.3.2).
    7. Acts of v to u of the kind, given of v, received of u, and helping of the day of both += 1.
    """
    centre, p, today = s.centres[c], s.p[0], s.ledger[max(day, 0), c]
    v, u = s.users[helper], s.users[helped]
    out = s.ties[centre.first_tie + v.seat * centre.capacity + u.seat]
    back = s.ties[centre.first_tie + u.seat * centre.capacity + v.seat]
    met = share_met(v, u, p)
    returned = has_helped(back, p)
    u.needs[kind] *= 1.0 - met
    v.load += load
    u.load += p.support_helped_load
    if p.helping_empowers == 1:
        v.self_worth += (1.0 - v.self_worth) * p.support_helper_worth * met
        if returned:
            u.self_worth += (1.0 - u.self_worth) * p.support_helped_worth
        else:
            u.self_worth *= 1.0 - p.support_unreturned_worth
    helped_well(u, p, met)
    take_heart(v, p, p.support_hope_help)
    for t in (out, back):
        if p.binding_help == 1:
            t.today += bond_of_help(kind, p)
        if p.learned_liking == 1:
            t.liking += p.support_liking_help
        t.met += p.support_act_hours
        t.last_contact = day
    back.trust += (1.0 - back.trust) * p.support_trust_gain
    if kind == TANGIBLE:
        u.reminded = 1.0
    if p.expanding_love == 1 and returned:
        v.learned_empathy += (1.0 - v.learned_empathy) * p.support_empathy_gain
        u.learned_empathy += (1.0 - u.learned_empathy) * p.support_empathy_gain
    out.help[kind] += 1.0
    v.given += 1.0
    u.received += 1.0
    v.helping += 1
    u.helping += 1
    _count(today, kind, out.closeness)


@kernel
def _count(today: Any, kind: int, closeness: float) -> None:
    """Add an act of help to today's record, by its kind and the helper's closeness."""
    today.helped += 1.0
    if kind == EMOTIONAL:
        today.helped_emotional += 1.0
    elif kind == INFORMATIONAL:
        today.helped_informational += 1.0
    elif kind == ESTEEM:
        today.helped_esteem += 1.0
    elif kind == NETWORK:
        today.helped_network += 1.0
    else:
        today.helped_tangible += 1.0
    if closeness < FRIEND:
        today.helped_beyond += 1.0
