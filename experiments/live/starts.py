"""The first days of a scenario under several seeds, as bytes for the page: what all seeds share, and what differs.

Each seed draws its own users; all else on the first day is the same, or follows from the users by compiled code that
the page runs itself (`set_points`, `introduce_all`, `set_ties`, `begin`). So a seed takes the numbers of its users that
no other rule gives, and the closeness of those who know each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from experiments.live.entry import NAMES
from sim.outcomes.catalogue import DAILY_COLUMNS
from sim.scenario.schema.scenario import Scenario
from sim.scenario.schema.start import settling_network
from sim.state.build import build
from sim.state.state import Records, State

SPARE: Final = 4.0
"""Newcomers that a page holds, as a multiple of those to be expected: a slider may make users leave sooner."""
OF_START: Final = (
    *("mood", "burden", "identity", "self_stigma", "self_worth", "acceptance", "hope", "threshold", "habit"),
)
"""Columns of users that `set_points` fills."""
_BYTES: Final = 8

Words = np.ndarray[Any, np.dtype[np.uint64]]


def first_day(scenario: Scenario, seed: int, spare: float = SPARE) -> State:
    """Return the state before its first day, without what `set_points` fills."""
    state = build(scenario, seed, DAILY_COLUMNS, spare)
    for name in OF_START:
        state.users[name] = 0.0
    return state


def words(rows: Records) -> Words:
    """Return records as 64-bit words, shape (words in a record, rows)."""
    return np.ascontiguousarray(np.ascontiguousarray(rows).view(np.uint64).reshape(len(rows), -1).T)


@dataclass(frozen=True)
class Starts:
    """The first days of a scenario under several seeds.

    Parameters
    ----------
    scenario : Scenario
    seeds : tuple of int
    states : tuple of State
        One for each seed, from `first_day`.
    """

    scenario: Scenario
    seeds: tuple[int, ...]
    states: tuple[State, ...]

    @classmethod
    def of(cls, scenario: Scenario, seeds: Sequence[int]) -> "Starts":
        """Return the first days under these seeds."""
        return cls(scenario, tuple(seeds), tuple(first_day(scenario, seed) for seed in seeds))

    def first(self, number: int) -> "Starts":
        """Return the first days under the first `number` seeds."""
        return Starts(self.scenario, self.seeds[:number], self.states[:number])

    @cached_property
    def own(self) -> list[int]:
        """The numbers of the words of a user that differ between seeds."""
        every = [words(state.users) for state in self.states]
        return [k for k in range(len(every[0])) if any((one[k] != every[0][k]).any() for one in every[1:])]

    def of_users(self) -> bytes:
        """Return the words that differ, as `planes` of shape (words, seeds, rows)."""
        return planes(np.stack([words(state.users)[self.own] for state in self.states], axis=1))

    def of_ties(self) -> bytes:
        """Return the closeness of all ties on the first day, as `planes` of shape (seeds, ties)."""
        return planes(np.stack([state.ties["closeness"] for state in self.states]).view(np.uint64))

    def shared(self) -> bytes:
        """Return all arrays of the state as the page lays them out, those of users without what differs.

        Scratch and the ledger begin empty, and ties follow from users: they take no bytes.
        """
        return b"".join(content for _, content in self._arrays())

    def layout(self) -> dict[str, Any]:
        """Return where the page finds each array, what its records hold, and how the first day is made."""
        specs = [spec for spec in self.scenario.centres.values() for _ in range(spec.copies)]
        networks = [settling_network(self.scenario, spec) for spec in specs]
        return {
            "arrays": [dict(_described(name, array), held=len(held)) for (name, array), held in self._named()],
            "names": list(NAMES),
            "own": self.own,
            "seeds": [str(seed) for seed in self.seeds],
            "told": [None if network.kind == "none" else network.told_share for network in networks],
            "settling": self.scenario.settling,
            "days": self.scenario.days,
        }

    def _named(self) -> Iterator[tuple[tuple[str, Any], bytes]]:
        for (name, content), array in zip(self._arrays(), self.states[0], strict=True):
            yield (name, array), content

    def _arrays(self) -> Iterator[tuple[str, bytes]]:
        for name, array in zip(State._fields, self.states[0], strict=True):
            if name == "users":
                shared = words(array)
                shared[self.own] = 0
                yield name, shared.T.tobytes()
            elif name in ("ties", "ledger") or not np.ascontiguousarray(array).view(np.uint8).any():
                yield name, b""
            else:
                yield name, np.ascontiguousarray(array).tobytes()


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
