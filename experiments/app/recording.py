"""A run of one centre, kept day by day so that the page can go forward and back through it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import networkx as nx
import numpy as np

from experiments.app.replay import Happened, happened
from experiments.plots.layout import positions
from sim.language import say
from sim.model import DayCentre
from sim.scenario.schema.scenario import WEEKDAYS, Scenario
from sim.scenario.text.errors import InputError
from sim.state.columns import ACQUAINTANCE, LEVEL_FROM, LEVELS

SHOWN: Final = ("loneliness_ucla20", "burden", "group_identity", "hope")
"""The outcomes whose course the page draws."""
MOST_DAYS: Final = 1096
"""Most days that are kept: three years."""
MOST_USERS: Final = 150
"""Most users of a centre whose days are kept: a larger network is a smear."""
_KEPT: Final = (
    *("uid", "sex", "age", "diagnosis", "arrived", "years_in_centre", "loneliness", "burden", "identity", "hope"),
    *("mood", "self_worth", "unwell", "attends", "talk_hours", "phone_hours", "partners", "given", "received"),
    *("desired_closeness", "threshold", "worker"),
)
"""What is kept of each user on each day."""


@dataclass(frozen=True, slots=True)
class Day:
    """One evening of a centre.

    Parameters
    ----------
    users : structured array
        Who is enrolled, in the order of seats.
    ties : structured array
        Directed ties at or above acquaintance: `one` feels `closeness` to `other` (uids).
    is_open : bool
    happened : Happened
        What happened between people on the day.
    """

    users: Any
    ties: Any
    is_open: bool
    happened: Happened


@dataclass(frozen=True, slots=True)
class Recording:
    """The days of a centre.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    centre : str
    days : tuple of Day
        Day 0 is the start, before anything has happened.
    places : dict of int to (float, float)
        A place for each user (uid) who is ever there, the same on all days, with coordinates from -1 to 1.
    names : dict of int to str
        Names of listed users.
    outcomes : dict of str to list of float
        `SHOWN`, in this centre, a value for each day.
    """

    scenario: Scenario
    seed: int
    centre: str
    days: tuple[Day, ...]
    places: dict[int, tuple[float, float]]
    names: dict[int, str]
    outcomes: dict[str, list[float]]


def recorded(scenario: Scenario, seed: int, centre: str, step: Callable[[int, int], None]) -> Recording:
    """Run a scenario and keep the days of one centre.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    centre : str
        Name of the centre in the run, such as "park" or "park 2".
    step : callable
        Called with the days done and the days of the whole.

    Raises
    ------
    InputError
        When the centre has more users than can be shown, or there is no such centre.
    """
    model = DayCentre(scenario, rng=seed, collect=False)
    engine = model.engine
    if centre not in engine.centres:
        raise InputError(say("there is no centre {centre}", centre=repr(centre)))
    c = engine.centres.index(centre)
    if engine.state.centres["capacity"][c] > MOST_USERS:
        raise InputError(say("a centre of more than {most} users cannot be watched", most=MOST_USERS))
    first = WEEKDAYS.index(scenario.first_day)
    today = [Happened()]

    def look(running: DayCentre) -> None:
        day = running.day
        today[0] = happened(running.engine.state, c, day, (first + day) % 7, seed)

    model.after("attendance", look)  # who comes is known then, and nobody has spoken yet

    length = min(scenario.days, MOST_DAYS)
    days, outcomes = [_evening(model, c, Happened())], {name: [float(engine.beginning()[name][c])] for name in SHOWN}
    for number in range(length):
        step(number, length)
        model.step()
        days.append(_evening(model, c, today[0]))
        for name in SHOWN:
            outcomes[name].append(float(engine.daily[name][-1, c]))
    step(length, length)
    return Recording(scenario, seed, centre, tuple(days), _places(days), dict(engine.names), outcomes)


def _evening(model: DayCentre, c: int, today: Happened) -> Day:
    """Keep what the page shows of a centre now."""
    state = model.engine.state
    centre = state.centres[c]
    first, n = int(centre.first_tie), int(centre.capacity)
    rows = state.seats[centre.first_seat : centre.first_seat + n]
    seats = np.flatnonzero(rows >= 0)
    users = state.users[rows[seats]][list(_KEPT)]
    closeness = state.ties["closeness"][first : first + n * n].reshape(n, n)[np.ix_(seats, seats)]
    one, other = np.nonzero((closeness >= ACQUAINTANCE) & ~np.eye(len(seats), dtype=bool))
    ties = np.zeros(len(one), [("one", "i8"), ("other", "i8"), ("closeness", "f4")])
    ties["one"], ties["other"] = users["uid"][one], users["uid"][other]
    ties["closeness"] = closeness[one, other]
    return Day(np.array(users, copy=True), ties, bool(centre.is_open) and model.day > 0, today)


def _places(days: "list[Day]") -> dict[int, tuple[float, float]]:
    """Place everybody near those to whom they are ever close."""
    graph: nx.DiGraph = nx.DiGraph()
    graph.add_nodes_from(sorted({int(uid) for day in days for uid in day.users["uid"]}))
    nearest: dict[tuple[int, int], float] = {}
    for day in days[:: max(1, len(days) // 24)]:
        for one, other, closeness in day.ties.tolist():
            nearest[one, other] = max(nearest.get((one, other), 0.0), closeness)
    for (one, other), closeness in nearest.items():
        graph.add_edge(one, other, level=level(closeness))
    found = positions([graph], LEVELS[1:])
    return {int(str(uid)): (round(float(spot[0]), 3), round(float(spot[1]), 3)) for uid, spot in found.items()}


def level(closeness: float) -> str:
    """Return the level of a tie: stranger, acquaintance, friend, confidant or kin-like."""
    return LEVELS[int(np.searchsorted(LEVEL_FROM, closeness, side="right"))]
