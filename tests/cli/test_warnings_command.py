"""Warnings and estimates of the command line: who prints them, with which exit code, and when a run is refused."""

import re
from pathlib import Path

import pytest

from experiments.runs import size as sizes
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Centre
from sim.scenario.text.errors import InputError
from tests.small_runs import SMALL

IDLE = "policies:\n  late: {policy: respite, start: 400}\n"
GIB = 2**30


@pytest.fixture
def idle(tmp_path, monkeypatch) -> Path:
    """Return the file of a small scenario whose policy starts after the end."""
    monkeypatch.chdir(tmp_path)
    Path("plain.yaml").write_text(SMALL, encoding="utf-8")
    path = Path("idle.yaml")
    path.write_text(SMALL + IDLE, encoding="utf-8")
    return path


def expected(line: int) -> str:
    """Return the start of the warning about the policy."""
    return f"idle.yaml:{line}:34: warning: policies.late.start: the policy never acts: it starts on day 400"


LINE = SMALL.count("\n") + 2


def test_check_warns_and_ends_well(idle, dayroom, capsys):
    assert dayroom("scenario", "check", idle) == 0
    out, err = capsys.readouterr()
    assert out == "idle.yaml: OK (idle: 2 centres, 27 users, 40 days)\n"
    assert err.startswith(expected(LINE))
    assert len(err.splitlines()) == 1


def test_strict_check_ends_with_2_after_a_warning_alone(idle, dayroom):
    assert dayroom("scenario", "check", "--strict", idle) == 2
    assert dayroom("scenario", "check", "--strict", "plain.yaml", "baseline") == 0


def test_run_repeats_the_warning_and_says_at_the_end_that_the_policy_never_acted(idle, dayroom, capsys, monkeypatch):
    monkeypatch.setattr("experiments.runs.result.FIGURES", {})
    assert dayroom("run", idle, "--out", "r", "--days", 30, "--replicates", 1) == 0
    out, err = capsys.readouterr()
    assert err.startswith(expected(LINE))
    assert "the run ends after 30 days" in err
    assert "late never acted in any replicate" in out
    assert dayroom("run", idle, "--out", "q", "--days", 30, "--replicates", 1, "--quiet") == 0
    assert capsys.readouterr().err == ""


def test_a_policy_that_acts_gets_no_note(idle, dayroom, capsys, monkeypatch):
    monkeypatch.setattr("experiments.runs.result.FIGURES", {})
    text = SMALL + "policies:\n  late: {policy: respite, start: 10}\n  all: {policy: staffing, uptake: 0}\n"
    idle.write_text(text, encoding="utf-8")
    assert dayroom("run", idle, "--out", "r", "--replicates", 1) == 0
    out, err = capsys.readouterr()
    assert "never act" not in out + err


def test_compare_repeats_warnings_and_names_the_idle_policy(idle, dayroom, capsys, monkeypatch):
    monkeypatch.setattr("experiments.compare.result.figures", lambda _: {})
    text = SMALL + "policies:\n  nobody: {policy: respite, eligible: burden > 99.9 and loneliness_ucla20 < 20.1}\n"
    Path("nobody.yaml").write_text(text, encoding="utf-8")
    words = ("plain.yaml", idle, "nobody.yaml")
    assert dayroom("compare", *words, "--replicates", 2, "--days", 14, "--jobs", 1, "--out", "c") == 0
    out, err = capsys.readouterr()
    assert err.startswith(expected(LINE))
    assert err.count("warning:") == 1
    assert "nobody never acted in any replicate" in out
    assert "late never acted in any replicate" in out


STUDY = """\
question: Is a lever that does nothing named?
base: plain.yaml
days: 14
levers:
  usual-care: {}
  late: {policies: {late: {policy: respite, start: 20}}}
design: replicates
replicates: 1
"""


def test_sweep_warns_of_base_and_levers_with_their_places(idle, dayroom, capsys):
    Path("study.yaml").write_text(STUDY, encoding="utf-8")
    assert dayroom("sweep", "study.yaml", "--executor", "inline") == 0
    err = capsys.readouterr().err
    assert err.startswith("study.yaml:6:52: warning: policies.late.start: the policy never acts")
    assert err.count("warning:") == 1


def test_sweep_does_not_warn_of_what_a_factor_varies(idle, dayroom, capsys):
    varied = STUDY.replace("design: replicates", "factors: {policies.late.start: {values: [5, 20]}}\ndesign: grid")
    Path("study.yaml").write_text(varied, encoding="utf-8")
    assert dayroom("sweep", "study.yaml", "--dry-run") == 0
    assert "warning:" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("run", "large.yaml"),
        ("compare", "plain.yaml", "large.yaml", "--days", "40"),
        ("sweep", "study.yaml", "--executor", "inline"),
        ("trace", "plain.yaml", "large.yaml"),
        ("portfolio", "large.yaml", "--budget", "40"),
        ("posterior", "large.yaml"),
        ("validate", "--scenario", "large.yaml"),
        ("calibrate", "large.yaml"),
        ("scenario", "check", "plain.yaml", "large.yaml"),
    ],
)
def test_runs_that_the_machine_cannot_hold_are_refused(idle, words, dayroom, capsys, monkeypatch):
    monkeypatch.setattr(sizes, "machine", lambda: 16.0 * GIB)
    Path("large.yaml").write_text(SMALL.replace("users: 12", "users: 1000, copies: 1000"), encoding="utf-8")
    Path("study.yaml").write_text(STUDY.replace("plain.yaml", "large.yaml"), encoding="utf-8")
    assert dayroom(*words) == 2
    err = capsys.readouterr().err
    assert re.search(r"a run takes about 14\d GiB of memory \(an estimate\), and this machine has 16.0 GiB", err)
    assert not Path("results").exists()


def test_check_says_what_a_large_scenario_takes(idle, dayroom, capsys, monkeypatch):
    monkeypatch.setattr(sizes, "machine", lambda: 160.0 * GIB)
    Path("large.yaml").write_text(SMALL.replace("users: 12", "users: 1000, copies: 1000"), encoding="utf-8")
    assert dayroom("scenario", "check", "large.yaml") == 0
    err = capsys.readouterr().err
    assert err.startswith("large.yaml: estimate: 3 runs take about ")
    assert "GiB of memory" in err


def test_a_size_grows_with_runs_and_says_how_many_processes_fit(monkeypatch):
    monkeypatch.setattr(sizes, "machine", lambda: 2.0 * GIB)
    baseline = load_scenario("baseline")
    small = sizes.size([baseline], 20, jobs=1)
    assert small.line() == ""
    sizes.require_room(small)
    long = sizes.size([baseline, baseline], 100_000, jobs=2)
    assert long.runs == 200_000
    assert long.minutes == pytest.approx(200_000 / 20 / 2 * small.minutes)
    assert long.line().startswith("estimate: 200,000 runs take about ")
    many = sizes.size([baseline], 20, jobs=8)
    assert many.line().endswith("of memory in 8 processes, and this machine has 2.0 GiB; try --jobs 4")
    huge = baseline.with_changes(centres={"park": Centre(users=1000, copies=100)})
    with pytest.raises(InputError, match=r"this machine has 2\.0 GiB"):
        sizes.require_room(sizes.size([huge], 1))


def test_the_memory_of_this_machine_is_known():
    assert sizes.machine() > 0.5 * GIB


def test_check_says_once_what_two_scenarios_share(tmp_path, dayroom, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("list.csv").write_bytes("姓名;性别\n小明;男\n小红;女\n".encode("gb18030"))
    Path("ours.yaml").write_text(
        "extends: baseline\nsettling: 0\nreplace: [centres]\ncentres: {park: {users: 12, users_file: list.csv}}\n",
        encoding="utf-8",
    )
    Path("other.yaml").write_text("extends: ours.yaml\npolicies: {p: {policy: respite}}\n", encoding="utf-8")
    assert dayroom("scenario", "check", "ours.yaml", "other.yaml") == 0
    out, err = capsys.readouterr()
    assert [line.split(":")[0] for line in out.splitlines()].count("other.yaml") == 1
    assert out.count("park: ") == 1
    assert err.count("GBK") == err.count("semicolon") == 1
