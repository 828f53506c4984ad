"""Orders of scenarios over draws: against simulated truth, scipy's rank correlation and chance alone."""

import math
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from experiments.statistics import orders
from experiments.statistics.orders import rank_correlations, ranking
from experiments.statistics.verdict import corrected
from tests.statistics.drawn_runs import frame, stream


def at_default(**values: list[float]) -> pd.DataFrame:
    """Return runs at the default parameters."""
    return pd.concat(
        pd.DataFrame({"scenario": name, "replicate": range(len(each)), "value": each}) for name, each in values.items()
    )


def turning(draws: int = 40, replicates: int = 4) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return runs in which p beats q where `fade` is above 0.6; both beat the base; `idle` does nothing."""
    g = stream(2)
    fade, idle = g.permutation(np.linspace(0, 1, draws)), g.uniform(size=draws)
    p = -5.0 - (fade - 0.6)[:, None] + g.normal(0, 0.02, (draws, replicates))
    q = np.full((draws, replicates), -5.0) + g.normal(0, 0.02, (draws, replicates))
    rows = frame({"p": p, "q": q}, g.normal(50, 9, (draws, replicates)))
    return rows, pd.DataFrame({"idle": idle, "fade": fade, "fixed": 1.0})


def test_the_parameter_that_turns_the_order_is_found():
    rows, parameters = turning()
    default = at_default(base=[50.0, 51.0, 52.0], p=[44.0, 45.0, 46.1], q=[45.0, 46.0, 47.0])
    found = ranking(rows, default, parameters, "lower")
    assert found.default_order == ("p", "q", "base")
    above = float(np.mean(parameters["fade"] > 0.6))
    assert found.places["scenario"].tolist() == ["p", "q", "base"]
    assert found.places["share_best"].tolist() == pytest.approx([above, 1 - above, 0.0], abs=0.051)
    assert found.places["mean_place"].sum() == pytest.approx(6.0)
    assert found.places["mean_place"].iloc[2] == 3.0
    assert found.share_differs == pytest.approx(1 - above, abs=0.051)
    assert found.share_by_chance == 0.0
    assert found.p < 0.001
    [flip] = found.flips
    assert (flip.first, flip.second, flip.parameter) == ("q", "p", "fade")
    assert flip.share_reversed == pytest.approx(above, abs=0.051)
    assert flip.correlation > 0.98
    assert flip.p_among < 0.001
    [together] = ranking(rows, default, parameters, "lower", 3).flips
    assert together.p_among == pytest.approx(3 * flip.p_among)
    assert found.flip_table()["parameter"].tolist() == ["fade"]


def test_the_order_of_the_columns_of_a_mapping_or_of_rows_does_not_matter():
    rows, parameters = turning()
    default = at_default(base=[50.0, 51.0], p=[44.0, 45.0], q=[45.0, 46.0])
    plain = ranking(rows, default, parameters, "lower")
    turned = ranking(rows, default, {name: parameters[name].to_numpy() for name in ("fade", "idle")}, "lower")
    assert turned.flips == plain.flips
    assert ranking(rows, default, parameters.sample(frac=1.0, random_state=1), "lower").flips == plain.flips


def test_nothing_is_reported_when_nothing_separates_the_draws():
    g = stream(3)
    rows = frame({"p": g.normal(-1, 1, (30, 3)), "q": g.normal(-1, 1, (30, 3))})
    parameters = {name: g.uniform(size=30) for name in "abcd"}
    found = ranking(rows, at_default(base=[0.0, 0.0], p=[-1.0, -1.0], q=[-2.0, -2.0]), parameters, "lower")
    assert {frozenset((flip.first, flip.second)) for flip in found.flips} >= {frozenset("pq")}
    assert [flip.parameter for flip in found.flips] == [""] * len(found.flips)
    assert all(flip.p_among >= flip.p for flip in found.flips)


@pytest.mark.parametrize("studies", [12, pytest.param(150, marks=pytest.mark.long)])
def test_pure_noise_seldom_names_a_parameter_in_any_outcome(studies, monkeypatch):
    """8 scenarios, 60 parameters, 3 outcomes, no effect: a correction over parameters alone names some in 8 of 12."""
    monkeypatch.setattr(orders, "_PERMUTATIONS", 999)
    monkeypatch.setattr(orders, "_RESAMPLES", 200)
    g, named, names = stream(6), 0, [f"p{k}" for k in range(7)]
    for _ in range(studies):
        parameters = {f"x{k}": g.uniform(size=40) for k in range(60)}
        default = at_default(base=[0.0] * 4, **{name: list(g.standard_normal(4)) for name in names})
        flips = []
        for _ in range(3):
            rows = frame({name: g.standard_normal((40, 2)) for name in names}, g.standard_normal((40, 2)))
            flips += ranking(rows, default, parameters, "lower", 3).flips
        named += any(flip.parameter for flip in flips)
    assert named / studies <= 0.05 + 3.5 * (0.05 * 0.95 / studies) ** 0.5


def test_the_false_alarms_are_as_few_as_the_correction_says(monkeypatch):
    """With nothing to find, one study of twenty names a parameter, although there are fifteen tests to choose from."""
    monkeypatch.setattr(orders, "_PERMUTATIONS", 1_999)
    g, named, repeats = stream(4), 0, 200
    for _ in range(repeats):
        named += rank_correlations(g.uniform(size=(15, 5)), g.normal(size=(15, 3)))[2].min() <= 0.05
    assert named / repeats <= 0.05 + 4.5 * (0.05 * 0.95 / repeats) ** 0.5
    assert named / repeats < 1 - 0.95**15  # what uncorrected tests would name


def test_an_order_that_never_turns_has_no_flip():
    rows = frame({"p": np.full((5, 2), -1.0), "q": np.full((5, 2), -2.0)})
    found = ranking(rows, at_default(base=[0.0, 1.0], p=[-1.0, 0.0], q=[-2.0, -1.0]), {"a": np.arange(5.0)}, "lower")
    assert (found.flips, found.share_differs, found.share_by_chance) == ((), 0.0, 0.0)
    assert found.places["share_best"].tolist() == [1.0, 0.0, 0.0]
    turned = ranking(rows, at_default(base=[0.0], p=[-1.0], q=[-2.0]), {"a": np.arange(5.0)}, "higher")
    assert turned.default_order == ("base", "p", "q")


def test_chance_alone_can_turn_an_order():
    """Ahead by 0.1 with standard deviation 1: with one replicate, p falls behind nearly half the time."""
    wobble = stats.norm.ppf((np.arange(200) + 0.5) / 200)
    default = at_default(base=[0.0] * 200, p=list(-0.1 + wobble))
    found = ranking(frame({"p": np.full((3, 1), -1.0)}), default, {"a": np.arange(3.0)}, "lower")
    assert found.share_by_chance == pytest.approx(stats.norm.cdf(-0.1), abs=0.05)
    assert found.share_differs == 0.0


def test_an_order_that_only_chance_turns_is_not_taken_for_one_that_parameters_turn():
    g, draws, replicates = stream(8), 40, 4
    ahead = {"p": np.full((draws, 1), -0.4), "q": np.full((draws, 1), -0.2)}
    said = []
    for _ in range(10):
        noise = {name: g.standard_normal((draws, replicates)) for name in ahead}
        rows = frame({name: effect + noise[name] for name, effect in ahead.items()})
        there = {name: list(effect[0] + g.standard_normal(50)) for name, effect in ahead.items()}
        found = ranking(rows, at_default(base=[0.0] * 50, **there), {"a": np.arange(float(draws))}, "lower")
        said.append(found.p <= 0.05)
        assert all(abs(flip.share_reversed - flip.share_by_chance) < 0.3 for flip in found.flips)
    assert np.mean(said) <= 0.05 + 4.5 * (0.05 * 0.95 / 10) ** 0.5
    split = np.where(np.arange(draws) < draws / 2, -1.4, 0.6)[:, None]  # the same mean, but it depends on the draw
    rows = frame({"p": split + g.standard_normal((draws, replicates))})
    default = at_default(base=[0.0] * 50, p=list(-0.4 + g.standard_normal(50) / 9))
    found = ranking(rows, default, {"a": np.arange(float(draws))}, "lower")
    assert found.share_by_chance == pytest.approx(stats.norm.cdf(-0.4 / 0.5), abs=0.1)
    assert found.share_differs > found.share_by_chance
    assert found.p < 0.01


def test_ties_share_the_first_place():
    rows = frame({"p": np.full((4, 1), -1.0), "q": np.full((4, 1), -1.0)})
    found = ranking(rows, at_default(base=[0.0], p=[-1.0], q=[-1.0]), {"a": np.arange(4.0)}, "lower")
    assert found.places["share_best"].tolist() == [0.5, 0.5, 0.0]
    assert found.places["mean_place"].tolist() == [1.5, 1.5, 3.0]
    assert math.isnan(found.share_by_chance)  # one replicate cannot be resampled


def test_a_draw_without_a_complete_replicate_is_dropped():
    rows, parameters = turning(10, 1)
    broken = rows[~((rows["draw"] == 4) & (rows["scenario"] == "q"))]
    found = ranking(broken, at_default(base=[9.0], p=[1.0], q=[2.0]), parameters, "lower")
    assert (found.draws, found.dropped) == (9, 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"better": "neither"}, "cannot be ranked"),
        ({"default": at_default(base=[0.0], p=[1.0])}, "default parameters: base, p; draws: base, p, q"),
        ({"default": at_default(base=[0.0], p=[1.0], q=[np.nan])}, "no replicate is complete"),
        ({"parameters": {"a": np.arange(39.0)}}, "no parameters of draw 39"),
    ],
)
def test_what_does_not_fit_together_is_refused(change, message):
    rows, parameters = turning()
    default = at_default(base=[0.0], p=[1.0], q=[2.0])
    given_ = {"default": default, "parameters": parameters, "better": "lower", **change}
    with pytest.raises(ValueError, match=message):
        ranking(rows, given_["default"], given_["parameters"], given_["better"])


def test_rank_correlations_are_spearmans():
    g = stream(5)
    x, y = g.integers(0, 6, (25, 3)).astype(float), g.integers(0, 9, 25).astype(float)
    y += x[:, 0]
    [correlations], [p], _ = rank_correlations(x, y[:, None])
    for k in range(3):
        expected = stats.spearmanr(x[:, k], y)
        assert correlations[k] == pytest.approx(expected.statistic)
        assert p[k] == pytest.approx(expected.pvalue, abs=0.03)


def test_the_permutation_p_is_the_share_of_all_permutations():
    x, y = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([2.0, 1.0, 3.0, 5.0, 4.0])
    every = [abs(np.corrcoef(x, order)[0, 1]) for order in permutations(y)]
    exact = np.mean(np.array(every) >= abs(np.corrcoef(x, y)[0, 1]) - 1e-12)
    assert rank_correlations(x[:, None], y[:, None])[1][0, 0] == pytest.approx(
        exact, abs=4.5 * (exact * (1 - exact) / 9999) ** 0.5
    )


def test_holms_correction_by_hand():
    assert corrected(np.array([0.04, 0.01, 0.03])) == pytest.approx([0.06, 0.03, 0.06])
    assert corrected(np.array([0.6, 0.9])) == pytest.approx([1.0, 1.0])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_never_lowers_a_p_and_is_never_above_bonferroni(p):
    raised = corrected(np.array(p))
    assert np.all(raised >= np.array(p))
    assert np.all(raised <= np.minimum(1.0, len(p) * np.array(p)) + 1e-12)
