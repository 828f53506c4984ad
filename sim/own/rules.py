"""Rules of other packages in the day: their parameters, purposes and columns beside the state, and the day with them.

The state's types never change, so the compiled day of Dayroom stays as it is: a day with own rules calls it in parts,
and the own rules between them. Python makes these calls, because numba would compile the whole day again into any
function that calls it. Own rules are compiled for each process alone; `uncached_kernel` says why.
"""

from collections.abc import Sequence
from copy import copy
from functools import cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np

from sim.day import WHOLE, one_day
from sim.kernel import uncached_kernel
from sim.rules.identity import public_opinion
from sim.scenario.schema.own_rule import OwnColumn, OwnRule
from sim.scenario.schema.parameters import PHASES
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import InputError
from sim.state.people import fill_uniform
from sim.state.state import Records, State
from sim.streams import own_purpose

_UNUSED: Final = "_"
"""Field of a record without any other: numba knows no record without fields."""


class Own(NamedTuple):
    """What a rule of one's own has beside the state.

    Parameters
    ----------
    p : record array, shape (1,)
        Its parameters.
    draws : record array, shape (1,)
        The purposes of its draws.
    users, ties, centres : record arrays
        Its columns, in the rows of the state's arrays; `ties` is empty without columns of ties.
    fresh : record array, shape (1,)
        Starting values of a tie.
    seats : int64 array
        The row of the user in each seat when the rule last acted there; ties of others begin anew.
    """

    p: Records
    draws: Records
    users: Records
    ties: Records
    centres: Records
    fresh: Records
    seats: np.ndarray[Any, np.dtype[np.int64]]


_Entries = tuple[Any, Any, dict[int, list[tuple[Any, Own]]]]


class OwnRules:
    """The own rules of a run.

    Parameters
    ----------
    scenario : Scenario
    state : State
        State of the first day.
    seed : int

    Raises
    ------
    InputError
        When the names of two draws happen to give the same random numbers.
    """

    def __init__(self, scenario: Scenario, state: State, seed: int) -> None:
        self.rules: tuple[OwnRule, ...] = tuple(own_rules(scenario))
        self.seed = seed
        _refuse_shared_draws(self.rules)
        self.own = tuple(_beside(rule, state) for rule in self.rules)
        self._ready: tuple[State, Any, Any, list[Any]] | None = None
        self.grow(state)

    def grow(self, state: State) -> None:
        """Add rows for the users that the state has gained, with their starting values."""
        if all(len(own.users) >= len(state.users) for own in self.own):
            return
        self.own = tuple(
            own if len(own.users) >= len(state.users) else own._replace(users=self._longer(rule, own.users, state))
            for rule, own in zip(self.rules, self.own, strict=True)
        )

    def run_days(self, state: State, first: int, last: int, first_weekday: int, seed: Any) -> int:
        """Run days first to last - 1, as `sim.day.run_days` does, with the own rules in their places."""
        self.grow(state)
        origin = len(state.ledger) - len(state.open)
        live, opinion, acting = self._entries(state)
        ends = sorted({*acting, WHOLE})
        parts = [(before + 1, end, acting.get(end, [])) for before, end in pairwise([0, *ends])]
        for day in range(first, last):
            if (state.centres["queue"] < state.centres["vacant"]).any():
                return day
            state.centres["is_open"] = state.open[day - origin]
            for c in range(len(state.centres)):
                count = 0
                for begin, end, acts in parts:
                    count = live(state, c, day, (first_weekday + day) % 7, seed, begin, end, count)
                    for act, own in acts:
                        act(state, c, day, seed, own)
            opinion(state, int((state.centres["capacity"] - state.centres["vacant"]).sum()))
        return last

    def after(self, phase: int, state: State, c: int, day: int) -> None:
        """Let the own rules act in centre c whose place is after this phase (`PHASES`, from 1)."""
        self.grow(state)
        for act, own in self._entries(state)[2].get(phase, []):
            act(state, c, day, np.uint64(self.seed), own)

    def _entries(self, state: State) -> "_Entries":
        """Return the compiled day, public opinion, and for each phase the own rules after it, for these arrays.

        Raises
        ------
        InputError
            When numba cannot compile a rule.
        """
        if self._ready is None or not _alike(self._ready[0], state):
            seed = np.uint64(self.seed)
            acts = [_rule_entry(rule, state, seed, own) for rule, own in zip(self.rules, self.own, strict=True)]
            live, opinion = _entry(one_day, state, 0, 0, 0, seed, 1, 1, 0), _entry(public_opinion, state, 0)
            self._ready = state, live, opinion, acts
        _, live, opinion, acts = self._ready
        acting: dict[int, list[tuple[Any, Own]]] = {}
        for rule, own, act in zip(self.rules, self.own, acts, strict=True):
            acting.setdefault(_place(rule), []).append((act, own))
        return live, opinion, acting

    def copied(self) -> "OwnRules":
        """Return own rules whose columns are copies, for a copy of the state."""
        twin = copy(self)
        twin.own = tuple(Own(*(array.copy() for array in own)) for own in self.own)
        return twin

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_ready": None}  # compiled functions stay in their process, and hold a state

    def by_name(self) -> dict[str, Own]:
        """Return the columns and memory that each rule adds to the state, by the name of the rule."""
        return {rule.key(): own for rule, own in zip(self.rules, self.own, strict=True)}

    def beside(self, state: State) -> Records:
        """Return the users of a state with the columns of each rule behind theirs, named `rule.column`.

        Users who waited when the run ended have their starting values.
        """
        self.grow(state)
        users = state.users
        kinds = [(name, users.dtype[name]) for name in users.dtype.names or ()]
        every = list(zip(self.rules, self.own, strict=True))
        columns = {full(rule, one): own.users[one.name] for rule, own in every for one in _columns(rule, "user")}
        whole = np.zeros(users.shape, [*kinds, *((name, "f8") for name in columns)])
        for name in users.dtype.names or ():
            whole[name] = users[name]
        for name, values in columns.items():
            whole[name] = values
        return whole.view(np.recarray)

    def phases(self) -> list[int]:
        """Return the phases after which an own rule acts, in order."""
        return sorted({_place(rule) for rule in self.rules})

    def _longer(self, rule: OwnRule, users: Records, state: State) -> Records:
        longer = _records(len(state.users), _columns(rule, "user"))
        longer[: len(users)] = users
        uids = np.ascontiguousarray(state.users["uid"][len(users) :]).astype(np.int64)
        for column in _columns(rule, "user"):
            if isinstance(column.start, tuple):
                low, high = column.start
                draws = np.empty((len(uids), 1))
                purpose = np.int64(own_purpose(rule.key(), f"start.{column.name}"))
                fill_uniform(np.uint64(self.seed), purpose, 0, uids, draws)
                longer[column.name][len(users) :] = low + (high - low) * draws[:, 0]
            else:
                longer[column.name][len(users) :] = column.start
        return longer


def own_rules(scenario: Scenario) -> list[OwnRule]:
    """Return the own rules of a scenario, by name."""
    return [rule for _, rule in sorted((scenario.rules.model_extra or {}).items())]


def full(rule: OwnRule, column: OwnColumn) -> str:
    """Return the name of a rule's column in tables of users: "mood_contagion.openness"."""
    return f"{rule.key()}.{column.name}"


def user_columns(scenario: Scenario) -> dict[str, OwnColumn]:
    """Return the columns of users that own rules bring, by their names in tables."""
    return {full(rule, column): column for rule in own_rules(scenario) for column in _columns(rule, "user")}


def _entry(kernel: Any, *arguments: Any) -> Any:
    """Return a compiled function for arguments of these types, without numba's look at the types in each call.

    That look takes four times as long as a day; all arrays of a run of days keep their types.
    """
    if not hasattr(kernel, "typeof_pyval"):
        return kernel  # plain Python
    return kernel.compile(tuple(kernel.typeof_pyval(one) for one in arguments))


def _alike(one: State, other: State) -> bool:
    """Return whether compiled functions for the arrays of one state fit those of the other."""
    return one is other or all(
        a.dtype == b.dtype and a.ndim == b.ndim and b.flags.c_contiguous and b.flags.writeable
        for a, b in zip(one, other, strict=True)
    )


def _rule_entry(rule: OwnRule, state: State, seed: Any, own: Own) -> Any:
    try:
        return _entry(kernel_of(type(rule)), state, 0, 0, seed, own)
    except Exception as error:
        why = f"{type(error).__name__}: {' '.join(str(error).split())}"
        what = f"rules.{rule.key()}: numba cannot compile its act; DAYROOM_COMPILE=0 runs it as plain Python"
        raise InputError(f"{what}. numba says: {why}") from error


def _place(rule: OwnRule) -> int:
    return PHASES.index(type(rule).after) + 1


def _columns(rule: OwnRule, table: str) -> list[OwnColumn]:
    return [column for column in type(rule).columns if column.table == table]


def _has_ties(rule: OwnRule) -> bool:
    return bool(_columns(rule, "tie"))


def _records(length: int, columns: Sequence[OwnColumn]) -> Records:
    return np.zeros(length, [(column.name, "f8") for column in columns] or [(_UNUSED, "f8")]).view(np.recarray)


def _row(values: dict[str, float | int]) -> Records:
    given = values or {_UNUSED: 0.0}
    kinds = [(name, "i8" if isinstance(value, int) else "f8") for name, value in given.items()]
    return np.array([tuple(given.values())], kinds).view(np.recarray)


def _beside(rule: OwnRule, state: State) -> Own:
    """Return the parameters of a rule, and its columns before anybody is there."""
    centres = _records(len(state.centres), _columns(rule, "centre"))
    for column in _columns(rule, "centre"):
        centres[column.name] = column.start
    fresh = _records(1, _columns(rule, "tie"))
    for column in _columns(rule, "tie"):
        fresh[column.name] = column.start
    return Own(
        p=_row({name: float(getattr(rule, name)) for name in type(rule).model_fields}),
        draws=_row({name: own_purpose(rule.key(), name) for name in type(rule).draws}),
        users=_records(0, _columns(rule, "user")),
        ties=_records(len(state.ties) if _has_ties(rule) else 0, _columns(rule, "tie")),
        centres=centres,
        fresh=fresh,
        seats=np.full(len(state.seats), -1, np.int64),
    )


def _refuse_shared_draws(rules: Sequence[OwnRule]) -> None:
    taken: dict[int, str] = {}
    for rule in rules:
        starts = [f"start.{column.name}" for column in _columns(rule, "user") if isinstance(column.start, tuple)]
        for draw in (*type(rule).draws, *starts):
            name = f"{rule.key()}.{draw}"
            other = taken.setdefault(own_purpose(rule.key(), draw), name)
            if other != name:
                raise InputError(f"rules: the draws {other} and {name} would be the same numbers; rename one of them")


def kernel_of(rule: type[OwnRule]) -> Any:
    """Return the kernel of a rule as the day calls it, compiled."""
    return _kernel(rule.act, any(column.table == "tie" for column in rule.columns))


@uncached_kernel
def _renew(s: State, c: int, own: Any) -> None:
    """Begin anew the ties of seats whose user has changed since the rule last acted."""
    centre = s.centres[c]
    n = centre.capacity
    for seat in range(n):
        row = s.seats[centre.first_seat + seat]
        if own.seats[centre.first_seat + seat] != row:
            own.seats[centre.first_seat + seat] = row
            for other in range(n):
                own.ties[centre.first_tie + seat * n + other] = own.fresh[0]
                own.ties[centre.first_tie + other * n + seat] = own.fresh[0]


@cache
def _kernel(act: Any, has_ties: bool) -> Any:
    """Return the kernel of a rule, compiled."""
    compiled = uncached_kernel(act)
    if not has_ties:
        return compiled

    def renewed(s: Any, c: Any, day: Any, seed: Any, own: Any) -> None:
        _renew(s, c, own)
        compiled(s, c, day, seed, own)

    return uncached_kernel(renewed)
