"""Search over portfolios where runs fail: failures are counted, pairs are not fewer, a resume tries once more."""

import numpy as np
import pytest

from experiments.portfolio.front import OUTCOMES, Samples, judged, row_of
from experiments.portfolio.levers import Lever
from experiments.portfolio.search import search
from experiments.runs.failures import FailedRun, FailedRunsError
from sim.scenario.schema.budget import Budget

pytest.importorskip("pymoo")

LEVERS = [Lever("training"), Lever("cap")]
NUMBERS = {"replicates": 4, "fresh": 12, "population": 4, "generations": 2, "seed": 1}


class Failing:
    """Portfolios of two levers of which some runs fail, also runs of the base."""

    def __init__(self, fails=lambda one, number: False, base=()):
        self.signature = {"model": "failing"}
        self.fails, self.base = fails, base
        self.asked = []

    def __call__(self, portfolios, replicates):
        """Return the pairs of portfolios."""
        self.asked += [(one, replicates) for one in portfolios]
        return [self._samples(one, replicates) for one in portfolios]

    def _samples(self, one, replicates):
        own = [number for number in replicates if self.fails(one, number)]
        base = [number for number in replicates if number in self.base]
        values = np.array([-2.0 * one[0] - one[1], -0.5 * sum(one), 2.0 * one[0] + one[1], 0.0])
        columns = np.tile(values[:, None], len(replicates))
        columns[:, [number in (*own, *base) for number in replicates]] = np.nan
        told = [FailedRun(k, 100 + k, True, "OSError: base") for k in base]
        told += [FailedRun(k, 100 + k, False, "ZeroDivisionError: a bug", "sim/a.py:1") for k in own]
        return Samples(*columns, failures=tuple(told))


def of(front, *held):
    rows = front.solutions
    [place] = np.flatnonzero((rows[["training", "cap"]].to_numpy() == held).all(axis=1))
    return rows.iloc[place]


def test_a_portfolio_that_lacks_fresh_pairs_is_not_kept_and_it_is_told():
    front = search(Failing(lambda one, number: one == (1.0, 0.0) and number == 5), LEVERS, 2.0, **NUMBERS)
    lacking = of(front, 1.0, 0.0)
    assert (lacking["pairs"], lacking["complete"], lacking["kept"]) == (11, False, False)
    assert of(front, 0.0, 1.0)["kept"]
    assert (front.pairs, front.failed_pairs) == (4 * front.evaluated + 12 * len(front.solutions), 1)
    text = " ".join(front.words())
    assert "loneliness changes most, by -1.00 points" in text
    assert f"1 of {front.pairs} pairs of runs failed and are left out (failures.csv says why)" in text
    assert f"1 of {len(front.solutions)} portfolios found lack fresh pairs, and are not kept" in text
    assert front.failures == (
        {"run": "portfolio", "training": 1.0, "cap": 0.0, "replicate": 5, "seed": 105,
         "error": "ZeroDivisionError: a bug", "origin": "sim/a.py:1", "trace": ""},
    )  # fmt: skip


def test_a_run_of_the_base_that_failed_costs_all_the_same_pair_and_is_told_once():
    front = search(Failing(base=(2, 7)), LEVERS, 2.0, **NUMBERS)
    assert front.solutions["complete"].all()
    assert (front.solutions["pairs"] == 11).all()
    assert of(front, 1.0, 0.0)["kept"]
    assert [(row["run"], row["replicate"]) for row in front.failures] == [("base", 2), ("base", 7)]
    assert front.failed_pairs == front.evaluated + len(front.solutions)


def test_when_every_run_fails_it_is_an_error_with_the_first_of_them():
    with pytest.raises(
        FailedRunsError, match=r"all of 16 pairs of runs failed, the first with: ZeroDivisionError: a b"
    ):
        search(Failing(lambda one, number: True), LEVERS, 3.0, **NUMBERS)
    with pytest.raises(FailedRunsError, match=r"ZeroDivisionError: a bug at sim/a.py:1 \(seed 104\)\. What the check"):
        search(Failing(lambda one, number: number >= 4), LEVERS, 3.0, **NUMBERS)


def test_what_had_failed_is_tried_once_more_and_nothing_else(tmp_path):
    path = tmp_path / "search.json"
    gone = Failing(lambda one, number: one == (1.0, 0.0) and number in (1, 5))
    first = search(gone, LEVERS, 2.0, checkpoint=path, **NUMBERS)
    assert first.failed_pairs == 2
    same = Failing(gone.fails)
    again = search(same, LEVERS, 2.0, checkpoint=path, **NUMBERS)
    assert again.solutions.equals(first.solutions)
    assert (again.failures, again.words()) == (first.failures, first.words())
    assert same.asked == [((1.0, 0.0), range(1, 2)), ((1.0, 0.0), range(5, 6))]
    better = Failing()
    mended = search(better, LEVERS, 2.0, checkpoint=path, **NUMBERS)
    assert better.asked == same.asked
    assert (mended.failed_pairs, mended.failures) == (0, ())
    assert mended.solutions.equals(search(Failing(), LEVERS, 2.0, **NUMBERS).solutions)
    untouched = Failing()
    search(untouched, LEVERS, 2.0, checkpoint=path, **NUMBERS)
    assert untouched.asked == []


def test_where_only_the_base_is_left_nothing_is_recommended():
    front = search(Failing(), LEVERS, 0.0, **NUMBERS)
    [told] = front.words()
    assert told.startswith("None of 4 portfolios lowers loneliness within 0 hours a week and without more burden")
    assert "nan" not in told


def test_a_portfolio_that_may_not_be_kept_puts_no_other_out():
    """Half of it does a little better on means, but its effect on burden is unknown."""
    drawn = np.random.Generator(np.random.Philox(1)).normal(size=50)

    def samples(loneliness, burden, hours, spread):
        return Samples(
            np.full(50, loneliness), burden + spread * drawn, np.full(50, hours), np.zeros(50)
        )  # fmt: skip

    levers, searched = [Lever("a", 2)], np.zeros(len(OUTCOMES))
    rows = [
        row_of(levers, (1.0,), searched, samples(-3.0, -0.05, 5.0, 0.02)),
        row_of(levers, (0.5,), searched, samples(-3.1, -0.4, 4.9, 3.0)),
        row_of(levers, (0.0,), searched, samples(0.0, 0.0, 0.0, 0.0)),
    ]
    found = judged(rows, levers, Budget(hours=8.0)).set_index("a")
    assert found.loc[0.5, "burden_verdict"] == "not clear"
    assert found["kept"].to_dict() == {0.5: False, 1.0: True, 0.0: True}
    assert found.loc[1.0, "name"] == "A"
    beyond = judged(rows, levers, Budget(hours=4.95)).set_index("a")
    assert beyond["kept"].to_dict() == {0.5: False, 1.0: False, 0.0: True}
