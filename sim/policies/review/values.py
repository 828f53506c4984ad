"""The quantities of users and centres that conditions compare, in the units of the results."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np

from sim.state.columns import MARITAL, ROLES, USER
from sim.state.state import State

WEEK: Final = 7
Value = np.ndarray[Any, np.dtype[Any]]


def _years_run(state: State, day: int) -> Value:
    """Years since day 0, or since the user's arrival if later; they are added to age and tenure."""
    passed: Value = np.maximum(0.0, day - np.maximum(state.users["arrived"], 0.0)) / 365.25
    return passed


def _role(state: State, day: int, name: str) -> Value:
    """Return whether each user has this role; `sim.outcomes.ledger.role` for all users at once."""
    given, received = state.users["given"], state.users["received"]
    involved = given + received >= state.p[0].support_memory_days / 30.0
    helper = involved & (given >= 1.5 * received)
    helped = involved & ~helper & (received >= 1.5 * given)
    values: Value = {
        "uninvolved": ~involved,
        "helper": helper,
        "helped": helped,
        "mutual": involved & ~helper & ~helped,
    }[name]
    return values


def _plain(name: str) -> Callable[[State, int], Value]:
    return lambda state, day: state.users[name]


def _flag(name: str) -> Callable[[State, int], Value]:
    return lambda state, day: state.users[name] == 1


def _of_role(name: str) -> Callable[[State, int], Value]:
    return lambda state, day: _role(state, day, name)


USER_VALUES: Final[dict[str, Callable[[State, int], Value]]] = {
    **{c.name: _plain(c.name) for c in USER if c.kind in ("background", "trait", "state") and not c.shape},
    "loneliness_ucla20": lambda state, day: 20.0 + 60.0 * state.users["loneliness"],
    "burden": lambda state, day: 100.0 * state.users["burden"],
    "group_identity": lambda state, day: 1.0 + 6.0 * state.users["identity"],
    "age": lambda state, day: state.users["age"] + _years_run(state, day),
    "years_ill": lambda state, day: state.users["years_ill"] + _years_run(state, day),
    "years_in_centre": lambda state, day: state.users["years_in_centre"] + _years_run(state, day),
    "days_since_arrival": lambda state, day: day - state.users["arrived"],
    "friends": _plain("friends"),
    "confidants": _plain("confidants"),
    "help_given": _plain("given"),
    "help_received": _plain("received"),
    "days_absent": _plain("missed"),
    "newcomer": lambda state, day: day - state.users["arrived"] < state.p[0].episodes_newcomer_days,
    **{name: _flag(name) for name in ("unwell", "only_child")},
    "divorced": lambda state, day: state.users["marital_status"] == MARITAL.index("divorced"),
    **{name: _of_role(name) for name in ROLES},
}
"""The quantities of users that conditions can use, shape (rows,)."""


def _attendance(state: State, day: int) -> Value:
    """Share of enrolled users who came, over last week's opening days; NaN (no condition holds) if there were none."""
    first = max(0, day - WEEK)
    week = state.ledger[first:day]
    settling = state.open.shape[0] - state.ledger.shape[0]
    opened = state.open[settling + first : settling + day].sum(axis=0)
    came = week["attended"].sum(axis=0) if len(week) else np.zeros(len(state.centres))
    asked = opened * _enrolled(state, day)
    share: Value = np.where(asked > 0, came / np.maximum(asked, 1), np.nan)
    return share


def _enrolled(state: State, day: int) -> Value:
    number: Value = state.centres["capacity"] - state.centres["vacant"]
    return number


CENTRE_VALUES: Final[dict[str, Callable[[State, int], Value]]] = {
    "users": _enrolled,
    "vacant": lambda state, day: state.centres["vacant"],
    "attendance": _attendance,
    "public_stigma": lambda state, day: np.full(len(state.centres), float(state.society[0].public_stigma)),
    "norm": lambda state, day: state.centres["norm"],
    "day": lambda state, day: np.full(len(state.centres), day),
    "staff_coverage": lambda state, day: state.centres["coverage"],
}
"""The quantities of centres that conditions can use, shape (centres,)."""


class Values(Mapping[str, Value]):
    """The quantities at a review; each is computed on first use.

    Parameters
    ----------
    state : State
    day : int
    of_centres : bool
        Whether quantities of centres are included.
    rows : int array, optional
        Rows of the users to include; by default all rows.
    """

    def __init__(self, state: State, day: int, of_centres: bool = False, rows: Value | None = None) -> None:
        self._state, self._day, self._rows = state, day, rows
        self._centre = CENTRE_VALUES if of_centres else {}
        self._known: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        if name not in self._known:
            if name in self._centre:
                self._known[name] = self._centre[name](self._state, self._day)
            else:
                value = USER_VALUES[name](self._state, self._day)
                self._known[name] = value if self._rows is None else value[self._rows]
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**USER_VALUES, **self._centre})

    def __len__(self) -> int:
        return len({**USER_VALUES, **self._centre})
