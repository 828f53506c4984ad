"""Code of other packages that a scenario uses: its sources and version are part of what a run was made from.

Only policies come from other packages so far. `Extension.kind` names the kind, so that rules and outcomes of other
packages need another source in `extensions_of` alone.
"""

import ast
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import Distribution, EntryPoint
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from sim.digest import syntax_digest
from sim.scenario.schema.scenario import Scenario

_OWN: Final = frozenset({"dayroom", "sim", "experiments"})
_INSTALLED: Final = ("site-packages", "dist-packages")
_SHOWN: Final = 8
"""Letters of the digest of sources that messages show."""


@dataclass(frozen=True, slots=True, order=True)
class Extension:
    """A part of a scenario that another package brings.

    Parameters
    ----------
    kind : str
        "policy".
    name : str
        Name by which scenarios select it.
    package, version : str
        The distribution that offers it, and its version; empty when it has no metadata.
    sources : str
        Digest of its code (of the syntax, so comments do not count) and of the other files of its package.
    """

    kind: str
    name: str
    package: str
    version: str
    sources: str

    def __str__(self) -> str:
        package = " ".join(filter(None, (self.package, self.version))) or "no package"
        return f"{self.kind} {self.name} ({package}, sources {self.sources[:_SHOWN]})"


def extensions_of(*scenarios: Scenario) -> tuple[Extension, ...]:
    """Return what scenarios use of other packages, sorted; empty for Dayroom's own policies."""
    uses = {type(use) for scenario in scenarios for use in scenario.policies.values()}
    return tuple(sorted(_policy(chosen) for chosen in uses if _top(chosen.__module__) not in _OWN))


def present(kind: str, name: str) -> Extension | None:
    """Return an extension as it is installed now, or None when it no longer is."""
    from sim.scenario.schema.policy import policies

    chosen = policies().get(name) if kind == "policy" else None
    return _policy(chosen) if chosen is not None and _top(chosen.__module__) not in _OWN else None


def text_of(extensions: Iterable[Extension]) -> str:
    """Return extensions as JSON, in the form that the store and digests keep; empty when there are none."""
    rows = described(extensions)
    return json.dumps(rows, sort_keys=True, separators=(",", ":")) if rows else ""


def from_text(text: str) -> tuple[Extension, ...]:
    """Return the extensions in a text of `text_of`."""
    return tuple(Extension(**row) for row in json.loads(text)) if text else ()


def described(extensions: Iterable[Extension]) -> list[dict[str, str]]:
    """Return extensions as rows, in the form that the provenance of a result keeps."""
    return [asdict(one) for one in extensions]


@cache
def _policy(chosen: type[Any]) -> Extension:
    from sim.scenario.schema.policy import entry_point

    point: EntryPoint | None = entry_point(chosen.key())
    package = point.dist if point is not None else None
    about = ("", "") if package is None else (package.name, package.version)
    return Extension("policy", chosen.key(), *about, _sources(chosen, package))


def _sources(chosen: type[Any], package: Distribution | None) -> str:
    """Return a digest of all code that belongs to a class.

    That is the code of the modules with the class and its bases, of all modules of its distribution, and of modules
    that they import and that no package manager installed (a checkout, a script beside it).
    """
    bases = {_top(base.__module__) for base in chosen.__mro__}
    listed = {file.parts[0].removesuffix(".py") for file in (package and package.files) or () if file.suffix == ".py"}
    waiting = sorted((bases | {name for name in listed if name.isidentifier()}) - _known())
    digests: dict[str, str] = {}
    while waiting:
        top = waiting.pop()
        files = _files(top)
        digests[top] = _digest(files)
        imported = {name for file in files for name in _imported(file)} - {*digests, *waiting} - _known()
        waiting += sorted(name for name in imported if _is_loose(name))
    return hashlib.blake2b("\0".join(sorted(digests.values())).encode(), digest_size=16).hexdigest()


def _known() -> frozenset[str]:
    """Return the names of top modules that are no part of an extension: Python's, Dayroom's, and what both build on."""
    return _OWN | sys.stdlib_module_names | {"pydantic", "pydantic_core", "annotated_types"}


def _top(module: str) -> str:
    return module.partition(".")[0]


def _places(top: str) -> list[Path]:
    """Return the file of a module, or the folders of a package; nothing when Python cannot find it in files."""
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return []
    if spec is None:
        return []
    inside = spec.submodule_search_locations
    return [Path(place) for place in (inside if inside is not None else [spec.origin or ""]) if Path(place).exists()]


def _is_loose(top: str) -> bool:
    """Return whether a module lies outside the folders of installed packages."""
    places = _places(top)
    return bool(places) and not any(folder in place.parts for place in places for folder in _INSTALLED)


def _files(top: str) -> list[Path]:
    """Return all files of a module or package, except compiled copies of sources and hidden files."""
    files = []
    for place in _places(top):
        found = sorted(place.rglob("*")) if place.is_dir() else [place]
        inner = [(path, path.relative_to(place.parent).parts) for path in found if path.is_file()]
        files += [path for path, parts in inner if not any(part.startswith((".", "__pycache__")) for part in parts)]
    return files


def _digest(files: list[Path]) -> str:
    """Return the digest of some files: of the syntax of Python sources, of the bytes of all others."""
    others, words = [path for path in files if path.suffix != ".py"], []
    sources = [path for path in files if path.suffix == ".py"]
    for root in sorted({path.parent for path in sources}):
        mine = [path for path in sources if path.parent == root]
        try:
            words.append(syntax_digest(root, mine))
        except SyntaxError:  # a template, or code for another Python
            others += mine
    words += [hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest() for path in others]
    return "\0".join(sorted(words))


def _imported(file: Path) -> Iterator[str]:
    """Yield the top modules that a source imports by their full names."""
    if file.suffix != ".py":
        return
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (_top(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield _top(node.module)
