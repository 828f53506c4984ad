"""Phase 9: loneliness, burden, mood, self-worth, acceptance."""

import math

import numpy as np
import pytest
from hand_made import SEED, befriend, hand_made, tie
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.wellbeing import (
    burden_after,
    hope_target,
    intimacy,
    loneliness_target,
    look_at_ties,
    mood_target,
    wellbeing,
)
from sim.state.columns import KNOWN_FROM

share = st.floats(0, 1)
WEIGHTS = {
    "wellbeing_lonely_base": 0.1, "wellbeing_lonely_emotional": 0.4, "wellbeing_lonely_social": 0.2,
    "wellbeing_lonely_longing": 0.3, "wellbeing_lonely_stigma": 0.25, "wellbeing_lonely_family": 0.15,
    "wellbeing_lonely_company": 0.05, "wellbeing_satiety": 0.5, "wellbeing_lonely_need": 0.3,
    "wellbeing_lonely_identity": 0.2, "wellbeing_lonely_worth": 0.1,
}  # fmt: skip


def lonely(number: float = 4.0, off: str = "", **columns: float) -> float:
    """Return where loneliness moves to; by default only the base makes lonely."""
    s = hand_made(1, **WEIGHTS, **({off: 0} if off else {}))
    u = s.users[0]
    u.known_closest, u.family_support, u.desired_ties = 1.0, 1.0, 4.0
    for name, value in columns.items():
        u[name] = value
    return float(loneliness_target(u, s.p[0], number))


def curve(x: float) -> float:
    """Return the logistic curve with slope 1 at one half."""
    return 1 / (1 + math.exp(-4 * (x - 0.5)))


@pytest.mark.parametrize(
    ("state", "added"),
    [
        ({}, 0.0), ({"known_closest": 0.75}, 0.1), ({"known_closest": 0.0}, 0.4), ({"number": 1.0}, 0.15),
        ({"number": 9.0}, 0.0), ({"longing": 0.5}, 0.15), ({"self_stigma": 0.4}, 0.1), ({"family_support": 0.0}, 0.15),
        ({"company": 0.5}, -0.025), ({"company": 1.5}, -0.0375), ({"lonely_disposition": 0.6}, 0.1),
        ({"needs": [1, 0, 0, 0, 0]}, 0.1), ({"needs": [0, 1, 0, 0, 1]}, 0.0), ({"needs": [0.5, 0, 0.5, 0.5, 0]}, 0.15),
        ({"needs": [1] * 5, "off": "binding_help"}, 0.0), ({"identity": 1.0}, -0.1), ({"identity": 0.0}, 0.1),
        ({"identity": 1.0, "off": "belonging"}, 0.0), ({"self_worth": 1.0}, -0.05), ({"self_worth": 0.0}, 0.05),
        ({"closest": 0.0, "desired_closeness": 1.0}, 0.0),
    ],
)  # fmt: skip
def test_loneliness_adds_its_reasons(state, added):
    assert lonely(**state) == pytest.approx(curve(0.1 + added))


@pytest.mark.parametrize(
    ("column", "sign"),
    [
        ("known_closest", -1),
        ("number", -1),
        ("identity", -1),
        ("self_worth", -1),
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
def test_loneliness_never_leaves_its_scale(known, stigma, longing, number):
    assert 0.0 < lonely(number, known_closest=known, self_stigma=stigma, longing=longing) < 1.0


@pytest.mark.parametrize(("number", "desired"), [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0)])
def test_one_who_wants_no_more_ties_misses_none(number, desired):
    with np.errstate(invalid="ignore", divide="ignore"):
        assert lonely(number, desired_ties=desired) == pytest.approx(curve(0.1))


@pytest.mark.parametrize(
    ("closeness", "known", "switch", "expected"),
    [(0.8, 1.0, 1, 0.8), (0.8, 0.0, 1, 0.32), (0.8, 0.5, 1, 0.56), (0.8, 0.0, 0, 0.8), (0.0, 1.0, 1, 0.0)],
)
def test_a_tie_is_intimate_by_its_closeness_and_in_part_by_being_known(closeness, known, switch, expected):
    s = hand_made(2, wellbeing_known_weight=0.6, being_known=switch)
    tie(s, 0, 1).closeness, tie(s, 0, 1).known, tie(s, 1, 0).known = closeness, known, 0.77
    assert intimacy(tie(s, 0, 1), s.p[0]) == pytest.approx(expected)


def burden(attends: int = 1, before: float = 0.5, off: str = "", **columns: float) -> float:
    s = hand_made(
        1,
        wellbeing_burden_gain=0.5,
        wellbeing_burden_demand=0.25,
        wellbeing_burden_days=10.0,
        wellbeing_rest_ratio=2.0,
        wellbeing_burden_illness=0.5,
        wellbeing_burden_need=1.0,
        wellbeing_burden_trouble=2.0,
        wellbeing_unwell_strain=3.0,
        **({off: 0} if off else {}),
    )
    u = s.users[0]
    u.burden, u.attends = before, attends
    for name, value in columns.items():
        u[name] = value
    return float(burden_after(u, s.p[0]))


def test_burden_falls_back_toward_what_life_outside_leaves():
    assert burden(outside_burden=0.3) == pytest.approx(0.5 - 0.2 / 10)


def test_burden_falls_faster_on_a_day_at_home():
    assert burden(attends=0, outside_burden=0.3) == pytest.approx(0.5 - 2 * 0.2 / 10)


def test_load_within_capacity_costs_nothing():
    assert burden(outside_burden=0.5, load=1.0, support_capacity=1.0) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("state", "dose"),
    [
        ({"load": 1.5, "support_capacity": 0.5}, 0.5), ({"load": 1.5, "support_capacity": 0.5, "supervised": 0.4}, 0.3),
        ({"demand": 2.0}, 0.5), ({"unwell": 1}, 0.5), ({"needs": [1, 0, 0, 0, 0]}, 0.2), ({"needs": [0.5] * 5}, 0.5),
        ({"trouble": 0.25}, 0.5), ({"load": 0.5, "unwell": 1, "support_capacity": 0.4}, 0.5 * (0.5 * 4 - 0.4) + 0.5),
        ({"load": 1.5, "demand": 2.0, "unwell": 1, "needs": [1] * 5, "trouble": 1.0}, 3.0 + 0.5 + 0.5 + 1.0 + 2.0),
        ({"load": 1.5, "unwell": 1, "needs": [1] * 5, "trouble": 1.0, "off": "strain"}, 0.75),
    ],
)  # fmt: skip
def test_load_above_capacity_demand_illness_needs_and_trouble_add_a_share_of_what_is_missing(state, dose):
    assert burden(outside_burden=0.5, **state) == pytest.approx(0.5 + 0.5 * (1 - math.exp(-dose)))


def test_respite_makes_burden_fall_faster():
    assert burden(outside_burden=0.3, respite=0.5) == pytest.approx(0.5 - 1.5 * 0.2 / 10)


@given(share, share, st.floats(0, 100), st.floats(0, 50), st.integers(0, 1))
def test_burden_never_leaves_its_scale(before, outside, load, demand, attends):
    assert 0.0 <= burden(attends, before, outside_burden=outside, load=load, demand=demand) <= 1.0


def mood(off: str = "", **columns: float) -> float:
    s = hand_made(
        1,
        wellbeing_mood_need=0.5,
        wellbeing_mood_burden=0.25,
        wellbeing_mood_stigma=0.2,
        wellbeing_mood_lonely=0.1,
        wellbeing_mood_unwell=0.4,
        wellbeing_mood_worth=0.3,
        wellbeing_mood_hope=0.6,
        **({off: 0} if off else {}),
    )
    u = s.users[0]
    u.mood_disposition, u.loneliness, u.self_worth, u.hope = 0.8, 0.0, 1.0, 1.0
    for name, value in columns.items():
        setattr(u, name, value)
    return float(mood_target(u, s.p[0]))


@pytest.mark.parametrize(
    ("state", "times"),
    [
        ({}, 1.0), ({"needs": [1, 0, 0, 0, 0]}, 0.9), ({"needs": [1] * 5}, 0.5), ({"burden": 1.0}, 0.75),
        ({"self_stigma": 0.5}, 0.9), ({"loneliness": 1.0}, 0.9), ({"unwell": 1}, 0.6),
        ({"burden": 1.0, "unwell": 1}, 0.45), ({"self_worth": 0.5}, 0.85), ({"hope": 0.5}, 0.7), ({"hope": 0.0}, 0.4),
        ({"hope": 0.0, "off": "hope"}, 0.7), ({"hope": 1.0, "off": "hope"}, 0.7),
    ],
)  # fmt: skip
def test_troubles_multiply_in_the_set_point_of_mood(state, times):
    assert mood(**state) == pytest.approx(0.8 * times)


HOPEFUL = {"wellbeing_hope_worth": 0.5, "wellbeing_hope_identity": 0.75, "wellbeing_hope_lonely": 0.25,
           "wellbeing_hope_stigma": 1.0, "wellbeing_hope_need": 0.5}  # fmt: skip


@pytest.mark.parametrize(
    ("state", "log_odds"),
    [
        ({}, 0.0), ({"self_worth": 1.0}, 1.0), ({"identity": 1.0}, 1.5), ({"identity": 1.0, "off": "belonging"}, 0.0),
        ({"loneliness": 1.0}, -0.5), ({"self_stigma": 0.0}, 2.0), ({"self_stigma": 0.75, "self_worth": 0.0}, -2.0),
        ({"hope_disposition": 1 / (1 + math.e)}, -1.0), ({"needs": (1.0, 0.0, 0.5, 0.0, 0.5)}, -0.3),
        ({"needs": 0.0}, 0.5),
        ({"hope_disposition": 1 / (1 + math.e), "loneliness": 0.0}, -0.5),
    ],
)  # fmt: skip
def test_the_set_point_of_hope_is_shifted_by_worth_belonging_loneliness_stigma_and_needs(state, log_odds):
    off = {state["off"]: 0} if "off" in state else {}
    s = hand_made(1, **HOPEFUL, **off)
    u = s.users[0]
    u.self_stigma, u.needs = 0.5, 0.25
    for name in state.keys() - {"off"}:
        u[name] = state[name]
    assert hope_target(u, s.p[0]) == pytest.approx(1 / (1 + math.exp(-log_odds)))


@given(share, share, share, share, st.floats(0.001, 0.999))
def test_the_set_point_of_hope_never_leaves_its_scale(worth, belonging, loneliness, stigma, disposition):
    s = hand_made(1, **HOPEFUL)
    u = s.users[0]
    u.self_worth, u.identity, u.loneliness, u.self_stigma, u.hope_disposition = (
        worth, belonging, loneliness, stigma, disposition
    )  # fmt: skip
    assert 0.0 < hope_target(u, s.p[0]) < 1.0


def looked(*ties: tuple[float, float]):
    """Let the first look at ties given as (closeness there, closeness back); return the state and the soft number."""
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
    s, _ = looked((0.6, 0.6), (0.09, 0.9))
    assert (s.users[0].closest, s.users[0].known_closest) == pytest.approx((0.2, 0.2))


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_the_three_closest_and_the_three_most_intimate_are_found_in_any_order(order):
    """Intimacy is 0.9 / 2 and 0.8 / 2 (unknown), and 0.7 and 0.3 (known)."""
    ties = [(0.9, 0.0), (0.8, 0.0), (0.7, 1.0), (0.3, 1.0)]
    s = hand_made(5, wellbeing_known_weight=0.5)
    for place, j in enumerate(order, 1):
        tie(s, 0, place).closeness, tie(s, 0, place).known = ties[j]
    look_at_ties(s, 0, 0, 3)
    assert s.users[0].closest == pytest.approx(0.8)
    assert s.users[0].known_closest == pytest.approx((0.45 + 0.4 + 0.7) / 3)


def test_a_less_close_tie_in_which_one_is_known_can_be_more_intimate():
    s = hand_made(5, wellbeing_known_weight=0.9)
    for j, known in ((1, 0.0), (2, 0.0), (3, 0.0), (4, 1.0)):
        tie(s, 0, j).closeness, tie(s, 0, j).known = (0.5, known) if j == 4 else (0.8, known)
    look_at_ties(s, 0, 0, 3)
    assert s.users[0].known_closest == pytest.approx((0.5 + 0.08 + 0.08) / 3)


def test_those_by_whom_one_is_known_are_counted_however_close():
    s = hand_made(5)
    for j, known in ((1, KNOWN_FROM), (2, 0.99 * KNOWN_FROM), (3, 1.0), (4, 0.0)):
        tie(s, 0, j).known, tie(s, j, 0).known = known, 1.0
    befriend(s, 0, 4, 0.9)
    look_at_ties(s, 0, 0, 3)
    assert s.users[0].known_by == 2


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


@pytest.mark.parametrize(("switch", "hope"), [(1, 0.8), (0, 0.9)])
def test_hope_goes_a_share_of_the_way_to_its_set_point(switch, hope):
    found = moved("hope", {"hope": 0.9, "self_stigma": 0.5}, wellbeing_hope_days=4.0, hope=switch)
    assert found == pytest.approx(hope)


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
