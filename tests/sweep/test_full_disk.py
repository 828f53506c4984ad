"""A full disk: it is reported, nothing finished is lost, and the next sweep ends with the same bytes."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from experiments.runs.executors import InProcess
from experiments.store.runs import claims, parts
from experiments.store.runs.store import RunStore, StoreFullError
from experiments.studies import load_study
from experiments.sweep import batch_writer
from experiments.sweep.make import sweep
from tests.sweep.conftest import ENVIRONMENT, RUNS, UNHURRIED, exported


def swept(study: Path, **options: object):
    return sweep(load_study(study), study.parent / "store", InProcess(), **options)


def parts_of(study: Path, table: str = "runs") -> list[Path]:
    return sorted((study.parent / "store").glob(f"*/{table}/part-*.parquet"))


def test_a_full_disk_is_told_and_nothing_finished_is_lost(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk has no room until the claim returns its reserve."""
    import errno

    monkeypatch.setattr(batch_writer, "MOST_ROWS", 10)
    real = os.fsync
    room = {"left": 6, "given": False}

    def fsync(file: int) -> None:
        if room["left"] == 0 and not room["given"]:
            raise OSError(errno.ENOSPC, "No space left on device")
        room["left"] -= room["left"] > 0
        real(file)

    def give_room(self: claims.Claim) -> None:
        room["given"] = True

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(claims.Claim, "give_room", give_room)
    with pytest.raises(StoreFullError, match=r"no room is left on the disk .* no finished run is lost"):
        swept(study)
    done = len(RunStore(study.parent / "store").addresses("runs"))
    assert done % 10 == 0
    assert not list((study.parent / "store").rglob("*.unfinished"))
    again = swept(study)
    assert (again.stored, again.made) == (done, RUNS - done)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="limits are of POSIX")
def test_a_limit_on_files_leaves_no_partial_part(study: Path, undisturbed: dict[str, bytes]) -> None:
    """Where no file may be as large as the batch, the sweep writes pieces that fit, and stops."""
    import resource

    sweep(load_study(study), study.parent / "elsewhere", InProcess())
    whole = RunStore(study.parent / "elsewhere").read("runs")
    limit = (len(parts.encoded(whole, slim=True)) + len(parts.encoded(whole.slice(0, 1), slim=True))) // 2
    ended = subprocess.run(
        [*UNHURRIED, "sweep", str(study), "--store", "store", "--executor", "inline"],
        cwd=study.parent,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert ended.returncode == 2, ended.stderr
    assert "no room is left on the disk (file too large); no finished run is lost" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert all(path.stat().st_size <= limit for path in parts_of(study))
    assert not list((study.parent / "store").rglob("*.unfinished"))
    assert swept(study).stored > 0
    assert exported(study, study.parent / "store", study.parent / "out") == undisturbed


@pytest.fixture
def small_disk(tmp_path: Path):
    """Mount a disk of six megabytes, where that is allowed."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=6m", "none", place], capture_output=True, check=False
    )
    if not made or made.returncode != 0:
        pytest.skip("nobody may mount a disk here; a limit on files stands in for it above")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_disk_that_really_fills_up(small_disk: Path, study: Path, undisturbed: dict[str, bytes]) -> None:
    store = small_disk / "store"
    filler = small_disk / "filler"

    def fill(total: int, failed: bool) -> None:
        """Leave no room from the tenth run on."""
        fill.steps = getattr(fill, "steps", 0) + 1
        if fill.steps == 10:
            with filler.open("wb", buffering=0) as file:
                try:
                    while True:
                        file.write(bytes(4096))
                except OSError:
                    pass

    with pytest.raises(StoreFullError, match=r"no room is left on the disk .* no finished run is lost"):
        sweep(load_study(study), store, InProcess(), step=fill)
    assert len(RunStore(store).addresses("runs")) >= 10
    filler.unlink()
    sweep(load_study(study), store, InProcess())
    assert exported(study, store, study.parent / "out") == undisturbed
