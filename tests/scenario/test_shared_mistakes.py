"""Mistakes that several scenarios share count once; each scenario keeps the name of its own file."""

import json
from pathlib import Path

import pytest

from experiments.compare.runs import loaded
from sim.scenario.text.errors import ScenarioError
from tests.conftest import Dayroom

BASE = """\
name: ours
title: Ours
extends: baseline
replace: [centres]
days: 7
settling: 0
centres: {park: {users: 6, users_file: users.csv}}
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    for name, start in (("second", "1 week"), ("third", "1 wek")):
        text = f"extends: base.yaml\npolicies: {{respite: {{policy: respite, start: {start}}}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    users = "姓名,年龄,诊断\n甲,30,抑郁症\n乙,17,\n丙,40,未知病\n"
    (tmp_path / "users.csv").write_bytes(users.encode("gb18030"))
    return tmp_path


def test_compare_lists_all_mistakes_once(files: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        loaded("base.yaml", ["second.yaml", "third.yaml"])
    assert [problem.file for problem in caught.value.problems] == ["users.csv", "users.csv", "third.yaml"]


def test_check_counts_a_shared_mistake_once(files: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]) -> None:
    assert dayroom("scenario", "check", "base.yaml", "second.yaml") == 2
    printed = capsys.readouterr().err
    assert printed.count("users.csv:3") == 1
    assert "second.yaml: only problems that are listed above" in printed
    assert "2 problems found" in printed


def test_a_scenario_that_extends_another_has_the_name_of_its_own_file(files: Path) -> None:
    (files / "users.csv").write_text("姓名,诊断\n甲,抑郁症\n", encoding="gb18030")
    scenarios = loaded("base.yaml", ["second.yaml"])
    assert [(one.name, one.title) for one in scenarios] == [("ours", "Ours"), ("second", "")]


@pytest.mark.slow
def test_a_result_keeps_what_was_guessed_and_assumed(files: Path, dayroom: Dayroom) -> None:
    (files / "users.csv").write_bytes("姓名,诊断\n甲,抑郁症\n".encode("gb18030"))
    assert (
        dayroom("compare", "base.yaml", "second.yaml", *["--replicates", "2", "--jobs", "1", "--out", "r", "--quiet"])
        == 0
    )
    notes = json.loads((files / "r" / "provenance.json").read_text(encoding="utf-8"))["notes"]
    assert set(notes) == {"ours", "second"}
    guessed, start = notes["ours"]
    assert "GBK" in guessed
    assert "1 of 6 users listed" in start
    assert "depression of 1 as bipolar disorder" in start
