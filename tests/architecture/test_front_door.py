"""`import dayroom`: light, complete, typed; a function for each command; and what the pages and notebooks import."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import nbformat
import pytest
import typer

import dayroom
from experiments.cli.app import application

ROOT = Path(__file__).parents[2]
PAGES = sorted([*(ROOT / "docs").glob("*.md"), *ROOT.glob("README*.md")])
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FOR_A_POLICY = {
    "sim.policies",
    "sim.policies.review.acting",
    "sim.policy_checks",
    "sim.scenario.conditions.condition",
    "sim.scenario.schema.quantity",
    "sim.sources",
}
"""Where a policy of somebody else's imports from: docs/own-policy.md alone."""
FOR_A_RULE = {
    "sim.rule_checks",
    "sim.scenario.schema.quantity",
    "sim.sources",
    "sim.state.columns",
    "sim.streams",
}
"""Where a rule of somebody else's imports from: docs/own-rule.md alone."""
OF_PACKAGES = {"own-policy.md": FOR_A_POLICY, "own-rule.md": FOR_A_RULE}
IMPORT = """
import sys, time
begun = time.process_time()
import dayroom
took = time.process_time() - begun
ours = [name for name in sys.modules if name.split(".")[0] in ("dayroom", "experiments", "sim")]
print(took, len(ours), "numpy" in sys.modules)
"""


def python(*words: str) -> str:
    """Run Python in the checkout and return what it prints."""
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def sources() -> Iterator[tuple[str, str]]:
    """Yield each block of Python in a page, and each cell of a notebook, with its file."""
    for page in PAGES:
        yield from ((page.name, block) for block in BLOCK.findall(page.read_text(encoding="utf-8")))
    for notebook in sorted((ROOT / "docs" / "notebooks").glob("*.ipynb")):
        cells = nbformat.read(notebook, as_version=4).cells
        yield from ((notebook.name, cell.source) for cell in cells if cell.cell_type == "code")


def imports() -> Iterator[tuple[str, str, str]]:
    """Yield the file, the module and the name of each import of ours."""
    for file, source in sources():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom):
                yield from ((file, str(node.module), alias.name) for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from ((file, alias.name, "") for alias in node.names)


IMPORTS = sorted({one for one in imports() if one[1].split(".")[0] in ("dayroom", "experiments", "sim", "tools")})


@pytest.mark.parametrize("name", dayroom.__all__)
def test_every_name_is_there(name):
    assert getattr(dayroom, name) is not None
    assert name in dir(dayroom)


def test_a_name_that_is_not_there_is_refused():
    with pytest.raises(AttributeError, match="module 'dayroom' has no attribute 'simulate'"):
        _ = dayroom.simulate


def test_the_module_and_the_type_checker_know_the_same_names():
    stub = ast.parse((ROOT / "dayroom" / "__init__.pyi").read_text(encoding="utf-8"))
    [names] = [node.value for node in stub.body if isinstance(node, ast.Assign)]
    assert sorted(ast.literal_eval(names)) == dayroom.__all__


def test_the_import_is_light():
    seconds, modules, numpy = python("-c", IMPORT).split()
    assert float(seconds) < 0.05
    assert int(modules) < 5
    assert numpy == "False"


def test_every_command_is_a_function_of_the_same_name():
    commands = set(typer.main.get_command(application()).commands) - {"scenario"}
    assert {"run", "compare", "sensitivity", "discover", "regret", "portfolio", "posterior"} <= commands
    assert commands <= set(dayroom.__all__)
    assert all(callable(getattr(dayroom, name)) for name in commands)


def test_every_shipped_policy_is_a_public_class():
    assert {policy.__name__ for policy in dayroom.POLICIES.values()} <= set(dayroom.__all__)


def test_python_m_dayroom_is_the_command():
    assert python("-m", "dayroom", "--version").startswith("dayroom ")


@pytest.mark.slow
def test_every_name_is_typed(tmp_path):
    """A strict type checker accepts a program of a user's, and knows the type of each name."""
    program = tmp_path / "program.py"
    shown = [f"reveal_type(dayroom.{name})" for name in dayroom.__all__]
    typed = "scenario: dayroom.Scenario = dayroom.load_scenario('baseline')"
    program.write_text("\n".join(["import dayroom", typed, *shown]), encoding="utf-8")
    told = python("-m", "mypy", "--strict", "--follow-imports=silent", str(program))
    revealed = re.findall(r'Revealed type is "(.*)"', told)
    assert len(revealed) == len(shown)
    assert [line for line in told.splitlines() if line.endswith('type is "Any"')] == []


@pytest.mark.parametrize(("file", "module", "name"), IMPORTS, ids="-".join)
def test_the_pages_import_from_the_front_door(file, module, name):
    assert module in {"dayroom", *OF_PACKAGES.get(file, ())}
    assert not name or module != "dayroom" or name in dayroom.__all__


def test_the_pages_import_something():
    files = {file for file, _, _ in IMPORTS}
    assert {"README.md", "python.md", "portfolio.md", "discovery.md", "from-scenario-to-figure.ipynb"} <= files


@pytest.mark.parametrize("page", OF_PACKAGES)
def test_the_pages_say_where_a_package_imports_from(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert {module for file, module, _ in IMPORTS if file == page} - {"dayroom"} == OF_PACKAGES[page]
    assert all(f"`{module}`" in text for module in OF_PACKAGES[page])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_calls_by_the_front_door_is_there(page):
    text = page.read_text(encoding="utf-8")
    named = set(
        re.findall(r"\bdayroom\.(\w+)", re.sub(r"dayroom\.(policies|rules|outcomes)\b", "", text))
    )  # groups of entry points
    assert named <= set(dayroom.__all__)


@pytest.mark.parametrize("room", ["experiments.plots", "sim"])
def test_every_name_that_a_room_offers_when_asked_is_there(room: str) -> None:
    module = import_module(room)
    assert len(module.__all__) > 3
    for name in module.__all__:
        assert getattr(module, name) is not None
