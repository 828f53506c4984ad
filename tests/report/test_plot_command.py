"""`dayroom plot`: figures of a folder, listed and drawn anew, in a language, size and format."""

import shutil
from pathlib import Path

import pytest
from PIL import Image

from experiments.cli.app import main
from experiments.report.plot.film import film_of
from experiments.report.plot.folder import drawings_in
from experiments.store.folder import ResultError

SMALL = "extends: respite\ndays: 20\nsettling: 0\ncentres: {centre: {users: 8}}\n"


def ended(*words: object) -> int:
    with pytest.raises(SystemExit) as stopped:
        main([*map(str, words)])
    return int(str(stopped.value.code or 0))


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plot")
    (folder / "small.yaml").write_text(SMALL)
    words = ["--replicates", 2, "--seed", 1, "--jobs", 1, "--quiet", "--out", folder / "r"]
    assert ended("run", folder / "small.yaml", *words) == 0
    return folder / "r"


def test_the_list_names_what_is_drawn_in_the_folder(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("plot", result, "--list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(drawings_in(result))
    assert {"curves", "ties", "helpers", "policies"} <= {line.split()[0] for line in lines}


def test_a_figure_is_drawn_in_chinese_as_svg(result: Path, tmp_path: Path) -> None:
    pytest.importorskip("mplfonts")
    assert ended("plot", result, "--figure", "ties", "--lang", "zh", "--out", tmp_path / "t.svg") == 0
    assert ended("plot", result, "--figure", "ties", "--lang", "en", "--out", tmp_path / "e.svg") == 0
    assert (tmp_path / "t.svg").read_text() != (tmp_path / "e.svg").read_text()


def test_the_same_figure_as_in_the_folder(result: Path, tmp_path: Path) -> None:
    assert ended("plot", result, "--figure", "roles", "--out", tmp_path / "roles.png") == 0
    with Image.open(tmp_path / "roles.png") as anew, Image.open(result / "figures" / "roles.png") as before:
        assert anew.tobytes() == before.tobytes()


def test_what_is_wrong_is_said(result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("plot", result, "--figure", "nothing") == 2
    assert "there is no figure nothing" in capsys.readouterr().err.replace("\n", " ")
    (tmp_path / "taken.png").write_text("mine")
    assert ended("plot", result, "--figure", "roles", "--out", tmp_path / "taken.png") == 2
    assert (tmp_path / "taken.png").read_text() == "mine"
    assert ended("plot", tmp_path) == 2


def test_a_film_makes_the_run_again(result: Path, tmp_path: Path) -> None:
    with Image.open(film_of(result, tmp_path / "n.gif")) as made:
        assert made.n_frames == 3
    with pytest.raises(ResultError, match="there is no centre elsewhere"):
        film_of(result, tmp_path / "n.gif", centre="elsewhere")


def test_one_column_is_for_what_fits_it(result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--figure", "ties", "--size", "column", "--out"]
    assert ended("plot", result, *words, tmp_path / "ties.png") == 0
    capsys.readouterr()
    searched = tmp_path / "searched"
    shutil.copytree(result, searched)
    (searched / "daily.parquet").rename(searched / "solutions.parquet")
    assert ended("plot", searched, *words, tmp_path / "front.png") == 2
    assert "only figures of runs and comparisons fit into one column of a journal; for two: --size journal" in (
        " ".join(capsys.readouterr().err.split())
    )
    assert not (tmp_path / "front.png").exists()
