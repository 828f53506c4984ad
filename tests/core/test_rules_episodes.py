"""Phase 2: unwell spells and the five needs."""

import math

import numpy as np
import pytest
from hand_made import AT_ONCE, SEED, hand_made, vacate
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.episodes import episodes, need_rate, relapse_hazard, trouble_hazard

RATES = {
    "episodes_relapse_schizophrenia": 0.36525,
    "episodes_relapse_bipolar": 0.7305,
    "episodes_relapse_ocd": 1.09575,
    "episodes_relapse_epileptic": 1.461,
}
NEEDS = {
    "episodes_need_emotional": 0.7,
    "episodes_need_informational": 1.4,
    "episodes_need_esteem": 2.1,
    "episodes_need_network": 2.8,
    "episodes_need_tangible": 3.5,
}


def hazard(diagnosis: int = 0, burden: float = 0.0, reminded: float = 0.0, **wanted: float) -> float:
    s = hand_made(1, **RATES, **wanted)
    u = s.users[0]
    u.diagnosis, u.burden, u.reminded = diagnosis, burden, reminded
    return float(relapse_hazard(u, s.p[0]))


@pytest.mark.parametrize(("diagnosis", "daily"), [*enumerate([0.001, 0.002, 0.003, 0.004, 0.002, 0.003, 0.001])])
def test_every_diagnosis_has_its_own_hazard(diagnosis, daily):
    assert hazard(diagnosis) == pytest.approx(daily)


def test_burden_raises_the_hazard_by_its_slope():
    assert hazard(burden=0.5, episodes_burden_slope=2.0) == pytest.approx(0.001 * math.e)


@pytest.mark.parametrize(("reminded", "left"), [(1.0, 0.6), (0.5, 0.8), (0.0, 1.0)])
def test_a_reminder_takes_a_share_of_the_hazard_away(reminded, left):
    assert hazard(reminded=reminded, episodes_reminder_protection=0.4) == pytest.approx(0.001 * left)


def test_reminders_do_nothing_without_adaptation_with_peers():
    assert hazard(reminded=1.0, episodes_reminder_protection=0.4, adaptation_with_peers=0) == pytest.approx(0.001)


def test_full_protection_prevents_relapse():
    assert hazard(reminded=1.0, episodes_reminder_protection=1.0) == 0.0


def rate(kind: int, newcomer: bool = False, unwell: int = 0) -> float:
    s = hand_made(1, **NEEDS, episodes_unwell_need_ratio=2.0, episodes_newcomer_need_ratio=3.0)
    s.users[0].unwell = unwell
    return float(need_rate(kind, s.users[0], s.p[0], newcomer))


@pytest.mark.parametrize(("kind", "daily"), [*enumerate([0.1, 0.2, 0.3, 0.4, 0.5])])
def test_weekly_rates_are_spread_over_seven_days(kind, daily):
    assert rate(kind) == pytest.approx(daily)


@pytest.mark.parametrize(("kind", "times"), [*enumerate([1, 3, 1, 1, 1])])
def test_newcomers_need_more_advice_and_nothing_else(kind, times):
    assert rate(kind, newcomer=True) == pytest.approx(times * rate(kind))


def test_the_unwell_need_more_of_everything():
    assert [rate(kind, unwell=1) for kind in range(5)] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])


def test_a_relapse_makes_unwell_and_is_counted():
    s = hand_made(2, episodes_relapse_schizophrenia=AT_ONCE)
    episodes(s, 0, 1, SEED)
    assert s.users.unwell.tolist() == [1, 1]
    assert s.ledger[1, 0].relapses == 2


def test_a_spell_that_ends_does_not_begin_again_the_same_day():
    s = hand_made(1, episodes_relapse_schizophrenia=AT_ONCE, episodes_episode_days=1e-9)
    s.users.unwell[0] = 1
    episodes(s, 0, 0, SEED)
    assert s.users.unwell[0] == 0
    assert s.ledger[0, 0].relapses == 0


def test_spells_go_on_while_their_end_is_far():
    s = hand_made(1)
    s.users.unwell[0] = 1
    episodes(s, 0, 0, SEED)
    assert s.users.unwell[0] == 1


def test_a_new_need_opens_a_share_of_what_is_closed():
    s = hand_made(1, episodes_need_esteem=AT_ONCE, episodes_need_size=0.5)
    episodes(s, 0, 0, SEED)
    assert s.users.needs[0].tolist() == [0, 0, 0.5, 0, 0]
    episodes(s, 0, 1, SEED)
    assert s.users.needs[0].tolist() == pytest.approx([0, 0, 0.75, 0, 0])
    assert s.ledger.needs_arisen[:2, 0].tolist() == [1, 1]


def test_needs_and_reminders_fade_by_their_own_share():
    s = hand_made(1, episodes_need_fade_days=4.0, episodes_reminder_days=10.0)
    s.users.needs[0], s.users.reminded[0] = 0.8, 1.0
    episodes(s, 0, 0, SEED)
    assert s.users.needs[0].tolist() == pytest.approx([0.6] * 5)
    assert s.users.reminded[0] == pytest.approx(0.9)


def test_an_old_need_fades_before_it_opens_again():
    s = hand_made(1, episodes_need_emotional=AT_ONCE, episodes_need_size=0.5, episodes_need_fade_days=2.0)
    s.users.needs[0, 0] = 0.8
    episodes(s, 0, 0, SEED)
    assert s.users.needs[0, 0] == pytest.approx(0.4 + 0.6 * 0.5)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(1, 100))
def test_a_need_stays_on_its_scale(need, size, fade):
    s = hand_made(1, episodes_need_emotional=AT_ONCE, episodes_need_size=size, episodes_need_fade_days=fade)
    s.users.needs[0, 0] = need
    episodes(s, 0, 0, SEED)
    assert 0.0 <= s.users.needs[0, 0] <= 1.0


@pytest.mark.parametrize(("day", "times"), [(9, 1), (179, 1), (180, 0)])
def test_one_is_a_newcomer_for_some_days_and_then_needs_no_more_advice(day, times):
    s = hand_made(1, days=200, episodes_newcomer_days=180.0, episodes_need_informational=1e-9, episodes_need_size=1.0)
    s.p.episodes_newcomer_need_ratio = AT_ONCE * AT_ONCE
    s.users.arrived[0] = 0.0
    episodes(s, 0, day, SEED)
    assert s.users.needs[0].tolist() == [0, times, 0, 0, 0]


def test_needs_of_different_kinds_arise_independently():
    rates = dict.fromkeys(NEEDS, 7 * math.log(2.0))  # each with chance one half
    s = hand_made(50, days=40, **rates, episodes_need_size=1.0)
    arisen = []
    for day in range(40):
        s.users.needs[:] = 0.0
        episodes(s, 0, day, SEED)
        arisen.append(s.users.needs.copy())
    found = np.corrcoef(np.concatenate(arisen).T) - np.eye(5)
    assert np.abs(found).max() < 4.5 / math.sqrt(2000)


def test_those_who_have_left_have_no_episodes():
    s = hand_made(2, episodes_relapse_schizophrenia=AT_ONCE)
    vacate(s, 0)
    episodes(s, 0, 0, SEED)
    assert s.users.unwell.tolist() == [0, 1]


def test_needs_arise_at_their_rate():
    s = hand_made(50, days=40, episodes_need_network=1.4, episodes_need_size=1.0)
    for day in range(40):
        episodes(s, 0, day, SEED)
    share = 1 - math.exp(-0.2)
    error = math.sqrt(share * (1 - share) / 2000)
    assert abs(s.ledger.needs_arisen.sum() / 2000 - share) < 4.5 * error


@pytest.mark.parametrize(("family", "daily"), [(0.5, 0.01), (0.0, 0.02), (1.0, 0.0), (0.75, 0.005)])
def test_trouble_at_home_is_rarer_the_more_the_family_supports(family, daily):
    s = hand_made(1, episodes_trouble_rate=3.6525)
    s.users.family_support[0] = family
    assert trouble_hazard(s.users[0], s.p[0]) == pytest.approx(daily)


def test_new_trouble_fills_a_share_of_what_is_free_of_it_once_old_trouble_has_faded():
    s = hand_made(2, episodes_trouble_rate=AT_ONCE, episodes_trouble_size=0.5, episodes_trouble_days=4.0)
    s.users.trouble[:] = [0.0, 0.8]
    s.users.family_support[0] = 0.5
    episodes(s, 0, 0, SEED)
    assert s.users.trouble.tolist() == pytest.approx([0.5, 0.8])  # 0.6 is left, and half of the other 0.4 is added


def test_trouble_fades_where_none_comes_anew():
    s = hand_made(1, episodes_trouble_days=4.0)
    s.users.trouble[0] = 0.8
    episodes(s, 0, 0, SEED)
    assert s.users.trouble[0] == pytest.approx(0.6)


def test_a_supportive_family_keeps_trouble_away():
    s = hand_made(1, episodes_trouble_rate=AT_ONCE, episodes_trouble_size=0.5)
    s.users.family_support[0] = 1.0
    episodes(s, 0, 0, SEED)
    assert s.users.trouble[0] == 0.0


def test_trouble_comes_at_its_rate():
    s = hand_made(50, days=40, episodes_trouble_rate=0.1 * 365.25, episodes_trouble_size=1.0)
    s.users.family_support[:] = 0.5
    came = 0
    for day in range(40):
        s.users.trouble[:] = 0.0
        episodes(s, 0, day, SEED)
        came += int(s.users.trouble.sum())
    share = 1 - math.exp(-0.1)
    assert abs(came / 2000 - share) < 4.5 * math.sqrt(share * (1 - share) / 2000)
