"""The switch for compilation: `kernel` compiles a function with numba, or leaves it as plain Python.

numba's own cache misses edits in other files. Therefore the cache folder is named by a digest of all sources in `sim/`
(and of the versions of numba and Python), so a changed model never runs from an old cache. `DAYROOM_COMPILE=0` switches
compilation off; every rule is then ordinary Python, slow but easy to debug. `DAYROOM_CACHE` sets another cache folder.
"""

import hashlib
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

from sim.digest import syntax_digest

COMPILED: Final = os.environ.get("DAYROOM_COMPILE", "1") != "0"


@cache
def sources_digest() -> str:
    """Return the digest of the Python sources in `sim/`, in hexadecimal; it identifies the model.

    Parsing the sources takes half a second, so a cache stores the digest by the exact bytes of the sources.
    """
    package = Path(__file__).parent
    paths = sorted(package.rglob("*.py"))
    exact = hashlib.blake2b(b"\0".join(path.read_bytes() for path in paths), digest_size=16).hexdigest()
    for place in _places():
        kept = place / "sources" / f"{exact}-{sys.implementation.cache_tag}"
        if kept.is_file() and len(digest := kept.read_text(encoding="ascii", errors="replace")) == len(exact):
            return digest
    digest = syntax_digest(package.parent, paths)
    for place in _places():
        if _writable(place / "sources"):
            with suppress(OSError):
                (place / "sources" / f"{exact}-{sys.implementation.cache_tag}").write_text(digest, encoding="ascii")
            break
    return digest


def _places() -> list[Path]:
    """Return the possible cache folders: the user's choice, the user's cache, a temporary folder."""
    from platformdirs import user_cache_path

    wished = os.environ.get("DAYROOM_CACHE")
    return [
        *([Path(wished)] if wished else []),
        user_cache_path("dayroom", appauthor=False) / "kernels",
        Path(tempfile.gettempdir()) / f"dayroom-{os.getuid() if hasattr(os, 'getuid') else 'user'}",
    ]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


_KEPT: Final = 6
"""Versions of the model whose kernels stay in the cache; each takes some 40 MB."""


def _forget_old(place: Path) -> None:
    """Remove the kernels of all but the latest versions; running processes have already loaded theirs."""
    versions = sorted(
        (f for f in place.iterdir() if f.is_dir() and f.name != "sources"),
        key=lambda f: f.stat().st_mtime,
        reverse=True,
    )
    for folder in versions[_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def cache_folder() -> Path:
    """Return the cache folder for the kernels of this version of the model; create it if needed.

    The function takes the first writable folder of `_places`, or else a new temporary folder.
    """
    import numba

    version = f"{sys.implementation.cache_tag}-numba{numba.__version__}-{platform.machine()}"
    name = f"{sources_digest()}-{version}"
    for place in _places():
        is_new = not (place / name).exists()
        if _writable(place / name):
            if is_new:
                _forget_old(place)
            return place / name
    return Path(tempfile.mkdtemp(prefix="dayroom-"))


def is_warm() -> bool:
    """Return whether the kernels are already compiled."""
    return (
        not COMPILED
        or any(cache_folder().rglob("sim.day.run_days*.nbc"))
        or any(cache_folder().rglob("day.run_days*.nbc"))
    )


def _compiler(inlined: bool) -> Callable[[Callable[..., Any]], Any]:
    if not COMPILED:
        return lambda function: function
    import numba

    vars(numba.config)["CACHE_DIR"] = str(cache_folder())
    # Compiled rules allocate no memory (with this switch numba refuses those that do), so they need not count
    # references to the arrays of the state, which took a fifth of a run. The switch is undocumented; a numba without it
    # counts references.
    uncounted: dict[str, Any] = {"_nrt": False} if hasattr(numba.core.cpu.CPUTargetOptions, "_nrt") else {}
    # numpy's rules for division (no exception in compiled code) and no fast-math: the same bits on every machine.
    return numba.njit(cache=True, error_model="numpy", nogil=True, forceinline=inlined, **uncounted)


kernel: Final[Callable[[Callable[..., Any]], Any]] = _compiler(inlined=True)
"""Decorator of every compiled function of the model. It inlines the function into its callers, because passing the many
arrays of a state by value costs more than most rules; this halves the time of a run."""

phase: Final[Callable[[Callable[..., Any]], Any]] = _compiler(inlined=False)
"""Decorator of the few functions that are not inlined, so that the compiler need not handle a whole day at once."""
