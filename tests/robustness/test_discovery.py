"""Scenario discovery finds and describes boxes planted in drawn parameters, and finds nothing in noise."""

import numpy as np
import pandas as pd
import pytest

from experiments.robustness import boxes
from experiments.robustness.boxes import discover

pytest.importorskip("ema_workbench", exc_type=ImportError)


def stream(key):
    return np.random.Generator(np.random.Philox(key))


def drawn(n=600, key=1):
    names = ["rules.a", "rules.b", "scenario", "users.c"]  # ema-workbench gives "scenario" a meaning of its own
    return pd.DataFrame(stream(key).random((n, 4)), columns=names)


def within(frame, box):
    inside = np.ones(len(frame), bool)
    for one in box.restrictions:
        inside &= frame[one.parameter].between(one.low, one.high).to_numpy()
    return inside


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
    frame, fails = (each[~found.held] for each in planted)
    box = found.boxes[0]
    inside = within(frame, box)
    assert box.coverage == pytest.approx((fails & inside).sum() / fails.sum())
    assert box.density == pytest.approx(fails[inside].mean())
    assert box.mass == pytest.approx(inside.mean())
    assert (box.draws, box.failures) == (inside.sum(), (fails & inside).sum())
    assert found.trajectory["density"].is_monotonic_increasing or found.trajectory["coverage"].iloc[0] == 1.0
    assert found.trajectory.iloc[0][["parameters", "coverage", "mass"]].tolist() == [0, 1.0, 1.0]


def test_quasi_p_is_the_binomial_test_of_one_limit(planted, found):
    from scipy.stats import binom

    frame, fails = (each[~found.held] for each in planted)
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
    assert f" and users.c is below {limits['users.c'].high:.3g}. Of the draws held out of the search, " in text
    assert f"{100 * box.fresh_coverage:.0f} % of the failures lie there (coverage)" in text
    assert f"{100 * box.fresh_density:.0f} % of what lies there fails (density), against " in text
    assert f"against {100 * box.base:.0f} % of all (p = " in text
    assert f"On the draws searched: coverage {100 * box.coverage:.0f} %, density {100 * box.density:.0f} %." in text


def test_draws_held_out_of_the_search_test_the_box_by_fishers_exact_test(planted, found):
    from scipy.stats import fisher_exact

    frame, fails = (each[found.held] for each in planted)
    box = found.boxes[0]
    inside = within(frame, box)
    assert box.fresh_coverage == pytest.approx((fails & inside).sum() / fails.sum())
    assert box.fresh_density == pytest.approx(fails[inside].mean())
    assert box.fresh_draws == inside.sum()
    table = [[(fails & inside).sum(), (~fails & inside).sum()], [(fails & ~inside).sum(), (~fails & ~inside).sum()]]
    assert box.p == pytest.approx(fisher_exact(table, alternative="greater").pvalue)
    assert found.held.sum() == 200
    assert fails.sum() == round(planted[1].sum() / 3)


def test_a_second_box_is_looked_for_in_what_is_left():
    frame = drawn(900, 3)
    fails = ((frame["rules.a"] > 0.75) | (frame["users.c"] < 0.2)).to_numpy()
    found = discover(frame, fails)
    assert {box.restrictions[0].parameter for box in found.boxes[:2]} == {"rules.a", "users.c"}
    assert sum(box.coverage for box in found.boxes) > 0.95
    assert max(box.p for box in found.boxes) < 1e-6
    assert found.table()["box"].tolist()[0] == 1
    first, second = found.words()[:2]
    assert f"against {100 * fails.mean():.0f} % of all (p = " in first
    assert second.startswith("Outside the box before it fails mostly where ")
    outside = ~(frame["rules.a"] > found.boxes[0].restrictions[0].low).to_numpy()
    if found.boxes[0].restrictions[0].parameter == "users.c":
        outside = ~(frame["users.c"] < found.boxes[0].restrictions[0].high).to_numpy()
    assert f"against {100 * fails[outside].mean():.0f} % of all outside the box before (p = " in second


@pytest.mark.parametrize("seed", [1, 4])
def test_two_boxes_are_told_apart_among_many_parameters(seed):
    """Thin slices alone follow dents made by chance, and end with one limit of the first box."""
    frame = pd.DataFrame(np.random.default_rng(seed).random((400, 30)), columns=[f"p{k}" for k in range(30)])
    fails = ((frame["p0"] > 0.6) & (frame["p1"] < 0.4)) | ((frame["p2"] < 0.15) & (frame["p3"] > 0.3))
    found = discover(frame, fails.to_numpy(), most_boxes=2)
    assert [{one.parameter for one in box.restrictions} for box in found.boxes] == [{"p0", "p1"}, {"p2", "p3"}]
    assert min(box.density for box in found.boxes) > 0.9


def test_a_parameter_that_adds_nothing_is_no_limit():
    frame = drawn(400, 5)
    found = discover(frame, (frame["rules.b"] > 0.7).to_numpy())
    assert [one.parameter for one in found.boxes[0].restrictions] == ["rules.b"]
    assert found.boxes[0].coverage > 0.98  # a peel takes off twentieths
    assert found.boxes[0].density > 0.98


def noise(key, parameters):
    """Return 160 draws of parameters, as in the shipped study, and failures that depend on none of them."""
    random = np.random.Generator(np.random.Philox(key=list(key)))
    frame = pd.DataFrame(random.random((160, parameters)), columns=[f"p{k}" for k in range(parameters)])
    return frame, random.random(160) < 0.3


def densest(values, wrong, names):
    """Search greedily, to be fast: of all halves of one parameter, take that in which failures are densest."""
    middles = np.median(values, axis=0)
    below = np.array([wrong[column < middle].mean() for column, middle in zip(values.T, middles, strict=True)])
    best = int(below.argmax())
    return {names[best]: (-np.inf, float(middles[best]))}, []


def test_pure_noise_seldom_passes_for_a_box(monkeypatch):
    """Whatever the search finds in noise, it holds on the draws held out in at most one of twenty sets."""
    monkeypatch.setattr(boxes, "_fitted", densest)
    searches = [discover(*noise((20, key), 240)) for key in range(150)]
    reported = sum(bool(found.boxes) for found in searches)
    assert 0 < reported <= 150 * 0.05 + 3.0 * (150 * 0.05 * 0.95) ** 0.5
    assert np.mean([found.refused.density for found in searches if found.refused]) > 0.4  # dense where it searched
    lines = next(found.words() for found in searches if found.refused)
    assert "what the search found does not hold there (p = 0." in lines[0]


def test_a_later_box_is_tested_on_draws_outside_the_first(monkeypatch):
    """The first box is real, the second noise: it is reported in at most one of twenty sets too."""

    def search(values, wrong, names):
        column = values[:, 0]
        return ({names[0]: (0.7, np.inf)}, []) if (column > 0.7).any() else densest(values[:, 1:], wrong, names[1:])

    monkeypatch.setattr(boxes, "_fitted", search)
    numbers = []
    for key in range(200):
        frame, fails = noise((21, key), 60)
        numbers.append(len(discover(frame, fails | (frame["p0"] > 0.7).to_numpy()).boxes))
    assert min(numbers) == 1
    assert 0 < sum(number > 1 for number in numbers) <= 200 * 0.05 + 3.0 * (200 * 0.05 * 0.95) ** 0.5


@pytest.mark.long
def test_prim_seldom_reports_a_box_in_pure_noise():
    """Without the test on other draws, PRIM reports a box in more than half of such sets."""
    searches = [discover(*noise((22, key), 240)) for key in range(200)]
    assert sum(bool(found.boxes) for found in searches) <= 200 * 0.05 + 3.0 * (200 * 0.05 * 0.95) ** 0.5
    assert sum(found.refused is not None for found in searches) > 50


def test_what_always_or_never_happens_has_no_box():
    frame = drawn(60)
    assert discover(frame, np.zeros(60, bool)).words() == [
        "The policy fails in none of 60 draws. If others like the draws were drawn, it might fail in up to 5 % of them."
    ]
    assert discover(frame, np.ones(60, bool)).words() == [
        "The policy fails in all of 60 draws. If others like the draws were drawn, it might not fail in up to 5 % of "
        "them."
    ]
    few = np.arange(60) < 5
    assert discover(frame, few).words() == [
        "The policy fails in 5 of 60 draws. No range was found that separates these draws from the others and holds on "
        "the draws held out; one may have been missed."
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
    assert {"rules.p7", "rules.p200"} <= {one.parameter for one in box.restrictions}
    assert {one.parameter for one in box.restrictions} <= {"rules.p7", "rules.p90", "rules.p200"}
    assert box.density > 0.7
    assert box.fresh_density > 0.6
    assert box.p < 0.001
