"""The day: twelve phases, centre by centre, then public opinion."""

from collections.abc import Callable

from .attendance import attendance
from .circles import circles
from .contact import contact
from .conversation import conversation
from .encounters import encounters
from .episodes import episodes
from .forgetting import forgetting
from .identity import identity, public_opinion
from .proximity import proximity
from .recording import outcomes, role
from .support import support
from .turnover import YEAR, turnover
from .wellbeing import wellbeing
from .workers import staff_listen, workers
from .world import House, Person, World

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIRST_NEWCOMER = 32768


def live(world: World) -> list[dict[str, float]]:
    """Live the day; return the outcomes of each centre."""
    found = [_live_in(house) for house in world.houses]
    public_opinion(world)
    world.day += 1
    return found


def open_or_close(house: House) -> None:
    """Open or close the centres by the calendar: by weekday, less closures from day 0 on."""
    house.weekday = (WEEKDAYS.index(house.world.scenario.first_day) + house.day) % 7
    house.is_open = int(house.weekday in house.open_weekdays and house.day not in house.closed_days)


def _live_in(house: House) -> dict[str, float]:
    house.counts.clear()
    open_or_close(house)
    if house.day >= -365:
        turnover(house)
    episodes(house)
    attendance(house)
    house.meetings = []
    on_opening_days: tuple[Callable[[House], None], ...] = (encounters, circles, conversation, support)
    for phase in on_opening_days if house.is_open else ():
        phase(house)
    workers(house)
    if house.is_open:
        staff_listen(house)
    for phase in (proximity, contact, wellbeing, identity, forgetting):
        phase(house)
    return outcomes(house)


def settle(world: World, days: int) -> None:
    """Live the days before day 0, and start the run."""
    world.day = -days
    for _ in range(days):
        live(world)
    for house in world.houses:
        for one in house.users:
            _begin(house, one)
        for tie in house.ties.values():
            tie.last_contact = -1


def _begin(house: House, one: Person) -> None:
    one.loneliness_at_entry, one.burden_at_entry, one.identity_at_entry = one.loneliness, one.burden, one.identity
    one.friends_at_entry = one.friends
    one.role_at_entry = role(one.given, one.received, house.rules.support.memory_days)
    one.open_days = one.days_attended = 0
    one.first_friend = 0.0 if one.friends else -1.0
    one.first_confidant = 0.0 if one.confidants else -1.0
    if one.uid % 65536 >= FIRST_NEWCOMER:
        years = -one.arrived / YEAR
        one.age += years
        one.years_ill += years
        one.years_in_centre = years
