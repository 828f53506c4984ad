"""The first days of a scenario under several seeds, as bytes for the page: what all seeds share, and what differs.

Each seed draws its own users; all else on the first day is the same, or follows from the users by compiled code that
the page runs itself (`set_points`, `introduce_all`, `set_ties`, `begin`). So a seed takes the numbers of its users that
no other rule gives, and the closeness of those who know each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np

from experiments.live.entry import NAMES
from sim.engine import Engine
from sim.outcomes.catalogue import DAILY_COLUMNS
from sim.policies.review.programme import NO_PROGRAMME, Programme
from sim.policies.review.review import Review
from sim.scenario.schema.scenario import Scenario
from sim.scenario.schema.start import settling_network
from sim.state.build import build, centre_names
from sim.state.people import TRAITS
from sim.state.state import State

SPARE: Final = 4.0
"""Newcomers that a page holds, as a multiple of those to be expected: a slider may make users leave sooner."""
OF_START: Final = (
    *("mood", "burden", "identity", "self_stigma", "self_worth", "acceptance", "hope", "threshold", "habit"),
)
"""Columns of users that `set_points` fills."""
VIEWS: Final = {
    "user_numbers": "users", "user_counts": "users", "centre_numbers": "centres", "centre_counts": "centres",
    "society_numbers": "society", "society_counts": "society", "worker_counts": "workers",
}  # fmt: skip
"""Arrays of the programme that are tables of the state once more, in the same memory."""
ADDED: Final = ("circles", "workers", "sessions")
"""Tables to which policies add rows before day 0; while the centre settles, it has only its own."""
EMPTY: Final = ("ties", "ledger")
"""Arrays that begin empty, or that follow from others."""
LATER: Final = frozenset({*Programme._fields, "circles", "workers"})
"""Arrays that nothing reads before day 0."""
_BYTES: Final = 8

Words = np.ndarray[Any, np.dtype[np.uint64]]


class FirstDay(NamedTuple):
    """The first day of a scenario under a seed.

    Parameters
    ----------
    state : State
        Before anything happens, without what `set_points` fills; with the rows that policies add before day 0.
    programme : Programme
        The policies before their first review.
    own : tuple of int
        Rows of each table of `ADDED` that are the centre's own.
    settled : State or None
        The settled centre, where what policies add follows from the users who are there then.
    """

    state: State
    programme: Programme
    own: tuple[int, ...]
    settled: State | None

    def arrays(self) -> Iterator[tuple[str, Any]]:
        """Yield each array that takes memory of its own, with its name."""
        yield from self.state._asdict().items()
        yield from ((name, array) for name, array in self.programme._asdict().items() if name not in VIEWS)


def first_day(scenario: Scenario, seed: int, settled: State | None = None, spare: float = SPARE) -> FirstDay:
    """Return the first day of a scenario under a seed, with newcomers for `spare` times those to be expected.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    settled : State, optional
        The settled centre, if `depends_on_users`.
    spare : float
    """
    state = build(scenario, seed, DAILY_COLUMNS, spare)
    own = tuple(len(getattr(state, name)) for name in ADDED)
    programme = NO_PROGRAMME
    if scenario.policies:
        review = Review(scenario, centre_names(scenario), seed, state if settled is None else settled)
        state = state._replace(**{name: getattr(review.state, name) for name in (*ADDED, "meetings")})
        programme = review.programme(state)
    for name in OF_START:
        state.users[name] = 0.0
    return FirstDay(state, programme, own, settled)


def settled_centre(scenario: Scenario, seed: int) -> State:
    """Return the state of day 0 without the policies, which do nothing before."""
    return Engine(scenario.model_copy(update={"policies": {}}), seed).state


def depends_on_users(scenario: Scenario) -> bool:
    """Return whether what policies add before day 0 depends on the users who are there then.

    The timetable that users choose and the skills of workers do. Users with all traits turned round tell it.
    """
    if not scenario.policies:
        return False
    state, added = build(scenario.model_copy(update={"settling": 0}), 0, DAILY_COLUMNS), []
    for turned in (False, True):
        users = state.users.copy()
        for name in (*TRAITS, "interest") if turned else ():
            users[name] = 1.0 - users[name]
        there = Review(scenario, centre_names(scenario), 0, state._replace(users=users.view(np.recarray))).state
        added.append([getattr(there, name).tobytes() for name in ADDED])
    return added[0] != added[1]


def words(rows: Any) -> Words:
    """Return records as 64-bit words, shape (words in a record, rows)."""
    return np.ascontiguousarray(np.ascontiguousarray(rows).view(np.uint64).reshape(len(rows), -1).T)


@dataclass(frozen=True)
class Starts:
    """The first days of a scenario under several seeds.

    Parameters
    ----------
    scenario : Scenario
    seeds : tuple of int
    days : tuple of FirstDay
        One for each seed.
    """

    scenario: Scenario
    seeds: tuple[int, ...]
    days: tuple[FirstDay, ...]

    @classmethod
    def of(cls, scenario: Scenario, seeds: Sequence[int]) -> "Starts":
        """Return the first days under these seeds."""
        settled = [settled_centre(scenario, seed) if depends_on_users(scenario) else None for seed in seeds]
        days = (first_day(scenario, seed, one) for seed, one in zip(seeds, settled, strict=True))
        return cls(scenario, tuple(seeds), tuple(days))

    def first(self, number: int) -> "Starts":
        """Return the first days under the first `number` seeds."""
        return Starts(self.scenario, self.seeds[:number], self.days[:number])

    @cached_property
    def own(self) -> list[int]:
        """The numbers of the words of a user that differ between seeds."""
        every = [words(day.state.users) for day in self.days]
        return [k for k in range(len(every[0])) if any((one[k] != every[0][k]).any() for one in every[1:])]

    @cached_property
    def apart(self) -> list[str]:
        """The names of other arrays that differ between seeds."""
        every = [dict(day.arrays()) for day in self.days]
        return [
            name
            for name, array in every[0].items()
            if name not in ("users", *EMPTY) and any(one[name].tobytes() != array.tobytes() for one in every[1:])
        ]

    def of_users(self) -> bytes:
        """Return the words that differ, as `planes` of shape (words, seeds, rows)."""
        return planes(np.stack([words(day.state.users)[self.own] for day in self.days], axis=1))

    def of_ties(self) -> bytes:
        """Return the closeness of all ties on the first day, as `planes` of shape (seeds, ties)."""
        return planes(np.stack([day.state.ties["closeness"] for day in self.days]).view(np.uint64))

    def of_others(self) -> bytes:
        """Return the arrays of `apart`, seed by seed."""
        return b"".join(dict(day.arrays())[name].tobytes() for day in self.days for name in self.apart)

    def shared(self) -> bytes:
        """Return what all seeds share, array by array as the page lays them out; zeros take no bytes."""
        return b"".join(content for _, _, content in self._arrays())

    def layout(self) -> dict[str, Any]:
        """Return where the page finds each array, what its records hold, and how the first day is made."""
        specs = [spec for spec in self.scenario.centres.values() for _ in range(spec.copies)]
        networks = [settling_network(self.scenario, spec) for spec in specs]
        return {
            "arrays": [
                _described(name, array) | {"held": len(held), "later": name in LATER}
                for name, array, held in self._arrays()
            ],
            "names": list(NAMES),
            "views": VIEWS,
            "before": dict(zip(ADDED, self.days[0].own, strict=True)),
            "own": self.own,
            "apart": self.apart,
            "seeds": [str(seed) for seed in self.seeds],
            "told": [None if network.kind == "none" else network.told_share for network in networks],
            "settling": self.scenario.settling,
            "days": self.scenario.days,
        }

    def _arrays(self) -> Iterator[tuple[str, Any, bytes]]:
        for name, array in self.days[0].arrays():
            if name == "users":
                shared = words(array)
                shared[self.own] = 0
                yield name, array, shared.T.tobytes()
            else:
                content = b"" if name in (*EMPTY, *self.apart) else array.tobytes()
                yield name, array, content if any(content) else b""


def _described(name: str, array: Any) -> dict[str, Any]:
    fields = array.dtype.fields or {}
    return {
        "name": name,
        "shape": list(array.shape),
        "size": array.dtype.itemsize,
        "fields": {column: [kind.base.str, place] for column, (kind, place, *_) in fields.items()},
    }


def planes(numbers: Words) -> bytes:
    """Return 64-bit words as eight planes: all lowest bytes, then all next ones; so they compress better."""
    return np.ascontiguousarray(numbers).view(np.uint8).reshape(-1, _BYTES).T.tobytes()
