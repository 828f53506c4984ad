"""What the code of the model contains, read from its syntax trees."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SIM = ROOT / "sim"


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def files(*folders: str) -> list[Path]:
    """Return every Python file of these files or folders of `sim`; of all of it when none is named."""
    chosen = [SIM / folder for folder in folders] or [SIM]
    found = sorted(path for place in chosen for path in (place.rglob("*.py") if place.is_dir() else [place]))
    assert found
    return found


def attributes(*folders: str) -> set[str]:
    """Return the name of every attribute that the code reads or writes."""
    return {node.attr for path in files(*folders) for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}


def names(*folders: str) -> set[str]:
    """Return every plain name and every text in the code."""
    found: set[str] = set()
    for path in files(*folders):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def chain(node: ast.AST) -> str:
    """Return an attribute with everything it is an attribute of: "scenario.rules.turnover.leaving_rate"."""
    if isinstance(node, ast.Attribute):
        return f"{chain(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def chains(*folders: str) -> set[str]:
    """Return every attribute with everything it is an attribute of."""
    found = {
        chain(node) for path in files(*folders) for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)
    }
    return found - {""}
