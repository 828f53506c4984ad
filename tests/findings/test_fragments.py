"""Differences of a page are judged together: what is clear by itself is not clear among many."""

import numpy as np
import pytest

from experiments.findings.fragments import difference, judged_together, p_of_interval
from experiments.findings.newcomers_first_year import _moved
from experiments.findings.pages import judged, span
from experiments.statistics.levels import of_pairs
from experiments.statistics.paired import paired_interval, paired_p

CHANCE = np.random.default_rng(1)


def with_t(t: float, n: int = 20) -> np.ndarray:
    """Return n symmetric differences with this t statistic."""
    steps = np.linspace(-1.0, 1.0, n)
    return steps + t * steps.std(ddof=1) / np.sqrt(n)


def test_one_of_many_is_clear_by_itself_only():
    alone = {"only": difference(of_pairs(with_t(2.6)), 1.0)}
    assert judged_together(alone)["only"]["verdict"] == "higher"
    many = {"rows": [difference(of_pairs(with_t(t)), 1.0) for t in (-2.6, -9.0, *[0.5] * 26)]}
    page = judged_together(many)
    assert page["compared"] == 28
    assert [row["verdict"] for row in page["rows"][:3]] == ["lower by itself", "lower", "no clear difference"]
    effects = dict(zip("abc", page["rows"], strict=False))
    assert (_moved(effects, -1.0, "clear"), _moved(effects, -1.0, "alone")) == (["b"], ["a"])
    assert _moved(effects, 1.0, "clear") == _moved(effects, 1.0, "alone") == []


def test_a_difference_that_is_shown_twice_counts_once():
    one = difference(of_pairs(with_t(2.2)), 1.0)
    assert judged_together({"here": one, "there": [one]})["compared"] == 1


@pytest.mark.parametrize(
    ("differences", "words"),
    [
        (np.zeros(12), "no difference seen in 12 pairs, of which up to 22 % might differ"),
        (np.array([1.0, *[0.0] * 11]), "too rare to say: it differs in 1 of 12 pairs"),
        (with_t(9.0, 9), "too few to say: 9 pairs"),
        (np.full(12, 2.0), "higher"),
        (with_t(9.0), "higher"),
        (0.01 * with_t(9.0), "higher, within a small effect"),
        (with_t(0.1), "no clear difference, within a small effect"),
        (5.0 * with_t(0.1), "no clear difference"),
    ],
)
def test_a_verdict_in_words(differences, words):
    page = judged_together({"row": difference(of_pairs(differences), 0.5)})
    assert judged(page["row"]) == words


def test_a_difference_without_an_interval_is_written_without():
    assert span(difference(of_pairs(np.full(12, 2.0)), 0.5)) == "+2.0"


def test_the_largest_of_many_is_tested_as_one_of_many():
    one = difference(of_pairs(with_t(2.6)), 1.0, picked=21)
    assert one["p"] == pytest.approx(21.0 * paired_p(with_t(2.6)))
    assert not judged_together({"row": one})["row"]["clear"]


def test_the_p_value_of_a_t_interval_is_that_of_the_t_test():
    values = with_t(2.6)  # symmetric, so that the interval is Student's
    assert p_of_interval(float(values.mean()), paired_interval(values), 19) == pytest.approx(paired_p(values))
    assert p_of_interval(2.0, (1.0, 3.0), 19, limit=1.0) == pytest.approx(0.05)
    assert p_of_interval(2.0, (1.0, 3.0), 19, limit=3.0) == pytest.approx(0.05)
    assert np.isnan(p_of_interval(2.0, (2.0, 2.0), 19))


@pytest.mark.long
def test_chance_alone_is_seldom_clear_on_a_page():
    """Of 600 pages with 28 differences each, all of them chance, 5 % hold a clear one; most hold one by itself."""
    pages = []
    for _ in range(600):
        rows = [difference(of_pairs(CHANCE.normal(size=18)), 1.0) for _ in range(28)]
        pages.append(judged_together({"rows": rows})["rows"])
    assert np.mean([any(row["clear"] for row in rows) for rows in pages]) < 0.075
    assert np.mean([any(row["alone"] for row in rows) for rows in pages]) > 0.6
