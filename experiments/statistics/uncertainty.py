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

from experiments.statistics.differences import by_scenario, differences_of, order_of
from experiments.statistics.intervals import ALONE, student
from sim.outcomes.catalogue import Better

if TYPE_CHECKING:
    import pandas as pd

CAUTION: Final = (
    "Share of the parameter values, not of centres: a probability only so far as the ranges drawn from say how likely "
    "each value is, and only if the model is right."
)
_NAN: Final = float("nan")


@dataclass(frozen=True, slots=True)
class Split:
    """A policy's effect (policy minus base), with its variance split into chance and ignorance.

    Parameters
    ----------
    draws, pairs, dropped : int
        Numbers of draws with a complete pair, of complete pairs, and of pairs left out because a run is missing.
    effect : float
        Mean over draws of the mean difference in a draw.
    low, high : float
        95 % t interval of `effect` over draws; it covers chance and the choice of draws.
    chance : float
        Variance of the paired difference between replicates of a draw; NaN with one replicate in each draw.
    ignorance : float
        Variance of the effect between draws, without the part due to chance; 0 when `estimate` is negative.
    estimate : float
        The estimate of `ignorance`, which may be negative.
    truncated : bool
        Whether `estimate` is negative: draws differ less than chance alone would make them.
    share_ignorance : float
        `ignorance` / (`ignorance` + `chance`), its share in the variance of the difference of a pair.
    p : float
        p of the F test that draws differ by chance alone; NaN with one replicate in each draw.
    predicted_low, predicted_high : float
        95 % prediction interval of the effect, without chance, at a new draw of parameters. With one replicate in each
        draw chance cannot be separated, and the interval is too wide.
    share_better : float
        Share of parameter values at which the policy does better than the base, by the model of the prediction
        interval: between 2.5 and 97.5 % while that interval holds 0. NaN when neither direction is better. See
        `CAUTION`.
    share_against : float
        Share of draws whose mean has the other sign than `effect`, chance included.
    at_defaults, shift, shift_low, shift_high : float
        Mean effect at the default parameters; `effect` minus it, with its 95 % interval (Welch 1947). NaN without runs
        at the defaults.
    """

    scenario: str
    base: str
    draws: int
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
    p: float
    predicted_low: float
    predicted_high: float
    share_better: float
    share_against: float
    at_defaults: float = _NAN
    shift: float = _NAN
    shift_low: float = _NAN
    shift_high: float = _NAN

    @property
    def moved(self) -> bool:
        """Whether the effect over draws differs from that at the defaults by more than chance."""
        return self.shift_low > 0.0 or self.shift_high < 0.0

    @property
    def turned(self) -> bool:
        """Whether the effect over draws has the other sign than at the defaults, by more than chance."""
        return self.moved and self.effect * self.at_defaults < 0.0

    def words(self) -> str:
        """Return a sentence on where the spread between pairs comes from."""
        if np.isnan(self.chance):
            return "One replicate for each draw does not separate chance from unmeasured numbers."
        if self.truncated:
            return (
                f"Over the {self.draws} draws it differs by less than chance alone would make it (the estimate of the "
                "variance between draws is negative and taken as 0)."
            )
        if np.isnan(self.share_ignorance):
            return "All pairs of runs differ by the same: neither chance nor an unmeasured number changes the effect."
        text = (
            f"About {self.share_ignorance:.0%} of the spread between pairs comes from numbers nobody has measured, "
            "the rest from chance"
        )
        return f"{text}; chance alone may explain all of it (p = {self.p:.2f})." if self.p > ALONE else f"{text}."


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
    with np.errstate(invalid="ignore"):
        means = np.bincount(draw, differences) / sizes
        effect = float(means.mean()) if K else _NAN
    chance = ignorance = estimate = share = low = high = predicted_low = predicted_high = p = is_better = _NAN
    shifted = (_NAN, _NAN, _NAN, _NAN)
    if K > 1:
        within = float(((differences - means[draw]) ** 2).sum()) if np.ptp(differences) > 0.0 else 0.0
        between = float((sizes * (means - differences.mean()) ** 2).sum()) if np.ptp(differences) > 0.0 else 0.0
        if N > K:
            chance = within / (N - K)
            estimate = (between / (K - 1) - chance) / ((N - float((sizes**2).sum()) / N) / (K - 1))
            ignorance = max(0.0, estimate)
            total = chance + ignorance
            share = ignorance / total if total > 0.0 else _NAN
            p = _f_test(between / (K - 1), chance, K - 1, N - K)
            of_mean = (ignorance + chance * float((1.0 / sizes).mean())) / K
            spread = ignorance + of_mean
        else:
            of_mean = between / (K - 1) / K
            spread = between / (K - 1) + of_mean
        t = student(K)
        low, high = effect - t * of_mean**0.5, effect + t * of_mean**0.5
        predicted_low, predicted_high = effect - t * spread**0.5, effect + t * spread**0.5
        is_better = _share_better(effect, spread, K - 1, better)
        if default is not None:
            shifted = _shift(effect, of_mean, K, default)
    return Split(
        names[1], names[0], K, N, len(both) - len(kept), effect, low, high, chance, ignorance, estimate,
        bool(estimate < 0.0), share, p, predicted_low, predicted_high, is_better, float((means * effect < 0.0).mean()),
        *shifted,
    )  # fmt: skip


def _f_test(between: float, within: float, upper: int, lower: int) -> float:
    """Return the p of an F test; NaN when nothing varies."""
    from scipy.special import fdtrc

    if not within > 0.0:
        return 0.0 if between > 0.0 else _NAN
    return float(fdtrc(upper, lower, between / within))


def _share_better(effect: float, spread: float, freedom: int, better: Better) -> float:
    """Return the share of parameter values with an improvement, of which t scaled by the spread is the distribution."""
    from scipy.special import stdtr

    if better == "neither":
        return _NAN
    gain = effect if better == "higher" else -effect
    return float(stdtr(freedom, gain / spread**0.5)) if spread > 0.0 else 0.5 + float(np.sign(gain)) / 2.0


def _shift(effect: float, of_mean: float, draws: int, default: "pd.DataFrame") -> tuple[float, float, float, float]:
    """Return the effect at the defaults, how far the effect over draws lies from it, and the interval of that."""
    from scipy.special import stdtrit

    numbers = default.dropna().to_numpy(float)
    there = differences_of(numbers[:, 0], numbers[:, 1])
    if not len(there):
        return _NAN, _NAN, _NAN, _NAN
    shift = effect - float(there.mean())
    of_defaults = float(there.var(ddof=1)) / len(there) if len(there) > 1 else _NAN
    total = of_mean + of_defaults
    if not total > 0.0:
        return float(there.mean()), shift, _NAN, _NAN
    freedom = total**2 / (of_mean**2 / (draws - 1) + of_defaults**2 / (len(there) - 1))
    half = float(stdtrit(freedom, 1.0 - ALONE / 2.0)) * total**0.5
    return float(there.mean()), shift, shift - half, shift + half


__all__ = ["CAUTION", "Split", "split"]
