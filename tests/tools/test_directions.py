"""Directions: signs where they are clear, and a record that continues after an interruption."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from experiments.designs.changes import changed
from sim import load_scenario
from sim.scenario.schema.scenario import SCENARIO_PARAMETERS
from tools.anatomy import directions
from tools.anatomy.notes import NOTES

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


@pytest.mark.parametrize(
    ("from_low", "to_high", "expected"),
    [
        ([0.4, 0.1, 0.7], [-0.4, -0.7, -0.1], 1),
        ([-0.4, -0.7, -0.1], [0.4, 0.1, 0.7], -1),
        ([0.4, 0.1, 0.7], [0.4, 0.1, 0.7], 0),
        ([0.4, 0.1, 0.7], [-0.4, -0.9, 0.1], 0),
        ([0.4, -0.1, 0.9], [-0.4, -0.7, -0.1], 0),
    ],
)
def test_an_outcome_turns_where_both_steps_are_clear_of_0_and_opposite(from_low, to_high, expected):
    assert directions.turn(from_low, to_high) == expected


def test_a_value_at_an_end_outside_or_unknown_is_not_between():
    """The baseline has burden_days inside, contagion at its low end 0, and some groups of the low end, 4."""
    scenario = load_scenario("baseline")
    inside, at_end, some = (
        EVERY[path]
        for path in ("rules.wellbeing.burden_days", "rules.identity.contagion", "centres.*.timetable.*.group_size")
    )
    assert directions.between_ends(inside, scenario)
    assert not directions.between_ends(at_end, scenario)
    assert not directions.between_ends(some, scenario)
    outside = changed(scenario, {inside.path: inside.quantity.plausible[1] * 2.0})
    assert not directions.between_ends(inside, outside)
    assert not directions.between_ends(replace(inside, path="rules.wellbeing.nowhere"), scenario)


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
    assert sorted(set(NOTES) - {p.path for p in directions.moving()}) == []


def is_of_sentences(note):
    """Return whether a note is one line that begins with a capital or a name in backticks and ends like a sentence."""
    return re.fullmatch(r"[A-Z`][^\n]*[^\s.?!]\.", note) is not None and "  " not in note and " " in note


@pytest.mark.parametrize(
    "note", ["it opens people.", "It opens people", "It opens.\nPeople.", "It opens  all.", "", "So."]
)
def test_what_is_no_sentence_is_no_note(note):
    assert not is_of_sentences(note)


def test_notes_are_sentences():
    assert is_of_sentences("`hope` opens people. Who is open is known.")
    assert [path for path, note in NOTES.items() if not is_of_sentences(note)] == []


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
    for row in whole["parameters"].values():
        low, upper, both = (np.array(list(row[name].values()))[:, 0] for name in ("from_low", "to_high", "effects"))
        assert low + upper == pytest.approx(both, abs=2e-3)
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
    up, down, none = ({name: [m, m - 0.3, m + 0.3] for name in directions.MOVED} for m in (0.4, -0.4, 0.0))
    still = {name: [0.0, 0.0, 0.0] for name in directions.MOVED}
    ends = {"low": 0.0, "high": 1.0, "between": True}
    rows = {
        "rules.a": {**ends, "effects": up, "from_low": up, "to_high": none},
        "rules.b": {**ends, "effects": still, "from_low": still, "to_high": still},
        "rules.c": {"low": 0.0, "high": 1.0, "effects": None, "why": "sd is too wide"},
        "rules.d": {**ends, "effects": none, "from_low": up, "to_high": down},
        "rules.e": {**ends, "effects": down, "from_low": down, "to_high": up},
        "rules.f": {**ends, "effects": none, "from_low": up, "to_high": down, "between": False},
        "rules.g": {**ends, "effects": still, "from_low": up, "to_high": down},
    }
    monkeypatch.setattr(directions, "NOTES", {"rules.a": "It opens people."})
    text = directions.text({"runs": 50, "confidence": 0.99, "parameters": rows})
    assert "| `rules.a` | 0 | 1 | + +0.40 (+0.10 to +0.70) |" in text
    assert "| `rules.d` | 0 | 1 | ·∩ +0.00 (-0.30 to +0.30) |" in text
    assert "| `rules.e` | 0 | 1 | −∪ -0.40 (-0.70 to -0.10) |" in text
    assert "| `rules.f` | 0 | 1 | · +0.00 (-0.30 to +0.30) |" in text
    assert "| `rules.g` | 0 | 1 | ·∩ +0.00 (+0.00 to +0.00) |" in text
    assert "Nothing at all changes in the baseline through: `rules.b`." in text
    assert "`rules.c` cannot stand at an end of its range alone: sd is too wide." in text
    assert "- `rules.a`: It opens people." in text


def test_a_sign_that_is_clear_by_itself_only_stands_in_brackets():
    """With 50 runs the first effect has p = 1e-7 and the second p = .004; 40 more rows make .004 too much for Holm."""
    strong, weak, none = ({name: [m, m - 0.3, m + 0.3] for name in directions.MOVED} for m in (0.7, 0.34, 0.0))
    back = {name: [-m, -m - 0.3, -m + 0.3] for name, (m, _, _) in strong.items()}
    weak_back = {name: [-0.34, -0.64, -0.04] for name in directions.MOVED}
    ends = {"low": 0.0, "high": 1.0, "between": True}
    rows = {
        "strong": {**ends, "effects": strong, "from_low": strong, "to_high": back},
        "weak": {**ends, "effects": weak, "from_low": weak, "to_high": weak_back},
    }
    rows |= {f"none{k}": {**ends, "effects": none, "from_low": none, "to_high": none} for k in range(40)}
    text = directions.text({"runs": 50, "confidence": 0.99, "parameters": rows})
    assert "| `strong` | 0 | 1 | +∩ +0.70" in text
    assert "| `weak` | 0 | 1 | (+)(∩) +0.34" in text
    assert "| `none1` | 0 | 1 | · +0.00" in text


def test_the_p_value_of_an_interval_is_that_of_the_t_test():
    values = np.random.default_rng(4).normal(0.4, 1.0, (20, 1)).repeat(4, axis=1)
    found = directions.differences(np.zeros((20, 4)), values, np.ones(4))["burden"]
    assert directions.p_value(found, 20, 0.99) == pytest.approx(stats.ttest_1samp(values[:, 0], 0).pvalue, rel=1e-2)
    assert [directions.p_value([m, m, m], 20, 0.99) for m in (0.0, 0.5)] == [1.0, 0.0]
