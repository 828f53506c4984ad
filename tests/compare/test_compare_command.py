"""The commands compare and trace, from files to what they print and write."""

import json

import pyarrow.parquet as pq
import pytest

from experiments.cli.app import main
from experiments.plots import COMPARISON_FIGURES

BASE = """\
days: 42
settling: 30
centres: {house: {users: 12}}
"""
WORKERS = """\
extends: ./small.yaml
policies: {workers: {policy: peer_support_workers, eligible: all, uptake: 1}}
"""
SHORT = """\
extends: ./small.yaml
policies:
  circle: {policy: disclosure_circle, staff_hours: 30, priority: 1}
  course: {policy: communication_training, staff_hours: 10, priority: 2}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, text in {"small": BASE, "workers": WORKERS, "short": SHORT}.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(capsys, *arguments: str) -> tuple[int, str, str]:
    """Run a command; return its exit status, its output and its messages."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_a_comparison_is_told_and_written(folder, capsys, redrawn):
    call = [
        "compare",
        "small.yaml",
        "workers.yaml",
        "short.yaml",
        "--replicates",
        "4",
        "--seed",
        "3",
        "--out",
        "r",
        "--csv",
    ]
    status, out, _ = told(capsys, *call, "--decompose", "--uncertain", "2")
    assert status == 0
    for words in (
        "workers",
        "short",
        "95 % interval",
        "Fewer than 10 pairs",
        "Staff hours ran short for course",
        "Over 2 draws",
    ):
        assert words in out
    assert "Pairing:" not in out
    assert max(len(line) for line in out.splitlines()) <= 100
    made = folder / "r"
    summary = json.loads((made / "summary.json").read_text(encoding="utf-8"))
    assert summary["base"] == "small"
    assert summary["pairs"] == 4
    assert summary["sentences"]["workers"]
    assert pq.read_table(made / "runs.parquet").num_rows == 12
    assert (made / "contrasts.csv").exists()
    drawn = {path.stem for path in (made / "figures").glob("*.png")}
    absent = {"plane", "acceptability", "information", "budget"}  # of few pairs and draws; no budget is given
    assert drawn == set(COMPARISON_FIGURES) - absent
    assert not redrawn(made)
    listed = json.loads((made / "provenance.json").read_text(encoding="utf-8"))
    assert "--decompose" in listed["command"]
    assert len(listed["replicate_seeds"]) == 4


@pytest.mark.slow
def test_the_draws_of_a_file_are_taken_by_either_option(folder, capsys):
    rates = "rules.turnover.leaving_rate,rules.turnover.newcomer_ratio\n0.001,0.9\n0.002,1\n0.003,1.1\n"
    (folder / "draws.csv").write_text(rates, encoding="utf-8")
    (folder / "40").write_text("a file whose name is a number", encoding="utf-8")
    call = ["compare", "small.yaml", "workers.yaml", "--replicates", "2", "--seed", "1", "--jobs", "1"]
    made = []
    for option in ("--uncertain", "--ensemble"):
        status, out, _ = told(capsys, *call, option, "draws.csv", "--out", option)
        assert status == 0
        assert "Over 3 draws of what nobody knows (2 parameters)" in out
        drawn = pq.read_table(folder / option / "draws.parquet").to_pandas()
        assert drawn["rules.turnover.leaving_rate"].tolist() == [0.001, 0.002, 0.003]
        made.append((folder / option / "uncertain_runs.parquet").read_bytes())
        command = json.loads((folder / option / "provenance.json").read_text(encoding="utf-8"))["command"]
        assert f"{option} draws.csv" in command
    assert made[0] == made[1]
    assert "Over 40 draws" in told(capsys, *call, "--uncertain", "40", "--out", "n")[1]


@pytest.mark.slow
def test_an_earlier_result_is_not_overwritten_unless_asked(folder, capsys):
    call = ["compare", "small.yaml", "workers.yaml", "--replicates", "2", "--seed", "1", "--out", "r", "--quiet"]
    assert told(capsys, *call)[:2] == (0, "r\n")
    before = (folder / "r" / "summary.json").read_bytes()
    status, _, err = told(capsys, *call)
    assert status == 2
    assert "--overwrite replaces it" in err
    assert (folder / "r" / "summary.json").read_bytes() == before
    assert told(capsys, *call, "--overwrite")[0] == 0
    assert (folder / "r" / "summary.json").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["small.yaml", "small.yaml"], "two scenarios are named 'small'"),
        (["small.yaml", "nowhere"], "no shipped scenario and no file has this name"),
        (["small.yaml", "workers.yaml", "--until", "lonliness ±1"], "did you mean"),
        (["small.yaml", "workers.yaml", "--ensemble", "none.csv"], "no table of parameters"),
        (
            ["small.yaml", "workers.yaml", "--uncertain", "none.csv"],
            "found 'none.csv', allowed is a whole number from 2",
        ),
        (
            ["small.yaml", "workers.yaml", "--uncertain", "1"],
            "2 to 100000, calibrated, or a file of draws",
        ),
        (["small.yaml", "workers.yaml", "--uncertain", "small.yaml"], "small.yaml:1:1: found the column"),
        (
            ["small.yaml", "workers.yaml", "--uncertain", "4", "--ensemble", "a.csv"],
            "beside --ensemble a.csv; leave one",
        ),
        (["small.yaml", "workers.yaml", "--replicates", "0"], "allowed is a whole number from 1"),
        (["baseline", "workers.yaml"], "run for different times"),
    ],
)
def test_what_cannot_be_compared_is_said_and_nothing_is_written(folder, capsys, arguments, said):
    status, _, err = told(capsys, "compare", *arguments)
    assert status == 2
    assert said in " ".join(err.split())
    assert "Traceback" not in err
    assert not (folder / "results").exists()


def test_a_trace_names_the_day_the_people_and_the_policy(folder, capsys):
    main_status, out, _ = told(capsys, "trace", "small.yaml", "workers.yaml", "--seed", "2", "--most", "5")
    assert main_status == 0
    assert "The first 5 differences between A (small) and B (workers) under seed 2" in out
    assert "behind it: workers" in out
    assert "day 0, monday" in out


def test_a_trace_of_two_alike_says_so(folder, capsys):
    (folder / "same.yaml").write_text("extends: ./small.yaml\n", encoding="utf-8")
    assert "the same to the last bit" in told(capsys, "trace", "small.yaml", "same.yaml")[1]
