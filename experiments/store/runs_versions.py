"""Versions of the model: runs of different ones never mix; each leaves a list of its sources, to tell what changed."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from experiments import provenance
from experiments.store.runs_parts import write_file

MANIFEST: Final = "model.json"
"""The file in the folder of each version that says what it is."""

_ROOT: Final = Path(__file__).resolve().parents[2]
_MEASURING: Final = ("experiments/measuring.py", "experiments/newcomers.py", "experiments/studies/keeping.py")
"""What is kept of a run is settled outside sim: other measures are other results."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the model.

    Parameters
    ----------
    name : str
        Digest of the model's sources, and of what measures a run: the folder of its runs.
    model : str
        Digest of the model's sources alone (`sim.kernel.sources_digest`), as in the provenance of every result.
    since : str
        When it was first used with the store, UTC.
    versions : dict of str to str
        Packages at that time.
    sources : dict of str to str
        Digest of each source file.
    """

    name: str
    model: str
    since: str
    versions: dict[str, str]
    sources: dict[str, str]


@cache
def present_name() -> str:
    """Name the version of the model that runs now."""
    from sim.kernel import sources_digest

    measuring = hashlib.blake2b(b"".join((_ROOT / name).read_bytes() for name in _MEASURING), digest_size=4)
    return f"{sources_digest()}-{measuring.hexdigest()}"


def present() -> Version:
    """Describe the version of the model that runs now."""
    from sim.kernel import sources_digest

    files = [*sorted((_ROOT / "sim").rglob("*.py")), *(_ROOT / name for name in _MEASURING)]
    sources = {
        path.relative_to(_ROOT).as_posix(): hashlib.blake2b(path.read_bytes(), digest_size=8).hexdigest()
        for path in files
    }
    return Version(present_name(), sources_digest(), provenance.now(), provenance.versions(), sources)


def record(folder: Path, claim: str) -> None:
    """Write down what the present version is, if that has not been done."""
    if (folder / MANIFEST).is_file():
        return
    now = present()
    about = {"program": "dayroom", "model_digest": now.model, "since": now.since}
    text = json.dumps({**about, "versions": now.versions, "sources": now.sources}, indent=1)
    write_file(folder / MANIFEST, f"{text}\n".encode(), claim)


def recorded(store: Path) -> list[Version]:
    """List the versions a store holds, the latest first."""
    found = []
    for folder in store.iterdir() if store.is_dir() else []:
        about: dict[str, Any] | None = provenance.read(folder / MANIFEST)
        if about is not None:
            found.append(
                Version(
                    folder.name,
                    str(about.get("model_digest", "")),
                    str(about.get("since", "")),
                    dict(about.get("versions", {})),
                    dict(about.get("sources", {})),
                )
            )
    return sorted(found, key=lambda version: (version.since, version.name), reverse=True)


def changes(before: Version, after: Version) -> list[str]:
    """Say which sources differ between two versions, as far as they were recorded."""
    said = []
    for name in sorted({*before.sources, *after.sources}):
        if name not in after.sources:
            said.append(f"{name} (gone)")
        elif name not in before.sources:
            said.append(f"{name} (new)")
        elif before.sources[name] != after.sources[name]:
            said.append(name)
    return said
