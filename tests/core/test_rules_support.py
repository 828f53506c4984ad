"""Phase 6: who asks, who helps, and what it does to both."""

import math

import pytest
from hand_made import SEED, SURE, befriend, hand_made, meet, stay_home, tie

from sim.rules.support import ask_chance, help_chance, helper_utility, load_of_help, support
from sim.state.columns import NEEDS

LOADS = {f"support_load_{kind}": load for kind, load in zip(NEEDS, (1.0, 0.5, 0.4, 0.3, 1.5), strict=True)}
ASKED = {"support_visible_need": 0.3, "support_ask_base": SURE}
HELPED = ASKED | {"support_accept_base": SURE}


@pytest.mark.parametrize(("kind", "load"), list(enumerate((1.0, 0.5, 0.4, 0.3, 1.5))), ids=NEEDS)
def test_every_kind_of_help_has_its_load_and_the_unwell_weigh_more(kind, load):
    s = hand_made(1, **LOADS, support_unwell_load_ratio=2.0)
    assert load_of_help(kind, s.users[0], s.p[0]) == load
    s.users.unwell[0] = 1
    assert load_of_help(kind, s.users[0], s.p[0]) == 2 * load


@pytest.mark.parametrize(
    ("need", "stigma", "odds"), [(0.0, 0.0, 0.5), (1.0, 0.0, 2.0), (0.0, 1.0, 0.5 / 3), (0.5, 0.0, 1.0)]
)
def test_need_makes_ask_and_stigma_keeps_silent(need, stigma, odds):
    s = hand_made(1, support_ask_base=math.log(0.5), support_ask_need=math.log(4.0), support_ask_stigma=math.log(3.0))
    s.users.self_stigma[0] = stigma
    assert ask_chance(s.users[0], s.p[0], need) == pytest.approx(odds / (1 + odds))


def utility(withdrawn: int = 0, regulated: int = 1, **columns: float) -> float:
    s = hand_made(
        2,
        kappa_help=3.0,
        support_choose_trust=2.0,
        support_choose_skill=5.0,
        support_choose_capacity=7.0,
        encounters_withdrawn_weight=11.0,
        proximity_regulation=regulated,
    )
    v, t = s.users[1], tie(s, 0, 1)
    t.withdrawn = withdrawn
    t.trust, t.closeness = columns.pop("trust", 0.0), columns.pop("closeness", 0.0)
    for name, value in columns.items():
        setattr(v, name, value)
    return float(helper_utility(v, t, s.p[0]))


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"trust": 0.5}, 1.0), ({"closeness": 0.5}, 1.5), ({"listening_skill": 0.5}, 2.5),
        ({"support_capacity": 1.0, "load": 0.25}, 5.25), ({"support_capacity": 0.25, "load": 1.0}, 0.0),
        ({"withdrawn": 1}, -11.0), ({"withdrawn": 1, "regulated": 0}, 0.0),
    ],
)  # fmt: skip
def test_the_choice_of_a_helper_adds_its_reasons(state, expected):
    assert utility(**state) == pytest.approx(expected)


def odds_of_help(closeness: float = 0.0, love: int = 1, **columns: float) -> float:
    s = hand_made(
        2,
        support_accept_base=math.log(0.5),
        support_accept_inclination=math.log(2.0),
        support_accept_empathy=math.log(3.0),
        support_accept_closeness=math.log(5.0),
        support_accept_burden=math.log(7.0),
        expanding_love=love,
    )
    tie(s, 1, 0).closeness = closeness
    for name, value in columns.items():
        setattr(s.users[1], name, value)
    chance = float(help_chance(s.users[1], tie(s, 1, 0), s.p[0]))
    return chance / (1 - chance)


@pytest.mark.parametrize(
    ("state", "times"),
    [
        ({}, 1), ({"helping_inclination": 1.0}, 2), ({"empathy": 1.0}, 3), ({"closeness": 1.0}, 5),
        ({"burden": 1.0}, 1 / 7),
    ],
)  # fmt: skip
def test_each_reason_multiplies_the_odds_of_helping(state, times):
    assert odds_of_help(**state) == pytest.approx(0.5 * times)


def test_learned_empathy_takes_the_place_of_closeness():
    """Fully learned empathy counts as empathy (3) and as closeness (5), toward friend and stranger alike."""
    assert odds_of_help(learned_empathy=1.0) == pytest.approx(0.5 * 15)
    assert odds_of_help(learned_empathy=1.0, closeness=1.0) == pytest.approx(0.5 * 15)


def test_without_expanding_love_only_closeness_is_near():
    assert odds_of_help(learned_empathy=1.0, love=0) == pytest.approx(0.5 * 3)


def asks(kind: int = 0, need: float = 0.5, users: int = 2, **wanted: float):
    """The first has a need; there are others, and nothing was said before."""
    s = hand_made(users, **wanted)
    s.users.needs[0, kind] = need
    support(s, 0, 0, 1, SEED)
    return s


@pytest.mark.parametrize(("kind", "name"), list(enumerate(NEEDS)), ids=NEEDS)
def test_help_meets_the_need_and_is_kept_by_kind(kind, name):
    s = asks(kind, **HELPED, support_effect=0.8, support_effect_floor=0.5)
    today = s.ledger[1, 0]
    assert s.users.needs[0, kind] == pytest.approx(0.5 * (1 - 0.8 * 0.5))
    assert tie(s, 1, 0).help.tolist() == [float(k == kind) for k in range(5)]
    assert tie(s, 0, 1).help.tolist() == [0.0] * 5
    assert (today.asked, today.helped) == (1, 1)
    assert [today[f"helped_{other}"] for other in NEEDS] == [float(other == name) for other in NEEDS]
    assert (s.users.given.tolist(), s.users.received.tolist()) == ([0, 1], [1, 0])


def test_full_skill_gives_the_full_effect():
    s = hand_made(2, **HELPED, support_effect=0.8, support_effect_floor=0.5)
    s.users.needs[0, 0], s.users.listening_skill[1] = 0.5, 1.0
    support(s, 0, 0, 0, SEED)
    assert s.users.needs[0, 0] == pytest.approx(0.1)


def test_helping_raises_the_helper_more_than_the_helped():
    s = asks(**HELPED, support_helper_worth=0.1, support_helped_worth=0.04)
    assert s.users.self_worth.tolist() == pytest.approx([0.52, 0.55])


def test_without_the_mechanism_helping_empowers_nobody():
    s = asks(**HELPED, support_helper_worth=0.1, support_helped_worth=0.04, helping_empowers=0)
    assert s.users.self_worth.tolist() == [0.5, 0.5]


def test_help_builds_trust_in_the_helper_only():
    s = asks(**HELPED, support_trust_gain=0.2)
    assert (tie(s, 0, 1).trust, tie(s, 1, 0).trust) == pytest.approx((0.2, 0.0))


def test_help_loads_both_and_the_helper_by_kind():
    s = asks(4, **HELPED, **LOADS, support_helped_load=0.15)
    assert s.users.load.tolist() == pytest.approx([0.15, 1.5])


@pytest.mark.parametrize(("kind", "reminded"), [(4, 1.0), (0, 0.0)])
def test_practical_help_covers_medication(kind, reminded):
    assert asks(kind, **HELPED).users.reminded[0] == reminded


def test_a_small_need_is_not_voiced():
    assert asks(need=0.29, **HELPED).ledger[1, 0].asked == 0
    assert asks(need=0.3, **HELPED).ledger[1, 0].asked == 1


def test_only_the_largest_need_is_voiced():
    s = hand_made(2, **HELPED, support_effect=1.0, support_effect_floor=1.0)
    s.users.needs[0] = [0.4, 0.9, 0.5, 0.4, 0.4]
    support(s, 0, 0, 0, SEED)
    assert s.users.needs[0].tolist() == [0.4, 0.0, 0.5, 0.4, 0.4]


def test_one_who_keeps_silent_is_not_helped():
    s = asks(**(HELPED | {"support_ask_base": -SURE}))
    assert (s.ledger[1, 0].asked, s.ledger[1, 0].helped) == (0, 0)


def test_one_asked_may_refuse():
    s = asks(**ASKED, support_accept_base=-SURE, support_helper_worth=0.1)
    assert (s.ledger[1, 0].asked, s.ledger[1, 0].helped) == (1, 0)
    assert s.users.needs[0, 0] == 0.5
    assert s.users.self_worth.tolist() == [0.5, 0.5]


def test_nobody_is_asked_where_nobody_else_is():
    s = hand_made(2, **HELPED)
    s.users.needs[0, 0] = 0.9
    stay_home(s, 1)
    support(s, 0, 0, 0, SEED)
    assert s.ledger[0, 0].asked == 0


def test_whoever_has_a_need_may_ask():
    s = hand_made(3, **HELPED)
    stay_home(s, 0)
    s.users.needs[2, 0] = 0.9
    support(s, 0, 0, 0, SEED)
    assert (s.users.given.tolist(), s.users.received.tolist()) == ([0, 1, 0], [0, 0, 1])


def test_the_closest_is_asked():
    s = hand_made(4, **HELPED, kappa_help=200.0)
    s.users.needs[0, 0] = 0.9
    befriend(s, 0, 2, 0.9)
    befriend(s, 0, 3, 0.3)
    support(s, 0, 0, 0, SEED)
    assert s.users.given.tolist() == [0, 0, 1, 0]


def test_a_helper_whose_capacity_is_used_up_is_passed_over():
    s = hand_made(3, **HELPED, support_choose_capacity=200.0)
    s.users.support_capacity[:] = 1.0
    s.users.load[1] = 1.0
    s.users.needs[0, 0] = 0.9
    support(s, 0, 0, 0, SEED)
    assert s.users.given.tolist() == [0, 0, 1]


@pytest.mark.parametrize(("closeness", "beyond"), [(0.34, 1), (0.35, 0)])
def test_help_to_one_who_is_no_friend_of_the_helper_is_counted_as_beyond(closeness, beyond):
    s = hand_made(2, **HELPED)
    s.users.needs[0, 0] = 0.9
    befriend(s, 0, 1, 0.9, closeness)
    support(s, 0, 0, 0, SEED)
    assert s.ledger[0, 0].helped_beyond == beyond


def test_empathy_is_learned_by_both_once_help_is_returned():
    s = hand_made(2, **HELPED, support_empathy_gain=0.1)
    s.users.needs[0, 0] = 0.9
    s.users.learned_empathy[:] = [0.2, 0.4]
    support(s, 0, 0, 0, SEED)
    assert s.users.learned_empathy.tolist() == [0.2, 0.4]
    s.users.needs[:] = 0.0
    s.users.needs[1, 2] = 0.9
    support(s, 0, 0, 1, SEED)
    assert s.users.learned_empathy.tolist() == pytest.approx([0.28, 0.46])


@pytest.mark.parametrize("kind", range(5), ids=NEEDS)
def test_help_of_any_kind_given_before_makes_help_mutual(kind):
    s = hand_made(2, **HELPED, support_empathy_gain=0.1)
    s.users.needs[0, 0] = 0.9
    tie(s, 0, 1).help[kind] = 0.2
    support(s, 0, 0, 0, SEED)
    assert s.users.learned_empathy.tolist() == pytest.approx([0.1, 0.1])


def test_empathy_is_not_learned_without_expanding_love():
    s = hand_made(2, **HELPED, support_empathy_gain=0.1, expanding_love=0)
    s.users.needs[:, 0] = 0.9
    tie(s, 0, 1).help[0] = tie(s, 1, 0).help[0] = 1.0
    support(s, 0, 0, 0, SEED)
    assert s.users.learned_empathy.tolist() == [0.0, 0.0]


def passing(users: int = 2, pairs: tuple[tuple[int, int], ...] = ((0, 1),), **wanted: float):
    """Users fully inclined and empathic who met in a session of crafts on day 10."""
    s = hand_made(users, days=12, support_visible_need=0.3, support_ask_base=-SURE, **wanted)
    s.users.helping_inclination[:] = 1.0
    s.users.empathy[:] = 1.0
    return s, meet(s, *pairs)


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
    ("arrived", "welcomed"), [((-1000, 0), [1, 0]), ((0, -1000), [0, 1]), ((0, 0), [0, 0]), ((-1000, -1000), [0, 0])]
)
def test_a_senior_shows_a_newcomer_the_ropes(arrived, welcomed):
    s, count = passing(support_welcome_rate=1.0, episodes_newcomer_days=180.0)
    s.users.arrived[:] = arrived
    support(s, 0, count, 10, SEED)
    assert s.users.welcomed.tolist() == welcomed
    assert s.ledger[10, 0].helped_informational == sum(welcomed)


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
