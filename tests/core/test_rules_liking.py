"""Liking is learned: every talk leaves an impression, which wears off toward the first liking."""

import math

import numpy as np
import pytest
from hand_made import SEED, hand_made, meet, tie

from sim.rules.conversation import conversation


def likings(s) -> list[float]:
    """Return how everybody likes everybody else, pair by pair, in both directions."""
    n = len(s.users)
    return [float(tie(s, i, j).liking) for i in range(n) for j in range(n) if i != j]


def talked(*pairs: tuple[int, ...], users: int = 2, liking: float = 0.0, **wanted: float):
    """Hold the talks of a day, each in its own session."""
    s = hand_made(users, **wanted)
    for i in range(users):
        for j in range(users):
            tie(s, i, j).liking = liking
    conversation(s, 0, meet(s, *pairs), 2, SEED)
    return s


def test_an_impression_wears_off_toward_the_first_liking():
    s = talked((0, 1), liking=0.8, encounters_impression_talks=4.0)
    assert likings(s) == pytest.approx([0.6, 0.6])


def test_an_impression_wears_off_by_talks_and_not_by_days():
    s = talked((0, 1), (0, 1), liking=0.8, encounters_impression_talks=4.0)
    assert likings(s) == pytest.approx([0.45, 0.45])


def test_liking_settles_about_the_first_liking_of_each():
    s = hand_made(2, encounters_impression_talks=2.0)
    tie(s, 0, 1).liking_base, tie(s, 1, 0).liking_base = 1.0, -1.0
    conversation(s, 0, meet(s, (0, 1)), 2, SEED)
    assert (tie(s, 0, 1).liking, tie(s, 1, 0).liking) == pytest.approx((0.5, -0.5))


MOVED = {"encounters_impression_sd": 0.6, "encounters_impression_talks": 10.0}


def test_without_learned_liking_it_stays_as_it_is():
    assert likings(talked((0, 1), liking=0.8, **MOVED, learned_liking=0)) == [0.8, 0.8]


def test_two_like_each_other_by_chances_of_their_own():
    one, other = likings(talked((0, 1), **MOVED))
    assert one != other


def test_those_who_do_not_talk_leave_no_impression():
    found = np.array(likings(talked((0, 1), users=3, **MOVED)))
    assert np.count_nonzero(found) == 2


def test_in_a_talk_of_three_every_pair_has_an_impression_of_its_own():
    found = likings(talked((0, 1, 2), users=3, **MOVED))
    assert len({abs(x) for x in found}) == 6


def test_two_talks_of_the_same_session_leave_two_impressions():
    """Each turns to the other once; the next talk replaces every impression."""
    steps = []
    for pairs in (((0, 1),), ((1, 0),)):
        s = hand_made(2, encounters_impression_sd=0.6, encounters_impression_talks=1.0)
        conversation(s, 0, meet(s, *pairs), 2, SEED)
        steps.append(likings(s))
    assert len({abs(x) for step in steps for x in step}) == 4


def test_two_talks_with_the_same_third_leave_two_impressions():
    steps = []
    for pair in ((0, 1, 3), (2, 1, 3)):
        s = hand_made(4, encounters_impression_sd=0.6, encounters_impression_talks=1.0)
        conversation(s, 0, meet(s, pair), 2, SEED)
        steps.append((float(tie(s, 1, 3).liking), float(tie(s, 3, 1).liking)))
    assert len({abs(x) for step in steps for x in step}) == 4


def test_in_the_long_run_liking_strays_by_its_spread_about_the_first_liking():
    """After twenty talks a millionth of the first impression is left; only the spread remains."""
    users, spread = 30, 0.6
    s = hand_made(users, days=20, encounters_impression_sd=spread, encounters_impression_talks=2.0)
    pairs = [(i, j) for i in range(users) for j in range(i)]
    for i, j in pairs:
        for t in (tie(s, i, j), tie(s, j, i)):
            t.liking_base, t.liking = 0.3, 5.0
    for day in range(20):
        conversation(s, 0, meet(s, *pairs), day, SEED)
    found, number = np.array(likings(s)) - 0.3, 2 * len(pairs)
    assert abs(found.mean()) < 4.5 * spread / math.sqrt(number)
    assert abs(found.std() / spread - 1) < 4.5 / math.sqrt(2 * number)  # by sigma = spread sqrt(2 / n) it would be 1.15
