"""Phase 11: what grows by the hours of the day, and what fades."""

import math

import pytest
from hand_made import befriend, hand_made, tie
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.forgetting import fade_rate, felt_hours, forgetting, grown

FADING = {"forgetting_fade_strong": 0.1625, "forgetting_fade_weak": 2.0}
HALL = {"forgetting_hours_scale": 116.0}


def test_the_closest_lose_fifteen_percent_a_year_without_contact():
    p = hand_made(1, **FADING).p[0]
    assert (1 - fade_rate(1.0, p)) ** 365.25 == pytest.approx(0.85, abs=1e-4)


def test_a_tie_near_nothing_fades_at_the_weak_rate():
    p = hand_made(1, **FADING).p[0]
    assert fade_rate(0.0, p) == pytest.approx(2.0 / 365.25)


def test_half_way_a_quarter_of_the_difference_is_left():
    p = hand_made(1, **FADING).p[0]
    assert fade_rate(0.5, p) == pytest.approx((0.1625 + (2.0 - 0.1625) / 4) / 365.25)


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_weaker_fade_faster(one, other):
    p = hand_made(1, **FADING).p[0]
    weak, strong = sorted((one, other))
    assert fade_rate(weak, p) >= fade_rate(strong, p)


def test_nothing_fades_by_more_than_all_of_it():
    assert fade_rate(0.0, hand_made(1, forgetting_fade_weak=5000.0).p[0]) == 1.0


@pytest.mark.parametrize(("hours", "closeness"), [(0.0, 0.0), (50.0, 0.35), (106.0, 0.60), (220.0, 0.85)])
def test_hours_make_friends_as_hall_found(hours, closeness):
    assert grown(0.0, hours, hand_made(1, **HALL).p[0]) == pytest.approx(closeness, abs=0.002)


@given(st.floats(0, 1), st.floats(0, 200), st.floats(0, 200))
def test_hours_add_up_however_they_are_split(closeness, one, other):
    p = hand_made(1, **HALL).p[0]
    assert grown(grown(closeness, one, p), other, p) == pytest.approx(grown(closeness, one + other, p), abs=1e-12)


def felt(closeness: float, friends: int = 0, regulated: int = 1) -> float:
    """What ten hours count that are liked half, with a half for beyond and a fifth for full."""
    s = hand_made(2, proximity_beyond_gain=0.5, proximity_full_gain=0.2, proximity_regulation=regulated)
    t = tie(s, 0, 1)
    t.today, t.liking, t.closeness = 10.0, 0.5, closeness
    s.users.desired_closeness[0], s.users.desired_ties[0], s.users.friends[0] = 0.6, 2.0, friends
    return float(felt_hours(s.users[0], t, s.p[0]))


@pytest.mark.parametrize(
    ("state", "hours"),
    [
        ({"closeness": 0.2}, 5.0), ({"closeness": 0.59}, 5.0), ({"closeness": 0.6}, 2.5), ({"closeness": 0.9}, 2.5),
        ({"closeness": 0.2, "friends": 2}, 1.0), ({"closeness": 0.4, "friends": 2}, 5.0),
        ({"closeness": 0.9, "friends": 2}, 2.5), ({"closeness": 0.9, "friends": 2, "regulated": 0}, 5.0),
    ],
)  # fmt: skip
def test_hours_count_by_liking_and_less_where_there_is_enough(state, hours):
    assert felt(**state) == pytest.approx(hours)


def close_the_day(day: int = 5, **wanted: float):
    """Two friends who were together today for two hours, and a third who saw nobody."""
    s = hand_made(3, days=8, **wanted)
    for i, j in ((0, 1), (0, 2)):
        befriend(s, i, j, 0.5)
        for t in (tie(s, i, j), tie(s, j, i)):
            t.trust = 0.6
    for t in (tie(s, 0, 1), tie(s, 1, 0)):
        t.today, t.met = 2.0, 2.0
    forgetting(s, 0, day)
    return s


def test_closeness_grows_by_the_hours_of_the_day_and_does_not_fade():
    s = close_the_day(**FADING, **HALL)
    assert tie(s, 0, 1).closeness == pytest.approx(1 - 0.5 * math.exp(-2 / 116))


def test_closeness_fades_without_contact():
    s = close_the_day(**FADING, **HALL)
    assert tie(s, 0, 2).closeness == pytest.approx(0.5 * (1 - (0.1625 + 1.8375 / 4) / 365.25))


def test_the_tallies_of_a_tie_end_with_the_day():
    s = close_the_day()
    assert (tie(s, 0, 1).today, tie(s, 0, 1).met, tie(s, 0, 1).hours) == (0.0, 0.0, 2.0)


def test_time_together_that_brought_nobody_closer_ends_with_the_day_too():
    s = hand_made(2)
    tie(s, 0, 1).met = 1.0
    forgetting(s, 0, 0)
    assert (tie(s, 0, 1).met, tie(s, 0, 1).hours) == (0.0, 1.0)


def test_trust_wanes_toward_that_of_strangers():
    s = close_the_day(conversation_trust_start=0.2, forgetting_trust_fade=36.525)
    assert tie(s, 0, 2).trust == pytest.approx(0.6 - 0.4 * 0.1)


def test_help_given_is_remembered_for_some_days():
    s = hand_made(2, support_memory_days=10.0)
    befriend(s, 0, 1, 0.5)
    tie(s, 0, 1).help[2] = 1.0
    s.users.given[:], s.users.received[:] = 2.0, 3.0
    forgetting(s, 0, 0)
    assert tie(s, 0, 1).help[2] == pytest.approx(0.9)
    assert (s.users.given[0], s.users.received[0]) == pytest.approx((1.8, 2.7))


def test_learned_empathy_wanes():
    s = hand_made(1, support_empathy_days=10.0)
    s.users.learned_empathy[0] = 0.5
    forgetting(s, 0, 0)
    assert s.users.learned_empathy[0] == pytest.approx(0.45)


def test_the_threshold_drifts_back_to_what_is_usual():
    s = hand_made(1, conversation_threshold_days=4.0)
    s.users.threshold[0] = 0.9
    forgetting(s, 0, 0)
    assert s.users.threshold[0] == pytest.approx(0.8)


def norm_after(talks: float, deep: float, practice: float = 1.0) -> float:
    s = hand_made(1, forgetting_norm_days=10.0, forgetting_norm_practice=practice)
    s.centres[0].norm, s.centres[0].expected_norm = 0.4, 0.2
    s.ledger[0, 0].talks, s.ledger[0, 0].deep_talks = talks, deep
    forgetting(s, 0, 0)
    return float(s.centres[0].norm)


def test_the_norm_stays_on_a_day_without_talk():
    assert norm_after(0.0, 0.0) == 0.4


def test_the_norm_drifts_to_what_the_house_expects_when_no_talk_is_deep():
    assert norm_after(10.0, 0.0) == pytest.approx(0.4 - 0.02)


@pytest.mark.parametrize(("practice", "target"), [(1.0, 0.6), (0.5, 0.4), (4.0, 1.0)])
def test_the_norm_follows_the_share_of_deep_talk(practice, target):
    assert norm_after(10.0, 5.0, practice) == pytest.approx(0.4 + (target - 0.4) / 10)
