"""Phase 4: who sits with whom, who turns to whom, who joins."""

import math
from collections import Counter

import numpy as np
import pytest
from hand_made import SEED, SURE, befriend, hand_made, seated, stay_home, tie
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rules.encounters import ASSIGNED, FREE, INTEREST, ROTATING, encounters
from sim.scenario.schema.scenario import GROUPINGS
from sim.state.build import STEEPEST

NEVER_DECLINED = {"encounters_decline_base": -SURE}


def hold(s, day: int = 0, weekday: int = 0) -> list:
    """Hold the sessions of a day and return its encounters."""
    count = encounters(s, 0, day, weekday, SEED)
    return [s.meetings[e] for e in range(count)]


def tables(s, present: int) -> list[set[int]]:
    """Return the uids at each table of the last session."""
    found: dict[int, set[int]] = {}
    for place in range(present):
        uid = int(s.users[seated(s)[s.order[place]]].uid)
        found.setdefault(int(s.group[place]), set()).add(uid)
    return [found[number] for number in sorted(found)]


def test_two_sociable_users_turn_to_each_other():
    s = hand_made(2, {}, **NEVER_DECLINED)
    assert sorted((m.i, m.j) for m in hold(s)) == [(0, 1), (1, 0)]


def test_those_who_are_not_sociable_turn_to_nobody():
    s = hand_made(3, {}, **NEVER_DECLINED)
    s.users.sociability[:] = 0.0
    assert hold(s) == []


def test_one_who_is_sure_to_decline_meets_nobody():
    s = hand_made(2, {}, encounters_decline_base=SURE)
    assert hold(s, day=1) == []
    assert s.ledger[1, 0].declined == 2


def test_those_at_home_are_not_met():
    s = hand_made(3, {}, **NEVER_DECLINED)
    stay_home(s, 1)
    assert {(m.i, m.j) for m in hold(s)} == {(0, 2), (2, 0)}


def test_one_alone_meets_nobody():
    s = hand_made(3, {}, **NEVER_DECLINED)
    stay_home(s, 0, 1)
    assert hold(s) == []


@pytest.mark.parametrize("grouping", range(4), ids=GROUPINGS)
def test_a_day_on_which_nobody_comes_passes_without_touching_anything(grouping):
    s = hand_made(3, {"grouping": grouping})
    stay_home(s, 0, 1, 2)
    beyond = np.full(8, 0, np.int64)
    beyond[3:] = -7  # what lies behind the array in memory
    assert hold(s._replace(group=beyond[:3])) == []
    assert beyond[3:].tolist() == [-7] * 5


@pytest.mark.parametrize(
    ("weekdays", "weekday", "held"), [(0b0000001, 0, True), (0b0000001, 1, False), (0b1000000, 6, True)]
)
def test_a_session_is_held_on_its_weekdays_only(weekdays, weekday, held):
    s = hand_made(2, {"weekdays": weekdays}, **NEVER_DECLINED)
    assert bool(hold(s, weekday=weekday)) is held


def test_encounters_carry_the_number_and_activity_of_their_session():
    s = hand_made(2, {"activity": 3}, {"activity": 5}, **NEVER_DECLINED)
    assert [(m.session, m.activity) for m in hold(s)] == [(0, 3), (0, 3), (1, 5), (1, 5)]


def test_with_strong_chaxugeju_the_closest_is_chosen():
    s = hand_made(4, {}, kappa=200.0, **NEVER_DECLINED)
    befriend(s, 0, 2, 0.5)
    befriend(s, 0, 1, 0.2)
    for day in range(4):
        assert next(m.j for m in hold(s, day) if m.i == 0) == 2


def chosen_by_the_first(s, days: int) -> Counter:
    """Return to whom the user in seat 0 turned on each of some days."""
    return Counter(int(m.j) for day in range(days) for m in hold(s, day) if m.i == 0)


def test_without_chaxugeju_all_are_chosen_alike():
    s = hand_made(4, {}, days=900, **NEVER_DECLINED)
    befriend(s, 0, 2, 0.9)
    counts = chosen_by_the_first(s, 900)
    assert sum(counts.values()) == 900
    assert all(abs(counts[other] - 300) < 4.5 * math.sqrt(900 * 2 / 9) for other in (1, 2, 3))


def test_partners_are_chosen_in_proportion_to_the_exponential_of_their_pull():
    s = hand_made(3, {}, days=900, **NEVER_DECLINED)
    tie(s, 0, 1).appeal = math.log(2.0)
    counts = chosen_by_the_first(s, 900)
    assert abs(counts[1] - 600) < 4.5 * math.sqrt(900 * 2 / 9)


def test_a_talk_tires_for_the_next_session_of_the_day():
    s = hand_made(2, {}, {}, days=1000, encounters_tiring=math.log(2.0), **NEVER_DECLINED)
    s.users.sociability[1] = 0.0
    sessions: Counter[int] = Counter()
    for day in range(1000):
        s.users.turns[:] = 0
        sessions.update(int(m.session) for m in hold(s, day))
    assert sessions[0] == 1000
    assert abs(sessions[1] - 500) < 4.5 * math.sqrt(1000 / 4)


def test_full_chaxugeju_chooses_the_closest_however_heavy_closeness_is():
    s = hand_made(3, {}, kappa=STEEPEST, days=30, **NEVER_DECLINED)
    s.users.desired_closeness[:] = 1.0
    befriend(s, 0, 1, 0.6)
    befriend(s, 0, 2, 0.8)
    assert chosen_by_the_first(s, 30) == Counter({2: 30})


def test_sitting_side_by_side_counts_a_little_for_every_pair_at_the_table():
    s = hand_made(3, {"hours": 2.0}, encounters_copresence_weight=0.1)
    hold(s)
    assert [tie(s, i, j).today for i in range(3) for j in range(3)] == pytest.approx(
        [0, 0.2, 0.2, 0.2, 0, 0.2, 0.2, 0.2, 0]
    )


@pytest.mark.parametrize(("leisure", "hours"), [(0, 0.2), (1, 0.8)])
def test_to_sit_together_counts_more_in_leisure_than_at_work(leisure, hours):
    s = hand_made(2, {"hours": 2.0, "leisure": leisure}, encounters_copresence_weight=0.1)
    s.p.encounters_leisure_weight = 0.4
    s.users.sociability[:] = 0.0
    hold(s)
    assert (tie(s, 0, 1).today, tie(s, 1, 0).today) == pytest.approx((hours, hours))
    assert tie(s, 0, 1).met == 0.0


def test_talks_know_whether_something_is_done_together_in_their_session():
    s = hand_made(2, {"doing": 1}, {}, **NEVER_DECLINED)
    assert [(m.session, m.doing) for m in hold(s)] == [(0, 1), (0, 1), (1, 0), (1, 0)]


def test_all_in_a_talk_have_been_in_one_more():
    s = hand_made(3, {}, encounters_join_share=1.0, **NEVER_DECLINED)
    s.users.sociability[1:] = [0.0, 1e-12]
    tie(s, 0, 1).appeal = 100.0
    [m] = hold(s)
    assert (m.i, m.j) == (0, 1)
    assert s.users.turns.tolist() == [1, 1, int(m.third == 2)]


def test_sitting_at_another_table_counts_nothing():
    s = hand_made(4, {"group_size": 2, "grouping": ASSIGNED}, encounters_copresence_weight=0.1)
    hold(s)
    together = sum(float(tie(s, i, j).today) > 0 for i in range(4) for j in range(4))
    assert together == 4  # two pairs, both ways


def one_turns(**wanted: float):
    """Return two users in a two-hour session, half of it for talk; only the first turns to the other."""
    s = hand_made(2, {"hours": 2.0}, days=1000, encounters_talk_share=0.5, **NEVER_DECLINED, **wanted)
    s.users.sociability[1] = 0.0
    return s


def test_an_only_talk_takes_the_time_there_is_for_talk():
    [m] = hold(one_turns())
    assert m.hours == pytest.approx(1.0)


def test_talks_share_the_time_of_the_busier_of_the_two():
    s = one_turns()
    s.users.sociability[1] = 1.0
    assert [m.hours for m in hold(s)] == pytest.approx([0.5, 0.5])


def test_one_who_is_sought_after_has_less_time_for_each():
    """Two turn to the user between them, who turns to nobody."""
    s = hand_made(3, {"hours": 2.0}, encounters_talk_share=0.5, **NEVER_DECLINED)
    s.users.sociability[1] = 0.0
    tie(s, 0, 1).appeal = tie(s, 2, 1).appeal = 100.0
    assert [(m.j, m.hours) for m in hold(s)] == [(1, 0.5), (1, 0.5)]


def test_no_talk_outlasts_its_session():
    s = one_turns(encounters_length_sd=3.0)
    lengths = [float(m.hours) for day in range(300) for m in hold(s, day)]
    assert max(lengths) == 2.0


def test_lengths_of_talks_are_lognormal_about_their_mean():
    s = one_turns(encounters_length_sd=0.3)
    logs = np.log([float(m.hours) for day in range(1000) for m in hold(s, day)])
    assert abs(logs.mean() + 0.3**2 / 2) < 4.5 * 0.3 / math.sqrt(1000)
    assert abs(logs.std() / 0.3 - 1) < 4.5 / math.sqrt(2000)


def test_a_third_joins_when_all_are_sociable():
    s = hand_made(3, {}, encounters_join_share=1.0, **NEVER_DECLINED)
    found = [{int(m.i), int(m.j), int(m.third)} for m in hold(s)]
    assert found == [{0, 1, 2}] * 3


def test_nobody_joins_without_a_share_of_talks_to_join():
    s = hand_made(3, {}, **NEVER_DECLINED)
    assert [m.third for m in hold(s)] == [-1] * 3


def test_one_who_is_not_sociable_does_not_join():
    s = hand_made(3, {}, encounters_join_share=1.0, **NEVER_DECLINED)
    s.users.sociability[2] = 0.0
    assert all(m.third == -1 for m in hold(s) if 2 not in (m.i, m.j))


def test_nobody_joins_from_another_table():
    s = hand_made(4, {"group_size": 2}, encounters_join_share=1.0, **NEVER_DECLINED)
    assert [m.third for m in hold(s)] == [-1] * 4


def test_the_friend_of_one_of_the_two_is_the_one_who_joins():
    s = hand_made(4, {}, days=20, kappa=200.0, encounters_join_share=1.0, **NEVER_DECLINED)
    befriend(s, 0, 1, 0.5)
    befriend(s, 1, 2, 0.4)
    for day in range(20):
        assert next(m for m in hold(s, day) if m.i == 0).third == 2


def test_joining_a_talk_and_opening_ones_own_to_a_third_are_separate_chances():
    s = hand_made(3, {}, days=1200, encounters_join_share=0.5, **NEVER_DECLINED)
    s.users.sociability[2] = 0.5
    joined = opened = 0
    for day in range(1200):
        third = {(int(m.i), int(m.j)): int(m.third) for m in hold(s, day)}
        if third.get((0, 1)) == 2 and (2, 0) in third:
            joined += 1
            opened += third[2, 0] == 1
    assert joined > 20
    assert abs(opened / joined - 0.5) < 4.5 * 0.5 / math.sqrt(joined)


@settings(max_examples=60)
@given(st.integers(1, 12), st.integers(2, 6), st.sampled_from(range(4)), st.integers(0, 3))
def test_tables_are_full_and_differ_by_at_most_one(present, group_size, grouping, day):
    s = hand_made(present, {"group_size": group_size, "grouping": grouping})
    hold(s, day)
    sizes = [len(table) for table in tables(s, present)]
    assert sum(sizes) == present
    assert len(sizes) == math.ceil(present / group_size)
    assert max(sizes) - min(sizes) <= 1
    assert max(sizes) <= group_size


def seating(s, day: int) -> set[frozenset[int]]:
    """Return who sits together on a day."""
    hold(s, day)
    return {frozenset(table) for table in tables(s, int(s.users.attends.sum()))}


def test_assigned_groups_stay_for_their_term():
    s = hand_made(10, {"group_size": 2, "grouping": ASSIGNED}, days=400)
    assert seating(s, 90) == seating(s, 91) == seating(s, 179)


def test_assigned_groups_change_with_the_term():
    s = hand_made(10, {"group_size": 2, "grouping": ASSIGNED}, days=400)
    assert seating(s, 89) != seating(s, 90)


def test_assigned_groups_are_the_same_in_every_session():
    s = hand_made(10, *[{"group_size": 2, "grouping": ASSIGNED, "weekdays": 1 << k} for k in range(2)])
    encounters(s, 0, 0, 0, SEED)
    first = {frozenset(table) for table in tables(s, 10)}
    encounters(s, 0, 1, 1, SEED)
    assert {frozenset(table) for table in tables(s, 10)} == first


def test_rotating_groups_are_new_every_day_and_session():
    s = hand_made(10, *[{"group_size": 2, "grouping": ROTATING, "weekdays": 1 << k} for k in range(2)])
    found = []
    for day, weekday in ((0, 0), (1, 0), (0, 1)):
        encounters(s, 0, day, weekday, SEED)
        found.append(frozenset(frozenset(table) for table in tables(s, 10)))
    assert len(set(found)) == 3


def test_the_keenest_sit_together():
    s = hand_made(6, {"group_size": 2, "grouping": INTEREST, "activity": 4})
    s.users.interest[:, 4] = [0.9, 0.1, 0.5, 0.3, 0.7, 0.0]
    assert seating(s, 0) == {frozenset({101, 105}), frozenset({103, 104}), frozenset({102, 106})}


@pytest.mark.parametrize("chance", [0.0, 0.1])
def test_of_equal_interest_chance_decides(chance):
    s = hand_made(6, {"group_size": 2, "grouping": INTEREST}, days=20, encounters_interest_chance=chance)
    assert len({frozenset(seating(s, day)) for day in range(20)}) > 5


def test_friends_choose_to_sit_together():
    s = hand_made(6, {"group_size": 2, "grouping": FREE}, days=10, kappa=200.0)
    for i, j in ((0, 3), (1, 5), (2, 4)):
        befriend(s, i, j, 0.5)
    for day in range(10):
        assert seating(s, day) == {frozenset({101, 104}), frozenset({102, 106}), frozenset({103, 105})}


def test_the_order_of_the_day_is_a_new_permutation_of_those_present():
    s = hand_made(6, {})
    stay_home(s, 2)
    orders = []
    for day in range(4):
        hold(s, day)
        orders.append(s.order[:5].tolist())
    assert all(sorted(order) == [0, 1, 3, 4, 5] for order in orders)
    assert len({tuple(order) for order in orders}) > 1
