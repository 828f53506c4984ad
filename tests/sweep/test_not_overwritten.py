"""Files that are somebody else's: neither a list of runs nor an export takes their place."""

from pathlib import Path

import pandas as pd
import pytest

from experiments.places import STORE
from tests.conftest import Dayroom
from tests.sweep.conftest import write_study

Captured = pytest.CaptureFixture[str]

TINY = """\
question: Is what others wrote left alone?
base: base.yaml
design: replicates
replicates: 1
"""


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_study(tmp_path, TINY)


def said(captured: Captured) -> str:
    """Give what was told on stderr, on one line and without the frame around it."""
    return " ".join(captured.readouterr().err.replace("│", " ").split())


def test_a_list_takes_the_place_of_nothing_but_an_earlier_list(dayroom: Dayroom, capsys: Captured) -> None:
    points = "users.empathy.mean\n0.4\n0.5\n"
    Path("mine.csv").write_text(points, encoding="utf-8")
    assert dayroom("sweep", "small.yaml", "--dry-run", "--list", "mine.csv") == 2
    assert "'mine.csv', which is something else than a list of runs; allowed is a name that is free" in said(capsys)
    assert dayroom("sweep", "small.yaml", "--dry-run", "--list", "mine") == 2
    assert Path("mine.csv").read_text(encoding="utf-8") == points
    for _ in range(2):
        assert dayroom("sweep", "small.yaml", "--dry-run", "--list", "list.csv") == 0
    assert len(pd.read_csv("list.csv")) == 1


def test_an_exported_table_is_no_list(dayroom: Dayroom, capsys: Captured) -> None:
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0
    assert dayroom("export", "small.yaml", "--csv") == 0
    before = Path("results/small/runs.csv").read_bytes()
    assert dayroom("sweep", "small.yaml", "--dry-run", "--list", "results/small/runs.csv") == 2
    assert Path("results/small/runs.csv").read_bytes() == before


def test_a_list_needs_a_folder(dayroom: Dayroom, capsys: Captured) -> None:
    Path("folder").mkdir()
    assert dayroom("sweep", "small.yaml", "--dry-run", "--list", "folder") == 2
    assert "which is a folder; allowed is the name of a file" in said(capsys)
    assert dayroom("sweep", "small.yaml", "--dry-run", "--list", "nowhere/x.csv") == 2
    assert "but there is no folder nowhere" in said(capsys)
    assert sorted(path.name for path in Path().iterdir()) == ["base.yaml", "folder", "small.yaml"]


@pytest.mark.parametrize(("name", "option"), [("runs.csv", "--csv"), ("groups.parquet", "--parquet")])
def test_an_export_leaves_what_it_has_not_written(dayroom: Dayroom, capsys: Captured, name: str, option: str) -> None:
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0
    mine = Path("results/small", name)
    mine.parent.mkdir()
    mine.write_text("my own notes\n", encoding="utf-8")
    assert dayroom("export", "small.yaml", option) == 2
    assert f"{mine}: this is something else than an export of dayroom, and is left as it is" in said(capsys)
    assert list(mine.parent.iterdir()) == [mine]
    assert mine.read_text(encoding="utf-8") == "my own notes\n"
    assert dayroom("export", "small.yaml", option, "--overwrite") == 0
    assert dayroom("export", "small.yaml", option) == 0


def test_netcdf_leaves_it_too_and_says_so_where_the_folder_is_a_file(dayroom: Dayroom, capsys: Captured) -> None:
    pytest.importorskip("h5netcdf")
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0
    Path("own").mkdir()
    Path("own/small.nc").write_text("my own notes\n", encoding="utf-8")
    assert dayroom("export", "small.yaml", "--netcdf", "--out", "own") == 2
    assert "own/small.nc: this is something else than an export of dayroom" in said(capsys)
    for _ in range(2):
        assert dayroom("export", "small.yaml", "--netcdf") == 0
    capsys.readouterr()
    Path("file").touch()
    assert dayroom("export", "small.yaml", "--netcdf", "--out", "file") == 2
    assert said(capsys) == "file/small.nc: the file cannot be written (a file is in the way)"


def test_nothing_is_exported_into_the_store(dayroom: Dayroom, capsys: Captured) -> None:
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0
    before = sorted(STORE.rglob("*"))
    assert dayroom("export", "small.yaml", "--csv", "--out", STORE) == 2
    assert "this is in the store itself" in said(capsys)
    assert sorted(STORE.rglob("*")) == before
