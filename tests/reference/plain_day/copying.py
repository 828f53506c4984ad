"""Copy the engine's state into plain objects: at the start, and what enters from outside later.

Newcomers enter from the engine's rows, and reviews bring the columns that policies move.
"""

from types import SimpleNamespace
from typing import Any

from .living import WEEKDAYS
from .world import House, Person, Tie, World

WAITING, PRESENT, LEFT = 0, 1, 2
REVIEWED_USER = (
    "confidentiality", "family_support", "listening_skill", "support_capacity", "assurance", "restraint", "limits",
    "boundary", "supervised", "respite", "quiet", "evenings", "evening_hours", "outreach", "outreach_after",
    "outreach_by_peers", "mentoring", "work_ready", "spokesperson", "circle", "circle_share", "worker",
)  # fmt: skip
REVIEWED_CENTRE = ("coverage", "expected_norm", "voice", "closed_places")


def plain(value: Any) -> Any:
    """Return a number or a list of numbers."""
    return value.tolist()


def filled(into: Any, row: Any) -> Any:
    """Set an attribute for each column of a row."""
    for name in row.dtype.names:
        setattr(into, name, plain(row[name]))
    return into


def copied(engine: Any) -> World:
    """Copy the state of an engine that has not yet run a day."""
    state = engine.state
    society = filled(SimpleNamespace(), state.society[0])
    world = World(engine.seed, engine.scenario, engine.day, society)
    for number in range(len(state.centres)):
        world.houses.append(_house(world, engine, number))
    world.circles = [filled(SimpleNamespace(), row) for row in state.circles]
    world.workers = [filled(SimpleNamespace(), row) for row in state.workers]
    take_newcomers(world, engine)
    take_timetables(world, engine)
    return world


def _house(world: World, engine: Any, number: int) -> House:
    state, centre = engine.state, engine.state.centres[number]
    seats = int(centre["capacity"])
    blank = {name: [0.0] * 5 if name == "help" else 0 for name in state.ties.dtype.names}
    house = filled(House(world, number, [None] * seats, {}, blank), centre)
    declared = list(engine.scenario.centres.values())[_declared(engine.scenario)[number]]
    house.open_weekdays = {WEEKDAYS.index(name) for name in declared.open}
    house.closed_days = {day for c in declared.closures for day in range(c.first, c.last + 1)}
    for row in state.users:
        if row["centre"] == number and row["status"] == PRESENT:
            house.seats[row["seat"]] = filled(Person(), row)
        elif row["centre"] == number and row["status"] == LEFT:
            house.gone.append(filled(Person(), row))
    _copy_ties(house, state.ties[int(centre["first_tie"]) :], seats)
    return house


def _declared(scenario: Any) -> list[int]:
    """Return, for each centre of the engine, the scenario's centre that it copies."""
    return [place for place, centre in enumerate(scenario.centres.values()) for _ in range(centre.copies)]


def _copy_ties(house: House, ties: Any, seats: int) -> None:
    for i in house.users:
        for j in house.users:
            if i is not j:
                house.ties[i.uid, j.uid] = filled(Tie(), ties[i.seat * seats + j.seat])


def take_newcomers(world: World, engine: Any) -> None:
    """Queue the newcomers waiting in the engine's rows, in the order of their numbers."""
    rows = engine.state.users
    for house in world.houses:
        waiting = rows[(rows["status"] == WAITING) & (rows["centre"] == house.number)]
        known = {one.uid for one in house.waiting}
        house.waiting += [filled(Person(), row) for row in waiting if row["uid"] not in known]
        house.waiting.sort(key=lambda one: one.uid)


def take_timetables(world: World, engine: Any) -> None:
    """Read the timetable in force in each centre."""
    for house, row in zip(world.houses, engine.state.centres, strict=True):
        sessions = engine.state.sessions[int(row["first_session"]) :][: int(row["sessions"])]
        house.timetable = [filled(SimpleNamespace(), session) for session in sessions]


def take_review(world: World, engine: Any) -> None:
    """Copy the columns that a review has moved."""
    state, rows = engine.state, {int(row["uid"]): row for row in engine.state.users}
    for house, centre in zip(world.houses, state.centres, strict=True):
        for name in REVIEWED_CENTRE:
            setattr(house, name, plain(centre[name]))
        for one in house.users + house.gone:
            for name in REVIEWED_USER:
                setattr(one, name, plain(rows[one.uid][name]))
        _take_arrangements(house, state.ties[int(centre["first_tie"]) :])
    for worker, row in zip(world.workers, state.workers, strict=True):
        worker.at_work = plain(row["at_work"])
    world.society.campaign = plain(state.society[0]["campaign"])
    take_timetables(world, engine)


def _take_arrangements(house: House, ties: Any) -> None:
    for i in house.users:
        for j in house.users:
            if i is not j:
                house.tie(i, j).arranged = plain(ties[i.seat * len(house.seats) + j.seat]["arranged"])
