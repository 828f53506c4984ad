"""Effects in parts: the parts add up, and each way of acting appears in its place."""

import numpy as np
import pytest
from houses import CIRCLE, WORKERS, small

from experiments.compare.decomposition import (
    _FLOWING,
    _FLOWS_OF_TIES,
    _NEAR,
    _SHARES,
    PARTS,
    _part,
    decomposed,
    effects,
)
from experiments.compare.runs import compare
from experiments.runs.executors import InProcess
from sim.engine import Engine
from sim.outcomes.catalogue import PRIMARY
from sim.scenario.schema.parameters import PHASES
from sim.scenario.schema.scenario import Scenario
from sim.state.columns import TIE, USER

RESPITE = {"policy": "respite", "eligible": "all", "uptake": 1}


def parts_of(*seeds: int, **policies):
    return [effects(small("base"), small("other", **policies), seed) for seed in seeds]


@pytest.mark.parametrize("policy", [WORKERS, CIRCLE, RESPITE], ids=lambda p: p["policy"])
def test_the_parts_add_up_to_the_whole(policy):
    for found in parts_of(1, 2, it=policy):
        for name in PRIMARY:
            for order in (0, 1):
                total = sum(found[part][name][order] for part in PARTS)
                assert total == pytest.approx(found["whole"][name][order], abs=1e-9)


def test_nothing_has_no_parts():
    (found,) = parts_of(3, nothing={"policy": "usual_care"})
    assert all(value == (0.0, 0.0) for part in found.values() for value in part.values())


def test_respite_works_directly_and_not_through_ties():
    found = parts_of(1, 2, 3, 4, it=RESPITE)
    direct = sum(one["direct help"]["burden"][0] for one in found)
    assert direct < 0.0
    assert abs(direct) > 3 * abs(sum(sum(one["new ties"]["burden"]) / 2 for one in found))


def test_a_circle_works_through_what_is_said_and_never_directly():
    for found in parts_of(1, 2, 3, it=CIRCLE):
        assert all(found["direct help"][name] == (0.0, 0.0) for name in PRIMARY)


@pytest.mark.slow
@pytest.mark.parametrize("policy", [WORKERS, CIRCLE], ids=lambda p: p["policy"])
def test_the_whole_is_the_effect_of_ordinary_runs(policy):
    plain = compare(small("base"), [small("other", it=policy)], replicates=3, seed=7, jobs=1)
    scenarios = {"base": small("base"), "other": small("other", it=policy)}
    parts = decomposed(scenarios, 7, 3, InProcess(), lambda _: None, lambda _: None)
    whole = {part.outcome: part.difference for part in parts if part.part == "whole"}
    for name in PRIMARY:
        assert whole[name] == pytest.approx(plain.contrast("other", name).difference, rel=1e-9)
    assert all(part.order_low <= part.difference <= part.order_high for part in parts if part.part in PARTS[:2])
    assert all(part.order_low == part.order_high for part in parts if part.part not in PARTS[:2])
    constructed = {part.outcome for part in parts if part.always_0}
    assert constructed == (set(PRIMARY) if policy is CIRCLE else set())


def test_a_part_has_the_range_over_both_orders_and_a_0_in_all_runs_is_marked():
    orders = np.array([[1.0, 3.0], [2.0, 6.0]])
    part = _part("p", "burden", PARTS[0], orders, acts=True)
    assert (part.difference, part.order_low, part.order_high, part.n) == (3.0, 1.5, 4.5, 2)
    nothing = np.zeros((3, 2))
    assert _part("p", "burden", PARTS[2], nothing, acts=True).always_0
    assert not _part("p", "burden", PARTS[0], nothing, acts=True).always_0
    assert not _part("p", "burden", PARTS[2], nothing, acts=False).always_0  # the policy did nothing at all


def test_parts_of_few_seeds_claim_nothing_and_no_part_is_0_by_rounding():
    few = _part("p", "burden", PARTS[0], np.array([[1.0, 3.0], [2.0, 6.0]]), acts=True)
    assert few.words() == "+3 under 2 seeds, too few to say"
    assert _part("p", "burden", PARTS[2], np.zeros((12, 2)), acts=True).words().startswith("0 in all 12 runs (")
    small_part = _part("p", "burden", PARTS[0], np.tile([[0.001, 0.003], [-0.002, 0.0]], (6, 1)), acts=True)
    assert "0.00 " not in small_part.words()
    assert small_part.words().startswith("+0.0005 (-0.0")


def test_a_part_that_few_runs_show_has_no_interval():
    orders = np.zeros((12, 2))
    orders[:9] = 1.0
    rare = _part("p", "burden", PARTS[0], orders, acts=True)
    assert np.isnan([rare.low, rare.high]).all()
    assert rare.words() == "+0.75, too rare to say: not 0 in 9 of 12 runs"
    orders[9] = 1.0
    assert np.isfinite(_part("p", "burden", PARTS[0], orders, acts=True).low)


def moved_by_talk_help_and_contact() -> tuple[set[str], set[str]]:
    """Return the columns of users and ties that the parts of a day that make up flows change in two months."""
    assert PHASES[3:6] + PHASES[7:9] == ("encounters", "conversation", "support", "proximity", "contact")
    come_and_go = {"turnover": {"leaving_rate": 2.0, "vacancy_days": 3.0}}
    rules = Scenario.model_validate({"name": "x", "rules": come_and_go}).rules
    engine = Engine(small("lively", days=60, it=CIRCLE).with_changes(rules=rules), 3)
    users, ties = set(), set()
    for _ in range(60):
        engine.open_day()
        engine.live(1, 3)
        before = engine.state.users.copy(), engine.state.ties.copy()
        engine.live(4, 6)
        engine.live(8, 9)
        now = engine.state
        users |= {column.name for column in USER if (now.users[column.name] != before[0][column.name]).any()}
        ties |= {column.name for column in TIE if (now.ties[column.name] != before[1][column.name]).any()}
        engine.live(7, 7)
        engine.live(10, 13)
        engine.close_day()
    return users, ties


def test_all_that_talk_help_and_contact_move_is_either_of_ties_or_of_flows():
    users, ties = moved_by_talk_help_and_contact()
    assert users == set(_FLOWING)
    ends_with_the_day = {"today", "met"}
    noted_only = {"last_contact", "withdrawals"}
    assert ties == set(_FLOWS_OF_TIES) | (set(_NEAR) - {"shared"}) | ends_with_the_day | noted_only


def test_shares_that_flow_stay_shares():
    assert {"hope", "burden", "self_stigma", "mood", "needs"} <= set(_SHARES)
    assert not {"given", "received", "talk_hours", "turns"} & set(_SHARES)


def test_centres_that_differ_cannot_be_set_beside_each_other():
    scenarios = {"a": small("a"), "b": small("b", users=13)}
    with pytest.raises(ValueError, match="other centres"):
        decomposed(scenarios, 1, 2, InProcess(), lambda _: None, lambda _: None)
