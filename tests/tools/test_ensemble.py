"""How the shipped ensemble is made: sets near the fit, the record of what its draws meet, and its page."""

import numpy as np
import pandas as pd

from experiments.calibration.parameters import CALIBRATED, values_at
from experiments.calibration.targets import read_targets
from experiments.store.pages import read_json
from tools import ensemble


def test_the_page_shows_the_record():
    assert ensemble.is_current()


def test_the_record_is_of_the_targets_of_the_project():
    record = read_json(ensemble.RECORD)
    assert list(record["inside"]) == [target.key for target in read_targets()]
    assert len(record["met"]) == record["shipped"] == len(pd.read_csv(ensemble.ENSEMBLE))


def test_sets_are_drawn_near_the_fit():
    shares = ensemble.near(200, np.random.default_rng(1))
    drawn = pd.DataFrame([values_at([float(one) for one in row], CALIBRATED) for row in shares])
    for one in CALIBRATED:
        low, high = one.quantity.plausible
        moved = (drawn[one.path] - one.default) / (high - low)
        assert moved.abs().max() <= ensemble.REACH + 0.03, one.path  # the fit itself may lie at an end
        assert moved.std() > 0.03, one.path


def test_draws_meet_nearly_as_many_targets_as_the_fit_does_by_as_few_runs():
    record = read_json(ensemble.RECORD)
    assert np.median(record["met"]) >= np.median(record["fit_met"]) - 3
