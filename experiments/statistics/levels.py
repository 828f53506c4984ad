"""Outcomes at the levels of a study's factors: means with intervals, and differences between two levels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.statistics.intervals import ALONE, Array
from experiments.statistics.paired import paired_p
from experiments.statistics.verdict import FEWEST, differing, sound_interval
from sim.outcomes.catalogue import Better
from sim.outcomes.measures import mean_of
from sim.scenario.text.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

SMALL_EFFECT: Final = 0.2
"""A small effect, in standard deviations between users (Cohen 1988, doi 10.4324/9780203771587)."""


@dataclass(frozen=True, slots=True)
class Between:
    """The difference of an outcome between two levels of a factor.

    Parameters
    ----------
    difference, low, high : float
        Mean at the second level minus that at the first, and its 95 % interval; NaN where too few pairs differ.
    pairs : int
        Number of replicates with a value at both levels.
    differ : int
        How many of them differ; 0 if nobody counted.
    p : float
        Two-sided p value that the difference is 0; NaN if nobody tested.
    """

    difference: float
    low: float
    high: float
    pairs: int
    differ: int = 0
    p: float = float("nan")

    @property
    def clear(self) -> bool:
        """Whether the difference is clear by itself: over enough pairs, the interval excludes 0 or all are equal."""
        if np.isnan(self.low):
            return FEWEST <= self.pairs == self.differ
        return self.pairs >= FEWEST and bool(self.low > 0.0 or self.high < 0.0)

    def no_worse(self, margin: float, better: Better) -> bool:
        """Return whether the second level is clearly not worse than the first by `margin` or more."""
        if better == "neither":
            return self.within(margin)
        return self.pairs >= FEWEST and bool(self.high < margin if better == "lower" else self.low > -margin)

    def within(self, margin: float) -> bool:
        """Return whether the whole interval lies between -`margin` and `margin`."""
        return self.pairs >= FEWEST and bool(-margin < self.low and self.high < margin)


def by_level(runs: "pd.DataFrame", factors: Sequence[str], outcomes: Sequence[str]) -> "pd.DataFrame":
    """Return each outcome at each combination of levels, averaged over all other factors.

    Parameters
    ----------
    runs : DataFrame
        One row for each run: `replicate`, the factors and the outcomes (NaN if the run failed). At each combination, a
        replicate with a NaN is left out.

    Returns
    -------
    DataFrame
        One row for each outcome and combination of levels: the factors, `outcome`, `mean`, `low`, `high` (95 % interval
        over replicates; NaN where too few replicates differ from 0), `sd` (between replicates: the effect of chance on
        a single centre), `p05`, `p95` (quantiles of replicates), `replicates`, `missing` (runs without a value).
    """
    import pandas as pd

    rows: list[dict[str, object]] = []
    for outcome in outcomes:
        for levels, some in runs.groupby(list(factors), sort=True):
            values = _by_replicate(some, outcome)
            low, high = sound_interval(values)
            ends = np.quantile(values, [0.05, 0.95]) if len(values) else (np.nan, np.nan)
            rows.append(
                {**dict(zip(factors, levels, strict=True))}
                | {"outcome": outcome, "mean": mean_of(values)}
                | {"low": low, "high": high, "sd": float(values.std(ddof=1)) if len(values) > 1 else np.nan}
                | {"p05": float(ends[0]), "p95": float(ends[1]), "replicates": len(values)}
                | {"missing": int(some[outcome].isna().sum())}
            )
    return pd.DataFrame(rows)


def between(
    runs: "pd.DataFrame", factor: str, first: float | str, second: float | str, outcome: str, level: float = ALONE
) -> Between:
    """Return the difference of an outcome between two levels of a factor, averaged over all other factors.

    The runs of a replicate share their seed at all levels. A replicate is therefore a pair: the mean of its runs at the
    second level, minus that at the first. A replicate with a failed run is left out, because its two means would be
    over different points. The interval misses the difference with probability `level`.

    Raises
    ------
    ValueError
        When a level has no runs.
    """
    return of_pairs(np.asarray(_pairs(runs, factor, first, second, outcome), np.float64), level)


def interaction(
    here: "pd.DataFrame", there: "pd.DataFrame", factor: str, first: float | str, second: float | str, outcome: str
) -> Between:
    """Return the effect of a factor in the runs `there` minus its effect in the runs `here`.

    Parameters
    ----------
    here, there : DataFrame
        Runs under the same seeds.
    factor, first, second, outcome
        As in `between`.

    Raises
    ------
    ValueError
        As `between`.
    """
    more = _pairs(there, factor, first, second, outcome) - _pairs(here, factor, first, second, outcome)
    return of_pairs(np.asarray(more, np.float64))


def of_pairs(differences: Array, level: float = ALONE) -> Between:
    """Return the mean of paired differences; a NaN is left out, and the interval misses with probability `level`."""
    values = differences[np.isfinite(differences)]
    low, high = sound_interval(values, level)
    return Between(mean_of(values), low, high, len(values), differing(values), paired_p(values))


def _pairs(
    runs: "pd.DataFrame", factor: str, first: float | str, second: float | str, outcome: str
) -> "pd.Series[float]":
    """Return the difference of each replicate; NaN if a run of it failed."""
    sides = []
    for level in (first, second):
        some = runs[runs[factor] == level]
        if some.empty:
            raise InputError(f"there are no runs at {factor} = {level}")
        sides.append(some.groupby("replicate")[outcome].mean().where(~_broken(some, outcome)))
    return sides[1] - sides[0]


def _by_replicate(some: "pd.DataFrame", outcome: str) -> Array:
    """Return the mean of each replicate that has a value in all of its runs."""
    means = some.groupby("replicate")[outcome].mean().where(~_broken(some, outcome))
    values: Array = means[np.isfinite(means)].to_numpy(float)
    return values


def _broken(some: "pd.DataFrame", outcome: str) -> "pd.Series[bool]":
    """Return, for each replicate, whether a run of it has no value."""
    return some[outcome].isna().groupby(some["replicate"]).any()
