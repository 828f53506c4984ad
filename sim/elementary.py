"""exp, log and cos by arithmetic alone: the same last bit on every processor, system and browser.

A platform's own functions differ in the last place: those of glibc do so between processors with and without fused
multiply-adds. These use only what IEEE 754 defines to the last bit (+, -, *, comparisons and bits), no library, and no
fused operation. `exp` and `log` are table-driven (Tang 1989, doi 10.1145/63522.214389; 1990, doi 10.1145/98267.98294):
the argument is reduced to a short interval around a point whose value is known beyond double precision, and a short
polynomial does the rest. The tables come from `decimal`, whose exp and ln are correctly rounded everywhere.

Every error is below one unit in the last place. `exps` and `logs` are the forms for arrays, with the same bits.
"""

import math
from collections.abc import Sequence
from decimal import Context, Decimal, localcontext
from typing import Any, Final

import numpy as np

from sim.kernel import kernel, phase

Floats = np.ndarray[Any, np.dtype[np.float64]]

_STEPS: Final = 128
"""Points of each table."""
_DIGITS: Final = 40


def _coarse(value: Decimal) -> float:
    """Return a number to 40 binary places, so that its sums and products with small whole numbers are exact."""
    return float(round(value * 2**40)) / 2**40


def _parts(values: Sequence[Decimal]) -> tuple[Floats, Floats]:
    """Return each value to 40 binary places, and the rest."""
    coarse = [_coarse(value) for value in values]
    return np.array(coarse), np.array([float(v - Decimal(c)) for v, c in zip(values, coarse, strict=True)])


with localcontext(Context(prec=_DIGITS)):
    _LN2: Final = Decimal(2).ln()
    _STEP: Final = _LN2 / _STEPS
    _STEPS_OF_ONE: Final = float(1 / _STEP)
    (_STEP_HIGH, _LN2_HIGH), (_STEP_LOW, _LN2_LOW) = (each.tolist() for each in _parts([_STEP, _LN2]))
    _exact: Final = [(_STEP * i).exp() for i in range(_STEPS)]
    _POWER: Final = np.array([float(value) for value in _exact]).view(np.int64)
    """Bits of 2**(i / 128)."""
    _POWER_REST: Final = np.array([float(value / Decimal(float(value)) - 1) for value in _exact])
    """What the double lacks of the power, relative to it."""
    _POINT: Final = (0x3FE6800000000000 + (np.arange(_STEPS) << 45) + (1 << 44)).view(np.float64)
    """Middles of equal steps of the bits from 0.703 up to twice that."""
    _INVERSE: Final = np.array([float(1 / Decimal(point)) for point in _POINT.tolist()])
    _LN_HIGH, _LN_LOW = _parts([Decimal(point).ln() for point in _POINT.tolist()])

_WHOLE: Final = 6755399441055744.0
"""1.5 * 2**52: adding it rounds to a whole number, which then stands in the lowest bits."""
_52: Final = np.int64(52)
_45: Final = np.int64(45)
_7: Final = np.int64(7)
_2: Final = np.int64(2)
_1: Final = np.int64(1)
_0: Final = np.int64(0)
_200: Final = np.int64(200)
_WITHIN: Final = np.int64(_STEPS - 1)
_FROM: Final = np.int64(0x3FE6800000000000)
_EXPONENT: Final = np.int64(-1) << _52
_LEAST: Final = 2.0**-1022
_HIGHEST: Final = 709.782712893384
"""From the next number on, exp(x) is above all doubles."""
_LOWEST: Final = -745.1332191019411
"""Up to the number before, exp(x) is nearer to 0 than to any other double."""
_EXACT: Final = 700.0
"""Up to this size of the argument, exp(x) and the last places of its sums are normal numbers."""
_NEAR: Final = 0.03125
"""So near to 1 the logarithm is a polynomial of x - 1: from the table, its rounding would weigh too much."""
_NEAR_FROM: Final = np.float64(1.0 - _NEAR).view(np.int64)
_NEAR_TO: Final = np.float64(1.0 + _NEAR).view(np.int64)


@kernel
def _scaled_exp(x: float, twos: Any) -> float:
    """Return exp(x) / 2**twos, which must be a normal number."""
    whole = x * _STEPS_OF_ONE + _WHOLE
    bits = np.float64(whole).view(np.int64)
    steps = whole - _WHOLE
    r = (x - steps * _STEP_HIGH) - steps * _STEP_LOW
    i = bits & _WITHIN
    power = np.int64(_POWER[i] + (((bits >> _7) - twos) << _52)).view(np.float64)
    q = r * r
    growth = _POWER_REST[i] + r + q * (0.5 + r * (1.0 / 6.0)) + q * q * (1.0 / 24.0 + r * (1.0 / 120.0))
    return power + power * growth


@kernel
def exp(x: float) -> float:
    """E to the power x: 0 below -745.14, infinite above 709.78, NaN for NaN."""
    if not -_EXACT <= x <= _EXACT:
        return _far_exp(x)
    return _scaled_exp(x, _0)


@phase
def _far_exp(x: float) -> float:
    """Return exp(x) for NaN, and for arguments whose result is close to the largest double or below normal numbers."""
    if not x <= _HIGHEST:
        return x + math.inf
    if x < _LOWEST:
        return 0.0
    if x > 0.0:
        return _scaled_exp(x, _200) * 2.0**200
    return _scaled_exp(x, -_200) * 2.0**-200


@kernel
def _near_log(r: float) -> float:
    """Return log(1 + r) for |r| <= `_NEAR`."""
    q = r * r
    low = q * (1.0 / 3.0 - r * 0.25) + q * q * (0.2 - r * (1.0 / 6.0) + q * (1.0 / 7.0 - r * 0.125))
    high = 1.0 / 9.0 - r * 0.1 + q * (1.0 / 11.0 - r * (1.0 / 12.0))
    return r + (r * (low + q * q * q * q * high) - 0.5 * q)


@kernel
def log(x: float) -> float:
    """Natural logarithm: -infinite at 0, NaN below 0 and for NaN."""
    if not _LEAST <= x < math.inf:
        return _far_log(x)
    if _NEAR_FROM <= np.float64(x).view(np.int64) <= _NEAR_TO:
        return _near_log(x - 1.0)
    return _table_log(x, 0.0)


@kernel
def _table_log(x: float, twos: float) -> float:
    """Return log(x) + twos log(2) for a normal x that is not near 1."""
    bits = np.float64(x).view(np.int64)
    place = bits - _FROM
    i = (place >> _45) & _WITHIN
    r = (np.int64(bits - (place & _EXPONENT)).view(np.float64) - _POINT[i]) * _INVERSE[i]
    twos = twos + np.float64(place >> _52)
    q = r * r
    rest = (q * -0.5 + (twos * _LN2_LOW + _LN_LOW[i])) + q * (
        r * (1.0 / 3.0) + q * (-0.25 + r * 0.2) + q * q * (-1.0 / 6.0 + r * (1.0 / 7.0))
    )
    high = twos * _LN2_HIGH + _LN_HIGH[i]
    whole = high + r
    return whole + ((high - whole + r) + rest)


@phase
def _far_log(x: float) -> float:
    """Return log(x) for what is no normal number above 0."""
    if x > 0.0 and x < math.inf:
        return _table_log(x * 2.0**54, -54.0)
    if x == 0.0:
        return -math.inf
    return x if x > 0.0 else math.nan


_TURN: Final = Decimal("6.28318530717958647692528676655900576839433879875")
_TURN_HIGH: Final = float(round(_TURN * 2**23)) / 2**23
_TURN_LOW: Final = float(_TURN - Decimal(_TURN_HIGH))
_SPLIT: Final = 2.0**27 + 1.0
"""Factor that splits a double into two halves of 26 bits, whose products are exact (Dekker 1971)."""
_MOST_TURNS: Final = 2.0**40


@kernel
def cos_turns(u: float) -> float:
    """cos(2 pi u), u an angle in turns; NaN beyond 2**40 turns.

    The polynomials on an eighth of a turn are those of fdlibm (Sun Microsystems 1993).
    """
    if not -_MOST_TURNS <= u <= _MOST_TURNS:
        return math.nan
    whole = 4.0 * u + _WHOLE
    quarters = np.float64(whole).view(np.int64)
    r = u - 0.25 * (whole - _WHOLE)
    upper = r * _SPLIT
    upper -= upper - r
    high = upper * _TURN_HIGH
    low = (r - upper) * _TURN_HIGH + r * _TURN_LOW
    x = high + low
    low -= x - high
    value = _near_sine(x, low) if quarters & _1 else _near_cosine(x, low)
    return -value if (quarters + _1) & _2 else value


@kernel
def sin_turns(u: float) -> float:
    """sin(2 pi u), u an angle in turns of which u - 1/4 is exact, as for a draw."""
    return cos_turns(u - 0.25)


@kernel
def _near_cosine(x: float, low: float) -> float:
    """Return cos(x + low) for |x| <= pi / 4 and |low| below a unit in the last place of x."""
    z = x * x
    terms = -2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 - z * 1.13596475577881948265e-11)
    terms = 4.16666666666666019037e-02 + z * (
        -1.38888888888741095749e-03 + z * (2.48015872894767294178e-05 + z * terms)
    )
    half = 0.5 * z
    first = 1.0 - half
    return first + ((1.0 - first - half) + (z * z * terms - x * low))


@kernel
def _near_sine(x: float, low: float) -> float:
    """Return sin(x + low) for |x| <= pi / 4 and |low| below a unit in the last place of x."""
    z = x * x
    terms = -2.50507602534068634195e-08 + z * 1.58969099521155010221e-10
    terms = 8.33333333332248946124e-03 + z * (
        -1.98412698298579493134e-04 + z * (2.75573137070700676789e-06 + z * terms)
    )
    return x + (low + z * x * (-1.66666666666666324348e-01 + z * terms))


def _plain(compiled: Any) -> Any:
    """Return a kernel as the Python function it was made from, which also takes arrays."""
    return getattr(compiled, "py_func", compiled)


def _mended(values: Floats, x: Floats, where: Any, scalar: Any) -> Floats:
    """Replace some values by those of the function for single numbers."""
    for place in np.flatnonzero(where):
        values.flat[place] = scalar(float(x.flat[place]))
    return values


def exps(x: Any) -> Floats:
    """Return `exp` of each element of an array, float and of any shape."""
    x = np.asarray(x, np.float64)
    usual = np.abs(x) <= _EXACT
    powers = np.where(x < _LOWEST, 0.0, _plain(_scaled_exp)(np.where(usual, x, 0.0), _0))
    return _mended(powers, x, ~(usual | (x < _LOWEST)), exp)


def logs(x: Any) -> Floats:
    """Return `log` of each element of an array, float and of any shape."""
    x = np.asarray(x, np.float64)
    usual = (x >= _LEAST) & (x < math.inf)
    inside = np.where(usual, x, 1.0)
    away = inside - 1.0
    near = np.abs(away) <= _NEAR
    values = np.where(near, _plain(_near_log)(np.where(near, away, 0.0)), _plain(_table_log)(inside, 0.0))
    return _mended(values, x, ~usual, log)


def log1ps(x: Any) -> Floats:
    """Return log(1 + x) of each element of an array, exact to a few units in the last place also near 0 (Kahan)."""
    x = np.asarray(x, np.float64)
    whole = 1.0 + x
    kept = whole - 1.0
    return np.where(kept == 0.0, x, logs(whole) * (x / np.where(kept == 0.0, 1.0, kept)))


def expm1s(x: Any) -> Floats:
    """Return exp(x) - 1 of each element of an array, exact to a few units in the last place also near 0 (Kahan)."""
    x = np.asarray(x, np.float64)
    power = exps(x)
    small = np.abs(x) < 0.5
    near = small & (power != 1.0)
    quotient = x / np.where(near, logs(np.where(near, power, 2.0)), 1.0)
    return np.where(small, np.where(near, (power - 1.0) * quotient, x), power - 1.0)


def product(left: Floats, right: Floats) -> Floats:
    """Return the matrix product of `left` and `right` transposed, summed from the first column to the last.

    The last bits of a product by a library of linear algebra depend on the processor, and on the number of rows.
    """
    total = np.zeros((len(left), len(right)))
    for one, other in zip(left.T, right.T, strict=True):
        total += np.multiply.outer(one, other)
    return total
