"""Names, sizes, and tests that can fail."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(path for package in ("dayroom", "sim", "experiments") for path in (ROOT / package).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
NEVER = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "handler", "process", "data", "info"}


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, node: ast.AST | None = None) -> str:
    """Return the place of a node in the project."""
    return f"{path.relative_to(ROOT).as_posix()}:{getattr(node, 'lineno', '')}:{getattr(node, 'name', '')}"


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function of a file."""
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_there_is_something_to_look_at():
    assert len(FILES) > 50
    assert len(TESTS) > 20


def test_no_file_has_a_name_that_says_nothing():
    about_helpers = {"helper_load_and_burden"}  # a helper is a role in the model, and so in the name of a study
    named = [path for path in FILES if path.stem not in about_helpers]
    assert [place(path) for path in named if set(path.stem.lower().split("_")) & NEVER] == []
    assert [folder for path in FILES if (folder := path.parent.name) in NEVER] == []


def test_every_room_has_tests_of_its_own():
    rooms = [path for path in (ROOT / "experiments").iterdir() if (path / "__init__.py").is_file()]
    assert [room.name for room in rooms if not list((ROOT / "tests" / room.name).glob("test_*.py"))] == []
    assert len(rooms) > 15


def test_no_function_is_long():
    long = [place(path, f) for path in FILES for f in functions(path) if (f.end_lineno or 0) - f.lineno + 1 > 80]
    assert long == []


def test_no_file_is_long():
    assert [place(path) for path in FILES if len(path.read_text(encoding="utf-8").splitlines()) > 400] == []


def test_every_file_says_what_it_is_about():
    assert [place(path) for path in FILES if not ast.get_docstring(tree(path))] == []


def test_every_public_function_says_what_it_does():
    silent = [
        place(path, function)
        for path in FILES
        for function in tree(path).body
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and not ast.get_docstring(function)
    ]
    assert silent == []


def test_every_kernel_of_a_rule_says_its_equation_or_its_effect():
    rules = [path for path in FILES if path.parent.name == "rules" and path.stem != "__init__"]
    assert rules
    silent = [place(path, f) for path in rules for f in functions(path) if not ast.get_docstring(f)]
    assert silent == []


WORDS = re.compile(r"\b(patients?|clients?|carers?|caregivers?)\b", re.IGNORECASE)


def test_users_are_called_users():
    """Checks names of functions, arguments and variables; prose may quote."""
    found = []
    for path in FILES:
        for node in ast.walk(tree(path)):
            name = getattr(node, "name", None) or getattr(node, "arg", None) or getattr(node, "id", None)
            if isinstance(name, str) and WORDS.search(name.replace("_", " ")):
                found.append(place(path, node))
    assert found == []


def called(function: ast.AST) -> set[str]:
    """Return the names of everything that a function calls."""
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}


def asserting(path: Path) -> set[str]:
    """Return the names of functions in a test file, and in files beside it, that can fail on their own."""
    beside = [path, *sorted(other for other in path.parent.glob("*.py") if not other.name.startswith("test_"))]
    known = {function.name: function for other in beside for function in functions(other)}
    known |= {function.name: function for function in functions(path)}
    found = {"raises", "warns", "fail"}
    while True:
        more = {
            each
            for each, function in known.items()
            if any(isinstance(node, ast.Assert) for node in ast.walk(function))
            or any(name in found or name.startswith("assert_") for name in called(function))
        }
        if more <= found:
            return found
        found |= more


def test_every_test_asserts_something():
    idle = []
    for path in TESTS:
        able = asserting(path)
        idle += [place(path, f) for f in functions(path) if f.name.startswith("test_") and f.name not in able]
    assert idle == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("assert x", True), ("with pytest.raises(ValueError):\n        f()", True), ("f(x)", False), ("sure(x)", True),
        ("surely(x)", True), ("x = 1", False),
    ],
)  # fmt: skip
def test_the_search_for_assertions_finds_them(tmp_path, code, expected):
    helpers = "def sure(x):\n    assert x\ndef surely(x):\n    sure(x)\ndef f(x):\n    return x\n"
    path = tmp_path / "test_x.py"
    path.write_text(f"{helpers}def test_a():\n    {code}\n", encoding="utf-8")
    assert ("test_a" in asserting(path)) is expected


def test_no_test_is_named_twice_in_a_file():
    """The second test would hide the first."""
    hidden = []
    for path in TESTS:
        names = [node.name for node in tree(path).body if isinstance(node, ast.FunctionDef)]
        hidden += [f"{place(path)}{name}" for name in set(names) if names.count(name) > 1]
    assert hidden == []


def test_no_two_files_of_tests_share_a_name():
    """Pytest would confuse them."""
    stems = [path.stem for path in TESTS]
    assert [stem for stem in set(stems) if stems.count(stem) > 1] == []
