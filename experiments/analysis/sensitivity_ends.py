"""The outcome at the low and at the high end of each factor, from the runs of a design: what a tornado plot shows.

In a Morris design each trajectory moves a factor once, all else alike: the difference of the runs before and after that
move is laid half below and half above the mean of all runs, as the level of so few trajectories says little. In any
other design the ends are the runs in the lowest and in the highest fifth of its range, or at its lowest and highest
value where there are few; all else varies then, and averages out.
"""

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from experiments.analysis.paired import COVERED, Array
from experiments.analysis.sensitivity_design import Problem, complete_blocks, values_of

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES: Final = 400
FEW: Final = 10
"""A factor with at most so many values has its ends at the first and the last."""
_SHARE: Final = 0.2
_KEY: Final = 19_910_501


def ends(problem: Problem, points: "pd.DataFrame", results: "pd.DataFrame", step: int, paired: bool) -> "pd.DataFrame":
    """Give the mean outcome at both ends of each factor.

    Parameters
    ----------
    problem : sequence of Factor
    points, results : DataFrame
        As of `experiments.analysis.sensitivity.morris`.
    step : int
        Points of a block, which stay together: of a trajectory, of Saltelli's block, or 1.
    paired : bool
        Whether blocks are trajectories, in each of which every factor moves once.

    Returns
    -------
    DataFrame
        A row an outcome and factor: `outcome`, `factor`, `base` (mean over all points), `at_low`, `at_high` (the
        outcome there), `difference` (high less low end) with its 95 % interval `low`, `high`, from blocks drawn again;
        NaN where an end has no complete run.
    """
    import pandas as pd

    places = values_of(problem, points)
    shape = (-1, step, len(problem))
    low, high = (side.reshape(shape) for side in (_moved(places, step) if paired else _outer(places)))
    rows: list[dict[str, Any]] = []
    outcomes = [str(name) for name in results.columns if name not in ("point", "replicate")]
    for number, outcome in enumerate(outcomes):
        blocks = complete_blocks(points, results, outcome, step)
        stream = np.random.Generator(np.random.Philox(key=[_KEY, number]))
        means = blocks.values.mean(axis=2)
        found = _differences(means, low[blocks.numbers], high[blocks.numbers], stream)
        base = float(means.mean())
        if paired:
            found |= {"at_low": base - 0.5 * found["difference"], "at_high": base + 0.5 * found["difference"]}
        for j, factor in enumerate(problem):
            keys = {"outcome": outcome, "factor": factor.path, "base": base}
            rows.append({**keys, **{name: float(values[j]) for name, values in found.items()}})
    return pd.DataFrame(rows)


def _moved(places: Array, step: int) -> tuple[Array, Array]:
    """Mark the points before and after each factor's move, the lower one first."""
    moves = np.diff(places.reshape(-1, step, places.shape[1]), axis=1)
    nothing = np.zeros_like(moves[:, :1])
    before, after = np.concatenate([moves, nothing], axis=1), np.concatenate([nothing, moves], axis=1)
    return (before > 0) | (after < 0), (before < 0) | (after > 0)


def _outer(places: Array) -> tuple[Array, Array]:
    """Mark the points in the lowest and in the highest fifth of each factor, or at its outermost values."""
    lowest, highest = np.quantile(places, [_SHARE, 1.0 - _SHARE], axis=0)
    for j, column in enumerate(places.T):
        if len(np.unique(column)) <= FEW:
            lowest[j], highest[j] = column.min(), column.max()
    return places <= lowest, places >= highest


def _differences(means: Array, low: Array, high: Array, stream: np.random.Generator) -> dict[str, Array]:
    """Give the means at both ends of each factor, and their difference with its interval."""
    n = len(means)
    weights = np.bincount((stream.integers(n, size=(RESAMPLES, n)) + n * np.arange(RESAMPLES)[:, None]).ravel(),
                          minlength=RESAMPLES * n).reshape(RESAMPLES, n)  # fmt: skip
    weights = np.vstack([np.ones(n), weights])
    at = []
    for side in (low, high):
        sums, counts = np.einsum("bp,bpf->bf", means, side), side.sum(axis=1)
        with np.errstate(invalid="ignore"):  # no complete run lies at this end
            at.append((weights @ sums) / (weights @ counts))
    gaps = at[1] - at[0]
    tails = np.full((2, len(gaps[0])), np.nan)
    for j, drawn in enumerate(gaps[1:].T):
        known = drawn[np.isfinite(drawn)]  # some resamples may have no block at one end
        if np.isfinite(gaps[0, j]) and len(known) > RESAMPLES // 2:
            tails[:, j] = np.quantile(known - known.mean(), [0.5 - COVERED / 2, 0.5 + COVERED / 2])
    return {"at_low": at[0][0], "at_high": at[1][0], "difference": gaps[0],
            "low": gaps[0] + tails[0], "high": gaps[0] + tails[1]}  # fmt: skip
