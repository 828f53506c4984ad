"""Phase 8: out of hours, by phone."""

import math

import pytest
from hand_made import SEED, befriend, hand_made, tie, vacate
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.contact import contact, contact_chance, contact_hours

DAILY = {"contact_closeness_from": 0.5, "contact_daily_rate": 1.0, "contact_minutes": 1e9, "contact_longest": 120.0}
"""Two who are close enough are in touch every day, for two hours."""


@pytest.mark.parametrize(("near", "chance"), [(0.49, 0.0), (0.5, 0.2), (0.75, 0.3), (1.0, 0.4)])
def test_the_chance_begins_at_the_border_and_doubles_to_the_top(near, chance):
    p = hand_made(1, contact_closeness_from=0.5, contact_daily_rate=0.2).p[0]
    assert contact_chance(near, p) == pytest.approx(chance)


@pytest.mark.parametrize(("near", "hours"), [(0.5, 0.5), (0.75, 0.5 * math.e)])
def test_the_mean_length_grows_with_closeness(near, hours):
    p = hand_made(
        1, contact_closeness_from=0.5, contact_minutes=30.0, contact_minutes_slope=4.0, contact_longest=1e9
    ).p[0]
    assert contact_hours(near, p, math.exp(-1.0)) == pytest.approx(
        hours
    )  # the share at which an exponential is its mean


@given(st.floats(1e-9, 1, exclude_max=True))
def test_no_contact_is_longer_than_the_longest(share):
    p = hand_made(1, contact_closeness_from=0.5, contact_minutes=30.0, contact_longest=90.0).p[0]
    assert 0.0 <= contact_hours(0.9, p, share) <= 1.5


def in_touch(there: float = 0.8, back: float = 0.7, **wanted: float):
    s = hand_made(2, **DAILY, **wanted)
    befriend(s, 0, 1, there, back)
    tie(s, 0, 1).trust = tie(s, 1, 0).trust = 0.2
    contact(s, 0, 2, SEED)
    return s


def test_two_hours_by_phone_are_two_hours_for_both():
    s = in_touch()
    assert s.users.phone_hours.tolist() == [2.0, 2.0]
    assert (s.ledger[2, 0].contacts, s.ledger[2, 0].contact_hours) == (1, 2.0)
    for t in (tie(s, 0, 1), tie(s, 1, 0)):
        assert (t.met, t.last_contact) == (2.0, 2)


def test_the_less_close_of_the_two_decides_whether_they_call():
    assert in_touch(0.9, 0.49).ledger[2, 0].contacts == 0
    assert in_touch(0.9, 0.51).ledger[2, 0].contacts == 1


@pytest.mark.parametrize(("closeness", "loads"), [((0.8, 0.7), [0.0, 0.8]), ((0.7, 0.8), [0.8, 0.0])])
def test_the_one_who_feels_less_close_carries_the_load(closeness, loads):
    assert in_touch(*closeness, contact_hour_load=0.4).users.load.tolist() == pytest.approx(loads)


def test_two_who_are_equally_close_carry_it_alike():
    load = in_touch(0.8, 0.8, contact_hour_load=0.4).users.load
    assert load[0] == load[1]


@pytest.mark.parametrize("side", [(0, 1), (1, 0)])
def test_one_who_has_withdrawn_is_not_in_touch(side):
    s = hand_made(2, **DAILY)
    befriend(s, 0, 1, 0.9)
    tie(s, *side).withdrawn = 1
    contact(s, 0, 0, SEED)
    assert s.ledger[0, 0].contacts == 0
    assert s.users.phone_hours.tolist() == [0.0, 0.0]


def test_phones_work_on_closed_days():
    s = hand_made(2, **DAILY)
    befriend(s, 0, 1, 0.9)
    s.centres[0].is_open = 0
    s.users.attends[:] = 0
    contact(s, 0, 0, SEED)
    assert s.ledger[0, 0].contacts == 1


def test_an_hour_by_phone_counts_its_weight():
    assert tie(in_touch(contact_hour_weight=0.6), 0, 1).today == pytest.approx(1.2)


def test_being_heard_by_phone_relieves_both():
    s = hand_made(2, **DAILY, contact_relief=math.log(2.0) / 2)
    befriend(s, 0, 1, 0.9)
    s.users.needs[:] = 0.8
    contact(s, 0, 0, SEED)
    assert s.users.needs[:, 0].tolist() == pytest.approx([0.4, 0.4])
    assert s.users.needs[0, 1:].tolist() == [0.8] * 4


def test_a_call_pleases_and_builds_a_little_trust():
    s = in_touch(conversation_pleasure=math.log(2.0) / 2, conversation_trust_ordinary=math.log(4.0) / 2)
    assert s.users.mood.tolist() == pytest.approx([0.75, 0.75])
    assert (tie(s, 0, 1).trust, tie(s, 1, 0).trust) == pytest.approx((0.8, 0.8))


def test_without_ordinary_connection_a_call_neither_pleases_nor_brings_closer():
    s = in_touch(contact_hour_weight=0.6, conversation_pleasure=1.0, ordinary_connection=0)
    assert s.users.mood.tolist() == [0.5, 0.5]
    assert tie(s, 0, 1).today == 0.0


@pytest.mark.parametrize(
    ("desired", "met", "demands"),
    [
        ((0.3, 0.8), 0.0, [2.0 * 0.9 * 0.5, 0.0]),
        ((0.8, 0.3), 0.0, [0.0, 2.0 * 0.6 * 0.5]),
        ((0.3, 0.8), 0.5, [0.0, 0.0]),
    ],
)
def test_a_call_the_other_wants_more_is_a_demand_unless_felt_at_the_centre_already(desired, met, demands):
    s = hand_made(2, **DAILY, proximity_demand_weight=2.0)
    s.users.desired_closeness[:] = desired
    befriend(s, 0, 1, 0.6, 0.9)
    tie(s, 0, 1).met = tie(s, 1, 0).met = met
    contact(s, 0, 0, SEED)
    assert s.users.demand.tolist() == pytest.approx(demands)


def test_one_who_has_left_is_not_called():
    s = hand_made(2, **DAILY)
    befriend(s, 0, 1, 0.9)
    vacate(s, 1)
    contact(s, 0, 0, SEED)
    assert s.ledger[0, 0].contacts == 0


def test_no_day_of_phoning_is_longer_than_a_day():
    s = hand_made(5, **(DAILY | {"contact_longest": 600.0}))
    for i in range(5):
        for j in range(i):
            befriend(s, i, j, 0.9)
    contact(s, 0, 0, SEED)
    assert s.users.phone_hours.max() <= 24.0


def test_whoever_is_called_the_draws_belong_to_the_pair():
    """Who sits in which seat makes no difference."""
    lengths = []
    for uids in ((7, 9), (9, 7)):
        s = hand_made(2, contact_closeness_from=0.5, contact_daily_rate=1.0, contact_minutes=30.0, contact_longest=1e9)
        s.users.uid[:] = uids
        befriend(s, 0, 1, 0.9)
        contact(s, 0, 0, SEED)
        lengths.append(float(s.users.phone_hours[0]))
    assert lengths[0] == lengths[1] > 0.0
