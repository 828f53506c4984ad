"""Phase 10: group identity, advocacy and stigma; and public opinion."""

from .scales import FRIEND, reached, shifted
from .world import House, Person, World


def identity_gain(house: House, one: Person) -> float:
    rules = house.rules.identity
    g = (rules.breadth_gain + rules.voice_gain * house.voice) * reached(one.partners / rules.breadth_partners)
    g += rules.welcome_gain * one.welcomed
    g += rules.doing_gain * one.doing + rules.help_gain * one.helping
    return g + rules.activity_gain * one.attends


def public_pressure(house: House) -> float:
    """Return the public stigma that reaches users."""
    return house.world.society.public_stigma * (1 - house.world.society.campaign)


def stigma_target(house: House, one: Person) -> float:
    rules = house.rules.identity
    y = rules.stigma_public * (public_pressure(house) - house.world.society.reference)
    y -= rules.stigma_acceptance * (one.acceptance - 0.5) + rules.stigma_identity * (one.identity - 0.5)
    return shifted(one.stigma_disposition, y)


def identity(house: House) -> None:
    """Let identity grow, fade, move toward that of friends, and turn into advocacy; let self-stigma follow."""
    pulls = [_toward_friends(house, one, "identity") / house.rules.identity.pull_days for one in house.users]
    for one, toward in zip(house.users, pulls, strict=True):
        _move(house, one, toward)
    if house.rules.identity.contagion > 0:
        gaps = [_toward_friends(house, one, "loneliness") for one in house.users]
        for one, gap in zip(house.users, gaps, strict=True):
            one.loneliness += min(1, house.rules.identity.contagion) * gap


def _toward_friends(house: House, one: Person, name: str) -> float:
    """Return how far a state of the user's friends is above the user's own; 0 without a friend."""
    friends = [(house.tie(one, x).closeness, x) for x in house.users if x is not one]
    friends = [(closeness, x) for closeness, x in friends if closeness >= FRIEND]
    if not friends:
        return 0.0
    mean = sum(closeness * getattr(x, name) for closeness, x in friends) / sum(closeness for closeness, _ in friends)
    return mean - getattr(one, name)


def _move(house: House, one: Person, toward: float) -> None:
    rules = house.rules.identity
    if house.on.group_advocacy:
        gained = (1 - one.identity) * reached(identity_gain(house, one))
        one.identity += gained - one.identity * reached(_loss(house, one)) + toward
        _may_advocate(house, one)
    share = (1 if one.attends else rules.apart_fade) / rules.fade_days
    one.identity -= (one.identity - one.initial_identity) * min(1, share)
    one.identity = min(1.0, max(0.0, one.identity))
    if house.draw("SLIGHT", one.uid)[0] < reached(rules.slight_rate * public_pressure(house) / 365.25):
        one.self_stigma += (1 - one.self_stigma) * rules.slight_size
    one.self_stigma += (stigma_target(house, one) - one.self_stigma) / rules.stigma_days


def _loss(house: House, one: Person) -> float:
    rules = house.rules.identity
    alone = one.attends and one.partners == 0
    missed = house.is_open and not one.attends
    return rules.conflict_loss * one.conflicts + rules.alone_loss * alone + rules.absence_loss * missed


def _may_advocate(house: House, one: Person) -> None:
    rules = house.rules.identity
    hazard = rules.advocacy_rate * max(0, one.identity - rules.advocacy_from) + one.spokesperson
    if house.draw("ADVOCACY", one.uid)[0] < reached(hazard):
        one.self_stigma *= 1 - rules.advocacy_relief
        house.world.society.acts += 1
        house.counts["advocacy"] += 1


def public_opinion(world: World) -> None:
    """Move public stigma after all centres have lived the day."""
    users = sum(len(house.users) for house in world.houses)
    if users:
        share = world.scenario.rules.identity.advocacy_public * world.society.acts / users
        world.society.public_stigma *= 1 - min(1, share)
    world.society.acts = 0.0
