"""Statistics of users made by hand: thresholds, helping, belonging, traits."""

import numpy as np
import pytest

from experiments.calibration.statistics import disclosure, helping, identity, traits
from experiments.calibration.statistics.people import FIXED, TRAITS, fixed_columns, highest_third, lowest_third, settled
from tests.calibration.arrays import people, runs_of, shot


def users_of(count, seed, **columns):
    """Return long-enrolled users with random traits."""
    stream = np.random.default_rng(seed)
    users = people(count, arrived=-400.0, **columns)
    for name in TRAITS:
        users[name] = stream.random(count)
    users["age"] = stream.integers(20, 60, count)
    return users, stream


def taken(shots):
    return runs_of([traits.traits_kept(one) | disclosure.disclosure_kept(one.users) for one in shots])


def as_shot(users):
    made = shot(len(users))
    made.users[:] = users
    return made


def test_traits_are_all_that_is_fixed_but_what_one_likes_to_do():
    assert {"disclosure_threshold", "lonely_disposition", "stigma_disposition", "family_support"} <= set(TRAITS)
    assert not {"interest", "speciality", "loneliness", "threshold"} & set(FIXED)
    assert list(fixed_columns(people(3))) == list(FIXED)


def test_thirds_of_givers():
    given = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    assert lowest_third(given).tolist() == [True, True, True, False, False, False, False]
    assert highest_third(given).tolist() == [False, False, False, False, True, True, True]
    assert not highest_third(np.zeros(4)).any()


def test_half_a_year_makes_a_user_settled():
    assert settled(people(3, arrived=[-100, 182, 183]), 365)["uid"].tolist() == [1, 2]


def test_traits_that_decide_all_have_a_share_of_one_and_those_that_decide_nothing_of_none():
    shots = []
    for seed in range(40):
        users, stream = users_of(30, seed)
        users["loneliness"] = 0.5 * users["lonely_disposition"] + 0.5 * users["disclosure_threshold"] + seed
        users["burden"] = stream.random(30)
        shots.append(as_shot(users))
    runs = taken(shots)
    assert traits.share_loneliness(runs).values == (pytest.approx(1.0),)
    assert abs(traits.share_burden(runs).values[0]) < 0.04


def mediating(through, besides):
    """Return users whose threshold makes them lonely through being known, and directly."""
    shots = []
    for seed in range(60):
        users, stream = users_of(30, seed)
        users["known_by"] = np.round(10 * (1 - users["disclosure_threshold"]) + stream.normal(0, 1, 30)).clip(0)
        users["closest"] = stream.random(30)
        noise = 0.01 * stream.standard_normal(30)
        users["loneliness"] = besides * users["disclosure_threshold"] - 0.1 * through * users["known_by"] + noise
        shots.append(as_shot(users))
    return taken(shots)


@pytest.mark.parametrize(("through", "besides", "share"), [(1, 0, 1.0), (0, 1, 0.0), (1, 1, 0.5), (-1, 1, -0.5)])
def test_the_share_that_is_mediated_is_found(through, besides, share):
    assert disclosure.mediated(mediating(through, besides)).values[0] == pytest.approx(share, abs=0.05)


def test_correlations_are_within_runs():
    runs = mediating(1, 0)
    assert disclosure.threshold_loneliness(runs).values[0] > 0.8
    assert disclosure.known_loneliness(runs).values[0] < -0.9
    assert np.isnan(disclosure.stigma_loneliness(runs).values[0])


def test_helpers_who_are_unwell_are_set_against_other_helpers():
    one = shot(9, given=[0, 0, 0, 1, 1, 1, 9, 9, 9], unwell=[1, 0, 0, 0, 0, 0, 1, 0, 0])
    one.users["burden"] = [0.2, 0.2, 0.2, 0.3, 0.3, 0.3, 0.8, 0.4, 0.4]
    runs = runs_of([helping.helping_kept([one])])
    spread = np.std(one.users["burden"], ddof=1)
    assert helping.ill_helpers_strained(runs).values == (pytest.approx(0.4 / spread),)
    assert helping.helpers_not_strained(runs).values == (pytest.approx((1.6 / 3 - 0.2) / spread),)


def test_without_any_unwell_helper_nothing_is_said_of_them():
    one = shot(6, given=[0, 0, 1, 1, 9, 9], burden=[0.1, 0.2, 0.3, 0.1, 0.5, 0.2])
    assert np.isnan(helping.ill_helpers_strained(runs_of([helping.helping_kept([one])])).values[0])


def test_receiving_alone_is_net_of_dispositions():
    """Self-worth follows the dispositions, and is .2 lower for users above the median of help received."""
    kept = []
    for seed in range(30):
        users, _ = users_of(30, seed, given=np.repeat([0.0, 1.0, 2.0], 10))
        users["received"] = np.tile(np.arange(10.0), 3)
        above = users["received"] > 4.5
        users["self_worth"] = users["worth_disposition"] - users["stigma_disposition"] - 0.2 * above
        kept.append(helping.helping_kept([as_shot(users)]))
    found = helping.receiving_alone(runs_of(kept)).values[0]
    assert found == pytest.approx(-0.2 / (1 / 12 + 1 / 12 + 0.01) ** 0.5, rel=0.1)


def belonged(relief, coming):
    kept = []
    for seed in range(40):
        users, stream = users_of(40, seed, open_days=100)
        users["identity"] = stream.random(40)
        users["days_attended"] = stream.integers(20, 100, 40)
        users["loneliness_at_entry"] = stream.random(40)
        attendance = users["days_attended"] / 100
        noise = 0.3 * stream.standard_normal(40)
        users["loneliness"] = users["loneliness_at_entry"] - relief * users["identity"] - coming * attendance + noise
        kept.append(identity.belonging_kept(users))
    return identity.identity_over_coming(runs_of(kept))


def test_identity_over_coming():
    found = belonged(0.5, 0.1)
    assert 0.35 < found.values[0] < 0.55
    assert found.holds
    found = belonged(0.1, 0.5)
    assert not found.holds
    assert 0.0 < found.short <= 1.0
    assert belonged(-0.5, 0.0).values[0] < 0.0


def test_newcomers_do_not_count_as_there_all_year():
    users = people(5, arrived=[-1, -1, -1, 0, 5], open_days=[1, 1, 0, 1, 1])
    assert identity.belonging_kept(users)["all_year"][-1, -1] == 1.0
