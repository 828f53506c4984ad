"""Scenario discovery finds and describes boxes planted in drawn parameters, and finds nothing in noise."""

import numpy as np
import pandas as pd
import pytest

from experiments.robustness.boxes import discover

pytest.importorskip("ema_workbench", exc_type=ImportError)


def stream(key):
    return np.random.Generator(np.random.Philox(key))


def drawn(n=600, key=1):
    names = ["rules.a", "rules.b", "scenario", "users.c"]  # ema-workbench gives "scenario" a meaning of its own
    return pd.DataFrame(stream(key).random((n, 4)), columns=names)


@pytest.fixture(scope="module")
def planted():
    frame = drawn()
    fails = ((frame["rules.a"] > 0.6) & (frame["users.c"] < 0.5)).to_numpy()
    return frame, fails ^ (stream(2).random(len(frame)) < 0.05)


@pytest.fixture(scope="module")
def found(planted):
    return discover(*planted)


def test_a_planted_box_is_found(planted, found):
    box = found.boxes[0]
    limits = {one.parameter: (one.low, one.high) for one in box.restrictions}
    assert set(limits) == {"rules.a", "users.c"}
    assert limits["rules.a"] == (pytest.approx(0.6, abs=0.03), np.inf)
    assert limits["users.c"] == (-np.inf, pytest.approx(0.5, abs=0.03))
    assert all(one.quasi_p < 1e-6 for one in box.restrictions)
    assert box.restrictions[0].quasi_p <= box.restrictions[1].quasi_p
    assert box.base == pytest.approx(planted[1].mean())


def test_coverage_density_and_mass_are_those_of_the_limits(planted, found):
    frame, fails = planted
    box = found.boxes[0]
    inside = np.ones(len(frame), bool)
    for one in box.restrictions:
        inside &= frame[one.parameter].between(one.low, one.high).to_numpy()
    assert box.coverage == pytest.approx((fails & inside).sum() / fails.sum())
    assert box.density == pytest.approx(fails[inside].mean())
    assert box.mass == pytest.approx(inside.mean())
    assert (box.draws, box.failures) == (inside.sum(), (fails & inside).sum())
    assert found.trajectory["density"].is_monotonic_increasing or found.trajectory["coverage"].iloc[0] == 1.0
    assert found.trajectory.iloc[0][["parameters", "coverage", "mass"]].tolist() == [0, 1.0, 1.0]


def test_quasi_p_is_the_binomial_test_of_one_limit(planted, found):
    from scipy.stats import binom

    frame, fails = planted
    box = found.boxes[0]
    one, other = box.restrictions
    without = frame[other.parameter].between(other.low, other.high).to_numpy()
    assert one.quasi_p == pytest.approx(binom.sf(box.failures - 1, box.draws, fails[without].mean()))


def test_it_is_said_in_plain_words(found):
    box = found.boxes[0]
    text = found.words({"rules.a": "the wish for closeness"})[0]
    assert text.startswith("The policy fails mostly where ")
    limits = {one.parameter: one for one in box.restrictions}
    assert f"the wish for closeness is above {limits['rules.a'].low:.3g}" in text
    assert f" and users.c is below {limits['users.c'].high:.3g}: " in text
    assert f"{box.coverage:.0%} of the failures lie there (coverage)" in text
    assert f"{box.density:.0%} of what lies there fails (density)" in text
    assert f"density {box.fresh_density:.0%}" in text


def test_fresh_draws_are_a_little_less_kind(planted, found):
    box = found.boxes[0]
    assert 0.7 < box.fresh_coverage < box.coverage + 0.02
    assert 0.7 < box.fresh_density < box.density + 0.02


def test_a_second_box_is_looked_for_in_what_is_left():
    frame = drawn(900, 3)
    fails = ((frame["rules.a"] > 0.75) | (frame["users.c"] < 0.2)).to_numpy()
    found = discover(frame, fails, folds=0)
    assert {box.restrictions[0].parameter for box in found.boxes[:2]} == {"rules.a", "users.c"}
    assert sum(box.coverage for box in found.boxes) > 0.95
    assert np.isnan(found.boxes[0].fresh_density)
    assert found.table()["box"].tolist()[0] == 1
    first, second = found.words()[:2]
    assert f"against {fails.mean():.0%} of all." in first
    assert second.startswith("Outside the box before it fails mostly where ")
    outside = ~(frame["rules.a"] > found.boxes[0].restrictions[0].low).to_numpy()
    if found.boxes[0].restrictions[0].parameter == "users.c":
        outside = ~(frame["users.c"] < found.boxes[0].restrictions[0].high).to_numpy()
    assert f"against {fails[outside].mean():.0%} of all outside the box before." in second


@pytest.mark.parametrize("seed", [1, 4])
def test_two_boxes_are_told_apart_among_many_parameters(seed):
    """Thin slices alone follow dents made by chance, and end with one limit of the first box."""
    frame = pd.DataFrame(np.random.default_rng(seed).random((400, 30)), columns=[f"p{k}" for k in range(30)])
    fails = ((frame["p0"] > 0.6) & (frame["p1"] < 0.4)) | ((frame["p2"] < 0.15) & (frame["p3"] > 0.3))
    found = discover(frame, fails.to_numpy(), most_boxes=2, folds=0)
    assert [{one.parameter for one in box.restrictions} for box in found.boxes] == [{"p0", "p1"}, {"p2", "p3"}]
    assert min(box.density for box in found.boxes) > 0.9


def test_a_parameter_that_adds_nothing_is_no_limit():
    frame = drawn(400, 5)
    found = discover(frame, (frame["rules.b"] > 0.7).to_numpy(), folds=0)
    assert [one.parameter for one in found.boxes[0].restrictions] == ["rules.b"]
    assert found.boxes[0].coverage == 1.0
    assert found.boxes[0].density > 0.98  # a peel takes off twentieths


def test_in_noise_fresh_draws_show_that_nothing_was_found():
    frame = drawn(300, 7)
    fails = stream(8).random(300) < 0.3
    found = discover(frame, fails, most_boxes=1)
    for box in found.boxes:
        assert box.fresh_density == pytest.approx(fails.mean(), abs=0.12)


def test_what_always_or_never_happens_has_no_box():
    frame = drawn(60)
    assert discover(frame, np.zeros(60, bool)).words() == ["The policy fails in none of 60 draws."]
    assert discover(frame, np.ones(60, bool)).words() == ["The policy fails in all of 60 draws."]
    few = np.arange(60) < 5
    assert discover(frame, few).words() == [
        "The policy fails in 5 of 60 draws; no range of the parameters separates them."
    ]


@pytest.mark.parametrize(
    ("frame", "fails", "message"),
    [
        (drawn(60), [0.0] * 60, "found values of type float64"),
        (drawn(60), [True] * 59, "found 60 draws and 59 outcomes"),
        (drawn(20), [True] * 20, "found 20 draws, at least 40"),
        (drawn(60).assign(name="x"), [True] * 60, "name: only finite numbers"),
        (drawn(60).assign(z=np.inf), [True] * 60, "only finite numbers"),
    ],
)
def test_draws_that_do_not_fit_are_refused(frame, fails, message):
    with pytest.raises(ValueError, match=message):
        discover(frame, fails)


def test_a_box_is_found_among_hundreds_of_parameters():
    names = [f"rules.p{k}" for k in range(240)]
    frame = pd.DataFrame(stream(11).random((160, 240)), columns=names)
    fails = (frame["rules.p7"] < 0.5) & (frame["rules.p90"] > 0.3) & (frame["rules.p200"] < 0.7)
    box = discover(frame, fails.to_numpy(), 1).boxes[0]
    assert {one.parameter for one in box.restrictions} == {"rules.p7", "rules.p90", "rules.p200"}
    assert box.density > 0.85
    assert box.fresh_density > 0.7
