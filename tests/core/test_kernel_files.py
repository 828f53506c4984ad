"""Compiled kernels that move: names by place, a common level of processors, and a package that brings them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim import kernel_files
from sim.kernel import cache_folder
from sim.kernel_files import MANIFEST, PACKAGE, Locator, common_level, digests, kept_in, shipped, unpack, version_name

ROOT = Path(__file__).parents[2]
VERSION = "0" * 32 + "-some-version"


@pytest.fixture
def brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a version in an installed package of kernels."""
    folder = tmp_path / "installed" / PACKAGE / VERSION
    (folder / "rules").mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    (folder / "rules" / "one.nbi").write_bytes(b"index")
    (folder / "rules" / "one.nbc").write_bytes(b"code")
    (folder / MANIFEST).write_text(json.dumps(digests(folder)))
    monkeypatch.syspath_prepend(tmp_path / "installed")
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    (folder := tmp_path / "cache" / VERSION).mkdir(parents=True)
    return folder


def test_files_are_named_by_the_place_of_their_source_in_the_package():
    root = Path(kernel_files.__file__).parent
    assert Locator.get_suitable_cache_subpath(str(root / "day.py")) == "top"
    assert Locator.get_suitable_cache_subpath(str(root / "policies" / "review" / "review.py")) == "policies-review"


def test_numba_keeps_its_own_settings_for_others(tmp_path):
    from numba.core import config

    before = config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES
    with kept_in(tmp_path, common_level):
        assert str(tmp_path) == config.CACHE_DIR
        assert config.CACHE_LOCATOR_CLASSES == "sim.kernel_files.Locator"
    with kept_in(tmp_path, test_files_are_named_by_the_place_of_their_source_in_the_package):
        assert before[1] == config.CACHE_LOCATOR_CLASSES
    assert before == (config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES)


@pytest.mark.parametrize(
    ("machine", "lacks", "level"),
    [
        ("x86_64", "", ("x86-64-v3", "")),
        ("AMD64", "avx2", ("x86-64", "")),
        ("x86_64", "fma", ("x86-64", "")),
        ("arm64", "", ("generic", "+neon")),
        ("riscv64", "", None),
    ],
)
def test_processors_have_a_common_level(machine, lacks, level, monkeypatch):
    import llvmlite.binding

    monkeypatch.setattr(kernel_files.platform, "machine", lambda: machine)
    features = {name: name != lacks for name in kernel_files._AVX2}
    monkeypatch.setattr(llvmlite.binding, "get_host_cpu_features", lambda: features)
    assert common_level() == level


def test_the_folder_of_kernels_is_named_by_model_python_numba_and_processor():
    import numba

    name = version_name("f" * 32)
    assert name.startswith("f" * 32 + f"-{sys.implementation.cache_tag}-numba{numba.__version__}-")
    folder = cache_folder()
    assert folder is not None
    assert folder.name[32:] == name[32:]


def test_kernels_of_this_version_are_found_and_unpacked(brought, empty):
    assert shipped(VERSION) == brought
    assert unpack(brought, empty)
    assert digests(empty) == digests(brought)
    assert not (empty / MANIFEST).exists()
    assert [path.name for path in empty.parent.iterdir()] == [VERSION]


def test_kernels_of_other_versions_are_not_used(brought):
    assert shipped("1" + VERSION[1:]) is None


def test_without_the_package_there_are_no_shipped_kernels():
    assert shipped(VERSION) is None


@pytest.mark.parametrize("damage", ["changed", "missing", "added", "no list"])
def test_damaged_kernels_are_reported_and_not_used(damage, brought, empty, capsys):
    if damage == "no list":
        (brought / MANIFEST).write_text("{")
    elif damage == "missing":
        (brought / "rules" / "one.nbc").unlink()
    else:
        (brought / "rules" / ("one.nbc" if damage == "changed" else "two.nbc")).write_bytes(b"other")
    assert not unpack(brought, empty)
    assert not any(empty.iterdir())
    assert f"{brought} is damaged" in capsys.readouterr().err


def test_kernels_that_another_process_has_begun_to_compile_stay(brought, empty):
    (empty / "top").mkdir()
    assert not unpack(brought, empty)
    assert [path.name for path in empty.iterdir()] == ["top"]


RUN = """
from sim.run import run
from sim.scenario.reading import scenario_of
print(run(scenario_of("{name}").with_changes(days=10), 1).daily.tobytes().hex())
"""


def ran(name: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(name=name)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return done.stdout


@pytest.mark.slow
def test_a_wheel_brings_kernels_to_another_place(tmp_path):
    """A moved checkout with the wheel and an empty cache compiles nothing, and has the same results."""
    from tools.kernels import build

    wheel = build(tmp_path / "dist")
    assert wheel.stat().st_size < 4_000_000
    moved, installed, cache = tmp_path / "moved", tmp_path / "installed", tmp_path / "cache"
    shutil.unpack_archive(wheel, installed, "zip")
    for name in ("sim", "scenarios", "dayroom"):
        shutil.copytree(ROOT / name, moved / name, ignore=shutil.ignore_patterns("__pycache__"))
    cache.mkdir(mode=0o700)
    path = os.pathsep.join([str(moved), str(installed)])
    log = ran("baseline", PYTHONPATH=path, DAYROOM_CACHE=str(cache), NUMBA_DEBUG_CACHE="1")
    assert "data loaded from" in log
    assert "data saved to" not in log
    assert log.splitlines()[-1] == ran("baseline").splitlines()[-1]
