"""Directions: signs where there are any, and a record that goes on where it was left."""

import json

import numpy as np
import pytest

from experiments.anatomy import directions
from experiments.anatomy.notes import NOTES
from sim import load_scenario
from sim.scenario.schema import SCENARIO_PARAMETERS

EVERY = {p.path: p for p in SCENARIO_PARAMETERS}
FEW = tuple(EVERY[path] for path in ("rules.wellbeing.lonely_base", "rules.wellbeing.burden_days", "centres.*.voice"))


def test_a_difference_is_paired_and_in_standard_deviations_between_users():
    low = np.array([[50.0, 30.0, 4.0, 0.5], [60.0, 30.0, 4.1, 0.5], [40.0, 30.0, 4.2, 0.5]])
    high = low + np.array([[5.0, 0.0, 1.0, -0.1], [5.0, 0.0, -1.0, -0.1], [5.0, 0.0, 0.0, -0.1]])
    found = directions.differences(low, high, np.array([10.0, 5.0, 0.5, 0.2]))
    assert found["loneliness_ucla20"] == pytest.approx([0.5, 0.5, 0.5])
    assert found["burden"] == [0.0, 0.0, 0.0]
    assert found["hope"] == pytest.approx([-0.5, -0.5, -0.5])
    mean, least, most = found["group_identity"]
    assert (mean, most) == (pytest.approx(0.0), pytest.approx(-least))
    assert [directions.direction(one) for one in found.values()] == [1, 0, 0, -1]


def test_every_parameter_of_rules_and_users_is_moved():
    moved = {p.path for p in directions.moving()}
    expected = {
        path
        for path, p in EVERY.items()
        if path.split(".")[0] in ("rules", "users") and p.quantity.plausible[0] < p.quantity.plausible[1]
    }
    assert expected <= moved
    assert not set(directions.NEVER) & moved
    assert set(directions.NEVER) <= set(EVERY)


def test_notes_are_of_parameters_that_are_moved():
    assert set(NOTES) <= {p.path for p in directions.moving()}


@pytest.fixture
def short(monkeypatch):
    scenario = load_scenario("baseline").with_changes(settling=30, days=30)
    monkeypatch.setattr(directions, "load_scenario", lambda name: scenario)
    monkeypatch.setattr(directions, "moving", lambda: FEW)


def test_a_record_goes_on_where_it_was_left(short, tmp_path, monkeypatch):
    path = tmp_path / "directions.json"
    whole = directions.measure(3, 1, path)
    assert list(whole["parameters"]) == [p.path for p in FEW]
    assert directions.direction(whole["parameters"]["rules.wellbeing.lonely_base"]["effects"]["loneliness_ucla20"]) == 1
    kept = json.loads(path.read_text(encoding="utf-8"))
    del kept["parameters"]["centres.*.voice"]
    kept["parameters"]["rules.wellbeing.burden_days"]["low"] = -1.0  # to be known again
    path.write_text(json.dumps(kept), encoding="utf-8")
    again = directions.measure(3, 1, path)
    assert again["parameters"]["rules.wellbeing.burden_days"]["low"] == -1.0
    assert again["parameters"]["centres.*.voice"] == whole["parameters"]["centres.*.voice"]
    kept["model_digest"] = "another"
    path.write_text(json.dumps(kept), encoding="utf-8")
    assert directions.measure(3, 1, path)["parameters"] == whole["parameters"]


def test_the_page_says_what_moves_what_does_not_and_what_cannot_stand_alone(monkeypatch):
    moved = {name: [0.4, 0.1, 0.7] for name in directions.MOVED}
    still = {name: [0.0, 0.0, 0.0] for name in directions.MOVED}
    rows = {
        "rules.a": {"low": 0.0, "high": 1.0, "effects": moved},
        "rules.b": {"low": 0.0, "high": 1.0, "effects": still},
        "rules.c": {"low": 0.0, "high": 1.0, "effects": None, "why": "sd is too wide"},
    }
    monkeypatch.setattr(directions, "NOTES", {"rules.a": "It opens people."})
    text = directions.text({"runs": 5, "confidence": 0.99, "parameters": rows})
    assert "| `rules.a` | 0 | 1 | + +0.40 (+0.10 to +0.70) |" in text
    assert "Nothing at all changes in the baseline through: `rules.b`." in text
    assert "`rules.c` cannot stand at an end of its range alone: sd is too wide." in text
    assert "- `rules.a`: It opens people." in text
