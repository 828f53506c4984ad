"""Phase 5: what users say, what it does, and what they pass on."""

import math

import pytest
from hand_made import SEED, SURE, befriend, hand_made, meet, tie
from talks import BAD, COSTS, GOOD, SPEAKS, told_once

from sim.rules.conversation import conversation
from sim.state.disclosure import DISTRESS, ILLNESS, STRENGTHS


@pytest.mark.parametrize(("depth", "told"), [(STRENGTHS, 0), (DISTRESS, 0), (ILLNESS, 1)])
@pytest.mark.parametrize("reception", [GOOD, BAD], ids=["good", "bad"])
def test_told_is_set_by_talk_of_the_illness_only(depth, told, reception):
    s = told_once(depth, **reception)
    assert tie(s, 0, 1).told == told
    assert tie(s, 1, 0).told == 0


def test_what_is_said_is_kept_on_the_tie_of_those_who_talk():
    s = hand_made(4, conversation_occasion=1.0, **SPEAKS[ILLNESS], **GOOD)
    s.users.threshold[:] = [1.0, 1.0, 0.0, 1.0]
    conversation(s, 0, meet(s, (2, 3)), 0, SEED)
    told = {(i, j) for i in range(4) for j in range(4) if tie(s, i, j).told}
    met = {(i, j) for i in range(4) for j in range(4) if tie(s, i, j).met}
    assert (told, met) == ({(2, 3)}, {(2, 3), (3, 2)})


@pytest.mark.parametrize(
    ("depth", "column"), [(STRENGTHS, "strengths_talks"), (DISTRESS, "distress_talks"), (ILLNESS, "illness_talks")]
)
def test_every_depth_is_counted_under_its_name(depth, column):
    today = told_once(depth, **GOOD).ledger[2, 0]
    counts = {name: today[name] for name in ("strengths_talks", "distress_talks", "illness_talks")}
    assert counts == dict.fromkeys(counts, 0) | {column: 1}
    assert today.talks == 1
    assert today.well_received == 1
    assert today.deep_talks == (depth >= DISTRESS)


def said(depth: int, threshold: float, **wanted: float):
    """Let the first, with a given threshold, say something personal; deep talk has no cost."""
    s = hand_made(2, conversation_occasion=1.0, conversation_closeness_weight=4.0, **SPEAKS[depth], **wanted)
    s.users.threshold[:] = [threshold, 1.0]
    tie(s, 0, 1).closeness = threshold / 4.0
    conversation(s, 0, meet(s, (0, 1)), 2, SEED)
    return s


@pytest.mark.parametrize("depth", [DISTRESS, ILLNESS])
def test_a_good_reception_lowers_the_threshold(depth):
    s = said(depth, 0.5, **GOOD, conversation_threshold_good=0.1)
    assert s.users.threshold.tolist() == pytest.approx([0.45, 1.0])


@pytest.mark.parametrize("depth", [STRENGTHS, DISTRESS, ILLNESS])
def test_a_bad_reception_raises_the_threshold(depth):
    s = said(depth, 0.5, **BAD, conversation_threshold_bad=0.2)
    assert s.users.threshold.tolist() == pytest.approx([0.6, 1.0])


def test_a_good_reception_of_strengths_leaves_the_threshold():
    s = said(STRENGTHS, 0.5, **GOOD, conversation_threshold_good=0.1)
    assert s.users.threshold[0] == pytest.approx(0.5)


def test_a_bad_reception_costs_trust_and_mood_and_is_a_conflict():
    s = hand_made(
        2, conversation_occasion=1.0, **SPEAKS[DISTRESS], **BAD, conversation_trust_bad=0.25, conversation_hurt=0.2
    )
    s.users.threshold[:] = [0.0, 1.0]
    tie(s, 0, 1).trust = tie(s, 1, 0).trust = 0.8
    conversation(s, 0, meet(s, (0, 1)), 2, SEED)
    assert (tie(s, 0, 1).trust, tie(s, 1, 0).trust) == pytest.approx((0.6, 0.8))
    assert s.users.mood.tolist() == pytest.approx([0.4, 0.5])
    assert s.users.conflicts.tolist() == [1, 0]
    assert s.ledger[2, 0].well_received == 0


@pytest.mark.parametrize(("share", "gained"), [(0.0, 0.0), (0.5, 0.1), (1.0, 0.2)])
def test_a_good_reception_builds_trust_in_both_and_a_share_of_it_in_the_listener(share, gained):
    s = told_once(DISTRESS, **GOOD, conversation_trust_good=0.2, conversation_trust_listener=share)
    assert (tie(s, 0, 1).trust, tie(s, 1, 0).trust) == pytest.approx((0.2, gained))


def test_a_good_reception_lifts_the_speaker():
    s = told_once(STRENGTHS, **GOOD, conversation_lift=0.1)
    assert s.users.mood.tolist() == pytest.approx([0.55, 0.5])


@pytest.mark.parametrize(("depth", "switch", "worth"), [(STRENGTHS, 1, 0.55), (STRENGTHS, 0, 0.5), (DISTRESS, 1, 0.5)])
def test_talk_of_strengths_raises_self_worth(depth, switch, worth):
    s = told_once(depth, **GOOD, conversation_worth_gain=0.1, becoming_oneself=switch)
    assert s.users.self_worth.tolist() == pytest.approx([worth, 0.5])


@pytest.mark.parametrize(("depth", "switch", "accepted"), [(ILLNESS, 1, 0.55), (ILLNESS, 0, 0.5), (DISTRESS, 1, 0.5)])
def test_talk_of_the_illness_raises_acceptance(depth, switch, accepted):
    s = told_once(depth, **GOOD, conversation_acceptance_gain=0.1, adaptation_with_peers=switch)
    assert s.users.acceptance.tolist() == pytest.approx([accepted, 0.5])


def test_talk_of_the_illness_badly_received_raises_no_acceptance():
    assert told_once(ILLNESS, **BAD, conversation_acceptance_gain=0.1).users.acceptance[0] == 0.5


@pytest.mark.parametrize(
    ("depth", "switch", "identity"), [(DISTRESS, 1, 0.55), (DISTRESS, 0, 0.5), (STRENGTHS, 1, 0.5)]
)
def test_shared_fate_is_felt_by_both(depth, switch, identity):
    s = told_once(depth, **GOOD, conversation_fate_gain=0.1, group_advocacy=switch)
    assert s.users.identity.tolist() == pytest.approx([identity, identity])


def test_being_heard_relieves_the_need_to_be_heard():
    s = hand_made(2, conversation_occasion=1.0, **SPEAKS[DISTRESS], **GOOD, conversation_relief=0.5)
    s.users.threshold[:] = [0.0, 1.0]
    s.users.needs[:] = 0.8
    conversation(s, 0, meet(s, (0, 1)), 0, SEED)
    assert s.users.needs[0].tolist() == pytest.approx([0.4, 0.8, 0.8, 0.8, 0.8])
    assert s.users.needs[1].tolist() == [0.8] * 5


@pytest.mark.parametrize(("depth", "load"), [(STRENGTHS, 0.0), (DISTRESS, 0.5), (ILLNESS, 0.5)])
def test_listening_to_distress_or_illness_loads_the_listener(depth, load):
    s = told_once(depth, **BAD, conversation_listening_load=0.5)
    assert s.users.load.tolist() == [0.0, load]


def test_without_an_occasion_talk_stays_ordinary():
    s = hand_made(2, **SPEAKS[ILLNESS])
    s.users.threshold[:] = 0.0
    conversation(s, 0, meet(s, (0, 1)), 0, SEED)
    assert s.ledger[0, 0].illness_talks == 0
    assert tie(s, 0, 1).told == 0


def test_a_high_threshold_keeps_talk_ordinary():
    s = hand_made(2, conversation_occasion=1.0, **SPEAKS[ILLNESS])
    s.users.threshold[:] = 1.0
    conversation(s, 0, meet(s, (0, 1)), 0, SEED)
    assert s.ledger[0, 0].strengths_talks + s.ledger[0, 0].distress_talks + s.ledger[0, 0].illness_talks == 0


def test_the_other_takes_a_turn_when_something_personal_was_said():
    s = hand_made(2, conversation_occasion=1.0, **SPEAKS[ILLNESS], **GOOD)
    s.users.threshold[:] = 0.0
    conversation(s, 0, meet(s, (0, 1)), 0, SEED)
    assert (tie(s, 0, 1).told, tie(s, 1, 0).told) == (1, 1)
    assert (s.ledger[0, 0].illness_talks, s.ledger[0, 0].deep_talks) == (2, 1)


@pytest.mark.parametrize(("before", "after"), [(0, 0), (1, 1)])
def test_one_who_was_told_tells_more_easily(before, after):
    s = hand_made(2, conversation_occasion=1.0, conversation_reciprocity_weight=0.5, conversation_cost_strengths=5.0,
                  conversation_cost_distress=5.0, conversation_cost_illness=0.4, **GOOD)  # fmt: skip
    s.users.threshold[:] = [0.0, 1.0]
    tie(s, 1, 0).told = before
    conversation(s, 0, meet(s, (0, 1)), 0, SEED)
    assert tie(s, 0, 1).told == after


def small_talk(hours: float = 1.0, **wanted: float):
    s = hand_made(2, **wanted)
    tie(s, 0, 1).trust = tie(s, 1, 0).trust = 0.2
    conversation(s, 0, meet(s, (0, 1), hours=hours), 3, SEED)
    return s


def test_ordinary_talk_is_company_for_both():
    s = small_talk(hours=0.5)
    assert s.users.talk_hours.tolist() == [0.5, 0.5]
    assert s.users.partners.tolist() == [1, 1]
    for t in (tie(s, 0, 1), tie(s, 1, 0)):
        assert (t.today, t.met, t.last_contact) == (0.5, 0.5, 3)
    assert (s.ledger[3, 0].talks, s.ledger[3, 0].talk_hours) == (1, 0.5)


def test_ordinary_talk_pleases_and_builds_a_little_trust():
    s = small_talk(hours=2.0, conversation_pleasure=math.log(2.0) / 2, conversation_trust_ordinary=math.log(4.0) / 2)
    assert s.users.mood.tolist() == pytest.approx([0.75, 0.75])
    assert (tie(s, 0, 1).trust, tie(s, 1, 0).trust) == pytest.approx((0.8, 0.8))


def test_without_ordinary_connection_small_talk_neither_pleases_nor_brings_closer():
    s = small_talk(conversation_pleasure=1.0, ordinary_connection=0)
    assert s.users.mood.tolist() == [0.5, 0.5]
    assert s.users.talk_hours.tolist() == [0.0, 0.0]
    assert (tie(s, 0, 1).today, tie(s, 0, 1).met) == (0.0, 1.0)


def test_without_ordinary_connection_talk_that_matters_still_brings_closer():
    s = told_once(DISTRESS, **GOOD, conversation_deep_ratio=3.0, ordinary_connection=0)
    assert tie(s, 0, 1).today == 3.0


@pytest.mark.parametrize(("reception", "counts"), [(GOOD, 3.0), (BAD, 1.0)], ids=["good", "bad"])
def test_an_hour_of_personal_talk_counts_more_when_well_received(reception, counts):
    s = told_once(STRENGTHS, hours=2.0, **reception, conversation_deep_ratio=3.0)
    assert (tie(s, 0, 1).today, tie(s, 1, 0).today) == (2 * counts, 2 * counts)
    assert tie(s, 0, 1).met == 2.0


def test_in_a_talk_of_three_each_pair_has_half_of_the_time_as_company():
    s = hand_made(3)
    conversation(s, 0, meet(s, (0, 1, 2), hours=1.5), 0, SEED)
    met = [float(tie(s, i, j).met) for i, j in ((0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1))]
    assert met == pytest.approx([0.75] * 6)
    assert s.users.partners.tolist() == [2, 2, 2]


def test_in_a_talk_of_three_nobody_has_more_company_than_the_talk_is_long():
    s = hand_made(3)
    conversation(s, 0, meet(s, (0, 1, 2), hours=1.5), 0, SEED)
    assert s.users.talk_hours.max() <= 1.5 + 1e-12


def test_what_is_said_in_a_talk_of_three_counts_more_for_the_one_it_was_said_to():
    s = told_once(STRENGTHS, users=3, third=2, hours=1.5, **GOOD, conversation_deep_ratio=3.0)
    today = [float(tie(s, i, j).today) for i, j in ((0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1))]
    assert today == pytest.approx([3.0, 3.0, 1.0, 1.0, 1.0, 1.0])


def test_a_talk_of_three_goes_no_deeper_than_strengths():
    s = told_once(ILLNESS, users=3, third=2, **GOOD)
    assert (s.ledger[2, 0].strengths_talks, s.ledger[2, 0].illness_talks, s.ledger[2, 0].deep_talks) == (1, 0, 0)
    assert tie(s, 0, 1).told == 0


@pytest.mark.parametrize(("skill", "asked"), [(0.0, 1), (1.0, 0)])
def test_a_listener_without_skill_asks_like_a_doctor(skill, asked):
    s = hand_made(2, conversation_occasion=1.0, **SPEAKS[DISTRESS], **GOOD, conversation_questioning=1.0)
    s.p.conversation_questioning_penalty = 2 * SURE
    s.users.threshold[:] = [0.0, 1.0]
    s.users.listening_skill[1] = skill
    conversation(s, 0, meet(s, (0, 1)), 0, SEED)
    assert (s.ledger[0, 0].questioned, s.ledger[0, 0].well_received) == (asked, 1 - asked)


def test_talk_of_strengths_is_not_questioned():
    s = told_once(STRENGTHS, **GOOD, conversation_questioning=1.0)
    assert s.ledger[2, 0].questioned == 0


LEAKY = {"conversation_leak_rate": 1.0, "conversation_leak_learned": 1.0}


def test_a_leak_raises_the_threshold_of_the_one_who_hears_it():
    s = hand_made(
        3, conversation_occasion=1.0, **SPEAKS[DISTRESS], **GOOD, **LEAKY, conversation_hearsay_threshold=0.04
    )
    s.users.threshold[:] = [0.0, 1.0, 0.5]
    conversation(s, 0, meet(s, (0, 1)), 0, SEED)
    assert s.users.threshold[2] == pytest.approx(0.52)
    assert s.ledger[0, 0].leaks == 1


def test_a_leak_that_is_learned_of_costs_trust_and_raises_the_threshold_of_the_one_betrayed():
    s = hand_made(3, conversation_occasion=1.0, **SPEAKS[DISTRESS], **GOOD, **LEAKY, conversation_leak_trust=0.5,
                  conversation_leak_threshold=0.2)  # fmt: skip
    s.users.threshold[:] = [0.15, 1.0, 1.0]
    tie(s, 0, 1).trust = tie(s, 1, 0).trust = 0.6
    conversation(s, 0, meet(s, (0, 1)), 0, SEED)
    assert (tie(s, 0, 1).trust, tie(s, 1, 0).trust) == pytest.approx((0.3, 0.6))
    assert s.users.threshold[0] == pytest.approx(0.15 + 0.85 * 0.2)
    assert s.users.conflicts.tolist() == [1, 0, 0]


def test_a_leak_that_nobody_learns_of_costs_the_betrayed_nothing():
    s = told_once(
        DISTRESS,
        users=3,
        **GOOD,
        conversation_leak_rate=1.0,
        conversation_leak_trust=0.5,
        conversation_leak_threshold=0.2,
    )
    assert s.ledger[2, 0].leaks == 1
    assert (s.users.threshold[0], s.users.conflicts[0]) == (0.0, 0)


@pytest.mark.parametrize(("depth", "leaks"), [(STRENGTHS, 0), (DISTRESS, 1), (ILLNESS, 1)])
def test_only_confidences_leak(depth, leaks):
    assert told_once(depth, users=3, **GOOD, **LEAKY).ledger[2, 0].leaks == leaks


def test_the_discreet_pass_nothing_on():
    s = hand_made(3, conversation_occasion=1.0, **SPEAKS[DISTRESS], **GOOD, **LEAKY)
    s.users.threshold[:] = [0.0, 1.0, 1.0]
    s.users.confidentiality[1] = 1.0
    for day in range(4):
        conversation(s, 0, meet(s, (0, 1), (0, 1), (0, 1), (0, 1)), day, SEED)
    assert s.ledger["distress_talks"].sum() == 16
    assert s.ledger["leaks"].sum() == 0


def test_nothing_leaks_when_nobody_else_is_present():
    assert told_once(DISTRESS, users=3, absent=(2,), **GOOD, **LEAKY).ledger[2, 0].leaks == 0


def test_the_listener_passes_it_on_to_the_closest():
    s = hand_made(
        5,
        conversation_occasion=1.0,
        kappa=200.0,
        **SPEAKS[DISTRESS],
        **GOOD,
        **LEAKY,
        conversation_hearsay_threshold=0.5,
    )
    s.users.threshold[:] = [0.0, 1.0, 0.5, 0.5, 0.5]
    befriend(s, 1, 3, 0.8)
    befriend(s, 0, 2, 0.9)  # a friend of the one betrayed hears nothing by that
    conversation(s, 0, meet(s, (0, 1)), 0, SEED)
    assert s.users.threshold.tolist()[2:] == [0.5, 0.75, 0.5]


def test_a_bad_talk_colours_the_next():
    s = hand_made(2, conversation_occasion=1.0, **SPEAKS[DISTRESS], **BAD, conversation_threshold_bad=1.0)
    s.users.threshold[:] = [0.0, 1.0]
    conversation(s, 0, meet(s, (0, 1), (0, 1)), 0, SEED)
    assert s.ledger[0, 0].distress_talks == 1  # after the first the threshold stands at 1


def test_the_norm_of_the_house_opens_talk():
    s = hand_made(2, conversation_occasion=1.0, conversation_norm_weight=2.0, **COSTS, **GOOD)
    s.users.threshold[:] = [0.5, 1.0]
    s.centres[0].norm = 0.6
    conversation(s, 0, meet(s, (0, 1)), 0, SEED)
    assert s.ledger[0, 0].illness_talks == 1


def test_understaffing_makes_reception_worse():
    outcomes = []
    for coverage in (1.0, 0.0):
        s = hand_made(
            2, conversation_occasion=1.0, **SPEAKS[DISTRESS], **GOOD, conversation_reception_shortage=2 * SURE
        )
        s.users.threshold[:] = [0.0, 1.0]
        s.centres[0].coverage = coverage
        conversation(s, 0, meet(s, (0, 1)), 0, SEED)
        outcomes.append(float(s.ledger[0, 0].well_received))
    assert outcomes == [1.0, 0.0]


@pytest.mark.parametrize(("doing", "counted"), [(1, [2, 2, 1]), (0, [0, 0, 0])])
def test_talks_while_something_is_done_together_are_counted_for_all_in_them(doing, counted):
    s = hand_made(3)
    conversation(s, 0, meet(s, (0, 1, 2), (0, 1), doing=doing), 0, SEED)
    assert s.users.doing.tolist() == counted
