"""ABC-SMC: a posterior known in closed form, the same in every way of running it."""

import math
import os
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from experiments.calibration.posterior.inference import distance, infer
from experiments.calibration.posterior.model import beside_targets, predictive_attempts
from experiments.calibration.posterior.particles import prior_variance, values_at, weighted_quantiles
from experiments.calibration.posterior.schedule import Schedule, as_ranges
from experiments.designs.factor import Factor
from experiments.runs import LostWorkerError
from experiments.runs.executors import InProcess
from experiments.runs.executors.pool import ProcessPool
from experiments.statistics.ranges import Range
from tests.calibration.noisy import NOISE, ONE, TWO, noisy, stream

SEEN = (Range("x", 0.28, 0.32),)
FINE = Schedule(particles=300, generations=12, least_tolerance=0.75)


def predictive(posterior, *given, **settings):
    """Set draws from a posterior, run under fresh seeds, beside each target."""
    return beside_targets(posterior.targets, predictive_attempts(posterior, *given, **settings)[0])


def failing(values, seed):
    """Return nothing for large values."""
    if values["rules.x"] > 0.5:
        return {}
    return noisy(values, seed) if seed % 3 else {"x": float("nan")}


@pytest.fixture(scope="module")
def posterior():
    return infer(noisy, ONE, SEEN, FINE, seed=1)


def test_the_posterior_is_the_one_known_in_closed_form(posterior):
    law = stats.truncnorm((0 - 0.3) / NOISE, (1 - 0.3) / NOISE, 0.3, NOISE)
    [row] = posterior.summary().to_dict("records")
    assert row["mean"] == pytest.approx(law.mean(), abs=0.02)
    assert row["sd"] == pytest.approx(law.std(), rel=0.15)
    assert row["q05"] == pytest.approx(law.ppf(0.05), abs=0.04)
    assert row["q95"] == pytest.approx(law.ppf(0.95), abs=0.04)
    assert row["narrowed"] == pytest.approx(1 - law.var() * 12, abs=0.05)
    assert "is reached" in posterior.stopped


def test_the_tolerance_falls_and_every_particle_lies_within(posterior):
    tolerances = [g.tolerance for g in posterior.generations]
    assert math.isinf(tolerances[0])
    assert tolerances[-1] == 0.75
    assert all(later < earlier for earlier, later in pairwise(tolerances))
    for g in posterior.generations:
        assert (g.distances <= g.tolerance).all()
        assert g.weights.sum() == pytest.approx(1.0)
        assert ((g.shares >= 0.0) & (g.shares <= 1.0)).all()
        expected = [distance({"x": value}, SEEN) for value in g.statistics[:, 0]]
        assert g.distances == pytest.approx(expected)
    history = posterior.history()
    assert (history["attempts"] >= 300).all()
    assert history["effective"].between(1, 300 + 1e-9).all()
    assert history["effective"].iloc[-1] > 100


def test_weights_make_good_for_where_proposals_come_from(posterior):
    """By hand: prior over the density of the mixture of normals from which the particles were drawn."""
    before, last = posterior.generations[-2:]
    x, w = before.shares[:, 0], before.weights
    variance = 2.0 * (w @ (x - w @ x) ** 2) / (1.0 - (w**2).sum()) + 1e-10
    density = np.array([w @ stats.norm.pdf(one, x, variance**0.5) for one in last.shares[:, 0]])
    assert last.weights == pytest.approx(1.0 / density / (1.0 / density).sum())


def same(one, two):
    assert len(one.generations) == len(two.generations)
    for a, b in zip(one.generations, two.generations, strict=True):
        assert a.tolerance == b.tolerance
        assert a.attempts == b.attempts
        for name in ("shares", "weights", "distances", "statistics"):
            assert np.array_equal(getattr(a, name), getattr(b, name))


SHORT = Schedule(particles=60, generations=4, least_tolerance=0.5)
BOTH = (Range("x", 0.2, 0.4), Range("y", 0.8, 1.2))


@pytest.mark.slow
def test_the_posterior_does_not_depend_on_the_workers_nor_on_when_it_is_computed():
    alone, crowd = (infer(noisy, TWO, BOTH, SHORT, seed=3, workers=w) for w in (InProcess(), ProcessPool(2)))
    same(alone, crowd)
    np.random.seed(1)  # noqa: NPY002 the global generator must not matter
    same(alone, infer(noisy, TWO, BOTH, SHORT, seed=3))
    other = infer(noisy, TWO, BOTH, SHORT, seed=4)
    assert not np.array_equal(other.generations[0].shares, alone.generations[0].shares)


def dying(folder, times, values, seed):
    """End the process at a certain attempt, this many times."""
    before = len(list(folder.glob("died-*")))
    if values["rules.x"] > 0.97 and before < times:
        (folder / f"died-{before}").touch()
        os._exit(9)
    return noisy(values, seed)


@pytest.mark.slow
def test_the_posterior_does_not_depend_on_a_worker_that_died(tmp_path):
    pool = ProcessPool(2, report=lambda _: None)
    found = infer(partial(dying, tmp_path, 1), TWO, BOTH, SHORT, seed=3, workers=pool)
    assert (tmp_path / "died-0").exists()
    same(infer(noisy, TWO, BOTH, SHORT, seed=3), found)


@pytest.mark.slow
def test_an_attempt_that_ends_every_worker_stops_the_search_and_is_not_taken_for_a_rejected_one(tmp_path):
    pool = ProcessPool(2, report=lambda _: None)
    with pytest.raises(LostWorkerError, match="a search stops where a run is lost"):
        infer(partial(dying, tmp_path, 1000), TWO, BOTH, SHORT, seed=3, workers=pool)


def stopping(left, values, seed):
    """Stop in the middle of a generation."""
    left.append(seed)
    if len(left) == 200:
        raise KeyboardInterrupt
    return noisy(values, seed)


def test_stopped_it_goes_on_from_the_last_generation_to_the_same_posterior(tmp_path):
    path = tmp_path / "deep" / "abc.json"
    whole = infer(noisy, TWO, BOTH, SHORT, seed=3)
    with pytest.raises(KeyboardInterrupt):
        infer(partial(stopping, []), TWO, BOTH, SHORT, seed=3, checkpoint=path)
    told = []
    resumed = infer(noisy, TWO, BOTH, SHORT, seed=3, checkpoint=path, report=lambda *words: told.append(words[0]))
    same(resumed, whole)
    assert told == list(range(told[0], 4))
    assert told[0] > 0
    assert list(path.parent.iterdir()) == [path]
    same(infer(partial(stopping, [0] * 199), TWO, BOTH, SHORT, seed=3, checkpoint=path), whole)
    longer = infer(noisy, TWO, BOTH, Schedule(60, 5, least_tolerance=0.5), seed=3, checkpoint=path)
    assert len(longer.generations) == 5


def test_a_checkpoint_of_another_search_is_refused(tmp_path):
    path = tmp_path / "abc.json"
    infer(noisy, ONE, SEEN, Schedule(20, 1), seed=3, checkpoint=path)
    with pytest.raises(ValueError, match=r"another calibration: seed differs"):
        infer(noisy, ONE, SEEN, Schedule(20, 1), seed=4, checkpoint=path)
    with pytest.raises(ValueError, match=r"another calibration: the model differs"):
        infer(noisy, ONE, SEEN, Schedule(20, 1), seed=3, checkpoint=path, signature={"model": "changed"})
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(ValueError, match="cannot be read as a checkpoint"):
        infer(noisy, ONE, SEEN, Schedule(20, 1), seed=3, checkpoint=path)


def test_where_the_model_fails_there_is_no_particle():
    found = infer(failing, ONE, SEEN, Schedule(100, 3), seed=2)
    first = found.generations[0]
    assert first.attempts == 100 + first.undefined
    assert found.history()["undefined"].tolist()[0] == first.undefined > 30
    assert found.history()["failed"].sum() == 0
    assert found.particles()["rules.x"].max() <= 0.5
    assert np.isfinite(found.generations[-1].statistics).all()
    assert found.history()["accepted"].iloc[0] < 0.5


def test_a_model_that_gives_nothing_is_an_error():
    with pytest.raises(RuntimeError, match=r"fewer than 50.0 % gave all of the statistics x"):
        infer(lambda values, seed: {}, ONE, SEEN, Schedule(20, 3, least_acceptance=0.5))


def test_targets_out_of_reach_stop_the_search_and_it_says_so():
    far = (Range("x", 4.9, 5.1),)
    found = infer(noisy, ONE, far, Schedule(50, 50, least_acceptance=0.1), seed=1)
    assert found.stopped == "fewer than 10.0 % of attempts fitted the next tolerance"
    assert found.generations[-1].tolerance > 30.0
    table = predictive(found, noisy, 40)
    assert table.loc[0, "share_inside"] == 0.0
    assert table.loc[0, "tail"] == 0.0
    assert not table.loc[0, "overlaps"]


def test_the_predictive_check_is_good_when_the_model_can(posterior):
    table = predictive(posterior, noisy, 200)
    assert table.loc[0, "mean"] == pytest.approx(0.3, abs=0.05)
    assert table.loc[0, "tail"] > 0.5
    assert table.loc[0, "overlaps"]
    assert table.loc[0, "failed"] == 0
    assert predictive(posterior, failing, 200).loc[0, "failed"] > 20
    gone = predictive(posterior, lambda values, seed: {}, 10)
    assert gone.loc[0, "failed"] == 10
    assert np.isnan(gone.loc[0, "median"])


def test_the_ensemble_stands_for_the_weights(posterior):
    drawn = posterior.ensemble(2000, seed=4)
    assert drawn.columns.tolist() == ["rules.x"]
    counts = drawn["rules.x"].value_counts()
    particles = posterior.particles().set_index("rules.x")["weight"] * 2000
    assert (counts - particles.loc[counts.index]).abs().max() < 1.0
    assert drawn.equals(posterior.ensemble(2000, seed=4))
    assert not drawn.equals(posterior.ensemble(2000, seed=5))


def test_an_ensemble_is_read_by_compare(tmp_path):
    from experiments.compare.ensembles import read_ensemble

    factors = [Factor("rules.forgetting.fade_weak", 0.8, 1.0), Factor("users.empathy.mean", 0.3, 0.7)]
    found = infer(
        lambda values, seed: {"x": values["rules.forgetting.fade_weak"] - 0.6}, factors, SEEN, Schedule(50, 3), seed=1
    )
    path = tmp_path / "ensemble.parquet"
    found.ensemble(30).to_parquet(path)
    frame = read_ensemble(path, [])
    assert frame.shape == (30, 2)
    assert frame["rules.forgetting.fade_weak"].mean() == pytest.approx(0.9, abs=0.02)


def test_whole_parameters_are_whole():
    found = infer(
        lambda values, seed: {"x": values["n"] / 10 + stream(seed).normal(0.0, 0.05)},
        [Factor("n", 0, 10, whole=True)], SEEN, Schedule(60, 3), seed=1,
    )  # fmt: skip
    assert set(found.particles()["n"]) <= set(range(11))
    assert found.summary().loc[0, "median"] == 3.0


def test_every_whole_number_is_as_likely_as_any_other():
    factors = [Factor("n", 1, 3, whole=True), Factor("x", 0.5, 2.5)]
    shares = np.column_stack([(np.arange(300) + 0.5) / 300] * 2)
    values = values_at(factors, shares)
    assert np.unique(values[:, 0], return_counts=True)[1].tolist() == [100, 100, 100]
    assert np.array_equal(values[:, 1], 0.5 + shares[:, 1] * 2.0)
    assert values_at(factors, np.array([[0.0, 0.0], [1.0, 1.0]])).tolist() == [[1.0, 0.5], [3.0, 2.5]]
    assert [prior_variance(factor) for factor in factors] == pytest.approx([2 / 3, 4 / 12])
    for share, value in ((0.0, 1), (0.33, 1), (0.34, 2), (0.66, 2), (0.67, 3), (1.0, 3)):
        assert values_at(factors, np.array([[share, 0.0]]))[0, 0] == value == Factor("n", 1, 3, True).at(share)


def test_targets_that_say_nothing_narrow_no_whole_number():
    found = infer(lambda values, seed: {"x": 0.3}, [Factor("n", 1, 3, whole=True)], SEEN, Schedule(600, 1), seed=1)
    assert abs(found.summary().loc[0, "narrowed"]) < 0.08
    assert found.silent() == ["n"]


def test_a_range_of_a_whole_number_has_whole_ends():
    with pytest.raises(ValueError, match=r"n: found the range 1 to 2\.5, allowed are whole numbers"):
        infer(noisy, [Factor("n", 1, 2.5, whole=True)], SEEN)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"particles": 5}, "particles: found 5, allowed is 10 or more"),
        ({"generations": 0}, "generations: found 0"),
        ({"quantile": 1.0}, "quantile: found 1.0, allowed is between 0 and 1"),
        ({"least_tolerance": 0.0}, "least_tolerance: found 0.0"),
        ({"least_acceptance": 0.0}, "least_acceptance: found 0.0"),
    ],
)
def test_schedules_that_cannot_be_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        Schedule(**options)


def test_ranges_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="found 0 parameters and 1 targets"):
        infer(noisy, [], SEEN)
    with pytest.raises(ValueError, match=r"rules\.x: found the range 1\.0 to 1\.0"):
        infer(noisy, [Factor("rules.x", 1.0, 1.0)], SEEN)
    with pytest.raises(ValueError, match="x: found the range 1 to 0"):
        infer(noisy, ONE, [Range("x", 1, 0)])


def test_distances_are_root_mean_squares_in_half_widths():
    assert distance({"x": 0.6, "y": 1.0}, BOTH) == pytest.approx((9 / 2) ** 0.5)
    assert distance({"x": 0.3}, BOTH) == math.inf
    assert distance({"x": 0.3, "y": math.nan}, BOTH) == math.inf


@pytest.mark.parametrize(("number", "by_hand"), [(1, 1.0), (2, (2 / 3) ** 0.5), (3, (5 / 9) ** 0.5), (10_000, 3**-0.5)])
def test_the_least_tolerance_is_that_of_a_ball_as_wide_as_the_ranges(number, by_hand):
    assert as_ranges(number) == pytest.approx(by_hand, abs=1e-4)


def test_statistics_kept_within_the_least_tolerance_vary_as_over_their_ranges():
    """Points uniform in a cube that holds the ball: those within the tolerance have a variance of 1/3, the range's."""
    points = np.random.Generator(np.random.Philox(5)).uniform(-1.6, 1.6, (200_000, 3))
    ranges = [Range(name, -1.0, 1.0) for name in "xyz"]
    assert distance(dict(zip("xyz", points[0].tolist(), strict=True)), ranges) == pytest.approx(
        np.sqrt((points[0] ** 2).mean())
    )
    kept = points[np.sqrt((points**2).mean(axis=1)) <= as_ranges(3)]
    assert kept.var(axis=0) == pytest.approx([1 / 3] * 3, abs=4.5 * (1 / 7 / len(kept)) ** 0.5)


def test_a_search_for_one_range_stops_at_the_whole_range():
    found = infer(noisy, ONE, (Range("x", 0.2, 0.4),), Schedule(60, 12), seed=2)
    assert found.generations[-1].tolerance == 1.0
    assert found.stopped == "the least tolerance, 1 half widths, is reached"
    assert found.particles()["x"].between(0.2, 0.4).all()


def test_weighted_quantiles_are_those_of_repeated_values():
    values, counts = np.array([3.0, 1.0, 2.0]), np.array([2, 5, 3])
    repeated = np.repeat(values, counts)
    levels = (0.05, 0.5, 0.51, 0.8, 0.95)
    expected = np.quantile(repeated, levels, method="inverted_cdf")
    assert weighted_quantiles(values, counts / 10, levels) == tuple(expected)


def test_a_few_particles_do_not_end_up_with_all_the_weight_among_many_parameters():
    many = tuple(Factor(f"rules.p{k:02d}", 0.0, 1.0) for k in range(14))
    seen = tuple(Range(f"p{k:02d}", 0.4, 0.6) for k in range(4))

    def some(values, seed):
        drawn = stream(seed).normal(0.0, NOISE, 4)
        return {f"p{k:02d}": values[f"rules.p{k:02d}"] + drawn[k] for k in range(4)}

    found = infer(some, many, seen, Schedule(60, 5), seed=1)
    assert found.history()["effective"].min() > 20
    assert found.summary()["narrowed"].iloc[4:].abs().mean() < 0.3
