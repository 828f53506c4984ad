"""What findings find in made runs of which it is known."""

import pytest

from experiments.findings import centre_size, threshold_by_closeness
from experiments.studies import load_study


def nothing():
    raise AssertionError("no groups are needed")


def test_from_which_size_on_a_centre_is_as_good_as_the_largest(made_runs):
    study = load_study("centre-size")
    small = centre_size.USERS
    runs = made_runs(
        study,
        6,
        loneliness_ucla20=lambda at: 48.0 + 6.0 * (at[small] < 16),  # a small effect is 2
        burden=lambda at: 30.0 + 0.0 * at[small],
        group_identity=lambda at: 4.0 + at[small],
        no_friend_share=lambda at: 1.0 / at[small],
    )
    found = centre_size.numbers(study, runs, nothing)
    assert found["loneliness_ucla20"]["enough"] == 16
    assert found["loneliness_ucla20"]["margin"] == pytest.approx(2.0)
    assert found["loneliness_ucla20"]["smallest"]["value"] == pytest.approx(6.0)
    assert found["loneliness_ucla20"]["smallest"]["clear"]
    assert found["burden"]["enough"] == found["sizes"][0]
    assert found["group_identity"]["enough"] == found["sizes"][-1]
    assert found["burden"]["staff"] == {
        "value": 0.0,
        "low": 0.0,
        "high": 0.0,
        "clear": False,
        "small": True,
        "pairs": 6,
    }


def test_the_effect_of_each_trait_and_of_both_together(made_runs):
    study = load_study("threshold-by-closeness")
    T, C = threshold_by_closeness.THRESHOLD, threshold_by_closeness.CLOSENESS
    runs = made_runs(
        study,
        4,
        loneliness_ucla20=lambda at: 40.0 + 20.0 * at[T] + 10.0 * at[C],
        burden=lambda at: 30.0 + 100.0 * at[T] * at[C],
        group_identity=lambda at: 4.0 + 0.0 * at[T],
    )
    found = threshold_by_closeness.numbers(study, runs, nothing)
    (low, high), (distant, close) = found["ends"][T], found["ends"][C]
    assert found["loneliness_ucla20"]["threshold"]["value"] == pytest.approx(20.0 * (high - low))
    assert found["loneliness_ucla20"]["closeness"]["value"] == pytest.approx(10.0 * (close - distant))
    assert found["burden"]["threshold_distant"]["value"] == pytest.approx(100.0 * (high - low) * distant)
    assert found["burden"]["threshold_close"]["value"] == pytest.approx(100.0 * (high - low) * close)
    assert not found["group_identity"]["threshold"]["clear"]
    highest = found["burden"]["highest"]
    assert (highest["threshold"], highest["closeness"]) == (high, close)
