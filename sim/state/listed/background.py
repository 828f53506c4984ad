"""The rows of listed users: what the file gives, and the rest drawn given that."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from sim.scenario.reading.roster import Person
from sim.scenario.schema.users import Users
from sim.state.people import AGE_RANGE, YOUNGEST_ONSET, conditional_years, fill_uniform, occupations
from sim.state.state import Records
from sim.streams import BACKGROUND

_AGE_SLOT: Final = 6
_WORK_SLOT: Final = 2
_COPIED: Final = ("sex", "diagnosis", "marital_status", "occupation", "lives_with", "only_child")


def keys(people: Sequence[Person]) -> list[int]:
    """Return the lower half of each listed user's uid; it depends on the name, hardly ever on the others."""
    taken: set[int] = set()
    numbers = []
    for person in people:
        numbers.append(person.key(taken))
        taken.add(numbers[-1])
    return numbers


def fill_listed(rows: Records, people: Sequence[Person], users: Users, seed: int) -> None:
    """Write what is known of listed users over their sampled rows, and draw the rest given that.

    Parameters
    ----------
    rows : record array
        Columns `USER`, sampled (`sim.state.people.sample`); the first rows are those of `people`.
    people : sequence of Person
    users : Users
        Distributions from the scenario.
    seed : int
    """
    share = np.empty((1, 8))
    for row, person in zip(rows, people, strict=False):
        fill_uniform(np.uint64(seed), BACKGROUND, 0, np.array([row.uid]), share)
        row.age, row.years_ill, row.years_in_centre = _years(row, person, users, seed, float(share[0, _AGE_SLOT]))
        row.occupation = occupations(row.age, share[0, _WORK_SLOT], users)
        for name in _COPIED:
            if getattr(person, name) is not None:
                row[name] = getattr(person, name)


def _years(row: Any, person: Person, users: Users, seed: int, share: float) -> Any:
    """Return age, years ill and years in the centre of a listed user."""
    low = AGE_RANGE[0] if person.age_low is None else person.age_low
    high = max(AGE_RANGE[1], low) + 1 if person.age_high is None else person.age_high + 1
    ill, tenure = person.years_ill, person.years_in_centre
    age = None
    if "age" not in person.gaps():
        # Some ages in the range do not leave room for the years ill and the years in the centre.
        youngest = max(low, (tenure or 0.0) + AGE_RANGE[0], (ill or 0.0) + YOUNGEST_ONSET)
        age = youngest + share * (high - youngest)
    if age is not None and ill is not None and tenure is not None:
        return age, ill, tenure
    return conditional_years(seed, int(row.uid), users, (age, ill, tenure), (low, high))
