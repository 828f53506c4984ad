"""The cache of compiled code: in folders that no other user can change, whatever another user puts there first."""

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim import cache
from sim.cache import UnsafeFolderError, forget_old, kept_folder, private_folder

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows keeps folders of one user from others by itself")
as_root = pytest.mark.skipif(os.name != "nt" and os.geteuid() != 0, reason="only root can act as another user")

ROOT = Path(__file__).parents[2]
MALLORY = 65534


@pytest.fixture
def shared() -> Iterator[Path]:
    """Return a folder in which every user may make files, as in /tmp."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o1777)
        yield folder


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Restore afterwards what a report sets for the processes to come."""
    monkeypatch.setenv("DAYROOM_CACHE", "")
    monkeypatch.setenv("DAYROOM_CACHE_CHOSEN", "")


def places(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    monkeypatch.setattr(cache, "_places", lambda: list(folders))


def made(folder: Path, mode: int) -> Path:
    folder.mkdir()
    folder.chmod(mode)  # mkdir's mode is less the umask
    return folder


def test_missing_folders_are_made_for_this_user_alone(tmp_path):
    before = os.umask(0)
    try:
        assert private_folder(tmp_path / "one" / "two") == tmp_path / "one" / "two"
    finally:
        os.umask(before)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("one", "one/two")] == [0o700, 0o700]


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o770])
def test_a_folder_that_others_can_only_read_is_taken(tmp_path, monkeypatch, mode):
    monkeypatch.setattr(cache, "_is_own_group", lambda number: True)
    assert private_folder(made(tmp_path / "mine", mode)) == tmp_path / "mine"


@pytest.mark.parametrize(
    ("above", "mode", "problem"),
    [
        (0o755, 0o777, "mine can be written to by others"),
        (0o755, 0o1777, "mine can be written to by others"),
        (0o755, 0o775, "mine can be written to by others"),
        (0o777, 0o700, "above can be written to by others"),
        (0o775, 0o700, "above can be written to by others"),
    ],
)
def test_a_folder_that_others_can_change_is_refused(tmp_path, monkeypatch, above, mode, problem):
    monkeypatch.setattr(cache, "_is_own_group", lambda number: False)
    made(tmp_path / "above", above)
    made(tmp_path / "above" / "mine", mode)
    with pytest.raises(UnsafeFolderError, match=problem):
        private_folder(tmp_path / "above" / "mine")
    (tmp_path / "above").chmod(0o1777)
    (tmp_path / "above" / "mine").chmod(0o700)
    assert private_folder(tmp_path / "above" / "mine")


def test_a_folder_of_another_user_is_refused(tmp_path, monkeypatch):
    mine = made(tmp_path / "mine", 0o700)
    owner = mine.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: MALLORY + 1)
    with pytest.raises(UnsafeFolderError, match=f"belongs to user {owner}"):
        private_folder(mine)


def test_a_link_is_refused_and_links_above_lead_to_the_real_folder(tmp_path):
    real = made(tmp_path / "real", 0o700)
    (tmp_path / "link").symlink_to(real)
    with pytest.raises(UnsafeFolderError, match="link is a link or a file"):
        private_folder(tmp_path / "link")
    assert private_folder(tmp_path / "link" / "mine") == real / "mine"
    real.chmod(0o777)
    with pytest.raises(UnsafeFolderError, match="real can be written to by others"):
        private_folder(tmp_path / "link" / "mine")


@pytest.mark.parametrize(("name", "members", "is_own"), [("me", [], True), ("me", ["you"], False), ("us", [], False)])
def test_only_a_group_of_this_user_alone_may_write(monkeypatch, name, members, is_own):
    monkeypatch.setattr("pwd.getpwuid", lambda number: SimpleNamespace(pw_name="me"))
    monkeypatch.setattr("grp.getgrgid", lambda number: SimpleNamespace(gr_name=name, gr_mem=members))
    assert cache._is_own_group(1000) is is_own


def test_an_unsafe_choice_is_reported_once_and_the_next_place_taken(tmp_path, monkeypatch, capsys):
    unsafe = made(tmp_path / "unsafe", 0o777)
    places(monkeypatch, unsafe, tmp_path / "mine")
    assert kept_folder("kernels") == kept_folder("kernels") == tmp_path / "mine" / "kernels"
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(
        f"compiled code is kept in {tmp_path / 'mine'}, because {unsafe} can be written to by others;"
    )
    assert os.environ["DAYROOM_CACHE"] == str(tmp_path / "mine")  # for the processes to come
    monkeypatch.setenv("DAYROOM_CACHE", str(tmp_path / "another"))
    places(monkeypatch, tmp_path / "another")
    assert kept_folder("kernels") == tmp_path / "another" / "kernels"
    assert not capsys.readouterr().err


def in_python(code: str, folder: Path, **variables: object) -> subprocess.CompletedProcess[str]:
    """Run code in another Python, as the command runs."""
    paths = os.pathsep.join([str(ROOT), str(folder)])
    environment = os.environ | {"PYTHONPATH": paths} | {name: str(value) for name, value in variables.items()}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=folder, capture_output=True, text=True, check=True
    )


def test_without_a_safe_place_all_processes_share_a_new_folder_which_goes_at_the_end(tmp_path):
    unsafe = made(tmp_path / "unsafe", 0o777)
    made(tmp_path / f"dayroom-{os.getuid()}", 0o777)
    code = """
import subprocess, sys
from sim.cache import kept_folder
print(kept_folder("sources").parent, kept_folder("kernels").parent, flush=True)
subprocess.run([sys.executable, "-c", "from sim.cache import kept_folder; print(kept_folder('kernels').parent)"])
"""
    done = in_python(code, tmp_path, DAYROOM_CACHE=unsafe, XDG_CACHE_HOME=unsafe, TMPDIR=tmp_path)
    [place] = set(done.stdout.split())
    assert Path(place).parent == tmp_path
    assert not Path(place).exists()
    [line] = done.stderr.splitlines()
    assert line.startswith("compiled code is not kept")
    assert "unsafe can be written to by others" in line


def test_no_folder_is_made_where_others_could_replace_it(tmp_path, monkeypatch, capsys):
    unsafe, safe = made(tmp_path / "unsafe", 0o777), made(tmp_path / "safe", 0o1777)
    places(monkeypatch, unsafe)
    monkeypatch.setattr(tempfile, "tempdir", str(unsafe))
    monkeypatch.setattr(cache, "_SHARED", (str(unsafe),))
    assert kept_folder("kernels") is kept_folder("kernels") is None
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("compiled code is not kept, so every process of this command compiles the model anew")
    assert not list(unsafe.iterdir())
    monkeypatch.setattr(cache, "_SHARED", (str(safe),))
    folder = kept_folder("kernels")
    assert folder is not None
    assert folder.parent.parent == safe
    assert folder.parent.stat().st_mode & 0o777 == 0o700


def test_a_chosen_folder_is_left_when_others_can_change_one_above_it(tmp_path, monkeypatch):
    above = made(tmp_path / "above", 0o700)
    places(monkeypatch, made(tmp_path / "unsafe", 0o777), above / "mine")
    assert kept_folder("kernels") == kept_folder("kernels") == above / "mine" / "kernels"
    above.chmod(0o777)
    places(monkeypatch, above / "mine", tmp_path / "another")
    assert kept_folder("kernels") == tmp_path / "another" / "kernels"


@pytest.mark.slow
def test_without_any_safe_folder_the_model_is_compiled_and_not_kept(tmp_path):
    (tmp_path / "compiled.py").write_text(COMPILED, encoding="utf-8")
    unsafe = made(tmp_path / "unsafe", 0o777)
    code = f"from sim import cache; cache._SHARED = (); {CALL}"
    done = in_python(code, tmp_path, DAYROOM_CACHE=unsafe, XDG_CACHE_HOME=unsafe, TMPDIR=unsafe)
    assert done.stdout.split() == in_python(CALL, tmp_path, DAYROOM_CACHE=tmp_path / "good").stdout.split()
    assert done.stdout.startswith("9")
    assert not list(unsafe.iterdir())


COMPILED = """
from sim.kernel import kernel


@kernel
def square(number):
    return number * number
"""
CALL = "from compiled import square; print(square(3)); from sim.kernel import sources_digest; print(sources_digest())"


class Bomb:
    """An index of numba's cache that tells the world that it was loaded."""

    def __init__(self, sign: Path) -> None:
        self.sign = sign

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        """Have whoever unpickles this make a file."""
        return Path.touch, (self.sign,)


def plant(place: Path, files: list[Path], sign: Path) -> None:
    """Make what a cache holds, with bombs for indices and a wrong digest of the sources."""
    for name in files:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        is_digest = name.parts[0] == "sources"
        (place / name).write_bytes(b"0" * 32 if is_digest else pickle.dumps(Bomb(sign)))


@pytest.mark.slow
@as_root
def test_what_another_user_puts_where_the_cache_will_be_is_never_loaded(shared):
    (shared / "compiled.py").write_text(COMPILED, encoding="utf-8")
    good, sign, planted = shared / "good", shared / "sign", shared / f"dayroom-{os.getuid()}"
    digest = in_python(CALL, shared, DAYROOM_CACHE=good).stdout.split()[1]
    # Whoever has the same sources, which are public, can tell the names.
    files = [path.relative_to(good) for path in good.rglob("*") if path.is_file()]
    assert {".nbi", ".nbc"} < {path.suffix for path in files}
    os.seteuid(MALLORY)
    try:
        plant(planted, files, sign)
    finally:
        os.seteuid(0)
    done = in_python(CALL, shared, DAYROOM_CACHE=planted, XDG_CACHE_HOME="/proc/no-home", TMPDIR=shared)
    assert done.stdout.split() == ["9", digest]
    assert done.stderr.count(f"{planted} belongs to user {MALLORY}") == 2  # as the choice and among temporary files
    assert not sign.exists()
    # In a folder of our own the same goes off.
    plant(mine := shared / "mine", [name for name in files if name.parts[0] != "sources"], sign)
    in_python(CALL, shared, DAYROOM_CACHE=mine)
    assert sign.exists()


def test_only_kernels_of_old_versions_are_removed(tmp_path):
    versions = [tmp_path / f"{number:032x}-cpython-313-numba0.68.1-x86_64" for number in range(8)]
    for age, folder in enumerate([tmp_path / "letters", tmp_path / "sources", *versions]):
        folder.mkdir()
        os.utime(folder, (age, age))
    forget_old(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([*versions[2:], tmp_path / "letters", tmp_path / "sources"])
