"""Effects between set-ups under the same seeds: their sign, their unit, and targets that relate two of them."""

import numpy as np
import pytest

from experiments.calibration.measurement import resampled
from experiments.calibration.statistics import effects, helping, house, identity
from experiments.calibration.statistics.runs import Runs
from tests.calibration.arrays import ends


def level(loneliness=50.0, identity=4.0, burden=30.0, **others):
    base = {"loneliness_ucla20": loneliness, "group_identity": identity, "burden": burden}
    spreads = {"loneliness_ucla20_sd": 10.0, "group_identity_sd": 0.5, "burden_sd": 5.0}
    return base | spreads | others


def test_an_effect_is_in_standard_deviations_between_users_of_the_baseline():
    runs = ends({"baseline": [level(50), level(52)], "no_staff": [level(55), level(57)], "full_staff": [level(51)] * 2})
    assert house.house_matters(runs).values == (pytest.approx(0.5),)
    assert effects.effect(runs, "no_staff", "loneliness_ucla20") == pytest.approx(0.5)


def test_variants_are_set_against_the_runs_of_the_baseline_with_their_seeds():
    runs = ends({"baseline": [level(50), level(90)], "paired": [level(50)], "more_free_time": [level(49)]})
    assert house.opportunity_only(runs).values == (pytest.approx(-0.1),)


def test_coming_often_against_seldom():
    seldom = [level(55, ties_at_or_above_friend_out=1.5), level(57, ties_at_or_above_friend_out=0.5)]
    runs = ends({"baseline": [level()] * 2, "coming_seldom": seldom, "coming_often": [level(50), level(52)]})
    assert house.attendance_effect(runs).values == (pytest.approx(-0.5),)
    assert house.seldom_comers_have_friends(runs).values == (1.0,)


def test_giving_over_receiving_is_what_is_lost_without_each():
    runs = ends({
        "baseline": [level(self_worth=0.60)], "giving_off": [level(self_worth=0.50)],
        "receiving_off": [level(self_worth=0.55)], "nobody_helps": [level(53)],
    })  # fmt: skip
    assert helping.giving_over_receiving(runs).values == (pytest.approx(2.0),)
    assert helping.no_help_no_cure(runs).values == (pytest.approx(0.3),)


def test_a_ratio_of_two_losses_is_no_gain():
    runs = ends({
        "baseline": [level(self_worth=0.50)], "giving_off": [level(self_worth=0.60)],
        "receiving_off": [level(self_worth=0.55)],
    })  # fmt: skip
    assert not helping.giving_over_receiving(runs).holds
    assert helping.giving_over_receiving(runs).short == 1.0


def switched_off(**moved):
    """Return runs in which each switch moves burden by one SD, unless stated otherwise."""
    rows = {name: [moved.get(name, level(burden=35.0))] for name in effects.SWITCHES}
    return ends({"baseline": [level()], **{effects.without(name): row for name, row in rows.items()}})


def test_the_weakest_path_counts_by_what_it_moves_most():
    runs = switched_off(expanding_love=level(loneliness=50.5, identity=4.1))
    assert effects.paths_alive(runs).values == (pytest.approx(0.2),)
    assert effects.path(runs, "expanding_love").values == pytest.approx((0.05, 0.0, 0.2))
    assert effects.paths_alive(switched_off()).values == (pytest.approx(1.0),)


def test_the_own_equation_of_a_sub_theme_is_no_path():
    runs = switched_off(group_advocacy=level(loneliness=50.5, identity=2.0))
    assert effects.paths_alive(runs).values == (pytest.approx(0.05),)


def against(deciding, occasions, felt):
    runs = ends({
        "baseline": [level()], "codesign": [level(50 + 10 * deciding, 4 + 0.5 * felt)],
        "more_free_time": [level(50 + 10 * occasions)],
    })  # fmt: skip
    return identity.belonging_beats_opportunity(runs)


@pytest.mark.parametrize(
    ("deciding", "occasions", "ratio"),
    [
        (-0.3, -0.1, 3.0),
        (-0.05, -0.1, 0.5),
        (-0.3, -0.001, 10.0),
        (-0.3, 0.01, 10.0),
        (-0.2, 0.1, -2.0),
        (0.2, 0.1, -2.0),
    ],
)  # fmt: skip
def test_belonging_against_opportunity(deciding, occasions, ratio):
    assert against(deciding, occasions, 0.5).values == (pytest.approx(ratio),)


def test_a_policy_that_hardly_moves_identity_is_none_of_belonging():
    assert against(-0.3, -0.1, 0.31).holds
    found = against(-0.3, -0.1, 0.15)
    assert not found.holds
    assert found.short == pytest.approx(0.5)


def test_resamples_keep_pairs_together():
    rows = np.arange(20.0)
    parts = {name: {"ends": rows + add} for name, add in (("baseline", 0), ("paired", 0), ("a", 100), ("b", 200))}
    parts["freshmen"] = {"x": np.arange(5.0)}
    for one in resampled(Runs(parts), 5, seed=1):
        assert np.array_equal(one.of("a", "ends"), one.of("paired", "ends") + 100)
        assert np.array_equal(one.of("b", "ends"), one.of("paired", "ends") + 200)
        assert set(one.of("freshmen", "x")) <= set(range(5))
        assert len(set(one.of("baseline", "ends"))) < 20
