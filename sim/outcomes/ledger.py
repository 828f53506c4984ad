"""Phase 12: record the day's outcomes in the ledger; nothing else changes."""

import math

from sim.kernel import kernel
from sim.outcomes.catalogue import BELONGING_FROM, BURDENED_FROM, LONELY_FROM, SEVERELY_LONELY_FROM
from sim.state.columns import ACQUAINTANCE, CONFIDANT, FRIEND, KIN
from sim.state.state import State


@kernel
def role(given: float, received: float, least: float) -> int:
    """Role in helping, from discounted help given and received: 0 uninvolved, 1 helper, 2 helped, 3 mutual.

    Uninvolved: given plus received below `least`, which is one act a month over the time that help is remembered
    (memory_days / 30 of section support). Helper: given at least three for every two received; helped: the other way
    round; else mutual. A role is an outcome, not an input (section 6: the study defines no givers and receivers). The
    cut-offs are a choice; every place that shows the shares names them.
    """
    if given + received < least:
        return 0
    if given >= 1.5 * received:
        return 1
    return 2 if received >= 1.5 * given else 3


@kernel
def record_day(s: State, c: int, day: int) -> None:
    """Write today's outcomes of centre c; the rules have already written the counts.

    Reads states and ties after phase 11, except known_by, which phase 9 counted, and public stigma before
    `public_opinion`. Standard deviations have the divisor n - 1, and are 0 for a single user. With nobody enrolled,
    means are those of states of 0, shares are 0, and the shares of friend ties are undefined. A talk of three counts as
    one talk of its whole length. Counts of talk and help cover peers only: peer support workers count in worker_talks
    alone. Outreach by peers and evenings of the group do not count as contacts, and help with medication does not count
    as a reminder.
    """
    if day < 0:
        return
    _record_users(s, c, day)
    _record_ties(s, c, day)
    _record_helping(s, c, day)


@kernel
def _record_users(s: State, c: int, day: int) -> None:
    """Write means, deviations and shares over the users enrolled, in the units of the catalogue; roles by `role`."""
    centre, p, today = s.centres[c], s.p[0], s.ledger[day, c]
    n = 0
    lonely, burden, identity = 0.0, 0.0, 0.0
    lonely2, burden2, identity2 = 0.0, 0.0, 0.0
    for seat in range(centre.capacity):
        row = s.seats[centre.first_seat + seat]
        if row < 0:
            continue
        u = s.users[row]
        n += 1
        lonely += u.loneliness
        lonely2 += u.loneliness * u.loneliness
        burden += u.burden
        burden2 += u.burden * u.burden
        identity += u.identity
        identity2 += u.identity * u.identity
        today.lonely_share += 1.0 if u.loneliness >= LONELY_FROM else 0.0
        today.severely_lonely_share += 1.0 if u.loneliness >= SEVERELY_LONELY_FROM else 0.0
        today.burdened_share += 1.0 if u.burden >= BURDENED_FROM else 0.0
        today.belonging_share += 1.0 if u.identity >= BELONGING_FROM else 0.0
        today.self_worth += u.self_worth
        today.self_stigma += u.self_stigma
        today.acceptance += u.acceptance
        today.hope += u.hope
        today.trouble += u.trouble
        today.known_by += u.known_by
        today.mood += u.mood
        today.threshold += u.threshold
        today.learned_empathy += u.learned_empathy
        today.unwell_share += u.unwell
        today.open_needs += (u.needs[0] + u.needs[1] + u.needs[2] + u.needs[3] + u.needs[4]) / 5.0
        today.newcomers += 1.0 if day - u.arrived < p.episodes_newcomer_days else 0.0
        kind = role(u.given, u.received, p.support_memory_days / 30.0)
        today.role_uninvolved += 1.0 if kind == 0 else 0.0
        today.role_helper += 1.0 if kind == 1 else 0.0
        today.role_helped += 1.0 if kind == 2 else 0.0
        today.role_mutual += 1.0 if kind == 3 else 0.0
    today.users = n
    k = max(n, 1)
    today.loneliness_ucla20 = 20.0 + 60.0 * lonely / k
    today.burden = 100.0 * burden / k
    today.group_identity = 1.0 + 6.0 * identity / k
    today.loneliness_ucla20_sd = 60.0 * _deviation(lonely, lonely2, n)
    today.burden_sd = 100.0 * _deviation(burden, burden2, n)
    today.group_identity_sd = 6.0 * _deviation(identity, identity2, n)
    today.lonely_share /= k
    today.severely_lonely_share /= k
    today.burdened_share /= k
    today.belonging_share /= k
    today.self_worth /= k
    today.self_stigma /= k
    today.acceptance /= k
    today.hope /= k
    today.trouble /= k
    today.known_by /= k
    today.mood /= k
    today.threshold /= k
    today.learned_empathy /= k
    today.unwell_share /= k
    today.open_needs /= k
    today.role_uninvolved /= k
    today.role_helper /= k
    today.role_helped /= k
    today.role_mutual /= k
    today.public_stigma = s.society[0].public_stigma * (1.0 - s.society[0].campaign)
    today.norm = centre.norm
    today.norm_help = centre.norm_help
    today.norm_welcome = centre.norm_welcome


@kernel
def _deviation(total: float, squares: float, n: int) -> float:
    """Standard deviation between users (divisor n - 1) from sums; 0 for fewer than two users."""
    if n < 2:
        return 0.0
    return math.sqrt(max(0.0, (squares - total * total / n) / (n - 1)))


@kernel
def _record_ties(s: State, c: int, day: int) -> None:
    """Write users' mean numbers of ties by level, and shares of friend ties: density F / (n (n - 1)), F friend ties.

    Reciprocity: friend ties that the other returns as friend ties, over F; told: friend ties in which i has told j of
    the illness, over F.
    """
    centre, today = s.centres[c], s.ledger[day, c]
    n = centre.capacity
    users = max(today.users, 1.0)
    acquaintances, friends, confidants, kin, mutual, told, told_users = 0, 0, 0, 0, 0, 0, 0
    without_friend, without_confidant, withdrawn = 0, 0, 0
    for i in range(n):
        row = s.seats[centre.first_seat + i]
        if row < 0:
            continue
        own_friends, own_confidants, own_told = 0, 0, 0
        base = centre.first_tie + i * n
        for j in range(n):
            t = s.ties[base + j]
            own_told += t.told
            withdrawn += t.withdrawn
            acquaintances += 1 if t.closeness >= ACQUAINTANCE else 0
            if t.closeness >= FRIEND:
                own_friends += 1
                own_confidants += 1 if t.closeness >= CONFIDANT else 0
                kin += 1 if t.closeness >= KIN else 0
                told += t.told
                mutual += 1 if s.ties[centre.first_tie + j * n + i].closeness >= FRIEND else 0
        friends += own_friends
        confidants += own_confidants
        without_friend += 1 if own_friends == 0 else 0
        without_confidant += 1 if own_confidants == 0 else 0
        told_users += 1 if own_told > 0 else 0
    today.acquaintances = acquaintances / users
    today.ties_at_or_above_friend_out = friends / users
    today.confidants = confidants / users
    today.kin_like = kin / users
    today.no_friend_share = without_friend / users
    today.no_confidant_share = without_confidant / users
    today.density = friends / max(users * (users - 1.0), 1.0)
    today.friend_arc_reciprocity = mutual / friends if friends > 0 else math.nan
    today.friend_ties_with_illness_talk = told / friends if friends > 0 else math.nan
    today.users_who_told_a_peer = told_users / users
    today.withdrawn_ties = withdrawn / users


@kernel
def _record_helping(s: State, c: int, day: int) -> None:
    """Write the Gini coefficient of help given, from all pairs' differences: sum |g_i - g_j| / (2 n sum g)."""
    centre, today = s.centres[c], s.ledger[day, c]
    n, total = 0, 0.0
    for seat in range(centre.capacity):
        row = s.seats[centre.first_seat + seat]
        if row >= 0:
            s.draws[n] = s.users[row].given
            total += s.draws[n]
            n += 1
    difference = 0.0
    for a in range(n):
        for b in range(a):
            difference += abs(s.draws[a] - s.draws[b])
    today.helping_gini = difference / (n * total) if total > 0.0 else 0.0
