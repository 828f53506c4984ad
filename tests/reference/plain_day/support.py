"""Phase 6: help in passing, and help on request."""

from .chance import arrival, best
from .episodes import NEEDS
from .giving import helped_well, largest_need, load_of_help, share_met
from .saying import take_heart
from .scales import FRIEND, empathy_now, hope_above, kappa, logistic, reached
from .world import House, Meeting, Person

INFORMATIONAL, ESTEEM, TANGIBLE = 1, 2, 4


def ask_chance(house: House, i: Person, need: float) -> float:
    rules = house.rules.support
    x = rules.ask_base + rules.ask_need * need - rules.ask_stigma * i.self_stigma
    return logistic(x + rules.ask_worth * (i.self_worth - 0.5) + rules.ask_hope * hope_above(house, i))


def helper_utility(house: House, i: Person, j: Person) -> float:
    rules, tie = house.rules.support, house.tie(i, j)
    u = rules.choose_trust * tie.trust + kappa(house, rules.choose_closeness) * tie.closeness
    u += rules.choose_skill * j.listening_skill + rules.choose_capacity * max(0, j.support_capacity - j.load)
    if house.on.proximity_regulation:
        u -= house.rules.encounters.withdrawn_weight * tie.withdrawn
    return u


def help_chance(house: House, i: Person, j: Person) -> float:
    """Return the chance that j helps when i asks."""
    rules = house.rules.support
    near = house.tie(j, i).closeness
    if house.on.expanding_love:
        near = max(near, j.learned_empathy)
    x = rules.accept_base + rules.accept_inclination * j.helping_inclination + rules.accept_empathy * empathy_now(j)
    x += rules.accept_closeness * near - rules.accept_burden * j.burden
    x += rules.accept_returned * has_helped(house, i, j) + rules.accept_reputation * reached(i.given)
    if house.on.living_house:
        x += rules.accept_norm * (house.norm_help - 0.5)
    return logistic(x) * within_limits(j)


def has_helped(house: House, i: Person, j: Person) -> bool:
    return sum(house.tie(i, j).help) > house.rules.support.returned_from


def within_limits(j: Person) -> float:
    return 1 - j.limits if j.load >= j.support_capacity else 1.0


def support(house: House) -> None:
    """Help along the encounters of the day, then answer requests for help."""
    if not house.on.helping:
        return
    for m in house.meetings:
        _help_in_passing(house, m, m.i, m.j, 0)
        _help_in_passing(house, m, m.j, m.i, 1)
    for one in house.order:
        _ask(house, one)


def _help_in_passing(house: House, m: Meeting, v: Person, u: Person, t: int) -> None:
    rules, slot = house.rules.support, 2 * m.k + t
    drawn, within = house.draw("TEACHING", m.i.uid, m.j.uid, slot=slot), within_limits(v)
    _teach(house, m.activity, v, u, drawn[0], within)
    _welcome(house, v, u, drawn[1], within)
    if house.tie(v, u).closeness >= FRIEND and drawn[2] < rules.remind_rate * empathy_now(v):
        u.reminded = 1.0
        house.counts["reminders"] += 1
    kind = largest_need(u)
    noticed = house.draw("NOTICE", m.i.uid, m.j.uid, slot=slot)[0] < rules.notice * empathy_now(v) * within
    if u.needs[kind] >= rules.visible_need and noticed:
        _give(house, v, u, kind, load_of_help(house, kind, u))


def _teach(house: House, activity: int, v: Person, u: Person, drawn: float, within: float) -> None:
    if u.speciality == v.speciality:
        return
    x = house.rules.support.teach_rate * v.helping_inclination if v.speciality == activity else 0.0
    if drawn < (x + (1 - x) * v.mentoring * house.tie(v, u).arranged) * within:
        house.counts["teaching"] += 1
        _give(house, v, u, ESTEEM, house.rules.support.teach_load)


def _welcome(house: House, v: Person, u: Person, drawn: float, within: float) -> None:
    if house.newcomer(v) or not house.newcomer(u):
        return
    y = house.rules.support.welcome_rate * v.helping_inclination
    if house.on.living_house:
        y *= 0.5 + house.norm_welcome
    if drawn < (y + (1 - y) * house.tie(v, u).arranged) * within:
        house.counts["welcomes"] += 1
        _give(house, v, u, INFORMATIONAL, house.rules.support.teach_load)
        v.welcomed += 1


def _ask(house: House, i: Person) -> None:
    kind = largest_need(i)
    need = i.needs[kind]
    others = [one for one in house.order if one is not i]
    if need < house.rules.support.visible_need or not others:
        return
    if house.draw("ASKING", i.uid)[0] >= ask_chance(house, i, need):
        return
    house.counts["asked"] += 1
    races = ((-arrival(house.draw("HELPER", i.uid, x.uid)[0], helper_utility(house, i, x)), x) for x in others)
    j = best(races)
    if house.draw("HELPING", i.uid, j.uid)[0] < help_chance(house, i, j):
        house.counts["granted"] += 1
        _give(house, j, i, kind, load_of_help(house, kind, i))


def _give(house: House, v: Person, u: Person, kind: int, load: float) -> None:
    """Let v help u once."""
    rules, met, returned = house.rules.support, share_met(house, v, u), has_helped(house, u, v)
    u.needs[kind] *= 1 - met
    v.load += load
    u.load += rules.helped_load
    if house.on.helping_empowers:
        v.self_worth += (1 - v.self_worth) * rules.helper_worth * met
        if returned:
            u.self_worth += (1 - u.self_worth) * rules.helped_worth
        else:
            u.self_worth *= 1 - rules.unreturned_worth
    helped_well(house, u, met)
    take_heart(house, v, rules.hope_help)
    _come_closer(house, v, u, kind)
    house.tie(u, v).trust += (1 - house.tie(u, v).trust) * rules.trust_gain
    if kind == TANGIBLE:
        u.reminded = 1.0
    if house.on.expanding_love and returned:
        for one in (v, u):
            one.learned_empathy += (1 - one.learned_empathy) * rules.empathy_gain
    _count(house, v, u, kind)


def _come_closer(house: House, v: Person, u: Person, kind: int) -> None:
    rules = house.rules.support
    for tie in (house.tie(v, u), house.tie(u, v)):
        if house.on.binding_help:
            tie.today += getattr(rules, f"bond_{NEEDS[kind]}")
        if house.on.learned_liking:
            tie.liking += rules.liking_help
        tie.met += rules.act_hours
        tie.last_contact = house.day


def _count(house: House, v: Person, u: Person, kind: int) -> None:
    house.tie(v, u).help[kind] += 1
    v.given += 1
    u.received += 1
    v.helping += 1
    u.helping += 1
    house.counts["helped"] += 1
    house.counts[f"helped_{NEEDS[kind]}"] += 1
    house.counts["helped_beyond"] += house.tie(v, u).closeness < FRIEND
