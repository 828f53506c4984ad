"""What staff do where there are enough: sessions held, introductions, time for users in need."""

import math

import numpy as np
import pytest
from hand_made import SEED, SURE, befriend, hand_made, stay_home, tie

from sim.rules.encounters import encounters
from sim.rules.house import staff_listen
from sim.state.columns import FRIEND


def held(coverage: float, days: int = 1000, **wanted: float):
    """Hold two sessions a day, of two users who turn to each other."""
    s = hand_made(2, {}, {}, days=days, encounters_decline_base=-SURE, **wanted)
    s.centres[0].coverage = coverage
    talks = [encounters(s, 0, day, 0, SEED) for day in range(days)]
    return s, talks


@pytest.mark.parametrize(("coverage", "share"), [(0.0, 0.6), (0.5, 0.3)])
def test_sessions_are_cancelled_by_the_staff_that_is_missing(coverage, share):
    s, talks = held(coverage, encounters_cancelled=0.6)
    cancelled = int(s.ledger.cancelled.sum())
    assert abs(cancelled / 2000 - share) < 4.5 * math.sqrt(share * (1 - share) / 2000)
    assert sum(talks) == 2 * (2000 - cancelled)


def test_a_cancelled_session_brings_nobody_together():
    s = hand_made(2, {"hours": 2.0}, encounters_cancelled=1.0, encounters_copresence_weight=0.5)
    s.centres[0].coverage = 0.0
    assert encounters(s, 0, 0, 0, SEED) == 0
    assert (tie(s, 0, 1).today, s.ledger[0, 0].cancelled) == (0.0, 1)


@pytest.mark.parametrize(("coverage", "switch"), [(1.0, 1), (0.0, 0)])
def test_no_session_is_cancelled_with_enough_staff_or_without_a_living_house(coverage, switch):
    s, talks = held(coverage, 20, encounters_cancelled=1.0, living_house=switch)
    assert (s.ledger.cancelled.sum(), sum(talks)) == (0, 80)


def introduced(users: int = 3, coverage: float = 1.0, day: int = 2, **wanted: float):
    """Let staff introduce a newcomer among seniors who have friends; nobody turns to anybody."""
    given = {"encounters_introduced": 1.0, "episodes_newcomer_days": 180.0} | wanted
    s = hand_made(users, {"activity": 3, "doing": 1}, **given)
    s.users.sociability[:], s.users.friends[:] = 0.0, 1
    s.users.arrived[0], s.users.friends[0] = 0.0, 0
    s.centres[0].coverage = coverage
    return s


def pairs(s, day: int = 2) -> list[tuple[int, int]]:
    """Return who was introduced or turned to whom on a day."""
    return [(int(m.i), int(m.j)) for m in s.meetings[: encounters(s, 0, day, 0, SEED)]]


def test_staff_bring_a_newcomer_together_with_whom_both_get_on_best():
    s = introduced(4)
    tie(s, 0, 1).appeal, tie(s, 1, 0).liking = 0.9, -0.5
    tie(s, 0, 2).liking, tie(s, 2, 0).appeal = 0.3, 0.4
    tie(s, 0, 3).liking, tie(s, 3, 0).appeal = 0.9, -0.3
    assert pairs(s) == [(0, 2)]
    m = s.meetings[0]
    assert (m.third, m.session, m.activity, m.doing, m.circle) == (-1, 0, 3, 1, 0.0)
    assert (s.ledger[2, 0].introductions, s.users.turns.tolist()) == (1, [1, 0, 1, 0])


def test_an_introduction_is_a_talk_that_takes_its_time():
    s = introduced(2, encounters_talk_share=0.5)
    encounters(s, 0, 2, 0, SEED)
    assert s.meetings[0].hours == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("arrived", "friends", "brought"),
    [(0.0, 0, 1), (0.0, 3, 1), (-177.0, 3, 1), (-178.0, 3, 0), (-178.0, 0, 1)],
)
def test_those_who_are_new_or_have_no_friend_are_introduced(arrived, friends, brought):
    s = introduced()
    s.users.arrived[0], s.users.friends[0] = arrived, friends
    assert len(pairs(s)) == brought


def test_one_who_has_talked_already_is_not_introduced():
    s = introduced()
    s.users.turns[0] = 1
    assert pairs(s) == []


def test_one_who_was_introduced_counts_as_having_talked():
    """Two without a friend: after the first is introduced to the second, both have talked."""
    s = introduced(2)
    s.users.friends[:] = 0
    assert len(pairs(s)) == 1


@pytest.mark.parametrize("side", [(0, 1), (1, 0)])
def test_nobody_is_brought_to_one_of_whom_either_keeps_away(side):
    s = introduced(2)
    tie(s, *side).withdrawn = 1
    assert pairs(s) == []


def test_nobody_is_brought_to_one_at_another_table_or_at_home():
    s = introduced(3)
    stay_home(s, 1, 2)
    assert pairs(s) == []


@pytest.mark.parametrize(("coverage", "switch"), [(0.0, 1), (1.0, 0)])
def test_nobody_is_introduced_without_staff_or_without_a_living_house(coverage, switch):
    assert pairs(introduced(coverage=coverage, living_house=switch)) == []


def test_users_are_introduced_with_the_chance_that_staff_reach():
    s = introduced(2, coverage=0.5, encounters_introduced=0.8)
    s = s._replace(ledger=np.zeros((1000, 1), s.ledger.dtype).view(np.recarray))
    for day in range(1000):
        s.users.turns[:], s.users.arrived[0] = 0, float(day)
        encounters(s, 0, day, 0, SEED)
    assert abs(s.ledger.introductions.sum() / 1000 - 0.4) < 4.5 * math.sqrt(0.24 / 1000)


def listened(coverage: float = 1.0, needs: tuple[float, ...] = (0.2, 0.8, 0.5, 0.0, 0.0), **wanted: float):
    """Let staff see a user in need for certain; another, equally in need, is at home."""
    given = {"support_visible_need": 0.3, "support_staff_talk": 1.0, "support_staff_effect": 0.25} | wanted
    s = hand_made(2, **given)
    s.users.needs[:] = needs
    s.centres[0].coverage = coverage
    stay_home(s, 1)
    return s


def test_staff_take_time_for_the_largest_need_of_those_present():
    s = listened()
    staff_listen(s, 0, 1, SEED)
    assert s.users.needs.tolist() == [pytest.approx([0.2, 0.6, 0.5, 0.0, 0.0]), [0.2, 0.8, 0.5, 0.0, 0.0]]
    assert s.ledger[1, 0].staff_talks == 1


def test_what_staff_do_is_no_help_of_a_peer():
    s = listened(support_helper_worth=0.5, support_helped_worth=0.5, support_hope_help=0.5)
    befriend(s, 0, 1, FRIEND)
    before = s.ties.copy()
    staff_listen(s, 0, 1, SEED)
    assert np.array_equal(s.ties, before)
    assert s.users.self_worth.tolist() == s.users.hope.tolist() == [0.5, 0.5]
    assert (s.ledger[1, 0].helped, s.users.received[0], s.users.helping[0]) == (0, 0.0, 0)


@pytest.mark.parametrize(
    ("need", "coverage", "switch", "is_open", "talks"),
    [(0.3, 1.0, 1, 1, 1), (0.29, 1.0, 1, 1, 0), (0.8, 0.0, 1, 1, 0), (0.8, 1.0, 0, 1, 0), (0.8, 1.0, 1, 0, 0)],
)
def test_staff_listen_to_needs_they_see_in_an_open_living_house_with_staff(need, coverage, switch, is_open, talks):
    s = listened(coverage, (0.0, 0.0, need, 0.0, 0.0), living_house=switch)
    s.centres[0].is_open = is_open
    staff_listen(s, 0, 1, SEED)
    assert s.ledger[1, 0].staff_talks == talks


def test_staff_reach_those_in_need_with_their_chance():
    s = hand_made(50, days=40, support_visible_need=0.3, support_staff_talk=0.6)
    s.centres[0].coverage = 0.5
    s.users.needs[:, 2] = 0.8
    for day in range(40):
        staff_listen(s, 0, day, SEED)
    assert abs(s.ledger.staff_talks.sum() / 2000 - 0.3) < 4.5 * math.sqrt(0.21 / 2000)
