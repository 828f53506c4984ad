"""An amount of money for a point, as text."""

import pytest

from experiments.worth.price import WorthError, money_per_point


@pytest.mark.parametrize(
    ("text", "amount"), [("1000 CNY/point", 1000.0), ("1,500", 1500.0), ("12.5 CNY a point", 12.5)]
)
def test_an_amount_as_text(text, amount):
    assert money_per_point(text) == amount


@pytest.mark.parametrize("text", ["", "-5", "1000 EUR/point", "9" * 61])
def test_no_amount(text):
    with pytest.raises(WorthError, match="1000 CNY/point"):
        money_per_point(text)
