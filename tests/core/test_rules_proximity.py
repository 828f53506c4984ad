"""Phase 7: too near and too far."""

import math

import pytest
from hand_made import AT_ONCE, SEED, befriend, hand_made, tie, vacate
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.proximity import cooled, overreach, proximity

WITHDRAWS = {"proximity_withdraw_rate": AT_ONCE, "proximity_band": 0.1}


@pytest.mark.parametrize(
    ("there", "back", "beyond"), [(0.9, 0.2, 0.3), (0.2, 0.9, 0.3), (0.6, 0.6, 0.0), (0.0, 0.0, -0.6)]
)
def test_the_nearer_of_the_two_feelings_counts(there, back, beyond):
    s = hand_made(2, proximity_band=0.1)
    befriend(s, 0, 1, there, back)
    assert overreach(s.users[0], tie(s, 0, 1), tie(s, 1, 0), s.p[0]) == pytest.approx(beyond)


def test_one_withdraws_from_a_tie_that_is_too_near():
    s = hand_made(2, **WITHDRAWS)
    s.users.desired_closeness[:] = [0.5, 0.9]
    befriend(s, 0, 1, 0.7)
    proximity(s, 0, 1, SEED)
    assert (tie(s, 0, 1).withdrawn, tie(s, 0, 1).withdrawals) == (1, 1)
    assert tie(s, 1, 0).withdrawn == 0
    assert s.ledger[1, 0].withdrawals == 1


@pytest.mark.parametrize("closeness", [0.2, 0.5, 0.59])
def test_nobody_withdraws_within_the_band(closeness):
    s = hand_made(2, **WITHDRAWS)
    befriend(s, 0, 1, closeness)
    proximity(s, 0, 0, SEED)
    assert tie(s, 0, 1).withdrawn == 0


def test_the_chance_of_withdrawing_grows_with_the_nearness():
    s = hand_made(50, days=8, proximity_withdraw_rate=math.log(2.0) / 0.25)
    for i in range(50):
        for j in range(i):
            befriend(s, i, j, 0.75)
    proximity(s, 0, 0, SEED)
    pairs = 50 * 49
    assert abs(s.ledger[0, 0].withdrawals / pairs - 0.5) < 4.5 * 0.5 / math.sqrt(pairs)


def test_one_turns_back():
    s = hand_made(2, proximity_return_rate=AT_ONCE, **WITHDRAWS)
    befriend(s, 0, 1, 0.9)
    tie(s, 0, 1).withdrawn = 1
    s.users.desired_closeness[1] = 1.0
    proximity(s, 0, 0, SEED)
    assert tie(s, 0, 1).withdrawn == 0
    assert (s.ledger[0, 0].returns, s.ledger[0, 0].withdrawals) == (1, 0)


def withdrawn(there: float = 0.8, back: float = 0.8, **wanted: float):
    """Return a state in which the first has withdrawn from the second."""
    s = hand_made(2, **wanted)
    befriend(s, 0, 1, there, back)
    tie(s, 0, 1).withdrawn = 1
    tie(s, 0, 1).trust = tie(s, 1, 0).trust = 0.5
    proximity(s, 0, 0, SEED)
    return s


def test_closeness_cools_in_the_one_who_has_withdrawn():
    s = withdrawn(proximity_cooling_rate=0.1)
    assert (tie(s, 0, 1).closeness, tie(s, 1, 0).closeness) == pytest.approx((0.72, 0.8))


def test_every_withdrawn_tie_of_all_users_cools():
    s = hand_made(3, proximity_cooling_rate=0.1, proximity_rebuff=0.1)
    for i, j in ((0, 1), (0, 2), (1, 2)):
        befriend(s, i, j, 0.8)
    tie(s, 1, 2).withdrawn = tie(s, 2, 0).withdrawn = 1
    tie(s, 2, 1).trust = tie(s, 0, 2).trust = 0.5
    proximity(s, 0, 0, SEED)
    cooled = {(i, j): float(tie(s, i, j).closeness) for i in range(3) for j in range(3) if i != j}
    assert {pair for pair, closeness in cooled.items() if closeness == pytest.approx(0.72)} == {(1, 2), (2, 0)}
    assert (tie(s, 2, 1).trust, tie(s, 0, 2).trust) == pytest.approx((0.45, 0.45))


def test_the_other_loses_some_trust_in_the_one_who_has_withdrawn():
    s = withdrawn(proximity_rebuff=0.1)
    assert (tie(s, 0, 1).trust, tie(s, 1, 0).trust) == pytest.approx((0.5, 0.45))


@pytest.mark.parametrize(("back", "mood"), [(0.34, 0.5), (0.35, 0.45)])
def test_only_a_friend_is_hurt_by_the_rebuff(back, mood):
    assert withdrawn(back=back, proximity_rebuff=0.1).users.mood.tolist() == pytest.approx([0.5, mood])


def demanding(met: float = 0.5, desired: tuple[float, float] = (0.3, 0.8), **wanted: float):
    """Return a state in which the second feels close to the first, and wants to."""
    s = hand_made(2, proximity_demand_weight=2.0, **wanted)
    s.users.desired_closeness[:] = desired
    befriend(s, 0, 1, 0.2, 0.9)
    tie(s, 0, 1).met = tie(s, 1, 0).met = met
    proximity(s, 0, 0, SEED)
    return s.users.demand.tolist()


def test_what_the_other_wants_and_one_does_not_is_a_demand():
    assert demanding() == pytest.approx([2.0 * 0.9 * (0.8 - 0.3), 0.0])


def test_those_who_want_alike_demand_nothing():
    assert demanding(desired=(0.8, 0.8)) == [0.0, 0.0]


def test_there_is_no_demand_without_contact():
    assert demanding(met=0.0) == [0.0, 0.0]


def test_attraction_under_self_stigma_makes_a_tie_too_near():
    s = hand_made(2, proximity_romance_distance=1.0, **WITHDRAWS)
    s.users.self_stigma[:] = 1.0
    befriend(s, 0, 1, 0.4)
    tie(s, 0, 1).attracted = 1
    proximity(s, 0, 0, SEED)
    assert (tie(s, 0, 1).withdrawn, tie(s, 1, 0).withdrawn) == (1, 0)


def test_without_regulation_nobody_withdraws():
    s = hand_made(2, proximity_regulation=0, **WITHDRAWS)
    befriend(s, 0, 1, 1.0)
    proximity(s, 0, 0, SEED)
    assert tie(s, 0, 1).withdrawn == 0


def test_without_regulation_nobody_feels_a_demand():
    assert demanding(proximity_regulation=0) == [0.0, 0.0]


def test_strangers_do_not_withdraw():
    s = hand_made(2, **WITHDRAWS)
    s.users.desired_closeness[:] = 0.0
    s.p.proximity_band = -1.0
    proximity(s, 0, 0, SEED)
    assert s.ledger[0, 0].withdrawals == 0


def test_empty_seats_are_no_partners():
    s = hand_made(2, **WITHDRAWS)
    befriend(s, 0, 1, 0.9)
    vacate(s, 1)
    proximity(s, 0, 0, SEED)
    assert tie(s, 0, 1).withdrawn == 0


@pytest.mark.parametrize(
    ("own", "returned", "left"), [(0.8, 0.3, 0.7), (0.3, 0.8, 0.3), (0.5, 0.5, 0.5), (0.8, 0.0, 0.64)]
)
def test_closeness_that_is_not_returned_falls_toward_what_is(own, returned, left):
    assert cooled(own, returned, 0.2) == pytest.approx(left)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_cooled_closeness_stays_between_the_two(own, returned, share):
    assert min(own, returned) <= cooled(own, returned, share) + 1e-12
    assert cooled(own, returned, share) <= own


COOLING = {"proximity_one_way_cooling": 36.525}
"""A tenth a day."""


def one_sided(**wanted: float) -> list[float]:
    s = hand_made(3, **wanted)
    befriend(s, 0, 1, 0.8, 0.3)
    befriend(s, 0, 2, 0.0, 0.6)
    proximity(s, 0, 0, SEED)
    return [float(tie(s, i, j).closeness) for i, j in ((0, 1), (1, 0), (0, 2), (2, 0))]


def test_a_one_sided_tie_cools_in_the_one_who_feels_more():
    assert one_sided(**COOLING) == pytest.approx([0.75, 0.3, 0.0, 0.54])


def test_a_one_sided_tie_stays_where_ties_do_not_move():
    assert one_sided(**COOLING, moving_ties=0) == [0.8, 0.3, 0.0, 0.6]


def test_one_sided_ties_cool_without_regulation_too():
    assert one_sided(**COOLING, proximity_regulation=0) == pytest.approx([0.75, 0.3, 0.0, 0.54])


def test_nothing_cools_by_more_than_all_that_is_not_returned():
    assert one_sided(proximity_one_way_cooling=5000.0) == pytest.approx([0.3, 0.3, 0.0, 0.0])


def test_a_withdrawal_cools_first_and_then_what_the_other_feels_more():
    """The first keeps away and cools by a tenth to 0.72; then a tenth of the 0.08 that the other feels more is gone."""
    s = withdrawn(proximity_cooling_rate=0.1, **COOLING)
    assert (tie(s, 0, 1).closeness, tie(s, 1, 0).closeness) == pytest.approx((0.72, 0.792))


def returns(coverage: float, switch: int = 1) -> float:
    """Return the share of ties to which users who keep away turn back in a day."""
    s = hand_made(40, proximity_return_rate=math.log(2.0) / 2, proximity_mediation=1.0, living_house=switch)
    s.users.desired_closeness[:] = 1.0
    s.centres[0].coverage = coverage
    for i in range(40):
        for j in range(i):
            befriend(s, i, j, 0.5)
            tie(s, i, j).withdrawn = 1
    proximity(s, 0, 0, SEED)
    return float(s.ledger[0, 0].returns) / 780


@pytest.mark.parametrize(
    ("coverage", "switch", "share"), [(1.0, 1, 0.5), (0.0, 1, 1 - 0.5**0.5), (1.0, 0, 1 - 0.5**0.5)]
)
def test_staff_mediate_so_that_users_turn_back_sooner(coverage, switch, share):
    assert abs(returns(coverage, switch) - share) < 4.5 * math.sqrt(share * (1 - share) / 780)
