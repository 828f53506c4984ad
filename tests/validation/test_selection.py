"""Selection against influence: worked out by hand, on made-up groups, and on data from the model."""

import numpy as np
import pandas as pd
import pytest

from experiments.designs.replicates import replicates
from experiments.store.tables import answers_table, nominations_table
from experiments.validation.likeness import shares
from experiments.validation.recovery import STRENGTHS, exact, made, recovered
from experiments.validation.selection import Group, estimated, groups_of
from sim.run import run
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Observe

STRONGER = {"strong selection, weak influence": 1, "weak selection, strong influence": -1}
"""Kinds of data in which both act and one is ten times the other: 1 where that is selection, else -1."""

NAN = float("nan")


def made_up(seed: int, selection: float, influence: float, noise: float = 0.0, n: int = 40) -> Group:
    """Return a group in which similar people become friends and friends become similar, with given strengths."""
    draws = np.random.default_rng(seed)
    x = draws.normal(size=n)
    away = np.abs(x[:, None] - x[None, :])
    before = draws.uniform(size=(n, n)) < 0.15 * np.exp(-selection * away)
    after = before | (draws.uniform(size=(n, n)) < 0.08 * np.exp(-selection * away))
    for ties in (before, after):
        np.fill_diagonal(ties, False)
    friends = before.sum(axis=1)
    mean = np.divide(before @ x, friends, out=x.copy(), where=friends > 0)
    y = x + influence * (mean - x) + 0.2 * draws.normal(size=n)
    return Group(before, after, x + noise * draws.normal(size=n), y + noise * draws.normal(size=n))


def groups(selection: float, influence: float, noise: float = 0.0) -> list[Group]:
    return [made_up(seed, selection, influence, noise) for seed in range(30)]


def test_selection_is_how_much_more_alike_those_were_who_became_friends():
    nobody = np.zeros((4, 4), np.bool_)
    after = nobody.copy()
    after[0, 1] = True
    x = np.array([0.0, 1.0, 4.0, 5.0])
    found = estimated([Group(nobody, after, x, x)])
    others = np.mean([4.0, 5.0, 3.0, 4.0, 1.0])
    assert found.selection == pytest.approx((others - 1.0) / x.std(ddof=1))
    assert (found.new, found.users, found.groups) == (1, 0, 1)
    assert np.isnan(found.influence)
    assert np.isnan(found.selection_low)


def test_whoever_is_a_friend_already_counts_for_no_selection():
    before = np.zeros((4, 4), np.bool_)
    before[0, 1] = before[3, 2] = True
    found = estimated([Group(before, before, np.arange(4.0), np.arange(4.0))])
    assert found.new == 0
    assert np.isnan(found.selection)


def test_influence_is_a_coefficient_of_least_squares():
    group = made_up(3, 1.0, 0.4)
    has = group.before.any(axis=1)
    mean = (group.before @ group.first)[has] / group.before.sum(axis=1)[has]
    columns = np.column_stack([np.ones(has.sum()), group.first[has], mean])
    wanted = np.linalg.lstsq(columns, group.second[has], rcond=None)[0][2]
    assert estimated([group]).influence == pytest.approx(wanted)


@pytest.mark.parametrize(("selection", "influence"), [(0.0, 0.0), (0.0, 0.5), (1.0, 0.0), (1.0, 0.5)])
def test_both_are_found_where_they_are_and_only_there(selection, influence):
    found = estimated(groups(selection, influence))
    assert (found.selection_low > 0.2) == (selection > 0.0)
    assert (abs(found.selection) < 0.1) == (selection == 0.0)
    assert found.influence_low < influence < found.influence_high
    assert (found.influence_low > 0.2) == (influence > 0.0)


def test_noise_passes_for_influence_unless_it_is_taken_off():
    noise = 0.5  # of a state of variance 1: reliability 0.8
    deceived = estimated(groups(1.5, 0.0, noise))
    assert deceived.influence_low > 0.05
    told = estimated(groups(1.5, 0.0, noise), 0.8)
    assert told.influence_low < 0.0 < told.influence_high
    both = estimated(groups(0.5, 0.5, noise), 0.8)
    assert both.influence_low < 0.5 < both.influence_high


def test_what_is_common_to_a_group_counts_for_nothing():
    plain = groups(1.0, 0.4)
    moved = [group._replace(first=group.first + k, second=group.second + 3.0 * k) for k, group in enumerate(plain)]
    assert estimated(moved)[:6] == pytest.approx(estimated(plain)[:6])


def test_who_did_not_answer_is_left_out():
    group = made_up(3, 1.0, 0.4)
    silent = np.arange(40) >= 30
    with_gaps = group._replace(second=np.where(silent, NAN, group.second))
    fewer = Group(group.before[:30, :30], group.after[:30, :30], group.first[:30], group.second[:30])
    assert estimated([with_gaps]) == pytest.approx(estimated([fewer]), nan_ok=True)


def test_intervals_narrow_with_groups():
    few, many = estimated(groups(1.0, 0.4)[:8]), estimated(groups(1.0, 0.4))
    assert many.selection_high - many.selection_low < few.selection_high - few.selection_low


def test_groups_are_read_from_the_tables_of_a_run():
    asked = Observe(waves=(60, 120), level="acquaintance", forgetting=0.0, non_response=0.2)
    scenario = load_scenario("freshmen").with_changes(days=120, observe=asked)
    runs = [run(scenario, seed) for seed in (1, 2)]
    tables = [[make(one, {"replicate": k}).to_pandas() for k, one in enumerate(runs)]
              for make in (nominations_table, answers_table)]  # fmt: skip
    nominations, answers = (pd.concat(parts) for parts in tables)
    read = groups_of(nominations, answers, "loneliness_ucla20", (60, 120), level="acquaintance")
    assert len(read) == 2
    for one, group in zip(runs, read, strict=True):
        first, second = one.surveys
        assert np.array_equal(group.first, first.answers["loneliness_ucla20"], equal_nan=True)
        assert np.array_equal(group.second, second.answers["loneliness_ucla20"], equal_nan=True)
        assert group.after.sum() == len(second.namer)
        assert group.after[second.namer, second.named].all()
    friends = groups_of(nominations, answers, "burden", (60, 120))
    assert (
        sum(group.after.sum() for group in friends)
        == (nominations["level"][nominations["day"] == 120] != "acquaintance").sum()
    )


def test_on_data_of_the_model_the_estimate_finds_which_was_there():
    found = recovered(exact(load_scenario("freshmen")), 16, 4)
    of = found.set_index("data")
    assert list(of.index) == list(STRENGTHS)
    assert not found["corrected"].any()
    for kind, (selection, influence) in STRENGTHS.items():
        if kind in STRONGER:  # what is weak there needs more groups than these
            continue
        row = of.loc[kind]
        assert (row["selection_low"] > 0.2) == (selection > 0.0), kind
        assert (row["influence_low"] > 0.1) == (influence > 0.0), kind
    assert of.loc["influence", "influence"] > of.loc["selection", "influence"] + 0.2
    assert of.loc["selection", "selection"] > of.loc["influence", "selection"] + 0.2


@pytest.mark.slow
@pytest.mark.parametrize("survey", ["exact", "shipped"])
def test_which_was_stronger_is_told_by_the_sign_where_both_act(survey):
    scenario = load_scenario("freshmen")
    count = 24 if survey == "exact" else 120  # answers slip, so more groups are needed
    seeds = [one.seed for one in replicates(11, count)]
    asked = exact(scenario) if survey == "exact" else scenario
    for kind, sign in STRONGER.items():
        selection, influence = STRENGTHS[kind]
        assert selection > 0.0
        assert influence > 0.0
        found = shares([made(seed, asked, selection, influence) for seed in seeds])
        assert np.sign([found.lead_low, found.lead, found.lead_high]).tolist() == [sign] * 3, kind
