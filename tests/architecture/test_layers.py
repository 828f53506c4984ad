"""Who may import whom, and where chance may come from."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SIM = ROOT / "sim"
PACKAGES = ("sim", "experiments")


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def files(package: str) -> list[Path]:
    """Return every Python file of a package."""
    found = sorted((ROOT / package).rglob("*.py"))
    assert found
    return found


def only_for_types(module: ast.Module) -> set[ast.AST]:
    """Return every node that exists for the type checker only."""
    guarded = [n for n in ast.walk(module) if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.unparse(n.test)]
    return {inner for node in guarded for statement in node.body for inner in ast.walk(statement)}


def imports(path: Path) -> Iterator[str]:
    """Yield the names of all modules that a file imports anywhere, except for the type checker only."""
    skipped = only_for_types(tree(path))
    for node in ast.walk(tree(path)):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def importers(library: str, package: str) -> set[str]:
    """Return the names of the files of a package that import a library."""
    return {
        path.relative_to(ROOT / package).as_posix()
        for path in files(package)
        if any(name.split(".")[0] == library for name in imports(path))
    }


def test_the_contracts_of_the_layers_are_kept():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert " 0 broken" in done.stdout


def test_every_module_of_sim_has_its_layer():
    """The contract would not check a module that it does not name."""
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    [layers] = [
        contract for contract in contracts if contract["type"] == "layers" and contract.get("containers") == ["sim"]
    ]
    named = {name.strip() for layer in layers["layers"] for name in layer.replace(":", "|").split("|")}
    modules = {path.stem for path in SIM.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert modules - {"__init__"} == named


@pytest.mark.parametrize(
    ("library", "allowed"),
    [
        ("mesa", {"model.py", "agents.py", "recorder.py"}),
        ("numba", {"kernel.py", "kernel_files.py"}),
        ("ruamel", {"scenario/reading/load.py"}),
        ("lark", {"scenario/conditions/grammar.py"}),
        (
            "networkx",
            {"state/ties.py", "state/files/graphs.py", "state/files/formats.py", "outcomes/measures.py", "model.py"},
        ),
        ("matplotlib", set()),
        ("pandas", set()),
        ("polars", set()),
        ("pyarrow", set()),
        ("dask", set()),
        ("typer", set()),
        ("rich", set()),
    ],
)
def test_a_library_is_known_to_few(library, allowed):
    assert importers(library, "sim") <= allowed


@pytest.mark.parametrize("library", ["mesa", "numba", "ruamel"])
def test_those_who_may_know_a_library_do(library):
    """Otherwise the test above would hold for a name that nothing uses."""
    assert importers(library, "sim")


def test_only_plots_draw():
    outside = {name for name in importers("matplotlib", "experiments") if not name.startswith("plots/")}
    assert outside == set()


def test_sim_never_imports_experiments():
    assert importers("experiments", "sim") == set()


def test_rules_do_not_import_each_other():
    rules = [path for path in files("sim") if path.parent.name == "rules" and path.stem != "__init__"]
    assert len(rules) >= 11
    assert [path.name for path in rules if any(name.startswith("sim.rules") for name in imports(path))] == []


CHANCE = {"random", "secrets", "uuid"}
"""Modules that only provide chance."""
OF_NUMPY = {"random", "default_rng", "RandomState", "SeedSequence"}
OF_TIME = {
    "time",
    "time_ns",
    "monotonic",
    "monotonic_ns",
    "perf_counter",
    "perf_counter_ns",
    "now",
    "utcnow",
    "today",
    "urandom",
    "getrandom",
    "getpid",
}


def written(node: ast.AST) -> str:
    """Return an attribute written out: "np.random.default_rng"."""
    if isinstance(node, ast.Attribute):
        return f"{written(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def enclosing(path: Path) -> dict[ast.AST, str]:
    """Return the name of the function around each node of a file."""
    homes: dict[ast.AST, str] = {}
    for function in ast.walk(tree(path)):
        if isinstance(function, ast.FunctionDef):
            homes |= dict.fromkeys(ast.walk(function), function.name)
    return homes


def chances(path: Path) -> Iterator[str]:
    """Yield every place of a file where numbers could come from elsewhere than the keyed draws."""
    name, homes = path.relative_to(SIM).as_posix(), enclosing(path)
    for module in imports(path):
        if module.split(".")[0] in CHANCE or module.startswith("numpy.random"):
            yield f"{name} imports {module}"
    for node in ast.walk(tree(path)):
        place = f"{name}:{homes.get(node, '')}"
        if isinstance(node, ast.Attribute):
            text = written(node)
            root = text.split(".")[0]
            if root in CHANCE or (root in ("np", "numpy") and OF_NUMPY & set(text.split(".")[1:2])):
                yield f"{place} {text}"
            if node.attr in OF_TIME and root in ("os", "time", "datetime", "date"):
                yield f"{place} {text}"
            if root == "self" and (".rng" in text or ".random" in text):
                yield f"{place} {text}"
        elif isinstance(node, ast.keyword) and node.arg in ("seed", "rng", "random_state"):
            yield f"{place} {node.arg}="


ALLOWED = {
    "run.py imports secrets",
    "run.py:fresh_seed secrets.randbits",
    "model.py:__init__ rng=",
    "model.py:__init__ self.rng",
    "model.py:__init__ self.rng.integers",
    "state/ties.py:generated seed=",
}
"""A fresh seed, which is recorded; Mesa's own argument; the whole number, itself a keyed draw, networkx starts from."""


def test_there_is_no_other_chance_in_sim():
    found = {place for path in files("sim") for place in chances(path)}
    assert found - ALLOWED == set()


def test_the_places_of_chance_that_are_allowed_exist():
    found = {place for path in files("sim") for place in chances(path)}
    assert found >= ALLOWED


@pytest.mark.parametrize(
    "code",
    [
        "import random\nx = random.random()",
        "from random import Random",
        "import numpy as np\nx = np.random.rand()",
        "from numpy.random import default_rng",
        "import os\nx = os.urandom(4)",
        "import time\nseed = int(time.time())",
        "import uuid",
        "import secrets",
        "import networkx as nx\ng = nx.gnp_random_graph(5, 0.5, seed=3)",
    ],
)
def test_the_search_for_chance_finds_it(tmp_path, monkeypatch, code):
    (tmp_path / "x.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(sys.modules[__name__], "SIM", tmp_path)
    assert list(chances(tmp_path / "x.py"))
