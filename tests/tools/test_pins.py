"""Which targets move: in half widths of their ranges, beyond chance, by the element that moves most."""

import json

import pytest

from experiments.calibration.measurement import Measured
from experiments.calibration.parameters import CALIBRATED
from experiments.calibration.statistics.runs import Estimate
from experiments.calibration.targets import Target
from sim import load_scenario
from tools.anatomy import pins

ONE = Target("loneliness_mean", (40.0,), (50.0,))
TWO = Target("newcomer_first_friend", (0.2, 0.4), (0.4, 0.8), weeks=(9, 27))


def measured(error, *values):
    errors = (error,) * len(values)
    return Measured(Estimate(values), errors, values, values)


def test_moves_are_in_half_widths_of_the_element_that_moves_most():
    low = {ONE.key: measured(0.3, 44.0), TWO.key: measured(0.01, 0.2, 0.6)}
    high = {ONE.key: measured(0.4, 49.0), TWO.key: measured(0.01, 0.25, 0.4)}
    found = pins.moves(low, high, (ONE, TWO))
    assert found[ONE.key] == pytest.approx([1.0, 0.1])
    assert found[TWO.key] == pytest.approx([-1.0, 0.0707], abs=1e-3)


def test_what_has_no_value_moves_nothing():
    nothing = {ONE.key: measured(0.1, float("nan"))}
    assert pins.moves(nothing, nothing, (ONE,)) == {}


def test_only_moves_far_enough_and_clear_of_chance_are_told():
    row = {"a": [0.6, 0.1], "b": [-2.0, 0.3], "c": [0.4, 0.01], "d": [3.0, 2.0]}
    assert pins.pinning(row) == [("b", -2.0), ("a", 0.6)]


def test_the_record_goes_on_where_it_was_left(tmp_path, monkeypatch):
    monkeypatch.setattr(pins, "load_scenario", lambda name: load_scenario(name).with_changes(settling=0, days=10))
    monkeypatch.setattr(pins, "read_targets", lambda: (ONE,))
    path, two = tmp_path / "pins.json", CALIBRATED[:2]
    whole = pins.measure_all(4, 1, path, two)
    assert list(whole["parameters"]) == [p.path for p in two]
    kept = json.loads(path.read_text(encoding="utf-8"))
    kept["parameters"][two[0].path] = {"loneliness_mean": [7.0, 0.0]}
    del kept["parameters"][two[1].path]
    path.write_text(json.dumps(kept), encoding="utf-8")
    again = pins.measure_all(4, 1, path, two)["parameters"]
    assert again[two[0].path] == {"loneliness_mean": [7.0, 0.0]}
    assert again[two[1].path] == whole["parameters"][two[1].path]


def test_the_page_says_what_is_pinned_what_is_free_and_the_other_way_round():
    rows = {"rules.a": {"loneliness_mean": [1.5, 0.1]}, "rules.b": {"loneliness_mean": [0.1, 0.1]}}
    text = pins.text({"runs": 8, "parameters": rows})
    assert "| `rules.a` | loneliness_mean +1.5 |" in text
    assert "No target moves by as much through: `rules.b`." in text
    assert "| `loneliness_mean` | `rules.a` +1.5 |" in text
    assert "| `paths_alive` | none |" in text
    assert "each by itself" in text
    assert "for the 2 moves looked at" in text
