"""Sensitivity: known indices of test functions, failed runs, replicate noise and outcomes that do not vary."""

import numpy as np
import pandas as pd
import pytest

from experiments.designs.factor import Factor, factors
from experiments.designs.points import DesignError
from experiments.sensitivity import indices as sensitivity
from experiments.sensitivity.designs import sample
from experiments.sensitivity.formulas import slices_for
from tests.sensitivity.sensitivity_cases import ISHIGAMI, linear, of, runs

pytest.importorskip("SALib")

A, B = 7.0, 0.1
VARIANCE = A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18 + 0.5
V1, V2, V13 = 0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8, B**2 * np.pi**8 * (1 / 18 - 1 / 50)


def ishigami(points):
    x = points[["x1", "x2", "x3"]].to_numpy()
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


@pytest.fixture(scope="module")
def saltelli():
    return sample(ISHIGAMI, "sobol", 1024, 3)


def test_sobol_finds_the_indices_of_ishigami(saltelli):
    found = sensitivity.sobol(ISHIGAMI, saltelli, runs(saltelli, ishigami(saltelli), 2), resamples=100)
    first, total, pairs = of(found, "S1"), of(found, "ST"), of(found, "S2")
    for name, share in {"x1": V1, "x2": V2, "x3": 0.0}.items():
        assert first[name].value == pytest.approx(share / VARIANCE, abs=0.03)
    for name, share in {"x1": V1 + V13, "x2": V2, "x3": V13}.items():
        assert total[name].value == pytest.approx(share / VARIANCE, abs=0.03)
        assert total[name].low < share / VARIANCE < total[name].high
    assert pairs["x1", "x3"].value == pytest.approx(V13 / VARIANCE, abs=0.06)
    assert pairs["x1", "x2"].value == pytest.approx(0.0, abs=0.06)
    assert pairs["x1", "x3"].clear
    assert not first["x3"].clear
    assert total["x3"].clear
    assert found.ranked("y", "ST")["factor"].tolist() == ["x1", "x2", "x3"]
    assert found.outcomes.loc[0, ["blocks", "dropped", "used"]].tolist() == [1024, 0, 1024]
    with pytest.raises(KeyError, match="no index 'S3'"):
        found.ranked("y", "S3")


def test_sobol_finds_the_indices_of_the_g_function():
    a = np.array([0.0, 1.0, 4.5, 9.0])
    problem = [Factor(f"x{k}", 0.0, 1.0) for k in range(4)]
    points = sample(problem, "sobol without pairs", 1024, 0)
    x = points.drop(columns="point").to_numpy()
    found = sensitivity.sobol(
        problem, points, runs(points, ((np.abs(4 * x - 2) + a) / (1 + a)).prod(axis=1)), resamples=50
    )
    own = 1 / 3 / (1 + a) ** 2
    variance = np.prod(1 + own) - 1
    total = own * np.prod(1 + own) / (1 + own) / variance
    assert [row.value for row in of(found, "S1").values()] == pytest.approx(own / variance, abs=0.03)
    assert [row.value for row in of(found, "ST").values()] == pytest.approx(total, abs=0.03)
    assert of(found, "S2") == {}


def test_a_failed_run_takes_its_block_with_it_and_widens_the_intervals(saltelli):
    whole = runs(saltelli, ishigami(saltelli), replicates=2, noise=0.1)
    stream = np.random.Generator(np.random.Philox(8))
    broken = whole.copy()
    broken.loc[stream.choice(len(whole), 700, replace=False), "y"] = np.nan
    broken = broken.drop(index=stream.choice(len(whole), 100, replace=False))  # never came back at all
    full, less = (sensitivity.sobol(ISHIGAMI, saltelli, each, resamples=200) for each in (whole, broken))
    lost = set(saltelli["point"]) - set(broken.dropna().groupby("point").filter(lambda rows: len(rows) == 2)["point"])
    blocks = {point // 8 for point in lost}
    assert 300 < len(blocks) < 700
    assert less.outcomes.loc[0, "dropped"] == len(blocks)
    assert less.outcomes.loc[0, "used"] == 1024 - len(blocks)
    for name, row in of(less, "ST").items():
        assert row.value == pytest.approx(of(full, "ST")[name].value, abs=0.08)
        assert row.value != 0.0
    wide, narrow = (np.mean([row.high - row.low for row in of(found, "ST").values()]) for found in (less, full))
    assert wide > 1.1 * narrow


def test_too_few_complete_blocks_are_an_error():
    points = sample(ISHIGAMI, "sobol", 32, 1)
    results = runs(points, ishigami(points))
    results.loc[results["point"] % 16 == 5, "y"] = np.nan  # a run of every other block
    assert sensitivity.sobol(ISHIGAMI, points, results, resamples=10).outcomes.loc[0, "used"] == 16
    results.loc[results["point"] == 8, "y"] = np.nan
    expected = "y: 15 of 32 base points are complete, Sobol' indices take at least 16; 17 were dropped"
    with pytest.raises(DesignError, match=expected):
        sensitivity.sobol(ISHIGAMI, points, results)


@pytest.mark.parametrize("kind", ["sobol", "morris", "latin"])
def test_an_outcome_that_does_not_vary_has_no_indices(kind):
    points = sample(ISHIGAMI, kind, 64, 1)
    method = {"sobol": sensitivity.sobol, "morris": sensitivity.morris, "latin": sensitivity.pawn}[kind]
    found = method(ISHIGAMI, points, runs(points, np.full(len(points), 0.3), replicates=2), resamples=10)
    assert found.indices[["value", "low", "high"]].isna().all(axis=None)
    assert found.convergence["value"].isna().all()
    assert not found.indices["clear"].any()
    assert not found.outcomes.loc[0, "varies"]


def test_the_share_of_replicate_noise_is_found_and_total_indices_are_judged_by_it(saltelli):
    sd = (VARIANCE / 2) ** 0.5  # of one run; of the mean of 4 a ninth of the whole variance
    results = runs(saltelli, ishigami(saltelli), replicates=4, noise=sd)
    found = sensitivity.sobol(ISHIGAMI, saltelli, results, resamples=200)
    share = 0.125 / 1.125
    assert found.outcomes.loc[0, "noise_share"] == pytest.approx(share, abs=0.01)
    assert found.outcomes.loc[0, "noise_variance"] == pytest.approx(VARIANCE / 8, rel=0.05)
    assert (found.indices["noise_share"] == found.outcomes.loc[0, "noise_share"]).all()
    total = of(found, "ST")
    assert [row.noise for row in total.values()] == pytest.approx([share] * 3, abs=0.01)
    assert total["x3"].value == pytest.approx(V13 / VARIANCE * (1 - share) + share, abs=0.04)
    assert of(found, "S1")["x1"].value == pytest.approx(V1 / VARIANCE * (1 - share), abs=0.04)


def test_a_factor_that_does_nothing_is_not_clear_though_noise_lifts_its_total_index():
    problem = [*ISHIGAMI, Factor("idle", 0.0, 1.0)]
    points = sample(problem, "sobol without pairs", 512, 2)
    results = runs(points, ishigami(points), replicates=3, noise=3.0)
    total = of(sensitivity.sobol(problem, points, results, resamples=200), "ST")
    assert total["idle"].value > 0.1
    assert not total["idle"].clear
    assert total["x1"].clear


def test_indices_converge_over_the_first_quarter_half_and_all_blocks(saltelli):
    found = sensitivity.sobol(ISHIGAMI, saltelli, runs(saltelli, ishigami(saltelli)), resamples=10).convergence
    assert sorted(found["blocks"].unique()) == [256, 512, 1024]
    last = found[(found["blocks"] == 1024) & (found["index"] == "S1")].set_index("factor")["value"]
    quarter = saltelli[: 256 * 8]
    alone = sensitivity.sobol(ISHIGAMI, quarter, runs(quarter, ishigami(quarter)), resamples=10)
    first = found[(found["blocks"] == 256) & (found["index"] == "S1")].set_index("factor")["value"]
    assert first.to_dict() == pytest.approx({name: row.value for name, row in of(alone, "S1").items()})
    assert last.to_dict() != pytest.approx(first.to_dict())


def test_what_a_factor_does_under_one_seed_only_is_not_called_clear():
    """All points share the seeds: x1 acts in one replicate, and in two nothing acts."""
    points = sample(ISHIGAMI, "latin", 300, 1)
    results = runs(points, np.zeros(len(points)), replicates=3)
    results.loc[results["replicate"] == 1, "y"] = np.sin(points["x1"]).to_numpy()
    found = sensitivity.pawn(ISHIGAMI, points, results, resamples=100)
    assert found.outcomes.loc[0, "noise_share"] == pytest.approx(1.0)
    assert not found.outcomes.loc[0, "tellable"]
    row = of(found, "PAWN")["x1"]
    assert row.value > 5.0 * row.noise
    assert not row.clear
    assert row.high - row.low > 4.0 * row.spread  # two resamples in three of two seeds hold the one that acts


def test_replicates_that_agree_leave_an_effect_clear_however_far_they_lie_apart():
    points = sample(ISHIGAMI, "latin", 300, 1)
    results = runs(points, np.sin(points["x1"]).to_numpy(), replicates=3, noise=0.1)
    found = sensitivity.pawn(ISHIGAMI, points, results.assign(y=results["y"] + 50.0 * results["replicate"]))
    assert found.outcomes.loc[0, "noise_share"] < 0.05
    assert of(found, "PAWN")["x1"].clear
    assert not of(found, "PAWN")["x3"].clear


@pytest.mark.parametrize("kind", ["sobol", "morris", "latin"])
def test_a_shift_that_all_points_of_a_replicate_share_is_no_noise(kind):
    points = sample(ISHIGAMI, kind, 64, 1)
    method = {"sobol": sensitivity.sobol, "morris": sensitivity.morris, "latin": sensitivity.pawn}[kind]
    alone = runs(points, linear(points).to_numpy(), replicates=4, noise=0.5)
    shifted = alone.assign(y=alone["y"] + 1_000.0 * alone["replicate"] ** 2)
    one, other = (method(ISHIGAMI, points, each, resamples=50) for each in (alone, shifted))
    facts = ["variance", "noise_variance", "noise_share", "tellable"]
    assert other.outcomes.loc[0, facts].tolist() == pytest.approx(one.outcomes.loc[0, facts].tolist(), rel=1e-6)
    assert 0.0 < one.outcomes.loc[0, "noise_share"] < 0.1
    assert other.indices["clear"].tolist() == one.indices["clear"].tolist()


def test_noise_of_runs_that_share_nothing_is_found_at_its_size():
    """Blocks of several points with independent noise only: its variance over the replicates is everything."""
    points = sample(ISHIGAMI, "morris", 100, 1)
    found = sensitivity.morris(ISHIGAMI, points, runs(points, np.zeros(len(points)), 4, noise=2.0), resamples=20)
    assert found.outcomes.loc[0, "noise_variance"] == pytest.approx(1.0, rel=0.1)
    assert 0.9 < found.outcomes.loc[0, "noise_share"] <= 1.0
    assert not found.indices["clear"].any()


@pytest.mark.parametrize("kind", ["sobol", "morris", "latin"])
def test_with_one_replicate_nothing_is_called_clear(kind):
    points = sample(ISHIGAMI, kind, 64, 1)
    method = {"sobol": sensitivity.sobol, "morris": sensitivity.morris, "latin": sensitivity.pawn}[kind]
    one, two = (method(ISHIGAMI, points, runs(points, linear(points).to_numpy(), n), resamples=50) for n in (1, 2))
    assert not one.indices["clear"].any()
    assert not one.outcomes.loc[0, "tellable"]
    assert two.indices["clear"].any()
    assert one.indices["value"].tolist() == pytest.approx(two.indices["value"].tolist(), nan_ok=True)


@pytest.mark.parametrize(
    ("kind", "n", "said"),
    [
        ("morris", 3, "y: the design has 3 trajectories, Morris' method takes at least 4$"),
        ("sobol", 8, "y: the design has 8 base points, Sobol' indices take at least 16$"),
        ("latin", 4, "y: the design has 4 points, PAWN takes at least 50$"),
    ],
)
def test_a_small_design_is_told_in_the_words_of_its_method(kind, n, said):
    points = sample(ISHIGAMI, kind, n, 1)
    method = {"sobol": sensitivity.sobol, "morris": sensitivity.morris, "latin": sensitivity.pawn}[kind]
    with pytest.raises(DesignError, match=said):
        method(ISHIGAMI, points, runs(points, ishigami(points), 2))


def test_pawn_sees_a_factor_that_acts_on_the_spread_alone():
    points = sample(ISHIGAMI, "latin", 1500, 4)
    found = of(sensitivity.pawn(ISHIGAMI, points, runs(points, ishigami(points), 2), resamples=50), "PAWN")
    assert found["x1"].clear
    assert found["x2"].clear
    assert found["x3"].clear
    assert found["x2"].value > found["x3"].value
    both = [*ISHIGAMI, Factor("idle", 0.0, 1.0)]
    more = sample(both, "latin", 1500, 5)
    idle = of(sensitivity.pawn(both, more, runs(more, ishigami(more), 2), resamples=50), "PAWN")["idle"]
    assert not idle.clear
    assert idle.value == pytest.approx(idle.noise, rel=0.5)


def test_pawn_is_that_of_salib_and_does_not_change_with_the_scale_of_the_outcome():
    from SALib.analyze import pawn as salib

    points = sample(ISHIGAMI, "latin", 1000, 4)
    values = ishigami(points)
    theirs = salib.analyze(
        {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[0, 1]] * 3},
        points.iloc[:, 1:].to_numpy(),
        values,
        S=10,
    )
    found = [sensitivity.pawn(ISHIGAMI, points, runs(points, each), resamples=5) for each in (values, np.exp(values))]
    assert [row.value for row in of(found[0], "PAWN").values()] == pytest.approx(theirs["median"], abs=0.005)
    assert found[0].indices["value"].tolist() == found[1].indices["value"].tolist()


def test_pawn_leaves_out_only_the_points_that_failed():
    points = sample(ISHIGAMI, "latin", 400, 4)
    results = runs(points, ishigami(points))
    results.loc[:99, "y"] = np.nan
    found = sensitivity.pawn(ISHIGAMI, points, results, resamples=5)
    assert found.outcomes.loc[0, ["dropped", "used"]].tolist() == [100, 300]


@pytest.mark.parametrize("kind", ["morris", "sobol", "sobol without pairs", "latin"])
def test_designs_are_the_same_every_time_and_differ_by_seed(kind):
    problem = [*ISHIGAMI, Factor("n", 1, 5, whole=True)]
    zero, again, one = (sample(problem, kind, 16, seed) for seed in (0, 0, 1))
    pd.testing.assert_frame_equal(zero, again)
    assert not zero.equals(one)
    assert len(zero) == {"morris": 80, "sobol": 160, "sobol without pairs": 96, "latin": 16}[kind]
    assert (zero["n"] == zero["n"].round()).all()
    assert zero["n"].between(1, 5).all()


def test_the_same_numbers_always_give_the_same_intervals(saltelli):
    results = runs(saltelli, ishigami(saltelli), replicates=2, noise=1.0)
    first, second = (sensitivity.sobol(ISHIGAMI, saltelli, results, resamples=20) for _ in range(2))
    pd.testing.assert_frame_equal(first.indices, second.indices)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p, r: (p.sample(frac=1, random_state=1), r), "not in the order of a Sobol' design"),
        (lambda p, r: (p[:-1], r[:-1]), "not in the order of a Sobol' design"),
        (lambda p, r: (p.rename(columns={"x2": "z"}), r), "no column 'x2'"),
        (lambda p, r: (p, pd.concat([r, r[:1]])), "replicate 0 of point 0 is there twice"),
        (lambda p, r: (p, r.assign(point=r["point"] + 1)), "which is not in the design"),
        (lambda p, r: (p, r[["point", "replicate"]]), "no column of an outcome"),
        (lambda p, r: (p, r[["point", "y"]]), "no column 'replicate'"),
        (lambda p, r: (p.assign(point=0), r), "point 0 is there twice"),
        (lambda p, r: (p.assign(x1=np.nan), r), "is no number"),
    ],
)
def test_points_and_results_that_do_not_fit_are_refused(change, message):
    points = sample(ISHIGAMI, "sobol", 32, 1)
    with pytest.raises(DesignError, match=message):
        sensitivity.sobol(ISHIGAMI, *change(points, runs(points, ishigami(points))))


def test_designs_that_cannot_be_are_refused():
    with pytest.raises(DesignError, match="found 10, allowed is a power of 2, such as 8 or 16"):
        sample(ISHIGAMI, "sobol", 10, 1)
    with pytest.raises(DesignError, match="found the kind 'halton'"):
        sample(ISHIGAMI, "halton", 16, 1)
    with pytest.raises(DesignError, match="allowed is low below high"):
        sample([ISHIGAMI[0], Factor("x", 1.0, 1.0)], "latin", 16, 1)
    with pytest.raises(DesignError, match="'x1' is there twice"):
        sample([ISHIGAMI[0]] * 2, "latin", 16, 1)
    points = sample(ISHIGAMI, "latin", 64, 1)
    with pytest.raises(DesignError, match="not in the order of a Morris design"):
        sensitivity.morris(ISHIGAMI, points, runs(points, ishigami(points)))


def test_parameters_of_the_model_become_factors():
    from sim.scenario.schema.scenario import RULE_PARAMETERS

    found = factors(RULE_PARAMETERS)
    assert len(found) > 20
    by_path = {p.path: p for p in RULE_PARAMETERS}
    assert all((f.low, f.high) == by_path[f.path].quantity.plausible for f in found)
    assert sample(found, "morris", 2, 0).shape == (2 * (len(found) + 1), len(found) + 1)


@pytest.mark.parametrize("kind", ["morris", "sobol"])
def test_the_seed_0_is_a_seed_like_another(kind):
    """SALib takes the number 0 for "no seed" and draws from the operating system."""
    first, again = (sample([Factor("a", 0.0, 1.0), Factor("b", 0.0, 1.0)], kind, 8, 0) for _ in range(2))
    assert first.equals(again)


@pytest.mark.parametrize("kind", ["morris", "sobol without pairs"])
def test_noise_that_common_seeds_cancel_is_not_counted(kind):
    """Every replicate shifts all points alike, so differences between points have no noise."""
    points = sample(ISHIGAMI, kind, 64, 4)
    method, index = (sensitivity.morris, "mu_star") if kind == "morris" else (sensitivity.sobol, "ST")
    results = runs(points, linear(points).to_numpy(), 3)
    shifted = results.assign(y=results["y"] + 5.0 * results["replicate"])
    own = runs(points, linear(points).to_numpy(), 3, noise=5.0)
    for each, wanted in ((shifted, [0.0] * 3), (own, None)):
        noise = [row.noise for row in of(method(ISHIGAMI, points, each, resamples=20), index).values()]
        assert noise == pytest.approx(wanted) if wanted else min(noise) > 0.1


def test_slices_of_pawn_can_be_set():
    """By hand: a step in the middle lies 0.5 from the whole in each of two slices; of three, one has both."""
    points = pd.DataFrame({"point": range(60), "a": np.arange(60) / 59.0, "b": np.tile([0.0, 1.0], 30)})
    axes = [Factor("a", 0.0, 1.0), Factor("b", 0.0, 1.0)]
    results = runs(points, (points["a"] > 0.5).to_numpy(float))
    by_slices = {
        number: of(sensitivity.pawn(axes, points, results, resamples=5, slices=number), "PAWN")["a"].value
        for number in (2, 3, None)
    }
    assert by_slices[2] == pytest.approx(0.5)
    assert by_slices[3] == pytest.approx(0.5)  # the median of 0.5, 0 and 0.5
    assert by_slices[None] == by_slices[3]
    more = sensitivity.pawn(axes, points, runs(points, points["a"].to_numpy(float) % 0.25), resamples=5, slices=8)
    assert of(more, "PAWN")["a"].value > 0.4
    for number in (1, 13):
        with pytest.raises(DesignError, match=f"slices: found {number}, allowed is 2 to 12 for 60 points"):
            sensitivity.pawn(axes, points, results, slices=number)


@pytest.mark.parametrize(("points", "slices"), [(50, 2), (79, 3), (200, 10), (5000, 10)])
def test_there_are_ten_slices_unless_they_would_hold_few_points(points, slices):
    assert slices_for(points) == slices
