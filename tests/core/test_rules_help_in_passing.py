"""Phase 6: what users who meet do for each other without a request."""

import math

import numpy as np
import pytest
from hand_made import SEED, SURE, befriend, hand_made, meet, tie

from sim.rules.support import support


def passing(users: int = 2, pairs: tuple[tuple[int, int], ...] = ((0, 1),), **wanted: float):
    """Return fully inclined and empathic users who met in a session of crafts on day 10."""
    s = hand_made(users, days=12, support_visible_need=0.3, support_ask_base=-SURE, **wanted)
    s.users.helping_inclination[:] = 1.0
    s.users.empathy[:] = 1.0
    return s, meet(s, *pairs)


def test_nobody_helps_without_the_mechanism_helping():
    s, count = passing(support_notice=1.0, support_welcome_rate=1.0, support_remind_rate=1.0, support_teach_rate=1.0,
                       episodes_newcomer_days=180.0, helping=0)  # fmt: skip
    s.p.support_ask_base = SURE
    s.users.needs[:] = 0.9
    s.users.speciality[:], s.users.arrived[:] = [0, 3], [-1000.0, 0.0]
    befriend(s, 0, 1, 0.9)
    support(s, 0, count, 10, SEED)
    assert (s.ledger[10, 0].asked, s.ledger[10, 0].helped, s.ledger[10, 0].reminders) == (0, 0, 0)


def test_one_teaches_the_own_speciality_to_one_whose_it_is_not():
    s, count = passing(support_teach_rate=1.0, support_teach_load=0.2)
    s.users.speciality[:] = [0, 3]
    support(s, 0, count, 10, SEED)
    assert (s.ledger[10, 0].teaching, s.ledger[10, 0].helped_esteem) == (1, 1)
    assert s.users.load.tolist() == pytest.approx([0.2, 0.0])
    assert s.users.given.tolist() == [1, 0]


@pytest.mark.parametrize("specialities", [(0, 0), (3, 4)])
def test_there_is_no_teaching_among_equals_or_off_the_subject(specialities):
    s, count = passing(support_teach_rate=1.0)
    s.users.speciality[:] = specialities
    support(s, 0, count, 10, SEED)
    assert s.ledger[10, 0].teaching == 0


@pytest.mark.parametrize(
    ("mentoring", "arranged", "other", "taught"),
    [(1.0, 1.0, 4, 1), (1.0, 0.0, 4, 0), (0.0, 1.0, 4, 0), (1.0, 1.0, 3, 0)],
)
def test_a_mentor_teaches_a_trainee_of_another_trade_in_any_session(mentoring, arranged, other, taught):
    s, count = passing(support_teach_rate=1.0)
    s.users.speciality[:] = [3, other]
    s.users.mentoring[0], tie(s, 0, 1).arranged = mentoring, arranged
    support(s, 0, count, 10, SEED)
    assert s.ledger[10, 0].teaching == taught


@pytest.mark.parametrize(
    ("arrived", "welcomed"), [((-1000, 0), [1, 0]), ((0, -1000), [0, 1]), ((0, 0), [0, 0]), ((-1000, -1000), [0, 0])]
)
def test_a_senior_shows_a_newcomer_the_ropes(arrived, welcomed):
    s, count = passing(support_welcome_rate=1.0, episodes_newcomer_days=180.0)
    s.users.arrived[:] = arrived
    support(s, 0, count, 10, SEED)
    assert s.users.welcomed.tolist() == welcomed
    assert s.ledger[10, 0].helped_informational == sum(welcomed)


@pytest.mark.parametrize(
    ("inclination", "norm", "switch", "welcomed"),
    [(1.0, 0.5, 1, 1000), (0.4, 0.5, 1, 400), (0.4, 0.0, 1, 200), (0.4, 1.0, 1, 600), (0.4, 1.0, 0, 400)],
)
def test_seniors_welcome_as_they_are_inclined_and_as_is_the_custom_of_the_house(inclination, norm, switch, welcomed):
    """Pairs of a senior and a newcomer meet on each of twenty days."""
    pairs = tuple((k, k + 1) for k in range(0, 100, 2))
    s, count = passing(100, pairs, support_welcome_rate=1.0, episodes_newcomer_days=180.0, living_house=switch)
    s = s._replace(ledger=np.zeros((20, 1), s.ledger.dtype).view(np.recarray))
    s.users.helping_inclination[:], s.users.arrived[1::2], s.centres[0].norm_welcome = inclination, 0.0, norm
    for day in range(20):
        support(s, 0, count, day, SEED)
    share = welcomed / 1000
    assert abs(s.ledger.welcomes.sum() - welcomed) <= 4.5 * math.sqrt(1000 * share * (1 - share))


def test_one_with_whom_the_house_has_brought_one_together_is_welcomed_for_sure():
    s, count = passing(support_welcome_rate=0.0, episodes_newcomer_days=180.0)
    s.users.arrived[1], tie(s, 0, 1).arranged = 0.0, 1.0
    support(s, 0, count, 10, SEED)
    assert s.users.welcomed.tolist() == [1, 0]


@pytest.mark.parametrize(("closeness", "reminded"), [(0.34, 0.0), (0.35, 1.0)])
def test_friends_remind_each_other_of_medication(closeness, reminded):
    s, count = passing(support_remind_rate=1.0)
    befriend(s, 0, 1, closeness)
    support(s, 0, count, 10, SEED)
    assert s.users.reminded.tolist() == [reminded, reminded]
    assert s.ledger[10, 0].reminders == 2 * reminded


def test_one_without_empathy_reminds_nobody():
    s, count = passing(support_remind_rate=1.0)
    befriend(s, 0, 1, 0.9)
    s.users.empathy[:] = [0.0, 1.0]
    support(s, 0, count, 10, SEED)
    assert s.users.reminded.tolist() == [1.0, 0.0]


def test_an_empathic_partner_notices_what_is_not_voiced():
    s, count = passing(support_notice=1.0)
    s.users.needs[1, 3] = 0.9
    support(s, 0, count, 10, SEED)
    assert (s.ledger[10, 0].asked, s.ledger[10, 0].helped_network) == (0, 1)
    assert s.users.given.tolist() == [1, 0]


def test_one_without_empathy_notices_nothing():
    s, count = passing(support_notice=1.0)
    s.users.needs[1, 3] = 0.9
    s.users.empathy[0] = 0.0
    support(s, 0, count, 10, SEED)
    assert s.ledger[10, 0].helped == 0


def test_those_who_did_not_meet_notice_nothing():
    s, count = passing(3, ((0, 1),), support_notice=1.0)
    s.users.needs[2, 3] = 0.9
    support(s, 0, count, 10, SEED)
    assert s.ledger[10, 0].helped == 0
