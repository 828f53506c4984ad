"""Surveys: which parameters they measure, how well, and what the draws become."""

import numpy as np
import pandas as pd
import pytest

from experiments.compare.draws import unknown_parameters
from experiments.worth.denoised import carried, chance_between, denoised
from experiments.worth.surveys import SURVEYS, after_asking, variances
from sim.scenario.reading.load import load_scenario
from sim.scenario.text.files import shipped_files


def drawable() -> list[str]:
    """Return the paths of all parameters that a comparison of shipped scenarios may draw."""
    return [one.path for one in unknown_parameters([load_scenario(name) for name in shipped_files()])]


def test_each_survey_measures_something_and_no_two_the_same():
    names = drawable()
    measured = [survey.columns(names) for survey in SURVEYS]
    assert all(measured)
    flat = [name for columns in measured for name in columns]
    assert len(flat) == len(set(flat))
    for survey in SURVEYS:
        assert all(any(survey.columns([name]) and path == path for name in names) for path in survey.paths)
        assert all(any(type(survey)("", (path,)).columns([name]) for name in names) for path in survey.paths)


def test_a_mean_is_known_as_a_sample_mean_and_the_rest_by_its_range():
    means = pd.Series({"users.empathy.mean": 0.5, "users.empathy.sd": 0.2})
    names = ["users.empathy.mean", "users.empathy.sd", "rules.attendance.base_share"]
    assert variances(names, means) == pytest.approx([0.2**2, 0.2**2 / 2, 0.4**2])


def test_a_normal_prior_and_its_survey():
    points = np.random.default_rng(1).standard_normal((500, 2))
    points = (points - points.mean(axis=0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(points.T))).T  # covariance 1
    asked = after_asking(points, np.array([3.0, 1e15]), 9)
    # Known by 9 answers of variance 3: variance 1 / (1 + 1/3) = 0.75. Never known: variance 0.
    assert np.cov(asked.T) == pytest.approx(np.diag([0.75, 0.0]), abs=1e-9)
    assert np.ptp(after_asking(points, np.array([3.0, 3.0]), 0)) < 1e-9 + np.ptp(points.mean(axis=0))


def test_draws_are_carried_to_a_covariance():
    g = np.random.default_rng(2)
    given, wanted = (side.T @ side for side in g.standard_normal((2, 5, 3)))
    move = carried(given, wanted)
    assert move @ given @ move.T == pytest.approx(wanted)
    assert move == pytest.approx(move.T)  # of all such matrices, the one that moves values least is symmetric
    assert carried(given, given) == pytest.approx(np.eye(3))
    assert carried(np.zeros((2, 2)), np.eye(2)) == pytest.approx(np.zeros((2, 2)))


def test_chance_is_what_draws_leave():
    draw = np.arange(5.0)[:, None, None]
    assert chance_between(np.broadcast_to(draw, (5, 3, 1))) == pytest.approx(0.0)
    noise = np.random.default_rng(3).normal(0.0, 2.0, (400, 4, 1))
    assert chance_between(noise + 10.0 * np.arange(400.0)[:, None, None]) == pytest.approx(4.0, rel=0.15)
    assert np.isnan(chance_between(noise[:, :1])).all()


def test_means_without_chance_keep_their_mean_and_lose_its_spread():
    g = np.random.default_rng(4)
    means = g.standard_normal((300, 2)) @ np.diag([2.0, 1.0])
    spread = np.cov(means.T)
    still = denoised(means, 0.5 * spread)
    assert still.mean(axis=0) == pytest.approx(means.mean(axis=0))
    assert np.cov(still.T) == pytest.approx(0.5 * spread)
    assert np.ptp(denoised(means, 2.0 * spread), axis=0) == pytest.approx(0.0)
