"""Split the spread of a policy's effect into chance and ignorance, and find how each changes the ranking.

There are K draws of the uncertain parameters, with R paired replicates of every policy in each. Within a draw, effects
differ by chance, which more replicates average out. Between draws, they differ because nobody knows the parameters,
which more replicates cannot change. All results hold for the ranges from which the parameters are drawn; shares of
draws are probabilities only as far as these ranges show how likely each value is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.statistics.differences import by_scenario, differences_of, order_of, share_better
from experiments.statistics.intervals import Array, student
from sim.outcomes.catalogue import Better

if TYPE_CHECKING:
    import pandas as pd

CAUTION: Final = (
    "Share of the parameter draws, not of centres: a probability only so far as the ranges drawn from say how likely "
    "each value is, and only if the model is right."
)
FLIP_LEVEL: Final = 0.05
_PERMUTATIONS: Final = 9_999
_RESAMPLES: Final = 2_000
_KEY: Final = 19_181_014
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
    predicted_low, predicted_high : float
        95 % prediction interval of the effect, without chance, at a new draw of parameters. With one replicate in each
        draw chance cannot be separated, and the interval is too wide.
    share_better : float
        Share of draws in which the policy does better than the base, a tie counting half; NaN when neither direction is
        better. See `CAUTION`. Chance that remains in the means of draws moves the share toward one half.
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
    predicted_low: float
    predicted_high: float
    share_better: float

    def words(self) -> str:
        """Return a sentence on where the spread between pairs comes from."""
        if np.isnan(self.chance):
            return "One replicate for each draw does not separate chance from unmeasured numbers."
        if self.truncated:
            return (
                f"No sign that the parameters matter: the {self.draws} draws differ by less than chance alone would "
                "make them (the estimate of their variance is negative and taken as 0)."
            )
        if np.isnan(self.share_ignorance):
            return "All pairs of runs differ by the same: neither chance nor an unmeasured number changes the effect."
        return (
            f"About {self.share_ignorance:.0%} of the spread between pairs comes from numbers nobody has measured, "
            "the rest from chance."
        )


@dataclass(frozen=True, slots=True)
class Flip:
    """Two scenarios whose order depends on the draw, and the parameter that best predicts the order.

    Parameters
    ----------
    first, second : str
        `second` is the scenario that does better in fewer draws.
    share_reversed : float
        Share of draws in which `second` does better, a tie counting half.
    parameter : str
        The parameter that predicts best; empty when none predicts the order (after Holm's correction).
    correlation : float
        Spearman's correlation of the best parameter with the lead of `second`, even when `parameter` is empty.
    p, p_holm : float
        p of the permutation test of `correlation`, plain, and corrected over parameters (Holm), not over pairs.
    switch : float
        Value of the parameter that best separates draws in which `first` does better from those in which `second` does;
        NaN when `parameter` is empty.
    share_right : float
        Share of draws that `switch` puts on the right side, in-sample; NaN when `parameter` is empty.
    """

    first: str
    second: str
    share_reversed: float
    parameter: str
    correlation: float
    p: float
    p_holm: float
    switch: float
    share_right: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ranking of scenarios, the base included, over draws.

    Parameters
    ----------
    places : DataFrame
        One row for each scenario, in the order at the default parameters: `scenario`, `share_best` (share of draws;
        ties are divided), `mean_place` (1 is best).
    draws, dropped : int
        Number of draws with a replicate that all scenarios have; number of draws without.
    default_order : tuple of str
        Scenarios from best to worst at the default parameters.
    share_differs : float
        Share of draws in which the order differs from `default_order`.
    share_by_chance : float
        The share expected by chance alone, from resamples of replicates at the default parameters, as many as a draw
        has. Only the excess of `share_differs` over it is evidence about the parameters.
    flips : tuple of Flip
        Pairs of scenarios whose order differs between draws, in falling order of `share_reversed`.
    """

    places: "pd.DataFrame"
    draws: int
    dropped: int
    default_order: tuple[str, ...]
    share_differs: float
    share_by_chance: float
    flips: tuple[Flip, ...]

    def flip_table(self) -> "pd.DataFrame":
        """Return a table with one row for each flip."""
        import pandas as pd

        return pd.DataFrame([asdict(flip) for flip in self.flips], columns=[field.name for field in fields(Flip)])


def split(values: "pd.DataFrame", better: Better, base: str | None = None) -> list[Split]:
    """Split the variance of each policy's effect by one-way random-effects analysis of variance over draws.

    Parameters
    ----------
    values : DataFrame
        Columns `draw`, `replicate`, `scenario`, `value`; one row for each run. Runs of the same draw and replicate
        share a seed.
    better : "lower", "higher" or "neither"
    base : str, optional
        By default the first scenario.

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
    return [_split(wide[[first, other]], better) for other in others]


def _split(both: "pd.DataFrame", better: Better) -> Split:
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
    chance = ignorance = estimate = share = low = high = predicted_low = predicted_high = _NAN
    if K > 1:
        within = float(((differences - means[draw]) ** 2).sum()) if np.ptp(differences) > 0.0 else 0.0
        between = float((sizes * (means - differences.mean()) ** 2).sum()) if np.ptp(differences) > 0.0 else 0.0
        if N > K:
            chance = within / (N - K)
            estimate = (between / (K - 1) - chance) / ((N - float((sizes**2).sum()) / N) / (K - 1))
            ignorance = max(0.0, estimate)
            total = chance + ignorance
            share = ignorance / total if total > 0.0 else _NAN
            of_mean = (ignorance + chance * float((1.0 / sizes).mean())) / K
            spread = ignorance + of_mean
        else:
            of_mean = between / (K - 1) / K
            spread = between / (K - 1) + of_mean
        t = student(K)
        low, high = effect - t * of_mean**0.5, effect + t * of_mean**0.5
        predicted_low, predicted_high = effect - t * spread**0.5, effect + t * spread**0.5
    return Split(
        scenario=names[1],
        base=names[0],
        draws=K,
        pairs=N,
        dropped=len(both) - len(kept),
        effect=effect,
        low=low,
        high=high,
        chance=chance,
        ignorance=ignorance,
        estimate=estimate,
        truncated=bool(estimate < 0.0),
        share_ignorance=share,
        predicted_low=predicted_low,
        predicted_high=predicted_high,
        share_better=share_better(means, better),
    )


def ranking(
    values: "pd.DataFrame", default: "pd.DataFrame", parameters: "Mapping[str, Array] | pd.DataFrame", better: Better
) -> Ranking:
    """Rank the scenarios, the base included, in each draw, and find the parameters that best predict the order.

    Parameters
    ----------
    values : DataFrame
        Columns `draw`, `replicate`, `scenario`, `value`.
    default : DataFrame
        Runs at the default parameters: columns `replicate`, `scenario`, `value`.
    parameters : DataFrame or mapping of str to (draws,) float array
        One column for each parameter, one row for each draw. The index of a frame, or the position in an array, is
        `draw`.
    better : "lower" or "higher"

    Raises
    ------
    ValueError
        When neither direction is better, or the frames do not match.
    """
    import pandas as pd

    if better == "neither":
        raise ValueError("scenarios cannot be ranked by an outcome of which neither direction is better")
    names = order_of(values)
    if set(order_of(default)) != set(names):
        raise ValueError(f"default parameters: {', '.join(order_of(default))}; draws: {', '.join(names)}")
    sign = 1.0 if better == "higher" else -1.0
    wide = sign * by_scenario(values, "value", ["draw", "replicate"])[names]
    at_default = (sign * by_scenario(default, "value")[names]).dropna().to_numpy(float)
    frame = parameters if isinstance(parameters, pd.DataFrame) else pd.DataFrame(dict(parameters))
    means = wide.dropna().groupby(level="draw").mean()
    if not len(at_default) or not len(means):
        raise ValueError("no replicate is complete over all scenarios")
    absent = means.index.difference(frame.index)
    if len(absent):
        raise ValueError(f"no parameters of draw {', '.join(map(str, absent))}")
    scores = means.to_numpy(float)
    order = _order(at_default.mean(axis=0))
    each = round(len(wide.dropna()) / len(means))
    tops = scores == scores.max(axis=1, keepdims=True)
    places = 1.0 + (scores[:, None, :] > scores[:, :, None]).sum(axis=2) + (
        (scores[:, None, :] == scores[:, :, None]).sum(axis=2) - 1
    ) / 2.0  # fmt: skip
    ranked = pd.DataFrame(
        {
            "scenario": names,
            "share_best": (tops / tops.sum(axis=1, keepdims=True)).mean(axis=0),
            "mean_place": places.mean(axis=0),
        }
    )
    return Ranking(
        places=ranked.iloc[list(order)].reset_index(drop=True),
        draws=len(means),
        dropped=int(wide.index.get_level_values("draw").nunique()) - len(means),
        default_order=tuple(names[k] for k in order),
        share_differs=float(np.mean([_order(row) != order for row in scores])),
        share_by_chance=_by_chance(at_default, order, each),
        flips=_flips(scores, [names[k] for k in order], list(order), frame.loc[means.index]),
    )


def _order(scores: Array) -> tuple[int, ...]:
    """Return the positions of scores from highest to lowest; equal scores keep their order."""
    return tuple(int(k) for k in np.argsort(-scores, kind="stable"))


def _by_chance(at_default: Array, order: tuple[int, ...], replicates: int) -> float:
    """Return the share of resamples in which the means have another order."""
    if len(at_default) < 2:
        return _NAN
    stream = np.random.Generator(np.random.Philox(_KEY))
    chosen = stream.integers(len(at_default), size=(_RESAMPLES, replicates))
    return float(np.mean([_order(at_default[rows].mean(axis=0)) != order for rows in chosen]))


def _flips(scores: Array, names: Sequence[str], columns: Sequence[int], frame: "pd.DataFrame") -> tuple[Flip, ...]:
    flips = []
    for one, two in combinations(range(len(names)), 2):
        lead = scores[:, columns[two]] - scores[:, columns[one]]
        if lead.min() >= 0.0 or lead.max() <= 0.0:
            continue
        share = float((0.5 + np.sign(lead) / 2.0).mean())
        pair, gap = ((one, two), lead) if share <= 0.5 else ((two, one), -lead)
        flips.append(_flip(names[pair[0]], names[pair[1]], gap, frame))
    return tuple(sorted(flips, key=lambda flip: (-flip.share_reversed, flip.first, flip.second)))


def _flip(first: str, second: str, lead: Array, frame: "pd.DataFrame") -> Flip:
    share = float((0.5 + np.sign(lead) / 2.0).mean())
    names = [str(name) for name in frame.columns if frame[name].nunique() > 1]
    if not names or len(lead) < 3:
        return Flip(first, second, share, "", _NAN, _NAN, _NAN, _NAN, _NAN)
    numbers = frame[names].to_numpy(float)
    correlations, p = rank_correlations(numbers, lead)
    corrected = holm(p)
    best = min(range(len(names)), key=lambda k: (corrected[k], -abs(correlations[k])))
    numbers_of = float(correlations[best]), float(p[best]), float(corrected[best])
    if corrected[best] > FLIP_LEVEL:
        return Flip(first, second, share, "", *numbers_of, _NAN, _NAN)
    return Flip(first, second, share, names[best], *numbers_of, *switch_at(numbers[:, best], lead))


def rank_correlations(parameters: Array, values: Array) -> tuple[Array, Array]:
    """Return Spearman's correlation of each parameter with values, and its p by a two-sided permutation test.

    Parameters
    ----------
    parameters : (draws, parameters) float array
        No column may be constant.
    values : (draws,) float array
        Must not be constant.
    """
    ranks = np.column_stack([_standard_ranks(column) for column in parameters.T])
    ranked = _standard_ranks(values)
    correlations = ranked @ ranks
    stream = np.random.Generator(np.random.Philox(_KEY))
    shuffled = stream.permuted(np.tile(ranked, (_PERMUTATIONS, 1)), axis=1)
    # The tolerance counts a permutation whose correlation is equal but for rounding.
    extreme = (np.abs(shuffled @ ranks) >= np.abs(correlations) - 1e-12).sum(axis=0)
    return np.asarray(correlations), np.asarray((extreme + 1.0) / (_PERMUTATIONS + 1.0), dtype=np.float64)


def _standard_ranks(values: Array) -> Array:
    """Return ranks (means for ties), centred and scaled to a length of 1."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2.0)[place]
    centred = ranks - ranks.mean()
    return np.asarray(centred / np.sqrt((centred**2).sum()))


def holm(p: Array) -> Array:
    """Correct p values by Holm's step-down method (1979)."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * (len(p) - np.arange(len(p))))
    corrected = np.empty(len(p))
    corrected[order] = np.minimum(stepped, 1.0)
    return corrected


def switch_at(parameter: Array, lead: Array) -> tuple[float, float]:
    """Return the value of a parameter that best separates positive leads, and the share of draws it gets right.

    The value lies halfway between two neighbouring draws; of equally good values it is the lowest. Positive leads may
    be on either side.
    """
    levels = np.unique(parameter)
    cuts = (levels[1:] + levels[:-1]) / 2.0
    agrees = ((parameter[None, :] > cuts[:, None]) == (lead > 0.0)[None, :]).mean(axis=1)
    right = np.maximum(agrees, 1.0 - agrees)
    best = int(np.argmax(right))
    return float(cuts[best]), float(right[best])
