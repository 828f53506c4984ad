"""The verdict on a difference: how many pairs it takes, what is clear among all, and the words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from experiments.statistics.paired import differences_of
from experiments.statistics.verdict import (
    BY_ITSELF,
    CLEAR,
    FEWEST,
    clear_among,
    direction,
    holm,
    most_differing,
    towards,
    verdicts_among,
)

WOBBLE = np.tile([-1.0, 1.0], 10)


def one(differences: np.ndarray | list[float], better: str = "lower") -> str:
    """Return the verdict on differences that are looked at alone."""
    return verdicts_among([np.asarray(differences, float)], [better])[0]


@pytest.mark.parametrize(
    ("differences", "expected"),
    [
        ([], "not known"),
        ([-3.0, -3.0], "too few to say"),
        ([0.0, 0.0], "too few to say"),
        ([-3.0] * 9, "too few to say"),
        ([-3.0] * 10, "better"),
        ([3.0] * 10, "worse"),
        ([0.0] * 10, "no difference seen"),
        ([0.0] * 40 + [-1.0], "too rare to say"),
        ([0.0] * 40 + [-1.0] * 9, "too rare to say"),
        ([0.0] * 40 + [-1.0] * 10, "better"),
        (WOBBLE - 3.0, "better"),
        (WOBBLE + 3.0, "worse"),
        (WOBBLE + 0.05, "no clear difference"),
    ],
)
def test_a_direction_takes_ten_pairs_that_differ(differences: list[float], expected: str) -> None:
    assert one(differences) == expected


@pytest.mark.parametrize(
    ("shift", "better", "expected"),
    [(-3, "lower", "better"), (-3, "higher", "worse"), (3, "neither", "higher"), (-3, "neither", "lower")],
)
def test_the_word_follows_the_direction(shift: float, better: str, expected: str) -> None:
    assert one(WOBBLE + shift, better) == expected
    assert direction(shift, better) == expected


def test_a_difference_may_be_clear_by_itself_and_not_among_all() -> None:
    """A p value of .02 is clear among two (.02 <= .05 / 2), and not among five (.02 > .05 / 5)."""
    unit = WOBBLE / WOBBLE.std(ddof=1)
    t = stats.t.ppf(1 - 0.02 / 2, 19)
    small, nothing = unit + t / 20**0.5, unit
    assert verdicts_among([small, nothing], ["lower"] * 2) == ["worse", "no clear difference"]
    assert verdicts_among([small, *[nothing] * 4], ["lower"] * 5)[0] == "worse by itself"


def test_the_too_rare_and_the_too_few_do_not_count_among_all() -> None:
    unit = WOBBLE / WOBBLE.std(ddof=1)
    small = unit + stats.t.ppf(1 - 0.02 / 2, 19) / 20**0.5
    silent = [np.array([0.0] * 30 + [1.0]), np.zeros(20), np.ones(3), np.array([])]
    assert verdicts_among([small, *silent], ["lower"] * 5)[0] == "worse"


def test_holm_by_hand() -> None:
    # In rising order .01 <= .05 / 4, .013 <= .05 / 3, and .03 > .05 / 2 ends the list, so that .04 is not clear either.
    assert holm([0.04, 0.01, 0.03, 0.013]) == [False, True, False, True]
    assert holm([]) == []


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12))
def test_holm_rejects_what_bonferroni_does_and_nothing_above_the_level(p_values: list[float]) -> None:
    rejected = holm(p_values)
    for p, is_rejected in zip(p_values, rejected, strict=True):
        assert is_rejected or p > 0.05 / len(p_values)
        assert not is_rejected or p <= 0.05


def test_where_nothing_differs_one_claim_in_twenty_families_is_made() -> None:
    stream = np.random.default_rng(3)
    families = 400
    wrong = sum(any(clear_among(list(stream.normal(size=(6, 12))))) for _ in range(families))
    assert wrong / families < 0.05 + 4.5 * (0.05 * 0.95 / families) ** 0.5
    alone = sum(any(clear_among([row])[0] for row in stream.normal(size=(6, 12))) for _ in range(families))
    assert alone / families > 0.15  # so single intervals would not do


def test_the_share_that_might_differ_is_the_largest_that_often_shows_nothing() -> None:
    for n in (FEWEST, 50, 400):
        assert stats.binom.pmf(0, n, most_differing(n)) == pytest.approx(0.05)


def test_the_direction_of_a_verdict() -> None:
    assert [towards(word) for word in BY_ITSELF] == list(CLEAR)
    assert [towards(word) for word in (*CLEAR, "too few to say", "no clear difference")] == [*CLEAR, "", ""]


def test_rounding_tells_no_pair_from_0() -> None:
    base = np.linspace(0.1, 70.0, 12)
    other = base * (1.0 + 1e-15)
    other[0] += 1.0
    assert np.count_nonzero(differences_of(base, other)) == 1
