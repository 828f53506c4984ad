"""Build a wheel that brings the compiled kernels of this version, so that a first run need not compile.

The wheel `dayroom-kernels` fits this Python, this numba, this system and a level of processors (`sim.kernel_files`).
Dayroom uses it if the digests agree, and compiles as ever otherwise. Usage: python -m tools.kernels [FOLDER]
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from packaging.tags import sys_tags

from sim.cache import UnsafeFolderError
from sim.kernel import cache_folder
from sim.kernel_files import MANIFEST, PACKAGE, digests

_LOADED = re.compile(r"\[cache\] (?:index|data) loaded from '(.+)'")
_MANY = 500
"""Most users of a scenario that runs here: larger ones call the same kernels."""
_PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "{version}"
description = "Compiled kernels of dayroom, for one Python, one numba and one level of processors"
license = "MIT"
dependencies = ["dayroom=={version}", "numba=={numba}"]

[tool.hatch.build.targets.wheel]
packages = ["{package}"]
artifacts = ["*.nbi", "*.nbc"]

[tool.hatch.build.targets.wheel.hooks.custom]
path = "tag.py"
"""
_HOOK = """\
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Tag(BuildHookInterface):
    def initialize(self, version, build_data):
        build_data["pure_python"] = False
        build_data["tag"] = "{tag}"
"""


def live_briefly() -> Path:
    """Run all that calls kernels from Python, and return the folder that holds them."""
    from sim.engine import Engine
    from sim.run import run
    from sim.scenario.reading import scenario_of
    from sim.scenario.text.files import shipped_files

    for path in shipped_files().values():
        scenario = scenario_of(path)
        if sum(centre.users * centre.copies for centre in scenario.centres.values()) <= _MANY:
            run(scenario.with_changes(days=8), 1)
            if scenario.policies:  # reviews that Python calls for: of days in parts, and of policies in Python
                Engine(scenario.with_changes(days=8), 1).advance_in_parts({})
    folder = cache_folder()
    if folder is None:
        raise UnsafeFolderError("no folder is safe from other users, so there is nowhere to compile into")
    return folder


def loaded_files(cache: Path) -> tuple[Path, list[Path]]:
    """Compile into an empty cache folder; return the folder of kernels, and the files that a second process loads.

    The rest are kernels that others inline: a process that only calls from Python never opens them.
    """
    command = [sys.executable, "-m", "tools.kernels", "--live"]
    environment = {**os.environ, "DAYROOM_CACHE": str(cache)}
    logged = {**environment, "NUMBA_DEBUG_CACHE": "1"}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE)  # noqa: S603 our own
    again = subprocess.run(command, check=True, env=logged, stdout=subprocess.PIPE, text=True)  # noqa: S603 our own
    *lines, last = again.stdout.splitlines()
    names = {Path(match[1]) for line in lines if (match := _LOADED.fullmatch(line))}
    return Path(last), sorted(names)


def build(out: Path) -> Path:
    """Build the wheel into a folder and return its path."""
    import numba

    tag = str(next(sys_tags()))
    with tempfile.TemporaryDirectory(prefix="dayroom-kernels-") as place:
        cache, project = Path(place) / "cache", Path(place) / "project"
        cache.mkdir(mode=0o700)
        folder, files = loaded_files(cache)
        target = project / PACKAGE / folder.name
        for file in files:
            copy = target / file.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        (target / MANIFEST).write_text(json.dumps(digests(target), indent=1), encoding="utf-8")
        (project / PACKAGE / "__init__.py").write_text('"""Compiled kernels of dayroom."""\n', encoding="utf-8")
        text = _PROJECT.format(
            name=PACKAGE.replace("_", "-"), package=PACKAGE, version=version("dayroom"), numba=numba.__version__
        )
        (project / "pyproject.toml").write_text(text, encoding="utf-8")
        (project / "tag.py").write_text(_HOOK.format(tag=tag), encoding="utf-8")
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(out.absolute())]
        subprocess.run(command, check=True, cwd=project, stdout=subprocess.DEVNULL)  # noqa: S603 our own
    return max(out.glob(f"{PACKAGE}-*.whl"), key=lambda path: path.stat().st_mtime)


def main(arguments: Sequence[str] | None = None) -> None:
    """Build the wheel, and print its path and size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", nargs="?", type=Path, default=Path("dist"), help="folder for the wheel")
    parser.add_argument("--live", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.live:
        print(live_briefly())
        return
    wheel = build(options.out)
    print(f"{wheel}: {wheel.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
