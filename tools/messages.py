"""List messages without a translation, and translations without a message. Run as `python -m tools.messages`."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from sim.language import CATALOGUE

ROOT: Final = Path(__file__).resolve().parents[1]
ROOMS: Final = ("dayroom", "sim", "experiments")
"""Folders whose sources hold messages."""


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield each call of `say` and `later`, with its place: "sim/state/files/xml.py:86".

    Babel's own extraction misses a call inside another, and takes methods of these names for them.
    """
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "later"):
                yield f"{path.relative_to(ROOT).as_posix()}:{node.lineno}", node


def messages() -> dict[str, str]:
    """Return every message of the sources, with the first place where it stands."""
    places: dict[str, str] = {}
    for place, call in calls():
        if call.args and isinstance(call.args[0], ast.Constant):
            places.setdefault(str(call.args[0].value), place)
    return places


def translations() -> dict[str, str]:
    """Return the Chinese messages by the English ones."""
    with CATALOGUE.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, locale="zh_CN") if one.id}


def lacks() -> list[str]:
    """Return a line for each message without a translation, and for each translation without a message."""
    here, there = messages(), translations()
    missing = [f"{place}: not translated: {message!r}" for message, place in here.items() if not there.get(message)]
    return missing + [f"{CATALOGUE.name}: no such message: {message!r}" for message in there if message not in here]


if __name__ == "__main__":
    lines = lacks()
    print("\n".join(lines) or "every message is translated")
    sys.exit(1 if lines else 0)
