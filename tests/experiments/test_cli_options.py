"""The options of `dayroom run`: what they do, and that a wrong option names what is allowed."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments import store
from experiments.cli.app import main

Here = Callable[..., int]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def test_what_is_not_given_is_the_scenarios(here: Here, small_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(small_file.parent)
    assert here("small.yaml", "--quiet") == 0
    found = store.read_provenance(Path("results", "small-seed7"))
    assert (found["days"], len(found["replicate_seeds"]), found["seed"]) == (40, 3, 7)


@pytest.mark.parametrize(("said", "days"), [("2 weeks", 14), ("0.5 months", 15), ("9", 9), (" 48 h ", 2)])
def test_days_may_have_a_unit(here: Here, small_file: Path, said: str, days: int) -> None:
    out = small_file.parent / "r"
    assert here(small_file, "--days", said, "--replicates", 1, "--out", out, "--quiet") == 0
    assert store.read_provenance(out)["days"] == days
    assert store.read_daily(out)["day"].max() == days - 1


def test_quiet_prints_the_folder_and_nothing_else(
    here: Here, small_file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = small_file.parent / "r"
    assert here(small_file, "--replicates", 2, "--days", 3, "--out", out, "--quiet") == 0
    assert tuple(capfd.readouterr()) == (f"{out}\n", "")


@pytest.mark.parametrize(
    ("option", "found", "allowed"),
    [
        ("--replicates", "0", "a whole number from 1 to 100000"),
        ("--replicates", "100001", "a whole number from 1 to 100000"),
        ("--replicates", "many", "a whole number from 1 to 100000"),
        ("--replicates", "2.5", "a whole number from 1 to 100000"),
        ("--seed", "-1", "a whole number from 0 to 2**64 - 1"),
        ("--seed", str(2**64), "a whole number from 0 to 2**64 - 1"),
        ("--days", "0", "1 day to 36525 days (100 years)"),
        ("--days", "101 years", "1 day to 36525 days (100 years)"),
        ("--days", "soon", "a number in days"),
        ("--days", "3 users", "a number in days"),
        ("--days", "-5", "1 day to 36525 days (100 years)"),
        ("--jobs", "0", "a whole number from 1 to 256"),
    ],
)
def test_a_bad_option_is_named_with_what_is_allowed(
    here: Here, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, found: str, allowed: str
) -> None:
    assert here("baseline", f"{option}={found}", "--out", tmp_path / "r") == 2
    said = capsys.readouterr()
    assert said.out == ""
    flat = " ".join(said.err.split())
    assert option in flat
    assert f"found '{found}'" in flat
    assert allowed in flat
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [("users: [", "this is no YAML"), ("extends: baseline\ndays: -1\n", "days"), (None, "no such file")],
)
def test_a_bad_scenario_is_told_without_a_traceback(
    here: Here, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, said: str
) -> None:
    path = tmp_path / "mine.yaml"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert here(path, "--out", tmp_path / "r") == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert "mine.yaml" in printed.err
    assert printed.out == ""


def test_a_misspelt_name_is_suggested(here: Here, capsys: pytest.CaptureFixture[str]) -> None:
    assert here("baselin") == 2
    assert "baseline" in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == "dayroom 0.1.0\n"


def test_asking_for_help_loads_nothing_heavy() -> None:
    script = "import experiments.cli, sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    ended = subprocess.run(
        [sys.executable, "-c", script], env=ENVIRONMENT, capture_output=True, text=True, check=True, timeout=60
    )
    heavy = {"numpy", "numba", "pandas", "pyarrow", "matplotlib", "mesa", "networkx", "scipy", "pydantic", "rich"}
    assert not heavy & set(ended.stdout.split())
