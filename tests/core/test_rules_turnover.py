"""Phase 1: who leaves, what ends with a leaver, and who takes the seat."""

import math

import pytest
from hand_made import AT_ONCE, SEED, befriend, hand_made, seated, tie, vacate

from sim.rules.turnover import leave_cause, leaving_hazard, turnover
from sim.rules.wellbeing import look_at_ties
from sim.state.columns import LEFT, PRESENT, WAITING

DAILY = 0.36525
"""A rate a year that is one in a thousand a day."""
SOON = 1e-9
"""Days until an empty seat is taken: the next opening day."""


def hazard(day: int = 0, arrived: float = -1000.0, unwell: int = 0, identity: float = 0.5, **wanted: float) -> float:
    s = hand_made(1, turnover_leaving_rate=DAILY, **wanted)
    u = s.users[0]
    u.arrived, u.unwell, u.identity = arrived, unwell, identity
    return float(leaving_hazard(u, s.p[0], day))


def test_the_rate_is_spread_over_the_days_of_a_year():
    assert hazard() == pytest.approx(0.001)


@pytest.mark.parametrize(("day", "ratio"), [(0, 3.0), (365, 3.0), (366, 1.0)])
def test_newcomers_leave_faster_in_their_first_year(day, ratio):
    assert hazard(day, arrived=0.0, turnover_newcomer_ratio=3.0) == pytest.approx(0.001 * ratio)


def test_the_unwell_leave_faster():
    assert hazard(unwell=1, turnover_unwell_ratio=2.5) == pytest.approx(0.0025)


def test_those_who_belong_stay():
    assert hazard(identity=1.0, turnover_identity_slope=2.0) == pytest.approx(0.001 / math.e)
    assert hazard(identity=0.0, turnover_identity_slope=2.0) == pytest.approx(0.001 * math.e)


@pytest.mark.parametrize(
    ("unwell", "worth", "share", "cause"),
    [(1, 1.0, 0.01, 1), (0, 0.8, 0.19, 2), (0, 0.8, 0.21, 3), (0, 0.0, 1e-9, 3)],
)
def test_the_unwell_relapse_and_the_self_confident_go_to_work(unwell, worth, share, cause):
    s = hand_made(1, turnover_work_share=0.25)
    s.users[0].unwell, s.users[0].self_worth = unwell, worth
    assert leave_cause(s.users[0], s.p[0], 0.001, share) == cause


def all_leave(**wanted: float):
    """Return three users who leave at once; three others wait."""
    return hand_made(3, queue=3, turnover_leaving_rate=AT_ONCE, **wanted)


def test_a_leaver_is_gone_from_the_seat_and_keeps_the_row():
    s = all_leave()
    turnover(s, 0, 2, SEED)
    assert seated(s) == [-1, -1, -1]
    assert s.users.status[:3].tolist() == [LEFT] * 3
    assert s.users.left[:3].tolist() == [2.0] * 3
    assert s.users.seat[:3].tolist() == [-1] * 3
    assert (s.users.leave_cause[:3] > 0).all()
    assert s.centres[0].vacant == 3
    assert s.ledger[2, 0].leavers == 3


def one_leaves(**wanted: float):
    """Return three friends of whom the first does not belong, and leaves."""
    s = hand_made(3, turnover_leaving_rate=DAILY, turnover_identity_slope=200.0, **wanted)
    s.users.identity[:] = [0.0, 1.0, 1.0]
    for i, j in ((0, 1), (0, 2), (1, 2)):
        befriend(s, i, j, 0.7)
        for t in (tie(s, i, j), tie(s, j, i)):
            t.told, t.withdrawn, t.known, t.arranged = 1, 1, 0.8, 0.6
    turnover(s, 0, 1, SEED)
    return s


def test_the_ties_of_a_leaver_end_from_both_sides():
    s = one_leaves()
    assert seated(s) == [-1, 1, 2]
    for t in (tie(s, 0, 1), tie(s, 1, 0), tie(s, 0, 2), tie(s, 2, 0)):
        assert (t.closeness, t.told, t.withdrawn, t.known, t.arranged) == (0.0, 0, 0, 0.0, 0.0)


def test_the_ties_of_those_who_stay_are_as_before():
    s = one_leaves()
    for t in (tie(s, 1, 2), tie(s, 2, 1)):
        assert (t.closeness, t.told, t.withdrawn, t.known, t.arranged) == (0.7, 1, 1, 0.8, 0.6)


def test_one_who_has_left_knows_nobody_any_more():
    s = one_leaves()
    look_at_ties(s, 0, 1, 1)
    assert s.users.known_by[1] == 1


def test_nobody_leaves_on_the_day_of_arrival():
    s = all_leave()
    s.users.arrived[1] = 2.0
    turnover(s, 0, 2, SEED)
    assert seated(s) == [-1, 1, -1]


def test_nobody_leaves_without_a_rate():
    s = hand_made(4)
    turnover(s, 0, 0, SEED)
    assert seated(s) == [0, 1, 2, 3]


def empty_seats(*seats: int, **wanted: float):
    """Return three seats, some of them empty; newcomers wait in rows 3, 4 and 5."""
    s = hand_made(3, queue=3, turnover_vacancy_days=SOON, **wanted)
    for seat in seats:
        vacate(s, seat)
        s.users.status[seat] = LEFT
    return s


def test_an_empty_seat_goes_to_the_next_in_the_queue():
    s = empty_seats(1)
    turnover(s, 0, 2, SEED)
    newcomer = s.users[3]
    assert seated(s) == [0, 3, 2]
    assert (newcomer.status, newcomer.seat, newcomer.arrived) == (PRESENT, 1, 2.0)
    assert (s.centres[0].queue, s.centres[0].next_row, s.centres[0].vacant) == (2, 4, 0)
    assert s.ledger[2, 0].arrivals == 1


def test_seats_are_filled_in_the_order_of_the_queue():
    s = empty_seats(0, 1, 2)
    turnover(s, 0, 0, SEED)
    assert seated(s) == [3, 4, 5]
    assert (s.centres[0].queue, s.centres[0].next_row) == (0, -1)


def test_a_newcomer_knows_nobody():
    s = empty_seats(1, conversation_trust_start=0.2)
    for other in (0, 2):
        befriend(s, 1, other, 0.9)
        tie(s, other, 1).told = 1
    turnover(s, 0, 2, SEED)
    for t in (tie(s, 1, 0), tie(s, 0, 1), tie(s, 1, 2), tie(s, 2, 1)):
        assert (t.closeness, t.trust, t.told, t.last_contact) == (0.0, 0.2, 0, -1)


def test_the_queue_waits_while_seats_are_taken():
    s = empty_seats()
    turnover(s, 0, 0, SEED)
    assert s.users.status[3:].tolist() == [WAITING] * 3


def test_a_seat_emptied_today_is_filled_tomorrow_at_the_earliest():
    s = all_leave(turnover_vacancy_days=SOON)
    turnover(s, 0, 0, SEED)
    assert (s.ledger[0, 0].leavers, s.ledger[0, 0].arrivals) == (3, 0)
    s.p.turnover_leaving_rate = 0.0
    turnover(s, 0, 1, SEED)
    assert s.ledger[1, 0].arrivals == 3


def test_nobody_enrols_while_the_centre_is_closed():
    s = empty_seats(1)
    s.centres[0].is_open = 0
    turnover(s, 0, 0, SEED)
    assert s.centres[0].vacant == 1


@pytest.mark.parametrize(("closed", "filled"), [(0, 3), (1, 2), (2, 1), (3, 0)])
def test_closed_places_are_given_to_nobody(closed, filled):
    s = empty_seats(0, 1, 2)
    s.centres[0].closed_places = closed
    turnover(s, 0, 0, SEED)
    assert s.ledger[0, 0].arrivals == filled


def test_an_empty_seat_waits_vacancy_days_on_average():
    filled = 0
    for code in range(600):
        s = empty_seats(1)
        s.p.turnover_vacancy_days = 5.0
        s.centres[0].code = code
        turnover(s, 0, 0, SEED)
        filled += 1 - int(s.centres[0].vacant)
    share = 1 - math.exp(-1 / 5)
    assert abs(filled / 600 - share) < 4.5 * math.sqrt(share * (1 - share) / 600)
