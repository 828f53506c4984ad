"""sim/MODEL.md with its appendices, and docs/policies.md, agree with the code."""

import ast
import re
from fnmatch import fnmatchcase
from fractions import Fraction

import numpy as np
import pytest

from sim.outcomes.catalogue import OUTCOMES
from sim.outcomes.measures import MEASURES
from sim.policies import POLICIES, PolicyUse
from sim.policies.review.site import code_of
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import GENERATORS, SCENARIO_PARAMETERS, Mechanisms, Network, Observe, Scenario
from sim.sources import SOURCES
from sim.state import columns
from sim.streams import PURPOSES, normal, race, uniform, words
from tests.contract.reading import ROOT, SIM, files, tree
from tools import model_document

PARTS = {path.name: path.read_text(encoding="utf-8") for path in model_document.MODEL}
TEXT = "\n".join(PARTS.values())
OF_POLICIES = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")
PROSE = re.sub(r"<!-- begin .*?<!-- end -->", "", TEXT, flags=re.DOTALL)
PARAMETERS = [parameter.path.removeprefix("rules.") for parameter in SCENARIO_PARAMETERS]
RULES = [path.relative_to(SIM).as_posix() for path in files("rules") if path.name != "__init__.py"]
WRITTEN = [*RULES, "state/scales.py", "outcomes/ledger.py", "outcomes/observation.py"]
"""Files whose functions are all in the document, except private ones with a docstring of one paragraph."""
COLUMNS = [
    column.name
    for name in ("USER", "TIE", "CENTRE", "SESSION", "SOCIETY", "MEETING", "CIRCLE", "WORKER")
    for column in getattr(columns, name)
]


def functions(*paths: str) -> list[str]:
    """Return the names of all functions of some files that a reader needs."""
    return [name for path in paths for name in model_document.described(path)]


def named_tests(folder: str) -> list[str]:
    """Return the names of all tests below a folder of tests."""
    paths = (ROOT / "tests" / folder).rglob("test_*.py")
    return [node.name for path in paths for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]


def in_backticks(pattern: str) -> list[str]:
    """Return the words in backticks in the prose that match a pattern."""
    return sorted({found for found in re.findall(r"`([^`\n]+)`", PROSE) if re.fullmatch(pattern, found)})


def test_the_tables_and_equations_are_those_of_the_code():
    assert model_document.main(["--check"]) == 0, "run: python -m tools.model_document"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "here", "there"),
    [
        (PARTS["MODEL.md"], "**`squash`**", "**`squashed`**"),
        (PARTS["MODEL-POLICIES.md"], "| `caseload` | 10 |", "| `caseload` | 11 |"),
        (PARTS["MODEL-PARAMETERS.md"], "| `encounters.cancelled` | 0.122 |", "| `encounters.cancelled` | 0.121 |"),
        (PARTS["MODEL-STATE.md"], "| `loneliness` | state |", "| `loneliness` | trait |"),
        (OF_POLICIES, "| hours of staff a week | 2 h in each", "| hours of staff a week | 3 h in each"),
    ],
)
def test_a_stale_document_is_found_out(monkeypatch, tmp_path, capsys, text, here, there):
    assert here in text
    stale = tmp_path / "MODEL.md"
    stale.write_text(text.replace(here, there, 1), encoding="utf-8")
    monkeypatch.setattr(model_document, "DOCUMENTS", (stale,))
    assert model_document.main(["--check"]) == 1
    assert "stale" in capsys.readouterr().err
    assert model_document.main([]) == 0
    assert stale.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    "names",
    [
        RULES,
        functions(*WRITTEN),
        PARAMETERS,
        list(OUTCOMES),
        [measure.name for measure in MEASURES],
        list(SOURCES),
        list(PURPOSES),
        COLUMNS,
        list(Mechanisms.model_fields),
    ],
    ids=["rule files", "functions", "parameters", "outcomes", "measures", "sources", "purposes", "columns", "switches"],
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


def block(text: str, name: str) -> str:
    """Return the text between the markers with this name, which occur once."""
    (found,) = re.findall(rf"<!-- begin {re.escape(name)} -->\n(.*?)<!-- end -->", text, flags=re.DOTALL)
    return found


def test_the_table_of_measures_is_that_of_the_code_and_names_no_daily_outcome():
    names = [measure.name for measure in MEASURES]
    assert first_cells(block(TEXT, "measures")) == names
    assert len(set(names)) == len(names)
    assert set(names) & set(OUTCOMES) == set()


def first_cells(table: str) -> list[str]:
    """Return the names in the first cells of the rows of a table."""
    return re.findall(r"^\| `([^`]+)` \|", table, flags=re.MULTILINE)


def test_every_policy_has_a_chapter_and_every_chapter_a_policy():
    assert re.findall(r"<!-- begin policy (\w+) -->", TEXT) == list(POLICIES)
    assert re.findall(r"^## Policy `(\w+)`$", TEXT, flags=re.MULTILINE) == list(POLICIES)
    assert re.findall(r"<!-- begin glance (\w+) -->", OF_POLICIES) == list(POLICIES)
    assert re.findall(r"^## .*\(`(\w+)`\)$", OF_POLICIES, flags=re.MULTILINE) == list(POLICIES)


@pytest.mark.parametrize("key", POLICIES)
def test_every_parameter_of_a_policy_is_in_its_chapter_and_no_other(key):
    """A common parameter with its common default is not in the chapter."""
    policy, common = POLICIES[key], PolicyUse.model_fields
    own = {
        name
        for name, field in policy.model_fields.items()
        if name not in common or str(field.default) != str(common[name].default)
    }
    assert set(first_cells(block(TEXT, f"policy {key}"))) == own - {"policy"}


def test_the_common_parameters_of_policies_are_in_their_table():
    assert first_cells(block(TEXT, "common")) == [name for name in PolicyUse.model_fields if name != "policy"]


def test_all_that_policies_move_is_in_the_table_of_levers_with_who_moves_and_reads_it():
    rows = {row.split("`")[1]: row for row in block(TEXT, "levers").splitlines() if row.startswith("| `")}
    assert set(rows) == {column for policy in POLICIES.values() for column in policy.acts_on}
    assert [row for key, policy in POLICIES.items() for row in policy.acts_on if f"`{key}`" not in rows[row]] == []
    assert [row for row in rows.values() if row.endswith("|  |")] == [], "moved, and read nowhere"
    assert "`attendance_chance` (attendance)" in rows["user.outreach"]


def test_every_lever_is_moved_by_a_policy():
    moved = {column for policy in POLICIES.values() for column in policy.acts_on}
    levers = {
        f"{table}.{column.name}"
        for table, name in model_document.TABLES.items()
        for column in getattr(columns, name)
        if column.kind == "lever"
    }
    assert levers <= moved


@pytest.mark.parametrize("key", sorted(set(POLICIES) - {"usual_care"}))
def test_an_analyst_is_told_what_a_policy_does_and_what_is_not_known(key):
    chapter = OF_POLICIES.partition(f"(`{key}`)")[2].partition("\n## ")[0]
    assert [part for part in ("Acts through", "Speaks for it", "Not known") if f"- **{part}:** " not in chapter] == []


def test_no_cost_is_typed_by_hand():
    prose = re.sub(r"<!-- begin .*?<!-- end -->|```.*?```", "", OF_POLICIES, flags=re.DOTALL)
    assert "a week" in OF_POLICIES
    assert re.findall(r"[\d.]+ (?:h|hours|CNY|yuan|%)\b", prose, flags=re.IGNORECASE) == []


def test_the_example_for_analysts_is_a_scenario(tmp_path):
    (text,) = re.findall(r"```yaml\n(.*?)```", OF_POLICIES, flags=re.DOTALL)
    path = tmp_path / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    assert load_scenario(path).policies


def test_the_table_of_draws_names_every_purpose_with_its_number_once():
    rows = re.findall(r"^\| `([A-Z_]+)` \| (\d+) \|", PROSE, flags=re.MULTILINE)
    assert {name: int(number) for name, number in rows} == PURPOSES
    assert len(rows) == len(PURPOSES)


def test_the_table_of_switches_names_every_switch_once():
    table = PROSE.partition("**Mechanisms off.**")[2].partition("###")[0]
    assert sorted(first_cells(table)) == sorted(Mechanisms.model_fields)


def test_the_table_of_what_policies_do_names_every_policy_once():
    table = PROSE.partition("| policy | what it does |")[2].partition("**Matching.**")[0]
    assert first_cells(table) == list(POLICIES)


def test_the_published_draws_are_those_of_the_code():
    of, seed, park = PURPOSES, np.uint64(2024), 5711 << 16
    assert code_of("park") == 5711
    for word in words(np.uint64(2**64 - 1), of["DEPTH"], 129, 7, park, park + 32768):
        assert str(int(word)) in PROSE
    assert str(uniform(seed, of["ATTENDANCE"], 0, -3, park, 0)) in PROSE
    assert str(normal(seed, of["MOOD"], 0, 10, park, 0)) in PROSE
    assert str(race(seed, of["PARTNER"], 1, 10, park, park + 1, 0.5)) in PROSE


@pytest.mark.parametrize("value", [0.0, 2.0, 0.1625, 2 / 7, 1 / 14, 36525.0, 0.573, 1e9, 1 / 3, 0.123456789])
def test_a_number_can_be_read_back(value):
    assert float(Fraction(model_document.number(value))) == value


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_says_what_it_reads_in_which_order(rule):
    said = " ".join(" ".join(model_document.described(rule).values()).split())
    assert "Reads" in said
    assert "order" in said or "seat by seat" in said


def test_every_rule_has_a_chapter():
    assert [rule for rule in RULES if f"<!-- begin rule {rule} -->" not in TEXT] == []


def test_every_other_word_in_backticks_is_a_name_of_the_code():
    fields = [
        *Scenario.model_fields,
        *Network.model_fields,
        *Observe.model_fields,
        *Mechanisms.model_fields,
        *GENERATORS,
    ]
    values = ["none", "generated", "file", "filled", "reciprocate", "empty", "SESSION", "quadratic_assignment"]
    last = [name.rpartition(".")[2] for name in PARAMETERS]
    defined = [node.name for path in files() for node in tree(path).body if isinstance(node, ast.FunctionDef)]
    of_policies = [*POLICIES, *(name for policy in POLICIES.values() for name in policy.model_fields)]
    known = {*fields, *values, *last, *defined, *COLUMNS, *OUTCOMES, *PURPOSES, *SOURCES, *of_policies}
    words = [word.partition("(")[0] for word in in_backticks(r"[A-Za-z_]\w*(\(\w*\))?") if not word.startswith("test_")]
    assert len(words) > 10
    assert [word for word in words if word not in known] == []


def test_every_test_in_the_table_exists():
    named = in_backticks(r"test_\w+")
    assert len(named) > 10
    assert [name for name in named if name not in named_tests("mechanisms")] == []


def test_every_command_the_prose_names_can_be_given():
    from experiments.cli.app import COMMANDS

    known = set(COMMANDS)
    named = {command.split()[1] for command in in_backticks(r"dayroom \w+.*")}
    assert named
    assert named <= known


@pytest.mark.parametrize("level", ["0.10", "0.35", "0.60", "0.85"])
def test_the_levels_of_closeness_are_those_of_the_code(level):
    assert float(level) in columns.LEVEL_FROM
    assert f"< {level} <=" in TEXT
