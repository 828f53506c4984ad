"""Goodness of fit as in RSiena: the distance of data from many simulated networks, and how rare such a distance is."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.scenario.text.errors import InputError


class Fit(NamedTuple):
    """How well simulated statistics fit the statistics of the data.

    Parameters
    ----------
    distance : float
        Mahalanobis distance of the data from the mean of the simulations; NaN when all simulations are equal.
    p : float
        Share of simulations at least as far from that mean as the data; a small share is a bad fit. When all
        simulations are equal: 1 if the data equal them, else 0.
    outside : int
        Count of statistics that are equal in all simulations but differ in the data; the distance leaves them out.
    """

    distance: float
    p: float
    outside: int


def mahalanobis(data: ArrayLike, simulated: ArrayLike) -> Fit:
    """Compare statistics of the data with those of simulated networks (Lospinoso & Snijders 2019, RSiena's `sienaGOF`).

    d^2 = (x - m)' S^- (x - m), where m is the mean of the simulations and S^- the generalised inverse of their
    covariance. (Statistics may depend on each other: the counts of triads add up to a constant.) p is the share of
    simulations with d at or above that of the data. Because m and S come from the simulations, these lie a little
    nearer than a new simulation would: with 100 simulations of 16 statistics, p is somewhat small even when the model
    is right.

    Parameters
    ----------
    data : array, shape (k,)
    simulated : array, shape (n, k)
        Statistics of n simulated networks; n at least 2.

    Raises
    ------
    ValueError
        When there are fewer than two simulations.
    """
    data, simulated = np.asarray(data, float), np.asarray(simulated, float)
    if len(simulated) < 2:
        raise InputError(f"found {len(simulated)} simulated networks, allowed are 2 or more")
    varying = simulated.std(axis=0) > 0.0
    outside = int((~varying & (data != simulated[0])).sum())
    if not varying.any():
        return Fit(float("nan"), 0.0 if outside else 1.0, outside)
    mean = simulated[:, varying].mean(axis=0)
    inverse = np.linalg.pinv(np.atleast_2d(np.cov(simulated[:, varying], rowvar=False)), rcond=1e-10, hermitian=True)
    away = simulated[:, varying] - mean
    squares = np.einsum("ij,jk,ik->i", away, inverse, away)
    square = float((data[varying] - mean) @ inverse @ (data[varying] - mean))
    far = squares >= square * (1.0 - 1e-9)
    return Fit(max(square, 0.0) ** 0.5, float(far.mean()), outside)


def rank(p: float, runs: int) -> str:
    """Write a p-value from ranks with the decimals that `runs` allows; write 0 as less than 1 / `runs`."""
    if p == 0.0:
        return f"< {1.0 / runs:.2g}"
    decimals = 2 if p >= 0.1 else max(2, len(str(runs - 1)))
    return f"= {p:.{decimals}f}"
