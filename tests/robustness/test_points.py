"""Points of a study: complete points, points at which a policy fails, and how firm a known ranking is."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kendalltau, t

from experiments.robustness.failure_rule import Failing, amount, condition, too_little
from experiments.robustness.rank_agreement import agreement, clear_first, overall_order, place_shares, tau_between
from experiments.statistics.complete_points import PointsError, complete, mean_and_interval


def made(values, outcome="burden"):
    """Return runs from an array of shape (points, levers, replicates); levers are a, b, c ..."""
    rows = [
        (point, "abcdef"[lever], replicate, "done", values[point, lever, replicate])
        for point in range(values.shape[0])
        for lever in range(values.shape[1])
        for replicate in range(values.shape[2])
    ]
    return pd.DataFrame(rows, columns=["point", "lever", "replicate", "status", outcome])


def stream(key=1):
    return np.random.Generator(np.random.Philox(key))


def spoiled(runs, point, lever, status):
    runs.loc[(runs["point"] == point) & (runs["lever"] == lever) & (runs["replicate"] == 0), "status"] = status
    runs.loc[runs["status"] != "done", "burden"] = np.nan
    return runs


def test_a_point_with_a_run_less_is_left_out_and_told():
    runs = spoiled(spoiled(made(stream().random((5, 3, 2))), 1, "b", "failed"), 3, "a", "missing")
    points = complete(runs, ("a", "b"), "burden")
    assert points.means.index.tolist() == [0, 2, 4]
    assert (points.number, points.replicates, points.planned) == (3, 2, 5)
    assert points.words() == (
        "2 of 5 points are left out, because runs of theirs are missing: 1 failed and 1 not made yet."
    )


def test_a_failed_run_of_another_lever_costs_nothing():
    points = complete(spoiled(made(stream().random((5, 3, 2))), 1, "c", "failed"), ("a", "b"), "burden")
    assert (points.number, points.words()) == (5, "")


def test_a_run_without_a_value_is_no_zero():
    runs = made(stream().random((4, 2, 2)))
    runs.loc[0, "burden"] = np.nan
    points = complete(runs, ("a", "b"), "burden")
    assert (points.number, points.blank) == (3, 1)
    assert points.words() == "1 of 4 points are left out, because burden is undefined in 1 run."


def test_undefined_is_not_failed_and_says_why():
    name = "friend_arc_reciprocity"
    runs = made(stream().random((6, 2, 2))).rename(columns={"burden": name})
    runs.loc[runs["point"].isin([1, 2]), name] = np.nan
    failed = runs["point"] == 4
    runs.loc[failed, "status"], runs.loc[failed, name] = "failed", np.nan
    points = complete(runs, ("a", "b"), name)
    assert (points.number, points.failed, points.blank) == (3, 4, 8)
    assert points.words() == (
        "3 of 6 points are left out, because runs of theirs are missing: 4 failed; friend_arc_reciprocity is undefined "
        "in 8 runs, as there are no friend ties."
    )


def test_when_no_point_is_whole_it_is_said_why():
    runs = made(stream().random((3, 2, 2))).assign(status="failed", burden=np.nan)
    with pytest.raises(PointsError, match="no point has all runs of a, b with burden: 12 runs failed, 0 were not made"):
        complete(runs, ("a", "b"), "burden")


def test_a_table_of_runs_that_was_cut_or_doubled_is_refused():
    runs = made(stream().random((5, 3, 2)))
    with pytest.raises(PointsError, match="replicate 0 of a at point 0 is there twice"):
        complete(pd.concat([runs, runs]), ("a", "b"), "burden")
    cut = runs[~((runs["point"] == 3) & (runs["lever"] == "b") & (runs["replicate"] == 1))]
    with pytest.raises(PointsError, match="replicate 1 of b at point 3 is not among these runs"):
        complete(cut, ("a", "b"), "burden")


def test_a_table_without_a_column_is_refused_in_words():
    runs = made(stream().random((5, 3, 2)))
    with pytest.raises(PointsError, match=r"has no column lever; its columns: point, replicate, status, burden\. Give"):
        complete(runs.drop(columns="lever"), ("a", "b"), "burden")
    with pytest.raises(
        PointsError, match="has no column status nor stigma; its columns: point, lever, replicate, burden"
    ):
        complete(runs.drop(columns="status"), ("a", "b"), "stigma")


def test_the_interval_is_that_of_student():
    values = stream().normal(size=(3, 2, 6))
    points = complete(made(values), ("a", "b"), "burden")
    found = mean_and_interval(points.values["a"] - points.values["b"])
    pairs = values[1, 0] - values[1, 1]
    low, high = t.interval(0.95, 5, pairs.mean(), pairs.std(ddof=1) / np.sqrt(6))
    assert found.loc[1, ["mean", "low", "high"]].tolist() == pytest.approx([pairs.mean(), low, high])


@pytest.mark.parametrize(
    ("rule", "fails"),
    [
        (too_little("burden"), [False, False, True, True]),
        (too_little("burden", 1.0), [False, True, True, True]),
        (too_little("group_identity"), [True, True, True, False]),
        (too_little("group_identity", 0.5), [True, True, True, False]),
        (condition("burden > 29"), [False, True, True, True]),
        (condition("burden>=27.9"), [True, True, True, True]),
    ],
)
def test_a_rule_judges_the_mean_of_the_pairs(rule, fails):
    base = 30.0 + stream().normal(size=(4, 1, 3)) * 0.01
    shift = np.array([-2.0, -0.5, 0.0, 1.0])[:, None, None]
    runs = made(np.concatenate([base, base + shift], axis=1), rule.outcome)
    judged = rule.judge(complete(runs, ("a", "b"), rule.outcome), "b", "a")
    assert judged["fails"].tolist() == fails
    assert judged["difference"].tolist() == pytest.approx([-2.0, -0.5, 0.0, 1.0], abs=1e-9)


@pytest.mark.parametrize(("replicates", "shift"), [(2, 0.0), (2, -1.0), (12, 0.0)])
def test_pairs_that_do_not_differ_and_few_pairs_are_no_proof(replicates, shift):
    values = np.repeat(np.rint(4.0 * stream().random((3, 1, replicates))), 2, axis=1)
    values[:, 1] += shift
    judged = too_little("burden").judge(complete(made(values), ("a", "b"), "burden"), "b", "a")
    assert (judged["fails"] == (shift == 0.0)).all()
    assert not judged["clear"].any()
    assert judged[["low", "high"]].isna().all(axis=None)


def test_ten_equal_differences_are_clear():
    values = np.repeat(np.rint(4.0 * stream().random((3, 1, 10))), 2, axis=1)
    values[:, 1] += 2.0
    judged = too_little("burden").judge(complete(made(values), ("a", "b"), "burden"), "b", "a")
    assert judged["clear"].all()
    assert judged["fails"].all()


def test_a_rare_outcome_is_not_clear_from_few_pairs_that_differ():
    values = np.zeros((2, 2, 40))
    values[0, 1, :9], values[1, 1, :10] = 0.04, 0.04
    judged = too_little("severely_lonely_share").judge(
        complete(made(values, "severely_lonely_share"), ("a", "b"), "severely_lonely_share"), "b", "a"
    )
    assert judged["differ"].tolist() == [9, 10]
    assert judged["clear"].tolist() == [False, True]
    assert judged["low"].isna().tolist() == [True, False]


@pytest.mark.parametrize(("studies", "tolerance"), [(30, 0.18), pytest.param(600, 0.04, marks=pytest.mark.long)])
def test_where_nothing_differs_one_study_in_twenty_has_a_clear_point(studies, tolerance):
    wrong = []
    for seed in range(studies):
        values = stream(seed).normal(size=(40, 2, 12))
        judged = too_little("burden").judge(complete(made(values), ("a", "b"), "burden"), "b", "a")
        wrong.append(judged["clear"].any())
    assert np.mean(wrong) < 0.05 + tolerance


def test_a_rule_says_what_chance_alone_makes_of_one_effect():
    """An effect of -0.17 at all points, seen in four pairs each: many points fail, as many as chance makes."""
    values = np.stack([np.zeros((160, 4)), -0.17 + 2.0 * stream(2).normal(size=(160, 4))], axis=1)
    points = complete(made(values), ("a", "b"), "burden")
    rule = too_little("burden")
    judged, about = rule.judge(points, "b", "a"), rule.unlike(points, "b", "a")
    assert about.by_chance == pytest.approx(judged["fails"].sum(), abs=4.5 * (160 * 0.25) ** 0.5)
    assert about.by_chance > 55.0
    assert 0.0 < about.p < 1.0
    assert not judged["clear"].any()  # four pairs are too few


def test_one_replicate_leaves_everything_open():
    judged = too_little("burden").judge(complete(made(stream().random((3, 2, 1))), ("a", "b"), "burden"), "b", "a")
    assert not judged["clear"].any()
    assert judged["low"].isna().all()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("burdn > 40", "there is no outcome 'burdn'; did you mean 'burden'?"),
        ("burden", "found 'burden', allowed is an outcome, one of < <= > >=, and a number"),
        ("burden > high", "burden: found 'high', allowed is a number \\[0-100\\]"),
        ("lonely_share > 40 points", "or a percentage such as 5 %"),
        ("burden > 40 %", "found '40 %'"),
        ("burden > inf", "found 'inf'"),
        ("burden == 40", "found 'burden == 40'"),
    ],
)
def test_a_condition_that_says_nothing_is_refused(text, said):
    with pytest.raises(PointsError, match=said):
        condition(text)


def test_shares_are_read_as_percentages_too():
    assert condition("lonely_share >= 30 %") == Failing("lonely_share", "value", ">=", pytest.approx(0.3))
    assert amount("0.3", "lonely_share") == 0.3
    assert condition("lonely_share >= 30 %").words("usual-care").endswith("is at least 30 % at the end")


def test_rules_that_make_no_sense_are_refused():
    with pytest.raises(PointsError, match="no direction is better, so nothing is an improvement"):
        too_little("users")
    with pytest.raises(PointsError, match="found -1, allowed is 0 or more"):
        too_little("burden", -1.0)


def test_rules_are_said_in_plain_words():
    assert too_little("burden").words("usual-care") == "burden at the end is not lower than under usual-care"
    text = too_little("group_identity", 0.1).words("usual-care")
    assert text == "group identity at the end is not higher than under usual-care by 0.1 points or more"
    assert too_little("burden", 1.0).words("usual-care").endswith(" by 1 point or more")


def test_places_are_shares_of_the_points_and_equal_levers_share_them():
    means = pd.DataFrame({"a": [1.0, 1.0], "b": [2.0, 1.0], "c": [3.0, 0.0]})
    lower = place_shares(means, "lower").set_index(["lever", "place"])["share"]
    assert lower["a"].tolist() == [0.5, 0.25, 0.25]
    assert lower["b"].tolist() == [0.0, 0.75, 0.25]
    assert lower["c"].tolist() == [0.5, 0.0, 0.5]
    higher = place_shares(means, "higher").set_index(["lever", "place"])["share"]
    assert higher["a"].tolist() == [0.25, 0.25, 0.5]
    assert overall_order(means, "lower") == ["a", "b", "c"]
    assert overall_order(means, "higher") == ["b", "c", "a"]


def test_tau_is_that_of_scipy_with_ties():
    draws = stream(3).integers(0, 4, size=(6, 5)).astype(float)
    found = tau_between(draws[:3], draws[3:])
    for i in range(3):
        for j in range(3):
            assert found[i, j] == pytest.approx(kendalltau(draws[i], draws[3 + j]).statistic, nan_ok=True)
    assert np.isnan(tau_between(np.ones((1, 4)), draws[:1, :4])).all()


def ranked_runs(own, luck, key=4, replicates=4):
    """Return runs of five levers at 60 points: a common order, an order for each point, and noise for each run."""
    draws = stream(key)
    common, place = np.arange(5.0), own * draws.normal(size=(60, 5))
    return made((common + place)[..., None] + luck * draws.normal(size=(60, 5, replicates)))


def agreed(runs):
    return agreement(complete(runs, "abcde", "burden"), "lower")[0]


def test_an_order_that_is_the_same_everywhere_agrees_as_well_as_chance_allows():
    found = agreed(ranked_runs(own=0.0, luck=1.5))
    assert found.same_point < 0.9
    assert found.other_point == pytest.approx(found.same_point, abs=0.05)
    assert found.with_overall_low < found.with_overall < found.with_overall_high
    assert agreed(ranked_runs(own=0.0, luck=0.0)).with_overall == pytest.approx(1.0)


def test_luck_that_a_seed_brings_to_all_points_widens_the_interval_of_the_agreement():
    draws = stream(5)
    own = np.arange(5.0) + 1.5 * draws.normal(size=(60, 5))
    shared = agreed(made(own[..., None] + 2.0 * draws.normal(size=(1, 5, 4))))
    alone = agreed(made(own[..., None] + np.zeros((1, 1, 4))))
    assert shared.with_overall_high - shared.with_overall_low > 1.5 * (alone.with_overall_high - alone.with_overall_low)
    few = agreed(made(own[..., None] + draws.normal(size=(60, 5, 2))))
    assert np.isnan([few.with_overall_low, few.with_overall_high]).all()
    assert "nan" not in few.words(2)


def test_an_order_of_each_point_s_own_shows_beside_chance():
    found = agreed(ranked_runs(own=3.0, luck=0.5))
    assert found.same_point > 0.8
    assert found.other_point < 0.4
    assert "two halves of the replicates at the same point" in found.words(4)


def test_one_replicate_says_nothing_of_chance():
    found = agreed(ranked_runs(own=1.0, luck=1.0).query("replicate == 0"))
    assert np.isnan([found.same_point, found.other_point]).all()
    assert found.words(1).endswith("One replicate cannot show how much of that is chance.")


def test_who_is_first_is_clear_when_luck_is_small():
    many = [ranked_runs(own=0.0, luck=luck, replicates=12) for luck in (0.001, 20.0)]
    assert clear_first(complete(many[0], "abcde", "burden"), "lower") == 1.0
    assert clear_first(complete(many[1], "abcde", "burden"), "lower") == 0.0
    few = many[0].query("replicate < 9")
    assert np.isnan(clear_first(complete(few, "abcde", "burden"), "lower"))
