"""Phase 4: the talks of disclosure circles."""

import numpy as np
import pytest
from hand_made import SEED, hand_made, stay_home

from sim.rules.circles import MOST_SESSIONS, circles
from sim.state.build import records
from sim.state.columns import CIRCLE


def founded(users: int, size: int = 8, **columns: float):
    """Return a circle on Wednesdays with everybody as a member."""
    s = hand_made(users, days=30)
    row = records(1, CIRCLE)
    row.group_size, row.weekday, row.every, row.minutes = size, 2, 1, 30.0
    for name, value in columns.items():
        row[name] = value
    s.users.circle[:], s.users.circle_share[:] = 1, 1.0
    return s._replace(circles=row)


def talks(s, day: int = 2, weekday: int = 2, before: int = 0) -> list[tuple[int, int]]:
    """Return who speaks to whom on a day."""
    count = circles(s, 0, before, day, weekday, SEED)
    return [(int(m.i), int(m.j)) for m in s.meetings[before:count]]


@pytest.mark.parametrize(("members", "number"), [(0, 0), (1, 0), (2, 1), (3, 3), (5, 5)])
def test_each_of_a_circle_speaks_to_the_next_and_two_have_one_talk(members, number):
    s = founded(6)
    s.users.circle[members:] = 0
    found = talks(s)
    assert len(found) == number
    assert {user for pair in found for user in pair} == (set(range(members)) if number else set())
    if number > 2:
        assert len({one for one, _ in found}) == len({other for _, other in found}) == number


def test_those_who_are_too_many_sit_in_circles_of_about_one_size():
    s = founded(7, size=3)
    found = talks(s)
    together: list[set[int]] = []
    for one, other in found:
        joined = [circle for circle in together if circle & {one, other}]
        together = [circle for circle in together if circle not in joined] + [{one, other}.union(*joined)]
    assert sorted(len(circle) for circle in together) == [2, 2, 3]
    assert len(found) == 1 + 1 + 3


def test_a_talk_of_a_circle_is_no_session_and_lasts_its_minutes():
    s = founded(2)
    s.users.circle_share[:] = [0.4, 0.8]
    assert len(talks(s, before=3)) == 1
    m = s.meetings[3]
    assert (m.session, m.activity, m.doing, m.third, m.hours) == (MOST_SESSIONS, -1, 0, -1, 0.5)
    assert m.circle == pytest.approx(0.6)
    assert s.users.turns.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("day", "weekday", "every", "held"),
    [(2, 2, 1, 1), (2, 3, 1, 0), (9, 2, 2, 0), (16, 2, 2, 1), (-5, 2, 1, 0)],
)
def test_a_circle_meets_on_its_weekday_in_its_weeks_and_never_while_settling(day, weekday, every, held):
    assert len(talks(founded(2, every=every), day, weekday)) == held


def test_only_members_present_on_whom_it_works_sit_in_the_circle():
    s = founded(5)
    stay_home(s, 0)
    s.users.circle[1], s.users.circle_share[2] = 2, 0.0
    assert {frozenset(pair) for pair in talks(s)} == {frozenset({3, 4})}


def test_a_circle_of_another_house_does_not_meet_here():
    assert talks(founded(3, centre=1)) == []


def test_who_sits_next_to_whom_changes_from_day_to_day():
    s = founded(6)
    found = [frozenset(talks(s, day)) for day in (2, 9, 16, 23)]
    assert len(set(found)) == 4
    assert np.array_equal(s.users.attends, np.ones(6))
