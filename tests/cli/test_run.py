"""`dayroom run` from end to end: what is in the folder and on the screen, and that it can be reproduced."""

import dataclasses
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from matplotlib.figure import Figure

from experiments import plots
from experiments.store import tables
from experiments.store.documents import read_provenance, read_summary
from experiments.store.tables import read_daily, read_table
from sim.outcomes.catalogue import OUTCOMES
from sim.outcomes.measures import MEASURES
from sim.run import run
from sim.scenario.reading.load import load_scenario

Here = Callable[..., int]
TABLES = ("daily", "users", "measures", "groups")
COMMAND = [sys.executable, "-m", "experiments.cli.app", "run"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONWARNINGS": "error"}
FILES = {
    "README.txt",
    "daily.parquet",
    "users.parquet",
    "measures.parquet",
    "groups.parquet",
    "scenario.yaml",
    "provenance.json",
    "summary.json",
    "summary.csv",
}


def dayroom(*words: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as from a shell."""
    line = [*COMMAND, *map(str, words)]
    return subprocess.run(line, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=300)


def same_tables(one: Path, other: Path) -> bool:
    return all(
        pq.read_table(one / f"{name}.parquet").equals(pq.read_table(other / f"{name}.parquet"), check_metadata=True)
        for name in TABLES
    )


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("first")
    words = ["baseline", "--seed", 42, "--days", 30, "--replicates", 3, "--jobs", 1, "--csv", "--out", "r"]
    return folder / "r", dayroom(*words, folder=folder)


First = tuple[Path, subprocess.CompletedProcess[str]]


# ---- what is in the folder and on the screen


def test_the_folder_has_everything(first: First) -> None:
    folder, ended = first
    assert ended.returncode == 0, ended.stderr
    names = {path.name for path in folder.iterdir()}
    assert names == {*FILES, *(f"{name}.csv" for name in TABLES), "network", "figures"}
    assert {path.name for path in (folder / "network").iterdir()} == {"start.graphml", "middle.graphml", "end.graphml"}
    absent = {"policies"}  # the baseline has none
    if not (read_table(folder, "users")["arrived"] > 0.0).any():
        absent.add("newcomers")
    drawn = set(plots.FIGURES) - absent
    assert {path.name for path in (folder / "figures").iterdir()} == {*(f"{n}.png" for n in drawn), "captions.txt"}
    assert all((folder / "figures" / f"{name}.png").read_bytes().startswith(b"\x89PNG") for name in drawn)
    assert sorted(path.name for path in folder.parent.iterdir()) == ["r"]


def test_the_tables_hold_the_replicates(first: First) -> None:
    daily, users = read_daily(first[0]), read_table(first[0], "users")
    assert len(daily) == 3 * 30
    assert daily["replicate"].nunique() == users["replicate"].nunique() == daily["seed"].nunique() == 3
    assert daily["seed"].iloc[0] == 42
    assert pd.api.types.is_float_dtype(daily["burden"])
    assert daily["burden"].between(0, 100).all()
    assert len(pd.read_csv(first[0] / "daily.csv")) == len(daily)


def test_provenance_and_summary_are_those_of_the_run(first: First) -> None:
    found, summary = read_provenance(first[0]), read_summary(first[0])
    assert (found["seed"], found["days"], found["jobs"], found["failed_runs"]) == (42, 30, 1, 0)
    assert len(found["replicate_seeds"]) == 3
    assert found["started"] <= found["finished"]
    assert found["command"] == "dayroom run baseline --days 30 --replicates 3 --seed 42 --csv"
    on_disk = {path.relative_to(first[0]).as_posix() for path in first[0].rglob("*") if path.is_file()}
    assert {*found["files"], "provenance.json"} == on_disk
    assert (summary["replicates"], summary["days"]) == (3, 30)


def test_results_go_to_stdout_and_nothing_else_does(first: First) -> None:
    ended = first[1]
    lines = ended.stdout.splitlines()
    assert lines[1] == "1 centre, 25 users, 30 days, 3 replicates, seed 42"
    assert any(line.startswith("Loneliness (UCLA-20) ") for line in lines)
    assert lines[-2].startswith("Result:  r ")
    assert lines[-1] == f"Figures: {Path('r', 'figures')}"
    assert "\x1b" not in ended.stdout
    assert "3 of 3 runs done" in ended.stderr
    assert "runs done" not in ended.stdout
    assert "Traceback" not in ended.stderr


def test_each_replicate_is_measured_as_a_whole_and_in_short(first: First) -> None:
    table = pq.read_table(first[0] / "measures.parquet")
    assert table.column_names == ["replicate", "seed", *(measure.name for measure in MEASURES)]
    assert all(set(field.metadata) == {b"unit", b"label", b"meaning"} for field in table.schema)
    frame = table.to_pandas()
    assert list(frame["replicate"]) == [0, 1, 2]
    wanted = run(load_scenario("baseline"), int(frame["seed"][1]), days=30, measures=True).measures
    assert frame.iloc[1][list(wanted)].astype(float).to_dict() == pytest.approx(wanted, nan_ok=True)
    told = {row["name"]: row for row in read_summary(first[0])["measures"]}
    assert list(told) == [measure.name for measure in MEASURES]
    assert told["burden_change"]["mean"] == pytest.approx(frame["burden_change"].mean())
    assert told["burden_change"]["low"] < told["burden_change"]["mean"] < told["burden_change"]["high"]
    [line] = [line for line in first[1].stdout.splitlines() if line.startswith("Network at the end: ")]
    assert f"transitivity {frame['transitivity'].mean():.2f}, " in line
    assert f"{100 * frame['tie_survival'].mean():.1f} % are left" in line


def test_groups_of_users_are_beside_each_other(first: First) -> None:
    frame, users = pd.read_parquet(first[0] / "groups.parquet"), read_table(first[0], "users")
    here = users[(users["status"] == "present") & (users["sex"] == "woman")]
    women = frame[frame["group"] == "women"].set_index("replicate")
    assert women["users"].to_dict() == here.groupby("replicate").size().to_dict()
    burden = 100 * here.groupby("replicate")["burden"].mean()
    assert women["burden"].to_dict() == pytest.approx(burden.to_dict())
    rows = read_summary(first[0])["groups"]
    [told] = [row for row in rows if (row["group"], row["outcome"]) == ("women", "burden")]
    assert told["mean"] == pytest.approx(burden.mean())
    assert told["users"] == pytest.approx(women["users"].mean())
    assert (
        {row["group"] for row in rows} == set(frame["group"]) >= {"everybody", "men", "guarded", "newcomers of the run"}
    )


def test_the_readme_fits_a_screen(first: First) -> None:
    lines = (first[0] / "README.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 120


@pytest.mark.slow
def test_of_the_tables_only_what_is_needed_is_read(
    here: Here, small_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int, int]] = []

    def watched(name: str, read: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
        def reading(folder: Path, columns: object = None, days: object = None) -> pd.DataFrame:
            frame = read(folder, columns) if days is None else read(folder, columns, days)
            asked.append((name, len(frame.columns), frame["day"].nunique() if "day" in frame else 1))
            return frame

        return reading

    monkeypatch.setattr(tables, "read_daily", watched("read_daily", tables.read_daily))
    out = small_file.parent / "r"
    assert here(small_file, "--replicates", 2, "--days", 60, "--out", out, "--quiet") == 0
    many = len(OUTCOMES)
    assert asked[0] == ("read_daily", many + 2, 35)
    assert all(columns <= 10 or days <= 35 for _, columns, days in asked)


@pytest.mark.slow
def test_roles_are_drawn_by_the_memory_of_the_scenario(
    here: Here, small_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: dict[str, dict[str, object]] = {}

    def watched(name: str, family: plots.Family) -> plots.Family:
        def draw(given: object, **options: object) -> Figure:
            drawn[name] = options
            return family.draw(given, **options)

        return dataclasses.replace(family, draw=draw)

    monkeypatch.setattr(
        "experiments.runs.result.FIGURES", {name: watched(name, family) for name, family in plots.FIGURES.items()}
    )
    with small_file.open("a", encoding="utf-8") as file:
        file.write("rules: {support: {memory_days: 60}}\n")
    assert here(small_file, "--replicates", 1, "--days", 3, "--out", small_file.parent / "r", "--quiet") == 0
    assert {name: options["least"] for name, options in drawn.items() if "least" in options} == {
        name: 2.0 for name, family in plots.FIGURES.items() if "least" in family.keywords
    }
    assert {"network", "roles"} <= {name for name, options in drawn.items() if "least" in options}


# ---- the same again


def test_workers_change_nothing(first: First, tmp_path: Path) -> None:
    words = ["baseline", "--seed", 42, "--days", 30, "--replicates", 3, "--jobs", 2, "--out", tmp_path / "r"]
    ended = dayroom(*words, folder=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert read_provenance(tmp_path / "r")["jobs"] == 2
    assert same_tables(first[0], tmp_path / "r")
    for name in ("start", "middle", "end"):
        pair = [folder / "network" / f"{name}.graphml" for folder in (first[0], tmp_path / "r")]
        assert pair[0].read_bytes() == pair[1].read_bytes()


@pytest.mark.slow
def test_the_command_in_the_provenance_does_it_again(here: Here, first: First, tmp_path: Path) -> None:
    words = shlex.split(read_provenance(first[0])["command"])
    assert words[:2] == ["dayroom", "run"]
    assert here(*words[2:], "--out", tmp_path / "again", "--quiet") == 0
    assert same_tables(first[0], tmp_path / "again")


@pytest.mark.slow
def test_the_scenario_in_the_folder_does_it_again(here: Here, first: First, tmp_path: Path) -> None:
    assert here(first[0] / "scenario.yaml", "--out", tmp_path / "again", "--quiet") == 0
    assert same_tables(first[0], tmp_path / "again")
    digests = [read_provenance(folder)["scenario_digest"] for folder in (first[0], tmp_path / "again")]
    assert digests[0] == digests[1]


@pytest.mark.slow
def test_each_replicate_can_be_run_alone(here: Here, first: First, tmp_path: Path) -> None:
    seed = read_provenance(first[0])["replicate_seeds"][2]
    out = tmp_path / "alone"
    assert here("baseline", "--days", 30, "--seed", seed, "--replicates", 1, "--out", out, "--quiet") == 0
    daily, alone = read_daily(first[0]), read_daily(out)
    third = daily[daily["replicate"] == 2].reset_index(drop=True)
    pd.testing.assert_frame_equal(third.drop(columns="replicate"), alone.drop(columns="replicate"))


@pytest.mark.slow
def test_without_a_seed_one_is_drawn_and_recorded(
    here: Here, small_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small_file.write_text(small_file.read_text().replace("seed: 7\n", ""), encoding="utf-8")
    folders = []
    for _ in range(2):
        assert here(small_file, "--replicates", 1, "--days", 3, "--out", small_file.parent / str(len(folders))) == 0
        folders.append(small_file.parent / str(len(folders)))
    seeds = [read_provenance(folder)["seed"] for folder in folders]
    assert seeds[0] != seeds[1]
    assert f"seed {seeds[1]}" in capsys.readouterr().out
    assert read_daily(folders[0])["seed"].unique().tolist() == [seeds[0]]
