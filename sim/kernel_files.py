"""Files of compiled kernels that can move: between checkouts, users and machines of the same kind.

numba names a file by the folder of its source and compiles for the processor it runs on. Here the name is the place
within the package, and the processor is a common level, so that a package `dayroom_kernels` can bring the kernels
(`tools/kernels.py` builds it). They are used if they belong to this model, Python and numba, and are complete.
"""

import hashlib
import json
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from numba.core.caching import UserProvidedCacheLocator

from sim.cache import report
from sim.language import say

PACKAGE: Final = "dayroom_kernels"
"""Name of the package that brings compiled kernels."""
MANIFEST: Final = "files.json"
"""Digests of its files, by their path in the folder of a version."""

_ROOT: Final = Path(__file__).parent
_AVX2: Final = frozenset({"avx2", "bmi", "bmi2", "fma", "f16c", "lzcnt", "movbe"})
"""What a processor of the level x86-64-v3 has: nearly all since 2015."""


class Locator(UserProvidedCacheLocator):
    """Names the files of a function by the place of its source in `sim/`.

    The folder's name holds the digest of all sources, so the files are never older than their source.
    """

    def get_source_stamp(self) -> str:
        """Return a constant: see the class."""
        return "as the folder says"

    @classmethod
    def get_suitable_cache_subpath(cls, py_file: str) -> str:
        """Return the place of a source file within the package, such as `rules`."""
        return "-".join(Path(py_file).absolute().parent.relative_to(_ROOT).parts) or "top"


@contextmanager
def kept_in(folder: Path, function: Callable[..., Any]) -> Iterator[None]:
    """Have numba keep the files of a function that it is given now in a folder.

    Other packages' functions keep numba's own names, and the settings are put back: other users of numba in this
    process have their own files.
    """
    from numba.core import config

    settings = vars(config)
    before = {name: settings.get(name) for name in ("CACHE_DIR", "CACHE_LOCATOR_CLASSES")}
    settings["CACHE_DIR"] = str(folder)
    if Path(function.__code__.co_filename).absolute().is_relative_to(_ROOT):
        settings["CACHE_LOCATOR_CLASSES"] = f"{__name__}.{Locator.__name__}"  # numba before 0.65 does not know it
    try:
        yield
    finally:
        settings.update(before)


def common_level() -> tuple[str, str] | None:
    """Return the processor level to compile for, as numba's CPU_NAME and CPU_FEATURES; None for this very processor.

    Many machines share a level, so compiled kernels can go from one to another.
    """
    machine = platform.machine().lower()
    if machine in ("x86_64", "amd64"):
        from llvmlite.binding import get_host_cpu_features

        features = get_host_cpu_features()
        return ("x86-64-v3" if all(features.get(name) for name in _AVX2) else "x86-64"), ""
    return ("generic", "+neon") if machine in ("aarch64", "arm64") else None


def compile_for_level() -> str:
    """Have numba compile for the common level, unless the user has chosen a processor; return a name of the choice."""
    from numba.core import config

    level = common_level()
    settings = vars(config)
    is_free = settings["CPU_NAME"] is None and settings["CPU_FEATURES"] is None
    if is_free and level is not None and not _has_begun():
        settings["CPU_NAME"], settings["CPU_FEATURES"] = level
    name, features = settings["CPU_NAME"], settings["CPU_FEATURES"]
    if (name, features) == level:
        return str(name)
    from llvmlite.binding import get_host_cpu_name

    rest = hashlib.blake2b(str(features).encode(), digest_size=4).hexdigest()
    return f"{name or get_host_cpu_name()}-{rest}"


def _has_begun() -> bool:
    """Return whether numba has compiled in this process: it then stays with the processor it began with."""
    from numba.core.registry import cpu_target

    return "_toplevel_target_context" in vars(cpu_target)


def version_name(digest: str) -> str:
    """Return the name of the folder of kernels of a model, given its digest, under this Python, numba and processor."""
    import numba

    system = "" if sys.platform == "linux" else f"-{sys.platform}"
    level = compile_for_level()
    return f"{digest}-{sys.implementation.cache_tag}-numba{numba.__version__}-{platform.machine()}{system}-{level}"


def shipped(version: str) -> Path | None:
    """Return the folder of an installed package that holds the kernels of a version; None without one."""
    spec = find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    folders = [Path(place) / version for place in places]
    return next((folder for folder in folders if (folder / MANIFEST).is_file()), None)


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of each file in a folder of kernels, by its path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def unpack(source: Path, folder: Path) -> bool:
    """Copy shipped kernels into an empty folder; return whether they were complete and undamaged.

    The copy appears at once or not at all, so that a process that starts meanwhile sees no half of it.
    """
    with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=folder.parent) as place:
        copy = Path(place) / folder.name
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns(MANIFEST, "__pycache__"))
        copy.chmod(0o700)
        try:
            known = json.loads((source / MANIFEST).read_bytes())
        except ValueError:
            known = None
        if known != digests(copy):
            report(say("the compiled code in {folder} is damaged and is not used", folder=source))
            return False
        try:
            folder.rmdir()  # Windows renames to no folder that is there, not even an empty one
            copy.rename(folder)
        except OSError:  # another process was first, or compiles already
            return False
    return True
