"""Phase 9: loneliness, burden, mood, self-worth, acceptance."""

import math

import numpy as np
import pytest
from hand_made import SEED, befriend, hand_made, tie
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.wellbeing import burden_after, loneliness_target, look_at_ties, mood_target, wellbeing

share = st.floats(0, 1)
WEIGHTS = {
    "wellbeing_lonely_base": 0.1, "wellbeing_lonely_emotional": 0.4, "wellbeing_lonely_social": 0.2,
    "wellbeing_lonely_longing": 0.3, "wellbeing_lonely_stigma": 0.25, "wellbeing_lonely_family": 0.15,
    "wellbeing_lonely_company": 0.05,
}  # fmt: skip


def lonely(number: float = 4.0, **columns: float) -> float:
    """Where loneliness moves to; without anything said, there is nothing to be lonely about but the base."""
    s = hand_made(1, **WEIGHTS)
    u = s.users[0]
    u.closest, u.family_support = 0.5, 1.0
    u.desired_closeness, u.desired_ties = 0.5, 4.0
    for name, value in columns.items():
        setattr(u, name, value)
    return float(loneliness_target(u, s.p[0], number))


def curve(x: float) -> float:
    """The logistic curve with slope 1 at one half."""
    return 1 / (1 + math.exp(-4 * (x - 0.5)))


@pytest.mark.parametrize(
    ("state", "added"),
    [
        ({}, 0.0), ({"closest": 0.25}, 0.2), ({"closest": 0.0}, 0.4), ({"closest": 0.9}, 0.0), ({"number": 1.0}, 0.15),
        ({"number": 9.0}, 0.0), ({"longing": 0.5}, 0.15), ({"self_stigma": 0.4}, 0.1), ({"family_support": 0.0}, 0.15),
        ({"company": 2.0}, -0.1), ({"lonely_disposition": 0.6}, 0.1),
    ],
)  # fmt: skip
def test_loneliness_adds_its_reasons(state, added):
    assert lonely(**state) == pytest.approx(curve(0.1 + added))


@pytest.mark.parametrize(
    ("column", "sign"),
    [
        ("closest", -1),
        ("number", -1),
        ("longing", 1),
        ("self_stigma", 1),
        ("family_support", -1),
        ("company", -1),
        ("lonely_disposition", 1),
    ],
)
@given(one=share, other=share)
def test_loneliness_is_monotone_in_each_reason(column, sign, one, other):
    low, high = sorted((one, other))
    assert sign * (lonely(**{column: high}) - lonely(**{column: low})) >= 0.0


@given(share, share, st.floats(0, 20), st.floats(0, 50))
def test_loneliness_never_leaves_its_scale(closest, stigma, longing, number):
    assert 0.0 < lonely(number, closest=closest, self_stigma=stigma, longing=longing) < 1.0


@pytest.mark.parametrize("state", [{"closest": 0.0, "desired_closeness": 0.0}, {"number": 0.0, "desired_ties": 0.0}])
def test_one_who_wants_nothing_misses_nothing(state):
    with np.errstate(invalid="ignore"):
        assert lonely(**state) == pytest.approx(curve(0.1))


def burden(attends: int = 1, before: float = 0.5, **columns: float) -> float:
    s = hand_made(
        1, wellbeing_burden_gain=0.5, wellbeing_burden_demand=0.25, wellbeing_burden_days=10.0, wellbeing_rest_ratio=2.0
    )
    u = s.users[0]
    u.burden, u.attends = before, attends
    for name, value in columns.items():
        setattr(u, name, value)
    return float(burden_after(u, s.p[0]))


def test_burden_falls_back_toward_what_life_outside_leaves():
    assert burden(outside_burden=0.3) == pytest.approx(0.5 - 0.2 / 10)


def test_burden_falls_faster_on_a_day_at_home():
    assert burden(attends=0, outside_burden=0.3) == pytest.approx(0.5 - 2 * 0.2 / 10)


def test_load_within_capacity_costs_nothing():
    assert burden(outside_burden=0.5, load=1.0, support_capacity=1.0) == pytest.approx(0.5)


@pytest.mark.parametrize("columns", [{"load": 1.5, "support_capacity": 0.5}, {"demand": 2.0}], ids=["load", "demand"])
def test_load_above_capacity_and_demand_add_a_share_of_what_is_missing(columns):
    assert burden(outside_burden=0.5, **columns) == pytest.approx(0.5 + 0.5 * (1 - math.exp(-0.5)))


@given(share, share, st.floats(0, 100), st.floats(0, 50), st.integers(0, 1))
def test_burden_never_leaves_its_scale(before, outside, load, demand, attends):
    assert 0.0 <= burden(attends, before, outside_burden=outside, load=load, demand=demand) <= 1.0


def mood(**columns: float) -> float:
    s = hand_made(
        1,
        wellbeing_mood_need=0.5,
        wellbeing_mood_burden=0.25,
        wellbeing_mood_stigma=0.2,
        wellbeing_mood_lonely=0.1,
        wellbeing_mood_unwell=0.4,
    )
    u = s.users[0]
    u.mood_disposition, u.loneliness = 0.8, 0.0
    for name, value in columns.items():
        setattr(u, name, value)
    return float(mood_target(u, s.p[0]))


@pytest.mark.parametrize(
    ("state", "times"),
    [
        ({}, 1.0), ({"needs": [1, 0, 0, 0, 0]}, 0.9), ({"needs": [1] * 5}, 0.5), ({"burden": 1.0}, 0.75),
        ({"self_stigma": 0.5}, 0.9), ({"loneliness": 1.0}, 0.9), ({"unwell": 1}, 0.6),
        ({"burden": 1.0, "unwell": 1}, 0.45),
    ],
)  # fmt: skip
def test_troubles_multiply_in_the_set_point_of_mood(state, times):
    assert mood(**state) == pytest.approx(0.8 * times)


def looked(*ties: tuple[float, float]):
    """The first looks at ties given as (closeness there, closeness back); gives the state and the soft number."""
    s = hand_made(len(ties) + 1)
    for j, (there, back) in enumerate(ties, 1):
        befriend(s, 0, j, there, back)
    return s, look_at_ties(s, 0, 0, 3)


def test_ties_are_counted_by_level():
    s, number = looked((0.9, 0.9), (0.6, 0.6), (0.35, 0.35), (0.225, 0.3), (0.05, 0.9))
    u = s.users[0]
    assert (u.friends, u.confidants) == (3, 2)
    assert number == pytest.approx(3.5)  # an acquaintance half way to friend counts one half
    assert u.closest == pytest.approx((0.9 + 0.6 + 0.35) / 3)


@pytest.mark.parametrize("order", [(0.2, 0.4, 0.8, 0.6), (0.8, 0.6, 0.4, 0.2), (0.6, 0.2, 0.8, 0.4)])
def test_the_three_closest_are_found_in_any_order(order):
    s, _ = looked(*((x, x) for x in order))
    assert s.users[0].closest == pytest.approx(0.6)


def test_missing_close_ties_count_as_nothing():
    s, _ = looked((0.6, 0.6))
    assert s.users[0].closest == pytest.approx(0.2)


def test_longing_is_closeness_of_friends_not_returned():
    s, _ = looked((0.9, 0.4), (0.5, 0.8), (0.3, 0.0))
    assert s.users[0].longing == pytest.approx(0.5)


def test_peers_told_are_counted():
    s = hand_made(3)
    tie(s, 0, 2).told = 1
    look_at_ties(s, 0, 0, 0)
    assert s.users[0].told_peers == 1


def test_the_day_of_the_first_friend_is_kept():
    s, _ = looked((0.4, 0.0))
    assert (s.users[0].first_friend, s.users[0].first_confidant) == (3.0, -1.0)
    befriend(s, 0, 1, 0.7)
    look_at_ties(s, 0, 0, 9)
    assert (s.users[0].first_friend, s.users[0].first_confidant) == (3.0, 9.0)


def moved(name: str, state: dict[str, float], **wanted: float) -> float:
    s = hand_made(1, **wanted)
    for column, value in state.items():
        s.users[column] = value
    wellbeing(s, 0, 0, SEED)
    return float(s.users[name][0])


def test_loneliness_goes_a_share_of_the_way_to_its_target():
    found = moved("loneliness", {"loneliness": 0.9}, wellbeing_lonely_days=10.0, wellbeing_lonely_base=0.5)
    assert found == pytest.approx(0.9 + (0.5 - 0.9) / 10)


def test_company_is_remembered_for_some_days():
    state = {"company": 1.0, "talk_hours": 2.0, "phone_hours": 1.0}
    assert moved("company", state, wellbeing_company_days=4.0) == pytest.approx(1.5)


def test_mood_returns_to_its_set_point():
    assert moved("mood", {"mood": 0.9}, wellbeing_mood_days=4.0) == pytest.approx(0.8)


def test_mood_never_reaches_the_ends():
    assert moved("mood", {"mood": 1.0}) == pytest.approx(0.999)
    assert moved("mood", {"mood": 0.0}) == pytest.approx(0.001)


def test_self_worth_returns_to_what_self_stigma_leaves_of_its_disposition():
    state = {"self_worth": 0.5, "worth_disposition": 0.8, "self_stigma": 0.5}
    assert moved("self_worth", state, wellbeing_worth_days=2.0, wellbeing_worth_stigma=0.5) == pytest.approx(0.55)


def test_acceptance_returns_to_its_disposition():
    assert moved("acceptance", {"acceptance_disposition": 0.9}, wellbeing_acceptance_days=4.0) == pytest.approx(0.6)


def test_chance_in_mood_is_normal_on_the_logit():
    s = hand_made(50, days=40, wellbeing_mood_noise=0.4)
    steps = []
    for day in range(40):
        s.users.mood[:] = 0.5
        wellbeing(s, 0, day, SEED)
        steps += [math.log(m / (1 - m)) for m in s.users.mood.tolist()]
    mean = sum(steps) / len(steps)
    sd = math.sqrt(sum(x * x for x in steps) / len(steps))
    assert abs(mean) < 4.5 * 0.4 / math.sqrt(2000)
    assert abs(sd / 0.4 - 1) < 4.5 / math.sqrt(4000)
