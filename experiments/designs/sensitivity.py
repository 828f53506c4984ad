"""Designs for SALib's analyses: Saltelli's points for Sobol' indices, Morris's trajectories for screening.

SALib (Iwanaga, Usher & Herman 2022, doi 10.18174/sesmo.18155) comes with the extra `analysis`. Its analyses expect
outcomes in the order in which these functions return the points.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments.designs.factor import Factor, Point
from experiments.designs.points import DesignError, at_shares
from experiments.designs.sampled import check_power_of_two
from sim.language import say


def problem(factors: Sequence[Factor]) -> dict[str, Any]:
    """Describe the factors for SALib, all with the range 0 to 1: `Factor.at` turns such shares into values."""
    return {
        "num_vars": len(factors),
        "names": [factor.path for factor in factors],
        "bounds": [[0.0, 1.0]] * len(factors),
    }


def saltelli(factors: Sequence[Factor], base_points: int, second_order: bool, seed: int) -> list[Point]:
    """Return Saltelli's points (Saltelli 2002; Campolongo, Saltelli & Cariboni 2011) for `SALib.analyze.sobol`.

    N base points and k factors give N (k + 2) points, or N (2 k + 2) with indices of second order.

    Raises
    ------
    DesignError
        When N is not a power of 2, or SALib is not installed.
    """
    check_power_of_two("base_points", base_points)
    sample = _salib("sobol")
    shares = sample(problem(factors), base_points, calc_second_order=second_order, seed=_stream(seed))
    return at_shares(factors, np.asarray(shares).tolist())


def morris(factors: Sequence[Factor], trajectories: int, levels: int, seed: int) -> list[Point]:
    """Return Morris's trajectories (Morris 1991) for `SALib.analyze.morris`: r (k + 1) points for k factors.

    Raises
    ------
    DesignError
        When SALib is not installed.
    """
    shares = _salib("morris")(problem(factors), trajectories, num_levels=levels, seed=_stream(seed))
    return at_shares(factors, np.asarray(shares).tolist())


def _stream(seed: int) -> np.random.Generator:
    """Return a random generator for a seed: SALib would take the bare seed 0 for no seed."""
    return np.random.default_rng(seed)


def _salib(name: str) -> Any:
    """Return SALib's sampling function of this name."""
    from importlib import import_module

    try:
        return import_module(f"SALib.sample.{name}").sample
    except ImportError as error:
        message = say(
            "this design is made by SALib, which is not installed; install it with: pip install 'dayroom[analysis]'"
        )
        raise DesignError(message) from error
