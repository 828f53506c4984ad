"""Phase 12: the record of a day."""

import math

import numpy as np
import pytest
from hand_made import befriend, hand_made, tie, vacate

from sim.outcomes.ledger import record_day, role
from sim.state.columns import CONFIDANT, FRIEND, KIN

UNINVOLVED, HELPER, HELPED, MUTUAL = 0, 1, 2, 3


def recorded(s, day: int = 1):
    record_day(s, 0, day)
    return s.ledger[day, 0]


@pytest.mark.parametrize(
    ("given", "received", "expected"),
    [
        (0.0, 0.0, UNINVOLVED), (1.0, 1.9, UNINVOLVED), (1.5, 1.5, MUTUAL), (3.0, 2.0, HELPER), (2.9, 2.0, MUTUAL),
        (2.0, 3.0, HELPED), (2.0, 2.9, MUTUAL), (3.0, 0.0, HELPER), (0.0, 3.0, HELPED),
    ],
)  # fmt: skip
def test_roles_are_read_off_the_balance_of_help(given, received, expected):
    assert role(given, received, 3.0) == expected


def test_roles_need_an_act_of_help_a_month_over_the_memory():
    s = hand_made(4, support_memory_days=90.0)
    s.users.given[:], s.users.received[:] = [2.99, 3.0, 0.0, 2.0], [0.0, 0.0, 3.1, 2.0]
    today = recorded(s)
    shares = (today.role_uninvolved, today.role_helper, today.role_helped, today.role_mutual)
    assert shares == (0.25, 0.25, 0.25, 0.25)


@pytest.mark.parametrize(
    ("given", "gini"),
    [([1.0, 1.0, 1.0], 0.0), ([0.0, 0.0, 3.0], 2 / 3), ([1.0, 2.0, 3.0], 2 / 9), ([0.0, 0.0, 0.0], 0.0)],
)
def test_concentration_of_helping_is_the_gini_coefficient(given, gini):
    s = hand_made(3)
    s.users.given[:] = given
    assert recorded(s).helping_gini == pytest.approx(gini)


def test_means_are_shown_on_the_scales_of_the_instruments():
    s = hand_made(2)
    s.users.loneliness[:], s.users.burden[:], s.users.identity[:] = [0.2, 0.4], [0.1, 0.3], [0.0, 1.0]
    today = recorded(s)
    assert today.loneliness_ucla20 == pytest.approx(38.0)
    assert today.burden == pytest.approx(20.0)
    assert today.group_identity == pytest.approx(4.0)


def test_spread_is_the_sample_deviation_on_the_same_scales():
    s = hand_made(2)
    s.users.loneliness[:], s.users.burden[:], s.users.identity[:] = [0.2, 0.4], [0.1, 0.3], [0.0, 1.0]
    today = recorded(s)
    assert today.loneliness_ucla20_sd == pytest.approx(60 * 0.2 / math.sqrt(2))
    assert today.burden_sd == pytest.approx(100 * 0.2 / math.sqrt(2))
    assert today.group_identity_sd == pytest.approx(6 / math.sqrt(2))


def test_shares_beyond_a_cut_off_take_in_the_cut_off():
    s = hand_made(4)
    for name in ("loneliness", "burden", "identity"):
        s.users[name] = [0.0, 0.499, 0.5, 1.0]
    today = recorded(s)
    assert (today.lonely_share, today.burdened_share, today.belonging_share) == (0.5, 0.5, 0.5)


def test_a_lone_user_has_no_spread():
    assert recorded(hand_made(1)).loneliness_ucla20_sd == 0.0


def test_states_are_averaged():
    s = hand_made(2)
    names = ("self_worth", "self_stigma", "acceptance", "mood", "threshold", "learned_empathy")
    for name in names:
        s.users[name] = [0.2, 0.6]
    s.users.unwell[:] = [0, 1]
    s.users.needs[0] = [1.0, 0.5, 0.5, 0.0, 0.0]
    today = recorded(s)
    assert [today[name] for name in names] == pytest.approx([0.4] * 6)
    assert today.unwell_share == 0.5
    assert today.open_needs == pytest.approx(0.2)


def test_newcomers_are_those_within_their_first_days():
    s = hand_made(3, episodes_newcomer_days=180.0)
    s.users.arrived[:] = [-179.5, -178.5, 1.0]
    assert recorded(s).newcomers == 2


def test_only_those_enrolled_are_counted():
    s = hand_made(3)
    s.users.loneliness[:] = [0.0, 0.5, 1.0]
    vacate(s, 2)
    today = recorded(s)
    assert today.users == 2
    assert today.loneliness_ucla20 == pytest.approx(35.0)


def network():
    """Return a network: 0 and 1 are kin, 0 feels 2 a friend who feels an acquaintance, 3 knows nobody; 0 has told 1."""
    s = hand_made(4)
    befriend(s, 0, 1, KIN, KIN)
    befriend(s, 0, 2, FRIEND, 0.2)
    tie(s, 0, 1).told = 1
    tie(s, 1, 2).withdrawn = 1
    return recorded(s)


def test_ties_are_averaged_over_users_by_level():
    today = network()
    assert today.acquaintances == 4 / 4
    assert today.ties_at_or_above_friend_out == 3 / 4
    assert today.confidants == 2 / 4
    assert today.kin_like == 2 / 4
    assert today.withdrawn_ties == 1 / 4


def test_users_without_ties_are_shares():
    today = network()
    assert (today.no_friend_share, today.no_confidant_share) == (0.5, 0.5)


def test_density_and_reciprocity_are_of_friend_ties():
    today = network()
    assert today.density == pytest.approx(3 / 12)
    assert today.friend_arc_reciprocity == pytest.approx(2 / 3)


def test_disclosure_is_counted_over_ties_and_over_users():
    today = network()
    assert today.friend_ties_with_illness_talk == pytest.approx(1 / 3)
    assert today.users_who_told_a_peer == 1 / 4


def test_shares_of_friend_ties_are_undefined_without_friend_ties():
    today = recorded(hand_made(2))
    assert math.isnan(today.friend_arc_reciprocity)
    assert math.isnan(today.friend_ties_with_illness_talk)


def test_a_confidant_is_a_friend_too():
    s = hand_made(2)
    befriend(s, 0, 1, CONFIDANT, 0.0)
    assert recorded(s).ties_at_or_above_friend_out == 0.5


def test_norm_and_public_stigma_are_kept():
    s = hand_made(1)
    s.centres[0].norm, s.society[0].public_stigma = 0.3, 0.6
    assert (recorded(s).norm, recorded(s, 2).public_stigma) == (0.3, 0.6)


def test_nothing_is_kept_of_the_days_of_settling():
    s = hand_made(2)
    record_day(s, 0, -1)
    assert not any(s.ledger[name].any() for name in s.ledger.dtype.names)


def test_recording_changes_nothing_but_the_ledger():
    s = hand_made(3)
    befriend(s, 0, 1, 0.7)
    before = [s.users.tobytes(), s.ties.tobytes(), s.centres.tobytes(), s.society.tobytes(), s.seats.tobytes()]
    recorded(s)
    assert [s.users.tobytes(), s.ties.tobytes(), s.centres.tobytes(), s.society.tobytes(), s.seats.tobytes()] == before
    assert np.any(s.ledger["users"])
