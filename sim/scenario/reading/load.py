"""Read a YAML file into a checked scenario. Only this module uses the YAML parser.

It reads the parser's events, so that every key and value keeps its place, and it refuses texts that would exhaust
memory (aliases of aliases, ten thousand brackets) before it builds them.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from sim.language import later, say
from sim.scenario.reading.check import checked
from sim.scenario.reading.resolve import ParseFile, find, merged_layers
from sim.scenario.reading.shape import SCENARIO, Form
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.files import displayed, read_text
from sim.scenario.text.nodes import (
    UNSUITABLE,
    Entry,
    Mapping,
    Node,
    Origin,
    Place,
    Scalar,
    Sequence,
    origins,
    quoted,
    resolved,
)
from sim.scenario.text.suggestions import nearest

MOST_DEPTH: Final = 40
"""Most levels of nesting in a text; a scenario needs about seven."""

MOST_NODES: Final = 20_000
"""Most values in a text; an alias counts as all the values it repeats."""

_KEYS: Final = later(
    "text as a key; put it in quotes if it is meant as text; in a number, write 0.6 instead of 0,6 and 1000, not 1,000"
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scenario, with the place where each of its values was set.

    Parameters
    ----------
    scenario : Scenario
        Typed and checked.
    origins : dict of str to Origin
        For each value that a file sets, by path ("users.women"): its place and the values it replaced.
    files : tuple of Path
        The file, followed by the files it extends.
    """

    scenario: Scenario
    origins: dict[str, Origin]
    files: tuple[Path, ...]


Attached = Callable[[Scenario], list[Problem]]
"""A function that checks the files a scenario names, and returns their problems."""


def load_scenario(path_or_name: str | os.PathLike[str]) -> Scenario:
    """Read, merge and check a scenario.

    Parameters
    ----------
    path_or_name : str or path
        A YAML file, or the name of a shipped scenario such as "baseline".

    Returns
    -------
    Scenario
        Typed, checked and immutable.

    Raises
    ------
    ScenarioError
        With all problems, each with its place.

    Examples
    --------
    >>> from dayroom import load_scenario
    >>> load_scenario("baseline").centres["park"].users
    25
    """
    return read(path_or_name).scenario


def read(path_or_name: str | os.PathLike[str], also: Attached | None = None) -> Loaded:
    """Read a scenario, with the place where each value was set.

    Parameters
    ----------
    path_or_name : str or path
        As for `load_scenario`.
    also : callable, optional
        Returns further problems, such as those of files the scenario names; the error lists all problems together.

    Raises
    ------
    ScenarioError
        With all problems, each with its place.
    """
    return _loaded(find(path_or_name, Path()), lambda path: parse(read_text(path), displayed(path)), also)


def read_as(text: str, path: Path) -> Loaded:
    """Read a scenario from a text as if it were in a file, which need not exist.

    Raises
    ------
    ScenarioError
        With all problems, each with its place.
    """
    return _loaded(path, lambda other: parse(text if other == path else read_text(other), displayed(other)))


def _loaded(path: Path, parse_file: ParseFile, also: Attached | None = None) -> Loaded:
    layers = merged_layers(path, parse_file)
    scenario, problems = checked(layers.root, path.stem, layers.complete)
    problems = [*layers.problems, *problems]
    if scenario is not None and not problems:
        if any(centre.users_file for centre in scenario.centres.values()):
            from sim.scenario.reading.attached import attached_problems

            problems = attached_problems(scenario, layers.root)
        problems += also(scenario) if also else []
    if scenario is None or problems:
        raise ScenarioError(problems)
    return Loaded(scenario, dict(origins(layers.root)), layers.files)


def parse(text: str, file: str, form: Form[Any] = SCENARIO) -> tuple[Mapping, list[Problem]]:
    """Parse a YAML 1.2 text whose top is a mapping.

    Parameters
    ----------
    text : str
    file : str
        The file's name in messages.
    form : Form
        The kind of file: its name in messages and its smallest contents.

    Returns
    -------
    tuple of Mapping and list of Problem
        The values with their places, and the problems so far (duplicate keys, tags and so on).

    Raises
    ------
    ScenarioError
        When the text cannot be read to its end.
    """
    builder = _Builder(file, form)
    try:
        for event in _events(text, file):
            builder.take(event)
    except ScenarioError as error:
        raise ScenarioError([*builder.problems, *error.problems]) from None
    root = builder.root
    if root is None or (isinstance(root, Scalar) and root.value is None):
        what = say("the file is empty; a {form} needs {needs}", form=form.name, needs=form.needs)
        raise ScenarioError([*builder.problems, Problem(file, what=what)])
    if not isinstance(root, Mapping):
        _refuse_slip(text, file, range(root.place.line - 1, root.place.line))
        what = say("the top of the file is no mapping; a {form} needs {needs}", form=form.name, needs=form.needs)
        raise ScenarioError([*builder.problems, Problem.at(root.place, what=what)])
    return root, builder.problems


def _events(text: str, file: str) -> Iterator[Any]:
    """Yield the parser's events; turn its errors into a `ScenarioError`."""
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        _refuse_slip(text, file, range(max(mark.line - 1, 0), mark.line + 1) if mark else range(0))
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        if mark and text[mark.index : mark.index + 1] == "\t":
            raise ScenarioError([_tab(place)]) from None
        complaint = ", ".join(str(part).strip() for part in (error.context, error.problem) if part)
        raise ScenarioError(
            [Problem.at(place, what=say("this is no YAML: {complaint}", complaint=complaint))]
        ) from None
    except Exception as error:
        # For some broken text (such as an escape beyond Unicode) the parser raises Python's own errors.
        raise ScenarioError(
            [Problem(file, what=say("this is no YAML: {error} in the parser", error=type(error).__name__))]
        ) from None


def _refuse_slip(text: str, file: str, lines: range) -> None:
    """Refuse the first of these lines (from 0) that has a usual slip of the hand, and say what was meant."""
    from sim.scenario.text.slips import line_meant  # only mistakes need it

    for line in lines:
        found = "".join(text.splitlines()[line : line + 1])
        if found.strip() and (meant := line_meant(found).rstrip()) != found.rstrip():
            pairs = enumerate(zip(found, meant, strict=False))
            column = next((at for at, (one, other) in pairs if one != other), len(meant))
            sign = found[column:].lstrip(" ")[:1]
            if sign == "\t":
                raise ScenarioError([_tab(Place(file, line + 1, column + 1))])
            wide = say("the full-width sign {sign}", sign=quoted(sign)) if ord(sign or " ") > 127 else quoted(sign)
            what = say("found {wide} where YAML takes ordinary signs and a space after the colon", wide=wide)
            if sign == ";" and meant[column : column + 1] == ",":
                what = say("found ';' where YAML takes a comma before the next key")
            raise ScenarioError([Problem(file, line + 1, column + 1, what=what, suggestion=meant.strip())])


def _tab(place: Place) -> Problem:
    return Problem.at(place, what=say("a tab stands where YAML takes spaces; indent with spaces"))


def _lead(event: Any) -> int | None:
    """Return the columns before a scalar's text, or None if the text is folded, escaped or on several lines."""
    start, end = event.start_mark, event.end_mark
    extra = end.column - start.column - len(event.value)
    return {0: 0, 2: 1}.get(extra) if start.line == end.line else None


@dataclass(slots=True)
class _Open:
    """A mapping or list that the builder is still reading."""

    start: Place
    anchor: str | None
    entries: dict[str, Entry] | None
    items: list[Node]
    size: int = 1
    key: Scalar | None = None
    waits: bool = False
    """Whether the key has been read and its value comes next."""


class _Builder:
    """Build nodes from events, without recursion, and record problems."""

    def __init__(self, file: str, form: Form[Any]) -> None:
        self.file, self.form = file, form
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._documents = 0
        self._nodes = 0
        self._open: list[_Open] = []
        self._anchors: dict[str, Node | None] = {}

    def take(self, event: Any) -> None:
        """Process the next event."""
        place = Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, DocumentStartEvent):
            self._document(event, place)
        elif isinstance(event, NodeEvent):
            self._count(place)
            self._node(event, place)
        elif isinstance(event, CollectionEndEvent):
            self._close()

    def _document(self, event: Any, place: Place) -> None:
        self._documents += 1
        if self._documents > 1:
            what = say("a second document begins; a file holds one {form}", form=self.form.name)
            raise ScenarioError([Problem.at(place, what=what)])
        if event.version is not None and tuple(event.version) != (1, 2):
            found = ".".join(str(part) for part in event.version)
            self._note(place, found=f"YAML {found}", allowed="YAML 1.2")

    def _node(self, event: Any, place: Place) -> None:
        tag = None if isinstance(event, AliasEvent) else event.tag
        if tag not in (None, "!"):
            written = quoted(tag.replace("tag:yaml.org,2002:", "!!"))
            self._note(
                place,
                what=say(
                    "tag {written} is not allowed; a {form} holds plain values only",
                    written=written,
                    form=self.form.name,
                ),
            )
        if isinstance(event, AliasEvent):
            self._add(self._alias(event.anchor, place), None)
        elif isinstance(event, ScalarEvent):
            # Quoted text and block text remain text; only a plain word can be a number, a truth value or null.
            scalar = self._scalar(event.value, event.implicit[0] and tag is None, place)
            self._add(replace(scalar, lead=_lead(event)), event.anchor)
        elif isinstance(event, CollectionStartEvent):
            if len(self._open) >= MOST_DEPTH:
                found = say("a value nested {count} levels deep", count=len(self._open) + 1)
                raise ScenarioError(
                    [Problem.at(place, found=found, allowed=say("at most {most} levels", most=MOST_DEPTH))]
                )
            if event.anchor:
                self._anchors[event.anchor] = None
            self._open.append(_Open(place, event.anchor, {} if isinstance(event, MappingStartEvent) else None, []))

    def _scalar(self, text: str, is_plain: bool, place: Place) -> Scalar:
        if UNSUITABLE.search(text):
            self._note(place, found=quoted(text), allowed=say("text without NUL and without half characters"))
            return Scalar("", text, place)
        value = resolved(text) if is_plain else text
        return Scalar(value, text, place)

    def _alias(self, anchor: str, place: Place) -> Node:
        """Return the value behind an alias, with the place of the alias."""
        if anchor not in self._anchors:
            known = [name for name, done in self._anchors.items() if done is not None]
            found = say("alias *{anchor}, which has no anchor before it", anchor=quoted(anchor)[1:-1])
            fields = {"allowed": say("an alias of an anchor (&name) further up"), "suggestion": nearest(anchor, known)}
            raise ScenarioError([Problem.at(place, found=found, **fields)])
        node = self._anchors[anchor]
        if node is None:
            found = say("alias *{anchor} inside its own anchor", anchor=quoted(anchor)[1:-1])
            raise ScenarioError([Problem.at(place, found=found, allowed=say("an alias of what has ended before it"))])
        self._count(place, node.size)
        return replace(node, place=place)

    def _count(self, place: Place, nodes: int = 1) -> None:
        self._nodes += nodes
        if self._nodes > MOST_NODES:
            found = say(
                "text that stands for {nodes} values up to here (an alias counts as all it stands for)",
                nodes=self._nodes,
            )
            raise ScenarioError([Problem.at(place, found=found, allowed=say("at most {most} values", most=MOST_NODES))])

    def _close(self) -> None:
        done = self._open.pop()
        if done.entries is None:
            self._add(Sequence(tuple(done.items), done.start, size=done.size), done.anchor)
        else:
            self._add(Mapping(done.entries, done.start, size=done.size), done.anchor)

    def _add(self, node: Node, anchor: str | None) -> None:
        """Put a finished node in its place: the top, a list, a key, or the value of a key."""
        if anchor:
            self._anchors[anchor] = node
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        parent.size += node.size
        if parent.entries is None:
            parent.items.append(node)
        elif not parent.waits:
            parent.key, parent.waits = self._key(node, parent.entries), True
        else:
            if parent.key is not None:
                if isinstance(node, Scalar) and node.value is None and not node.text:
                    node = replace(node, place=parent.key.place)  # the parser puts it where the next token begins
                parent.entries[parent.key.text] = Entry(parent.key.place, node)
            parent.key, parent.waits = None, False

    def _key(self, node: Node, known: dict[str, Entry]) -> Scalar | None:
        """Check a key. Return None if it is invalid; the builder then drops its value."""
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            found = (
                say("the key {text}", text=quoted(node.text))
                if isinstance(node, Scalar)
                else say("a list or mapping as a key")
            )
            self._note(node.place, found=found, allowed=str(_KEYS))
            return None
        if node.value == "<<":
            instead = say("use `extends:`, or an alias") if "extends" in self.form.file_keys else say("use an alias")
            what = say("merge keys (<<) are not part of YAML 1.2; {instead} for a whole value", instead=instead)
            self._note(node.place, what=what)
            return None
        if node.value in known:
            first = known[node.value].key
            what = say(
                "duplicate key {value}; it is set at line {line}, column {column} already",
                value=quoted(node.value),
                line=first.line,
                column=first.column,
            )
            self._note(node.place, what=what)
            return None
        return node

    def _note(self, place: Place, **fields: str) -> None:
        self.problems.append(Problem.at(place, **fields))
