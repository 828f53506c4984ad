"""Phase 6: who asks, who helps when asked, and what help does to both."""

import math

import pytest
from hand_made import SEED, SURE, befriend, hand_made, stay_home, tie

from sim.rules.support import ask_chance, has_helped, help_chance, helper_utility, support
from sim.state.columns import NEEDS

LOADS = {f"support_load_{kind}": load for kind, load in zip(NEEDS, (1.0, 0.5, 0.4, 0.3, 1.5), strict=True)}
ASKED = {"support_visible_need": 0.3, "support_ask_base": SURE}
HELPED = ASKED | {"support_accept_base": SURE}


def odds_of_asking(need: float = 0.0, off: str = "", **columns: float) -> float:
    s = hand_made(
        1,
        support_ask_base=math.log(0.5),
        support_ask_need=math.log(4.0),
        support_ask_stigma=math.log(3.0),
        support_ask_worth=math.log(25.0),
        support_ask_hope=math.log(49.0),
        **({off: 0} if off else {}),
    )
    for name, value in columns.items():
        setattr(s.users[0], name, value)
    chance = float(ask_chance(s.users[0], s.p[0], need))
    return chance / (1 - chance)


@pytest.mark.parametrize(
    ("state", "times"),
    [
        ({}, 1), ({"need": 1.0}, 4), ({"need": 0.5}, 2), ({"self_stigma": 1.0}, 1 / 3), ({"self_worth": 1.0}, 5),
        ({"self_worth": 0.0}, 1 / 5), ({"hope": 1.0}, 7), ({"hope": 0.0}, 1 / 7), ({"hope": 1.0, "off": "hope"}, 1),
    ],
)  # fmt: skip
def test_need_worth_and_hope_make_ask_and_stigma_keeps_silent(state, times):
    assert odds_of_asking(**state) == pytest.approx(0.5 * times)


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


def odds_of_help(
    closeness: float = 0.0,
    returned: float = 0.0,
    given: float = 0.0,
    norm: float = 0.5,
    off: str = "",
    **columns: float,
) -> float:
    """Return the odds that the second helps the first, who has given this much help to the second and to anybody."""
    s = hand_made(
        2,
        support_accept_base=math.log(0.5),
        support_accept_inclination=math.log(2.0),
        support_accept_empathy=math.log(3.0),
        support_accept_closeness=math.log(5.0),
        support_accept_burden=math.log(7.0),
        support_accept_returned=math.log(11.0),
        support_accept_reputation=math.log(169.0),
        support_accept_norm=math.log(289.0),
        support_returned_from=0.1,
        **({off: 0} if off else {}),
    )
    s.users.support_capacity[1] = 1.0
    tie(s, 1, 0).closeness, tie(s, 0, 1).help[2], s.users.given[0] = closeness, returned, given
    for name, value in columns.items():
        setattr(s.users[1], name, value)
    chance = float(help_chance(s.users[1], s.users[0], tie(s, 0, 1), tie(s, 1, 0), s.p[0], norm))
    return chance / (1 - chance)


@pytest.mark.parametrize(
    ("state", "times"),
    [
        ({}, 1), ({"helping_inclination": 1.0}, 2), ({"empathy": 1.0}, 3), ({"closeness": 1.0}, 5),
        ({"burden": 1.0}, 1 / 7), ({"returned": 0.11}, 11), ({"returned": 0.09}, 1), ({"given": math.log(2.0)}, 13),
        ({"norm": 1.0}, 17), ({"norm": 0.0}, 1 / 17), ({"norm": 1.0, "off": "living_house"}, 1),
    ],
)  # fmt: skip
def test_each_reason_multiplies_the_odds_of_helping(state, times):
    assert odds_of_help(**state) == pytest.approx(0.5 * times)


def test_learned_empathy_takes_the_place_of_closeness():
    """Fully learned empathy counts as empathy (3) and as closeness (5), toward friend and stranger alike."""
    assert odds_of_help(learned_empathy=1.0) == pytest.approx(0.5 * 15)
    assert odds_of_help(learned_empathy=1.0, closeness=1.0) == pytest.approx(0.5 * 15)


def test_without_expanding_love_only_closeness_is_near():
    assert odds_of_help(learned_empathy=1.0, off="expanding_love") == pytest.approx(0.5 * 3)


@pytest.mark.parametrize(("load", "chance"), [(0.9, 1 / 3), (1.0, 1 / 12)])
def test_one_who_has_learned_limits_refuses_once_the_capacity_is_used(load, chance):
    """Odds of a half are a chance of a third; three quarters of that are refused."""
    odds = odds_of_help(load=load, limits=0.75)
    assert odds / (1 + odds) == pytest.approx(chance)


@pytest.mark.parametrize(("acts", "helped"), [((0.0,) * 5, False), ((0.02,) * 5, False), ((0.03,) * 5, True)])
def test_one_has_helped_whose_discounted_acts_of_all_kinds_are_above_a_little(acts, helped):
    s = hand_made(2, support_returned_from=0.12)
    tie(s, 0, 1).help[:] = acts
    assert has_helped(tie(s, 0, 1), s.p[0]) is helped


def asks(kind: int = 0, need: float = 0.5, users: int = 2, **wanted: float):
    """Let the first, who has a need, ask among others after no talk."""
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


def test_one_who_is_ashamed_profits_less():
    s = hand_made(2, **HELPED, support_effect=0.8, support_effect_floor=1.0, support_profit_stigma=0.5)
    s.users.needs[0, 0], s.users.self_stigma[0] = 0.5, 0.5
    support(s, 0, 0, 0, SEED)
    assert s.users.needs[0, 0] == pytest.approx(0.5 * (1 - 0.8 * 0.75))


WORTH = {
    **HELPED, "support_helper_worth": 0.2, "support_helped_worth": 0.1, "support_unreturned_worth": 0.04,
    "support_effect": 0.5, "support_effect_floor": 1.0, "support_returned_from": 0.1,
}  # fmt: skip


@pytest.mark.parametrize(("before", "worth"), [(0.0, [0.48, 0.55]), (1.0, [0.55, 0.55])])
def test_helping_raises_the_helper_by_what_it_is_worth_and_the_helped_only_when_it_returns_help(before, worth):
    s = hand_made(2, **WORTH)
    s.users.needs[0, 0], tie(s, 0, 1).help[3] = 0.5, before
    support(s, 0, 0, 0, SEED)
    assert s.users.self_worth.tolist() == pytest.approx(worth)


def test_without_the_mechanism_helping_empowers_nobody():
    s = hand_made(2, **WORTH, helping_empowers=0)
    s.users.needs[0, 0], tie(s, 0, 1).help[3] = 0.5, 1.0
    support(s, 0, 0, 0, SEED)
    assert s.users.self_worth.tolist() == [0.5, 0.5]


@pytest.mark.parametrize(("switch", "hope"), [(1, [0.55, 0.55]), (0, [0.5, 0.5])])
def test_an_act_of_help_gives_hope_to_both(switch, hope):
    assert asks(**HELPED, support_hope_help=0.1, hope=switch).users.hope.tolist() == pytest.approx(hope)


def helped_while_burdened(**wanted: float) -> list[float]:
    s = hand_made(2, **HELPED, support_effect=0.5, support_effect_floor=1.0, support_relief_burden=0.4, **wanted)
    s.users.needs[0, 0], s.users.burden[:] = 0.5, 0.5
    support(s, 0, 0, 0, SEED)
    return s.users.burden.tolist()


def test_help_takes_a_share_of_burden_off_the_helped_as_far_as_it_is_of_use():
    assert helped_while_burdened() == pytest.approx([0.4, 0.5])


def test_help_takes_no_burden_off_where_it_does_not_bind():
    assert helped_while_burdened(binding_help=0) == [0.5, 0.5]


BONDS = {f"support_bond_{kind}": bond for kind, bond in zip(NEEDS, (1.0, 0.4, 0.5, 0.8, 1.5), strict=True)}


@pytest.mark.parametrize(("kind", "hours"), list(enumerate((1.0, 0.4, 0.5, 0.8, 1.5))), ids=NEEDS)
def test_help_counts_hours_toward_closeness_for_both_by_kind(kind, hours):
    s = asks(kind, **HELPED, **BONDS)
    assert (tie(s, 0, 1).today, tie(s, 1, 0).today) == (hours, hours)
    s = asks(kind, **HELPED, **BONDS, binding_help=0)
    assert (tie(s, 0, 1).today, tie(s, 1, 0).today) == (0.0, 0.0)


@pytest.mark.parametrize(("switch", "liking"), [(1, 0.05), (0, 0.0)])
def test_helper_and_helped_like_each_other_better(switch, liking):
    s = asks(**HELPED, support_liking_help=0.05, learned_liking=switch)
    assert (tie(s, 0, 1).liking, tie(s, 1, 0).liking) == (liking, liking)


def test_an_act_of_help_takes_time_of_both():
    s = asks(**HELPED, support_act_hours=0.25)
    for t in (tie(s, 0, 1), tie(s, 1, 0)):
        assert (t.met, t.last_contact) == (0.25, 1)


def test_acts_of_help_are_counted_for_both():
    s = asks(users=3, **HELPED, kappa_help=200.0)
    assert sorted(s.users.helping.tolist()) == [0, 1, 1]
    assert (s.users.helping[0], s.ledger[1, 0].granted) == (1, 1)


@pytest.mark.parametrize(("norm", "switch", "granted"), [(1.0, 1, 1), (0.0, 1, 0), (0.0, 0, 1)])
def test_the_norm_of_help_decides_whether_the_asked_help_in_a_living_house(norm, switch, granted):
    s = hand_made(2, **ASKED, support_accept_base=SURE / 2, support_accept_norm=4 * SURE, living_house=switch)
    s.users.needs[0, 0], s.centres[0].norm_help = 0.9, norm
    support(s, 0, 0, 0, SEED)
    assert (s.ledger[0, 0].asked, s.ledger[0, 0].granted) == (1, granted)


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
