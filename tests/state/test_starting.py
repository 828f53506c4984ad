"""The ties users start with: introductions, closeness from shared years, and what goes with closeness."""

import math

import numpy as np
import pytest

from sim.state.columns import CENTRE, NOBODY, PRESENT, TIE, USER, record
from sim.state.starting import hours_behind, introduce_all, set_ties, start_closeness, told_chance
from sim.state.state import State
from sim.streams import CHEMISTRY_OWN as OWN
from sim.streams import CHEMISTRY_PERSON as PERSON
from sim.streams import CHEMISTRY_SHARED as SHARED
from sim.streams import TOLD, normal, uniform

PARAMETERS = {
    "encounters_chemistry_shared_sd": 0.5,
    "encounters_chemistry_own_sd": 0.25,
    "encounters_chemistry_person_sd": 0.75,
    "encounters_warmth_weight": 0.6,
    "encounters_interest_liking": 1.5,
    "encounters_interest_weight": 1.0,
    "encounters_same_sex_weight": 0.5,
    "encounters_tenure_weight": 0.3,
    "encounters_tenure_years": 1.0,
    "proximity_romance_share": 0.4,
    "conversation_trust_start": 0.2,
    "conversation_known_illness": 0.4,
    "forgetting_hours_scale": 116.0,
}
SEED = np.uint64(2024)


def records(length, dtype):
    return np.zeros(length, dtype).view(np.recarray)


def tiny(capacities=(3, 4), empty=(1,)):
    """Return a state of two centres made by hand; the seats in `empty` are free in both."""
    centres, seats = records(len(capacities), record(CENTRE)), []
    users = records(sum(capacities), record(USER))
    users.uid = 100 + 7 * np.arange(len(users))
    users.status, users.sex = PRESENT, np.arange(len(users)) % 2
    users.interest = np.linspace(0, 1, users.interest.size).reshape(users.interest.shape)
    users.disclosure_threshold = 0.5
    ties = 0
    for c, n in enumerate(capacities):
        centres[c].capacity, centres[c].first_seat, centres[c].first_tie = n, len(seats), ties
        first = len(seats)
        seats += [NOBODY if k in empty else first + k for k in range(n)]
        ties += n * n
    p = records(1, np.dtype([(name, "f8") for name in PARAMETERS]))
    for name, value in PARAMETERS.items():
        p[name] = value
    unused = {name: np.zeros(0) for name in State._fields}
    known = {"users": users, "ties": records(ties, record(TIE)), "seats": np.array(seats, np.int32), "centres": centres}
    return State(**(unused | known | {"p": p}))


def block(state, c):
    first, n = int(state.centres[c].first_tie), int(state.centres[c].capacity)
    return state.ties[first : first + n * n].reshape(n, n)


def test_every_ordered_pair_of_the_centre_is_introduced_and_nobody_else():
    state = tiny()
    introduce_all(state, 1, SEED)
    assert (block(state, 0)["liking"] == 0).all()
    met = block(state, 1)["liking"] != 0
    assert [[*row] for row in met.astype(int)] == [[0, 0, 1, 1], [0, 0, 0, 0], [1, 0, 0, 1], [1, 0, 1, 0]]
    assert (block(state, 1)["trust"][met] == 0.2).all()
    assert (block(state, 1)["last_contact"][met] == -1).all()
    assert (block(state, 1)["closeness"] == 0).all()


def test_introduction_goes_by_uid_and_not_by_seat():
    """The users in seats 0 and 2 share interests: their interests rise alike."""
    state = tiny()
    state.users.empathy = np.linspace(0.1, 0.7, 7)
    introduce_all(state, 1, SEED)
    u, v = state.users[3].uid, state.users[5].uid
    for seats, (one, other), empathy in (((0, 2), (u, v), 0.6), ((2, 0), (v, u), 0.4)):
        liking = 0.5 * normal(SEED, SHARED, 0, 0, u, v) + 0.25 * normal(SEED, OWN, 0, 0, one, other)
        liking += 0.75 * normal(SEED, PERSON, 0, 0, other, 0) + 0.6 * (empathy - 0.5) + 1.5 * 1.0
        assert block(state, 1)["liking_base"][seats] == pytest.approx(liking)
        assert block(state, 1)["liking"][seats] == block(state, 1)["liking_base"][seats]


def matrix(state, c, value=0.0):
    n = int(state.centres[c].capacity)
    return np.full((n, n), float(value))


def test_closeness_trust_and_hours_by_hand():
    state = tiny()
    introduce_all(state, 1, SEED)
    closeness = matrix(state, 1)
    closeness[0, 2], closeness[2, 0] = 0.5, 1.0
    set_ties(state, 1, closeness, 0.0, SEED)
    forth, back, other = block(state, 1)[0, 2], block(state, 1)[2, 0], block(state, 1)[0, 3]
    assert forth["closeness"] == 0.5
    assert forth["trust"] == pytest.approx(0.6)
    assert back["closeness"] == 1.0
    assert back["trust"] == pytest.approx(1.0)
    assert (other["closeness"], other["trust"], other["hours"]) == (0.0, 0.2, 0.0)
    assert block(state, 1)["told"].sum() == 0


def test_hours_are_those_behind_the_mean_of_the_two_closenesses_and_the_same_for_both():
    state = tiny()
    introduce_all(state, 1, SEED)
    closeness = matrix(state, 1)
    closeness[0, 2], closeness[2, 0], closeness[0, 3], closeness[3, 0] = 0.7, 0.3, 0.4, 0.0
    set_ties(state, 1, closeness, 0.0, SEED)
    hours = block(state, 1)["hours"]
    assert hours[0, 2] == hours[2, 0] == pytest.approx(116 * math.log(2))
    assert hours[0, 3] == hours[3, 0] == pytest.approx(116 * math.log(1 / 0.8))
    assert hours[2, 3] == hours[3, 2] == 0.0


def test_free_seats_the_diagonal_and_other_centres_stay_empty():
    state = tiny()
    set_ties(state, 1, matrix(state, 1, 0.9), 1.0, SEED)
    assert (block(state, 0)["closeness"] == 0).all()
    set_to = block(state, 1)["closeness"] > 0
    assert not set_to.diagonal().any()
    assert not set_to[1].any()
    assert not set_to[:, 1].any()
    assert set_to.sum() == 6


def test_friends_are_told_by_keyed_draws_and_acquaintances_never():
    state = tiny((60,), ())
    closeness = matrix(state, 0, 0.35)
    closeness[:30] = 0.349
    set_ties(state, 0, closeness, 0.3, SEED)
    told = block(state, 0)["told"]
    assert told[:30].sum() == 0
    uids = state.users.uid
    expected = [
        [int(i != j and uniform(SEED, TOLD, 0, 0, uids[i], uids[j]) < 0.3) for j in range(60)] for i in range(30, 60)
    ]
    assert told[30:].tolist() == expected
    assert np.array_equal(block(state, 0)["known"], np.where(told == 1, 0.4, 0.0))
    n = 30 * 59
    assert abs(told.sum() - 0.3 * n) < 4.5 * math.sqrt(0.3 * 0.7 * n)


def test_who_has_a_high_threshold_tells_nobody_and_a_low_one_more():
    state = tiny((60,), ())
    state.users.disclosure_threshold = np.repeat([0.0, 1.0], 30)
    set_ties(state, 0, matrix(state, 0, 0.9), 0.4, SEED)
    shares = block(state, 0)["told"].sum(axis=1) / 59
    assert shares[30:].sum() == 0
    assert shares[:30].mean() == pytest.approx(0.8, abs=4.5 * math.sqrt(0.8 * 0.2 / (30 * 59)))


@pytest.mark.parametrize(
    ("share", "threshold", "chance"), [(0.15, 0.5, 0.15), (0.15, 0.0, 0.3), (1.0, 0.2, 1.0), (1, 1, 0)]
)
def test_chance_of_having_told(share, threshold, chance):
    assert told_chance(float(share), float(threshold)) == pytest.approx(chance)


def test_hours_undo_the_growth_of_closeness_up_to_a_cap():
    p = tiny().p[0]
    for hours in (0.0, 50.0, 220.0):
        assert hours_behind(1 - math.exp(-hours / 116), p) == pytest.approx(hours)
    assert hours_behind(0.99, p) == hours_behind(1.0, p) == pytest.approx(116 * math.log(100))


def test_start_closeness_by_hand():
    liking = np.array([[1.0, 2.0, 1.0], [0.5, 1.0, 1.0], [1.0, 1.0, 1.0]])
    found = start_closeness([(0, 1), (2, 1)], liking, np.array([10.0, 3.0, 1.0]), 16.0, 2.0, 116.0)
    expected = np.zeros((3, 3))
    expected[0, 1] = 1 - math.exp(-16 * 2 * 2 / 116)  # three joint years, of which two last; liking 2
    expected[1, 0] = 1 - math.exp(-16 * 2 * 0.5 / 116)
    expected[1, 2] = expected[2, 1] = 1 - math.exp(-16 * 1 / 116)  # one joint year
    np.testing.assert_allclose(found, expected)


def test_start_closeness_of_nobody():
    assert start_closeness([], np.ones((3, 3)), np.ones(3), 16.0, 4.0, 116.0).tolist() == [[0.0] * 3] * 3
