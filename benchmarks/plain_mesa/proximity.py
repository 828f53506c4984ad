"""Phase 7: users withdraw from ties that are too near, and unreturned ties cool."""

from benchmarks.plain_mesa.agents import Centre, User
from benchmarks.plain_mesa.scales import reached
from benchmarks.plain_mesa.tie import DAYS_PER_YEAR, FRIEND
from benchmarks.plain_mesa.ties import unwanted, wanted


def proximity(model: Centre) -> None:
    """Let each pair with any closeness regulate its distance, then let unreturned closeness cool."""
    users = list(model.agents)
    for place, user in enumerate(users):
        for other in users[place + 1 :]:
            if user.ties[other].closeness > 0.0 or other.ties[user].closeness > 0.0:
                if model.on.proximity_regulation:
                    _regulate(user, other)
                if model.on.moving_ties:
                    _cool_what_is_not_returned(user, other)


def _regulate(one: User, two: User) -> None:
    """Let both users look at their tie, then cool ties from which a user has withdrawn."""
    p = one.model.rules.proximity
    look(one, two)
    look(two, one)
    for user, other in ((one, two), (two, one)):
        if user.ties[other].withdrawn:
            user.ties[other].closeness *= 1.0 - p.cooling_rate
            other.ties[user].trust *= 1.0 - p.rebuff


def look(user: User, other: User) -> None:
    """Let a user turn back to another, or withdraw if the other is too near; count unwanted demand.

    If the user withdrew before today, the mood of the other falls, provided the other feels as a friend.
    """
    model, tie, back = user.model, user.ties[other], other.ties[user]
    p, chance, today = model.rules.proximity, model.random.random, model.today
    if tie.withdrawn:
        if back.closeness >= FRIEND:
            other.mood *= 1.0 - p.rebuff
        if chance() < reached(p.return_rate * (1.0 + p.mediation * model.staffed)):
            tie.withdrawn = False
            today["returns"] += 1
    else:
        overreach = max(tie.closeness, back.closeness) - wanted(user, tie) - p.band
        if overreach > 0.0 and chance() < reached(p.withdraw_rate * overreach):
            tie.withdrawn = True
            tie.withdrawals += 1
            today["withdrawals"] += 1
    if tie.met > 0.0:
        user.demand += unwanted(user, other)


def _cool_what_is_not_returned(one: User, two: User) -> None:
    """Move the larger closeness of a pair toward the smaller."""
    share = min(1.0, one.model.rules.proximity.one_way_cooling / DAYS_PER_YEAR)
    tie, back = one.ties[two], two.ties[one]
    gap = tie.closeness - back.closeness
    tie.closeness -= max(0.0, gap) * share
    back.closeness -= max(0.0, -gap) * share
