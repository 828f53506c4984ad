"""Phase 10: group identity, advocacy and stigma."""

from typing import Any

from sim.kernel import kernel
from sim.state.columns import FRIEND
from sim.state.scales import happens, reached, shifted
from sim.state.state import State
from sim.streams import ADVOCACY, SLIGHT, uniform


@kernel
def identity_gain(u: Any, p: Any, voice: float) -> float:
    """Dose of belonging in a day: breadth of contact, joint activity, help, newcomers welcomed, a say in the house.

    g = (breadth_gain + voice_gain V) reached(k / breadth_partners) + welcome_gain w + doing_gain m + help_gain q
        + activity_gain a

    k partners talked with today (counted once for each talk and partner), m talks while making or singing something
    together, q acts of help given or received, w newcomers welcomed, a 1 when present, V voice of users in [0, 1].
    Deciding and doing together build identity more than sitting there (Steffens 2021): a say counts through those who
    share it, and not for a user who talks with nobody. Section 3.3.3; amounts assumed. Shared disclosure adds to
    identity at once, in phase 5.
    """
    breadth = reached(u.partners / p.identity_breadth_partners)
    dose = (p.identity_breadth_gain + p.identity_voice_gain * voice) * breadth
    dose += p.identity_welcome_gain * u.welcomed
    dose += p.identity_doing_gain * u.doing + p.identity_help_gain * u.helping
    return dose + p.identity_activity_gain * u.attends


@kernel
def stigma_target(u: Any, p: Any, public: float, reference: float) -> float:
    """Target of self-stigma, in (0, 1).

    s* = `shifted`(disposition, stigma_public (P (1 - K) - P0) - stigma_acceptance (A - 1/2) - stigma_identity (I -
    1/2))

    P public stigma, K the share of it that a campaign keeps from users (0 without a policy), P0 its level when the
    dispositions were set (reference), I group identity, A acceptance. Section 4.1 (support lowers self-stigma) and 4.3;
    the effect of disclosure programmes (Ruesch & Koesters 2021) sets the order of size.
    """
    by = p.identity_stigma_public * (public - reference) - p.identity_stigma_acceptance * (u.acceptance - 0.5)
    by -= p.identity_stigma_identity * (u.identity - 0.5)
    return shifted(u.stigma_disposition, by)


@kernel
def identity(s: State, c: int, day: int, seed: Any) -> None:
    """Let identity grow, fade and move toward that of friends, and let it lead to advocacy.

    Reads first, for all users before anyone moves, the pull of friends x_i = (I_close - I_i) / pull_days, 0 without a
    friend; I_close is the closeness-weighted mean of I over friends. Then, user by user, in this order:

    1. [group_advocacy] I += (1 - I) reached(g) - I reached(loss) + x, g `identity_gain`, loss = conflict_loss k +
       absence_loss [open and missed] + alone_loss [open, present, and in talk with no peer today]; k conflicts of the
       day (the user's own personal talk badly received, or the user's own confidence betrayed and the user knows).
    2. [group_advocacy] An act of advocacy with chance reached(advocacy_rate max(0, I - advocacy_from) + spokesperson),
       spokesperson 0 without a policy: self-stigma s *= 1 - advocacy_relief; acts of society += 1.
    3. I -= (I - I0) min(1, r / fade_days), then kept in [0, 1]; I0 what the user brought along; r is 1 for those
       present today, else apart_fade.
    4. The user meets prejudice outside, with chance reached(slight_rate P (1 - K) / 365.25), P and K as in
       `stigma_target`: s += (1 - s) slight_size.
    5. s += (s* - s) / stigma_days, s* `stigma_target`.

    Last, when contagion > 0 (contested, off by default), for all users with a friend at once: loneliness L += min(1,
    contagion) (L_close - L), L_close as I_close.
    """
    centre, p, today, society = s.centres[c], s.p[0], s.ledger[max(day, 0), c], s.society[0]
    n = centre.capacity
    for seat in range(n):
        if s.seats[centre.first_seat + seat] >= 0:
            s.draws[seat] = _pulled(s, c, seat)
    for seat in range(n):
        row = s.seats[centre.first_seat + seat]
        if row < 0:
            continue
        u = s.users[row]
        if p.group_advocacy == 1:
            loss = p.identity_conflict_loss * u.conflicts
            if centre.is_open == 1:
                if u.attends == 0:
                    loss += p.identity_absence_loss
                elif u.partners == 0:
                    loss += p.identity_alone_loss
            u.identity += (1.0 - u.identity) * reached(identity_gain(u, p, centre.voice)) - u.identity * reached(loss)
            u.identity += s.draws[seat]
            beyond = u.identity - p.identity_advocacy_from
            hazard = p.identity_advocacy_rate * max(0.0, beyond) + u.spokesperson
            if hazard > 0.0 and happens(uniform(seed, ADVOCACY, 0, day, u.uid, 0), hazard):
                u.self_stigma *= 1.0 - p.identity_advocacy_relief
                society.acts += 1.0
                today.advocacy += 1.0
        fade = (1.0 if u.attends == 1 else p.identity_apart_fade) / p.identity_fade_days
        u.identity -= (u.identity - u.initial_identity) * min(1.0, fade)
        u.identity = min(max(u.identity, 0.0), 1.0)  # gain, pull and fade of one day add up
        public = society.public_stigma * (1.0 - society.campaign)
        if happens(uniform(seed, SLIGHT, 0, day, u.uid, 0), p.identity_slight_rate * public / 365.25):
            u.self_stigma += (1.0 - u.self_stigma) * p.identity_slight_size
        target = stigma_target(u, p, public, society.reference)
        u.self_stigma += (target - u.self_stigma) / p.identity_stigma_days
    if p.identity_contagion > 0.0:
        _contagion(s, c)


@kernel
def _pulled(s: State, c: int, seat: int) -> float:
    """Pull of friends on identity today."""
    centre, p = s.centres[c], s.p[0]
    u = s.users[s.seats[centre.first_seat + seat]]
    if u.friends == 0:
        return 0.0
    weight, total = 0.0, 0.0
    for j in range(centre.capacity):
        x = s.ties[centre.first_tie + seat * centre.capacity + j].closeness
        if x >= FRIEND:
            weight += x
            total += x * s.users[s.seats[centre.first_seat + j]].identity
    return (total / weight - u.identity) / p.identity_pull_days


@kernel
def _contagion(s: State, c: int) -> None:
    """Move loneliness toward that of friends by the share `contagion` per day, for all users at once."""
    centre, p = s.centres[c], s.p[0]
    n = centre.capacity
    for seat in range(n):
        s.draws[seat] = 0.0
        row = s.seats[centre.first_seat + seat]
        if row < 0 or s.users[row].friends == 0:
            continue
        weight, total = 0.0, 0.0
        for j in range(n):
            x = s.ties[centre.first_tie + seat * n + j].closeness
            if x >= FRIEND:
                weight += x
                total += x * s.users[s.seats[centre.first_seat + j]].loneliness
        s.draws[seat] = total / weight - s.users[row].loneliness
    for seat in range(n):
        row = s.seats[centre.first_seat + seat]
        if row >= 0:
            s.users[row].loneliness += min(1.0, p.identity_contagion) * s.draws[seat]


@kernel
def public_opinion(s: State, present: int) -> None:
    """Update public stigma P once a day, after the day of all centres.

    Reads the acts of advocacy a of all centres today and the users enrolled in all centres, n, after phase 12 of the
    last centre. Then, in this order: if n > 0, P *= 1 - min(1, advocacy_public a / n); acts of advocacy become 0. The
    rules read the new P from tomorrow on. Section 4.3: "breaking down stigma". Size assumed.
    """
    society, p = s.society[0], s.p[0]
    if present > 0:
        society.public_stigma *= 1.0 - min(1.0, p.identity_advocacy_public * society.acts / present)
    society.acts = 0.0
