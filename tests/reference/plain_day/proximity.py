"""Phase 7: users withdraw, turn back, feel demand, and ties that are not returned cool."""

from .scales import FRIEND, reached, staffed, unwanted, wanted
from .world import House, Person


def overreach(house: House, i: Person, j: Person) -> float:
    nearer = max(house.tie(i, j).closeness, house.tie(j, i).closeness)
    return nearer - wanted(house, i, j) - house.rules.proximity.band


def proximity(house: House) -> None:
    """Let every pair look at how near the two are."""
    for i, j in house.pairs:
        tie, back = house.tie(i, j), house.tie(j, i)
        if tie.closeness == 0 and back.closeness == 0:
            continue
        if house.on.proximity_regulation:
            _look(house, i, j)
            _look(house, j, i)
            _keep_away(house, i, j)
            _keep_away(house, j, i)
        if house.on.moving_ties:
            rate = min(1, house.rules.proximity.one_way_cooling / 365.25)
            gap = (tie.closeness - back.closeness) * rate
            if gap > 0:
                tie.closeness -= gap
            else:
                back.closeness += gap


def _look(house: House, i: Person, j: Person) -> None:
    """Let i look at j: turn back, begin to keep away, feel what j wants."""
    rules, tie = house.rules.proximity, house.tie(i, j)
    u, x = house.draw("WITHDRAWAL", i.uid, j.uid)[0], overreach(house, i, j)
    if tie.withdrawn:
        if house.tie(j, i).closeness >= FRIEND:
            j.mood *= 1 - rules.rebuff
        if u < reached(rules.return_rate * (1 + rules.mediation * staffed(house))):
            tie.withdrawn = 0
            house.counts["returns"] += 1
    elif x > 0 and u < reached(rules.withdraw_rate * x):
        tie.withdrawn = 1
        tie.withdrawals += 1
        house.counts["withdrawals"] += 1
    if tie.met > 0:
        i.demand += unwanted(house, i, j)


def _keep_away(house: House, i: Person, j: Person) -> None:
    if house.tie(i, j).withdrawn:
        house.tie(i, j).closeness *= 1 - house.rules.proximity.cooling_rate
        house.tie(j, i).trust *= 1 - house.rules.proximity.rebuff
