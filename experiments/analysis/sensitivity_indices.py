"""The indices themselves, of many resamples at once: SALib's estimators, and PAWN."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from experiments.analysis.paired import Array
from experiments.analysis.sensitivity_design import LEVELS

_SLICES: Final = 10
_LEAST_IN_SLICE: Final = 20

Indices = dict[tuple[str, str, str], Array]
"""By (index, factor, other factor, else empty): one value a column of the values given."""

Estimate = Callable[[Array, Any, np.random.Generator], Indices]
"""Takes values (blocks, points of a block, columns), the places of the blocks in the design (blocks, or blocks x
columns), and a stream; gives the indices of every column."""


def step_of(levels: int) -> float:
    """Give Morris' step as a share of a factor's range."""
    return levels / (2.0 * (levels - 1))


def elementary(problem: dict[str, Any], order: Any, values: Array, numbers: Any, _: np.random.Generator) -> Indices:
    """Give Morris' indices of each column through SALib.

    SALib's indices come from one set of values; a resample of trajectories is such a set, with its own points.
    """
    from SALib.analyze import morris as salib

    columns: dict[tuple[str, str, str], list[float]] = {}
    step = values.shape[1]
    for k in range(values.shape[2]):
        trajectories = numbers if np.ndim(numbers) == 1 else numbers[:, k]
        points = order.reshape(-1, step, order.shape[1])[trajectories].reshape(-1, order.shape[1])
        found = salib.analyze(
            dict(problem),
            points,
            np.ascontiguousarray(values[:, :, k]).ravel(),
            num_resamples=2,
            num_levels=LEVELS,
            seed=1,
        )
        for index in ("mu_star", "mu", "sigma"):
            for name, value in zip(problem["names"], found[index], strict=True):
                columns.setdefault((index, name, ""), []).append(float(value))
    return {key: np.array(found) for key, found in columns.items()}


def shares(names: Sequence[str], step: int, values: Array, _: Any, __: np.random.Generator) -> Indices:
    """Give Sobol' indices of each column by SALib's estimators, which take many columns at once."""
    from SALib.analyze.sobol import first_order, second_order, total_order

    with np.errstate(invalid="ignore", divide="ignore"):
        flat = values.reshape(-1, values.shape[2])
        spread = flat.std(axis=0)
        centred = (values - flat.mean(axis=0)) / np.where(spread > 0.0, spread, np.nan)
    D = len(names)
    A, B = centred[:, 0], centred[:, -1]
    constant = ~(np.concatenate([A, B]).std(axis=0) > 0.0)
    if constant.all():  # SALib would warn, and give 0
        nothing = np.full(values.shape[2], np.nan)
        pairs = [("S2", one, two) for j, one in enumerate(names) for two in names[j + 1 :]] if step > D + 2 else []
        singles = [(index, name, "") for index in ("S1", "ST") for name in names]
        return dict.fromkeys([*singles, *pairs], nothing)
    found: Indices = {}
    for j, name in enumerate(names):
        found["S1", name, ""] = first_order(A, centred[:, 1 + j], B)
    for j, name in enumerate(names):
        found["ST", name, ""] = total_order(A, centred[:, 1 + j], B)
    if step > D + 2:
        for j, name in enumerate(names):
            for k in range(j + 1, D):
                found["S2", name, names[k]] = second_order(
                    A, centred[:, 1 + j], centred[:, 1 + k], centred[:, 1 + D + j], B
                )
    return {key: np.where(constant, np.nan, value) for key, value in found.items()}


def distances(names: Sequence[str], places: Array, values: Array, numbers: Any, _: np.random.Generator) -> Indices:
    """Give PAWN indices of each column."""
    found: dict[tuple[str, str, str], list[float]] = {}
    for k in range(values.shape[2]):
        rows = places[numbers if np.ndim(numbers) == 1 else numbers[:, k]]
        for name, column in zip(names, rows.T, strict=True):
            found.setdefault(("PAWN", name, ""), []).append(_distance(column, values[:, 0, k]))
    return {key: np.array(each) for key, each in found.items()}


def _distance(factor: Array, values: Array) -> float:
    """Give the median over slices of the largest distance between the slice's and the whole distribution function."""
    n = len(values)
    slices = max(2, min(_SLICES, n // _LEAST_IN_SLICE))
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
