"""States small enough to work out by hand: nothing happens in them unless a test sets a parameter."""

from typing import Any

import numpy as np

from sim.outcomes.catalogue import DAILY_COLUMNS
from sim.scenario.schema.scenario import Mechanisms, Scenario
from sim.state.build import parameters, records
from sim.state.columns import CENTRE, CIRCLE, MEETING, PRESENT, SESSION, SOCIETY, TIE, USER, WAITING, WORKER, record
from sim.state.state import State, scratch

SEED = np.uint64(20240917)
FOREVER = 1e15
"""Time constant in days, so long that a state does not move in a day."""
SURE = 40.0
"""Log odds of certainty: every uniform draw lies below; its negative means never."""
AT_ONCE = 1e9
"""Rate at which something certainly happens today."""
SEATS, TIES, SESSIONS = 2, 3, 1
"""Where the seats, ties and sessions of the centre begin: what lies before and behind belongs to nobody."""

_USER = {
    "arrived": -1000.0, "left": -1.0, "next_row": -1, "age": 40.0, "mood": 0.5, "loneliness": 0.5, "identity": 0.5,
    "self_worth": 0.5, "acceptance": 0.5, "threshold": 0.5, "habit": 0.5, "sociability": 1.0, "desired_closeness": 0.5,
    "desired_ties": 3.0, "disclosure_threshold": 0.5, "lonely_disposition": 0.5, "mood_disposition": 0.5,
    "initial_identity": 0.5, "worth_disposition": 0.5, "stigma_disposition": 0.5, "acceptance_disposition": 0.5,
    "hope": 0.5, "hope_disposition": 0.5, "interest": 0.5, "speciality": 6, "first_friend": -1.0,
    "first_confidant": -1.0, "attends": 1,
}  # fmt: skip


_FACTORS = (
    "conversation_deep_ratio", "encounters_tenure_years", "episodes_newcomer_need_ratio", "episodes_unwell_need_ratio",
    "forgetting_apart_ratio", "identity_breadth_partners", "proximity_beyond_gain", "support_unwell_load_ratio",
    "turnover_newcomer_ratio", "turnover_unwell_ratio", "wellbeing_rest_ratio",
)  # fmt: skip
"""Parameters that change nothing when they are 1."""
_BOUNDLESS = {
    **dict.fromkeys(("forgetting_hours_scale", "encounters_impression_talks", "wellbeing_satiety"), FOREVER),
    "forgetting_day_hours": 1e8,
}
"""Parameters that change nothing when they are large; beyond 1e8 a day of hours, rounding would show."""


def quiet(**wanted: float) -> Any:
    """Return parameters under which nothing happens, except for those given; the mechanisms are on."""
    p = parameters(Scenario(name="hand-made"))
    for name in p.dtype.names:
        lasts = name.endswith("_days") and name != "episodes_newcomer_days"
        p[name] = FOREVER if lasts else 0.0
    neutral = _BOUNDLESS | dict.fromkeys(_FACTORS, 1.0) | dict.fromkeys(Mechanisms.model_fields, 1)
    for name, value in (neutral | wanted).items():
        assert name in p.dtype.names, f"no parameter {name}"
        p[name] = value
    return p


def hand_made(users: int = 2, *sessions: dict[str, Any], queue: int = 0, days: int = 4, **wanted: float) -> State:
    """Return a state of an open centre with this many users, all alike, present, and strangers to each other.

    Parameters
    ----------
    users : int
    *sessions : dict
        Columns of SESSION; by default an hour of crafts every day at a table for eight.
    queue : int
        Number of newcomers in the queue.
    days : int
        Length of ledger and calendar.
    **wanted : float
        Parameters with an effect, named section_parameter.
    """
    people = records(users + queue, USER)
    for name, value in _USER.items():
        people[name] = value
    people["uid"] = 101 + np.arange(len(people))
    people["status"], people["seat"] = PRESENT, np.arange(len(people))
    people["status"][users:], people["seat"][users:], people["attends"][users:] = WAITING, -1, 0
    people["next_row"][users:] = [*range(users + 1, users + queue), -1][:queue]
    seats = np.full(users + 2 * SEATS, -1)
    seats[SEATS : SEATS + users] = np.arange(users)
    ties = records(users**2 + 2 * TIES, TIE)
    ties["last_contact"] = -1
    centres = records(1, CENTRE)
    centres["capacity"], centres["is_open"], centres["coverage"], centres["assigned_days"] = users, 1, 1.0, 90
    for norm in ("help", "welcome"):
        centres[f"norm_{norm}"] = centres[f"expected_{norm}"] = 0.5
    centres["first_seat"], centres["first_tie"], centres["first_session"] = SEATS, TIES, SESSIONS
    centres["sessions"], centres["queue"], centres["next_row"] = len(sessions), queue, users if queue else -1
    # `meet` lists each encounter in a session of its own, of crafts where the timetable has none.
    timetable = records(SESSIONS + 4 + users * (users + len(sessions)), SESSION)
    timetable["shares"][:, 0], timetable["talk_share"] = 1.0, -1.0
    for row, session in zip(timetable[SESSIONS : SESSIONS + len(sessions)], sessions, strict=True):
        for name, value in ({"weekdays": 127, "hours": 1.0, "group_size": 8} | session).items():
            row[name] = value
        if "shares" not in session:
            row["shares"] = np.arange(len(row["shares"])) == row["activity"]
    return State(
        users=np.concatenate([people]).view(np.recarray),
        ties=ties,
        seats=seats,
        centres=centres,
        sessions=timetable,
        society=records(1, SOCIETY),
        circles=records(0, CIRCLE),
        workers=records(0, WORKER),
        aside=records(1, TIE),
        p=quiet(**wanted),
        open=np.ones((days, 1), np.uint8),
        ledger=np.zeros((days, 1), record(DAILY_COLUMNS)).view(np.recarray),
        meetings=records(4 + users * (users + len(sessions)), MEETING),
        **scratch(users) | {"order": np.arange(users, dtype=np.int64)},
    )


def tie(s: State, i: int, j: int) -> Any:
    """Return the tie of the user in seat i towards the user in seat j, to read and to write."""
    return s.ties[TIES + i * int(s.centres[0].capacity) + j]


def seated(s: State) -> list[int]:
    """Return the row of the user in each seat, -1 for an empty one."""
    return s.seats[SEATS : SEATS + int(s.centres[0].capacity)].tolist()


def befriend(s: State, i: int, j: int, there: float, back: float | None = None) -> None:
    """Set how close i feels to j, and j to i (equally close by default)."""
    tie(s, i, j).closeness = there
    tie(s, j, i).closeness = there if back is None else back


def vacate(s: State, seat: int) -> None:
    """Empty a seat."""
    s.users[s.seats[SEATS + seat]].seat = -1
    s.seats[SEATS + seat] = -1
    s.centres[0].vacant += 1


def stay_home(s: State, *rows: int) -> None:
    """Keep users at home, and put those present in order."""
    for row in rows:
        s.users[row].attends = 0
    present = [seat for seat, row in enumerate(seated(s)) if row >= 0 and s.users[row].attends == 1]
    s.order[: len(present)] = present


def meet(s: State, *pairs: tuple[int, ...], hours: float = 1.0, doing: int = 0) -> int:
    """List encounters of two (or three: who turned, the other, who joined); return their number."""
    for e, (i, j, *third) in enumerate(pairs):
        m = s.meetings[e]
        m.i, m.j, m.third, m.session, m.activity, m.hours = i, j, (third or [-1])[0], e, 0, hours
        m.doing = doing
    return len(pairs)
