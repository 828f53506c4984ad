"""What can go wrong on the way without losing results: taken folders, failing runs, interrupts, pipes."""

import dataclasses
import json
import os
import select
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from experiments import plots
from experiments.runs import runner
from experiments.store.documents import read_provenance
from experiments.store.tables import read_daily
from sim.run import Run, run
from sim.scenario.schema.scenario import Scenario
from tests.processes import until

Here = Callable[..., int]
COMMAND = [sys.executable, "-m", "experiments.cli.app", "run"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONWARNINGS": "error"}


@pytest.mark.slow
def test_an_earlier_result_is_kept_until_told_otherwise(
    here: Here, small_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [small_file, "--replicates", 1, "--days", 3, "--out", small_file.parent / "r", "--quiet"]
    assert here(*words, "--seed", 1) == 0
    capsys.readouterr()
    assert here(*words, "--seed", 2) == 2
    assert "a result is there already; --overwrite replaces it" in capsys.readouterr().err
    assert read_provenance(small_file.parent / "r")["seed"] == 1
    assert here(*words, "--seed", 2, "--overwrite") == 0
    assert read_provenance(small_file.parent / "r")["seed"] == 2


def test_somebody_elses_folder_is_refused(here: Here, small_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert here(small_file, "--out", small_file.parent, "--overwrite") == 2
    assert "something else than a result of dayroom" in capsys.readouterr().err
    assert sorted(path.name for path in small_file.parent.iterdir()) == ["small.yaml"]


def fail_for(monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
    done = iter(range(1000))

    def sometimes(scenario: Scenario, seed: int, **options: tuple[int, ...]) -> Run:
        if next(done) < failing:
            raise RuntimeError("a wheel came off")
        return run(scenario, seed, **options)

    monkeypatch.setattr(runner, "run", sometimes)


def test_a_run_that_fails_is_told_and_the_rest_kept(
    here: Here, small_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_for(monkeypatch, 1)
    out = small_file.parent / "r"
    assert here(small_file, "--days", 3, "--jobs", 1, "--out", out) == 0
    said = capsys.readouterr().err
    assert "1 of 3 runs failed:\n  RuntimeError: a wheel came off\n" in said
    assert f"again: dayroom run {shlex.quote(str(small_file))} --days 3 --seed 7 --replicates 1" in said
    assert "a wheel came off" in (out / "failures.csv").read_text(encoding="utf-8")
    assert "failures.csv" in (out / "README.txt").read_text(encoding="utf-8")
    assert sorted(read_daily(out)["replicate"].unique()) == [1, 2]
    assert read_provenance(out)["failed_runs"] == 1


def test_when_every_run_fails_there_is_no_result(
    here: Here, small_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_for(monkeypatch, 5)
    assert here(small_file, "--replicates", 5, "--jobs", 1, "--out", small_file.parent / "r") == 1
    said = capsys.readouterr()
    assert "every run failed:" in said.err
    assert "and 2 more" in said.err
    assert said.out == ""
    assert sorted(path.name for path in small_file.parent.iterdir()) == ["small.yaml"]


@pytest.mark.slow
def test_a_figure_that_fails_costs_no_result(
    here: Here, small_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_ink(frame: object, **_: object) -> None:
        raise ValueError("no ink")

    broken = dataclasses.replace(plots.FIGURES["curves"], draw=no_ink)
    monkeypatch.setattr("experiments.runs.result.FIGURES", {**plots.FIGURES, "curves": broken})
    out = small_file.parent / "r"
    assert here(small_file, "--days", 3, "--replicates", 1, "--out", out) == 0
    assert "the figure curves cannot be drawn (ValueError: no ink)" in capsys.readouterr().err
    assert (out / "figures" / "roles.png").exists()
    assert not (out / "figures" / "curves.png").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals are of POSIX")
@pytest.mark.parametrize(
    ("sent", "code", "jobs"), [(signal.SIGINT, 130, 1), (signal.SIGINT, 130, 2), (signal.SIGTERM, 143, 2)]
)
def test_an_interrupt_leaves_things_as_they_were(
    here: Here, small_file: Path, sent: signal.Signals, code: int, jobs: int
) -> None:
    out = small_file.parent / "r"
    assert here(small_file, "--replicates", 1, "--days", 3, "--out", out, "--quiet") == 0
    words = ["--replicates", "5000", "--days", "1 year", "--jobs", str(jobs), "--out", str(out), "--overwrite"]
    with subprocess.Popen(
        [*COMMAND, str(small_file), *words],
        cwd=small_file.parent,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Where the tests run in the background of a shell, Ctrl-C is ignored, and the child would inherit that.
    ) as process:
        until(lambda: any(small_file.parent.glob(".r.unfinished-*/daily.parquet")))
        workers = psutil.Process(process.pid).children(recursive=True)
        os.killpg(process.pid, sent) if sent == signal.SIGINT else process.terminate()
        out_text, err_text = process.communicate(timeout=60)
    assert process.returncode == code, err_text
    assert out_text == ""
    assert "Traceback" not in err_text
    assert code != 130 or "no result was written, and an earlier one is untouched" in err_text
    assert read_provenance(out)["days"] == 3
    assert sorted(path.name for path in small_file.parent.iterdir()) == ["r", "small.yaml"]
    assert not psutil.wait_procs(workers, timeout=30)[1]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="nothing is locked on Windows")
def test_the_next_run_clears_away_what_a_killed_one_left(
    here: Here, small_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--replicates", "5000", "--days", "1 year", "--jobs", "1", "--out", "r"]
    with subprocess.Popen(
        [*COMMAND, str(small_file), *words], cwd=small_file.parent, env=ENVIRONMENT, stderr=subprocess.DEVNULL
    ) as process:
        until(lambda: any(small_file.parent.glob(".r.unfinished-*/daily.parquet")))
        process.kill()
    [left] = small_file.parent.glob(".r.unfinished-*")
    assert here(small_file, "--replicates", 1, "--days", 3, "--out", small_file.parent / "r") == 0
    assert f"a run that was killed had left {left.name} behind; cleared away" in capsys.readouterr().err
    assert sorted(path.name for path in small_file.parent.iterdir()) == ["r", "small.yaml"]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a terminal of POSIX")
def test_a_terminal_gets_a_bar_and_stdout_stays_clean(small_file: Path) -> None:
    import pty

    parent_end, child_end = pty.openpty()
    words = ["--replicates", "40", "--days", "60", "--jobs", "1", "--out", "r"]
    with subprocess.Popen(
        [*COMMAND, str(small_file), *words],
        cwd=small_file.parent,
        env={**ENVIRONMENT, "TERM": "xterm", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=child_end,
    ) as process:
        os.close(child_end)
        shown = b"".join(terminal(parent_end))
        printed = process.stdout.read().decode() if process.stdout else ""
    os.close(parent_end)
    assert process.returncode == 0, shown
    assert b"running" in shown
    assert b"of 40 runs" in shown
    assert b"40 of 40 runs done" not in shown  # that is for those without a terminal
    assert printed.startswith("Two small centres (small)\n")
    assert "\x1b" not in printed


def terminal(end: int) -> Iterator[bytes]:
    """Read what is shown until the other end closes."""
    while select.select([end], [], [], 120)[0]:
        try:
            shown = os.read(end, 65536)
        except OSError:  # how Linux tells that nobody is at the other end
            return
        if not shown:
            return
        yield shown


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a pipe of POSIX")
def test_a_reader_that_has_seen_enough_is_no_error(small_file: Path) -> None:
    line = shlex.join([*COMMAND, str(small_file), "--days", "3", "--replicates", "1", "--out", "r"])
    ended = subprocess.run(
        ["sh", "-c", f"{line} | true"],
        cwd=small_file.parent,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in ended.stderr
    assert "Broken" not in ended.stderr
    assert json.loads((small_file.parent / "r" / "provenance.json").read_text())["days"] == 3
