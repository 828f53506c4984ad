"""A file of points: lines as an editor counts them, values as other programs write them, all mistakes at once."""

from pathlib import Path

import pytest

from experiments.designs.points import MOST_MISTAKES
from experiments.studies import load_study
from sim.scenario.text.errors import ScenarioError
from tests.sweep.conftest import write_study

STUDY = """\
question: Which points are in the file?
base: base.yaml
design: {kind: points, file: p.csv}
factors:
  users.empathy.mean: plausible
  mechanisms.group_advocacy: [true, false]
"""
HEADER = "users.empathy.mean,mechanisms.group_advocacy\n"


def told(folder: Path, points: str) -> list[str]:
    """Load a study with a wrong file of points; return the message about that file."""
    path = write_study(folder, STUDY)
    (folder / "p.csv").write_text(points, encoding="utf-8", newline="")
    with pytest.raises(ScenarioError) as caught:
        load_study(path)
    return [str(problem).partition("p.csv:")[2] for problem in caught.value.problems]


@pytest.mark.parametrize(("yes", "no"), [("true", "false"), ("TRUE", "FALSE"), ("True", "False"), ("1", "0")])
def test_switches_are_read_as_other_programs_write_them(tmp_path: Path, yes: str, no: str) -> None:
    path = write_study(tmp_path, STUDY)
    (tmp_path / "p.csv").write_text(f"{HEADER}0.4,{yes}\n.5,{no}\n", encoding="utf-8")
    assert load_study(path).points == [(0.4, True), (0.5, False)]


@pytest.mark.parametrize("number", ["0_4", "0.4_0", "nan", "infinity", "\u0660.4", "0x1"])
def test_what_only_python_takes_for_a_number_is_none(tmp_path: Path, number: str) -> None:
    [said] = told(tmp_path, f"{HEADER}{number},true\n")
    assert said.startswith(f"2:1: users.empathy.mean: found {number!r}, allowed is ")


def test_a_value_without_an_end_is_told(tmp_path: Path) -> None:
    [said] = told(tmp_path, f'{HEADER}0.4,true\n\n0.4,"{"x" * 200_000}\n')
    assert said == "4:1: found broken CSV (a cell is too long; is a quotation mark left open?), allowed is a CSV"


def test_a_long_value_is_shown_in_part(tmp_path: Path) -> None:
    [said] = told(tmp_path, f"{HEADER}{'9' * 1000},true\n")
    assert said.startswith(f"2:1: users.empathy.mean: found '{'9' * 60}...', allowed is")


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    assert [line.partition(": ")[0] for line in told(tmp_path, f'{HEADER}"0.4\r\n",true\r\n\r\n7,true\r\n')] == ["5:1"]


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    said = told(tmp_path, f"{HEADER}7,true\n0.4,perhaps\n0.4\n8,never\n")
    assert [line.partition(": ")[0] for line in said] == ["2:1", "3:2", "4:1", "5:1", "5:2"]
    wrong = told(tmp_path, "users.empathy.maen,users.empathy.maen\n")
    assert len(wrong) == 4
    many = told(tmp_path, HEADER + "7,true\n" * 50)
    assert len(many) == MOST_MISTAKES + 1
    assert many[-1] == "22:1: and 30 more like these from here on"
