"""The code behind a policy of another package, as it was imported: sources, version, and the packages that it requires.

An address of a stored run includes it, so it is taken when the code is imported: an edit after that changes the files
on disk, but not what runs.
"""

import ast
import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from sim.digest import syntax_digest
from sim.scenario.schema.python_code import digest_of, home_of, in_main

OWN: Final = frozenset({"dayroom", "sim", "experiments"})
"""The top modules of Dayroom itself."""
_INSTALLED: Final = ("site-packages", "dist-packages")


@dataclass(frozen=True, slots=True)
class PackageCode:
    """The code behind a class of another package.

    Parameters
    ----------
    package, version : str
        The distribution that offers the class, and its version; empty when it has no metadata.
    sources : str
        Digest of its code (of the syntax, so comments do not count) and of the other files of its package.
    requires : str
        Name and version of each installed distribution that it requires and Dayroom does not, sorted, with commas.
    """

    package: str
    version: str
    sources: str
    requires: str


def code_of(chosen: Any, package: Distribution | None) -> PackageCode:
    """Return the code behind a class or an outcome as its files, or the cells of a notebook, are now.

    Parameters
    ----------
    chosen : type or OwnOutcome
    package : Distribution, optional
        The distribution that offers it.

    Raises
    ------
    OSError
        When the sources cannot be read.
    """
    if package is None and in_main(chosen):
        return PackageCode("", "", digest_of(chosen), "")
    about = ("", "") if package is None else (package.name, package.version)
    return PackageCode(*about, _sources(chosen, package), ", ".join(_required(package)))


def top_name(module: str) -> str:
    """Return the first part of a module's name."""
    return module.partition(".")[0]


def _required(package: Distribution | None) -> list[str]:
    """Return name and version of all that a distribution requires, directly or not, and Dayroom does not."""
    if package is None:
        return []
    closure = {name: one for name, one in _closure(package).items() if name not in _dayrooms()}
    return sorted(f"{name} {one.version}" for name, one in closure.items() if one is not package)


@cache
def _dayrooms() -> frozenset[str]:
    """Return Dayroom and all that it requires; Dayroom alone in a checkout that was never installed."""
    try:
        return frozenset(_closure(distribution("dayroom")))
    except PackageNotFoundError:
        return frozenset({"dayroom"})


def _closure(package: Distribution) -> dict[str, Distribution]:
    """Return a distribution and the installed ones that it requires, directly or not, by name; extras do not count."""
    closure: dict[str, Distribution] = {}
    waiting = [package]
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        if name not in closure:
            closure[name] = one
            waiting += _direct(one)
    return closure


def _direct(package: Distribution) -> Iterator[Distribution]:
    """Yield the installed distributions that a distribution requires in this Python."""
    for line in package.requires or ():
        try:
            required = Requirement(line)
            if required.marker is None or required.marker.evaluate({"extra": ""}):
                yield distribution(required.name)
        except (InvalidRequirement, PackageNotFoundError):
            continue  # the package works without it, or cannot be imported


def _sources(chosen: Any, package: Distribution | None) -> str:
    """Return a digest of all code that belongs to a class or an outcome.

    That is the code of the modules with the class and its bases, of all modules of its distribution, and of modules
    that they import and that no package manager installed (a checkout, a script beside it).
    """
    homes = [base.__module__ for base in chosen.__mro__] if isinstance(chosen, type) else [home_of(chosen)]
    bases = {top_name(home) for home in homes}
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
    return OWN | sys.stdlib_module_names | {"pydantic", "pydantic_core", "annotated_types"}


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
        inside = sorted(place.rglob("*")) if place.is_dir() else [place]
        inner = [(path, path.relative_to(place.parent).parts) for path in inside if path.is_file()]
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
            yield from (top_name(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield top_name(node.module)
