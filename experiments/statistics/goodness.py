"""Goodness of fit as in RSiena: how far data lie from many simulated networks, and how rare that is."""

from typing import Any, NamedTuple

import numpy as np


class Fit(NamedTuple):
    """How well simulated statistics fit those of the data.

    Parameters
    ----------
    distance : float
        Mahalanobis distance of the data from the mean of the simulations; NaN when all are equal.
    p : float
        Share of simulations at least as far from that mean as the data: small is a bad fit. When all are equal: 1 if
        the data equal them too, else 0.
    outside : int
        Numbers that are equal in all simulations but differ in the data; the distance leaves them out.
    """

    distance: float
    p: float
    outside: int


def mahalanobis(data: Any, simulated: Any) -> Fit:
    """Compare statistics of the data with those of simulated networks (Lospinoso & Snijders 2019, RSiena's `sienaGOF`).

    d^2 = (x - m)' S^- (x - m), with the mean m and the generalised inverse S^- of the covariance of the simulations,
    since numbers may depend on each other (all triads add up to the same). p is the share of simulations with d at or
    above that of the data. As m and S come from the simulations, these lie a little nearer than a new one would: with
    100 of them and 16 numbers p is somewhat small even when the model is right.

    Parameters
    ----------
    data : array, shape (k,)
    simulated : array, shape (n, k)
        At least two.

    Raises
    ------
    ValueError
        For fewer than two simulations.
    """
    data, simulated = np.asarray(data, float), np.asarray(simulated, float)
    if len(simulated) < 2:
        raise ValueError(f"found {len(simulated)} simulated networks, allowed are 2 or more")
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
    """Write a p-value by rank with the decimals that so many runs allow; 0 is "less than one in so many"."""
    if p == 0.0:
        return f"< {1.0 / runs:.2g}"
    decimals = 2 if p >= 0.1 else max(2, len(str(runs - 1)))
    return f"= {p:.{decimals}f}"
