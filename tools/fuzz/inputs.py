"""Make inputs: bytes of an example changed at random, and structures near valid ones, drawn by hypothesis."""

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

from hypothesis import strategies as st
from ruamel.yaml import YAML

from tools.fuzz.readers import SCENARIOS, Example

Tree = Any
"""Nested dicts, lists and plain values."""

WORDS: Final = (
    *("", " ", "~", "null", "NaN", "inf", "-inf", "1e999", "-0", "0x10", "1_000", "0,5", "½", "²", "١", "12:30", "%"),
    *("2026-02-30", "9999-12-31", "2027-03-01", "20 %/month", "3 h/week", "-1", "=1+1", "../../x", "/dev/null", "/"),
    *("\x00", "\u202e", "\ufeff", "\ud7ff", "\r", "\n", "\t", "'", '"', "`", "名", "<<", "&a [*a]", "*a"),
    "!!python/none",
    *("{", "}", "[", "]", ":", "- ", "#", "|", ">", "<!DOCTYPE x [<!ENTITY y 'z'>]>", "&y;", "]]>", "9" * 400),
    *("a" * 3000, "[" * 60, "(" * 300, "not " * 200, "baseline", "all", "none", "true", "18446744073709551616"),
)  # fmt: skip
"""Texts that have broken readers of files before."""
_MOST: Final = 2_000_000
"""Bytes of an input at most."""
_DEEP: Final = 60


def bytes_of(example: Example, others: list[Example], chance: random.Random) -> bytes:
    """Return the bytes of an example, changed in one to four places; those of a workbook also inside its archive."""
    contents = example.contents
    if contents[:4] == b"PK\x03\x04" and chance.random() < 0.7:
        return _inside(contents, chance)
    for _ in range(chance.randint(1, 4)):
        contents = _changed(contents, chance.choice(others).contents, chance)
    return contents[:_MOST]


def _changed(contents: bytes, other: bytes, chance: random.Random) -> bytes:
    """Change bytes at a random place."""
    size = len(contents)
    at = chance.randint(0, size)
    end = min(size, at + chance.choice((1, 1, 2, 4, 16, 200)))
    start = chance.randint(0, len(other))
    word = chance.choice(WORDS).encode("utf-8", "surrogatepass")
    return chance.choice(
        (
            lambda: contents[:at] + bytes([chance.randrange(256)]) + contents[at + 1 :],
            lambda: (
                contents[:at]
                + bytes([contents[at] ^ 1 << chance.randrange(8)] if at < size else [])
                + contents[at + 1 :]
            ),
            lambda: contents[:at] + contents[end:],
            lambda: contents[:at],
            lambda: contents[:end] + contents[at:end] * chance.choice((1, 2, 50)) + contents[end:],
            lambda: contents[:at] + word + contents[at:],
            lambda: contents[:at] + word + contents[end:],
            lambda: contents[:at] + other[start : start + chance.choice((8, 64, 1000))] + contents[end:],
            lambda: contents[:at] + chance.choice((b"\n", b" ", b"\t", b",", b";", b"\r\n", b":")) + contents[end:],
        )
    )()


def _inside(contents: bytes, chance: random.Random) -> bytes:
    """Change a file inside an archive."""
    with zipfile.ZipFile(io.BytesIO(contents)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    chosen = chance.choice(sorted(files))
    files[chosen] = _changed(files[chosen], files[chosen], chance)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return made.getvalue()


@cache
def known() -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """Return the keys of the schema of scenarios, and its words and limits, which are values near valid ones."""
    keys: dict[str, None] = {}
    values: dict[Any, None] = {}

    def collect(node: Any) -> None:
        if isinstance(node, list):
            for each in node:
                collect(each)
        if isinstance(node, dict):
            keys.update(dict.fromkeys(node.get("properties", ())))
            limits = ("const", "default", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
            for value in (*node.get("enum", ()), *(node[name] for name in limits if name in node)):
                if isinstance(value, str | int | float):
                    values[value] = None
            for each in node.values():
                collect(each)

    collect(json.loads((SCENARIOS / "schema.json").read_text(encoding="utf-8")))
    return tuple(keys), tuple(values)


def _values() -> st.SearchStrategy[Tree]:
    """Draw a value: of the schema, or of any kind."""
    keys, allowed = known()
    plain = st.one_of(
        st.sampled_from(allowed), st.sampled_from(WORDS), st.sampled_from(keys), st.none(), st.booleans(),
        st.integers(-3, 400), st.integers(), st.floats(), st.text(max_size=12),
    )  # fmt: skip
    return st.one_of(
        plain,
        st.lists(plain, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(keys), st.text(max_size=6)), plain, max_size=4),
    )


def _places(tree: Tree) -> list[tuple[Any, Any]]:
    """Return each (parent, key or index) of a tree."""
    places: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        inner = (
            list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
        )
        places += [(node, key) for key, _ in inner]
        waiting += [child for _, child in inner]
    return places


@st.composite
def near(draw: st.DrawFn, trees: list[Tree]) -> Tree:
    """Draw a tree near one of the given ones."""
    tree = json.loads(draw(st.sampled_from([json.dumps(one) for one in trees])))
    for _ in range(draw(st.integers(1, 4))):
        places = _places(tree)
        if not places:
            return draw(_values())
        parent, key = draw(st.sampled_from(range(len(places))).map(places.__getitem__))
        _change(draw, parent, key, places)
    return tree


def _change(draw: st.DrawFn, parent: Any, key: Any, places: list[tuple[Any, Any]]) -> None:
    """Change a tree at a place."""
    action = draw(st.sampled_from(("replace", "replace", "delete", "rename", "insert", "copy", "wrap", "deepen")))
    if action == "replace":
        parent[key] = draw(_values())
    elif action == "delete":
        del parent[key]
    elif action == "rename" and isinstance(parent, dict):
        parent[draw(st.one_of(st.sampled_from(known()[0]), st.sampled_from(WORDS)))] = parent.pop(key)
    elif action == "insert" and isinstance(parent, dict):
        parent[draw(st.sampled_from(known()[0]))] = draw(_values())
    elif action == "insert":
        parent.insert(key, draw(_values()))
    elif action == "copy":
        other, at = draw(st.sampled_from(range(len(places))).map(places.__getitem__))
        parent[key] = json.loads(json.dumps(other[at]))
    elif action == "wrap":
        parent[key] = [parent[key]]
    elif action == "deepen":
        for _ in range(draw(st.integers(1, _DEEP))):
            parent[key] = {"a": parent[key]} if draw(st.booleans()) else [parent[key]]


def _of_table(tree: Tree) -> bytes:
    """Write a table with the lines of a tree, in whatever form."""
    text = io.StringIO()
    rows = tree if isinstance(tree, list) else [tree]
    for row in rows:
        cells = row if isinstance(row, list) else [row]
        csv.writer(text).writerow(cells)
    return text.getvalue().encode("utf-8", "replace")


def _of_xml(tree: Tree) -> bytes:
    """Write a tree of [tag, attributes, text, children] as XML, in whatever form."""

    def element(node: Tree) -> ET.Element:
        parts = [*node, "x", {}, "", []][:4] if isinstance(node, list) and len(node) >= 4 else ["x", {}, str(node), []]
        made = ET.Element(str(parts[0]) or "x")
        for name, value in (parts[1] if isinstance(parts[1], dict) else {}).items():
            made.set(str(name), str(value))
        made.text = str(parts[2])
        made.extend(element(child) for child in (parts[3] if isinstance(parts[3], list) else []))
        return made

    written: bytes = ET.tostring(element(tree), encoding="utf-8")
    return written


def _from_xml(contents: bytes) -> Tree:
    def tree(node: ET.Element) -> Tree:
        return [node.tag, dict(node.attrib), node.text or "", [tree(child) for child in node]]

    return tree(ET.fromstring(contents))  # noqa: S314 - an example of our own


def _from_yaml(contents: bytes) -> Tree:
    return json.loads(json.dumps(YAML(typ="safe").load(contents), default=str))


def _of_json(tree: Tree) -> bytes:
    return json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace")


def _from_text(contents: bytes) -> Tree:
    return contents.decode().split(" ")


def _of_text(tree: Tree) -> bytes:
    return " ".join(map(str, tree if isinstance(tree, list) else [tree])).encode("utf-8", "replace")


FORMS: Final[dict[str, tuple[Callable[[bytes], Tree], Callable[[Tree], bytes]]]] = {
    ".yaml": (_from_yaml, _of_json),  # every JSON document is YAML
    ".json": (json.loads, _of_json),
    ".csv": (lambda contents: list(csv.reader(io.StringIO(contents.decode()))), _of_table),
    ".graphml": (_from_xml, _of_xml),
    ".gexf": (_from_xml, _of_xml),
    ".txt": (_from_text, _of_text),
    ".edgelist": (_from_text, _of_text),
    ".adjlist": (_from_text, _of_text),
    ".net": (_from_text, _of_text),
    ".gml": (_from_text, _of_text),
}
"""How a file is read as a tree and written again, by its ending."""


def structures(examples: list[Example]) -> st.SearchStrategy[tuple[Example, bytes]] | None:
    """Draw an example with contents near it; None where no example has a structure that can be changed."""
    kinds: dict[str, list[Example]] = {}
    for example in examples:
        if Path(example.file).suffix in FORMS:
            kinds.setdefault(example.file, []).append(example)
    drawn = []
    for of_kind in kinds.values():
        read, write = FORMS[Path(of_kind[0].file).suffix]
        trees = [read(example.contents) for example in of_kind]
        drawn.append(st.tuples(st.just(of_kind[0]), near(trees).map(write)))
    return st.one_of(drawn) if drawn else None
