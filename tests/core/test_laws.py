"""Quantiles of the laws that users are drawn from, against SciPy."""

import numpy as np
import pytest
from scipy import special

from sim.state import laws

SHARES = (np.arange(laws.POINTS) + 0.5) / laws.POINTS
BETAS = [(0.5, 0.2), (0.534, 0.24), (0.1, 0.08), (0.9, 0.1), (0.5, 0.47), (0.01, 0.0965), (0.99, 0.09), (0.3, 0.02)]
GAMMAS = [(3.4, 1.5), (1.0, 1.0), (0.1, 5.0), (50.0, 1.0), (5.0, 20.0)]


@pytest.mark.parametrize(("mean", "sd"), BETAS)
def test_beta_quantiles(mean, sd):
    size = mean * (1.0 - mean) / sd**2 - 1.0
    exact = special.betaincinv(mean * size, (1.0 - mean) * size, SHARES)
    assert laws.beta_quantiles(mean, sd) == pytest.approx(exact, rel=1e-11, abs=1e-12)


@pytest.mark.parametrize(("mean", "sd"), GAMMAS)
def test_gamma_quantiles(mean, sd):
    exact = special.gammaincinv((mean / sd) ** 2, SHARES) * sd**2 / mean
    assert laws.gamma_quantiles(mean, sd) == pytest.approx(exact, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("sd", [0.0039, 1e-3, 1e-6])
def test_narrow_beta_laws_err_by_little_of_their_deviation(sd):
    size = 0.2 * 0.8 / sd**2 - 1.0
    exact = special.betaincinv(0.2 * size, 0.8 * size, SHARES)
    assert laws.beta_quantiles(0.2, sd) == pytest.approx(exact, rel=0.0, abs=1e-4 * sd)


@pytest.mark.parametrize("sd", [0.4, 1e-3])
def test_narrow_gamma_laws_err_by_little_of_their_deviation(sd):
    exact = special.gammaincinv((50.0 / sd) ** 2, SHARES) * sd**2 / 50.0
    assert laws.gamma_quantiles(50.0, sd) == pytest.approx(exact, rel=0.0, abs=1e-4 * sd)


def test_quantiles_rise():
    for table in (*(laws.beta_quantiles(*of) for of in BETAS), *(laws.gamma_quantiles(*of) for of in GAMMAS)):
        assert (np.diff(table) >= 0.0).all()


def test_normal_scores():
    shares = np.concatenate((SHARES, 10.0 ** -np.arange(1.0, 11.0), 1.0 - 10.0 ** -np.arange(1.0, 11.0)))
    assert laws.normal_score(shares) == pytest.approx(special.ndtri(shares), rel=1e-14, abs=1e-15)


def test_normal_shares():
    scores = np.linspace(-9.0, 9.0, 20_001)
    assert laws.normal_share(scores) == pytest.approx(special.ndtr(scores), rel=0.0, abs=2e-12)


@pytest.mark.parametrize("x", [5e-4, 0.3, 1.0, 2.0, 2.5, 15.9, 16.0, 100.0, 1e4])
def test_log_gamma(x):
    assert laws.log_gamma(x) == pytest.approx(float(special.gammaln(x)), rel=1e-14, abs=1e-13)
