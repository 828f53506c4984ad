"""Versions of the model. Their runs never mix, and each version records its sources, to show what changed."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from experiments.store import provenance
from experiments.store.formats import FORMAT, FormatError, NewerFormatError, migrated
from experiments.store.runs.parts import Alarm, write_file
from sim.language import say

MANIFEST: Final = "model.json"
"""Name of the file that describes a version, in the folder of that version."""

_NAMED: Final = re.compile(r"(?P<model>[0-9a-f]{32})-[0-9a-f]{8}")
"""Form of the name of a version's folder, from which the model's digest is known without the manifest."""

_SEALED: Final = ("format", "model_digest", "since", "versions", "sources")
"""Entries of the manifest that its digest covers, where they are there."""

_ROOT: Final = Path(__file__).resolve().parents[3]
_MEASURING: Final = ("experiments/measures/runs.py", "experiments/measures/newcomers.py", "experiments/sweep/kept.py")
"""Sources outside `sim` that measure a run. They count as part of the version, since other measures change results."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the model.

    Parameters
    ----------
    name : str
        Name of its folder: the digests of the model's sources and of the sources that measure a run.
    model : str
        Digest of the model's sources alone (`sim.kernel.sources_digest`), as in the provenance of every result.
    since : str
        Time of the first use with the store, UTC.
    versions : dict of str to str
        Versions of packages at that time.
    sources : dict of str to str
        Digest of the syntax of each source file.
    is_whole : bool
        Whether its manifest is readable; if not, packages and sources are unknown.
    """

    name: str
    model: str
    since: str
    versions: dict[str, str]
    sources: dict[str, str]
    is_whole: bool = True


@cache
def present_name() -> str:
    """Return the name of the present version of the model."""
    from sim.digest import syntax_digest
    from sim.kernel import sources_digest

    return f"{sources_digest()}-{syntax_digest(_ROOT, (_ROOT / name for name in _MEASURING), size=4)}"


def present() -> Version:
    """Describe the present version of the model."""
    from sim.digest import syntax_digest
    from sim.kernel import sources_digest

    files = [*sorted((_ROOT / "sim").rglob("*.py")), *(_ROOT / name for name in _MEASURING)]
    sources = {path.relative_to(_ROOT).as_posix(): syntax_digest(_ROOT, [path], size=8) for path in files}
    return Version(present_name(), sources_digest(), provenance.now(), provenance.versions(), sources)


def record(folder: Path, claim: str) -> bool:
    """Write the manifest of the present version, unless one is there that its digest verifies.

    Returns
    -------
    bool
        Whether a lost or damaged manifest was replaced: the version already has runs.
    """
    before = _manifest(folder)
    if before is not None and "contents" in before:
        return False
    now, first = present(), _first_used(folder)
    about = {
        "format": FORMAT,
        "model_digest": now.model,
        "since": first or now.since,
        "versions": now.versions,
        "sources": now.sources,
    }
    text = json.dumps({"program": "dayroom", "contents": _contents(about), **about}, indent=1)
    write_file(folder / MANIFEST, f"{text}\n".encode(), claim)
    return before is None and bool(first)


def require_known(folder: Path) -> None:
    """Refuse the runs of a version that a newer Dayroom wrote in a format that this one does not know.

    Raises
    ------
    NewerFormatError
        Names the manifest and its format.
    """
    _manifest(folder)


def recorded(store: Path, report: Callable[[str], None] = lambda _: None) -> list[Version]:
    """Return all versions in a store, the latest first, even those whose manifest is lost or damaged.

    A version whose runs a newer Dayroom wrote, in a format that this one does not know, is reported and left out.

    Parameters
    ----------
    report : callable, optional
        Receives a message about each lost or damaged manifest, and each version that is left out.
    """
    versions = []
    for folder in store.iterdir() if store.is_dir() else []:
        named = _NAMED.fullmatch(folder.name)
        try:
            about = _manifest(folder)
        except NewerFormatError as error:
            report(Alarm(error))
            continue
        if about is not None:
            texts = (str(about.get("model_digest", "")), str(about.get("since", "")))
            versions.append(Version(folder.name, *texts, about["versions"], about["sources"]))
            if "contents" not in about:
                report(_unverified(folder))
        elif named is not None and folder.is_dir():
            versions.append(Version(folder.name, named["model"], _first_used(folder), {}, {}, is_whole=False))
            report(Alarm(_damage(folder)))
    return sorted(versions, key=lambda version: (version.since, version.name), reverse=True)


def _manifest(folder: Path) -> dict[str, Any] | None:
    """Read the manifest of a version; return None when it is lost or damaged.

    It holds a digest of its own contents; without one, as an earlier Dayroom wrote it, it is read but not verified.

    Raises
    ------
    NewerFormatError
        When a newer version wrote it in a format that this one does not know.
    """
    written = provenance.read(folder / MANIFEST)
    if written is None:
        return None
    try:
        about = migrated(written, folder / MANIFEST)
    except NewerFormatError:
        raise
    except FormatError:
        return None
    if not all(isinstance(about.get(name), dict) for name in ("versions", "sources")):
        return None
    named, seal = _NAMED.fullmatch(folder.name), about.get("contents")
    is_own = named is None or about.get("model_digest") == named["model"]
    is_whole = seal is None or seal == _contents(written)
    return about if is_own and is_whole else None


def _contents(about: dict[str, Any]) -> str:
    """Return the digest of what a manifest says."""
    text = json.dumps({name: about[name] for name in _SEALED if name in about}, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _damage(folder: Path) -> str:
    """Return a message that a manifest is lost or damaged, and what follows from that."""
    manifest = folder / MANIFEST
    values = {"manifest": manifest, "state": say("damaged") if manifest.exists() else say("missing")}
    if folder.name == present_name():
        return say(
            "{manifest}: the manifest is {state}; the runs beside it are whole, and the next sweep writes it again",
            **values,
        )
    return say(
        "{manifest}: the manifest is {state}; the runs beside it are whole, and "
        "which sources and packages that model had is no longer known",
        **values,
    )


def _unverified(folder: Path) -> str:
    """Return a message that nothing shows whether a manifest was changed."""
    manifest = folder / MANIFEST
    if folder.name == present_name():
        return say(
            "{manifest}: the manifest has no digest of its contents, so a change would not show; "
            "the next sweep writes it again",
            manifest=manifest,
        )
    return say("{manifest}: the manifest has no digest of its contents, so a change would not show", manifest=manifest)


def _first_used(folder: Path) -> str:
    """Return the time of the oldest part of a version, UTC; empty when it has no parts."""
    times = [path.stat().st_mtime for path in folder.glob("*/*.parquet")]
    return datetime.fromtimestamp(min(times), UTC).isoformat(timespec="seconds") if times else ""


def changes(before: Version, after: Version) -> list[str]:
    """Return the names of the recorded sources that differ between two versions, marked if gone or new."""
    names = []
    for name in sorted({*before.sources, *after.sources}):
        if name not in after.sources:
            names.append(say("{file} (gone)", file=name))
        elif name not in before.sources:
            names.append(say("{file} (new)", file=name))
        elif before.sources[name] != after.sources[name]:
            names.append(name)
    return names
