"""Designs of a sensitivity analysis: draw their points, check the order of points, and arrange runs by block."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from experiments.designs.factor import Factor
from experiments.designs.points import DesignError
from experiments.designs.sampled import latin_hypercube
from experiments.designs.sensitivity import morris, saltelli
from experiments.sensitivity.formulas import Places
from experiments.statistics.intervals import Array
from sim.scenario.schema.quantity import whole_seed

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["morris", "sobol", "sobol without pairs", "latin"]
KINDS: Final[tuple[Kind, ...]] = ("morris", "sobol", "sobol without pairs", "latin")
LEVELS: Final = 4
"""Default number of grid levels of a Morris design."""


Problem = Sequence[Factor]


def names_of(problem: Problem) -> list[str]:
    """Check the factors and return their names.

    Raises
    ------
    DesignError
        When there are fewer than two factors, a factor appears twice, or a range is empty.
    """
    names = [factor.path for factor in problem]
    if len(names) < 2:
        raise DesignError(f"found {len(names)} factors, allowed are 2 or more")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DesignError(f"the factor {twice[0]!r} is there twice")
    for factor in problem:
        if not (np.isfinite([factor.low, factor.high]).all() and factor.low < factor.high):
            raise DesignError(
                f"{factor.path}: found the range {factor.low} to {factor.high}, allowed is low below high"
            )
    return names


def sample(problem: Problem, kind: Kind, n: int, seed: int) -> "pd.DataFrame":
    """Return the points of a design; the same arguments give the same points.

    Parameters
    ----------
    kind : {"morris", "sobol", "sobol without pairs", "latin"}
        With D factors these have n (D + 1), n (2 D + 2), n (D + 2) and n points.
    n : int
        Number of trajectories, blocks or points. For Sobol' designs use a power of two, which balances the sequence.

    Returns
    -------
    DataFrame
        `point` (from 0), and one column for each factor, named by its path.

    Raises
    ------
    DesignError
        When the kind or number is not allowed.

    Examples
    --------
    >>> from dayroom import Factor, design
    >>> len(design([Factor("tax", 0.0, 0.5), Factor("start", 1.0, 2.0)], "sobol", 4, seed=1))
    24
    """
    import pandas as pd

    names, seed = names_of(problem), whole_seed(seed)
    if n < 2:
        raise DesignError(f"n: found {n}, allowed is a whole number from 2")
    ranges = [Factor(factor.path, factor.low, factor.high, factor.whole) for factor in problem]
    if kind == "morris":
        drawn = morris(ranges, n, LEVELS, seed)
    elif kind in ("sobol", "sobol without pairs"):
        drawn = saltelli(ranges, n, kind == "sobol", seed)
    elif kind == "latin":
        drawn = latin_hypercube(ranges, n, seed)
    else:
        raise DesignError(f"found the kind {kind!r}, allowed are {', '.join(KINDS)}")
    frame = pd.DataFrame(drawn, columns=names)
    frame.insert(0, "point", range(len(frame)))
    return frame


def values_of(problem: Problem, points: "pd.DataFrame") -> Array:
    """Return the values of the factors at the points, shape (points, factors).

    Raises
    ------
    DesignError
        When a column is missing, a point appears twice, or a value is not a finite number.
    """
    names_of(problem)
    names = ["point", *(factor.path for factor in problem)]
    missing = [name for name in names if name not in points.columns]
    if missing:
        raise DesignError(f"the points have no column {missing[0]!r}; found: {', '.join(map(str, points.columns))}")
    if points["point"].duplicated().any():
        raise DesignError(f"point {points['point'][points['point'].duplicated()].iloc[0]} is there twice")
    values = points[names[1:]].to_numpy(float)
    if not np.isfinite(values).all():
        raise DesignError("a factor of a point is no number")
    return values


def shares_of(problem: Problem, values: Array) -> Array:
    """Convert values (points, factors) into shares of the ranges, 0 to 1; of listed values, by position in the list."""
    shares = np.empty_like(values)
    for j, factor in enumerate(problem):
        if listed := sorted(set(factor.values)):
            shares[:, j] = np.searchsorted(listed, values[:, j]) / (len(listed) - 1)
        else:
            shares[:, j] = (values[:, j] - factor.low) / (factor.high - factor.low)
    return shares


def morris_order(problem: Problem, points: "pd.DataFrame") -> Array:
    """Check that points form trajectories, which change one factor at a time, and return their values."""
    values = values_of(problem, points)
    step = len(problem) + 1
    if len(values) % step:
        raise DesignError(f"{len(values)} points are no whole number of trajectories of {step} points")
    moved = np.diff(values.reshape(-1, step, step - 1), axis=1) != 0.0
    if not ((moved.sum(axis=2) == 1).all() and (moved.sum(axis=1) == 1).all()):
        raise DesignError(
            "the points are not in the order of a Morris design: one factor changes from each to the next"
        )
    return values


def sobol_order(problem: Problem, points: "pd.DataFrame") -> int:
    """Check that points form Saltelli's blocks, and return the number of points in a block: D + 2 or 2 D + 2."""
    values = values_of(problem, points)
    D = len(problem)
    for step in (2 * D + 2, D + 2):
        if len(values) % step:
            continue
        blocks = values.reshape(-1, step, D)
        own, others = blocks[:, :1], blocks[:, -1:]
        mixed = np.where(np.eye(D, dtype=bool), others, own)
        fits = np.array_equal(blocks[:, 1 : D + 1], mixed)
        if step > D + 2:
            fits = fits and np.array_equal(blocks[:, D + 1 : -1], np.where(np.eye(D, dtype=bool), own, others))
        if fits:
            return step
    raise DesignError(
        f"the {len(values)} points are not in the order of a Sobol' design of {D} factors, which has blocks of "
        f"{D + 2} or {2 * D + 2}"
    )


@dataclass(frozen=True)
class Blocks:
    """The runs of the complete blocks of a design.

    Parameters
    ----------
    values : (blocks, points of a block, replicates) float array
    numbers : (blocks,) int array
        Positions of these blocks in the design.
    planned : int
        Number of blocks of the design.
    """

    values: Array
    numbers: Places
    planned: int


def complete_blocks(points: "pd.DataFrame", results: "pd.DataFrame", outcome: str, step: int) -> Blocks:
    """Return an outcome of the runs, by block, without blocks in which a run failed.

    Raises
    ------
    DesignError
        When a column is missing, a run appears twice, or a result belongs to no point of the design.
    """
    for name in ("point", "replicate", outcome):
        if name not in results.columns:
            raise DesignError(f"the results have no column {name!r}; found: {', '.join(map(str, results.columns))}")
    twice = results[["point", "replicate"]].duplicated()
    if twice.any():
        first = results[twice].iloc[0]
        raise DesignError(f"replicate {int(first['replicate'])} of point {int(first['point'])} is there twice")
    stray = results["point"][~results["point"].isin(points["point"])]
    if len(stray):
        raise DesignError(f"the results have point {stray.iloc[0]}, which is not in the design")
    wide = results.pivot(index="point", columns="replicate", values=outcome).reindex(points["point"])
    values = wide.to_numpy(float).reshape(-1, step, wide.shape[1])
    complete = np.isfinite(values).all(axis=(1, 2))
    return Blocks(values[complete], np.flatnonzero(complete), len(values))
