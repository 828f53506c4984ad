"""Split the spread of a policy's effect into chance and ignorance.

There are K draws of the uncertain parameters, with R paired replicates of every policy in each, under other seeds in
every draw. Within a draw, effects differ by chance, which more replicates average out. Between draws, they differ
because nobody knows the parameters, which more replicates cannot change. If draws shared their seeds, a lucky seed
would move all draws alike, and the intervals here would be too narrow. All results hold for the ranges from which the
parameters are drawn; shares of parameter values are probabilities only as far as these ranges show how likely each is.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.statistics.differences import by_scenario, order_of
from experiments.statistics.intervals import ALONE, Array, student
from experiments.statistics.numbers import percent
from experiments.statistics.paired import differences_of, paired_interval, paired_p
from experiments.statistics.verdict import FEWEST, differing
from sim.language import later, say
from sim.outcomes.catalogue import Better

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

CAUTION: Final = later(
    "Share of the parameter values, not of centres: a probability only so far as the ranges drawn from say how likely "
    "each value is, and only if the model is right."
)
_HALVINGS: Final = 28
_NAN: Final = float("nan")


@dataclass(frozen=True, slots=True)
class Split:
    """A policy's effect (policy minus base), with its variance split into chance and ignorance.

    Parameters
    ----------
    draws, pairs, dropped : int
        Numbers of draws with a complete pair, of complete pairs, and of pairs left out because a run is missing.
    differ : int
        Number of draws in which a pair differs. From at least `FEWEST` draws of which fewer differ, too little is known
        of the law of effects: intervals, shares and tests over draws are then NaN.
    effect : float
        Mean over draws of the mean difference in a draw.
    low, high : float
        95 % interval of `effect` over draws; it covers chance and the choice of draws. The hull of the t interval from
        the analysis of variance and of `paired_interval` over the means of draws, which may be skewed. NaN, as all
        other intervals, when no pair differs from another.
    chance : float
        Variance of the paired difference between replicates of a draw; NaN with one replicate in each draw.
    ignorance : float
        Variance of the effect between draws, without the part due to chance; 0 when `estimate` is negative.
    estimate : float
        The estimate of `ignorance`, which may be negative.
    truncated : bool
        Whether `estimate` is negative: draws differ less than chance alone would make them.
    share_ignorance, share_low, share_high : float
        `ignorance` / (`ignorance` + `chance`), its share in the variance of the difference of a pair, with its 95 %
        interval from the F law (Searle, Casella and McCulloch 1992, section 3.6), cut off at 0; NaN when truncated.
    p : float
        p of the F test that draws differ by chance alone; NaN with one replicate in each draw.
    predicted_low, predicted_high : float
        95 % prediction interval of the effect, without chance, at a new draw of parameters. With one replicate in each
        draw chance cannot be separated, and the interval is too wide.
    share_better : float
        Share of parameter values at which the policy does better than the base, by the model of the prediction
        interval, a normal law: between 2.5 and 97.5 % while that interval holds 0. NaN when neither direction is
        better, and when truncated. See `CAUTION`.
    p_both : float
        p of the test that no draw has an effect above 0, or none below (`_both_sides`). NaN with one replicate in each
        draw.
    at_defaults, shift, shift_low, shift_high, p_shift : float
        Mean effect at the default parameters; `effect` minus it, with its 95 % interval and p (`_shift`). NaN without
        runs at the defaults; no p with fewer than `FEWEST` draws that differ, or runs that differ there.
    p_effect : float
        p of the test over draws that `effect` is 0, below 5 % exactly if `low` to `high` excludes 0; NaN with fewer
        than `FEWEST` draws that differ.
    p_turned : float
        p of the test that `effect` and `at_defaults` do not have opposite signs: the larger p of the two tests against
        0; 1 when both lie on one side; NaN as `p_shift`.
    """

    scenario: str
    base: str
    draws: int
    differ: int
    pairs: int
    dropped: int
    effect: float
    low: float
    high: float
    chance: float
    ignorance: float
    estimate: float
    truncated: bool
    share_ignorance: float
    share_low: float
    share_high: float
    p: float
    predicted_low: float
    predicted_high: float
    share_better: float
    p_effect: float
    p_both: float
    at_defaults: float = _NAN
    shift: float = _NAN
    shift_low: float = _NAN
    shift_high: float = _NAN
    p_shift: float = _NAN
    p_turned: float = _NAN

    def words(self) -> str:
        """Return a sentence on where the spread between pairs comes from; empty when no pair differs."""
        if not self.differ and self.draws >= FEWEST:
            return ""
        if np.isnan(self.chance):
            return say("One replicate for each draw does not separate chance from unmeasured numbers.")
        if self.draws < FEWEST:
            return say(
                "Fewer than {fewest} draws are too few to say where the spread between pairs comes from.",
                fewest=FEWEST,
            )
        if self.differ < FEWEST:
            return say("Too few draws differ to say where the spread between pairs comes from.")
        if self.truncated:
            return say(
                "Over the {draws} draws it differs by less than chance alone would make it (the estimate of the "
                "variance between draws is negative and taken as 0).",
                draws=self.draws,
            )
        if np.isnan(self.share_ignorance):
            return say("All {pairs} pairs of runs differ by the same.", pairs=self.pairs)
        shares = {
            "share": percent(self.share_ignorance),
            "low": percent(self.share_low),
            "high": percent(self.share_high),
        }
        if self.p > ALONE:
            return say(
                "About {share} ({low} to {high}) of the spread between pairs comes from numbers nobody has measured, "
                "the rest from chance; chance alone may explain all of it (p = {p:.2f}).",
                **shares,
                p=self.p,
            )
        return say(
            "About {share} ({low} to {high}) of the spread between pairs comes from numbers nobody has measured, the "
            "rest from chance.",
            **shares,
        )


def split(
    values: "pd.DataFrame", better: Better, base: str | None = None, default: "pd.DataFrame | None" = None
) -> list[Split]:
    """Split the variance of each policy's effect by one-way random-effects analysis of variance over draws.

    Parameters
    ----------
    values : DataFrame
        Columns `draw`, `replicate`, `scenario`, `value`; one row for each run. Runs of the same draw and replicate
        share a seed, runs of different draws do not.
    better : "lower", "higher" or "neither"
    base : str, optional
        By default the first scenario.
    default : DataFrame, optional
        Runs at the default parameters, under other seeds again: columns `replicate`, `scenario`, `value`.

    Notes
    -----
    Model: difference_kr = effect + d_k + e_kr with variances ignorance (d) and chance (e). With n_k pairs in draw k and
    n' = (N - sum n_k^2 / N) / (K - 1): chance = MS within; ignorance = (MS between - MS within) / n' (Searle, Casella
    and McCulloch 1992, section 3.6). V = (ignorance + chance mean(1 / n_k)) / K is the variance of the mean over draws.
    The prediction interval is effect ± t_{K-1} sqrt(ignorance + V) (Higgins, Thompson and Spiegelhalter 2009).

    Raises
    ------
    ValueError
        When a column or a second scenario is missing, or a run appears twice.
    """
    first, *others = order_of(values, base)
    wide = by_scenario(values, "value", ["draw", "replicate"])
    there = None if default is None else by_scenario(default, "value")
    return [_split(wide[[first, other]], better, None if there is None else there[[first, other]]) for other in others]


def _split(both: "pd.DataFrame", better: Better, default: "pd.DataFrame | None") -> Split:
    kept = both.dropna()
    names = [str(name) for name in both.columns]
    numbers = kept.to_numpy(float)
    differences = differences_of(numbers[:, 0], numbers[:, 1])
    _, draw = np.unique(kept.index.get_level_values("draw"), return_inverse=True)
    sizes = np.bincount(draw).astype(float)
    K, N = len(sizes), len(differences)
    differ = len(np.unique(draw[differences != 0.0]))
    with np.errstate(invalid="ignore"):
        means = np.bincount(draw, differences) / sizes
        effect = float(means.mean()) if K else _NAN
    varies = N > 0 and bool(np.ptp(differences) > 0.0)
    chance = ignorance = estimate = low = high = _NAN
    predicted_low = predicted_high = p = p_effect = is_better = _NAN
    share = (_NAN, _NAN, _NAN)
    shifted: tuple[float, ...] = (_NAN,) * 6
    if K > 1:
        within = float(((differences - means[draw]) ** 2).sum()) if varies else 0.0
        between = float((sizes * (means - differences.mean()) ** 2).sum()) if varies else 0.0
        if N > K:
            chance = within / (N - K)
            size = (N - float((sizes**2).sum()) / N) / (K - 1)
            estimate = (between / (K - 1) - chance) / size
            ignorance = max(0.0, estimate)
            of_mean = (ignorance + chance * float((1.0 / sizes).mean())) / K
            spread = ignorance + of_mean
        else:
            of_mean = between / (K - 1) / K
            spread = between / (K - 1) + of_mean
        is_known = differ >= FEWEST or K < FEWEST
        if is_known and N > K:
            share = _share(between / (K - 1), chance, K - 1, N - K, size)
            p = _f_test(between / (K - 1), chance, K - 1, N - K)
        if is_known and varies:
            half = student(K) * spread**0.5
            low, high = _interval(means, of_mean)
            predicted_low, predicted_high = effect - half, effect + half
            is_better = _NAN if estimate < 0.0 else _share_better(effect, spread, K - 1, better)
        if differ >= FEWEST:
            p_effect = _p(means, of_mean)
        if default is not None:
            shifted = _shift(means, of_mean, p_effect, default)
    return Split(
        names[1], names[0], K, differ, N, len(both) - len(kept), effect, low, high, chance, ignorance, estimate,
        bool(estimate < 0.0), *share, p, predicted_low, predicted_high, is_better, p_effect,
        _both_sides(differences, draw), *shifted,
    )  # fmt: skip


def _interval(means: Array, of_mean: float, level: float = ALONE) -> tuple[float, float]:
    """Return the interval of the mean over draws; `of_mean` is its variance by the analysis of variance."""
    effect, half = float(means.mean()), student(len(means), level) * of_mean**0.5
    ends = [effect - half, effect + half, *(end for end in paired_interval(means, level) if np.isfinite(end))]
    return min(ends), max(ends)


def _p(means: Array, of_mean: float) -> float:
    """Return the two-sided p that the mean over draws is 0, as `_interval` has it."""
    from scipy.special import stdtr

    effect = abs(float(means.mean()))
    of_variance = float(2.0 * stdtr(len(means) - 1, -effect / of_mean**0.5)) if of_mean > 0.0 else 0.0
    return max(of_variance, paired_p(means))


def _f_test(between: float, within: float, upper: int, lower: int) -> float:
    """Return the p of an F test; NaN when nothing varies."""
    from scipy.special import fdtrc

    if not within > 0.0:
        return 0.0 if between > 0.0 else _NAN
    return float(fdtrc(upper, lower, between / within))


def _share(between: float, within: float, upper: int, lower: int, size: float) -> tuple[float, float, float]:
    """Return the share of ignorance, with its interval; NaN when the estimate is below 0 or nothing varies."""
    from scipy.special import fdtri

    if between < within or not between > 0.0:
        return _NAN, _NAN, _NAN
    if not within > 0.0:
        return 1.0, 1.0, 1.0
    f = between / within
    ratios = (f, f / float(fdtri(upper, lower, 1.0 - ALONE / 2.0)), f / float(fdtri(upper, lower, ALONE / 2.0)))
    share, low, high = (max(0.0, (ratio - 1.0) / (size + ratio - 1.0)) for ratio in ratios)
    return share, low, high


def _both_sides(differences: Array, draw: "NDArray[np.intp]") -> float:
    """Return the p of the test that no draw has an effect above 0, or none below.

    Half of the replicates of each draw chooses the draws that seem to lie on a side, and the other half tests them
    there: a one-sided test over at least `FEWEST` draws that differ, and the larger p of the two sides. As it does not
    see what chose, no luck and no law of effects can put a draw on the other side. The halves then change roles; the
    result is twice the smaller p. NaN when no draw has two replicates.
    """
    place = np.zeros(len(draw), dtype=int)
    order = np.argsort(draw, kind="stable")
    place[order] = np.arange(len(draw)) - np.searchsorted(draw[order], draw[order])
    sizes = np.bincount(draw)
    first = place < sizes[draw] // 2
    halves = []
    for half in (first, ~first):
        number = np.bincount(draw[half], minlength=len(sizes))
        halves.append(np.bincount(draw[half], differences[half], len(sizes))[sizes > 1] / number[sizes > 1])
    if not len(halves[0]):
        return _NAN
    one, two = halves
    p = [
        max(_above(test[sign * choice > 0.0] * sign) for sign in (-1.0, 1.0))
        for choice, test in ((one, two), (two, one))
    ]
    return min(1.0, 2.0 * min(p))


def _above(values: Array) -> float:
    """Return the one-sided p that the mean is not above 0; 1 for fewer than `FEWEST` values that differ from 0."""
    if differing(values) < FEWEST:
        return 1.0
    p = paired_p(values)
    return p / 2.0 if values.mean() > 0.0 else 1.0


def _share_better(effect: float, spread: float, freedom: int, better: Better) -> float:
    """Return the share of parameter values with an improvement; their effects follow t, scaled by the spread."""
    from scipy.special import stdtr

    if better == "neither":
        return _NAN
    gain = effect if better == "higher" else -effect
    return float(stdtr(freedom, gain / spread**0.5))


def _shift(means: Array, of_mean: float, p_effect: float, default: "pd.DataFrame") -> tuple[float, ...]:
    """Return the last six fields of a `Split`, from `at_defaults` on.

    The interval of the shift is the hull of Welch's (1947) and of that which the intervals of both means give (Zou and
    Donner 2008, Statistics in Medicine 27, 1693-1702), which keeps their skewness; p agrees with it.
    """
    numbers = default.dropna().to_numpy(float)
    there = differences_of(numbers[:, 0], numbers[:, 1])
    if not len(there):
        return (_NAN,) * 6
    effect, at_defaults = float(means.mean()), float(there.mean())
    shift = effect - at_defaults
    p_shift = p_turned = _NAN
    known = bool(np.isfinite(p_effect)) and differing(there) >= FEWEST
    if known:
        p_turned = max(paired_p(there), p_effect) if effect * at_defaults < 0.0 else 1.0
    of_defaults = float(there.var(ddof=1)) / len(there) if len(there) > 1 else _NAN
    total = of_mean + of_defaults
    if not total > 0.0 or not (known or len(means) < FEWEST or len(there) < FEWEST):
        return at_defaults, shift, _NAN, _NAN, _NAN, p_turned
    freedom = total**2 / (of_mean**2 / (len(means) - 1) + of_defaults**2 / (len(there) - 1))

    def ends(level: float) -> tuple[float, float]:
        here, base = _interval(means, of_mean, level), _interval(there, of_defaults, level)
        half = student(freedom + 1.0, level) * total**0.5
        below = max(half, float(np.hypot(effect - here[0], base[1] - at_defaults)))
        return shift - below, shift + max(half, float(np.hypot(here[1] - effect, at_defaults - base[0])))

    if known:
        p_shift = _level_at_0(ends)
    return at_defaults, shift, *ends(ALONE), p_shift, p_turned


def _level_at_0(ends: "Callable[[float], tuple[float, float]]") -> float:
    """Return the level at which an interval begins to exclude 0, by bisection of its logarithm."""
    lowest, highest = -15.0, 0.0
    for _ in range(_HALVINGS):
        middle = (lowest + highest) / 2.0
        low, high = ends(10.0**middle)
        lowest, highest = (middle, highest) if low <= 0.0 <= high else (lowest, middle)
    return float(10.0**highest)


__all__ = ["CAUTION", "Split", "split"]
