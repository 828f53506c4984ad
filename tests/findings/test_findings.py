"""The command `dayroom findings`: pages of complete studies, and a list of what is missing."""

import json
from pathlib import Path

import pytest

from experiments.cli.app import main
from experiments.runs.executors import InProcess
from experiments.studies import load_study
from experiments.sweep.make import sweep

STUDY = """\
title: Guardedness by wish for closeness
question: Small?
base: baseline
days: 10
settling: 0
factors:
  users.disclosure_threshold.mean: [0.4, 0.6]
  users.desired_closeness.mean: [0.45, 0.65]
design: grid
replicates: 2
seed: 1
"""


@pytest.fixture
def swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Sweep a small study under the name of a shipped one; return its file."""
    monkeypatch.chdir(tmp_path)
    Path("threshold-by-closeness.yaml").write_text(STUDY, encoding="utf-8")
    sweep(load_study("threshold-by-closeness.yaml"), "results/store", InProcess())
    return "threshold-by-closeness.yaml"


def status(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["findings", *words])
    return int(ended.value.code or 0)


def test_page_figure_record_and_index_are_written(swept: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(swept) == 0
    names = [Path(line).name for line in capsys.readouterr().out.splitlines()]
    stem = "threshold-by-closeness"
    assert names == [f"{stem}.md", f"{stem}.json", f"{stem}.png", "index.md"]
    page = Path("results/findings", f"{stem}.md").read_text(encoding="utf-8")
    assert "4 points x 1 alternative x 2 replicates = 8 runs of 10 days" in page
    assert (
        "[Guardedness by wish for closeness](threshold-by-closeness.md)"
        in Path("results/findings/index.md").read_text()
    )


def test_a_page_is_not_overwritten_unless_asked(swept: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(swept) == 0
    assert status(swept) == 2
    assert "is there already; --overwrite replaces it" in capsys.readouterr().err
    assert status(swept, "--overwrite") == 0


def test_a_finding_of_an_earlier_version_stays_in_the_index(swept: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Its record lacks what the present page needs; its own page keeps its text."""
    folder = Path("results/findings")
    folder.mkdir(parents=True)
    old = {"study": "centre-size", "title": "How small", "question": "How small?", "numbers": {}}
    (folder / "centre-size.json").write_text(json.dumps(old), encoding="utf-8")
    (folder / "centre-size.md").write_text("**How small?**\n\nNot so small.\n\n![How small](x.png)\n", encoding="utf-8")
    assert status(swept) == 0
    assert "*How small?*\n\nNot so small.\n" in (folder / "index.md").read_text(encoding="utf-8")
    (folder / "centre-size.json").write_text("{", encoding="utf-8")
    assert status(swept, "--overwrite") == 2
    said = capsys.readouterr().err
    assert "centre-size.json: no record of a finding; write it anew with: dayroom findings centre-size --out" in said


def test_what_is_complete_is_written_and_the_rest_is_said(swept: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("centre-size", swept) == 2
    out, err = capsys.readouterr()
    assert "threshold-by-closeness.md" in out
    assert "make them with: dayroom sweep centre-size" in err
    assert "Traceback" not in err
    assert not Path("results/findings/centre-size.md").exists()


def test_a_study_without_a_finding_is_refused(swept: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("ours.yaml").write_text(STUDY, encoding="utf-8")
    assert status("ours.yaml") == 2
    assert "no finding is written for this study" in capsys.readouterr().err
