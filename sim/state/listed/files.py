"""What the files of a centre list: its users, and how close they are by a survey."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.language import say
from sim.scenario.reading.roster import Person, read_roster
from sim.scenario.schema.network import SURVEYED
from sim.scenario.schema.scenario import Centre, Scenario
from sim.scenario.schema.start import network_of
from sim.scenario.text.errors import TooManyUsersError

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """The listed users of a centre; without a list, those of the survey.

    Parameters
    ----------
    people : list of Person
    closeness : float array, shape (n, n)
        Closeness of the row's user towards the column's user, in [0, 1]; NaN where the settled centre fills it in. A
        row and a column for each seat of the centre, the listed users first, in the order of `people`.
    most : float array, shape (n, n)
        Closeness that a tie does not reach, because the one does not name the other; else infinite.
    answered, silent : int
        Users whom the survey mentions and who answered, or did not; 0 without a survey.
    """

    people: list[Person]
    closeness: Floats
    most: Floats
    answered: int = 0
    silent: int = 0


def listed_users(scenario: Scenario, spec: Centre) -> Listed:
    """Read the users and the survey of a centre.

    Raises
    ------
    RosterError, NetworkFileError
        When a file is invalid.
    TooManyUsersError
        When the list has more users than the centre.
    """
    people = [] if spec.users_file is None else read_roster(spec.users_file, scenario.first_date)
    if len(people) > spec.users:
        raise TooManyUsersError(
            say(
                "{users_file} names {count} users for a centre of {users}; set users to at least that",
                users_file=spec.users_file,
                count=len(people),
                users=spec.users,
            )
        )
    network = network_of(scenario, spec)
    if network.kind not in SURVEYED:
        shape = (spec.users, spec.users)
        return Listed(people, np.full(shape, np.nan), np.full(shape, np.inf))
    from sim.state.files.survey import seat_answers

    settled = scenario.settling > 0
    seated = seat_answers(network, [person.name for person in people], spec.users, settled)
    people = people or [Person(name) for name in seated.names]
    return Listed(people, seated.closeness, seated.most, seated.answered, seated.silent)
