"""What a good or a bad reception does to both users, and what betrayal does to the teller."""

import pytest
from hand_made import SEED, befriend, hand_made, meet, tie
from talks import BAD, GOOD, SPEAKS, told_once

from sim.rules.conversation import conversation
from sim.state.disclosure import DISTRESS, ILLNESS, STRENGTHS, heard_badly, heard_well, take_heart

WELL = {
    "conversation_lift": 0.1, "conversation_worth_gain": 0.2, "conversation_relief": 0.3,
    "conversation_threshold_good": 0.4, "conversation_stigma_relief": 0.5, "conversation_fate_gain": 0.6,
    "conversation_acceptance_gain": 0.7, "conversation_hope_story": 0.8,
}  # fmt: skip


def after_hearing(depth: int, off: str = "") -> dict[str, float]:
    """Return the changes in a user who was heard well, with every state at a half before."""
    s = hand_made(1, **WELL, **({off: 0} if off else {}))
    u = s.users[0]
    u.self_stigma, u.needs[:] = 0.5, 0.5
    heard_well(u, s.p[0], depth)
    states = ("mood", "self_worth", "threshold", "self_stigma", "identity", "acceptance", "hope")
    found = {name: float(u[name]) for name in states} | {f"need {k}": float(u.needs[k]) for k in range(5)}
    return {name: value for name, value in found.items() if value != 0.5}


DEEP = {"mood": 0.55, "need 0": 0.35, "threshold": 0.3, "self_stigma": 0.25, "identity": 0.8}
OF_ILLNESS = DEEP | {"acceptance": 0.85, "hope": 0.9}


@pytest.mark.parametrize(
    ("depth", "moved"), [(STRENGTHS, {"mood": 0.55, "self_worth": 0.6}), (DISTRESS, DEEP), (ILLNESS, OF_ILLNESS)]
)
def test_to_be_heard_well_moves_by_depth_a_share_of_what_is_missing(depth, moved):
    assert after_hearing(depth) == pytest.approx(moved)


@pytest.mark.parametrize(
    ("depth", "off", "stays"),
    [
        (STRENGTHS, "becoming_oneself", "self_worth"),
        (DISTRESS, "group_advocacy", "identity"),
        (ILLNESS, "adaptation_with_peers", "acceptance"),
        (ILLNESS, "hope", "hope"),
    ],
)
def test_what_a_mechanism_moves_stays_without_it(depth, off, stays):
    expected = {name: value for name, value in after_hearing(depth).items() if name != stays}
    assert after_hearing(depth, off) == expected


def test_to_be_heard_badly_hurts_and_closes():
    s = hand_made(1, conversation_hurt=0.2, conversation_threshold_bad=0.3, conversation_stigma_hurt=0.4)
    u = s.users[0]
    u.self_stigma = 0.5
    heard_badly(u, s.p[0])
    assert (u.mood, u.threshold, u.self_stigma) == pytest.approx((0.4, 0.65, 0.7))


@pytest.mark.parametrize(("switch", "hope"), [(1, 0.625), (0, 0.5)])
def test_to_take_heart_fills_a_share_of_missing_hope(switch, hope):
    s = hand_made(1, hope=switch)
    take_heart(s.users[0], s.p[0], 0.25)
    assert s.users.hope[0] == pytest.approx(hope)


def both_ways(s, name: str) -> tuple[float, float]:
    """Return a column of the tie of the first toward the second, and of the tie back."""
    return float(tie(s, 0, 1)[name]), float(tie(s, 1, 0)[name])


def told_by_a_friend(depth: int, **wanted: float):
    """Like `told_once`, between two users with closeness and trust of a half."""
    s = hand_made(3, conversation_occasion=1.0, **SPEAKS[depth], **wanted)
    s.users.threshold[:] = [0.0, 1.0, 1.0]
    befriend(s, 0, 1, 0.5)
    tie(s, 0, 1).trust = tie(s, 1, 0).trust = 0.5
    conversation(s, 0, meet(s, (0, 1)), 2, SEED)
    return s


BONDS = {"conversation_bond_gain": 0.4, "conversation_bond_listener": 0.5}


@pytest.mark.parametrize(
    ("depth", "switch", "closeness"),
    [(STRENGTHS, 1, (0.5, 0.5)), (DISTRESS, 1, (0.7, 0.6)), (ILLNESS, 1, (0.7, 0.6)), (ILLNESS, 0, (0.5, 0.5))],
)
def test_a_confidence_well_received_brings_the_teller_closer_and_the_listener_in_part(depth, switch, closeness):
    s = told_by_a_friend(depth, **GOOD, **BONDS, being_known=switch)
    assert both_ways(s, "closeness") == pytest.approx(closeness)


def test_a_confidence_badly_received_brings_nobody_closer():
    s = told_by_a_friend(ILLNESS, **BAD, **BONDS, conversation_known_illness=0.4)
    assert (both_ways(s, "closeness"), both_ways(s, "known")) == ((0.5, 0.5), (0.0, 0.0))


@pytest.mark.parametrize(
    ("depth", "switch", "known"), [(STRENGTHS, 1, 0.0), (DISTRESS, 1, 0.2), (ILLNESS, 1, 0.4), (ILLNESS, 0, 0.0)]
)
def test_the_teller_of_a_confidence_is_known(depth, switch, known):
    s = told_once(depth, **GOOD, conversation_known_distress=0.2, conversation_known_illness=0.4, being_known=switch)
    assert both_ways(s, "known") == pytest.approx((known, 0.0))


def test_being_known_grows_by_a_share_of_what_is_missing():
    s = hand_made(2, conversation_occasion=1.0, **SPEAKS[DISTRESS], **GOOD, conversation_known_distress=0.2)
    s.users.threshold[:] = [0.0, 1.0]
    tie(s, 0, 1).known = 0.5
    conversation(s, 0, meet(s, (0, 1)), 2, SEED)
    assert tie(s, 0, 1).known == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("depth", "switch", "hope"), [(ILLNESS, 1, [0.6, 0.6]), (ILLNESS, 0, [0.5, 0.5]), (DISTRESS, 1, [0.5, 0.5])]
)
def test_a_story_of_illness_gives_hope_to_both(depth, switch, hope):
    s = told_once(depth, **GOOD, conversation_hope_story=0.2, hope=switch)
    assert s.users.hope.tolist() == pytest.approx(hope)


LIKED = {"conversation_liking_good": 0.12, "conversation_liking_bad": 0.25}


@pytest.mark.parametrize("depth", [STRENGTHS, DISTRESS, ILLNESS])
def test_a_good_reception_is_liked_by_both_and_a_bad_one_disliked_by_the_teller(depth):
    assert both_ways(told_once(depth, **GOOD, **LIKED), "liking") == pytest.approx((0.12, 0.12))
    assert both_ways(told_once(depth, **BAD, **LIKED), "liking") == pytest.approx((-0.25, 0.0))


@pytest.mark.parametrize("reception", [GOOD, BAD], ids=["good", "bad"])
def test_without_learned_liking_no_reception_is_liked_or_disliked(reception):
    assert both_ways(told_once(ILLNESS, **reception, **LIKED, learned_liking=0), "liking") == (0.0, 0.0)


def quarrelled(coverage: float = 0.0, **wanted: float):
    """Let a confidence be badly received between two users with closeness of a half."""
    s = hand_made(2, conversation_occasion=1.0, **SPEAKS[DISTRESS], **BAD, conversation_quarrel=0.4,
                  conversation_liking_bad=0.2, conversation_calming=0.5, **wanted)  # fmt: skip
    s.users.threshold[:] = [0.0, 1.0]
    s.centres[0].coverage = coverage
    befriend(s, 0, 1, 0.5)
    conversation(s, 0, meet(s, (0, 1)), 2, SEED)
    return s


@pytest.mark.parametrize(("coverage", "closeness"), [(0.0, 0.3), (0.5, 0.35), (1.0, 0.4)])
def test_a_quarrel_costs_closeness_and_staff_calm_it(coverage, closeness):
    assert both_ways(quarrelled(coverage), "closeness") == pytest.approx((closeness, 0.5))


@pytest.mark.parametrize(("coverage", "liking"), [(0.0, -0.2), (1.0, -0.1)])
def test_a_quarrel_costs_liking_and_staff_calm_it(coverage, liking):
    assert both_ways(quarrelled(coverage), "liking") == pytest.approx((liking, 0.0))


def test_staff_do_not_calm_without_a_living_house():
    assert tie(quarrelled(1.0, living_house=0), 0, 1).closeness == pytest.approx(0.3)


def test_a_quarrel_costs_no_closeness_where_ties_do_not_move():
    assert tie(quarrelled(moving_ties=0), 0, 1).closeness == 0.5


BETRAYED = {"conversation_leak_rate": 1.0, "conversation_leak_learned": 1.0, "conversation_leak_closeness": 0.2,
            "conversation_leak_stigma": 0.1}  # fmt: skip


@pytest.mark.parametrize(("switch", "closeness"), [(1, 0.4), (0, 0.5)])
def test_a_betrayal_costs_the_closeness_of_the_one_betrayed_where_ties_move(switch, closeness):
    s = told_by_a_friend(DISTRESS, **GOOD, **BETRAYED, moving_ties=switch)
    assert both_ways(s, "closeness") == pytest.approx((closeness, 0.5))


def test_a_betrayal_raises_the_self_stigma_of_the_one_betrayed():
    s = told_by_a_friend(DISTRESS, **GOOD, **BETRAYED)
    assert s.users.self_stigma.tolist() == pytest.approx([0.1, 0.0, 0.0])


def test_what_nobody_learns_of_costs_neither_closeness_nor_stigma():
    s = told_by_a_friend(DISTRESS, **GOOD, **(BETRAYED | {"conversation_leak_learned": 0.0}))
    assert s.ledger[2, 0].leaks == 1
    assert (tie(s, 0, 1).closeness, s.users.self_stigma[0]) == (0.5, 0.0)
