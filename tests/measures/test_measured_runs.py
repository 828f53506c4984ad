"""What is measured of a run: hours and money of its busiest weeks, and its groups of users."""

import numpy as np
import pytest

from experiments.measures.runs import END_DAYS, groups_of, weekly
from sim.scenario.conditions.names import SHIPPED_GROUPS
from sim.state.columns import USER


def test_the_busiest_weeks_are_those_that_take_most():
    days = np.zeros((70, 2), [(name, "f8") for name in ("staff_hours", "staff_hours_unserved", "money")])
    days["staff_hours"][20 : 20 + END_DAYS] = 1.0
    days["staff_hours_unserved"][:, 1] = 0.5
    found = weekly(days)
    assert found["hours_busiest"] == pytest.approx(7.0 * 2.5)
    assert found["hours_a_week"] == pytest.approx(7.0 * (2.0 * END_DAYS + 0.5 * 70) / 70)
    assert (found["money_a_week"], found["money_busiest"]) == (0.0, 0.0)
    assert weekly(days[:10])["hours_busiest"] == pytest.approx(7.0 * 0.5)


def test_the_names_that_are_taken_are_those_of_the_shipped_groups():
    nobody = np.zeros(0, [(column.name, column.dtype) for column in USER if not column.shape])
    assert tuple(groups_of(nobody)) == SHIPPED_GROUPS
