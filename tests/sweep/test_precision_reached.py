"""A requested precision: failures request no replicates, and a missed precision is reported."""

import re
from pathlib import Path

import pytest

from experiments.runs.executors import InProcess
from experiments.studies import load_study
from experiments.sweep.make import Swept, sweep
from experiments.sweep.results import results
from tests.conftest import Dayroom
from tests.sweep.conftest import write_study

ASKED = """\
question: How much chance is there?
base: base.yaml
factors:
  users.disclosure_threshold.mean: [0.3, 0.5]
  users.disclosure_threshold.sd: [0.2, 0.489]
design: {kind: grid}
replicates: 4
precision: {burden: 50}
most_replicates: 30
"""
"""Two of its four points cannot be built: mean 0.3 with sd 0.489, and the other point with that sd."""


def swept(folder: Path, text: str) -> tuple[Swept, int, list[str]]:
    """Sweep a study; return what it did, the replicates in its plan, and the messages."""
    study = load_study(write_study(folder, text))
    told: list[str] = []
    done = sweep(study, folder / "store", InProcess(), report=told.append)
    return done, int(results(study, folder / "store")["replicate"].max()) + 1, told


def test_a_point_that_fails_asks_for_no_replicates(tmp_path: Path) -> None:
    done, replicates, told = swept(tmp_path, ASKED)
    assert (done.planned, done.made, done.failed, replicates) == (16, 8, 8, 4)
    assert not [line for line in told if "precision" in line]
    [said] = done.unmet
    assert said.startswith("burden: no interval, and no replicates added, where fewer than two runs have a value: ")
    assert said.endswith("point 1 under usual-care, point 3 under usual-care.")


def test_where_all_fail_nothing_is_added(tmp_path: Path) -> None:
    done, replicates, _ = swept(tmp_path, ASKED.replace("[0.2, 0.489]", "[0.489]"))
    assert (done.failed, replicates, len(done.unmet)) == (8, 4, 1)


def test_the_point_that_needs_most_is_what_counts(tmp_path: Path) -> None:
    text = ASKED.replace("[0.2, 0.489]", "[0.2]").replace("burden: 50", "burden: 3")
    done, replicates, told = swept(tmp_path, text)
    assert 4 < replicates <= 30
    assert f"the precision asked for takes {replicates} replicates in all" in told
    assert done.unmet == ()


def test_a_precision_that_is_not_reached_is_told(
    dayroom: Dayroom, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_study(tmp_path, ASKED.replace("[0.2, 0.489]", "[0.2]").replace("burden: 50", "burden: 0.05"))
    assert dayroom("sweep", "small.yaml", "--executor", "inline") == 0
    said = capsys.readouterr().err
    assert "the precision asked for takes 30 replicates" not in said
    assert re.search(r"takes at least [\d,]{3,} replicates in all; most_replicates stops at 30 \(burden, ", said)
    assert "after 30 replicates, not ±0.05 as asked; that would take about" in said
    assert "Nor is it reached at 1 of the others." in said
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0
    assert "after 30 replicates, not ±0.05 as asked" in capsys.readouterr().err
