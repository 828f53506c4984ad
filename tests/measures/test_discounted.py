"""Discounting, against its formula; rates as text."""

import numpy as np
import pytest

from experiments.measures.discounted import DiscountError, by_user_year, rate_of, weights
from experiments.measures.runs import measured
from sim.run import run
from tests.compare.houses import WORKERS, small


def test_a_year_later_counts_for_a_years_rate_less():
    found = weights(1462, 0.03)
    assert found[[0, 1461]] == pytest.approx([1.0, 1.03**-4])
    assert weights(5, 0.0).tolist() == [1.0] * 5


def test_the_totals_of_a_run_are_sums_over_its_days():
    done = run(small("dear", workers=WORKERS), 3)
    plain, thinned = (measured(done, rate) for rate in (0.0, 0.5))
    assert plain.discounted.user_years == pytest.approx(plain.user_years)
    assert plain.discounted.cost == pytest.approx(plain.cost)
    of_days = done.daily["users"] * np.nan_to_num(done.daily["severely_lonely_share"])
    assert plain.discounted.severe_years == pytest.approx(of_days.sum() / 365.25)
    assert 0.0 < thinned.discounted.cost < plain.discounted.cost
    found = by_user_year(plain.discounted, plain.staff_hours, plain.user_years)
    assert found["cost_per_user_year"] == pytest.approx(plain.cost / plain.user_years)
    assert 20.0 <= found["lonely_level"] <= 80.0


@pytest.mark.parametrize(("text", "rate"), [("3 %", 0.03), ("0.05", 0.05), ("0", 0.0)])
def test_a_rate_as_text(text, rate):
    assert rate_of(text) == pytest.approx(rate)


@pytest.mark.parametrize("text", ["300 %", "-1 %", "much"])
def test_no_rate(text):
    with pytest.raises(DiscountError):
        rate_of(text)
