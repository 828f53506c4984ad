"""A list that describes the users of a settled centre starts like that centre, whatever their years there."""

import numpy as np

from sim.engine import Engine
from sim.scenario.schema.scenario import Scenario
from sim.state.columns import SEXES

LISTS, RUNS, USERS = 8, 6, 12


def settled(**centre) -> Scenario:
    """Return a centre of twelve that settles as the baseline does."""
    return Scenario.model_validate(
        {"name": "x", "days": 1, "settling": 730, "centres": {"c": {"users": USERS} | centre}}
    )


def enrolled(scenario: Scenario, seed: int):
    """Return the rows of those enrolled on day 0."""
    engine = Engine(scenario, seed)
    return engine.state.users[engine.enrolled].copy()


def means(rows):
    """Return friends and identity on day 0 of users of half a year, of one to four years, and of more."""
    years = -rows["arrived"] / 365.25
    groups = ((years >= 0.2) & (years < 0.8), (years >= 1) & (years < 4), years >= 4)
    return np.array([[rows[name][group].mean() for name in ("friends", "identity")] for group in groups])


def test_friends_and_identity_by_years_are_those_of_a_settled_centre(tmp_path):
    sampled, listed = [], []
    for number in range(LISTS):
        people = enrolled(settled(), number)
        rows = [
            f"{number}-{k},{SEXES[one.sex]},{int(min(one.age, 65))},{-one.arrived / 365.25:.4f}"
            for k, one in enumerate(people)
        ]
        file = tmp_path / f"{number}.csv"
        file.write_text("\n".join(["participant,sex,age,years_in_centre", *rows]) + "\n", encoding="utf-8")
        listed += [enrolled(settled(users_file=file), 1000 * number + run) for run in range(RUNS)]
        sampled += [enrolled(settled(), 100_000 + 1000 * number + run) for run in range(RUNS)]
    missed = means(np.concatenate(listed)) - means(np.concatenate(sampled))
    assert np.abs(missed[:, 0]).max() < 0.6, missed  # friends: before, 1.2 too few after half a year
    assert np.abs(missed[:, 1]).max() < 0.06, missed
