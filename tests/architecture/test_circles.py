"""No import circle: not through a package, an import inside a function, or an import for the type checker alone."""

from importlib.util import find_spec

import grimp
import networkx as nx
import pytest

PACKAGES = tuple(name for name in ("dayroom", "sim", "experiments", "tools", "benchmarks") if find_spec(name))


def imports(*packages: str) -> "nx.DiGraph[str]":
    """Give the modules of packages and which imports which, wherever in a file the import stands."""
    found = grimp.build_graph(*packages, cache_dir=None)
    return nx.DiGraph(
        (name, other) for name in found.modules for other in found.find_modules_directly_imported_by(name)
    )


def circles(graph: "nx.DiGraph[str]") -> list[list[str]]:
    """Name the modules of each circle."""
    return [sorted(each) for each in nx.strongly_connected_components(graph) if len(each) > 1]


def test_no_module_imports_itself_by_way_of_others():
    graph = imports(*PACKAGES)
    assert len(graph) > 300
    assert "sim.scenario.schema.scenario" in graph["sim.scenario.schema.expected_cost"]  # for the type checker alone
    assert "experiments.plots.compare.figures" in graph["experiments.plots"]  # late, by text
    assert circles(graph) == []


@pytest.mark.parametrize(
    "back",
    [
        "from small.one import A\n",
        "def late():\n    from small.one import A\n    return A\n",
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from small.one import A\n",
    ],
)
def test_the_search_for_circles_finds_them(tmp_path, monkeypatch, back):
    package = tmp_path / "small"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "one.py").write_text("from small.two import B\nA = 1\n")
    (package / "two.py").write_text(f"{back}B = 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert circles(imports("small")) == [["small.one", "small.two"]]
