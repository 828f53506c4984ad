"""Intervals of statistics from resamples of runs."""

from typing import Any

import numpy as np
from scipy.stats import norm


def interval(value: float, again: np.ndarray[Any, Any]) -> tuple[float, float, float]:
    """Give standard error and 95 % interval of a value from resamples.

    Bias-corrected percentiles (Efron 1987): a resample holds runs twice, so some statistics, R2 above all, come out
    higher on average; z0 = Phi^-1(share of resamples below the value), ends at Phi(2 z0 -+ 1.96).
    """
    if len(again) < 2 or not np.isfinite(value):
        return float("nan"), float("nan"), float("nan")
    below = ((again < value).mean() + (again <= value).mean()) / 2.0
    shift = norm.ppf(np.clip(below, 0.5 / len(again), 1.0 - 0.5 / len(again)))
    low, high = np.quantile(again, norm.cdf(2.0 * shift + norm.ppf([0.025, 0.975])))
    return float(again.std(ddof=1)), float(low), float(high)
