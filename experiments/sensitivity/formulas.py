"""Compute sensitivity indices of many resamples at once: Morris' by SALib's formulas, Sobol' by SALib, and PAWN."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.statistics.intervals import Array

SLICES: Final = 10
IN_SLICE: Final = 20
"""Default number of slices of a factor, and of points in a slice below which there are fewer slices (Pianosi & Wagener
2018, Environmental Modelling & Software 108, 197-207, find about ten robust)."""

Places = NDArray[np.int64]

Indices = dict[tuple[str, str, str], Array]
"""Values, one for each column, by (index, factor, other factor or empty)."""

Estimate = Callable[[Array, Places, np.random.Generator], Indices]
"""Function from values (blocks, points of a block, columns), positions of the blocks in the design (blocks, or blocks x
columns) and a random stream to the indices of each column."""

Noise = dict[tuple[str, str, str], float]
"""Expected index of a factor without effect, by the keys of `Indices`."""


def step_of(levels: int) -> float:
    """Return Morris' step, as a share of a factor's range, for a grid with this many levels."""
    return levels / (2.0 * (levels - 1))


def elementary(
    names: Sequence[str], order: Array, levels: int, values: Array, numbers: Places, _: np.random.Generator
) -> Indices:
    """Return Morris' indices of all columns by the formulas of SALib, which itself takes one column at a time.

    Parameters
    ----------
    order : (points, factors) float array
        The design, trajectory by trajectory, as shares of the ranges.
    levels : int
        Levels of the grid of the design.
    values, numbers
        As in `Estimate`.
    """
    effects = _effects(order, levels, values, numbers)
    by_index = {
        "mu_star": np.abs(effects).mean(axis=0),
        "mu": effects.mean(axis=0),
        "sigma": effects.std(axis=0, ddof=1),
    }
    return {(index, name, ""): each[:, j] for index, each in by_index.items() for j, name in enumerate(names)}


def _effects(order: Array, levels: int, values: Array, numbers: Places) -> Array:
    """Return the elementary effects: float array, shape (trajectories, columns, factors)."""
    step = values.shape[1]
    moves = np.diff(order.reshape(-1, step, order.shape[1]), axis=1)
    which = (moves != 0.0).argmax(axis=2)  # each factor moves once in a trajectory
    made = np.take_along_axis(moves, which[:, :, None], axis=2)[:, :, 0]
    nominal = step_of(levels)
    # A whole number or a word cannot move by exactly the step of the grid, so divide by its actual move.
    share = np.sign(made) * np.where(np.isclose(np.abs(made), nominal), nominal, np.abs(made))
    rows = np.broadcast_to(numbers if np.ndim(numbers) == 2 else numbers[:, None], values.shape[::2])
    in_order = np.diff(values, axis=1).transpose(0, 2, 1) / share[rows]
    return np.asarray(np.take_along_axis(in_order, which[rows].argsort(axis=2), axis=2))


def elementary_noise(names: Sequence[str], order: Array, levels: int, values: Array, numbers: Places) -> Noise:
    """Return the expected Morris' indices of a factor whose mean effect is 0.

    An effect is a difference of two runs under the same seed; its spread between replicates is the noise that remains
    under common seeds. The mean size of a normal deviate is sqrt(2 / pi) times its standard deviation.
    """
    replicates = values.shape[2]
    if replicates < 2:
        sd = np.full(len(names), np.nan)
    else:
        sd = (_effects(order, levels, values, numbers).var(axis=1, ddof=1).mean(axis=0) / replicates) ** 0.5
    sizes = {"mu_star": (2.0 / np.pi) ** 0.5 * sd, "mu": np.zeros(len(names)), "sigma": sd}
    return {(index, name, ""): float(each[j]) for index, each in sizes.items() for j, name in enumerate(names)}


def shares_noise(names: Sequence[str], step: int, values: Array, _: Places) -> Noise:
    """Return the expected Sobol' indices of a factor whose mean effect is 0: noise for ST, 0 for the others.

    ST is half the mean square of the difference that a factor makes, divided by the variance. Noise adds to it half the
    variance of that difference between replicates.
    """
    D, replicates = len(names), values.shape[2]
    whole = np.concatenate([values[:, 0], values[:, -1]]).mean(axis=1).var()
    noise: Noise = {}
    for j, name in enumerate(names):
        noise["S1", name, ""] = 0.0
        gaps = values[:, 0] - values[:, 1 + j]
        known = replicates > 1 and whole > 0.0
        added = gaps.var(axis=1, ddof=1).mean() / (2.0 * replicates * whole) if known else np.nan
        noise["ST", name, ""] = float(min(added, 1.0)) if known else float("nan")
    pairs = [(name, other) for j, name in enumerate(names) for other in names[j + 1 :]] if step > D + 2 else []
    return noise | {("S2", name, other): 0.0 for name, other in pairs}


def shares(names: Sequence[str], step: int, values: Array, _: Places, __: np.random.Generator) -> Indices:
    """Return Sobol' indices of all columns by SALib's estimators, which take many columns at once."""
    from SALib.analyze.sobol import first_order, second_order, total_order

    with np.errstate(invalid="ignore", divide="ignore"):
        flat = values.reshape(-1, values.shape[2])
        spread = flat.std(axis=0)
        centred = (values - flat.mean(axis=0)) / np.where(spread > 0.0, spread, np.nan)
    D = len(names)
    A, B = centred[:, 0], centred[:, -1]
    constant = ~(np.concatenate([A, B]).std(axis=0) > 0.0)
    if constant.all():  # SALib would warn and return 0
        nothing = np.full(values.shape[2], np.nan)
        pairs = [("S2", one, two) for j, one in enumerate(names) for two in names[j + 1 :]] if step > D + 2 else []
        singles = [(index, name, "") for index in ("S1", "ST") for name in names]
        return dict.fromkeys([*singles, *pairs], nothing)
    indices: Indices = {}
    for j, name in enumerate(names):
        indices["S1", name, ""] = first_order(A, centred[:, 1 + j], B)
    for j, name in enumerate(names):
        indices["ST", name, ""] = total_order(A, centred[:, 1 + j], B)
    if step > D + 2:
        for j, name in enumerate(names):
            for k in range(j + 1, D):
                indices["S2", name, names[k]] = second_order(
                    A, centred[:, 1 + j], centred[:, 1 + k], centred[:, 1 + D + j], B
                )
    return {key: np.where(constant, np.nan, value) for key, value in indices.items()}


def distances(
    names: Sequence[str], places: Array, slices: int | None, values: Array, numbers: Places, _: np.random.Generator
) -> Indices:
    """Return PAWN indices of all columns, with this number of slices of each factor, by default `slices_for`."""
    by_name: dict[str, list[float]] = {name: [] for name in names}
    for k in range(values.shape[2]):
        rows = places[numbers if np.ndim(numbers) == 1 else numbers[:, k]]
        for name, column in zip(names, rows.T, strict=True):
            by_name[name].append(_distance(column, values[:, 0, k], slices or slices_for(len(rows))))
    return {("PAWN", name, ""): np.array(each) for name, each in by_name.items()}


def slices_for(points: int) -> int:
    """Return the default number of slices: `SLICES`, or fewer so that each holds `IN_SLICE` points; at least two."""
    return max(2, min(SLICES, points // IN_SLICE))


def _distance(factor: Array, values: Array, slices: int) -> float:
    """Return the PAWN index: the median over slices of the largest distance between slice's and whole distribution."""
    n = len(values)
    edges = np.quantile(factor, np.linspace(0.0, 1.0, slices + 1))
    slot = np.clip(np.searchsorted(edges, factor, side="right") - 1, 0, slices - 1)
    order = np.argsort(values, kind="stable")
    last = np.append(np.diff(values[order]) > 0.0, True)  # equal values step together
    inside = slot[order][:, None] == np.arange(slices)
    sizes = inside.sum(axis=0)
    filled = sizes > 0
    share = np.cumsum(inside[:, filled], axis=0)[last] / sizes[filled]
    whole = (np.arange(1, n + 1) / n)[last]
    return float(np.median(np.abs(share - whole[:, None]).max(axis=0)))
