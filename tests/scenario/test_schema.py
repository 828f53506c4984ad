"""The JSON Schema for editors: up to date, consistent with the loader, and helpful on hover."""

import json
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from sim.scenario.reading.json_schema import json_schema, json_schema_text
from sim.scenario.reading.load import load_scenario
from sim.scenario.reading.show import show
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.files import shipped_files, shipped_folder

SCHEMA = json_schema()
JUDGE = jsonschema.Draft202012Validator(SCHEMA)


def complaints(text: str) -> list[str]:
    """Check a YAML text against the schema, as an editor does."""
    return [error.json_path for error in JUDGE.iter_errors(YAML(typ="safe", pure=True).load(text))]


def test_the_shipped_schema_is_up_to_date():
    committed = json.loads((shipped_folder() / "schema.json").read_text(encoding="utf-8"))
    assert committed == json.loads(json_schema_text()), (
        "run: dayroom scenario schema --out scenarios/schema.json --overwrite"
    )


def test_it_is_a_schema_of_draft_2020_12():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("name", shipped_files())
def test_it_accepts_the_shipped_scenarios_as_written_and_in_full(name):
    assert complaints((shipped_folder() / f"{name}.yaml").read_text(encoding="utf-8")) == []
    assert complaints(show(load_scenario(name))) == []


@pytest.mark.parametrize(
    "text",
    [
        "days: 3 weeks",
        "days: 21",
        "users: {empathy: 0.4, sociability: 35 %, interest: {mean: 0.5, sd: 0.1}}",
        "rules: {turnover: {leaving_rate: 20 %/month}}",
        "extends: baseline\nreplace: [centres, policies]",
        "centres: {park: {users_file: p.csv, network: {kind: none}}}",
        "seed: 5",
        "network: {generator: barabasi_albert_graph, arguments: {m: 3 users}}",
        "network: {generator: barabasi_albert_graph}",
        "extends: mine.yaml\nnetwork: {arguments: {m: 3}}",
    ],
)
def test_it_accepts_what_the_loader_accepts(text):
    assert complaints(text) == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("dayz: 3", "$"),
        ("days: 0", "$.days"),
        ("days: 1.5", "$.days"),
        ("days: three", "$.days"),
        ("seed: null", "$.seed"),
        ("users: {women: 1.4}", "$.users.women"),
        ("users: {empathy: 1.4}", "$.users.empathy"),
        ("users: {empathy: {men: 0.4}}", "$.users.empathy"),
        ("centres: {Park: {}}", "$.centres"),
        ("centres: {park: {open: [munday]}}", "$.centres.park.open[0]"),
        ("centres: {park: {timetable: [{minutes: 5}]}}", "$.centres.park.timetable[0]"),
        ("mechanisms: {group_advocacy: 'yes'}", "$.mechanisms.group_advocacy"),
        ("replace: [centre]", "$.replace[0]"),
        ("extends: 5", "$.extends"),
        ("network: {scale: 0}", "$.network.scale"),
        ("network: {arguments: {q: 3}}", "$.network.arguments"),
        ("network: {generator: barabasi_albert_graph, arguments: {k: 3}}", "$.network.arguments"),
        ("network: {generator: watts_strogatz_graph, arguments: {p: 2}}", "$.network.arguments.p"),
    ],
)
def test_it_underlines_what_the_loader_refuses(text, where):
    assert complaints(text) == [where]


def test_hovering_helps():
    women = SCHEMA["$defs"]["Users"]["properties"]["women"]
    assert women["description"] == (
        "Share of women (4 of 14). Default 0.2857142857142857; allowed 0 to 1; plausible 0.15 to 0.5. "
        "Grade: measured; source: fan-2024."
    )
    assert "allowed 1 to 36525 day" in SCHEMA["properties"]["days"]["description"]
    assert all(field.get("description") for field in SCHEMA["properties"].values())
    assert set(SCHEMA["properties"]) == {*Scenario.model_fields, "extends", "replace"}


def test_it_says_nothing_of_null():
    assert "null" not in json.dumps(SCHEMA)


def test_it_needs_nothing_from_elsewhere():
    references = [line for line in json_schema_text().splitlines() if '"$ref"' in line]
    assert references
    assert all('"#/$defs/' in line for line in references)
    assert Path(shipped_folder() / "schema.json").stat().st_size < 400_000
