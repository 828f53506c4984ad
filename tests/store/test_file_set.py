"""Files that are replaced together: wherever a program is killed, old and new never stand side by side."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.store.file_set import new_files
from experiments.store.folder import ResultError

ROOT = Path(__file__).parents[2]
KILLED = """
import os, sys
from pathlib import Path
from experiments.store.file_set import new_files

folder, number = Path(sys.argv[1]), int(sys.argv[2])
rename = Path.rename
done = 0

def renamed(path, target):
    global done
    done += 1
    if done == number:
        os._exit(9)
    return rename(path, target)

Path.rename = renamed
with new_files(folder) as new:
    for name in ("a", "b", "c"):
        (new.path / name).write_text("new")
    new.gone.append("d")
"""
FILES = ("a", "b", "c", "d")


def contents(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text() for name in FILES if (folder / name).exists()}


def written(folder: Path, text: str, *names: str) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text(text)


def put(folder: Path, text: str, *names: str) -> None:
    with new_files(folder) as new:
        written(new.path, text, *names)


def test_the_files_of_a_set_replace_the_old_ones_and_others_stay(tmp_path: Path) -> None:
    written(tmp_path, "old", *FILES, "mine")
    with new_files(tmp_path) as new:
        written(new.path, "new", "a", "b")
        new.gone.append("d")
        assert contents(tmp_path) == dict.fromkeys(FILES, "old")
    assert contents(tmp_path) == {"a": "new", "b": "new", "c": "old"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c", "mine"]


def test_a_program_killed_anywhere_never_leaves_old_beside_new(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ways = set()
    for number in range(1, 20):
        folder = tmp_path / str(number)
        written(folder, "old", *FILES)
        command = [sys.executable, "-c", KILLED, str(folder), str(number)]
        status = subprocess.run(command, env=environment, check=False).returncode
        assert len(set(contents(folder).values())) <= 1, number
        if status == 0:
            break
        with pytest.raises(KeyError), new_files(folder):  # the next export recovers, and then fails for its own reason
            raise KeyError
        ways.add(tuple(contents(folder).items()))
        assert sorted(path.name for path in folder.iterdir()) == sorted(contents(folder))
    else:
        raise AssertionError("the program was always killed")
    assert number == 9  # four files moved away, the exchange decided, three put in place
    old, new = dict.fromkeys(FILES, "old"), dict.fromkeys(FILES[:3], "new")
    assert ways == {tuple(old.items()), tuple(new.items())}


@pytest.mark.parametrize("number", range(1, 8))
def test_an_error_anywhere_puts_the_old_files_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    written(tmp_path, "old", *FILES)
    rename, calls = Path.rename, []

    def failing(path: Path, target: Path) -> Path:
        calls.append(path)
        if len(calls) == number:
            raise OSError(28, "no space")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(ResultError, match="the files cannot be written"):
        put(tmp_path, "new", "a", "b", "c")
    assert len(calls) >= number
    assert contents(tmp_path) == dict.fromkeys(FILES, "old")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


def test_a_folder_in_the_way_is_left_alone(tmp_path: Path) -> None:
    written(tmp_path, "old", "a")
    (tmp_path / "b").mkdir()
    with pytest.raises(ResultError, match="is a directory"):
        put(tmp_path, "new", "a", "b")
    assert (tmp_path / "a").read_text() == "old"
    assert (tmp_path / "b").is_dir()


def test_what_a_living_export_writes_is_left_alone(tmp_path: Path) -> None:
    written(tmp_path, "old", "a")
    with new_files(tmp_path) as first:
        written(first.path, "first", "a")
        put(tmp_path, "second", "a")
        assert first.path.is_dir()
    assert contents(tmp_path) == {"a": "first"}
