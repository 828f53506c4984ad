"""sim/MODEL.md against the code: what is in one is in the other."""

import ast
import re
from fnmatch import fnmatchcase

import pytest
from reading import ROOT, SIM, files, tree

from experiments import model_document
from sim.outcomes.catalogue import OUTCOMES
from sim.scenario.schema import GENERATORS, SCENARIO_PARAMETERS, Mechanisms, Network, Scenario
from sim.sources import SOURCES
from sim.state import columns
from sim.streams import PURPOSES

TEXT = (SIM / "MODEL.md").read_text(encoding="utf-8")
PROSE = re.sub(r"<!-- begin .*?<!-- end -->", "", TEXT, flags=re.DOTALL)
PARAMETERS = [parameter.path.removeprefix("rules.") for parameter in SCENARIO_PARAMETERS]
RULES = [path.relative_to(SIM).as_posix() for path in files("rules") if path.name != "__init__.py"]
WRITTEN = [*RULES, "state/scales.py", "outcomes/ledger.py"]
"""Files of which every function is in the document."""
COLUMNS = [
    column.name
    for name in ("USER", "TIE", "CENTRE", "SESSION", "SOCIETY", "MEETING")
    for column in getattr(columns, name)
]


def functions(*paths: str) -> list[str]:
    """Name every function of some files."""
    return [node.name for path in paths for node in tree(SIM / path).body if isinstance(node, ast.FunctionDef)]


def named_tests(folder: str) -> list[str]:
    """Name every test below a folder of tests."""
    paths = (ROOT / "tests" / folder).rglob("test_*.py")
    return [node.name for path in paths for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]


def in_backticks(pattern: str) -> list[str]:
    """Give what stands in backticks in the prose and matches a pattern."""
    return sorted({found for found in re.findall(r"`([^`\n]+)`", PROSE) if re.fullmatch(pattern, found)})


def test_the_tables_and_equations_are_those_of_the_code():
    assert model_document.main(["--check"]) == 0, "run: python -m experiments.model_document"


def test_a_stale_document_is_found_out(monkeypatch, tmp_path, capsys):
    stale = tmp_path / "MODEL.md"
    stale.write_text(TEXT.replace("| `MOOD` | 29 |", "| `MOOD` | 92 |"), encoding="utf-8")
    fresh = model_document.rewritten(TEXT)
    monkeypatch.setattr(model_document, "rewritten", lambda text: fresh)
    monkeypatch.setattr(model_document, "DOCUMENT", stale)
    assert model_document.main(["--check"]) == 1
    assert "stale" in capsys.readouterr().err


@pytest.mark.parametrize(
    "names",
    [
        RULES,
        functions(*WRITTEN),
        PARAMETERS,
        list(OUTCOMES),
        list(SOURCES),
        list(PURPOSES),
        COLUMNS,
        list(Mechanisms.model_fields),
    ],
    ids=["rule files", "functions", "parameters", "outcomes", "sources", "purposes", "columns", "switches"],
)
def test_everything_is_named_in_the_document(names):
    assert names
    assert [name for name in names if f"`{name}`" not in TEXT and f"`{name}(" not in TEXT] == []


def test_every_parameter_the_prose_names_exists():
    named = in_backticks(r"[a-z_]+(\.[a-z_*]+)+")
    named = [name for name in named if not name.endswith((".md", ".py", ".json", ".yaml"))]
    assert len(named) > 30
    unknown = [
        name
        for name in named
        if not any(fnmatchcase(path, name) or path == name or path.startswith(f"{name}.") for path in PARAMETERS)
    ]
    assert unknown == []


def test_every_file_the_prose_names_exists():
    named = in_backticks(r"[\w./-]+\.(py|md|json|yaml)|[\w./-]+/")
    assert named
    assert [name for name in named if not (SIM / name).exists() and not (ROOT / name).exists()] == []


def test_every_rule_has_a_chapter():
    assert [rule for rule in RULES if f"<!-- begin rule {rule} -->" not in TEXT] == []


def test_every_other_word_in_backticks_is_a_name_of_the_code():
    fields = [*Scenario.model_fields, *Network.model_fields, *Mechanisms.model_fields, *GENERATORS]
    values = ["none", "generated", "file"]
    last = [name.rpartition(".")[2] for name in PARAMETERS]
    defined = [node.name for path in files() for node in tree(path).body if isinstance(node, ast.FunctionDef)]
    known = {*fields, *values, *last, *defined, *COLUMNS, *OUTCOMES, *PURPOSES, *SOURCES}
    words = [word.partition("(")[0] for word in in_backticks(r"[A-Za-z_]\w*(\(\w*\))?") if not word.startswith("test_")]
    assert len(words) > 10
    assert [word for word in words if word not in known] == []


def test_every_test_in_the_table_exists():
    named = in_backticks(r"test_\w+")
    assert len(named) > 10
    assert [name for name in named if name not in named_tests("mechanisms")] == []


def test_every_command_the_prose_names_can_be_given():
    from experiments.cli import app

    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    known |= {group.name for group in app.registered_groups}
    named = {command.split()[1] for command in in_backticks(r"dayroom \w+.*")}
    assert named
    assert named <= known


@pytest.mark.parametrize("level", ["0.10", "0.35", "0.60", "0.85"])
def test_the_levels_of_closeness_are_those_of_the_code(level):
    assert float(level) in columns.LEVEL_FROM
    assert f"< {level} <=" in TEXT
