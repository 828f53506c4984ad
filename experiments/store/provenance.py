"""Provenance: the versions, digests, seeds, machine and time behind a result, and the command that repeats it."""

import hashlib
import json
import platform
import shlex
import sys
import tomllib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from experiments.store.formats import FORMAT

PACKAGES: Final = (
    *("numpy", "numba", "llvmlite", "scipy", "networkx", "mesa"),
    *("pydantic", "ruamel.yaml", "pandas", "pyarrow", "matplotlib"),
)
"""Packages whose version may matter for a result."""
IF_USED: Final = {"SALib": "SALib", "duckdb": "duckdb", "ema_workbench": "ema-workbench", "pymoo": "pymoo"}
"""Modules of optional packages, with the package's name; `versions` lists those that this process has loaded."""


def dayroom_version() -> str:
    """Return the version of dayroom; in a checkout that is not installed, from `pyproject.toml`."""
    try:
        return version("dayroom")
    except PackageNotFoundError:
        project = Path(__file__).parent.parent / "pyproject.toml"
        if not project.is_file():
            return "unknown"
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])


def versions() -> dict[str, str]:
    """Return the versions of dayroom, Python, `PACKAGES` and the loaded optional packages."""
    by_package = {"dayroom": dayroom_version(), "python": platform.python_version()}
    for name in (*PACKAGES, *(package for module, package in IF_USED.items() if module in sys.modules)):
        try:
            by_package[name] = version(name)
        except PackageNotFoundError:
            by_package[name] = "not installed"
    return by_package


def digest(text: str, files: Iterable[Path] = ()) -> str:
    """Return a hexadecimal digest of a text and some files, such as a scenario and the files it names."""
    whole = hashlib.blake2b(text.encode(), digest_size=16)
    for path in files:
        whole.update(hashlib.blake2b(path.read_bytes(), digest_size=16).digest())
    return whole.hexdigest()


def now() -> str:
    """Return the present time in UTC, ISO format, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def command(*words: object) -> str:
    """Join words into a command line, quoted for the shell."""
    return shlex.join(str(word) for word in words)


def provenance(
    scenario_digest: str, seed: int, seeds: Sequence[int], days: int, again: str, **more: Any
) -> dict[str, Any]:
    """Return the contents of `provenance.json`.

    Parameters
    ----------
    scenario_digest : str
        Digest of the resolved scenario without its seed and number of replicates, and of the files it names.
    seeds : sequence of int
        Seed of each replicate.
    again : str
        The command that repeats the result.
    **more
        Further entries: times, jobs, files.
    """
    from sim.kernel import sources_digest

    return {
        "program": "dayroom",
        "format": FORMAT,
        "versions": versions(),
        "model_digest": sources_digest(),
        "scenario_digest": scenario_digest,
        "seed": seed,
        "replicate_seeds": list(seeds),
        "days": days,
        "platform": {"system": platform.platform(), "machine": platform.machine()},
        "command": again,
        **more,
    }


def read(path: Path) -> dict[str, Any] | None:
    """Return the contents of a provenance file, or None when it is missing or dayroom did not write it."""
    try:
        contents = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return contents if isinstance(contents, dict) and contents.get("program") == "dayroom" else None
