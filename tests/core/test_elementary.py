"""exp, log and cos of our own: within a unit in the last place, at the edges too, and alike for numbers and arrays."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

from sim.elementary import cos_turns, exp, expm1s, exps, log, log1ps, logs, product, sin_turns
from sim.streams import unit

RNG = np.random.default_rng(3)
TURN = Decimal("6.28318530717958647692528676655900576839433879875021164194989")
EXPONENTS = {
    "usual": RNG.uniform(-20.0, 5.0, 4000),
    "wide": RNG.uniform(-708.0, 709.7, 4000),
    "near 0": RNG.choice([-1.0, 1.0], 2000) * 10.0 ** RNG.uniform(-18.0, -1.0, 2000),
    "below normal numbers": RNG.uniform(-745.1, -708.0, 1000),
}
ARGUMENTS = {
    "shares": RNG.uniform(0.0, 1.0, 4000),
    "near 1": 1.0 + RNG.choice([-1.0, 1.0], 4000) * 10.0 ** RNG.uniform(-15.0, -1.0, 4000),
    "wide": 10.0 ** RNG.uniform(-307.0, 308.0, 4000),
    "below normal numbers": RNG.integers(1, 2**52, 1000).astype(np.int64).view(np.float64),
}
EDGES = np.array([0.0, -0.0, 5e-324, 2.2e-308, 1.0, -1.0, 709.7827, 709.79, 1.7e308, -745.13, -745.14, -700.0, -701.0])
EDGES = np.concatenate((EDGES, [math.inf, -math.inf, math.nan]))


def units_apart(values, exact: list[Decimal]) -> float:
    """Return the largest distance of some doubles from exact values, in units in the last place of these."""
    with localcontext() as context:
        context.prec = 50
        return max(
            float(abs(Decimal(float(value)) - truth) / Decimal(float(np.spacing(abs(float(truth))))))
            for value, truth in zip(values, exact, strict=True)
        )


def exactly(x: float, of: str) -> Decimal:
    """Return exp, log or cos (in turns) of a double to 50 digits."""
    with localcontext() as context:
        context.prec = 50
        if of == "exp":
            return Decimal(x).exp()
        if of == "log":
            return Decimal(x).ln()
        angle = (Decimal(x) - round(Decimal(x))) * TURN
        term, total, k = Decimal(1), Decimal(1), 0
        while abs(term) > Decimal("1e-55"):
            k += 2
            term *= -angle * angle / (k * (k - 1))
            total += term
        return total


@pytest.mark.parametrize("where", EXPONENTS)
def test_exp_errs_by_less_than_a_unit_in_the_last_place(where):
    x = EXPONENTS[where]
    assert units_apart([exp(one) for one in x.tolist()], [exactly(one, "exp") for one in x.tolist()]) < 1.0


@pytest.mark.parametrize("where", ARGUMENTS)
def test_log_errs_by_less_than_a_unit_in_the_last_place(where):
    x = ARGUMENTS[where]
    assert units_apart([log(one) for one in x.tolist()], [exactly(one, "log") for one in x.tolist()]) < 1.0


@pytest.mark.parametrize(
    "turns",
    [(RNG.integers(0, 2**32, 3000) + 0.5) * 2.0**-32, RNG.uniform(-3.0, 3.0, 3000), RNG.uniform(0.2499, 0.2501, 500)],
    ids=["draws", "any", "a quarter"],
)
def test_the_cosine_errs_by_less_than_a_unit_in_the_last_place(turns):
    assert units_apart([cos_turns(u) for u in turns.tolist()], [exactly(u, "cos") for u in turns.tolist()]) < 1.0


def test_the_sine_is_the_cosine_a_quarter_before():
    for word in RNG.integers(0, 2**32, 500).tolist():
        u = unit(word)
        truth = exactly(u - 0.25, "cos")
        assert units_apart([sin_turns(u)], [truth]) < 1.0


@pytest.mark.parametrize(("x", "value"), [(0.0, 1.0), (-math.inf, 0.0), (-800.0, 0.0), (800.0, math.inf)])
def test_exp_at_the_edges(x, value):
    assert exp(x) == value


def test_exp_reaches_from_the_least_double_to_the_largest():
    assert exp(709.782712893384) == pytest.approx(1.7976931348622732e308, rel=1e-15)
    assert exp(709.7827128933841) == math.inf
    assert exp(-745.1332191019411) == 5e-324
    assert exp(-745.1332191019412) == 0.0


@pytest.mark.parametrize(("x", "value"), [(1.0, 0.0), (0.0, -math.inf), (-0.0, -math.inf), (math.inf, math.inf)])
def test_log_at_the_edges(x, value):
    assert log(x) == value


@pytest.mark.parametrize("value", [exp(math.nan), log(math.nan), log(-1.0), log(-math.inf), cos_turns(math.inf)])
def test_what_has_no_value_is_not_a_number(value):
    assert math.isnan(value)


def test_quarters_of_a_turn_are_exact():
    assert [cos_turns(k / 4) for k in range(-4, 5)] == [1.0, 0.0, -1.0, 0.0, 1.0, 0.0, -1.0, 0.0, 1.0]


def test_arrays_have_the_bits_of_single_numbers():
    x = np.concatenate((*EXPONENTS.values(), *ARGUMENTS.values(), -ARGUMENTS["wide"], EDGES))
    assert exps(x).tobytes() == np.array([exp(one) for one in x.tolist()]).tobytes()
    logarithms = np.array([log(one) for one in x.tolist()])
    assert np.array_equal(logs(x), logarithms, equal_nan=True)  # bits of a NaN are of no account
    assert exps(x.reshape(2, -1)).shape == (2, len(x) // 2)


def test_plain_python_has_the_bits_of_compiled_code():
    for x in EXPONENTS["usual"][:300].tolist():
        assert float(exp.py_func(x) if hasattr(exp, "py_func") else exp(x)) == exps([x])[0]


@pytest.mark.parametrize("x", [-1e-20, 1e-300, 0.0, -0.3, 0.49, 0.6, 3.0, -30.0])
def test_differences_from_1_are_exact_near_0(x):
    assert expm1s([x])[0] == pytest.approx(math.expm1(x), rel=1e-15, abs=0.0)
    if x > -1.0:
        assert log1ps([x])[0] == pytest.approx(math.log1p(x), rel=1e-15, abs=0.0)


def test_nothing_is_left_of_the_whole():
    assert log1ps([-1.0])[0] == -math.inf
    assert expm1s([-math.inf])[0] == -1.0


def test_a_product_sums_its_columns_in_order():
    left, right = RNG.normal(size=(7, 5)), RNG.normal(size=(3, 5))
    by_hand = np.zeros((7, 3))
    for i in range(7):
        for j in range(3):
            for k in range(5):
                by_hand[i, j] += left[i, k] * right[j, k]
    assert product(left, right).tobytes() == by_hand.tobytes()
    assert product(left, right) == pytest.approx(left @ right.T)
