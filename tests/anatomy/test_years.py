"""Change from year to year on networks drawn by hand."""

import numpy as np
import pytest

from sim import load_scenario
from tests.calibration.arrays import shot
from tools.anatomy import years


def stacked(kept):
    """Return runs of one year each."""
    return {name: np.array([[one[name]] for one in kept]) for name in kept[0]}


def year(then, now):
    return years.table_of(stacked([years.of_year(then, now, least=1.0)]))


def test_ties_kept_and_new_among_those_who_stayed():
    then = shot(4, [(0, 1), (1, 0), (2, 3), (0, 2)])
    now = shot(4, [(0, 1), (1, 0), (3, 2)])
    found = year(then, now)
    assert found["kept"].tolist() == [0.5]
    assert found["new"].tolist() == [pytest.approx(1 / 3)]
    assert found["jaccard"].tolist() == [pytest.approx(2 / 5)]
    assert found["friends"].tolist() == [0.75]


def test_roles_are_read_off_the_balance_of_help():
    then = shot(4, given=[3, 0, 2, 0], received=[0, 3, 2, 0])  # helper, helped, mutual, uninvolved
    now = shot(4, given=[3, 3, 2, 0], received=[0, 0, 2, 0])
    assert year(then, now)["role"].tolist() == [0.25]


def test_stability_is_the_correlation_within_runs():
    then, now = shot(4, identity=[0.1, 0.2, 0.3, 0.4]), shot(4, identity=[0.5, 0.6, 0.7, 0.8])
    found = year(then, now)
    assert found["identity"].tolist() == [pytest.approx(1.0)]
    assert np.isnan(found["loneliness"][0])
    assert found["identity_mean"].tolist() == [pytest.approx(1 + 6 * 0.65)]
    turned = shot(4, identity=[0.4, 0.3, 0.2, 0.1])
    assert year(then, turned)["identity"].tolist() == [pytest.approx(-1.0)]


def test_who_came_or_left_is_not_compared():
    then, now = shot(3, [(0, 1), (1, 2)]), shot(3, [(0, 1), (1, 2)])
    now.users["uid"] = [1, 2, 9]
    assert year(then, now)["kept"].tolist() == [1.0]


def test_a_run_leaves_every_year_behind(monkeypatch):
    monkeypatch.setattr(years, "YEAR", 20)
    kept = years.kept(load_scenario("baseline").with_changes(settling=30), 3)
    assert {len(array) for array in kept.values()} == {years.YEARS}
    found = years.measured({name: np.array([array, array]) for name, array in kept.items()}, resamples=5)
    assert set(found) == set(years.MEASURES)
    text = years.text({"runs": 2, "years": years.YEARS, "measures": found})
    assert "| year 5 |" in text
    assert text.count("\n| ") == 2 + len(years.MEASURES)
