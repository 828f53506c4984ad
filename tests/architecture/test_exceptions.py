"""Errors for the reader: one base class, one way to suggest a spelling, and no guessing by where code stands."""

import ast
import builtins
from collections.abc import Callable
from pathlib import Path

import pytest

import dayroom
from experiments.cli import app
from sim.scenario.schema import offers
from sim.scenario.text.errors import DayroomError

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for folder in ("sim", "experiments") for path in (ROOT / folder).rglob("*.py"))
BUILT_IN = {name for name, each in vars(builtins).items() if isinstance(each, type) and issubclass(each, BaseException)}
SUGGESTING = {"misspelt", "nearest", "with_suggestion"}


def classes() -> dict[str, list[str]]:
    """Give the names of the bases of every class, by its name."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES]
    found = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return {node.name: [base.id for base in node.bases if isinstance(base, ast.Name)] for node in found}


def reaches(name: str, bases: dict[str, list[str]], wanted: set[str]) -> bool:
    return name in wanted or any(reaches(base, bases, wanted) for base in bases.get(name, []))


def test_every_exception_of_ours_is_a_dayroom_error() -> None:
    bases = classes()
    ours = [name for name in bases if reaches(name, bases, BUILT_IN)]
    assert len(ours) > 20
    assert [name for name in ours if not reaches(name, bases, {"DayroomError"})] == []


def suggesting() -> list[ast.FunctionDef]:
    """Give the functions that look for a near spelling: what they raise is for a reader."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES]
    every = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [node for node in every if SUGGESTING & {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}]


def raised(function: ast.FunctionDef) -> list[str]:
    calls = [node.exc for node in ast.walk(function) if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)]
    return [call.func.id for call in calls if isinstance(call.func, ast.Name)]


def test_whatever_suggests_a_spelling_raises_a_dayroom_error() -> None:
    bases = classes()
    names = [name for function in suggesting() for name in raised(function)]
    assert len(names) > 20
    assert [name for name in names if not reaches(name, bases, {"DayroomError"})] == []


def test_one_place_suggests_a_spelling() -> None:
    asking = [path for path in SOURCES if "; did you mean" in path.read_text(encoding="utf-8")]
    assert [path.relative_to(ROOT).as_posix() for path in asking] == ["sim/scenario/text/suggestions.py"]


def test_the_scenario_layer_imports_nothing_by_its_name() -> None:
    layer = [path for path in SOURCES if path.is_relative_to(ROOT / "sim" / "scenario")]
    assert len(layer) > 20
    assert not [path for path in layer if "import_module" in path.read_text(encoding="utf-8")]
    # An entry point imports by name too; the layer asks only for those of policies, which `sim` lists.
    making = [path.name for path in layer if "EntryPoint(" in path.read_text(encoding="utf-8")]
    assert making == ["offers.py"]
    assert set(offers.SHIPPED.values()) == {"sim.policies:POLICIES"}


@pytest.mark.parametrize(
    ("fails", "kind", "message"),
    [
        (lambda: dayroom.run("baseline", graph_days=(9999,)), ValueError, "graph_days: found 9999, allowed are"),
        (lambda: dayroom.set_language("fr"), ValueError, "found the language 'fr', allowed is one of en, zh"),
        (lambda: dayroom.POLICIES["respit"], KeyError, "no policy 'respit'; did you mean 'respite'?"),
        (lambda: dayroom.Schedule(particles=1), ValueError, "particles: found 1, allowed is 10 or more"),
    ],
)
def test_mistakes_in_python_are_for_the_reader_and_stay_what_python_expects(
    fails: Callable[[], object], kind: type[Exception], message: str
) -> None:
    with pytest.raises(dayroom.DayroomError) as caught:
        fails()
    assert isinstance(caught.value, kind)
    assert message in str(caught.value)


class HouseError(DayroomError):
    """Written for the reader."""


@pytest.mark.parametrize(("error", "shown"), [(HouseError("full"), "full\n"), (ValueError("a bug"), None)])
def test_the_command_prints_what_is_written_for_the_reader_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, shown: str | None
) -> None:
    def fail(arguments: list[str], standalone_mode: bool) -> None:
        raise error

    monkeypatch.setattr(app, "application", lambda *named: fail)
    with pytest.raises(SystemExit if shown else ValueError) as caught:
        app.main([])
    if isinstance(caught.value, SystemExit):
        assert (caught.value.code, capsys.readouterr().err) == (2, shown)
