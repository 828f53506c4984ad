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
    """The seats of the two make no difference."""
    lengths = []
    for uids in ((7, 9), (9, 7)):
        s = hand_made(2, contact_closeness_from=0.5, contact_daily_rate=1.0, contact_minutes=30.0, contact_longest=1e9)
        s.users.uid[:] = uids
        befriend(s, 0, 1, 0.9)
        contact(s, 0, 0, SEED)
        lengths.append(float(s.users.phone_hours[0]))
    assert lengths[0] == lengths[1] > 0.0


def talkative(uids: tuple[int, ...], talked: dict[int, float]):
    """Return four friends, by uid, who all wish to be in touch for ten hours; some have talked already."""
    s = hand_made(4, **(DAILY | {"contact_longest": 600.0}), proximity_demand_weight=1.0)
    s.users.uid[:] = uids
    for i in range(4):
        s.users.talk_hours[i] = talked.get(uids[i], 0.0)
        for j in range(i):
            befriend(s, i, j, 0.9)
    contact(s, 0, 2, SEED)
    return s


def hours_of_pairs(s) -> dict[tuple[int, int], float]:
    """Return hours together by the uids of the pair."""
    n = len(s.users)
    uids = s.users.uid.tolist()
    return {(uids[i], uids[j]): float(tie(s, i, j).met) for i in range(n) for j in range(n) if i != j}


def test_calls_that_do_not_fit_into_a_day_are_cut_by_the_smaller_share_of_the_two():
    """Each wishes for 30 h: 4/5 fit with 24 h left, 2/5 with 12 h, 1/5 with 6 h."""
    found = hours_of_pairs(talkative((1, 2, 3, 4), {3: 12.0, 4: 18.0}))
    shares = {1: 0.8, 2: 0.8, 3: 0.4, 4: 0.2}
    assert found == pytest.approx({(i, j): 10.0 * min(shares[i], shares[j]) for i, j in found})


@pytest.mark.parametrize("uids", [(4, 3, 2, 1), (2, 4, 1, 3), (3, 1, 4, 2)])
def test_who_sits_where_does_not_decide_who_gets_hours_when_the_day_is_full(uids):
    talked = {2: 3.0, 3: 12.0, 4: 18.0}
    assert hours_of_pairs(talkative(uids, talked)) == pytest.approx(hours_of_pairs(talkative((1, 2, 3, 4), talked)))


def test_a_call_for_which_the_day_has_no_time_left_is_none():
    s = talkative((1, 2, 3, 4), {3: 24.0, 4: 24.0})
    s.users.desired_closeness[:] = [0.9, 0.1, 0.1, 0.1]
    for j in range(3):
        t, back = tie(s, 3, j), tie(s, j, 3)
        assert (t.met, t.last_contact, back.met, back.last_contact) == (0.0, -1, 0.0, -1)
    assert s.users.demand[3] == s.users.phone_hours[3] == 0.0
    assert s.ledger[2, 0].contacts == 1  # of the first two


def reached_out(closeness: dict[int, float], minutes: float = 30.0, **columns: float):
    """Return four users of whom the first has missed days, and the policy has the closest peer call."""
    s = hand_made(4, contact_minutes=minutes, contact_hour_load=0.4, contact_closeness_from=1.1)
    s.users.outreach_by_peers[0], s.users.outreach_after[0], s.users.missed[0] = 1.0, 3.0, 3
    for j, c in closeness.items():
        befriend(s, 0, j, 0.1, c)
    for name, value in columns.items():
        s.users[name] = value
    contact(s, 0, 2, SEED)
    return s


def test_the_closest_peer_calls_one_whom_the_house_reaches_out_to():
    s = reached_out({1: 0.3, 2: 0.6})
    assert s.users.phone_hours.tolist() == [0.5, 0.0, 0.5, 0.0]
    assert s.users.load.tolist() == pytest.approx([0.0, 0.0, 0.2, 0.0])
    assert (tie(s, 0, 2).met, tie(s, 2, 0).met, tie(s, 2, 0).last_contact) == (0.5, 0.5, 2)


def test_one_whom_nobody_feels_close_to_is_called_by_nobody():
    assert reached_out({}).users.phone_hours.tolist() == [0.0] * 4


def test_nobody_calls_who_has_no_time_left():
    s = reached_out({1: 0.6}, talk_hours=24.0)
    assert (tie(s, 0, 1).last_contact, tie(s, 1, 0).last_contact) == (-1, -1)


def evening(hours: tuple[float, ...], talked: tuple[float, ...] | None = None, **wanted: float):
    """Let everybody spend the evening together, each for at most so long."""
    s = hand_made(len(hours), contact_closeness_from=1.1, contact_hour_weight=0.6, **wanted)
    s.users.evenings[:], s.users.evening_hours[:] = 1.0, hours
    if talked is not None:
        s.users.talk_hours[:] = talked
    contact(s, 0, 2, SEED)
    return s


def test_an_evening_is_company_shared_out_over_the_others():
    s = evening((2.0, 2.0, 2.0))
    assert s.users.phone_hours.tolist() == [2.0] * 3
    assert set(hours_of_pairs(s).values()) == {1.0}
    assert s.users.load.tolist() == s.users.demand.tolist() == [0.0] * 3


def test_an_evening_counts_once_toward_closeness_as_time_by_phone_does():
    s = evening((2.0, 2.0, 2.0), encounters_copresence_weight=0.5, encounters_leisure_weight=0.5)
    today = [float(tie(s, i, j).today) for i in range(3) for j in range(3) if i != j]
    assert today == pytest.approx([0.6] * 6)


def test_an_evening_is_as_long_for_both_as_for_the_one_who_stays_less_long():
    found = hours_of_pairs(evening((2.0, 1.0, 2.0)))
    assert found == pytest.approx(
        {(101, 102): 0.5, (102, 101): 0.5, (101, 103): 1.0, (103, 101): 1.0, (102, 103): 0.5, (103, 102): 0.5}
    )


def test_one_alone_spends_no_evening():
    assert evening((2.0,)).users.phone_hours.tolist() == [0.0]


def test_the_unwell_stay_away_from_the_evening():
    s = hand_made(3, contact_closeness_from=1.1)
    s.users.evenings[:], s.users.evening_hours[:], s.users.unwell[1] = 1.0, 2.0, 1
    contact(s, 0, 0, SEED)
    assert s.users.phone_hours.tolist() == [2.0, 0.0, 2.0]


def test_an_evening_of_one_whose_day_is_full_is_cut_alike_for_both():
    """The first has one hour left of four wished for: a quarter of the time with each, on both sides."""
    found = hours_of_pairs(evening((4.0, 4.0, 4.0), (23.0, 0.0, 0.0)))
    pairs = {(i, j): 0.5 if 101 in (i, j) else 2.0 for i, j in found}
    assert found == pytest.approx(pairs)


def test_an_evening_for_which_the_day_has_no_time_left_is_none():
    s = evening((4.0, 4.0), (24.0, 0.0))
    assert (tie(s, 0, 1).last_contact, tie(s, 1, 0).last_contact) == (-1, -1)
    assert s.users.phone_hours.tolist() == [0.0, 0.0]


def test_members_take_part_with_their_chance():
    s = hand_made(50, contact_closeness_from=1.1, days=40)
    s.users.evenings[:], s.users.evening_hours[:] = 0.3, 1.0
    there = 0
    for day in range(40):
        s.users.phone_hours[:] = 0.0
        contact(s, 0, day, SEED)
        there += int((s.users.phone_hours > 0.0).sum())
    assert abs(there / 2000 - 0.3) < 4.5 * math.sqrt(0.21 / 2000)
