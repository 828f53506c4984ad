"""Quantiles of the laws that users are drawn from, by arithmetic and `sim.elementary` alone.

Libraries differ in the last places of such functions, by version and by processor; these give the same bits anywhere.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

import numpy as np

from sim.elementary import Floats, exps, log, logs

POINTS: Final = 2049
"""Points of a table of quantiles, at the shares (k + 1/2) / `POINTS`."""
_SHARES: Final = (np.arange(POINTS) + 0.5) / POINTS
_NARROW: Final = 1e4
"""Size of a beta law (a + b), or shape of a gamma law, from which on the law is expanded about the normal law."""
_STEPS: Final = 100
_SOME: Final = 100
"""About how many quantiles of a table are solved first."""
_CLOSE: Final = 1e-7
_CLOSE_TO_SOME: Final = 1e-4
"""Newton's method ends with a step below this; its error is about the square."""
_TOGETHER: Final = 8
_LAST: Final = 1e-17
"""A sum ends when its last term is below this share of it, which is looked at after every `_TOGETHER` terms."""
_STIRLING: Final = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)
_LOG_2: Final = 0.6931471805599453
_HALF_LOG_TURN: Final = 0.9189385332046727
"""log(2 pi) / 2."""

# Wichura 1988 (AS 241, doi 10.2307/2347330): numerators and denominators from the constant up, in the middle and
# beyond. His third pair is for shares below 1.4e-11, which neither a draw nor a table reaches.
# fmt: off
_MIDDLE: Final = (
    (3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
     4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3),
    (1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3),
)
_OUTSIDE: Final = (
    (1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
     1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4),
    (1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9),
)
# Hart et al. 1968, function 5666, as in West 2005: numerator and denominator from the constant up.
_TAIL: Final = (
    (220.2068679123761, 221.2135961699311, 112.0792914978709, 33.91286607838300, 6.373962203531650,
     0.7003830644436881, 0.03526249659989109),
    (440.4137358247522, 793.8265125199484, 637.3336333788311, 296.5642487796737, 86.78073220294608,
     16.06417757920695, 1.755667163182642, 0.08838834764831844),
)
# fmt: on


def _polynomial(terms: tuple[float, ...], x: Any) -> Any:
    """Return the value of a polynomial, its terms from the constant up."""
    value = terms[-1] + 0.0 * x
    for term in terms[-2::-1]:
        value = value * x + term
    return value


def normal_score(share: Any) -> Floats:
    """Return the standard normal quantile at shares from 1e-10 to 1 - 1e-10, to some 1e-15 of itself."""
    share = np.asarray(share, np.float64)
    away = share - 0.5
    middle = np.abs(away) <= 0.425
    q = 0.180625 - np.where(middle, away, 0.0) ** 2
    inside = away * _polynomial(_MIDDLE[0], q) / _polynomial(_MIDDLE[1], q)
    r = np.sqrt(-logs(np.where(middle, 0.05, np.minimum(share, 1.0 - share)))) - 1.6
    beyond = np.copysign(_polynomial(_OUTSIDE[0], r) / _polynomial(_OUTSIDE[1], r), away)
    return np.where(middle, inside, beyond)


def normal_share(score: Any) -> Floats:
    """Return the share of a standard normal law below a score, to some 1e-12; 0 and 1 from 7 deviations on."""
    score = np.asarray(score, np.float64)
    z = np.minimum(np.abs(score), 7.0)
    tail = exps(-0.5 * z * z) * _polynomial(_TAIL[0], z) / _polynomial(_TAIL[1], z)
    tail = np.where(np.abs(score) < 7.0, tail, 0.0)
    return np.where(score > 0.0, 1.0 - tail, tail)


def gamma_quantiles(mean: float, sd: float) -> Floats:
    """Return the quantiles of a gamma law at the shares of a table, shape (`POINTS`,)."""
    shape = mean * mean / (sd * sd)
    if shape > _NARROW:
        return _expanded(mean, sd, 2.0 / float(np.sqrt(shape)), 6.0 / shape)

    norm = log_gamma(shape + 1.0)

    def below(y: Floats) -> tuple[Floats, Floats]:
        x = exps(y)
        terms = _sum(x, lambda n: 1.0 / (shape + n))
        return shape * y - x - norm + logs(terms), shape / terms

    return _lowest(POINTS, below, (_goals() + norm) / shape) * (sd * sd / mean)


def beta_quantiles(mean: float, sd: float) -> Floats:
    """Return the quantiles of a beta law on [0, 1] at the shares of a table, shape (`POINTS`,)."""
    size = mean * (1.0 - mean) / (sd * sd) - 1.0
    a, b = mean * size, (1.0 - mean) * size
    if size > _NARROW:
        skew = 2.0 * (b - a) * float(np.sqrt(size + 1.0)) / ((size + 2.0) * float(np.sqrt(a * b)))
        excess = 6.0 * ((a - b) * (a - b) * (size + 1.0) - a * b * (size + 2.0)) / (a * b * (size + 2.0) * (size + 3.0))
        return _expanded(mean, sd, skew, excess)
    # The share on the side of 1/2 where the mean is not, because the sum for the other side may be beyond all doubles.
    (tail,), _ = _beta_below(max(a, b), min(a, b))(np.array([-_LOG_2]))
    share = float(exps(tail)) if a > b else 1.0 - float(exps(tail))
    left = int(np.count_nonzero(share >= _SHARES))
    return np.concatenate((_lower(a, b, left), 1.0 - _lower(b, a, POINTS - left)[::-1]))


def _lower(a: float, b: float, n: int) -> Floats:
    """Return the lowest n quantiles of a beta law, which are at most 1/2.

    log I over y = log x is concave where b > 1 and convex where b < 1, and x**a / (a B) lies above it or below it, so
    that Newton's method comes to the solution from one side.
    """
    start = np.minimum((_goals()[:n] + _log_norm(a, b)) / a, -_LOG_2)
    return _lowest(n, _beta_below(a, b), start)


def _log_norm(a: float, b: float) -> float:
    """Return log(a B(a, b))."""
    return log_gamma(a + 1.0) + log_gamma(b) - log_gamma(a + b)


def _expanded(mean: float, sd: float, skew: float, excess: float) -> Floats:
    """Return quantiles of a narrow law from its moments (Cornish & Fisher 1938)."""
    z = normal_score(_SHARES)
    bend = (z * z - 1.0) * (skew / 6.0) + (z * z - 3.0) * z * (excess / 24.0)
    bend -= (2.0 * z * z - 5.0) * z * (skew * skew / 36.0)
    return mean + sd * (z + bend)


def log_gamma(x: float) -> float:
    """Return the logarithm of the gamma function of a number above 0 (Stirling's series from 16 on)."""
    below = 1.0
    while x < 16.0:
        below *= x
        x += 1.0
    series = _polynomial(_STIRLING, 1.0 / (x * x)) / x
    return float((x - 0.5) * log(x) - x + _HALF_LOG_TURN + series - log(below))


def _sum(x: Floats, ratio: Callable[[int], float]) -> Floats:
    """Return 1 + r1 x + r1 r2 x^2 + ..., of ratios r above 0; the terms fall in the end."""
    term, total, factor, n = np.ones_like(x), np.ones_like(x), np.empty_like(x), 1
    while n % _TOGETHER != 1 or n == 1 or (term > _LAST * total).any():
        np.multiply(x, ratio(n), out=factor)
        term *= factor
        total += term
        n += 1
    return total


Below = Callable[[Floats], tuple[Floats, Floats]]
"""The logarithm of the share below exp(y) at some y, and its slope."""


def _beta_below(a: float, b: float) -> Below:
    """Return the function of y that gives log I_x(a, b), the share of a beta law below x = exp(y), and its slope."""
    norm = _log_norm(a, b)

    def below(y: Floats) -> tuple[Floats, Floats]:
        x = exps(y)
        terms = _sum(x, lambda n: (a + b + (n - 1)) / (a + n))
        return a * y + b * logs(1.0 - x) - norm + logs(terms), a / ((1.0 - x) * terms)

    return below


@cache
def _scores() -> Floats:
    """Return the normal scores of the shares of a table."""
    return normal_score(_SHARES)


@cache
def _goals() -> Floats:
    """Return the logarithms of the shares of a table."""
    return logs(_SHARES)


@cache
def _some() -> Any:
    """Return places of a table at about even distances in the normal score, the first place among them."""
    even = np.linspace(-_scores()[-1], _scores()[-1], _SOME)
    return np.unique(np.searchsorted(_scores(), even).clip(0, POINTS - 1))


def _lowest(n: int, below: Below, start: Floats) -> Floats:
    """Return the lowest n quantiles of a table: exp(y), where the logarithm of the share below is that of the table.

    Some are solved first; a cubic between them over the normal score (Hermite) is so close that a step or two suffice.
    """
    goals, z = _goals()[:n], _scores()[:n]
    if n <= _SOME:
        return exps(_solved(below, goals, start)[0])
    some = np.append(_some()[_some() < n - 1], n - 1)
    y, slope = _solved(below, goals[some], start[some], _CLOSE_TO_SOME)
    tilt = exps(-0.5 * z[some] * z[some] - _HALF_LOG_TURN - goals[some]) / slope
    after = np.searchsorted(some, np.arange(n)).clip(1)
    width = z[some[after]] - z[some[after - 1]]
    t = (z - z[some[after - 1]]) / width
    first, last = tilt[after - 1] * width, tilt[after] * width
    rise = y[after] - y[after - 1]
    near = y[after - 1] + t * (first + t * (3.0 * rise - 2.0 * first - last + t * (first + last - 2.0 * rise)))
    return exps(_solved(below, goals, near)[0])


def _solved(below: Below, goal: Floats, y: Floats, close: float = _CLOSE) -> tuple[Floats, Floats]:
    """Return y at which the logarithm of the share is the goal, by Newton's method, and its slope there."""
    for _ in range(_STEPS):
        value, slope = below(y)
        step = (goal - value) / slope
        y = y + step
        if (np.abs(step) < close).all():
            break
    return y, slope
