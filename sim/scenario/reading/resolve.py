"""Merge a scenario's file with the files it extends; every value keeps the values it replaced.

Short forms in a file expand before the merge: relative paths become absolute, a bare number becomes a mean.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sim.language import Later, later, say
from sim.scenario.reading.shape import OWN_KEYS, ROOT, Shape
from sim.scenario.schema.scenario import Scenario
from sim.scenario.schema.users import Spread
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.files import displayed, inside, is_path, ordinary, shipped_files, shipped_folder
from sim.scenario.text.nodes import (
    Entry,
    KeyPath,
    Mapping,
    Node,
    Place,
    Scalar,
    Sequence,
    described,
    quoted,
    shown,
)
from sim.scenario.text.suggestions import nearest, ranked

MOST_LAYERS: Final = 10
"""Most files in a chain of `extends`; people cannot follow a longer one."""

_LISTED: Final = 10
"""Most files that a message lists."""

NOT_INHERITED: Final = ("name", "title", "question")
"""Keys that identify a scenario, so that it never inherits them."""

ParseFile = Callable[[Path], tuple[Mapping, list[Problem]]]


@dataclass(frozen=True, slots=True)
class Layers:
    """The merged text of a scenario.

    Parameters
    ----------
    root : Mapping
        All keys, each with the value from the nearest file that sets it.
    files : tuple of Path
        The file, followed by the files it extends.
    problems : list of Problem
        Problems in the files and in the chain of `extends`.
    complete : bool
        Whether all files could be read; if not, a missing key may be no mistake.
    """

    root: Mapping
    files: tuple[Path, ...]
    problems: list[Problem]
    complete: bool


def find(path_or_name: str | os.PathLike[str], folder: Path, place: Place | None = None, key: str = "extends") -> Path:
    """Find a scenario's file from a path or the name of a shipped scenario.

    Parameters
    ----------
    path_or_name : str or path
        A text with a slash or ending in .yaml or .yml is a path; any other is a shipped name or else a file.
    folder : Path
        Folder in which relative paths start.
    place : Place, optional
        Place of the reference, for the message.
    key : str
        The key that holds the reference.

    Raises
    ------
    ScenarioError
        When the text is neither a shipped name nor a file.
    """
    found = find_named(path_or_name, folder, shipped_files(), later("scenario"))
    if isinstance(found, Path):
        return found
    if place is not None:
        what = say("{key}: found {name}; {what}", key=key, name=quoted(str(path_or_name)), what=found.what)
        found = replace(found, file=place.file, line=place.line, column=place.column, path=key, what=what)
    raise ScenarioError([found])


def find_named(
    path_or_name: str | os.PathLike[str], folder: Path, known: dict[str, Path], kind: str | Later
) -> Path | Problem:
    """Find a file from a path or a shipped name; return a problem if there is none.

    Parameters
    ----------
    path_or_name : str or path
        A text with a slash or ending in .yaml or .yml is a path; any other is a shipped name or else a file.
    folder : Path
        Folder in which relative paths start.
    known : dict of str to Path
        The shipped files by name.
    kind : str or Later
        The kind of file, for the message: "scenario".
    """
    if not isinstance(path_or_name, str) or is_path(path_or_name):
        return folder / path_or_name
    if path_or_name in known:
        return known[path_or_name]
    if not ordinary(folder / path_or_name):
        return folder / path_or_name
    beside = f"{path_or_name}.yaml"
    suggestion = nearest(path_or_name, known) if ordinary(folder / beside) else beside
    what = say("no shipped {kind} and no file has this name", kind=kind)
    allowed = say("a path or one of {known}", known=", ".join(known))
    return Problem(quoted(path_or_name), what=what, allowed=allowed, suggestion=suggestion)


def merged_layers(path: Path, parse_file: ParseFile) -> Layers:
    """Read a file and the files it extends, and merge them.

    Mappings merge key by key; lists and single values replace the inherited value. `replace: [centres]` drops the
    inherited section before merging.

    Raises
    ------
    ScenarioError
        When the first file cannot be read.
    """
    root, problems = parse_file(path)
    layers, files, complete = [root], [path], True
    try:
        while (base := _extended(layers[-1], files)) is not None:
            layer, found = parse_file(base)
            layers.append(layer)
            files.append(base)
            problems += found
    except ScenarioError as error:
        problems += error.problems
        complete = False
    problems += _replace_problems(layers)
    own = [_own(layer, file.parent, problems) for layer, file in zip(layers, files, strict=True)]
    merged = own[-1]
    for layer, text in zip(reversed(own[:-1]), reversed(layers[:-1]), strict=True):
        merged = _laid_over(merged, layer, {*NOT_INHERITED, *_replaced(text)})
    return Layers(merged, tuple(files), problems, complete)


def _own(layer: Mapping, folder: Path, problems: list[Problem]) -> Mapping:
    """Remove the keys about files, and expand the short forms of the rest."""
    entries = {key: entry for key, entry in layer.entries.items() if key not in OWN_KEYS}
    done = settled(replace(layer, entries=entries), ROOT, folder, problems)
    assert isinstance(done, Mapping)  # noqa: S101 - a mapping stays one
    return done


def _extended(layer: Mapping, files: list[Path]) -> Path | None:
    """Find the file that the last file of a chain extends, or return None.

    Raises
    ------
    ScenarioError
        When the file is missing, lies outside the first file's folder, or already belongs to the chain.
    """
    entry = layer.entries.get("extends")
    if entry is None:
        return None
    node = entry.node
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        allowed = say("a path or one of {known}", known=", ".join(shipped_files()))
        raise ScenarioError([Problem.at(node.place, path="extends", found=described(node), allowed=allowed)])
    base = find(node.value, files[-1].parent, node.place)
    refusal = _refusal(node.value, base, files)
    if refusal is not None:
        raise ScenarioError([replace(refusal, file=node.place.file, line=node.place.line, column=node.place.column)])
    return base


def _refusal(reference: str, base: Path, files: list[Path]) -> Problem | None:
    """Return the problem that prevents extending a file, or None."""
    if not reachable(base, files[0].parent):
        allowed = say("a shipped name, or a file in the folder of the scenario or below it")
        return Problem("", path="extends", found=quoted(reference), allowed=allowed)
    refused = ordinary(base)
    if refused:
        what = say("extends: found {reference}; {refused}", reference=quoted(reference), refused=refused)
        beside = _beside(reference, base, files)
        suggestion = nearest(reference, [*beside, *shipped_files()])
        return Problem("", what=what, allowed=_listed(beside, displayed(base.parent)), suggestion=suggestion)
    if base.resolve() in [file.resolve() for file in files]:
        circle = " -> ".join(displayed(file) for file in [*files, base])
        return Problem(
            "",
            what=say(
                "extends: found {reference}, a circle of files that extend each other: {circle}",
                reference=quoted(reference),
                circle=circle,
            ),
        )
    if len(files) >= MOST_LAYERS:
        found = say(
            "{reference}, file {count} of those that build on one another",
            reference=quoted(reference),
            count=len(files) + 1,
        )
        return Problem(
            "",
            path="extends",
            found=found,
            allowed=say("a chain of at most {most} files", most=MOST_LAYERS),
        )
    return None


def _beside(reference: str, base: Path, files: list[Path]) -> list[str]:
    """List the other YAML files in the folder, written like the reference, the most similar first."""
    chain = {file.resolve() for file in files}
    before = reference[: len(reference) - len(base.name)] if reference.endswith(base.name) else ""
    try:
        found = sorted(path for path in base.parent.glob("*.y*ml") if not ordinary(path))
    except (OSError, ValueError):  # no such folder, or not readable
        found = []
    return ranked(reference, [before + path.name for path in found if path.resolve() not in chain])


def _listed(beside: list[str], folder: str) -> str:
    """Describe in words which files may be extended: those in the folder, or a shipped scenario."""
    if not beside:
        return say(
            "a path or one of {known}; {folder} holds no other YAML file",
            known=", ".join(shipped_files()),
            folder=folder,
        )
    more = say(" and {count} more", count=len(beside) - _LISTED) if len(beside) > _LISTED else ""
    return say("a shipped name or a file such as {beside}{more}", beside=", ".join(beside[:_LISTED]), more=more)


def _replaced(layer: Mapping) -> list[str]:
    """List the sections that a file refuses to inherit."""
    entry = layer.entries.get("replace")
    items = entry.node.items if entry is not None and isinstance(entry.node, Sequence) else ()
    return [item.value for item in items if isinstance(item, Scalar) and isinstance(item.value, str)]


def _replace_problems(layers: list[Mapping]) -> list[Problem]:
    """Check `replace` in every file: it must list top-level keys, and the file must extend another."""
    problems = []
    sections = list(Scenario.model_fields)
    for layer in layers:
        entry = layer.entries.get("replace")
        if entry is None:
            continue
        node = entry.node
        if not isinstance(node, Sequence):
            fields = {"found": described(node), "allowed": say("a list of top-level keys")}
            problems.append(Problem.at(node.place, path="replace", **fields))
        elif "extends" not in layer.entries:
            problems.append(Problem.at(entry.key, what=say("replace: nothing is inherited without extends")))
        else:
            for item in node.items:
                if not isinstance(item, Scalar) or item.value not in sections:
                    near = nearest(item.text, sections) if isinstance(item, Scalar) else ""
                    fields = {"found": described(item), "allowed": ", ".join(sections), "suggestion": near}
                    problems.append(Problem.at(item.place, path="replace", **fields))
    return problems


def _laid_over(base: Mapping, top: Mapping, dropped: set[str]) -> Mapping:
    """Merge two files: `top` wins; `base` loses the keys in `dropped`."""
    if "first_date" in top.entries:
        dropped = {*dropped, "first_day"}  # the date says which weekday it is
    inherited = {key: entry for key, entry in base.entries.items() if key not in dropped}
    done = _merged(replace(base, entries=inherited), top, ROOT)
    assert isinstance(done, Mapping)  # noqa: S101 - a mapping over a mapping is one
    return done


def _merged(base: Node, top: Node, at: Shape | None) -> Node:
    """Merge two YAML trees: `top` wins, and each of its values keeps the value it replaced."""
    if at is None or at.kind not in ("section", "sections"):
        return replace(top, over=base)
    if not (isinstance(base, Mapping) and isinstance(top, Mapping)):
        return replace(top, over=base)
    if at.section(top) not in (None, at.section(base)):  # a policy of another kind inherits nothing
        return replace(top, over=base)
    both = replace(top, entries={**base.entries, **top.entries})
    entries = {}
    for key, entry in both.entries.items():
        before, now = at.child(key, base), at.child(key, both)
        # Arguments of another generator inherit nothing either.
        same = before is None or now is None or before.annotation == now.annotation
        if key in base.entries and key in top.entries:
            node = (
                _merged(base.entries[key].node, entry.node, now)
                if same
                else replace(entry.node, over=base.entries[key].node)
            )
            entries[key] = Entry(entry.key, node)
        elif key in top.entries or same:
            entries[key] = entry
    return replace(top, entries=entries)


def settled(node: Node, at: Shape, folder: Path, problems: list[Problem], path: KeyPath = ()) -> Node:
    """Make file names absolute, and turn a bare number for a spread into a mapping with its mean.

    Parameters
    ----------
    node : Node
        A node of the file.
    at : Shape
        The allowed contents at this node.
    folder : Path
        Folder of the file; relative paths start there.
    problems : list of Problem
        The function appends problems with paths to it.
    path : tuple
        Path of the node.
    """
    section = at.section(node)
    if isinstance(node, Scalar):
        if section is not None and issubclass(section, Spread) and _is_amount(node):
            return Mapping({"mean": Entry(node.place, node)}, node.place)
        return _found(node, folder, problems, path) if at.annotation is Path else node
    if isinstance(node, Sequence):
        item = at.child(0)
        if item is None:
            return node
        items = [settled(one, item, folder, problems, (*path, place)) for place, one in enumerate(node.items)]
        return replace(node, items=tuple(items))
    entries = {}
    for key, entry in node.entries.items():
        below = at.child(key, node)
        done = settled(entry.node, below, folder, problems, (*path, key)) if below is not None else entry.node
        entries[key] = Entry(entry.key, done)
    return replace(node, entries=entries)


def _is_amount(node: Scalar) -> bool:
    return isinstance(node.value, int | float | str) and not isinstance(node.value, bool)


def reachable(path: Path, folder: Path) -> bool:
    """Return whether a scenario in a folder may name a file: one in or below this folder, or a shipped file."""
    return inside(path, folder) or inside(path, shipped_folder())


def _found(node: Scalar, folder: Path, problems: list[Problem], path: KeyPath) -> Node:
    """Make a file name absolute; the file must lie in the scenario's folder, so that the folder can be shared whole."""
    if not isinstance(node.value, str):
        return node
    target = folder / node.value
    found = quoted(node.value)
    if not reachable(target, folder):
        allowed = say("a file in the folder of this scenario or below it")
        problems.append(Problem.at(node.place, path=shown(path), found=found, allowed=allowed))
        return node
    refusal = ordinary(target)
    if refusal:
        problems.append(Problem.at(node.place, path=shown(path), found=f"{found}: {refusal}"))
        return node
    return replace(node, value=str(target.resolve()))
