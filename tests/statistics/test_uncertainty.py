"""Chance and ignorance: against hand-made analysis of variance and simulated truth."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from experiments.statistics.paired import paired_interval
from experiments.statistics.uncertainty import CAUTION, Split, split
from tests.statistics.drawn_runs import frame, stream


def one(effect: np.ndarray, better: str = "lower") -> Split:
    """Return the split of a policy."""
    g = stream(99)
    [found] = split(frame({"p": effect}, g.normal(50, 9, effect.shape)), better)
    return found


def test_the_split_is_that_of_the_analysis_of_variance():
    effect = np.array([[1.0, 2.0, 3.0], [5.0, 7.0, 9.0], [2.0, 2.0, 5.0]])
    found = one(effect)
    # by hand: means 2, 7, 3; within SS 2 + 8 + 6 = 16 on 6; between SS 3 (4 + 9 + 1) = 42 on 2
    assert found.chance == pytest.approx(16 / 6)
    assert found.ignorance == pytest.approx((21 - 16 / 6) / 3)
    assert found.estimate == found.ignorance
    assert found.effect == pytest.approx(4.0)
    assert stats.f_oneway(*effect).statistic == pytest.approx(21 / found.chance)
    t = stats.t.ppf(0.975, 2)
    of_mean = np.var([2, 7, 3], ddof=1) / 3  # balanced: the variance of the draws' means
    assert (found.low, found.high) == pytest.approx(paired_interval(np.array([2.0, 7.0, 3.0])))
    assert (found.low < 4 - 0.999 * t * of_mean**0.5, found.high > 4 + 0.999 * t * of_mean**0.5) == (True, True)
    wide = t * (found.ignorance + of_mean) ** 0.5
    assert (found.predicted_low, found.predicted_high) == pytest.approx((4 - wide, 4 + wide))
    assert found.share_ignorance == pytest.approx(found.ignorance / (found.ignorance + 16 / 6))
    assert (found.draws, found.pairs, found.dropped, found.truncated) == (3, 9, 0, False)
    assert found.p == pytest.approx(stats.f_oneway(*effect).pvalue)
    assert found.words() == "Fewer than 10 draws are too few to say where the spread between pairs comes from."
    enough = dataclasses.replace(found, draws=10, differ=10, share_low=0.2, share_high=0.95)
    assert enough.words() == (
        "About 70 % (20 % to 95 %) of the spread between pairs comes from numbers nobody has measured, the rest from "
        "chance."
    )
    unsure = dataclasses.replace(enough, p=0.31)
    assert unsure.words().endswith("the rest from chance; chance alone may explain all of it (p = 0.31).")


def test_missing_runs_drop_pairs_and_draws_of_other_sizes_are_allowed():
    rows = frame({"p": np.array([[1.0, 2.0, 3.0], [5.0, 7.0, 9.0], [2.0, 2.0, 5.0]])})
    gone = (rows["scenario"] == "p") & (rows["draw"] == 1) & (rows["replicate"] == 2)
    [found] = split(rows[~gone], "lower")
    # sizes 3, 2, 3, means 2, 6, 3, grand 27 / 8; within SS 2 + 2 + 6 = 10 on 5
    between = (3 * (2 - 27 / 8) ** 2 + 2 * (6 - 27 / 8) ** 2 + 3 * (3 - 27 / 8) ** 2) / 2
    assert found.chance == pytest.approx(2.0)
    assert found.estimate == pytest.approx((between - 2.0) / ((8 - 22 / 8) / 2))
    assert found.effect == pytest.approx(11 / 3)
    assert (found.pairs, found.dropped) == (8, 1)


def test_a_negative_estimate_is_truncated_and_said():
    found = one(np.array([[1.0, 3.0], [3.0, 1.0], [0.0, 4.0]] * 4))
    assert found.estimate == pytest.approx(-(2 + 2 + 8) / 3 / 2)
    assert (found.ignorance, found.truncated) == (0.0, True)
    assert math.isnan(found.share_ignorance)
    assert math.isnan(found.share_better)
    assert "the estimate of the variance between draws is negative and taken as 0" in found.words()


def test_one_replicate_a_draw_cannot_be_split():
    found = one(np.array([[1.0], [3.0], [5.0]]))
    assert math.isnan(found.chance)
    assert math.isnan(found.ignorance)
    half = stats.t.ppf(0.975, 2) * (4 + 4 / 3) ** 0.5
    assert (found.predicted_low, found.predicted_high) == pytest.approx((3 - half, 3 + half))
    assert found.words() == "One replicate for each draw does not separate chance from unmeasured numbers."


def test_effects_that_never_vary_have_neither():
    """No variation is no knowledge: there is a direction, but no interval and no share."""
    found = one(np.full((12, 2), 1.7))
    assert (found.chance, found.ignorance, found.effect, found.p_effect) == (0.0, 0.0, pytest.approx(1.7), 0.0)
    assert found.words() == "All 24 pairs of runs differ by the same."
    equal = one(np.zeros((12, 2)))
    assert (equal.differ, equal.words()) == (0, "")
    assert math.isnan(equal.p_effect)
    for each in (found, equal):
        assert np.isnan([each.low, each.high, each.predicted_low, each.predicted_high, each.share_better]).all()


def test_one_draw_and_none():
    found = one(np.array([[1.0, 2.0]]))
    assert (found.draws, found.effect) == (1, 1.5)
    assert math.isnan(found.low)
    [nothing] = split(frame({"p": np.full((2, 2), np.nan)}), "lower")
    assert (nothing.draws, nothing.pairs, nothing.dropped) == (0, 0, 4)
    assert math.isnan(nothing.effect)


def test_the_share_that_is_better_and_the_range_of_effects_come_from_one_model():
    """The interval reaches 0 exactly where the share reaches 97.5 %, however many draws lie on one side."""
    spread = np.array([[-1.0], [-2.0], [-3.0], [-2.5], [-1.5]])
    low, high = (end - one(spread).effect for end in (one(spread).predicted_low, one(spread).predicted_high))
    assert low == pytest.approx(-high)
    for better, sign in (("lower", -1.0), ("higher", 1.0)):
        touching = one(spread + 2.0 + sign * high, better)
        assert touching.share_better == pytest.approx(0.975)
        assert min(abs(touching.predicted_low), abs(touching.predicted_high)) == pytest.approx(0.0, abs=1e-9)
    assert one(spread).share_better < 0.975
    assert (spread < 0.0).all()
    assert math.isnan(one(spread, "neither").share_better)
    assert "not of centres" in str(CAUTION)


@pytest.mark.parametrize(("studies", "tolerance"), [(120, 0.04), pytest.param(4_000, 0.0, marks=pytest.mark.long)])
@pytest.mark.parametrize("ignorance", [0.3, 2.0])
def test_the_interval_of_the_mean_holds_when_draws_have_their_own_seeds_and_not_when_they_share_them(
    ignorance, studies, tolerance
):
    """Each policy is a study of its own, with a true effect of -2."""
    g, draws, replicates = stream(7), 40, 4
    held = {}
    for kind, shape in {"own": (draws, replicates), "shared": (1, replicates)}.items():
        effects = {
            f"p{k}": -2.0
            + ignorance**0.5 * g.standard_normal((draws, 1))
            + g.standard_normal(shape)
            + g.standard_normal((draws, replicates))
            for k in range(studies)
        }
        held[kind] = np.mean([found.low <= -2.0 <= found.high for found in split(frame(effects), "lower")])
    assert 0.93 - tolerance <= held["own"] <= 0.97 + tolerance
    assert held["shared"] < 0.75


def defaults(effect: list[float]) -> pd.DataFrame:
    """Return pairs of runs at the default parameters."""
    parts = [{"scenario": "base", "replicate": k, "value": 7.0} for k in range(len(effect))]
    parts += [{"scenario": "p", "replicate": k, "value": 7.0 + value} for k, value in enumerate(effect)]
    return pd.DataFrame(parts)


def test_the_effect_over_draws_is_set_beside_that_at_the_defaults():
    effect, there = np.array([[1.0], [2.0], [3.0]]), [-1.0, -2.0, -3.0, -2.0]
    [found] = split(frame({"p": effect}), "lower", default=defaults(there))
    result = stats.ttest_ind(effect.ravel(), there, equal_var=False)
    interval = result.confidence_interval(0.95)
    assert (found.at_defaults, found.shift) == (-2.0, 4.0)
    assert found.shift_low <= interval.low
    assert found.shift_high >= interval.high
    assert math.isnan(found.p_turned)  # too few draws
    assert math.isnan(one(effect).p_turned)  # without runs at the defaults nobody knows
    effect, there = np.repeat(effect, 4, axis=0), there * 3
    [found] = split(frame({"p": effect}), "lower", default=defaults(there))
    assert stats.ttest_ind(effect.ravel(), there, equal_var=False).pvalue < found.p_shift < 1e-6
    ends = [stats.ttest_1samp(values, 0.0).pvalue for values in (effect.ravel(), there)]
    assert found.p_turned == pytest.approx(max(ends))
    [same_side] = split(frame({"p": effect + 9.0}), "lower", default=defaults([value + 6.0 for value in there]))
    assert (same_side.p_shift < 0.001, same_side.p_turned) == (True, 1.0)


SIZES = [60, pytest.param(1_500, marks=pytest.mark.slow)]
"""Numbers of studies of which the share of wrong sentences is taken."""


def most(studies: int) -> float:
    """Return the largest share of wrong sentences that a test at 5 % makes but for chance."""
    return 0.05 + 3.5 * (0.05 * 0.95 / studies) ** 0.5


@pytest.mark.parametrize("studies", SIZES)
def test_an_effect_of_one_sign_that_only_moves_seldom_turns(studies):
    """True effects of -0.02 over draws and -0.6 at the defaults: the point signs differ in half of the studies."""
    g, turned, moved = stream(21), [], []
    for _ in range(studies):
        there = defaults(list(-0.6 + 0.5 * g.standard_normal(20)))
        [found] = split(frame({"p": -0.02 + g.standard_normal((60, 4))}), "lower", default=there)
        turned.append(found.p_turned <= 0.05)
        moved.append(found.p_shift <= 0.05)
    assert np.mean(turned) <= most(studies)
    assert np.mean(moved) > 0.9


@pytest.mark.parametrize("studies", SIZES)
def test_the_mean_of_skewed_effects_is_seldom_said_to_be_worse(studies):
    """Lognormal effects with a mean of 0 and a median above: t alone calls 13 % worse, and its interval misses 13 %."""
    g, draws = stream(25), 20
    effects = math.exp(0.5) - g.lognormal(0.0, 1.0, (studies, draws, 1)) + 0.5 * g.standard_normal((studies, draws, 4))
    splits = split(frame({f"p{k}": each for k, each in enumerate(effects)}), "lower")
    missed = [not found.low <= 0.0 <= found.high for found in splits]
    assert missed == [found.p_effect <= 0.05 for found in splits]
    assert np.mean(missed) <= 0.08 + 2.0 * (0.08 * 0.92 / studies) ** 0.5


@pytest.mark.parametrize("studies", SIZES)
def test_effects_of_few_draws_that_differ_get_no_interval_and_no_test(studies):
    """In 4 % of pairs something changes: the mean change is 0, mostly up a little and seldom down a lot."""
    g = stream(26)
    change = np.where(g.random((studies, 40, 2)) < 0.9, 0.1, -0.9) * (g.random((studies, 40, 2)) < 0.04)
    splits = split(frame({f"p{k}": each for k, each in enumerate(change)}), "lower")
    rare = [found for found in splits if found.differ < 10]
    assert len(rare) > 0.9 * studies
    for found in rare:
        known = [found.low, found.high, found.predicted_low, found.share_better, found.share_ignorance, found.p_effect]
        assert np.isnan(known).all()
    assert np.mean([found.p_effect <= 0.05 for found in splits]) <= 0.05
    text = next(found for found in rare if found.differ).words()
    assert text == "Too few draws differ to say where the spread between pairs comes from."


@pytest.mark.parametrize("studies", SIZES)
@pytest.mark.parametrize("law", ["skewed", "half", "none"])
def test_effects_on_one_side_of_0_are_seldom_said_to_be_on_both(law, studies):
    """A normal law puts some 19 % of lognormal effects on the wrong side, and luck half of the effects of 0."""
    g, wrong = stream(22), []
    for _ in range(studies):
        skewed = -0.5 * np.exp(g.standard_normal((60, 1)))
        half = np.where(np.arange(60) < 30, 0.0, -2.0)[:, None]
        effect = {"skewed": skewed, "half": half, "none": 0.0 * half}[law]
        wrong.append(one(effect + g.standard_normal((60, 4))).p_both <= 0.05)
    assert np.mean(wrong) <= most(studies)


def test_effects_on_both_sides_of_0_are_found():
    effect = np.linspace(-4.0, 2.0, 60)[:, None]
    assert one(effect + stream(23).standard_normal((60, 4))).p_both < 0.001
    assert math.isnan(one(effect).p_both)  # one replicate in each draw


@pytest.mark.parametrize("studies", SIZES)
def test_the_interval_of_the_share_of_ignorance_holds(studies):
    g, held = stream(24), []
    for _ in range(studies):
        found = one(1.2 * g.standard_normal((30, 1)) + g.standard_normal((30, 4)))
        held.append(found.share_low <= 1.44 / 2.44 <= found.share_high)
    assert np.mean(held) >= 1.0 - most(studies)
    assert np.mean(held) <= 0.95 + 3.5 * (0.05 * 0.95 / studies) ** 0.5


def test_variances_are_right_on_average_and_predictions_hold_as_often_as_said():
    g, draws, replicates, repeats = stream(1), 20, 4, 400
    chance, estimates, held = [], [], 0
    for _ in range(repeats):
        truth = g.normal(-2, 1.5, draws + 1)
        found = one(truth[:draws, None] + g.normal(0, 2.0, (draws, replicates)))
        chance.append(found.chance)
        estimates.append(found.estimate)
        held += found.predicted_low <= truth[-1] <= found.predicted_high
    for values, expected in ((chance, 4.0), (estimates, 2.25)):
        assert np.mean(values) == pytest.approx(expected, abs=4.5 * np.std(values) / repeats**0.5)
    assert held / repeats == pytest.approx(0.95, abs=4.5 * (0.95 * 0.05 / repeats) ** 0.5)


def test_every_policy_is_split_against_the_first_scenario():
    rows = frame({"p": np.array([[1.0, 2.0], [3.0, 4.0]]), "q": np.array([[5.0, 5.0], [6.0, 8.0]])})
    assert [(s.scenario, s.base, s.effect) for s in split(rows, "lower")] == [("p", "base", 2.5), ("q", "base", 6.0)]
    assert [(s.scenario, s.effect) for s in split(rows, "lower", "p")] == [("base", -2.5), ("q", 3.5)]
