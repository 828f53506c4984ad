"""Phase 2: well and unwell spells, and the five needs."""

from typing import Any

from sim.elementary import exp
from sim.kernel import kernel
from sim.state.scales import happens
from sim.state.state import State
from sim.streams import EPISODE, NEED, TROUBLE, uniform, unit, words


@kernel
def relapse_hazard(u: Any, p: Any) -> float:
    """Hazard of an unwell episode, per day.

    h = (relapse_<diagnosis> / 365.25) exp(burden_slope B) (1 - [adaptation_with_peers] reminder_protection R)

    relapse in 1/year by diagnosis (assumed); depression counts as bipolar disorder, intellectual disability as
    obsessive-compulsive disorder, any other as schizophrenia (assumed: the study has none of them). B burden; R in [0,
    1]: how recently a peer reminded the user of medication or helped with it (sections 3.1.3, P12 and 3.3.3, P1).
    """
    rate = p.episodes_relapse_schizophrenia
    if u.diagnosis in (1, 4):
        rate = p.episodes_relapse_bipolar
    elif u.diagnosis in (2, 5):
        rate = p.episodes_relapse_ocd
    elif u.diagnosis == 3:
        rate = p.episodes_relapse_epileptic
    hazard = rate / 365.25 * exp(p.episodes_burden_slope * u.burden)
    if p.adaptation_with_peers == 1:
        hazard *= 1.0 - p.episodes_reminder_protection * u.reminded
    return hazard


@kernel
def need_rate(kind: int, u: Any, p: Any, newcomer: bool) -> float:
    """Rate of needs of this kind, per day: need_<kind> / 7, times the ratios below that apply.

    unwell_need_ratio while unwell; newcomer_need_ratio for the informational need of a newcomer (section 3.3.1, P4),
    who arrived less than newcomer_days ago. Kinds after Cutrona & Suhr 1992; all rates assumed.
    """
    rate = p.episodes_need_emotional
    if kind == 1:
        rate = p.episodes_need_informational * (p.episodes_newcomer_need_ratio if newcomer else 1.0)
    elif kind == 2:
        rate = p.episodes_need_esteem
    elif kind == 3:
        rate = p.episodes_need_network
    elif kind == 4:
        rate = p.episodes_need_tangible
    if u.unwell == 1:
        rate *= p.episodes_unwell_need_ratio
    return rate / 7.0


@kernel
def trouble_hazard(u: Any, p: Any) -> float:
    """Hazard of trouble at home, per day: 2 (1 - f) trouble_rate / 365.25, f family support. Assumed."""
    return 2.0 * (1.0 - u.family_support) * p.episodes_trouble_rate / 365.25


@kernel
def episodes(s: State, c: int, day: int, seed: Any) -> None:
    """Switch users between well and unwell, open new needs, and let open needs fade.

    Reads, for each user in this order:

    1. One draw: a user who is unwell gets well with chance reached(1 / episode_days); a user who is well falls unwell
       with chance reached(`relapse_hazard`), of yesterday's burden and reminder.
    2. Reminder R -= R / reminder_days.
    3. Trouble at home T -= T / trouble_days, then T += (1 - T) trouble_size with chance reached(`trouble_hazard`).
    4. Kind by kind: need n -= n / need_fade_days (the user copes elsewhere), then n += (1 - n) need_size with chance
       reached(`need_rate`), which reads the episode of step 1.
    """
    centre, p, today = s.centres[c], s.p[0], s.ledger[max(day, 0), c]
    for seat in range(centre.capacity):
        row = s.seats[centre.first_seat + seat]
        if row < 0:
            continue
        u = s.users[row]
        chance = uniform(seed, EPISODE, 0, day, u.uid, 0)
        if u.unwell == 1:
            if happens(chance, 1.0 / p.episodes_episode_days):
                u.unwell = 0
        elif happens(chance, relapse_hazard(u, p)):
            u.unwell = 1
            today.relapses += 1.0
        u.reminded -= u.reminded / p.episodes_reminder_days
        u.trouble -= u.trouble / p.episodes_trouble_days
        if happens(uniform(seed, TROUBLE, 0, day, u.uid, 0), trouble_hazard(u, p)):
            u.trouble += (1.0 - u.trouble) * p.episodes_trouble_size
        newcomer = day - u.arrived < p.episodes_newcomer_days
        w0, w1, w2, w3 = words(seed, NEED, 0, day, u.uid, 0)
        w4 = words(seed, NEED, 1, day, u.uid, 0)[0]
        for kind in range(5):
            word = w0
            if kind == 1:
                word = w1
            elif kind == 2:
                word = w2
            elif kind == 3:
                word = w3
            elif kind == 4:
                word = w4
            u.needs[kind] -= u.needs[kind] / p.episodes_need_fade_days
            if happens(unit(word), need_rate(kind, u, p, newcomer)):
                u.needs[kind] += (1.0 - u.needs[kind]) * p.episodes_need_size
                today.needs_arisen += 1.0
