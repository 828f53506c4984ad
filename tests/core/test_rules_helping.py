"""What an act of help does and costs, whoever helps."""

import math

import pytest
from hand_made import hand_made

from sim.state.columns import NEEDS
from sim.state.helping import bond_of_help, burdened, helped_well, largest_need, load_of_help, share_met

LOADS = {f"support_load_{kind}": load for kind, load in zip(NEEDS, (1.0, 0.5, 0.4, 0.3, 1.5), strict=True)}
BONDS = {f"support_bond_{kind}": bond for kind, bond in zip(NEEDS, (2.0, 3.0, 5.0, 7.0, 11.0), strict=True)}


@pytest.mark.parametrize(("kind", "load"), list(enumerate((1.0, 0.5, 0.4, 0.3, 1.5))), ids=NEEDS)
def test_every_kind_of_help_has_its_load_and_the_unwell_weigh_more(kind, load):
    s = hand_made(1, **LOADS, support_unwell_load_ratio=2.0)
    assert load_of_help(kind, s.users[0], s.p[0]) == load
    s.users.unwell[0] = 1
    assert load_of_help(kind, s.users[0], s.p[0]) == 2 * load


@pytest.mark.parametrize(("kind", "hours"), list(enumerate((2.0, 3.0, 5.0, 7.0, 11.0))), ids=NEEDS)
def test_every_kind_of_help_counts_its_hours(kind, hours):
    assert bond_of_help(kind, hand_made(1, **BONDS).p[0]) == hours


@pytest.mark.parametrize(
    ("needs", "kind"),
    [([0, 0, 0, 0, 0], 0), ([0.1, 0.2, 0.9, 0.3, 0.2], 2), ([0.1, 0.9, 0.2, 0.9, 0.1], 1), ([0, 0, 0, 0, 0.1], 4)],
)
def test_the_largest_need_is_the_first_of_equals(needs, kind):
    s = hand_made(1)
    s.users.needs[0] = needs
    assert largest_need(s.users[0]) == kind


@pytest.mark.parametrize(
    ("skill", "stigma", "met"),
    [(1.0, 0.0, 0.8), (0.0, 0.0, 0.2), (0.5, 0.0, 0.5), (1.0, 1.0, 0.32), (1.0, 0.5, 0.56), (0.0, 1.0, 0.08)],
)
def test_help_meets_a_need_by_the_skill_of_the_one_and_less_under_the_stigma_of_the_other(skill, stigma, met):
    """Full effect 0.8, a quarter of it without skill; full self-stigma removes 0.6 of it."""
    s = hand_made(2, support_effect=0.8, support_effect_floor=0.25, support_profit_stigma=0.6)
    helper, helped = s.users[0], s.users[1]
    helper.listening_skill, helper.self_stigma = skill, 0.9
    helped.listening_skill, helped.self_stigma = 0.9, stigma
    assert share_met(helper, helped, s.p[0]) == pytest.approx(met)


@pytest.mark.parametrize(("off", "burden", "hope"), [("", 0.4, 0.55), ("binding_help", 0.5, 0.55), ("hope", 0.4, 0.5)])
def test_to_be_helped_well_takes_burden_off_and_gives_hope(off, burden, hope):
    s = hand_made(1, support_relief_burden=0.4, support_hope_help=0.1, **({off: 0} if off else {}))
    s.users.burden[0] = 0.5
    helped_well(s.users[0], s.p[0], 0.5)
    assert (s.users.burden[0], s.users.hope[0]) == pytest.approx((burden, hope))


@pytest.mark.parametrize(
    ("rest", "dose", "burden"),
    [
        (0.0, 0.0, 0.6), (1.0, 0.0, 0.56), (2.0, 0.0, 0.52), (50.0, 0.0, 0.2), (0.0, math.log(2.0), 0.8),
        (2.0, math.log(2.0), 0.76),
    ],
)  # fmt: skip
def test_a_day_rests_first_and_then_adds_its_dose(rest, dose, burden):
    p = hand_made(1, wellbeing_burden_days=10.0).p[0]
    assert burdened(0.6, 0.2, rest, dose, p) == pytest.approx(burden)
