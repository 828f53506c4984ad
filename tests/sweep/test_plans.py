"""The plan of a study: whoever writes or reads at once finds one, and it hides no finished replicate."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.runs.executors import InProcess
from experiments.store.runs import plans
from experiments.store.runs.plans import COLUMNS, read_plan, studies, write_plan
from experiments.store.runs.store import RunStore
from experiments.studies import load_study
from experiments.sweep.make import sweep
from experiments.sweep.results import results
from tests.conftest import Dayroom
from tests.sweep.conftest import ENVIRONMENT, RUNS, STUDY

WRITER = """\
import sys
from pathlib import Path
from experiments.store.runs.store import RunStore
from experiments.store.runs.plans import COLUMNS, write_plan
with RunStore(Path(sys.argv[1])) as store:
    for _ in range(100):
        rows = [(name, [sys.argv[2] if name in ("lever", "scenario") else 1]) for name in COLUMNS]
        write_plan(store, "small", rows, {})
"""

PRECISE = STUDY.replace("[0.4, 0.5, 0.6]", "[0.5]").replace("{from: 0.3, to: 0.7}", "[0.5]")
PRECISE = PRECISE.replace("storage: daily", "precision: {loneliness_ucla20: 1.2}\nmost_replicates: 30")


def plan_files(store: Path) -> list[Path]:
    return sorted(store.glob("*/plans/*.parquet"))


def columns(lever: str) -> list[tuple[str, list[object]]]:
    return [(name, [lever if name in ("lever", "scenario") else 1]) for name in COLUMNS]


@pytest.mark.slow
def test_sweeps_that_plan_at_once_leave_one_plan_and_readers_find_one_always(tmp_path: Path) -> None:
    with RunStore(tmp_path) as store:
        write_plan(store, "small", columns("first"), {})
    words = [sys.executable, "-c", WRITER, str(tmp_path)]
    both = [subprocess.Popen([*words, lever], env=ENVIRONMENT, stderr=subprocess.PIPE, text=True) for lever in "ab"]
    reader, found = RunStore(tmp_path), []
    while any(one.poll() is None for one in both):
        found.append(read_plan(reader, "small", found.append))
    for one in both:
        said = one.communicate()[1]
        assert one.returncode == 0, said
    assert len(found) > 20
    assert all(hasattr(plan, "column_names") for plan in found)
    assert read_plan(reader, "small", print)["lever"][0].as_py() in ("a", "b")


def test_no_plan_newer_than_ones_own_is_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another sweep plans between our writing and our clean-up, and once more while somebody else does."""
    real = plans.alone
    with RunStore(tmp_path) as store, RunStore(tmp_path) as other:

        def alone(path: Path):
            with monkeypatch.context() as undone:
                undone.setattr(plans, "alone", real)
                write_plan(other, "small", columns("other"), {})
            return real(path)

        monkeypatch.setattr(plans, "alone", alone)
        write_plan(store, "small", columns("own"), {})
    assert read_plan(RunStore(tmp_path), "small", print)["lever"][0].as_py() == "other"


def test_the_last_plan_stands_also_when_the_clock_was_put_back(tmp_path: Path) -> None:
    with RunStore(tmp_path) as store:
        write_plan(store, "small", columns("first"), {})
        [first] = plan_files(tmp_path)
        os.utime(first, (4e9, 4e9))
        write_plan(store, "small", columns("last"), {})
    assert len(plan_files(tmp_path)) == 1
    assert read_plan(RunStore(tmp_path), "small", print)["lever"][0].as_py() == "last"


def test_a_plan_that_is_gone_when_it_is_read_is_looked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RunStore(tmp_path) as store:
        write_plan(store, "small", columns("first"), {})
        real = Path.read_bytes

        def read_bytes(path: Path) -> bytes:
            monkeypatch.setattr(Path, "read_bytes", real)
            write_plan(store, "small", columns("second"), {})
            return real(path)

        monkeypatch.setattr(Path, "read_bytes", read_bytes)
        assert read_plan(store, "small", print)["lever"][0].as_py() == "second"


def test_a_folder_named_like_a_plan_is_none(study: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]) -> None:
    store = study.parent / "store"
    sweep(load_study(study), store, InProcess())
    plan_files(store)[0].with_name(f"odd.{40 * 'f'}.parquet").mkdir()
    plan_files(store)[0].with_name(f"small.{40 * 'f'}.parquet").mkdir()
    assert studies(RunStore(store)) == ["small"]
    assert dayroom("status", "--store", store) == 0
    assert f"small: {RUNS} runs planned, {RUNS} done" in capsys.readouterr().out
    assert dayroom("query", "SELECT count(*) FROM small", "--store", store) == 0


def test_a_disk_that_is_full_when_the_plan_is_written_is_told(
    study: Path, dayroom: Dayroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = study.parent / "store"
    sweep(load_study(study), store, InProcess())
    real = os.fsync

    def fsync(file: int) -> None:
        if "plans" in str(Path(f"/proc/self/fd/{file}").readlink()):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(file)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("which file is written is known where Linux lists them")
    monkeypatch.setattr(os, "fsync", fsync)
    assert dayroom("sweep", study, "--store", store, "--resume") == 2
    said = capsys.readouterr().err
    assert "no room is left on the disk (no space left on device); no finished run is lost" in said
    assert "Traceback" not in said
    assert plan_files(store)


@pytest.fixture
def grown(study: Path) -> tuple[Path, int]:
    """Return a study swept until it was precise, and the replicates that took."""
    study.write_text(PRECISE, encoding="utf-8")
    sweep(load_study(study), study.parent / "store", InProcess())
    frame = results(load_study(study), study.parent / "store")
    assert (frame["status"] == "done").all()
    assert frame["replicate"].max() + 1 > load_study(study).replicates
    return study, len(frame)


def test_replicates_for_a_precision_are_found_without_the_plan(
    grown: tuple[Path, int], capsys: pytest.CaptureFixture[str]
) -> None:
    study, runs = grown
    [plan] = plan_files(study.parent / "store")
    plan.unlink()
    frame = results(load_study(study), study.parent / "store")
    assert len(frame) == runs
    assert (frame["status"] == "done").all()
    assert (
        f"there is no plan of small, so the study counts as having the {runs // 2} replicates"
        in capsys.readouterr().err
    )


def test_what_a_precision_took_is_told_ahead_where_its_runs_are_missing(
    grown: tuple[Path, int], dayroom: Dayroom, capsys: pytest.CaptureFixture[str]
) -> None:
    """As after a sweep that stopped while it added replicates."""
    study, runs = grown
    store = study.parent / "store"
    for part in store.glob("*/runs/*.parquet"):
        part.unlink()
    capsys.readouterr()
    assert dayroom("sweep", study, "--store", store, "--dry-run") == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"2 levers x {runs // 2} replicates = {runs} runs" in lines[0]
    assert lines[1].startswith(f"{runs} runs to make ")


def test_a_sweep_for_a_precision_that_is_stopped_hides_no_finished_replicate(
    grown: tuple[Path, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    study, runs = grown
    from experiments.sweep import make as sweeping

    with monkeypatch.context() as stopped:
        stopped.setattr(sweeping, "needed", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            sweep(load_study(study), study.parent / "store", InProcess())
    assert len(results(load_study(study), study.parent / "store")) == runs
    study.write_text(PRECISE.replace("loneliness_ucla20: 1.2", "loneliness_ucla20: 90"), encoding="utf-8")
    sweep(load_study(study), study.parent / "store", InProcess())  # a precision that the first ones have
    assert results(load_study(study), study.parent / "store")["replicate"].max() == 4
