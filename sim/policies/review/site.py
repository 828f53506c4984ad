"""What a policy adds to the state before the first day: circles, workers and timetables of its own."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.scenario.schema.session import GROUPINGS, WEEKDAYS, OwnActivity, Session, activity_names, known_shares
from sim.state.build import fill_timetable, records
from sim.state.columns import CIRCLE, MEETING, SESSION, WORKER
from sim.state.state import State


def code_of(name: str) -> int:
    """Return the 16-bit code of a use in the draws: a hash of its name, so that other policies cannot change it."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=2).digest())


@dataclass
class Site:
    """The centres that a policy prepares before the first day; a circle, worker or session added makes a new `state`.

    Parameters
    ----------
    state : State
    centres : list of int
        The centres that use the policy.
    code : int
        Code of the use in the draws, from `code_of`.
    activities : mapping of str to OwnActivity
        The scenario's own activities.
    placed : dict of str to int
        Numbers and positions of the rows that the policy adds, for `Acting`.
    """

    state: State
    centres: list[int]
    code: int
    activities: Mapping[str, OwnActivity] = field(default_factory=dict)
    placed: dict[str, int] = field(default_factory=dict)

    def add_circle(self, centre: int, **columns: float) -> None:
        """Add a disclosure circle; `placed["circle:<centre>"]` is its number, from 1."""
        row = records(1, CIRCLE)
        row.centre, row.code = centre, self.code
        for name, value in columns.items():
            row[name] = value
        self.state = self.state._replace(circles=np.concatenate([self.state.circles, row]).view(np.recarray))
        self.placed[f"circle:{centre}"] = len(self.state.circles)

    def add_workers(self, centre: int, number: int, **columns: float) -> None:
        """Add peer support workers; `placed["workers:<centre>"]` is the first worker's number, from 1."""
        rows = records(number, WORKER)
        rows["centre"] = centre
        home = int(self.state.centres[centre].code) << 16
        rows["uid"] = home + 0xF000 + (self.code * 17 + np.arange(number)) % 0x0FFF
        for name, value in columns.items():
            rows[name] = value
        self.placed[f"workers:{centre}"] = len(self.state.workers) + 1
        self.state = self.state._replace(workers=np.concatenate([self.state.workers, rows]).view(np.recarray))

    def sessions(self, centre: int) -> list[Session]:
        """Return a centre's timetable as typed sessions."""
        row = self.state.centres[centre]
        rows = self.state.sessions[int(row.first_session) : int(row.first_session + row.sessions)]
        return [
            Session(
                activity=activity_names(self.activities)[int(one.activity)],
                days=tuple(day for place, day in enumerate(WEEKDAYS) if int(one.weekdays) >> place & 1),
                minutes=float(one.hours) * 60.0,
                group_size=int(one.group_size),
                grouping=GROUPINGS[int(one.grouping)],
            )
            for one in rows
        ]

    def favourites(self, centre: int) -> list[Session]:
        """Return the centre's timetable with the users' favourite activity in place of the one they like least."""
        seats = self.state.seats[int(self.state.centres[centre].first_seat) :][
            : int(self.state.centres[centre].capacity)
        ]
        liked = self.state.users["interest"][seats[seats >= 0]].mean(axis=0)
        sessions = self.sessions(centre)
        names = activity_names(self.activities)
        liking = {name: float((np.array(known_shares(name, self.activities)) * liked).sum()) for name in names}
        least = min((session.activity for session in sessions), key=liking.__getitem__)
        best = max(names, key=liking.__getitem__)
        return [
            one.model_copy(update={"activity": best if one.activity == least else one.activity}) for one in sessions
        ]

    def means(self, centre: int, columns: tuple[str, ...]) -> dict[str, float]:
        """Return the means of columns over the users enrolled at the start in a centre."""
        users = self.state.users[(self.state.users["centre"] == centre) & (self.state.users["status"] == 1)]
        return {name: float(users[name].mean()) for name in columns}

    def add_timetable(self, centre: int, sessions: list[Session], key: str = "timetable") -> None:
        """Add a timetable that the centre can follow later."""
        rows = records(len(sessions), SESSION)
        fill_timetable(rows, sessions, self.activities)
        self.placed[f"{key}:{centre}"] = len(self.state.sessions)
        self.placed[f"{key}:{centre}:length"] = len(sessions)
        room = int(self.state.centres["capacity"].max()) * (2 * len(sessions) + 1)
        self.state = self.state._replace(
            sessions=np.concatenate([self.state.sessions, rows]).view(np.recarray),
            meetings=self.state.meetings if len(self.state.meetings) >= room else records(room, MEETING),
        )
