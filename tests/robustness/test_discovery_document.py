"""docs/discovery.md: its commands and its Python work on a small study instead of the shipped one."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from experiments.runs.executors import InProcess
from experiments.studies import Study, load_study
from experiments.sweep.make import sweep
from tests.conftest import Dayroom
from tests.robustness.conftest import STUDY, write_study

pytest.importorskip("ema_workbench", exc_type=ImportError)

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "discovery.md").read_text(encoding="utf-8")
SUPERVISION = "  supervision:\n    policies:\n      supervision: {policy: supervision}\ndesign:"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Path]:
    """Return a small study with the levers that the page names, and the folder that holds its runs."""
    folder = tmp_path_factory.mktemp("page")
    study = load_study(write_study(folder, STUDY.replace("design:", SUPERVISION)))
    sweep(study, folder / "results" / "store", InProcess())
    return study, folder


@pytest.fixture
def here(small: tuple[Study, Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to the folder of the runs, with the small study under every name."""
    study, folder = small
    monkeypatch.chdir(folder)
    monkeypatch.setattr("experiments.studies.load_study", lambda _: study)
    monkeypatch.setattr("dayroom.load_study", lambda _: study)
    return folder


@pytest.mark.slow
def test_the_commands_run_one_after_the_other(here: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [shlex.split(line) for block in blocks("sh") for line in block.splitlines()]
    assert [words[1] for words in lines] == ["sweep", "sweep", "discover", "regret"]
    for command, *words in lines:
        assert command == "dayroom"
        assert dayroom(*words) == 0
    said = capsys.readouterr().out
    assert "supervision fails in" in said
    assert "At the base scenario itself (50 replicates)" in said


def test_the_levers_and_the_outcome_are_those_of_the_shipped_study() -> None:
    study = load_study("ranking-of-policies")
    (words,) = [shlex.split(line) for block in blocks("sh") for line in block.splitlines() if " discover " in line]
    assert words[2] == study.name
    assert words[words.index("--lever") + 1] in study.levers
    assert words[words.index("--outcome") + 1] in study.outcomes


def test_the_python_runs_where_no_box_is_found_too(here: Path) -> None:
    (block,) = blocks("python")
    there: dict[str, Any] = {}
    exec(block, there)  # noqa: S102 - our own document
    assert there["found"].lever == "supervision"
    assert list(there["found"].figures()) == ["differences"]  # it fails everywhere in so small a centre
    assert there["ranking"].table().shape[0] == 4
