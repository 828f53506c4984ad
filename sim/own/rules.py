"""Rules of other packages in the day: their parameters, purposes and columns beside the state, and the day with them.

The state's types never change, so the compiled day of Dayroom stays as it is: a day with own rules calls it in parts,
and the own rules between them. Own rules are compiled for each process alone; `uncached_kernel` says why.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np

from sim.day import PHASES, WHOLE, one_day
from sim.kernel import uncached_kernel
from sim.rules.identity import public_opinion
from sim.scenario.schema.own_rule import OwnColumn, OwnRule
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
        self.grow(state)

    def grow(self, state: State) -> None:
        """Add rows for the users that the state has gained, with their starting values."""
        self.own = tuple(
            own if len(own.users) >= len(state.users) else own._replace(users=self._longer(rule, own.users, state))
            for rule, own in zip(self.rules, self.own, strict=True)
        )

    def run_days(self, state: State, first: int, last: int, first_weekday: int, seed: Any) -> int:
        """Run days first to last - 1, as `sim.day.run_days` does, with the own rules in their places."""
        self.grow(state)
        days, cuts = _days(tuple((type(rule).after, type(rule).act, _has_ties(rule)) for rule in self.rules))
        try:
            return int(days(state, self.own, cuts, first, last, first_weekday, seed))
        except Exception as error:
            if type(error).__module__.partition(".")[0] != "numba":
                raise
            names = ", ".join(f"rules.{rule.key()}" for rule in self.rules)
            why = str(error).strip()
            raise InputError(
                f"{names}: numba cannot compile it, and DAYROOM_COMPILE=0 runs it as plain Python; numba says: {why}"
            ) from error

    def after(self, phase: int, state: State, c: int, day: int) -> None:
        """Let the own rules act in centre c whose place is after this phase (`PHASES`, from 1)."""
        self.grow(state)
        for rule, own in zip(self.rules, self.own, strict=True):
            if PHASES.index(type(rule).after) + 1 == phase:
                kernel_of(type(rule))(state, c, day, np.uint64(self.seed), own)

    def by_name(self) -> dict[str, Own]:
        """Return what each rule has beside the state, by its name."""
        return {rule.key(): own for rule, own in zip(self.rules, self.own, strict=True)}

    def phases(self) -> list[int]:
        """Return the phases after which an own rule acts, in order."""
        return sorted({PHASES.index(type(rule).after) + 1 for rule in self.rules})

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


def _nothing(s: Any, c: Any, day: Any, weekday: Any, seed: Any, own: Any, cuts: Any, count: Any) -> int:
    return count  # type: ignore[no-any-return]


def _lived(before: Any, part: int) -> Any:
    """Return the day so far, followed by phases cuts[part, 0] to cuts[part, 1]."""

    def lived(s: Any, c: Any, day: Any, weekday: Any, seed: Any, own: Any, cuts: Any, count: Any) -> int:
        count = before(s, c, day, weekday, seed, own, cuts, count)
        return one_day(s, c, day, weekday, seed, cuts[part, 0], cuts[part, 1], count)  # type: ignore[no-any-return]

    return uncached_kernel(lived)


def _acted(before: Any, act: Any, number: int) -> Any:
    """Return the day so far, followed by an own rule."""

    def acted(s: Any, c: Any, day: Any, weekday: Any, seed: Any, own: Any, cuts: Any, count: Any) -> int:
        count = before(s, c, day, weekday, seed, own, cuts, count)
        act(s, c, day, seed, own[number])
        return count  # type: ignore[no-any-return]

    return uncached_kernel(acted)


@cache
def _days(rules: tuple[tuple[str, Any, bool], ...]) -> tuple[Any, Any]:
    """Return a compiled function like `sim.day.run_days` for rules by phase, kernel and columns of ties, and its parts.

    Bounds of parts are data, not literals, because numba would compile the whole day anew for each literal.
    """
    order = sorted(range(len(rules)), key=lambda number: PHASES.index(rules[number][0]))
    one, cuts, begun = uncached_kernel(_nothing), [], 1
    for number in order:
        place = PHASES.index(rules[number][0]) + 1
        if place >= begun:
            one = _lived(one, len(cuts))
            cuts.append((begun, place))
            begun = place + 1
        one = _acted(one, _kernel(*rules[number][1:]), number)
    if begun <= WHOLE:
        one = _lived(one, len(cuts))
        cuts.append((begun, WHOLE))

    def days(s: Any, own: Any, cuts: Any, first: Any, last: Any, first_weekday: Any, seed: Any) -> int:
        origin = s.ledger.shape[0] - s.open.shape[0]
        for day in range(first, last):
            for c in range(len(s.centres)):
                if s.centres[c].queue < s.centres[c].vacant:
                    return day
            present = 0
            for c in range(len(s.centres)):
                s.centres[c].is_open = s.open[day - origin, c]
                one(s, c, day, (first_weekday + day) % 7, seed, own, cuts, 0)
                present += s.centres[c].capacity - s.centres[c].vacant
            public_opinion(s, present)
        return last  # type: ignore[no-any-return]

    return uncached_kernel(days), np.array(cuts, np.int64)
