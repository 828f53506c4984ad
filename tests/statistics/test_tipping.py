"""Known shapes: a step tips; a straight line, levelling off, speeding up and pure chance do not."""

import numpy as np
import pytest

from experiments.statistics.tipping import steepness

X = np.linspace(0.0, 4.0, 9)


def curves(shape, noise=1.0, replicates=18, seed=1):
    draws = np.random.default_rng(seed)
    luck = 5.0 * draws.normal(size=(replicates, 1))
    return shape + luck + noise * draws.normal(size=(replicates, len(shape)))


def test_a_step_tips_where_it_is():
    found = steepness(X, curves(np.where(X > 2.1, 30.0, 10.0)))
    assert found.verdict == "tips"
    assert (found.start, found.end, found.low, found.high) == (2.0, 2.5, 2.0, 2.5)
    assert found.slope == pytest.approx(40.0, abs=2.0)
    assert abs(found.before) < 1.0
    assert abs(found.after) < 1.0
    assert found.overall == pytest.approx(5.0, abs=0.3)


@pytest.mark.parametrize(("replicates", "verdict"), [(3, "too few to say"), (9, "too few to say"), (10, "tips")])
def test_a_shape_takes_ten_replicates(replicates, verdict):
    step = steepness(X, curves(np.where(X > 2.1, 30.0, 10.0), noise=0.1, replicates=replicates))
    assert step.verdict == verdict
    assert (step.start, step.end) == (2.0, 2.5)


def test_a_step_down_tips_too():
    found = steepness(X, curves(np.where(X > 2.1, 10.0, 30.0)))
    assert found.verdict == "tips"
    assert found.slope == pytest.approx(-40.0, abs=2.0)


def test_where_no_bend_is_seen_the_runs_say_how_large_it_may_be():
    """The limit lies above the true ratio of the halves, falls with more runs, and is none where a half is flat."""
    shape = np.where(X > 2.0, 1.5 * X - 1.0, X)
    few, many = (steepness(X, curves(shape, replicates=n)) for n in (12, 200))
    assert few.verdict == many.verdict == "steady"
    assert few.bend > many.bend > 1.5
    assert many.bend == pytest.approx(1.5, abs=0.3)
    assert np.isnan(steepness(X, curves(np.minimum(X, 0.1))).bend)


@pytest.mark.parametrize("seed", range(20))
def test_a_straight_line_never_tips(seed):
    found = steepness(X, curves(10.0 + 3.0 * X, seed=seed))
    assert found.verdict == "steady"


def test_without_noise_the_steepest_of_a_line_is_as_steep_as_the_rest():
    found = steepness(X, curves(3.0 * X, noise=0.0))
    assert found.slope == pytest.approx(3.0)
    assert found.overall == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("shape", "verdict"),
    [
        (30.0 * (1.0 - np.exp(-2.0 * X)), "levels off"),
        (np.exp(X), "speeds up"),
        (0.0 * X, "flat"),
        (20.0 / (1.0 + np.exp(-0.8 * (X - 2.0))), "steady"),
        (20.0 / (1.0 + np.exp(-8.0 * (X - 2.25))), "tips"),
    ],
    ids=["saturating", "exponential", "chance", "a gentle bend", "a sharp bend"],
)
def test_other_shapes_get_their_names(shape, verdict):
    assert steepness(X, curves(shape)).verdict == verdict


def test_the_choice_of_the_steepest_does_not_make_it_steep():
    """In pure chance the steepest of eight stretches looks steep; cross-fitted, it is not."""
    slopes = [steepness(X, curves(3.0 * X, noise=4.0, seed=seed)).slope for seed in range(200)]
    naive = [np.diff(curves(3.0 * X, noise=4.0, seed=seed).mean(axis=0)).max() / 0.5 for seed in range(200)]
    assert np.mean(naive) > 5.0
    assert np.mean(slopes) == pytest.approx(3.0, abs=0.5)


def test_chance_leaves_the_place_open():
    found = steepness(X, curves(3.0 * X, noise=4.0))
    assert found.high - found.low > 1.0


def test_few_replicates_never_tip():
    step = np.where(X > 2.1, 30.0, 10.0)
    assert steepness(X, curves(step, replicates=9)).verdict == "too few to say"
    assert steepness(X, curves(step, replicates=10)).verdict == "tips"


def test_a_rise_in_few_replicates_is_rare():
    rises = np.zeros((12, len(X)))
    rises[:3] = X
    assert steepness(X, rises).verdict == "too rare to say"
    assert steepness(X, 0.0 * rises).verdict == "flat"


def test_what_is_ruled_out_is_an_upper_end():
    """A gentle bend: a stretch twice as steep as both sides is ruled out with little noise, not with much."""
    bend = 20.0 / (1.0 + np.exp(-0.8 * (X - 2.0)))
    assert 1.0 < steepness(X, curves(bend, noise=0.05)).most < 2.0
    much = steepness(X, curves(bend, noise=20.0)).most
    assert not much < 2.0


def test_a_tip_among_many_curves_takes_more_evidence():
    """The noise is chosen so that the tip is clear for a single curve, and not among a thousand."""
    step = curves(np.where(X > 2.1, 30.0, 10.0) + 3.0 * X, noise=8.0)
    assert steepness(X, step).verdict == "tips"
    assert steepness(X, step, curves_looked_at=1000).verdict != "tips"


def test_what_cannot_be_judged_is_refused():
    with pytest.raises(ValueError, match="four rising levels"):
        steepness(X[:3], curves(X[:3]))
    broken = curves(X)
    broken[2:, 0] = np.nan
    with pytest.raises(ValueError, match="found 2 whole replicates"):
        steepness(X, broken)
    broken = curves(10.0 + 3.0 * X)
    broken[0, 0] = np.nan
    assert steepness(X, broken).verdict == "steady"
