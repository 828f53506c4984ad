"""`dayroom sweep` with rarely used options and keys."""

from pathlib import Path

import pytest

from experiments.runs.executors import InProcess
from experiments.studies import load_study
from experiments.sweep.make import sweep
from experiments.sweep.plan import planned
from tests.conftest import Dayroom
from tests.sweep.conftest import write_study

Captured = pytest.CaptureFixture[str]

TEXT = """\
question: And what of this?
base: base.yaml
factors:
  users.disclosure_threshold.mean: [0.4]
design: grid
replicates: 3
"""
FAILING = TEXT.replace("[0.4]", "[0.02]")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_replicate_that_a_precision_added_is_made_alone_in_any_store(dayroom: Dayroom, capsys: Captured) -> None:
    write_study(Path(), f"{TEXT}precision: {{burden: 6}}\nmost_replicates: 40\n")
    study = load_study("small.yaml")
    sweep(study, "elsewhere", InProcess())
    key = planned(study, study.most_replicates)[35].key
    for store in ("results/store", "elsewhere"):
        assert dayroom("sweep", "small.yaml", "--store", store, "--only", key) == 0
        assert ["replicate", "35"] in [line.split() for line in capsys.readouterr().out.splitlines()]


def test_a_key_that_is_none_leaves_no_store(dayroom: Dayroom, capsys: Captured) -> None:
    write_study(Path(), TEXT)
    assert dayroom("sweep", "small.yaml", "--only", "abc-1") == 2
    assert "--only: found 'abc-1', which is no run of small" in capsys.readouterr().err
    assert not Path("results").exists()


def test_inline_takes_no_processes(dayroom: Dayroom, capsys: Captured) -> None:
    write_study(Path(), TEXT.replace("replicates: 3", "replicates: 4000"))
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--jobs", "2") == 2
    assert "found 2, but --executor inline works in this process alone" in " ".join(
        capsys.readouterr().err.replace("│", " ").split()
    )
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--jobs", "1", "--dry-run") == 0
    assert "with 1 process," in capsys.readouterr().out
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--dry-run") == 0
    assert "with 1 process," in capsys.readouterr().out


def test_the_exit_code_says_that_all_failed_also_the_second_time(dayroom: Dayroom, capsys: Captured) -> None:
    write_study(Path(), FAILING)
    for _ in range(2):
        assert dayroom("sweep", "small.yaml", "--executor", "inline") == 1
    assert "3 had failed before and were not repeated" in capsys.readouterr().out


def test_points_that_are_there_twice_are_told_as_such(dayroom: Dayroom, capsys: Captured) -> None:
    write_study(Path(), TEXT.replace("design: grid", "design: {kind: points, file: p.csv}"))
    Path("p.csv").write_text("users.disclosure_threshold.mean\n0.4\n0.4\n", encoding="utf-8")
    assert dayroom("sweep", "small.yaml", "--dry-run") == 0
    assert "3 runs differ: some points are there more than once\n" in capsys.readouterr().out
    levers = "levers:\n  usual-care: {}\n  pairs:\n    policies:\n      pairs: {policy: buddy_scheme}\n"
    text = TEXT.replace("users.disclosure_threshold.mean: [0.4]", "policies.pairs.uptake: [0.4, 0.5]")
    write_study(Path(), text + levers)
    assert dayroom("sweep", "small.yaml", "--dry-run") == 0
    assert "9 runs differ: some points leave some levers as they are\n" in capsys.readouterr().out
