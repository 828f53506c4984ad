"""On day 0 the baseline has the users of Table 2 (a year or more in the centre, as there), and newcomers."""

import numpy as np
import pytest

from sim import load_scenario
from sim.engine import Engine


@pytest.fixture(scope="module")
def users():
    scenario = load_scenario("baseline")
    engines = (Engine(scenario, seed) for seed in range(120))
    return np.concatenate([engine.state.users[engine.enrolled] for engine in engines])


def of_a_year_or_more(users):
    return users[users["years_in_centre"] >= 1.0]


@pytest.mark.parametrize(
    ("column", "mean", "sd"), [("age", 40.6, 6.45), ("years_ill", 20.0, 7.8), ("years_in_centre", 7.64, 4.01)]
)
def test_users_of_a_year_or_more_are_those_of_table_2(users, column, mean, sd):
    """Within 0.15 standard deviations, half the standard error of the study itself (n = 14)."""
    chosen = of_a_year_or_more(users)[column]
    assert len(chosen) > 2000
    assert chosen.mean() == pytest.approx(mean, abs=0.15 * sd)
    assert chosen.std() == pytest.approx(sd, rel=0.12)


def test_shares_are_those_of_table_2(users):
    """Within 4.5 standard errors of a share: 4 of 14 women, 10 of 14 with schizophrenia, 1 of 14 living alone."""
    for column, code, share in (("sex", 1, 4 / 14), ("diagnosis", 0, 10 / 14), ("lives_with", 1, 1 / 14)):
        found = np.mean(users[column] == code)
        assert abs(found - share) < 4.5 * np.sqrt(share * (1 - share) / len(users)), column


def test_an_ordinary_years_newcomers_are_there_too(users):
    share = np.mean(users["years_in_centre"] < 1.0)
    assert 0.08 < share < 0.28


def test_users_read_from_a_file_are_all_there_on_day_0():
    scenario = load_scenario("fourteen-participants")
    for seed in range(3):
        engine = Engine(scenario, seed)
        rows = engine.state.users[engine.enrolled]
        assert sorted(rows["years_in_centre"]) == sorted([13, 5, 10, 9, 14, 2, 12, 9, 1, 4, 7, 5, 10, 6])
        assert rows["sex"].sum() == 4
