"""Files in and out: what is refused before it is read, and tables that no spreadsheet takes for formulas."""

import base64
import io
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from experiments.app.downloads import csv_files, workbook, yaml_of
from experiments.app.uploads import MOST_FILES, taken
from sim.scenario.reading.load import load_scenario
from sim.scenario.text.errors import InputError

GOOD = {"name": "ours.yaml", "content": base64.b64encode(b"extends: baseline\ndays: 9\n").decode()}


def test_a_scenario_is_taken(tmp_path: Path) -> None:
    assert taken([GOOD], tmp_path).days == 9


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ({"name": "../ours.yaml"}, "plain names"),
        ({"name": "/etc/ours.yaml"}, "plain names"),
        ({"name": "..\\ours.yaml"}, "plain names"),
        ({"name": ".yaml"}, "plain names"),
        ({"name": "a\0.yaml"}, "plain names"),
        ({"name": "x" * 200 + ".yaml"}, "plain names"),
        ({"name": "ours.py"}, "plain names"),
        ({"content": "no base64!"}, "whole"),
        ({"content": base64.b64encode(b"#" * 1_000_001).decode()}, "at most 1 MB"),
        ({"name": None}, "plain names"),
    ],
)
def test_odd_files_are_refused_before_they_are_written(tmp_path: Path, file: dict[str, object], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        taken([GOOD | file], tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not (tmp_path.parent / "ours.yaml").exists()


def test_the_number_of_files_is_bounded(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"1 to {MOST_FILES}"):
        taken([GOOD] * (MOST_FILES + 1), tmp_path)
    with pytest.raises(InputError, match="found 0 files"):
        taken([], tmp_path)
    with pytest.raises(InputError, match="2 YAML files"):
        taken([GOOD, GOOD | {"name": "other.yml"}], tmp_path)


def test_a_mistake_names_the_line_and_not_the_folder(tmp_path: Path) -> None:
    wrong = base64.b64encode(b"extends: baseline\ndayz: 9\n").decode()
    with pytest.raises(InputError) as refusal:
        taken([GOOD | {"content": wrong}], tmp_path)
    assert str(refusal.value).startswith("ours.yaml, line 2: ")
    assert str(tmp_path) not in str(refusal.value)


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    frame = pd.DataFrame({"name": ["=1+1", "@x", "http://example.org"], "value": [1.5, 2.0, 3.0]})
    sheet = openpyxl.load_workbook(io.BytesIO(workbook({"runs [all]": frame})))["runs  all "]
    assert [cell.data_type for cell in sheet["A"]] == ["s"] * 4
    assert sheet["A2"].value == "=1+1"
    assert sheet["B2"].value == 1.5
    with zipfile.ZipFile(io.BytesIO(csv_files({"runs": frame}))) as files:
        assert files.read("runs.csv").decode("utf-8-sig").splitlines()[0] == "name,value"


def test_the_yaml_loads_to_the_same_scenario(tmp_path: Path) -> None:
    scenario = load_scenario("portfolio")
    (tmp_path / "portfolio.yaml").write_bytes(yaml_of(scenario))
    assert load_scenario(tmp_path / "portfolio.yaml") == scenario
