"""Sampled designs: points spread over the factors' ranges; the same seed gives the same points.

With independent draws and Sobol' points, a larger design begins with the points of a smaller one, so a study that grows
reuses its runs. A Latin hypercube has other points for every number of points.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from experiments.designs.factor import Factor, Point
from experiments.designs.points import DesignError, at_shares
from sim.language import say

MOST_SOBOL: Final = 2**20
"""Most Sobol' points: no more than scipy's sequence can give with its default number of bits."""


def independent(factors: Sequence[Factor], points: int, seed: int) -> list[Point]:
    """Return points drawn independently and uniformly from the ranges."""
    return at_shares(factors, np.random.default_rng(seed).random((points, len(factors))).tolist())


def latin_hypercube(factors: Sequence[Factor], points: int, seed: int) -> list[Point]:
    """Return a Latin hypercube (McKay, Beckman & Conover 1979): one point in each slice of every range."""
    from scipy.stats import qmc

    return at_shares(factors, qmc.LatinHypercube(len(factors), rng=np.random.default_rng(seed)).random(points).tolist())


def sobol(factors: Sequence[Factor], points: int, seed: int) -> list[Point]:
    """Return scrambled Sobol' points (Sobol' 1967; Owen 1998).

    Raises
    ------
    DesignError
        When the number of points is not a power of 2: other numbers leave the sequence unbalanced.
    """
    from scipy.stats import qmc

    check_power_of_two("points", points)
    return at_shares(factors, qmc.Sobol(len(factors), rng=np.random.default_rng(seed)).random(points).tolist())


def check_power_of_two(name: str, number: int) -> None:
    """Check that a number is a power of 2, at most `MOST_SOBOL`.

    Raises
    ------
    DesignError
        When the number is not allowed; the message names the nearest powers of 2.
    """
    if number & (number - 1) == 0 and number <= MOST_SOBOL:
        return
    below = min(2 ** (number.bit_length() - 1), MOST_SOBOL)
    near = say("{below} or {above}", below=below, above=2 * below) if below < MOST_SOBOL else f"{below}"
    raise DesignError(
        say("{name}: found {number}, allowed is a power of 2, such as {near}", name=name, number=number, near=near)
    )
