"""The folder of a result: written in full or not at all, and never over anything else."""

import errno
import gc
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.store.documents import write_provenance
from experiments.store.folder import ResultError, check_free, new_folder
from experiments.store.provenance import provenance
from experiments.store.tables import Tables
from sim.run import Run

ROOT = Path(__file__).parents[2]


def result_in(folder: Path, overwrite: bool = False, content: str = "first") -> None:
    with new_folder(folder, overwrite) as new:
        (new.path / "figures").mkdir()
        (new.path / "figures" / "a.png").write_text(content)
        write_provenance(new.path, provenance("digest", 1, [1], 1, "again"))


def inside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_result_appears_at_the_end_and_with_the_usual_permissions(tmp_path: Path) -> None:
    wished = tmp_path / "not" / "there" / "yet"
    with new_folder(wished) as new:
        (new.path / "provenance.json").write_text("{}")
        assert not wished.exists()
    assert inside(wished) == ["provenance.json"]
    assert inside(wished.parent) == ["yet"]
    (tmp_path / "plain").mkdir()
    assert wished.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    result_in(tmp_path / "r")
    assert (tmp_path / "r" / "figures" / "a.png").exists()


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_what_fails_leaves_an_earlier_result_as_it_was(tmp_path: Path, failure: type[BaseException]) -> None:
    result_in(tmp_path / "r")

    def half() -> None:
        with new_folder(tmp_path / "r", overwrite=True) as new:
            (new.path / "daily.parquet").write_text("half")
            raise failure

    with pytest.raises(failure):
        half()
    assert inside(tmp_path) == ["r"]
    assert (tmp_path / "r" / "figures" / "a.png").read_text() == "first"


def test_a_result_is_not_overwritten_unasked(tmp_path: Path) -> None:
    result_in(tmp_path / "r")
    with pytest.raises(ResultError, match="a result is there already; --overwrite replaces it"):
        result_in(tmp_path / "r", content="second")
    result_in(tmp_path / "r", overwrite=True, content="second")
    assert (tmp_path / "r" / "figures" / "a.png").read_text() == "second"
    assert inside(tmp_path) == ["r"]


@pytest.mark.parametrize("provenance_text", [None, "{}", '{"program": "cargo"}'])
def test_somebody_elses_folder_is_never_overwritten(tmp_path: Path, provenance_text: str | None) -> None:
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter.txt").write_text("years of work")
    if provenance_text is not None:
        (folder / "provenance.json").write_text(provenance_text)
    with pytest.raises(ResultError, match="something else than a result of dayroom"):
        result_in(folder, overwrite=True)
    assert (folder / "chapter.txt").read_text() == "years of work"


def test_notes_in_a_result_are_never_overwritten(tmp_path: Path) -> None:
    result_in(tmp_path / "r")
    (tmp_path / "r" / ".DS_Store").touch()
    check_free(tmp_path / "r", overwrite=True)
    (tmp_path / "r" / "figures" / "notes.txt").write_text("mine")
    with pytest.raises(ResultError, match=r"files that dayroom did not write: figures/notes\.txt"):
        result_in(tmp_path / "r", overwrite=True)
    assert (tmp_path / "r" / "figures" / "notes.txt").read_text() == "mine"


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ResultError, match="this is a file; --out takes a folder"):
        result_in(tmp_path / "file", overwrite=True)
    with pytest.raises(ResultError, match=r"the folder cannot be written to \(a file is in the way\)"):
        result_in(tmp_path / "file" / "below")


def test_the_current_folder_and_those_above_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(ResultError, match="the folder you are in"):
        result_in(Path())


def test_a_link_to_a_result_stays_a_link(tmp_path: Path) -> None:
    result_in(tmp_path / "r")
    (tmp_path / "link").symlink_to(tmp_path / "r")
    result_in(tmp_path / "link", overwrite=True, content="second")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "r" / "figures" / "a.png").read_text() == "second"


def test_of_two_runs_into_one_place_neither_is_lost(tmp_path: Path) -> None:
    with new_folder(tmp_path / "r") as slow:
        (slow.path / "slow.txt").touch()
        result_in(tmp_path / "r")
        result_in(tmp_path / "r-2")
    assert slow.final == tmp_path / "r-3"
    assert inside(tmp_path / "r-3") == ["slow.txt"]
    assert (tmp_path / "r" / "figures" / "a.png").read_text() == "first"


def test_when_the_last_step_fails_the_earlier_result_is_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result_in(tmp_path / "r")
    rename = Path.rename

    def full(path: Path, target: Path) -> Path:
        if "unfinished" in path.name and "earlier" not in path.name:
            raise OSError(errno.ENOSPC, "full")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(ResultError, match="no space left on device"):
        result_in(tmp_path / "r", overwrite=True, content="second")
    monkeypatch.undo()
    assert (tmp_path / "r" / "figures" / "a.png").read_text() == "first"
    assert inside(tmp_path) == ["r"]


KILLED = """\
import os, signal, sys
from pathlib import Path
from experiments.store.folder import new_folder
rename = Path.rename
def killed_in_between(path, target):
    rename(path, target)
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[2] == "replacing":
    Path.rename = killed_in_between
with new_folder(Path(sys.argv[1]), overwrite=True) as new:
    (new.path / "daily.parquet").write_text("half")
    if sys.argv[2] == "writing":
        os.kill(os.getpid(), signal.SIGKILL)
"""
no_locks = pytest.mark.skipif(os.name == "nt", reason="nothing is locked on Windows")


def killed(folder: Path, when: str) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(folder), when], cwd=ROOT, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL


@no_locks
def test_what_a_killed_run_left_is_cleared_away_and_said(tmp_path: Path) -> None:
    killed(tmp_path / "r", "writing")
    killed(tmp_path / "r2", "writing")
    [left] = [name for name in inside(tmp_path) if name.startswith(".r.unfinished-")]
    [others] = [name for name in inside(tmp_path) if name.startswith(".r2.unfinished-")]
    (tmp_path / ".r.unfinished-mine").mkdir()
    (tmp_path / ".r.unfinished-file1234").touch()
    with new_folder(tmp_path / "r") as new:
        assert new.cleared == [left]
        assert left not in inside(tmp_path)
        (new.path / "provenance.json").write_text("{}")
    assert inside(tmp_path) == [".r.unfinished-file1234", ".r.unfinished-mine", others, "r"]


def test_what_a_living_run_is_writing_is_left_alone(tmp_path: Path) -> None:
    with new_folder(tmp_path / "r") as living:
        (living.path / "half.txt").touch()
        with new_folder(tmp_path / "r") as second:
            assert second.cleared == []
            assert (living.path / "half.txt").exists()
            (second.path / "provenance.json").write_text("{}")
    assert inside(tmp_path) == ["r", "r-2"]


@no_locks
def test_an_earlier_result_set_aside_by_a_killed_run_is_put_back(tmp_path: Path) -> None:
    result_in(tmp_path / "r")
    killed(tmp_path / "r", "replacing")
    assert "r" not in inside(tmp_path)
    with pytest.raises(ResultError, match="a result is there already"):
        result_in(tmp_path / "r", content="second")
    assert inside(tmp_path) == ["r"]
    assert (tmp_path / "r" / "figures" / "a.png").read_text() == "first"


def test_without_locks_nothing_of_others_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.store.folder.locked", lambda file: None)
    (tmp_path / ".r.unfinished-abcd1234").mkdir()
    with new_folder(tmp_path / "r") as new:
        assert new.cleared == []
    assert inside(tmp_path) == [".r.unfinished-abcd1234", "r"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
@pytest.mark.parametrize("most", [100, 1_000, 10_000])
def test_a_full_disk_is_said(most: int, small_run: Run, tmp_path: Path) -> None:
    """No writer of a table is left open: it would be closed when it is thrown away, and print a traceback."""
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, limits[1]))
    try:
        with pytest.raises(ResultError, match=r"cannot be written \(file too large\); nothing was changed"):  # noqa: SIM117
            with new_folder(tmp_path / "r") as new, Tables(new.path) as tables:
                tables.add(small_run, {"replicate": 0})
        del tables
        gc.collect()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert inside(tmp_path) == []


def test_a_refusal_that_is_not_of_files_is_not_taken_for_one(tmp_path: Path) -> None:
    with pytest.raises(BrokenPipeError), new_folder(tmp_path / "r"):
        raise BrokenPipeError(errno.EPIPE, "nobody listens")
    assert inside(tmp_path) == []


def test_all_files_are_on_the_disk_before_the_earlier_result_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result_in(tmp_path / "r")
    flushed: set[int] = set()
    on_disk: list[set[int]] = []
    fsync, rename = os.fsync, Path.rename

    def noting(file: int) -> None:
        flushed.add(os.fstat(file).st_ino)
        fsync(file)

    def renaming(path: Path, target: Path) -> Path:
        on_disk.append(set(flushed))
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", noting)
    monkeypatch.setattr(Path, "rename", renaming)
    result_in(tmp_path / "r", overwrite=True, content="second")
    made = [tmp_path / "r", *(tmp_path / "r").rglob("*")]
    assert len(made) == 4  # the folder, its provenance, the folder of figures, the figure
    assert {path.stat().st_ino for path in made} <= on_disk[0]
    assert tmp_path.stat().st_ino in flushed
