"""Compute the outcome at the low and high end of each factor from the runs there: the numbers of a tornado plot.

The outcome at an end is a mean over runs. In a Morris design, the end is the lowest or highest level of a factor. A
trajectory moves each factor once and visits at most one of the two ends. The ends therefore average over different
trajectories, and their difference is much less certain than the effect of the moves (`move`: the run after a move minus
the run before it, all else equal). In other designs, an end is the lowest or highest fifth of the points, or the lowest
or highest value of a factor with few values; the other factors vary there and average out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from experiments.sensitivity.chance import ends_of, replicate_noise, replicate_weights, tellable
from experiments.sensitivity.designs import Blocks, Problem, complete_blocks, shares_of, values_of
from experiments.statistics.intervals import Array

if TYPE_CHECKING:
    import pandas as pd

Flags = NDArray[np.bool_]

RESAMPLES: Final = 400
FEW: Final = 10
"""A factor with at most this many values has its ends at the lowest and the highest value."""
AT_LEVELS, AT_VALUES, AT_FIFTHS = "level", "value", "fifth"
_SHARE: Final = 0.2
_KEY: Final = 19_910_501


@dataclass(frozen=True, slots=True)
class _Side:
    """Marks, 1 or 0, of the points on one side of each factor: float array (blocks, points of a block, factors)."""

    marks: Array

    def means(self, values: Array, weights: Array) -> Array:
        """Return the mean outcome, shape (resamples, factors), for weights of shape (resamples, blocks, replicates)."""
        sums = np.einsum("bpr,bpf->brf", values, self.marks)
        counts = self.marks.sum(axis=1)
        with np.errstate(invalid="ignore"):  # NaN if no complete run lies on this side
            return np.asarray(np.einsum("kbr,brf->kf", weights, sums) / (weights.sum(axis=2) @ counts))


def ends(problem: Problem, points: "pd.DataFrame", results: "pd.DataFrame", step: int, paired: bool) -> "pd.DataFrame":
    """Return the mean outcome at both ends of each factor.

    Parameters
    ----------
    points, results : DataFrame
        As in `experiments.sensitivity.indices.morris`.
    step : int
        Number of points in a block, which resampling keeps together: a trajectory, a Saltelli block, or 1.
    paired : bool
        Whether blocks are trajectories, in which each factor moves once.

    Returns
    -------
    DataFrame
        One row for each outcome and factor: `outcome`, `factor`, `base` (mean over all points), `ends` (the kind of
        end: "level", "value" or "fifth"), `at_low`, `at_high` (mean outcome there) with 95 % intervals `at_low_low`,
        `at_low_high`, `at_high_low`, `at_high_high`, and `difference` (high end minus low end) with `low`, `high`. For
        trajectories also, else NaN: `move` (mean change of the outcome by a move, counted upwards) with `move_low`,
        `move_high`, `step` (share of the range that a move covers), and `largest` (largest size of a single change,
        averaged over replicates, chance included). `clear`: whether the interval of the move, or else of the
        difference, excludes 0, and runs can separate effects from chance (`experiments.sensitivity.chance`). Intervals
        resample whole blocks and replicates. NaN when no complete run is at an end.
    """
    import pandas as pd

    places = values_of(problem, points)
    shape = (-1, step, len(problem))
    kinds, sides = _outer(places, paired)
    if paired:
        sides |= _moved(places, step)
    rows: list[dict[str, object]] = []
    outcomes = [str(name) for name in results.columns if name not in ("point", "replicate")]
    for number, outcome in enumerate(outcomes):
        blocks = complete_blocks(points, results, outcome, step)
        stream = np.random.Generator(np.random.Philox(key=[_KEY, number]))
        marked = {name: _Side(side.reshape(shape)[blocks.numbers].astype(float)) for name, side in sides.items()}
        columns = _averages(blocks, marked, stream)
        columns["step"] = _steps(problem, places, step) if paired else np.full(len(problem), np.nan)
        columns["largest"] = _largest(blocks, marked) if paired else np.full(len(problem), np.nan)
        clear = _clear(columns, paired) & _can_separate(blocks)
        base = float(blocks.values.mean())
        for j, factor in enumerate(problem):
            keys = {"outcome": outcome, "factor": factor.path, "base": base, "ends": kinds[j]}
            numbers = {name: values[j].item() for name, values in columns.items()}
            rows.append({**keys, **numbers, "clear": clear[j].item()})
    return pd.DataFrame(rows)


def _outer(places: Array, paired: bool) -> tuple[Sequence[str], dict[str, Flags]]:
    """Return, for each factor, the kind of its ends, and which points lie at its low and high end."""
    lowest, highest = np.quantile(places, [_SHARE, 1.0 - _SHARE], axis=0)
    kinds = []
    for j, column in enumerate(places.T):
        few = paired or len(np.unique(column)) <= FEW
        kinds.append(AT_LEVELS if paired else AT_VALUES if few else AT_FIFTHS)
        if few:
            lowest[j], highest[j] = column.min(), column.max()
    return kinds, {"at_low": places <= lowest, "at_high": places >= highest}


def _moved(places: Array, step: int) -> dict[str, Flags]:
    """Return, for each factor, the points where a move of this factor begins or ends: its lower and its upper one."""
    moves = np.diff(places.reshape(-1, step, places.shape[1]), axis=1)
    nothing = np.zeros_like(moves[:, :1])
    before, after = np.concatenate([moves, nothing], axis=1), np.concatenate([nothing, moves], axis=1)
    return {"under": (before > 0) | (after < 0), "over": (before < 0) | (after > 0)}


def _steps(problem: Problem, places: Array, step: int) -> Array:
    """Return, for each factor, the mean share of its range that a move covers."""
    shares = shares_of(problem, places).reshape(-1, step, places.shape[1])
    return np.asarray(np.abs(np.diff(shares, axis=1)).sum(axis=1).mean(axis=0))


def _largest(blocks: Blocks, sides: dict[str, _Side]) -> Array:
    """Return, for each factor, the largest size of its move's effect in any trajectory."""
    means = blocks.values.mean(axis=2)
    after, before = (np.einsum("bp,bpf->bf", means, sides[name].marks) for name in ("over", "under"))
    return np.asarray(np.abs(after - before).max(axis=0))


def _averages(blocks: Blocks, sides: dict[str, _Side], stream: np.random.Generator) -> dict[str, Array]:
    """Return the means at both ends, their difference, and the effect of the move, each with its interval."""
    n, _, replicates = blocks.values.shape
    every = np.full((1, n, replicates), 1.0 / replicates)
    ways = (False, True) if replicates > 1 else (False,)
    weights = [_weights(n, replicates, together, stream) for together in ways]
    means = {name: [side.means(blocks.values, each) for each in (every, *weights)] for name, side in sides.items()}
    columns: dict[str, Array] = {}
    for name in ("at_low", "at_high"):
        columns |= _with_interval(name, f"{name}_", means[name], replicates)
    gaps = [high - low for low, high in zip(means["at_low"], means["at_high"], strict=True)]
    columns |= _with_interval("difference", "", gaps, replicates)
    if "under" in means:
        moves = [over - under for under, over in zip(means["under"], means["over"], strict=True)]
    else:
        moves = [np.full_like(each, np.nan) for each in gaps]
    return columns | _with_interval("move", "move_", moves, replicates)


def _weights(n: int, replicates: int, together: bool, stream: np.random.Generator) -> Array:
    """Return how often each resample uses each run, shape (resamples, blocks, replicates)."""
    drawn = np.zeros((RESAMPLES, n, replicates))
    for weights in drawn:
        chosen = np.arange(n) if together else stream.integers(n, size=n)
        np.add.at(weights, chosen, replicate_weights(n, replicates, together, stream))
    return drawn


def _with_interval(name: str, prefix: str, drawn: Sequence[Array], replicates: int) -> dict[str, Array]:
    """Return the values of the first array, one for each factor, with intervals from the arrays of each way."""
    value = drawn[0][0]
    tail = np.full((2, len(value)), np.nan)
    for j in np.flatnonzero(np.isfinite(value)):
        tail[:, j] = ends_of(drawn[1][:, j], drawn[2][:, j] if replicates > 1 else None, replicates)
    return {name: value, f"{prefix}low": value + tail[0], f"{prefix}high": value + tail[1]}


def _clear(columns: dict[str, Array], paired: bool) -> Flags:
    """Return, for each factor, whether the interval of its move, or else of its difference, excludes 0."""
    low, high = (columns["move_low"], columns["move_high"]) if paired else (columns["low"], columns["high"])
    return np.asarray((low > 0.0) | (high < 0.0))


def _can_separate(blocks: Blocks) -> bool:
    """Return whether these runs can separate any effect on the outcome from chance."""
    variance = float(blocks.values.mean(axis=2).var(ddof=1))
    share = replicate_noise(blocks.values) / variance if variance > 0.0 else float("nan")
    return tellable(blocks.values.shape[2], share)
