"""Outcomes by the levels of a study's factors: means with intervals, and differences between two levels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from experiments.statistics.intervals import paired_interval
from sim.outcomes.catalogue import Better

if TYPE_CHECKING:
    import pandas as pd

SMALL_EFFECT: Final = 0.2
"""Standard deviations between users that count as a small effect (Cohen 1988, doi 10.4324/9780203771587)."""


@dataclass(frozen=True, slots=True)
class Between:
    """The difference of an outcome between two levels of a factor.

    Parameters
    ----------
    difference, low, high : float
        Mean of the second level minus the first and its 95 % interval.
    pairs : int
        Replicates with a value at both.
    """

    difference: float
    low: float
    high: float
    pairs: int

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return bool(self.low > 0.0 or self.high < 0.0)

    def no_worse(self, margin: float, better: Better) -> bool:
        """Return whether the second level is clearly not worse than the first by a margin."""
        if better == "neither":
            return self.within(margin)
        return bool(self.high < margin if better == "lower" else self.low > -margin)

    def within(self, margin: float) -> bool:
        """Return whether the whole interval lies within a margin on both sides of 0."""
        return bool(-margin < self.low and self.high < margin)


def by_level(runs: "pd.DataFrame", factors: Sequence[str], outcomes: Sequence[str]) -> "pd.DataFrame":
    """Return every outcome at every level of factors, averaged over all other factors.

    Parameters
    ----------
    runs : DataFrame
        A row a run with `replicate`, the factors and the outcomes; failed runs are NaN and left out.

    Returns
    -------
    DataFrame
        A row an outcome and combination of levels: the factors, `outcome`, `mean`, `low`, `high` (95 %, over
        replicates), `sd` (between replicates: what chance makes of one centre), `p05`, `p95` (of replicates),
        `replicates`, `missing` (runs without a value).
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for outcome in outcomes:
        for levels, some in runs.groupby(list(factors), sort=True):
            values = _by_replicate(some, outcome)
            low, high = paired_interval(values)
            ends = np.quantile(values, [0.05, 0.95]) if len(values) else (np.nan, np.nan)
            rows.append(
                dict(zip(factors, levels, strict=True))
                | {"outcome": outcome, "mean": float(values.mean()) if len(values) else np.nan}
                | {"low": low, "high": high, "sd": float(values.std(ddof=1)) if len(values) > 1 else np.nan}
                | {"p05": float(ends[0]), "p95": float(ends[1]), "replicates": len(values)}
                | {"missing": int(some[outcome].isna().sum())}
            )
    return pd.DataFrame(rows)


def between(runs: "pd.DataFrame", factor: str, first: float | str, second: float | str, outcome: str) -> Between:
    """Return the difference of an outcome between two levels of a factor, averaged over all other factors.

    The runs of a replicate share their seed at all levels, so a replicate is a pair: the mean of its runs at the second
    level minus that at the first. A replicate with a failed run is left out, because its means would be over other
    points.

    Raises
    ------
    ValueError
        When there is no run at one of the levels.
    """
    return _summed(_pairs(runs, factor, first, second, outcome))


def interaction(
    here: "pd.DataFrame", there: "pd.DataFrame", factor: str, first: float | str, second: float | str, outcome: str
) -> Between:
    """Return how much larger the effect of a factor is in some runs than in others.

    Parameters
    ----------
    here, there : DataFrame
        Runs under the same seeds.
    factor, first, second, outcome
        As of `between`.

    Raises
    ------
    ValueError
        As `between`.
    """
    return _summed(_pairs(there, factor, first, second, outcome) - _pairs(here, factor, first, second, outcome))


def _pairs(
    runs: "pd.DataFrame", factor: str, first: float | str, second: float | str, outcome: str
) -> "pd.Series[float]":
    """Return the difference of each replicate; NaN where a run failed."""
    sides = []
    for level in (first, second):
        some = runs[runs[factor] == level]
        if some.empty:
            raise ValueError(f"there are no runs at {factor} = {level}")
        sides.append(some.groupby("replicate")[outcome].mean().where(~_broken(some, outcome)))
    return sides[1] - sides[0]


def _summed(pairs: "pd.Series[float]") -> Between:
    values = np.asarray(pairs[np.isfinite(pairs)], np.float64)
    low, high = paired_interval(values)
    return Between(float(values.mean()) if len(values) else float("nan"), low, high, len(values))


def _by_replicate(some: "pd.DataFrame", outcome: str) -> Any:
    means = some.groupby("replicate")[outcome].mean().where(~_broken(some, outcome))
    return means[np.isfinite(means)].to_numpy(float)


def _broken(some: "pd.DataFrame", outcome: str) -> "pd.Series[bool]":
    """Return which replicates have a run without a value."""
    return some[outcome].isna().groupby(some["replicate"]).any()
