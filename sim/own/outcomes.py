"""Outcomes of other packages: measured in the evening of each day, kept beside the ledger, shown as its last columns.

They read copies of the state, so they cannot change a run. A run with them stops each evening, which costs the stop and
the function, for each centre and day.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.scenario.schema.own_outcome import OwnOutcome
from sim.scenario.text.errors import InputError
from sim.state.state import Records, State

if TYPE_CHECKING:
    from sim.own.rules import OwnRules


@dataclass(frozen=True, slots=True)
class Evening:
    """A centre at the end of a day, as an outcome sees it; all arrays are copies.

    Parameters
    ----------
    day : int
        0 is the first of the run, -1 the state before it, which only a model of Mesa shows.
    centre : str
        Name of the centre.
    users : record array, shape (n,)
        The users enrolled, columns `sim.state.columns.USER`.
    ties : record array, shape (n, n)
        `ties[i, j]` is the tie from user i to user j, columns `sim.state.columns.TIE`; the diagonal means nothing.
    today : record
        The outcomes of this day and centre, by name.
    own_users, own_ties : dict of str to record array
        For each own rule of the scenario, its columns for the same users and ties.
    """

    day: int
    centre: str
    users: Records
    ties: Records
    today: Records
    own_users: dict[str, Records] = field(default_factory=dict)
    own_ties: dict[str, Records] = field(default_factory=dict)


@dataclass
class OwnOutcomes:
    """The own outcomes of a run.

    Parameters
    ----------
    outcomes : tuple of OwnOutcome
    centres : list of str
        Names of the centres.
    """

    outcomes: tuple[OwnOutcome, ...]
    centres: list[str]
    _rows: list[list[tuple[float, ...]]] = field(default_factory=list)

    def record(self, state: State, day: int, own: "OwnRules | None") -> None:
        """Measure all centres at the end of a day.

        Raises
        ------
        InputError
            When an outcome is no number.
        """
        self._rows.append(self._measured(state, day, own))

    def _measured(self, state: State, day: int, own: "OwnRules | None") -> list[tuple[float, ...]]:
        evenings = [self._evening(state, c, day, own) for c in range(len(self.centres))]
        return [tuple(_number(one, evening) for one in self.outcomes) for evening in evenings]

    def beside(self, ledger: Records) -> Records:
        """Return the days of the ledger with the own outcomes as further columns."""
        return self._joined(ledger, self._rows)

    def beginning(self, state: State, own: "OwnRules | None") -> Records:
        """Return the outcomes of the state before the first day, shape (centres,); its ledger has one day."""
        return self._joined(state.ledger, [self._measured(state, -1, own)])[0]

    def _joined(self, ledger: Records, rows: list[list[tuple[float, ...]]]) -> Records:
        kinds = ledger.dtype
        names = [one.name for one in self.outcomes]
        whole = np.zeros(ledger.shape, [*((n, "f8") for n in kinds.names or ()), *((n, "f8") for n in names)])
        for name in kinds.names or ():
            whole[name] = ledger[name]
        values = np.array(rows, np.float64).reshape(len(rows), len(self.centres), len(names))
        for place, name in enumerate(names):
            whole[name] = values[: len(ledger), :, place]
        return whole.view(np.recarray)

    def _evening(self, state: State, c: int, day: int, own: "OwnRules | None") -> Evening:
        centre = state.centres[c]
        n, first = int(centre.capacity), int(centre.first_tie)
        rows = state.seats[centre.first_seat : centre.first_seat + n]
        seats = np.flatnonzero(rows >= 0)
        users, pairs = rows[seats], first + seats[:, None] * n + seats[None, :]
        beside = {} if own is None else own.by_name()
        return Evening(
            day,
            self.centres[c],
            state.users[users],
            state.ties[pairs],
            state.ledger[day, c].copy(),
            {name: one.users[users] for name, one in beside.items()},
            {name: one.ties[pairs] for name, one in beside.items() if len(one.ties)},
        )


def _number(outcome: OwnOutcome, evening: Evening) -> float:
    value: Any = outcome.measure(evening)
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise InputError(f"outcome {outcome.name}: measure returns {value!r}, which is no number") from error
