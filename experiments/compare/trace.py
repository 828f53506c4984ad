"""Run two scenarios side by side under one seed: list the first differences, and the policies behind each.

Both runs advance day by day; a day that ends with a difference is repeated phase by phase. The list has each user and
each tie once, when it first differs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.designs.paired import comparable
from experiments.statistics.numbers import commas, typeset
from sim.engine import Engine
from sim.language import say, term
from sim.scenario.reading import ScenarioLike, scenario_of
from sim.scenario.schema.parameters import PHASES
from sim.scenario.schema.quantity import whole_seed
from sim.scenario.schema.scenario import WEEKDAYS
from sim.state.columns import DIAGNOSES, PRESENT, SEXES, TIE, USER, label
from sim.state.state import State

USER_ORDER: Final = (
    *("status", "unwell", "attends", "missed", "welcomed", "partners", "talk_hours", "phone_hours", "load", "needs"),
    *("worker_trust", "threshold", "self_worth", "acceptance", "demand", "conflicts", "burden", "mood", "loneliness"),
    *("identity", "self_stigma", "learned_empathy", "reminded", "habit"),
)
"""Columns of a user, the most informative first; the trace names the first column that differs."""
TIE_ORDER: Final = ("told", "withdrawn", "help", "trust", "met", "closeness")
NAMES: Final = {"workers": "support (peer support workers)"}
_MEANING: Final = {
    **{column.name: column.meaning for column in USER},
    **{f"tie.{column.name}": column.meaning for column in TIE},
}
_LABELS: Final = {
    **{column.name: column.labels for column in USER if not column.shape},
    **{f"tie.{column.name}": column.labels for column in TIE if not column.shape},
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference between two runs, at its first appearance; its texts are in the reader's language.

    Parameters
    ----------
    day : int
    weekday : str
    rule : str
        Phase of the day.
    who : str
        The user, or the two users of a tie.
    what : str
        Meaning of what differs.
    first, second : str
        The value in each of the two runs.
    behind : str
        The policies that act on these users, or are behind earlier differences of theirs. If there are none: "through
        others: " and all policies that act or have acted on anybody.
    """

    day: int
    weekday: str
    rule: str
    who: str
    what: str
    first: str
    second: str
    behind: str


def trace(first: ScenarioLike, second: ScenarioLike, seed: int, most: int = 20) -> list[Difference]:
    """Return the first differences between two runs under one seed; empty when the runs agree to the last bit.

    Parameters
    ----------
    first, second : Scenario, str or path
        Scenarios with the same centres, as objects, shipped names or files.
    seed : int
    most : int
        Most differences to return.

    Raises
    ------
    UncomparableError
        When the scenarios have different centres.

    Examples
    --------
    >>> from dayroom import load_scenario, trace
    >>> tiny = load_scenario("baseline").with_changes(days=3, settling=0)
    >>> trace(tiny, tiny.with_changes(name="same"), seed=1)
    []
    """
    first, second, seed = scenario_of(first), scenario_of(second), whole_seed(seed)
    comparable({first.name: first, second.name: second} if first.name != second.name else {"A": first, "B": second})
    one, two = Engine(first, seed), Engine(second, seed)
    differences = _FirstDifferences(one, two)
    for _ in range(min(first.days, second.days)):
        before = (_copy(one.state), _copy(two.state))
        for engine in (one, two):
            engine.open_day()
        opened = (_copy(one.state), _copy(two.state))
        for engine in (one, two):
            engine.live(1, len(PHASES) - 1)
        if not _alike(one.state, two.state):
            differences.look("before the day", before)
            for number, name in enumerate(PHASES[:-1], 1):
                differences.look(NAMES.get(name, name), _up_to(number, one, two, opened))
        if len(differences.rows) >= most:
            break
        for engine in (one, two):
            engine.live(len(PHASES), len(PHASES))
            engine.close_day()
    return differences.rows[:most]


def sentences(first: ScenarioLike, second: ScenarioLike, seed: int, differences: Sequence[Difference]) -> list[str]:
    """Return the lines that `dayroom trace` prints: the differences, by day.

    Parameters
    ----------
    first, second : Scenario, str or path
    seed : int
    differences : sequence of Difference
        From `trace`, with the same scenarios and seed.

    Examples
    --------
    >>> from dayroom import load_scenario, trace, trace_sentences
    >>> tiny = load_scenario("baseline").with_changes(days=3, settling=0)
    >>> same = tiny.with_changes(name="same")
    >>> trace_sentences(tiny, same, 1, trace(tiny, same, seed=1))
    ['baseline and same are the same to the last bit under seed 1.']
    """
    first, second = scenario_of(first), scenario_of(second)
    if not differences:
        return [
            say(
                "{first} and {second} are the same to the last bit under seed {seed}.",
                first=first.name,
                second=second.name,
                seed=seed,
            )
        ]
    lines = [
        say(
            "The first {count} differences between A ({first}) and B ({second}) under seed {seed}:",
            count=len(differences),
            first=first.name,
            second=second.name,
            seed=seed,
        )
    ]
    for (day, weekday), rows in groupby(differences, key=lambda row: (row.day, row.weekday)):
        lines += ["", say("day {day}, {weekday}", day=day, weekday=weekday)]
        for row in rows:
            lines.append(f"  {say('{rule}: {who}', rule=row.rule, who=row.who)}")
            about = say(
                "{what}: {first} in A, {second} in B; behind it: {behind}",
                what=row.what,
                first=row.first,
                second=row.second,
                behind=row.behind,
            )
            lines.append(f"    {about}")
    return lines


def _copy(state: State) -> State:
    return State(**{name: array.copy() for name, array in state._asdict().items()})


def _up_to(number: int, one: Engine, two: Engine, opened: tuple[State, State]) -> tuple[State, State]:
    """Return both states after the first `number` phases of the day, without changing the engines."""
    ends = (one.state, two.state)
    try:
        for engine, state in zip((one, two), opened, strict=True):
            engine.state = _copy(state)
            engine.live(1, number)
        return one.state, two.state
    finally:
        one.state, two.state = ends


def _alike(one: State, two: State) -> bool:
    """Return whether two states agree in all columns that the trace compares."""
    users = len(one.users) == len(two.users) and all(
        np.array_equal(one.users[name], two.users[name]) for name in ("uid", *USER_ORDER)
    )
    return users and all(np.array_equal(one.ties[name], two.ties[name]) for name in TIE_ORDER)


_Fresh = tuple[tuple[int, ...], str, tuple[str, str]]
"""Uids of the user or of the two users of a tie, the column that differs, and its value in each run."""


class _FirstDifferences:
    """The differences so far, and the policies behind the differences of each user."""

    def __init__(self, one: Engine, two: Engine) -> None:
        self.engines = (one, two)
        self.rows: list[Difference] = []
        self._users: set[int] = set()
        self._ties: set[tuple[int, int]] = set()
        self._behind: dict[int, set[str]] = {}

    def look(self, rule: str, states: tuple[State, State]) -> None:
        """Add the users and ties that differ for the first time."""
        rows = [_rows_by_uid(state) for state in states]
        acting = self._acting()
        fresh = [*self._fresh_ties(states, rows), *self._fresh_users(states, rows)]
        for people, name, values in fresh:
            behind = set().union(*(acting.get(uid, set()) for uid in people))
            behind |= set().union(*(self._behind.get(uid, set()) for uid in people))
            is_direct = bool(behind)
            behind = behind or set().union(*self._behind.values(), *acting.values())
            policies = commas(sorted(behind))
            text = policies if is_direct else say("through others: {policies}", policies=policies)
            self._add(rule, states, rows, people, name, values, text)
            for uid in people:
                self._behind.setdefault(uid, set()).update(behind)

    def _fresh_users(self, states: tuple[State, State], rows: list[dict[int, int]]) -> Iterator[_Fresh]:
        for uid in sorted(rows[0].keys() | rows[1].keys()):
            if uid in self._users:
                continue
            if uid not in rows[0] or uid not in rows[1]:
                self._users.add(uid)
                enrolled = say("enrolled"), say("not enrolled")
                yield (uid,), "status", enrolled if uid in rows[0] else (enrolled[1], enrolled[0])
                continue
            u, v = (state.users[mine[uid]] for state, mine in zip(states, rows, strict=True))
            name = next((name for name in USER_ORDER if not np.array_equal(u[name], v[name])), None)
            if name is not None:
                self._users.add(uid)
                yield (uid,), name, _values(name, u[name], v[name])

    def _fresh_ties(self, states: tuple[State, State], rows: list[dict[int, int]]) -> Iterator[_Fresh]:
        both = sorted(rows[0].keys() & rows[1].keys())
        for uid in both:
            for other in both:
                if uid == other or (uid, other) in self._ties:
                    continue
                t, r = (_tie(state, mine[uid], mine[other]) for state, mine in zip(states, rows, strict=True))
                if t is None or r is None:
                    continue
                name = next((name for name in TIE_ORDER if not np.array_equal(t[name], r[name])), None)
                if name is not None:
                    self._ties.add((uid, other))
                    yield (uid, other), f"tie.{name}", _values(f"tie.{name}", t[name], r[name])

    def _acting(self) -> dict[int, set[str]]:
        """Return, by uid, the policies that act on a user in either run."""
        acting: dict[int, set[str]] = {}
        for engine in self.engines:
            for policy in engine.review.running if engine.review is not None else ():
                if not policy.use.acts_on:
                    continue
                users = engine.state.users
                rows = np.flatnonzero(policy.acted[: len(users)])
                if policy.use.whole_house and len(rows):
                    rows = np.flatnonzero(
                        (users["status"] == PRESENT) & np.isin(users["centre"], users["centre"][rows])
                    )
                for uid in users["uid"][rows].tolist():
                    acting.setdefault(uid, set()).add(policy.name)
        return acting

    def _add(
        self,
        rule: str,
        states: tuple[State, State],
        rows: list[dict[int, int]],
        people: tuple[int, ...],
        name: str,
        values: tuple[str, str],
        behind: str,
    ) -> None:
        engine = self.engines[0]
        weekday = WEEKDAYS[(WEEKDAYS.index(engine.scenario.first_day) + engine.day) % 7]
        names = self.engines[0].names | self.engines[1].names
        called = [_named(uid, states, rows, names) for uid in people]
        who = called[0] if len(called) == 1 else say("{user} towards {other}", user=called[0], other=called[1])
        what = term(_MEANING[name])
        self.rows.append(Difference(engine.day, term(weekday), term(rule), who, what, *values, behind))


def _rows_by_uid(state: State) -> dict[int, int]:
    rows = np.flatnonzero(state.users["status"] == PRESENT)
    return dict(zip(state.users["uid"][rows].tolist(), rows.tolist(), strict=True))


def _tie(state: State, row: int, other: int) -> np.void | None:
    """Return the tie from a user to another, given their rows; None if they are in different centres."""
    u, v = state.users[row], state.users[other]
    if u.centre != v.centre:
        return None
    centre = state.centres[int(u.centre)]
    tie: np.void = state.ties[int(centre.first_tie + u.seat * centre.capacity + v.seat)]
    return tie


def _values(name: str, first: NDArray[np.generic], second: NDArray[np.generic]) -> tuple[str, str]:
    """Write two values; of two vectors, the elements that differ most."""
    if np.ndim(first):
        at = int(np.argmax(np.abs(first.astype(float) - second.astype(float))))
        column = next(c for c in (*TIE, *USER) if c.name == name.removeprefix("tie.") and c.shape)
        kind = term(column.labels[at])
        return f"{kind} {typeset(f'{first[at]:.4g}')}", f"{kind} {typeset(f'{second[at]:.4g}')}"
    labels = _LABELS.get(name, ())
    if labels:
        return term(labels[int(first)]), term(labels[int(second)])
    return typeset(f"{first:.6g}"), typeset(f"{second:.6g}")


def _named(uid: int, states: tuple[State, State], rows: list[dict[int, int]], names: Mapping[int, str]) -> str:
    """Describe a user by name (a number for sampled users), sex, age and diagnosis."""
    state, row = next((s, mine[uid]) for s, mine in zip(states, rows, strict=True) if uid in mine)
    u = state.users[row]
    name = names.get(uid) or say("user {number}", number=label(uid, {}).rpartition(" ")[2])
    sex, diagnosis = term(SEXES[int(u.sex)]), term(DIAGNOSES[int(u.diagnosis)])
    return say("{name} ({sex}, {age:.0f}, {diagnosis})", name=name, sex=sex, age=u.age, diagnosis=diagnosis)
