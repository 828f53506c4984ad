"""The fit of the baseline: its record is what the code uses, and the targets are judged as they are written."""

import json

import numpy as np
import pytest

from experiments.analysis import calibration
from experiments.designs.changes import changed
from experiments.executors import executor
from sim import load_scenario


@pytest.fixture(scope="module")
def record():
    return json.loads(calibration.RECORD.read_text(encoding="utf-8"))


def test_the_record_holds_the_defaults_in_use(record):
    defaults = {p.path: p.default for p in calibration.CALIBRATED}
    assert defaults
    assert record["parameters"] == pytest.approx(defaults)


def test_every_calibrated_parameter_lies_inside_its_plausible_range():
    for parameter in calibration.CALIBRATED:
        low, high = parameter.quantity.plausible
        margin = 0.02 * (high - low)
        assert low + margin <= parameter.default <= high - margin, parameter.path


def test_the_record_reports_every_target(record):
    keys = [target.key for target in calibration.read_targets()]
    assert len(keys) == 10
    assert [row["key"] for row in record["targets"]] == keys


def values(**changes):
    middle = {t.key: ((t.low + t.high) / 2, 0.1) for t in calibration.read_targets()}
    return {**middle, "density": (0.1, 0.01), **changes}


def test_targets_at_the_middle_of_their_ranges_are_met_at_no_loss():
    assert all(row.met for row in calibration.verdicts(values(), calibration.read_targets()))
    assert calibration.loss(values(), calibration.read_targets()) == pytest.approx(0.0)


def test_a_value_outside_its_range_is_not_met():
    rows = calibration.verdicts(values(loneliness_mean=(50.1, 0.1)), calibration.read_targets())
    assert [row.key for row in rows if not row.met] == ["loneliness_mean"]


def test_reciprocity_must_exceed_three_times_the_density():
    rows = calibration.verdicts(values(density=(0.3, 0.01)), calibration.read_targets())
    assert [row.key for row in rows if not row.met] == ["friend_reciprocity"]


def test_loss_grows_outside_the_inner_part_of_a_range():
    targets = calibration.read_targets()
    near, far = (calibration.loss(values(loneliness_mean=(x, 0.1)), targets) for x in (49.0, 52.0))
    # z = 0.75 and 1.5 half widths: (z - 0.6)^2 + 0.02 z^2, over ten targets
    assert near == pytest.approx((0.15**2 + 0.02 * 0.75**2) / 10)
    assert far == pytest.approx((0.9**2 + 0.02 * 1.5**2) / 10)


def test_a_statistic_that_does_not_exist_is_far_from_its_target():
    assert calibration.loss(values(friend_reciprocity=(float("nan"), 0.1)), calibration.read_targets()) > 100


def test_the_median_of_friends_is_that_of_all_users_pooled():
    runs = [{"close_friends_median": [0, 0, 1], "x": 1.0}, {"close_friends_median": [4, 5, 6], "x": 3.0}]
    found = calibration.combined(runs)
    assert found["close_friends_median"][0] == 2.5
    assert found["x"] == (2.0, pytest.approx(1.0))


def test_the_search_can_be_repeated_and_stays_in_range():
    scenario = load_scenario("baseline").with_changes(settling=0, days=5)
    first, second = (calibration.fit(scenario, executor(1), 1, 2, seed=3) for _ in range(2))
    assert first == second
    for parameter in calibration.CALIBRATED:
        low, high = parameter.quantity.plausible
        assert low <= first[parameter.path] <= high


def test_changing_a_path_that_does_not_exist_is_refused():
    with pytest.raises(KeyError, match=r"rules\.forgetting\.fade"):
        changed(load_scenario("baseline"), {"rules.forgetting.fade": 1.0})


def test_a_star_changes_every_centre():
    scenario = changed(load_scenario("baseline"), {"centres.*.users": 30})
    assert [centre.users for centre in scenario.centres.values()] == [30]


@pytest.mark.slow
def test_the_record_can_be_measured_again(record):
    """The targets on fresh runs are as the record says, within five standard errors."""
    found = calibration.measure(load_scenario("baseline"), 100, first=500, seed=7)
    for row in record["targets"]:
        value, error = found[row["key"]]
        assert abs(value - row["value"]) < 5 * np.hypot(error, row["error"]) + 1e-9, row["key"]
