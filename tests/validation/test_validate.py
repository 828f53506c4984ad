"""`dayroom validate` from end to end: what is on the screen and in the folder, and refusals."""

import json
import shlex
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from experiments.plots.validation.figures import VALIDATION_FIGURES
from experiments.store.documents import read_provenance
from tests.conftest import Dayroom

Here = Callable[..., int]
Told = pytest.CaptureFixture[str]
FRAMES = ("waves", "distributions", "fits", "wave_runs")


@pytest.fixture
def here(dayroom: Dayroom) -> Here:
    """Return `dayroom validate` in this process: words in, exit code out."""
    return partial(dayroom, "validate")


def test_without_data_it_is_the_freshmen(
    here: Here, tmp_path: Path, capsys: Told, redrawn: Callable[[Path], list[str]]
) -> None:
    out = tmp_path / "r"
    assert here("--replicates", 3, "--seed", 1, "--out", out) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith("beside thirty-two freshmen (van de Bunt, van Duijn & Snijders 1999)")
    assert said[1] == "32 people, 6 waves, 3 runs, seed 1"
    density = next(line for line in said if line.startswith("Density of friendly relations"))
    assert [cell.rstrip("*") for cell in density.split()[4:]] == [".14", ".17", ".18", ".21", ".26", ".22"]
    closure = next(line for line in said if line.startswith("Closure"))
    assert closure.count("\N{DAGGER}") == 6, "a target at every wave"
    assert "\N{DAGGER}" not in density
    assert any("numbers that were not aimed at lie in" in line for line in said)
    assert any(line.startswith("Ties among three: distance") for line in said)
    assert f"Result:  {out} (README.txt says what each file is)" in said
    names = {path.name for path in out.iterdir()}
    assert names >= {f"{name}.{end}" for name in FRAMES for end in ("csv", "parquet")}
    assert names >= {"data.json", "summary.json", "scenario.yaml", "provenance.json", "README.txt"}
    figures = {path.name for path in (out / "figures").iterdir()}
    assert figures == {"captions.txt", *(f"{name}.png" for name in VALIDATION_FIGURES)}
    assert not redrawn(out)
    readme = (out / "README.txt").read_text(encoding="utf-8")
    assert all(f"{name}.parquet" in readme for name in FRAMES)
    assert json.loads((out / "data.json").read_text(encoding="utf-8"))["people"] == 32


@pytest.mark.slow
def test_the_command_in_the_provenance_does_it_again(here: Here, tmp_path: Path, file_of_two: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert here(file_of_two, "--replicates", 2, "--seed", 5, "--out", first, "--quiet") == 0
    found = read_provenance(first)
    words = shlex.split(found["command"])
    assert words[:2] == ["dayroom", "validate"]
    assert len(found["replicate_seeds"]) == 2
    assert here(*words[2:], "--out", second, "--quiet") == 0
    for name in FRAMES:
        pd.testing.assert_frame_equal(*(pd.read_parquet(place / f"{name}.parquet") for place in (first, second)))


def test_a_file_of_ones_own_sizes_the_scenario(here: Here, tmp_path: Path, file_of_two: Path, capsys: Told) -> None:
    out = tmp_path / "r"
    assert here(file_of_two, "--scenario", "strangers", "--replicates", 2, "--seed", 1, "--out", out) == 0
    said = capsys.readouterr().out
    assert "8 people, 2 waves, 2 runs, seed 1" in said
    assert "\N{DAGGER}" not in said, "data of one's own are no target"
    shown = (out / "scenario.yaml").read_text(encoding="utf-8")
    assert "users: 8" in shown
    assert "days: 63" in shown
    waves = pd.read_csv(out / "waves.csv")
    assert set(waves["week"]) == {"3", "9", "3-9"}


@pytest.mark.slow
def test_cut_offs_decide_what_is_a_tie(here: Here, tmp_path: Path, file_of_two: Path) -> None:
    data = []
    for options in ((), ("--friendly", 4), ("--friendly", 2, "--friend", 1)):
        out = tmp_path / str(len(data))
        assert here(file_of_two, *options, "--replicates", 2, "--seed", 1, "--out", out, "--quiet") == 0
        record = json.loads((out / "data.json").read_text(encoding="utf-8"))
        data.append([wave["numbers"]["density"] for wave in record["waves"]])
    usual, wide, narrow = data
    assert wide == [1.0, 1.0]
    assert all(a > b for a, b in zip(usual, narrow, strict=True))


def test_weeks_left_out_are_told(here: Here, tmp_path: Path, file_of_two: Path, capsys: Told) -> None:
    with file_of_two.open("a", encoding="utf-8") as file:
        file.write("12,user 1,user 2,1\n")
    assert here(file_of_two, "--replicates", 2, "--seed", 1, "--out", tmp_path / "r") == 0
    assert "left out, as fewer than half the people answered: week 12" in capsys.readouterr().err


@pytest.mark.slow
def test_a_result_is_replaced_only_on_request(here: Here, tmp_path: Path, file_of_two: Path, capsys: Told) -> None:
    words = [file_of_two, "--replicates", 2, "--seed", 1, "--out", tmp_path / "r", "--quiet"]
    assert here(*words) == 0
    assert here(*words) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert here(*words, "--overwrite") == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--friendly", 2, "--friend", 3), "a friend is a friendly relation too"),
        (("--friendly", 0), "found '0', allowed is a whole number from 1 to 99"),
        (("--replicates", 1), "found '1', allowed is a whole number from 2 to 100000"),
        (("--scenario", "roll-out"), "roll-out has several centres, allowed is one centre: the data are of one group"),
        (("--scenario", "freshman"), "did you mean 'freshmen'?"),
        (("--write", "--out", "x"), "the record is of the freshmen; leave out --out"),
        (("--write", "--scenario", "baseline"), "the record is of the freshmen; leave out --scenario"),
    ],
)
def test_what_cannot_be_is_refused(here: Here, tmp_path: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch,
                                   words: tuple[object, ...], said: str) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert here(*words) == 2
    assert said in " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert list(tmp_path.iterdir()) == []


def test_mistakes_of_a_file_are_told_with_their_places(here: Here, tmp_path: Path, capsys: Told) -> None:
    path = tmp_path / "ours.csv"
    path.write_text("week,from,to,rating\n1,a,b,near\n1,a,,2\n", encoding="utf-8")
    assert here(path, "--out", tmp_path / "r") == 2
    err = capsys.readouterr().err
    assert "ours.csv:2:4: rating: found 'near', allowed is a whole number from 0 to 99" in err
    assert "ours.csv:3:3: to: found an empty cell" in err
    assert "Traceback" not in err


def test_a_file_that_too_few_answered_is_refused(here: Here, tmp_path: Path, capsys: Told) -> None:
    path = tmp_path / "ours.csv"
    rows = [f"1,a,{name},1" for name in "bcdefgh"]
    path.write_text("\n".join(["week,from,to,rating", *rows]), encoding="utf-8")
    assert here(path, "--out", tmp_path / "r") == 2
    assert "no week has answers of half the people" in " ".join(capsys.readouterr().err.replace("│", " ").split())
