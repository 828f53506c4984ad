"""The switch for compilation: `kernel` compiles a function with numba, or leaves it as plain Python.

numba's own cache misses edits in other files. Therefore the cache folder is named by a digest of all sources in `sim/`
(and of the versions of numba and Python, and a level of processors), so a changed model never runs from an old cache.
`DAYROOM_COMPILE=0` switches compilation off; every rule is then ordinary Python, slow but easy to debug.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

from sim.cache import forget_old, kept_folder

COMPILED: Final = os.environ.get("DAYROOM_COMPILE", "1") != "0"


@cache
def sources_digest() -> str:
    """Return the digest of the Python sources in `sim/`, in hexadecimal; it identifies the model.

    `sim/language` is left out: it changes words, and no run.
    Parsing the sources takes half a second, so a cache stores the digest by the exact bytes of the sources.
    """
    package = Path(__file__).parent
    paths = sorted(set(package.rglob("*.py")) - set((package / "language").rglob("*.py")))
    exact = hashlib.blake2b(b"\0".join(path.read_bytes() for path in paths), digest_size=16).hexdigest()
    folder = kept_folder("sources")
    if folder is None:
        return _syntax_digest(package.parent, paths)
    kept = folder / f"{exact}-{sys.implementation.cache_tag}"
    if kept.is_file() and len(text := kept.read_text(encoding="ascii", errors="replace")) == len(exact):
        return text
    digest = _syntax_digest(package.parent, paths)
    with suppress(OSError):
        kept.write_text(digest, encoding="ascii")
    return digest


def _syntax_digest(root: Path, paths: list[Path]) -> str:
    from sim.digest import syntax_digest  # a kept digest does not need it

    return syntax_digest(root, paths)


@cache
def cache_folder() -> Path | None:
    """Return the cache folder for the kernels of this version of the model; create it if needed.

    None when no folder is safe from other users: the kernels are then compiled anew in each process.
    """
    from sim.kernel_files import shipped, unpack, version_name

    version = version_name(sources_digest())
    folder = kept_folder(version)
    if folder is not None and not any(folder.iterdir()):
        forget_old(folder.parent)
        if source := shipped(version):
            unpack(source, folder)
    return folder


def is_warm() -> bool:
    """Return whether the kernels are already compiled."""
    if not COMPILED:
        return True
    folder = cache_folder()
    return folder is not None and any((folder / "top").glob("day.run_days*.nbc"))


def _compiler(inlined: bool, kept: bool = True) -> Callable[[Callable[..., Any]], Any]:
    if not COMPILED:
        return lambda function: function
    import numba

    folder = cache_folder() if kept else None
    # Compiled rules allocate no memory (with this switch numba refuses those that do), so they need not count
    # references to the arrays of the state, which took a fifth of a run. The switch is undocumented; a numba without it
    # counts references.
    uncounted: dict[str, Any] = {"_nrt": False} if hasattr(numba.core.cpu.CPUTargetOptions, "_nrt") else {}
    # numpy's rules for division (no exception in compiled code) and no fast-math: the same bits on every machine.
    compiled = numba.njit(cache=folder is not None, error_model="numpy", nogil=True, forceinline=inlined, **uncounted)
    if folder is None:
        return compiled
    from sim.kernel_files import kept_in

    def kept_compiled(function: Callable[..., Any]) -> Any:
        with kept_in(folder, function):
            return compiled(function)

    return kept_compiled


kernel: Final[Callable[[Callable[..., Any]], Any]] = _compiler(inlined=True)
"""Decorator of every compiled function of the model. It inlines the function into its callers, because passing the many
arrays of a state by value costs more than most rules; this halves the time of a run."""

phase: Final[Callable[[Callable[..., Any]], Any]] = _compiler(inlined=False)
"""Decorator of the few functions that are not inlined, so that the compiler need not handle a whole day at once."""


def uncached_kernel(function: Callable[..., Any]) -> Any:
    """Compile a function for this process alone: numba would not notice that a package behind it has changed."""
    return _compiler(inlined=False, kept=False)(function)
