"""Phase 5: conversations, one after the other; each acts at once."""

import math

from .chance import arrival, best
from .saying import (
    DISTRESS,
    ILLNESS,
    ORDINARY,
    STRENGTHS,
    chance_of_questioning,
    depth_of_talk,
    heard_badly,
    heard_well,
    openness,
    reception_chance,
    take_heart,
)
from .scales import kappa, logit, reached, staffed
from .world import House, Meeting, Person

IN_THREE, COMPANY_IN_THREE = 2 / 3, 1 / 2
NAMES = {STRENGTHS: "strengths_talks", DISTRESS: "distress_talks", ILLNESS: "illness_talks"}


def conversation(house: House) -> None:
    """Hold the conversations in the order of the encounters."""
    for m in house.meetings:
        i, j, x = m.i, m.j, m.third
        first = _speak(house, m, i, j, 0, r=house.tie(j, i).told, asked=False)
        personal = first != ORDINARY
        second = _speak(house, m, j, i, 1, r=house.tie(i, j).told or personal, asked=personal)
        ratio = house.rules.conversation.deep_ratio if max(first, second) > 0 else 1.0
        hours = m.hours if x is None else m.hours * IN_THREE
        company = m.hours if x is None else m.hours * COMPANY_IN_THREE
        pairs = [(i, j, j, ratio)] + ([(i, x, x, 1.0), (j, x, x, 1.0)] if x is not None else [])
        for number, (one, other, named, ratio) in enumerate(pairs):
            _talk(house, one, other, hours * ratio, company, ratio > 1)
            _impress(house, one, other, house.draw("IMPRESSION", i.uid, named.uid, slot=3 * m.k + number))
        _note(house, m, max(abs(first), abs(second)))


def _note(house: House, m: Meeting, depth: int) -> None:
    house.counts["talks"] += 1
    house.counts["deep_talks"] += depth >= DISTRESS
    house.counts["talk_hours"] += m.hours
    for one in (m.i, m.j, m.third):
        if one is not None and m.doing:
            one.doing += 1


def _talk(house: House, i: Person, j: Person, effective: float, company: float, deep: bool) -> None:
    rules = house.rules.conversation
    for one, other in ((i, j), (j, i)):
        tie = house.tie(one, other)
        if house.on.ordinary_connection or deep:
            tie.today += effective
        if house.on.ordinary_connection:
            one.mood += (1 - one.mood) * reached(rules.pleasure * company)
            one.talk_hours += company
        tie.trust += (1 - tie.trust) * reached(rules.trust_ordinary * company)
        one.partners += 1
        tie.met += company
        tie.last_contact = house.day


def _impress(house: House, i: Person, j: Person, u: tuple[float, ...]) -> None:
    if not house.on.learned_liking:
        return
    rules = house.rules.encounters
    radius, angle, n = math.sqrt(-2 * math.log(u[0])), 2 * math.pi * u[1], rules.impression_talks
    s = rules.impression_sd * math.sqrt(2 / n - 1 / n**2)
    for one, other, z in ((i, j, radius * math.cos(angle)), (j, i, radius * math.sin(angle))):
        tie = house.tie(one, other)
        tie.liking += (tie.liking_base - tie.liking) / n + s * z


def _speak(house: House, m: Meeting, u: Person, v: Person, t: int, r: bool, asked: bool) -> int:
    """Let u say something to v; return its depth, negative when badly received."""
    rules, tie = house.rules.conversation, house.tie(u, v)
    drawn = house.draw("DEPTH", m.i.uid, m.j.uid, slot=2 * m.k + t)
    if not asked and m.circle is None and drawn[0] >= rules.occasion:
        return ORDINARY
    ready = openness(house, u, tie.trust, tie.closeness, r) + rules.noise * logit(drawn[1])
    if m.circle is not None:
        ready += m.fully * m.circle.norm
    depth = min(depth_of_talk(house, u, ready), ILLNESS if m.third is None else STRENGTHS)
    if depth == ORDINARY:
        return ORDINARY
    house.counts[NAMES[depth]] += 1
    return _say(house, m, u, v, t, depth, drawn)


def _say(house: House, m: Meeting, u: Person, v: Person, t: int, depth: int, drawn: tuple[float, ...]) -> int:
    deep = depth >= DISTRESS
    questioned = deep and drawn[2] < chance_of_questioning(house, v)
    house.counts["questioned"] += questioned
    facilitation = m.fully * m.circle.reception if m.circle is not None else 0.0
    well = drawn[3] < reception_chance(house, v, questioned, facilitation)
    if depth == ILLNESS:
        house.tie(u, v).told = 1
    if deep:
        v.load += house.rules.conversation.listening_load
    if well:
        _well_received(house, u, v, depth)
    else:
        _badly_received(house, u, v)
    if deep:
        _may_leak(house, m, u, v, t)
    return depth if well else -depth


def _well_received(house: House, u: Person, v: Person, depth: int) -> None:
    rules, tie, back = house.rules.conversation, house.tie(u, v), house.tie(v, u)
    house.counts["well_received"] += 1
    tie.trust += (1 - tie.trust) * rules.trust_good
    back.trust += (1 - back.trust) * rules.trust_listener * rules.trust_good
    heard_well(house, u, depth)
    if house.on.learned_liking:
        tie.liking += rules.liking_good
        back.liking += rules.liking_good
    if depth >= DISTRESS:
        if house.on.being_known:
            tie.closeness += (1 - tie.closeness) * rules.bond_gain
            back.closeness += (1 - back.closeness) * rules.bond_listener * rules.bond_gain
            gain = rules.known_illness if depth == ILLNESS else rules.known_distress
            tie.known += (1 - tie.known) * gain
        if house.on.group_advocacy:
            v.identity += (1 - v.identity) * rules.fate_gain
    if depth == ILLNESS:
        take_heart(house, v, rules.hope_story)


def _badly_received(house: House, u: Person, v: Person) -> None:
    rules, tie = house.rules.conversation, house.tie(u, v)
    tie.trust *= 1 - rules.trust_bad
    heard_badly(house, u)
    u.conflicts += 1
    left = 1 - rules.calming * staffed(house)
    if house.on.moving_ties:
        tie.closeness *= 1 - rules.quarrel * left
    if house.on.learned_liking:
        tie.liking -= rules.liking_bad * left


def _may_leak(house: House, m: Meeting, u: Person, v: Person, t: int) -> None:
    """Let the listener v pass on what u has told."""
    rules, slot = house.rules.conversation, 2 * m.k + t
    leaks = 1.0 if m.circle is None else 1 - m.fully * m.circle.discretion
    drawn = house.draw("LEAK", m.i.uid, m.j.uid, slot=slot)
    others = [one for one in house.order if one is not u and one is not v]
    if drawn[0] >= rules.leak_rate * (1 - v.confidentiality) * leaks or not others:
        return
    house.counts["leaks"] += 1
    weight = kappa(house, house.rules.encounters.closeness_weight)
    hearer = best(
        (-arrival(house.draw("LEAK_HEARER", v.uid, x.uid, slot=slot)[0], weight * house.tie(v, x).closeness), x)
        for x in others
    )
    hearer.threshold += (1 - hearer.threshold) * rules.hearsay_threshold
    if drawn[1] < rules.leak_learned:
        _be_betrayed(house, u, v)


def _be_betrayed(house: House, u: Person, v: Person) -> None:
    rules, tie = house.rules.conversation, house.tie(u, v)
    tie.trust *= 1 - rules.leak_trust
    if house.on.moving_ties:
        tie.closeness *= 1 - rules.leak_closeness
    u.self_stigma += (1 - u.self_stigma) * rules.leak_stigma
    u.threshold += (1 - u.threshold) * rules.leak_threshold
    u.conflicts += 1
