"""Paired contrasts: agreement with hand-made numbers, coverage of several at once, and groups."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from experiments.compare.contrasts import Contrast, by_group, contrasts, harm, table
from experiments.statistics import paired
from experiments.statistics.differences import order_of
from experiments.statistics.paired import paired_interval, simultaneous_level
from sim.outcomes.catalogue import OUTCOMES, PRIMARY

LONELINESS, BURDEN, IDENTITY, TALKS = (OUTCOMES[n] for n in (*PRIMARY, "talks"))
NAN = math.nan


def stream(key: int) -> np.random.Generator:
    """Return a fixed stream."""
    return np.random.Generator(np.random.Philox(key))


def runs(**columns: dict[str, Any]) -> pd.DataFrame:
    """Return a frame of values: scenario -> outcome -> a number for each replicate."""
    return pd.concat(
        pd.DataFrame({"scenario": scenario, "replicate": range(len(next(iter(c.values())))), **c})
        for scenario, c in columns.items()
    )


def one(base: Any, other: Any, outcome: Any = LONELINESS, spread: float = 10.0) -> Contrast:
    """Return the contrast of an outcome between two scenarios."""
    frame = runs(base={outcome.name: base}, other={outcome.name: other})
    [contrast] = contrasts(frame, [outcome], {outcome.name: spread})
    return contrast


def test_difference_and_interval_are_those_of_the_pairs():
    g = stream(1)
    base = g.normal(50, 5, 30)
    other = base + g.normal(-1, 2, 30)
    found = one(base, other)
    assert (found.low, found.high) == pytest.approx(paired_interval(other - base))
    assert found.difference == pytest.approx(np.mean(other) - np.mean(base))
    assert (found.base_mean, found.other_mean) == pytest.approx((np.mean(base), np.mean(other)))
    assert (found.n, found.differ, found.dropped, found.scenario, found.base) == (30, 30, 0, "other", "base")
    assert found.effect_sd == pytest.approx((np.mean(other) - np.mean(base)) / 10.0)
    assert found.share_better == np.mean(other < base)


def test_pairs_are_made_by_replicate_and_not_by_row():
    g = stream(2)
    base = g.normal(50, 5, 12)
    frame = runs(a={"burden": base}, b={"burden": base + np.arange(12.0)})
    mixed = pd.concat([frame.iloc[:1], frame.iloc[1:].sample(frac=1.0, random_state=3)])
    spreads = {"burden": 10.0}
    assert contrasts(mixed, [BURDEN], spreads) == contrasts(frame, [BURDEN], spreads)
    assert contrasts(frame, [BURDEN], spreads)[0].difference == pytest.approx(5.5)


@pytest.mark.parametrize(
    ("outcome", "shift", "expected"),
    [
        (LONELINESS, -3, "better"), (LONELINESS, 3, "worse"), (IDENTITY, 3, "better"), (IDENTITY, -3, "worse"),
        (TALKS, 3, "higher"), (TALKS, -3, "lower"), (LONELINESS, 0.05, "no clear difference"),
        (TALKS, 0.05, "no clear difference"),
    ],
)  # fmt: skip
def test_the_verdict_follows_the_direction_and_the_interval(outcome, shift, expected):
    wobble = np.tile([-1.0, 1.0], 10)
    assert one(np.arange(20.0), np.arange(20.0) + shift + wobble, outcome).verdict == expected


def test_a_missing_side_drops_the_pair_and_is_no_zero():
    frame = runs(a={"burden": [1.0, 2.0, 3.0, NAN, 5.0]}, b={"burden": [2.0, 4.0, np.inf, 9.0, 8.0]})
    frame = frame[~((frame["scenario"] == "b") & (frame["replicate"] == 4))]
    [found] = contrasts(frame, [BURDEN], {})
    assert (found.n, found.dropped) == (2, 3)
    assert found.difference == 1.5  # (1 + 2) / 2
    assert found.base_mean == 1.5
    assert math.isnan(found.effect_sd)


def ends(found: Contrast) -> list[float]:
    """Return the ends of the interval and of the simultaneous interval."""
    return [found.low, found.high, found.low_simultaneous, found.high_simultaneous]


def test_in_ten_equal_pairs_no_difference_is_seen():
    found = one(np.arange(10.0), np.arange(10.0))
    assert (found.verdict, found.difference, found.differ) == ("no difference seen", 0.0, 0)
    assert (found.pairing, found.share_better) == (math.inf, 0.5)
    assert all(math.isnan(end) for end in ends(found))


def test_a_constant_difference_has_a_direction_and_no_interval():
    base = np.geomspace(0.1, 50.0, 12)
    found = one(base, base + 0.3)  # the differences differ by rounding
    assert all(math.isnan(end) for end in ends(found))
    assert (found.verdict, found.pairing) == ("worse", math.inf)


def test_two_equal_differences_claim_nothing():
    found = one([10.0, 20.0], [9.0, 19.0])
    assert found.verdict == "too few to say"
    assert all(math.isnan(end) for end in ends(found))


def test_a_rare_difference_has_neither_interval_nor_direction():
    base = np.arange(40.0)
    found = one(base, base - (base < 9))
    assert (found.verdict, found.differ, found.n) == ("too rare to say", 9, 40)
    assert all(math.isnan(end) for end in ends(found))


def test_rounding_alone_is_no_difference():
    base = np.linspace(0.1, 30.3, 10)
    assert one(base, base * (1 + 1e-15)).verdict == "no difference seen"


def test_one_pair_has_no_interval_and_no_verdict():
    found = one([50.0], [40.0])
    assert found.difference == -10.0
    assert found.verdict == "too few to say"
    numbers = (found.low, found.high, found.low_simultaneous, found.high_simultaneous, found.pairing)
    assert all(math.isnan(number) for number in numbers)


def test_no_pair_at_all():
    found = one([NAN, 1.0], [1.0, NAN])
    assert (found.n, found.dropped, found.verdict) == (0, 2, "not known")
    assert math.isnan(found.difference)
    assert math.isnan(found.share_better)


def test_ties_count_half_and_a_neutral_outcome_has_no_better():
    assert one([1.0, 1.0, 1.0, 1.0], [0.0, 1.0, 2.0, 2.0]).share_better == (1 + 0.5) / 4
    assert math.isnan(one([1.0, 2.0], [0.0, 1.5], TALKS).share_better)


def test_pairing_is_the_gain_over_other_seeds():
    g = stream(4)
    base = g.normal(50, 5, 15)
    other = base + g.normal(-1, 2, 15)
    n, covariance = 15, np.cov(base, other)[0, 1]
    shifted = np.mean([np.var(np.roll(other, k) - base, ddof=1) for k in range(1, n)])
    expected = (shifted - 2 * covariance / (n - 1)) / np.var(other - base, ddof=1)
    assert one(base, other).pairing == pytest.approx(expected)
    assert expected > 5


def test_pairing_of_runs_that_never_vary_is_not_known():
    assert math.isnan(one([1.0, 1.0], [2.0, 2.0]).pairing)


numbers = st.integers(2, 16).flatmap(lambda n: arrays(float, (2, n), elements=st.integers(-50, 50).map(float)))


@pytest.mark.slow
@given(numbers)
def test_turned_round_everything_turns_round(both):
    here, there = one(both[0], both[1]), one(both[1], both[0])
    assert here.difference == pytest.approx(-there.difference)
    assert (here.low, here.high) == pytest.approx((-there.high, -there.low), nan_ok=True)
    assert here.share_better == pytest.approx(1 - there.share_better)
    assert here.pairing == pytest.approx(there.pairing, nan_ok=True)
    turned = {"better": "worse", "worse": "better"}
    assert here.verdict == turned.get(there.verdict, there.verdict)
    assert here.differ == there.differ


def test_one_contrast_has_the_plain_interval_for_its_simultaneous_one():
    found = one([1.0, 5.0, 3.0, 4.0], [2.0, 4.0, 8.0, 1.0])
    assert (found.low_simultaneous, found.high_simultaneous) == (found.low, found.high)


@pytest.mark.parametrize(("n", "m"), [(4, 2), (6, 5), (9, 3), (64, 8)])
def test_the_level_of_unrelated_differences_is_sidaks(n, m):
    """Studentised means of independent columns are independent, so all m hold with probability (1 - level)^m."""
    columns = np.linalg.qr(np.column_stack([np.ones(n), stream(5).normal(size=(n, m))]))[0][:, 1:]
    assert simultaneous_level(columns) == pytest.approx(1 - 0.95 ** (1 / m), rel=0.06)


def test_the_level_of_the_same_difference_many_times_is_that_of_one():
    column = stream(6).normal(size=(12, 1))
    assert simultaneous_level(column @ np.ones((1, 6))) == pytest.approx(0.05, rel=0.05)


@given(arrays(float, st.tuples(st.integers(2, 8), st.integers(1, 4)), elements=st.integers(-9, 9).map(float)))
def test_the_level_lies_between_bonferronis_and_one_contrasts(differences):
    assert 0.05 / differences.shape[1] <= simultaneous_level(differences) <= 0.05 + 1e-15


def test_gaps_and_columns_that_do_not_vary_are_borne():
    differences = stream(7).normal(size=(20, 4))
    differences[:, 1] = 0.0
    differences[:15, 2] = NAN
    differences[5:, 3] = NAN  # nothing in common with the third
    assert 0.05 / 3 <= simultaneous_level(differences) < 0.04


def test_all_contrasts_of_the_family_hold_together_as_often_as_said(monkeypatch):
    monkeypatch.setattr(paired, "_DRAWS", 4_000)
    g, n, repeats = stream(8), 8, 500
    mix = np.array([[1, 0.5, 0, 0], [0, 1, 0.5, 0], [0, 0, 1, 0.8], [0.3, 0, 0, 1.0]])
    together = alone = 0
    for _ in range(repeats):
        differences = g.normal(size=(n, 4)) @ mix
        t = np.abs(differences.mean(axis=0) / differences.std(axis=0, ddof=1) * n**0.5).max()
        together += t <= stats.t.ppf(1 - simultaneous_level(differences) / 2, n - 1)
        alone += t <= stats.t.ppf(0.975, n - 1)
    assert together / repeats == pytest.approx(0.95, abs=4.5 * (0.95 * 0.05 / repeats) ** 0.5)
    assert alone / repeats < 0.90  # so plain intervals would not do


def three_scenarios() -> pd.DataFrame:
    """Return two policies and three outcomes with related differences."""
    g = stream(9)
    base = g.normal(50, 5, (20, 3))
    shift = g.normal(0, 1, (20, 1))
    columns = {name: base + move + shift + g.normal(0, 1, (20, 3)) for name, move in (("p", -0.8), ("q", 0.2))}
    names = ("loneliness_ucla20", "burden", "talks")
    return runs(
        base=dict(zip(names, base.T, strict=True)),
        **{name: dict(zip(names, array.T, strict=True)) for name, array in columns.items()},
    )


def test_the_family_is_the_primary_outcomes_over_all_policies():
    frame, outcomes = three_scenarios(), [LONELINESS, BURDEN, TALKS]
    found = contrasts(frame, outcomes, {})
    assert [(c.scenario, c.outcome) for c in found] == [(s, o.name) for s in ("p", "q") for o in outcomes]
    ratios = []
    for c in found:
        if c.outcome == "talks":
            assert math.isnan(c.low_simultaneous)
            continue
        ratios.append((c.high_simultaneous - c.low_simultaneous) / (c.high - c.low))
    assert ratios == pytest.approx([ratios[0]] * 4, rel=0.02)  # but for skewness
    bonferroni = stats.t.ppf(1 - 0.05 / 8, 19) / stats.t.ppf(0.975, 19)
    assert 1.1 < ratios[0] < bonferroni
    pd.testing.assert_frame_equal(table(found), table(contrasts(frame, outcomes, {})), check_exact=True)
    wider = contrasts(frame, outcomes, {}, family=[o.name for o in outcomes])
    assert all(math.isfinite(c.low_simultaneous) for c in wider)
    assert wider[0].low_simultaneous < found[0].low_simultaneous


def test_without_a_primary_outcome_all_given_are_the_family():
    found = contrasts(three_scenarios(), [TALKS], {})
    assert all(c.low_simultaneous < c.low for c in found)


def test_a_difference_may_be_clear_alone_and_not_together():
    g = stream(10)
    base = g.normal(0, 1, (10, 3))
    noise = np.linalg.qr(np.column_stack([np.ones(10), g.normal(size=(10, 3))]))[0][:, 1:]
    noise = noise / noise.std(axis=0, ddof=1) * 10**0.5  # standard error 1 each
    other = base + noise + np.array([2.7, 9.0, 0.0])
    frame = runs(a=dict(zip(PRIMARY, base.T, strict=True)), b=dict(zip(PRIMARY, other.T, strict=True)))
    found = contrasts(frame, [LONELINESS, BURDEN, IDENTITY], {})
    assert [c.verdict for c in found] == ["worse by itself", "worse", "no clear difference"]


def test_the_table_has_a_row_a_contrast():
    found = contrasts(three_scenarios(), [LONELINESS, TALKS], {"talks": 4.0})
    frame = table(found)
    assert frame["difference"].tolist() == [c.difference for c in found]
    assert frame["effect_sd"].tolist()[1] == pytest.approx(found[1].difference / 4.0)
    assert list(table([]).columns) == list(frame.columns)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f[f["scenario"] == "base"], "nothing to be compared with"),
        (lambda f: f.drop(columns="burden"), "no column burden"),
        (lambda f: pd.concat([f, f.iloc[[5]]]), "two runs .* scenario base, replicate 5"),
    ],
)  # fmt: skip
def test_frames_that_cannot_be_compared_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        contrasts(change(three_scenarios()), [BURDEN], {})


def test_a_family_of_outcomes_not_given_is_refused():
    with pytest.raises(ValueError, match="burdens cannot be in the family"):
        contrasts(three_scenarios(), [BURDEN], {}, family=["burdens"])


def test_a_base_that_is_not_there_is_refused():
    assert order_of(three_scenarios(), "q") == ["q", "base", "p"]
    with pytest.raises(ValueError, match="no runs of the base r"):
        order_of(three_scenarios(), "r")


def grouped(outcome: str = "burden", pairs: int = 12, **groups: tuple[float, float, float]) -> pd.DataFrame:
    """Return a long frame of two scenarios: group -> users, value in the base, difference; with a small wobble."""
    rows = []
    for k in range(pairs):
        for name, (users, value, difference) in groups.items():
            for scenario, change in (("base", 0.0), ("other", difference + 0.1 * (-1) ** k)):
                rows.append((scenario, k, name, outcome, value + change, users))
    return pd.DataFrame(rows, columns=["scenario", "replicate", "group", "outcome", "value", "users"])


def test_groups_worse_off_come_first():
    frame = grouped(helpers=(30, 40, 2.0), helped=(50, 40, -3.0), mutual=(20, 40, 0.0))
    found = by_group(frame, [BURDEN])
    assert [(g.group, g.verdict) for g in found] == [
        ("helpers", "worse"), ("mutual", "no clear difference"), ("helped", "better"),
    ]  # fmt: skip
    assert found[0].difference == pytest.approx(2.0)
    half = stats.t.ppf(0.975, 11) * np.std([0.1, -0.1] * 6, ddof=1) / 12**0.5
    assert (found[0].low, found[0].high) == pytest.approx((2.0 - half, 2.0 + half))
    assert [g.share_users for g in found] == pytest.approx([0.3, 0.2, 0.5])
    assert [harm(g) for g in found] == pytest.approx([2.0, 0.0, -3.0])


@pytest.mark.parametrize(("outcome", "first"), [(IDENTITY, "helped"), (TALKS, "helped"), (LONELINESS, "helpers")])
def test_worse_depends_on_the_outcome(outcome, first):
    frame = grouped(outcome.name, helpers=(30, 4, 1.0), helped=(50, 4, -1.5))
    assert by_group(frame, [outcome])[0].group == first


def test_small_groups_are_flagged_and_come_last():
    frame = grouped(many=(30, 40, -1.0), few=(0.5, 40, 9.0), seldom=(5, 40, 8.0))
    rare = (frame["group"] == "seldom") & (frame["replicate"] >= 9) & (frame["scenario"] == "other")
    frame.loc[rare, ["value", "users"]] = [NAN, 0.0]
    found = by_group(frame, [BURDEN])
    assert [(g.group, g.flag, g.verdict) for g in found] == [
        ("many", "", "better"),
        ("few", "too few users", "too few to say"),
        ("seldom", "too few pairs", "too few to say"),
    ]
    assert (found[2].n, found[2].dropped) == (9, 3)
    assert found[2].users == pytest.approx(5 * 9 / 12)  # in the scenario where there are fewer
    assert by_group(frame, [BURDEN], few_users=0.1)[0].group == "few"


def test_a_group_the_policy_empties_is_not_interpreted():
    frame = grouped(many=(30, 40, -1.0), gone=(5, 40, 2.0))
    found = by_group(frame[~((frame["group"] == "gone") & (frame["scenario"] == "other"))], [BURDEN])
    assert [(g.group, g.n, g.flag) for g in found] == [("many", 12, ""), ("gone", 0, "too few users")]
    assert table(found)["group"].tolist() == ["many", "gone"]


def many_groups(harmed: int, effect: float) -> pd.DataFrame:
    """Return 20 groups and everybody, of which the first `harmed` are worse off by `effect` standard errors."""
    g, rows = stream(11), []
    noise = np.linalg.qr(np.column_stack([np.ones(30), g.normal(size=(30, 20))]))[0][:, 1:]
    noise *= 30**0.5 / noise.std(axis=0, ddof=1)
    for number in range(21):
        change = (effect if number < harmed else 0.0) + (noise[:, number] if number < 20 else noise[:, 0] - 50.0)
        name = f"group {number}" if number < 20 else "everybody"
        for k in range(30):
            rows += [("base", k, name, "burden", 40.0, 5.0), ("other", k, name, "burden", 40.0 + change[k], 5.0)]
    return pd.DataFrame(rows, columns=["scenario", "replicate", "group", "outcome", "value", "users"])


def test_a_group_worse_off_is_so_among_all_groups():
    """A t of 2.5 (p = .018) excludes 0 by itself and not among 20; a t of 4 (p = .0004) also among 20."""
    rows = {row.group: row.verdict for row in by_group(many_groups(3, 2.5), [BURDEN])}
    assert [rows[f"group {k}"] for k in range(4)] == ["worse by itself"] * 3 + ["no clear difference"]
    rows = {row.group: row.verdict for row in by_group(many_groups(3, 4.0), [BURDEN])}
    assert [rows[f"group {k}"] for k in range(4)] == ["worse"] * 3 + ["no clear difference"]


def test_everybody_and_flagged_groups_do_not_count_among_the_groups():
    frame = many_groups(1, 2.5)
    silent = ~frame["group"].isin(["group 0", "everybody"])
    frame.loc[silent, "users"] = 0.1
    rows = {row.group: row.verdict for row in by_group(frame, [BURDEN])}
    assert rows == {"group 0": "worse", "everybody": "better"} | {f"group {k}": "too few to say" for k in range(1, 20)}
