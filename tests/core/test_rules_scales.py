"""Scales in [0, 1], and what two users are to each other."""

import math

import numpy as np
import pytest
from hand_made import SEED, hand_made, tie
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.schema.scenario import Scenario
from sim.state.build import parameters
from sim.state.columns import TIE
from sim.state.scales import (
    above,
    empathy_now,
    happens,
    hope_above,
    identity_above,
    introduce,
    likeness,
    logistic,
    logit,
    mutual_friends,
    pull,
    reached,
    shifted,
    squash,
    staffed,
    wanted,
)
from sim.streams import unit

SIGMAS = 4.5


@pytest.mark.parametrize(("odds", "share"), [(1.0, 0.5), (3.0, 0.75), (0.25, 0.2)])
def test_log_odds_and_shares_are_inverses(odds, share):
    assert logistic(math.log(odds)) == pytest.approx(share)
    assert logit(share) == pytest.approx(math.log(odds))


def test_squash_has_slope_one_at_one_half():
    assert squash(0.5) == 0.5
    assert (squash(0.501) - squash(0.499)) / 0.002 == pytest.approx(1.0, abs=1e-4)


@given(st.floats(-8, 8))
def test_squash_stays_inside_and_is_odd_about_one_half(x):
    assert 0.0 < squash(0.5 + x) <= 1.0
    assert squash(0.5 + x) + squash(0.5 - x) == pytest.approx(1.0)


def test_squash_of_one_is_the_logistic_of_two():
    assert squash(1.0) == pytest.approx(1 / (1 + math.exp(-2)))


def test_a_shift_moves_the_middle_by_about_as_much():
    assert shifted(0.5, 0.01) == pytest.approx(0.51, abs=1e-5)


@given(st.floats(0.001, 0.999), st.floats(-3, 3))
def test_a_shift_never_leaves_the_scale(share, by):
    assert 0.0 < shifted(share, by) < 1.0


def test_no_shift_changes_nothing():
    assert shifted(0.3, 0.0) == pytest.approx(0.3)


@pytest.mark.parametrize("end", [0.0, 1.0])
@pytest.mark.parametrize("by", [-3.0, 0.0, 3.0])
def test_an_end_of_the_scale_cannot_be_shifted(end, by):
    assert shifted(end, by) == end


def test_a_shift_adds_four_times_as_much_to_the_log_odds():
    assert shifted(0.2, math.log(4.0) / 4.0) == pytest.approx(0.5)


def test_a_rate_of_log_two_reaches_half_of_what_is_missing():
    assert reached(math.log(2.0)) == pytest.approx(0.5)
    assert reached(0.0) == 0.0
    assert reached(1e9) == 1.0


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 1e3) | st.floats(0.0, 1e-6))
def test_what_happens_is_decided_as_with_the_exponential(word, rate):
    for share in (unit(word), reached(rate), math.nextafter(reached(rate), 2.0), math.nextafter(reached(rate), -1.0)):
        assert happens(share, rate) == (share < reached(rate))


@pytest.mark.parametrize("rate", [-1.0, 0.0, math.nan])
def test_nothing_happens_without_a_rate(rate):
    assert not happens(unit(0), rate)


def test_learned_empathy_is_a_share_of_what_was_missing():
    u = hand_made(1).users[0]
    u.empathy, u.learned_empathy = 0.6, 0.5
    assert empathy_now(u) == pytest.approx(0.8)


@pytest.mark.parametrize(("share", "beyond"), [(0.0, -0.5), (0.5, 0.0), (0.75, 0.25)])
def test_a_state_stands_above_or_below_the_middle_of_its_scale(share, beyond):
    assert above(share) == beyond


@pytest.mark.parametrize(("switch", "beyond"), [(1, 0.25), (0, 0.0)])
def test_hope_and_identity_open_to_others_by_their_mechanisms(switch, beyond):
    s = hand_made(1, hope=switch, belonging=switch)
    u = s.users[0]
    u.hope = u.identity = 0.75
    assert (hope_above(u, s.p[0]), identity_above(u, s.p[0])) == (beyond, beyond)


def test_hope_needs_no_belonging_and_belonging_no_hope():
    s = hand_made(1, hope=0)
    s.users.hope[0] = s.users.identity[0] = 0.75
    assert (hope_above(s.users[0], s.p[0]), identity_above(s.users[0], s.p[0])) == (0.0, 0.25)
    s.p.hope, s.p.belonging = 1, 0
    assert (hope_above(s.users[0], s.p[0]), identity_above(s.users[0], s.p[0])) == (0.25, 0.0)


@pytest.mark.parametrize(("switch", "share"), [(1, 0.4), (0, 0.0)])
def test_staff_look_after_their_share_of_users_in_a_living_house(switch, share):
    s = hand_made(1, living_house=switch)
    s.centres[0].coverage = 0.4
    assert staffed(s.centres[0], s.p[0]) == share


@pytest.mark.parametrize(
    ("shared", "most", "switch", "counted"), [(0, 3, 1, 0.0), (2, 3, 1, 2.0), (7, 3, 1, 3.0), (2, 3, 0, 0.0)]
)
def test_friends_in_common_count_up_to_some(shared, most, switch, counted):
    s = hand_made(2, encounters_most_shared=most, shared_friends=switch)
    tie(s, 0, 1).shared = shared
    assert mutual_friends(tie(s, 0, 1), s.p[0]) == counted


def test_attraction_under_self_stigma_lowers_the_closeness_wanted():
    s = hand_made(2, proximity_romance_distance=0.5)
    u, t = s.users[0], tie(s, 0, 1)
    u.desired_closeness, u.self_stigma = 0.8, 0.5
    assert wanted(u, t, s.p[0]) == 0.8
    t.attracted = 1
    assert wanted(u, t, s.p[0]) == pytest.approx(0.8 * (1 - 0.5 * 0.5))


def pull_at(closeness: float, desired: float = 0.5, withdrawn: int = 0, **wanted: float) -> float:
    """Return the pull of a tie at this closeness."""
    s = hand_made(2, **wanted)
    s.users[0].desired_closeness = desired
    t = tie(s, 0, 1)
    t.closeness, t.withdrawn = closeness, withdrawn
    return float(pull(s.users[0], s.users[1], t, s.p[0]))


@given(st.floats(0, 1), st.floats(0.01, 0.99))
def test_without_chaxugeju_closeness_is_irrelevant(closeness, desired):
    assert pull_at(closeness, desired, kappa=0.0) == pull_at(0.0, desired, kappa=0.0)


@pytest.mark.parametrize(("closeness", "fit"), [(0.0, 0.0), (0.3, 0.3), (0.5, 0.5), (0.8, 0.2), (1.0, 0.0)])
def test_pull_rises_to_the_closeness_wanted_and_falls_beyond(closeness, fit):
    assert pull_at(closeness, 0.5, kappa=10.0) == pytest.approx(10.0 * fit)


def test_one_who_is_too_near_is_pushed_away():
    assert pull_at(0.9, 0.2, kappa=10.0) == pytest.approx(-5.0)


def test_a_withdrawn_tie_pushes():
    assert pull_at(0.4, withdrawn=1, encounters_withdrawn_weight=3.0) == pytest.approx(-3.0)
    assert pull_at(0.4, withdrawn=1, encounters_withdrawn_weight=3.0, proximity_regulation=0) == 0.0


@pytest.mark.parametrize(("closeness", "far"), [(0.34, 0.0), (0.35, 0.45), (0.6, 0.2), (0.8, 0.0), (0.9, 0.0)])
def test_a_friend_less_close_than_wanted_is_approached(closeness, far):
    assert pull_at(closeness, 0.8, proximity_approach_weight=2.0) == pytest.approx(2.0 * far)


def test_a_good_listener_pulls_one_who_needs_to_be_heard():
    s = hand_made(2, encounters_need_weight=0.8)
    s.users[0].needs[0], s.users[1].listening_skill = 0.5, 0.25
    assert pull(s.users[0], s.users[1], tie(s, 0, 1), s.p[0]) == pytest.approx(0.1)


@pytest.mark.parametrize(("shared", "switch", "expected"), [(0, 1, 0.0), (2, 1, 0.8), (5, 1, 1.2), (2, 0, 0.0)])
def test_who_shares_friends_pulls(shared, switch, expected):
    s = hand_made(2, encounters_shared_weight=0.4, encounters_most_shared=3, shared_friends=switch)
    tie(s, 0, 1).shared = shared
    assert pull(s.users[0], s.users[1], tie(s, 0, 1), s.p[0]) == pytest.approx(expected)


def test_one_is_pulled_by_appeal_liking_and_what_the_house_arranges():
    s = hand_made(2, encounters_arranged_weight=3.0)
    t = tie(s, 0, 1)
    t.appeal, t.liking, t.liking_base, t.arranged = 1.5, -0.4, 9.0, 0.5
    assert pull(s.users[0], s.users[1], t, s.p[0]) == pytest.approx(1.5 - 0.4 + 1.5)


@pytest.mark.parametrize(("chaxugeju", "times"), [(0.0, 0.0), (0.5, 1.0), (0.8, 4.0)])
def test_chaxugeju_multiplies_the_pull_of_closeness_by_its_odds(chaxugeju, times):
    rules = {
        "encounters": {"chaxugeju": chaxugeju, "closeness_weight": 7.0},
        "support": {"choose_closeness": 2.0},
    }
    p = parameters(Scenario.model_validate({"name": "x", "rules": rules}))[0]
    assert p.kappa == pytest.approx(7.0 * times)
    assert p.kappa_help == pytest.approx(2.0 * times)


def test_full_chaxugeju_is_finite_and_beyond_any_other():
    p = [
        parameters(Scenario.model_validate({"name": "x", "rules": {"encounters": {"chaxugeju": value}}}))[0]
        for value in (0.95, 1.0)
    ]
    assert p[0].kappa < p[1].kappa < math.inf


PROFILE = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (PROFILE, 1.0),
        ([0.3 + 0.5 * x for x in PROFILE], 1.0),  # liking everything more is no likeness
        (PROFILE[::-1], -1.0),
        ([0.4] * 7, 0.0),
        ([0.5, 0.3, 0.2, 0.1, 0.2, 0.3, 0.5], 0.0),
    ],
)
def test_likeness_is_the_correlation_of_two_profiles(other, expected):
    s = hand_made(2)
    s.users[0].interest[:], s.users[1].interest[:] = PROFILE, other
    assert likeness(s.users[0], s.users[1]) == pytest.approx(expected, abs=1e-12)


def introduced(**wanted: float):
    """Introduce two users with the same interests who came 1095.75 days apart."""
    s = hand_made(2, **wanted)
    s.users[0].interest[:], s.users[1].interest[:] = PROFILE, PROFILE
    s.users[1].arrived = s.users[0].arrived + 1095.75
    introduce(s.users[0], s.users[1], tie(s, 0, 1), s.p[0], SEED)
    return tie(s, 0, 1)


def test_appeal_adds_interests_sex_and_time_of_arrival():
    weights = {"encounters_interest_weight": 1.5, "encounters_same_sex_weight": 0.4, "encounters_tenure_weight": 0.3}
    t = introduced(**weights, encounters_tenure_years=3.0)
    assert t.appeal == pytest.approx(1.5 + 0.4 + 0.3 / math.e)
    assert introduced(**weights, encounters_tenure_years=1.5).appeal == pytest.approx(1.5 + 0.4 + 0.3 / math.e**2)
    assert (t.liking, t.liking_base) == (0.0, 0.0)


def test_one_is_liked_for_warmth_and_for_common_ground():
    s = hand_made(2, encounters_warmth_weight=0.6, encounters_interest_liking=1.5)
    s.users[0].interest[:], s.users[1].interest[:] = PROFILE, PROFILE[::-1]
    s.users.empathy[:] = [0.9, 0.25]
    introduce(s.users[0], s.users[1], tie(s, 0, 1), s.p[0], SEED)
    assert tie(s, 0, 1).liking == pytest.approx(0.6 * (0.25 - 0.5) - 1.5)
    assert tie(s, 0, 1).appeal == 0.0


def test_strangers_begin_with_the_trust_of_the_house_and_nothing_else():
    """Every column is written again, whatever the tie of earlier users held."""
    s = hand_made(2, conversation_trust_start=0.2)
    t = tie(s, 0, 1)
    for column in TIE:
        t[column.name] = 1
    introduce(s.users[0], s.users[1], t, s.p[0], SEED)
    left = {column.name: np.asarray(t[column.name]).tolist() for column in TIE}
    nothing = dict.fromkeys(left, 0) | {"help": [0.0] * 5}
    assert left == nothing | {"trust": 0.2, "last_contact": -1}


@pytest.mark.parametrize(("sexes", "attracted"), [((0, 1), 1), ((1, 0), 1), ((0, 0), 0), ((1, 1), 0)])
def test_attraction_needs_opposite_sexes(sexes, attracted):
    s = hand_made(2, proximity_romance_share=1.0)
    s.users[0].sex, s.users[1].sex = sexes
    introduce(s.users[0], s.users[1], tie(s, 0, 1), s.p[0], SEED)
    assert tie(s, 0, 1).attracted == attracted


def test_no_share_of_romance_means_no_attraction():
    s = hand_made(2)
    s.users[1].sex = 1
    introduce(s.users[0], s.users[1], tie(s, 0, 1), s.p[0], SEED)
    assert tie(s, 0, 1).attracted == 0


def liking_both_ways(uid: int, **wanted: float) -> tuple[float, float]:
    """Return how two users like each other."""
    s = hand_made(2, **wanted)
    s.users[1].uid = uid
    introduce(s.users[0], s.users[1], tie(s, 0, 1), s.p[0], SEED)
    introduce(s.users[1], s.users[0], tie(s, 1, 0), s.p[0], SEED)
    assert (tie(s, 0, 1).liking, tie(s, 1, 0).liking) == (tie(s, 0, 1).liking_base, tie(s, 1, 0).liking_base)
    return float(tie(s, 0, 1).liking), float(tie(s, 1, 0).liking)


def test_shared_chemistry_is_felt_by_both_alike():
    there, back = liking_both_ways(500, encounters_chemistry_shared_sd=0.5)
    assert there == back != 0.0


def test_own_chemistry_is_felt_by_one():
    there, back = liking_both_ways(500, encounters_chemistry_own_sd=0.5)
    assert there != back


def test_some_are_liked_by_all():
    s = hand_made(4, encounters_chemistry_person_sd=0.5)
    for i in range(4):
        for j in range(4):
            introduce(s.users[i], s.users[j], tie(s, i, j), s.p[0], SEED)
    toward = [{float(tie(s, i, j).liking) for i in range(4) if i != j} for j in range(4)]
    assert [len(likings) for likings in toward] == [1] * 4
    assert len(set.union(*toward)) == 4


def test_first_likings_are_normal_about_nothing_with_the_spread_of_their_parts():
    s = hand_made(2, encounters_chemistry_shared_sd=0.3, encounters_chemistry_own_sd=0.4)
    s.p.encounters_chemistry_person_sd = 1.2
    likings = []
    for uid in range(1000, 9000):
        s.users[1].uid = uid
        introduce(s.users[0], s.users[1], tie(s, 0, 1), s.p[0], SEED)
        likings.append(float(tie(s, 0, 1).liking))
    spread = 1.3  # the root of 0.3**2 + 0.4**2 + 1.2**2
    assert abs(np.mean(likings)) < SIGMAS * spread / math.sqrt(8000)
    assert abs(np.std(likings) / spread - 1) < SIGMAS / math.sqrt(16000)
