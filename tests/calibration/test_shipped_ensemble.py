"""The shipped ensemble: draws of fitted parameters inside their plausible ranges, and its page."""

import numpy as np
import pandas as pd
import pytest

from experiments.calibration import ensemble
from experiments.calibration.parameters import CALIBRATED, values_at
from experiments.calibration.targets import read_targets
from experiments.cli.app import main
from experiments.compare.ensembles import read_ensemble
from experiments.store.pages import read_json
from sim.scenario.reading.load import load_scenario


def test_the_page_shows_the_record():
    assert ensemble.is_current()


def test_the_draws_are_of_the_fitted_parameters_inside_their_plausible_ranges():
    draws = read_ensemble(ensemble.ENSEMBLE, [load_scenario("baseline")])
    ranges = {one.path: one.quantity.plausible for one in CALIBRATED}
    assert set(draws.columns) <= set(ranges)
    assert len(draws) >= 50
    for path in draws.columns:
        low, high = ranges[path]
        assert draws[path].between(low, high).all(), path
        assert draws[path].nunique() > 10, path


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


def test_a_comparison_takes_the_shipped_draws(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    rows = pd.read_csv(ensemble.ENSEMBLE).head(2)
    rows.to_csv(tmp_path / "two.csv", index=False)
    monkeypatch.setattr(ensemble, "ENSEMBLE", tmp_path / "two.csv")
    (tmp_path / "small.yaml").write_text("days: 28\nsettling: 0\ncentres: {house: {users: 8}}\n", encoding="utf-8")
    (tmp_path / "other.yaml").write_text(
        "extends: ./small.yaml\npolicies: {circle: {policy: disclosure_circle}}\n", encoding="utf-8"
    )
    with pytest.raises(SystemExit) as ended:
        main(["compare", "small.yaml", "other.yaml", "--replicates", "2", "--uncertain", "calibrated", "--out", "out"])
    assert not ended.value.code
    assert "Over 2 draws" in capsys.readouterr()[0]


def test_draws_meet_nearly_as_many_targets_as_the_fit_does_by_as_few_runs():
    record = read_json(ensemble.RECORD)
    assert np.median(record["met"]) >= np.median(record["fit_met"]) - 3
