"""`dayroom report`: where it writes, and what it refuses, in words."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Dayroom


def test_it_writes_beside_the_folder(dayroom: Dayroom, results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(path.name for path in results.iterdir())
    assert dayroom("report", results, "--lang", "zh", "--brief") == 0
    made = results.with_name("made-brief-zh.html")
    assert capsys.readouterr().out.strip() == str(made)
    assert 'lang="zh-CN"' in made.read_text(encoding="utf-8")
    assert sorted(path.name for path in results.iterdir()) == before


def test_the_ending_chooses_the_format(dayroom: Dayroom, results: Path, tmp_path: Path) -> None:
    assert dayroom("report", results, "--brief", "--out", tmp_path / "b.pdf") == 0
    assert (tmp_path / "b.pdf").read_bytes().startswith(b"%PDF")


def test_a_folder_without_a_result_is_refused(
    dayroom: Dayroom, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dayroom("report", tmp_path) == 2
    assert "no result of dayroom is there" in capsys.readouterr().err
    assert dayroom("--lang", "zh", "report", tmp_path / "none") == 2
    assert "没有这个文件夹，也没有这个名称的研究" in capsys.readouterr().err


@pytest.fixture
def copy(results: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(results, tmp_path / "copy"))


def test_a_result_of_another_version_is_read_and_that_is_said(
    dayroom: Dayroom, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = copy / "provenance.json"
    origin = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**origin, "model_digest": "0" * 32}), encoding="utf-8")
    assert dayroom("report", copy) == 0
    message = capsys.readouterr().err
    assert message.count("another version of the model made this result") == 1
    assert "to make it again with this one: dayroom compare" in message


@pytest.mark.parametrize(
    "file", ["contrasts.parquet", "groups.parquet", "summary.json", "scenarios/rest/scenario.yaml"]
)
def test_a_damaged_result_is_refused(
    file: str, dayroom: Dayroom, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy / file).write_text("{}", encoding="utf-8")
    assert dayroom("report", copy) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_result_of_another_kind_is_refused(dayroom: Dayroom, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = copy / "provenance.json"
    origin = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**origin, "command": "dayroom validate"}), encoding="utf-8")
    assert dayroom("report", copy) == 2
    assert "there is no report of this kind of result" in capsys.readouterr().err


def test_the_format_and_the_ending_must_agree(
    dayroom: Dayroom, results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dayroom("report", results, "--format", "pdf", "--out", tmp_path / "r.html") == 2
    assert "ends in .pdf" in capsys.readouterr().err
