"""Rank scenarios in each draw of unmeasured numbers, and find the numbers that turn their order.

There are K draws with R paired replicates of every scenario in each, under other seeds in every draw. With few
replicates the order in a draw is partly luck. So every share of draws has beside it the share that chance alone gives.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.statistics.differences import by_scenario, order_of
from experiments.statistics.intervals import Array
from sim.outcomes.catalogue import Better
from sim.scenario.text.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

FLIP_LEVEL: Final = 0.05
_PERMUTATIONS: Final = 9_999
_RESAMPLES: Final = 2_000
_MOST_ORDERS: Final = 2_000_000
_KEY: Final = 19_181_014
_NAN: Final = float("nan")


@dataclass(frozen=True, slots=True)
class Flip:
    """Two scenarios whose order depends on the draw, and the parameter that best predicts the order.

    Parameters
    ----------
    first, second : str
        `second` is the scenario that does better in fewer draws.
    share_reversed, share_by_chance : float
        Share of draws in which `second` does better, a tie counting half; the share to expect if both differed by their
        mean over draws in every draw, and only chance came on top (normal; NaN with one replicate in each draw).
    parameter : str
        The parameter that predicts best; empty when none predicts the order more than chance (`p_among`).
    correlation : float
        Spearman's correlation of the best parameter with the lead of `second`, even when `parameter` is empty.
    p, p_among : float
        p of the permutation test of `correlation`, plain, and corrected over all parameters, pairs of scenarios and
        rankings looked at together (`rank_correlations`).
    """

    first: str
    second: str
    share_reversed: float
    share_by_chance: float
    parameter: str
    correlation: float
    p: float
    p_among: float


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
    share_by_chance, p : float
        The share of draws to expect by chance alone, if every draw had the means at the default parameters; the chance
        of `share_differs` or more then. Both are from resamples of what replicates differ by within draws, as many as a
        draw has, and of the runs at the defaults. NaN with one replicate there.
    at_defaults : int
        Number of complete replicates at the default parameters.
    flips : tuple of Flip
        Pairs of scenarios whose order differs between draws, in falling order of `share_reversed`.
    """

    places: "pd.DataFrame"
    draws: int
    dropped: int
    default_order: tuple[str, ...]
    share_differs: float
    share_by_chance: float
    p: float
    at_defaults: int
    flips: tuple[Flip, ...]

    def flip_table(self) -> "pd.DataFrame":
        """Return a table with one row for each flip."""
        import pandas as pd

        return pd.DataFrame([asdict(flip) for flip in self.flips], columns=[field.name for field in fields(Flip)])


def ranking(
    values: "pd.DataFrame",
    default: "pd.DataFrame",
    parameters: "Mapping[str, Array] | pd.DataFrame",
    better: Better,
    together: int = 1,
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
    together : int
        Number of rankings, by other outcomes of the same runs, that are looked at together (Bonferroni).

    Raises
    ------
    ValueError
        When neither direction is better, or the frames do not match.
    """
    import pandas as pd

    if better == "neither":
        raise InputError("scenarios cannot be ranked by an outcome of which neither direction is better")
    names = order_of(values)
    if set(order_of(default)) != set(names):
        raise InputError(f"default parameters: {', '.join(order_of(default))}; draws: {', '.join(names)}")
    sign = 1.0 if better == "higher" else -1.0
    wide = sign * by_scenario(values, "value", ["draw", "replicate"])[names]
    at_default = (sign * by_scenario(default, "value")[names]).dropna().to_numpy(float)
    frame = parameters if isinstance(parameters, pd.DataFrame) else pd.DataFrame(dict(parameters))
    complete = wide.dropna()
    means = complete.groupby(level="draw").mean()
    if not len(at_default) or not len(means):
        raise InputError("no replicate is complete over all scenarios")
    absent = means.index.difference(frame.index)
    if len(absent):
        raise InputError(f"no parameters of draw {', '.join(map(str, absent))}")
    scores = means.to_numpy(float)
    order = _order(at_default.mean(axis=0))
    differs = float(np.mean([_order(row) != order for row in scores]))
    by_chance, p = _by_chance(
        _apart(complete), at_default, order, round(len(complete) / len(means)), len(means), differs
    )
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
        share_differs=differs,
        share_by_chance=by_chance,
        p=p,
        at_defaults=len(at_default),
        flips=_flips(complete[[names[k] for k in order]], frame.loc[means.index], together),
    )


def _order(scores: Array) -> tuple[int, ...]:
    """Return the positions of scores from highest to lowest; equal scores keep their order."""
    return tuple(int(k) for k in np.argsort(-scores, kind="stable"))


def _apart(complete: "pd.DataFrame") -> Array:
    """Return how far replicates are from the mean of their draw, scaled to the spread of independent replicates.

    Draws with one replicate show nothing and are left out.
    """
    by_draw = complete.groupby(level="draw")
    sizes = by_draw.transform("size").to_numpy(float)
    apart = (complete - by_draw.transform("mean")).to_numpy(float)[sizes > 1.0]
    of = sizes[sizes > 1.0]
    return np.asarray(apart * np.sqrt(of / (of - 1.0))[:, None])


def _by_chance(
    apart: Array, at_default: Array, order: tuple[int, ...], replicates: int, draws: int, observed: float
) -> tuple[float, float]:
    """Return how often chance alone changes the order.

    The first number is the expected share of draws with another order; the second is the chance of a share of at least
    `observed`. The runs at the defaults are resampled too: their error is the same in all draws.
    """
    number = len(at_default)
    if number < 2:
        return _NAN, _NAN
    mean = at_default.mean(axis=0)
    of_default = (at_default - mean) * (number / (number - 1.0)) ** 0.5
    apart = apart if len(apart) else of_default
    stream = np.random.Generator(np.random.Philox(_KEY))
    shares = []
    for _ in range(max(200, min(_RESAMPLES, _MOST_ORDERS // draws))):
        error = of_default[stream.integers(number, size=number)].mean(axis=0)
        chance = apart[stream.integers(len(apart), size=(draws, replicates))].mean(axis=1)
        orders = np.argsort(-(mean + error + chance), axis=1, kind="stable")
        shares.append(float((orders != order).any(axis=1).mean()))
    # The tolerance counts a share that is equal but for rounding.
    as_many = float((np.array(shares) >= observed - 1e-12).sum())
    return float(np.mean(shares)), (as_many + 1.0) / (len(shares) + 1.0)


def _flips(complete: "pd.DataFrame", frame: "pd.DataFrame", together: int) -> tuple[Flip, ...]:
    pairs, leads = [], []
    for one, two in combinations(complete.columns, 2):
        ahead = complete[two] - complete[one]
        by_draw = ahead.groupby(level="draw")
        lead = by_draw.mean().to_numpy(float)
        if lead.min() >= 0.0 or lead.max() <= 0.0:
            continue
        chance = (ahead - by_draw.transform("mean")) ** 2
        freedom = len(ahead) - len(lead)
        of_draws = float(chance.sum()) / freedom / len(ahead) * len(lead) if freedom else _NAN
        ordered, sign = ((str(one), str(two)), 1.0) if _share(lead) <= 0.5 else ((str(two), str(one)), -1.0)
        pairs.append((*ordered, _share(sign * lead), _by_chance_reversed(sign * float(lead.mean()), of_draws)))
        leads.append(sign * lead)
    names = [str(name) for name in frame.columns if frame[name].nunique() > 1]
    if not names or not leads or len(leads[0]) < 3:
        return _sorted([Flip(*pair, "", _NAN, _NAN, _NAN) for pair in pairs])
    correlations, p, p_among = rank_correlations(frame[names].to_numpy(float), np.column_stack(leads))
    best = np.abs(correlations).argmax(axis=1)
    flips = []
    for number, (pair, k) in enumerate(zip(pairs, best, strict=True)):
        among = min(1.0, together * float(p_among[number, k]))
        parameter = names[k] if among <= FLIP_LEVEL else ""
        flips.append(Flip(*pair, parameter, float(correlations[number, k]), float(p[number, k]), among))
    return _sorted(flips)


def _sorted(flips: list[Flip]) -> tuple[Flip, ...]:
    return tuple(sorted(flips, key=lambda flip: (-flip.share_reversed, flip.first, flip.second)))


def _share(lead: Array) -> float:
    """Return the share of leads above 0, a tie counting half."""
    return float((0.5 + np.sign(lead) / 2.0).mean())


def _by_chance_reversed(mean: float, of_draws: float) -> float:
    """Return the share of draws with a lead above 0 by chance alone; `of_draws` is the variance of a draw's lead."""
    from scipy.special import ndtr

    return float(ndtr(mean / of_draws**0.5)) if of_draws > 0.0 else 0.0 if of_draws == 0.0 else _NAN


def rank_correlations(parameters: Array, values: Array) -> tuple[Array, Array, Array]:
    """Return Spearman's correlation of each parameter with each column of values, and p of two-sided permutation tests.

    Parameters
    ----------
    parameters : (draws, parameters) float array
        No column may be constant.
    values : (draws, columns) float array
        No column may be constant. A permutation moves all columns of a draw together.

    Returns
    -------
    (array, array, array)
        Each of shape (columns, parameters): the correlations; p of each alone; and p among all, the share of
        permutations in which the largest correlation of any parameter with any column is as large (Westfall and Young
        1993).
    """
    ranks = np.column_stack([_standard_ranks(column) for column in parameters.T])
    ranked = np.column_stack([_standard_ranks(column) for column in values.T])
    correlations = ranked.T @ ranks
    stream = np.random.Generator(np.random.Philox(_KEY))
    orders = stream.permuted(np.tile(np.arange(len(ranked)), (_PERMUTATIONS, 1)), axis=1)
    extreme, largest = np.zeros(correlations.shape), np.zeros(_PERMUTATIONS)
    for number, column in enumerate(ranked.T):
        shuffled = np.abs(column[orders] @ ranks)
        # The tolerance counts a permutation whose correlation is equal but for rounding.
        extreme[number] = (shuffled >= np.abs(correlations[number]) - 1e-12).sum(axis=0)
        largest = np.maximum(largest, shuffled.max(axis=1))
    among = _PERMUTATIONS - np.searchsorted(np.sort(largest), np.abs(correlations) - 1e-12)
    p, p_among = ((np.asarray(each, dtype=np.float64) + 1.0) / (_PERMUTATIONS + 1.0) for each in (extreme, among))
    return correlations, p, p_among


def _standard_ranks(values: Array) -> Array:
    """Return ranks (means for ties), centred and scaled to a length of 1."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2.0)[place]
    centred = ranks - ranks.mean()
    return np.asarray(centred / np.sqrt((centred**2).sum()))


__all__ = ["FLIP_LEVEL", "Flip", "Ranking", "rank_correlations", "ranking"]
