"""Numbers that stand with their interval are written with decimals enough to show what they are."""

import pytest

from experiments.statistics.numbers import apart_from_0, enough

NAN = float("nan")


@pytest.mark.parametrize(
    ("values", "least", "decimals"),
    [
        ([0.17, 0.09, 0.31], 0, 1),  # "0 (0 to 0)"
        ([2.13, 2.0, 2.25], 0, 1),  # "2 (2 to 2)"
        ([0.0415, 0.0408, 0.0422], 2, 3),  # "+0.04 (+0.04 to +0.04)"
        ([33.4, 31.8, 35.2], 0, 0),
        ([0.0, 0.0, 0.3], 0, 1),  # an exact 0 may look like 0
        ([1.7, NAN, NAN], 1, 1),
        ([1.7, 1.7, 1.7], 1, 1),
        ([1e-9, 0.0, 2e-9], 1, 4),  # at most three more
        ([], 2, 2),
    ],
)
def test_no_value_looks_like_0_and_the_ends_do_not_look_alike(values, least, decimals):
    assert enough(values, least) == decimals


def test_differences_keep_their_signs():
    assert apart_from_0([0.0031, -0.0021, 0.0083], 2) == ["+0.003", "-0.002", "+0.008"]
    assert apart_from_0([0.1, NAN, NAN], 0) == ["+0.1", "-", "-"]
