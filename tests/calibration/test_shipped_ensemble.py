"""The shipped ensemble: draws of fitted parameters inside their plausible ranges, which a comparison takes."""

import pandas as pd
import pytest

from experiments.calibration import ensemble
from experiments.calibration.parameters import CALIBRATED
from experiments.cli.app import main
from experiments.compare.ensembles import read_ensemble
from sim.scenario.reading.load import load_scenario


def test_the_draws_are_of_the_fitted_parameters_inside_their_plausible_ranges():
    draws = read_ensemble(ensemble.ENSEMBLE, [load_scenario("baseline")])
    ranges = {one.path: one.quantity.plausible for one in CALIBRATED}
    assert set(draws.columns) <= set(ranges)
    assert len(draws) >= 50
    for path in draws.columns:
        low, high = ranges[path]
        assert draws[path].between(low, high).all(), path
        assert draws[path].nunique() > 10, path


@pytest.mark.slow
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
