"""Phase 3: who comes."""

import math

import pytest
from hand_made import SEED, hand_made, vacate
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.attendance import attendance, attendance_chance
from sim.state.columns import USER

CERTAIN = {"attendance_base_share": 1.0 - 1e-15}
NEVER = {"attendance_base_share": 1e-15}


def odds(base: float = 0.6, coverage: float = 0.0, **columns: float) -> float:
    """Return the odds of coming; slopes are 2, staff notice on the third day missed, a policy acts on the fifth."""
    names = ("mood", "identity", "habit", "burden")
    s = hand_made(1, attendance_base_share=base, **{f"attendance_{name}_slope": 2.0 for name in names})
    s.p.attendance_unwell_penalty, s.p.attendance_work_penalty = math.log(4.0), math.log(3.0)
    s.p.attendance_noticed, s.p.attendance_noticed_after = math.log(9.0), 3
    u = s.users[0]
    u.outreach_after = 5
    for name, value in ({"habit": base, "burden": 0.25} | columns).items():
        setattr(u, name, value)
    chance = float(attendance_chance(u, s.p[0], coverage))
    return chance / (1 - chance)


def test_the_middling_user_comes_with_the_base_share():
    assert odds() == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("columns", "times"),
    [
        ({"mood": 1.0}, math.e), ({"mood": 0.0}, 1 / math.e), ({"identity": 1.0}, math.e), ({"habit": 0.1}, 1 / math.e),
        ({"burden": 0.75}, 1 / math.e), ({"unwell": 1}, 1 / 4), ({"occupation": 1}, 1 / 3), ({"occupation": 2}, 1.0),
        ({"missed": 3, "coverage": 1.0}, 9.0), ({"missed": 3, "coverage": 0.5}, 3.0), ({"missed": 3}, 1.0),
        ({"missed": 2, "coverage": 1.0}, 1.0), ({"missed": 5, "outreach": math.log(7.0)}, 7.0),
        ({"missed": 4, "outreach": math.log(7.0)}, 1.0),
        ({"missed": 5, "outreach": math.log(7.0), "coverage": 1.0}, 63.0),
    ],
)  # fmt: skip
def test_each_influence_multiplies_the_odds(columns, times):
    assert odds(**columns) == pytest.approx(1.5 * times)


def test_all_who_are_sure_to_come_are_counted():
    s = hand_made(3, **CERTAIN)
    attendance(s, 0, 1, SEED)
    assert s.users.attends.tolist() == [1, 1, 1]
    assert s.users.days_attended.tolist() == [1, 1, 1]
    assert s.ledger[1, 0].attended == 3


def test_nobody_comes_to_a_closed_centre():
    s = hand_made(3, **CERTAIN, attendance_habit_days=10.0)
    s.centres[0].is_open = 0
    attendance(s, 0, 1, SEED)
    assert s.users.attends.tolist() == [0, 0, 0]
    assert s.users.open_days.tolist() == [0, 0, 0]
    assert s.users.habit.tolist() == [0.5, 0.5, 0.5]
    assert s.ledger[1, 0].attended == 0


@pytest.mark.parametrize(("share", "habit"), [(CERTAIN, 0.55), (NEVER, 0.45)])
def test_habit_follows_what_was_done_on_opening_days(share, habit):
    s = hand_made(1, **share, attendance_habit_days=10.0)
    attendance(s, 0, 0, SEED)
    assert s.users.habit[0] == pytest.approx(habit)
    assert s.users.open_days[0] == 1


@pytest.mark.parametrize("is_open", [0, 1])
def test_every_tally_of_a_user_begins_the_day_at_nothing(is_open):
    s = hand_made(1, **NEVER)
    tallies = [column.name for column in USER if column.kind == "tally" and column.name != "attends"]
    for name in tallies:
        s.users[name] = 2
    s.centres[0].is_open = is_open
    attendance(s, 0, 0, SEED)
    assert len(tallies) >= 10
    assert {name: s.users[name][0] for name in tallies} == dict.fromkeys(tallies, 0)


def days_missed(switch: int, coverage: float) -> int:
    """Return the days missed in a row by a user whom only staff who notice can bring back."""
    s = hand_made(1, **NEVER, attendance_noticed=2e3, attendance_noticed_after=2.0, living_house=switch, days=9)
    s.centres[0].coverage = coverage
    for day in range(5):
        attendance(s, 0, day, SEED)
        if s.users.attends[0]:
            return day
    return 5


@pytest.mark.parametrize(("switch", "coverage", "missed"), [(1, 1.0, 2), (1, 0.0, 5), (0, 1.0, 5)])
def test_staff_notice_who_is_absent_in_a_living_house_that_has_staff(switch, coverage, missed):
    assert days_missed(switch, coverage) == missed


@pytest.mark.parametrize(("arrived", "met"), [(-100.0, 0), (-98.0, 1), (2.0, 1)])
def test_newcomers_who_come_are_counted(arrived, met):
    s = hand_made(2, **CERTAIN, episodes_newcomer_days=100.0)
    s.users.arrived[0] = arrived
    attendance(s, 0, 1, SEED)
    assert s.ledger[1, 0].newcomers_met == met


def test_empty_seats_do_not_attend():
    s = hand_made(2, **CERTAIN)
    vacate(s, 0)
    attendance(s, 0, 0, SEED)
    assert s.ledger[0, 0].attended == 1


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_attendance_is_always_a_chance(mood, identity, habit, burden):
    found = odds(mood=mood, identity=identity, habit=habit, burden=burden)
    assert 0.0 < found < math.inf


def test_users_come_with_their_chance():
    s = hand_made(50, days=40, attendance_base_share=0.6)
    s.users.habit[:] = 0.6
    for day in range(40):
        attendance(s, 0, day, SEED)
    assert abs(s.ledger.attended.sum() / 2000 - 0.6) < 4.5 * math.sqrt(0.24 / 2000)
