"""A YAML file becomes a scenario: values, defaults, inheritance, files beside it, and the way back to YAML."""

import copy
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario.reading.explain import walked
from sim.scenario.reading.load import load_scenario, read, read_as
from sim.scenario.reading.shape import ROOT
from sim.scenario.reading.show import show, word
from sim.scenario.schema.scenario import Centre, Network, Scenario, Session
from sim.scenario.text import files
from sim.scenario.text.errors import ScenarioError
from sim.scenario.text.files import shipped_files, shipped_folder
from sim.scenario.text.nodes import resolved

FILE = Path("x.yaml")
CHECKOUT = Path(__file__).parents[2]


def load(text: str) -> Scenario:
    """Load a scenario from its text."""
    return read_as(text, FILE).scenario


def write(folder: Path, **files: str) -> Path:
    """Write scenario files by stem and return the path of the first."""
    for stem, text in files.items():
        (folder / f"{stem}.yaml").write_text(text)
    return folder / f"{next(iter(files))}.yaml"


def test_what_is_not_written_takes_its_default():
    assert load("days: 30\n") == Scenario(name="x", days=30)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("~", None), ("null", None), ("", None), ("true", True), ("False", False), ("yes", "yes"), ("off", "off"),
        ("12", 12), ("-12", -12), ("+3", 3), ("012", 12), ("0o14", 12), ("0x1F", 31), ("1_000", "1_000"),
        ("12:30", "12:30"), ("1.5", 1.5), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("2024-01-01", "2024-01-01"),
        (".inf", float("inf")), ("-.INF", float("-inf")), (".", "."), ("1e", "1e"), ("0b1", "0b1"),
        ("NULL", None), ("nULL", "nULL"),
    ],
)  # fmt: skip
def test_plain_words_mean_what_yaml_1_2_says(text, value):
    found = resolved(text)
    assert found == value
    assert type(found) is type(value)


def test_quoted_and_block_text_is_text():
    found = load("title: '5'\nquestion: |\n  null\n")
    assert found.title == "5"
    assert found.question == "null\n"


def test_whole_numbers_may_be_written_with_a_point_and_numbers_with_units():
    found = load(
        "days: 3.0 weeks\nreplicates: 5.0\ncentres: {park: {timetable: [{activity: crafts, minutes: 1.5 h}]}}\n"
    )
    assert (found.days, found.replicates) == (21, 5)
    assert found.centres["park"].timetable == (Session(activity="crafts", minutes=90),)


def test_a_bare_number_is_the_mean_of_a_trait():
    users = load("users: {empathy: 0.3, sociability: 35 %}\n").users
    assert (users.empathy.mean, users.empathy.sd) == (0.3, 0.17)
    assert users.sociability.mean == 0.35


@pytest.mark.parametrize(("stem", "name"), [("my-park", "my-park"), ("My Park (2)", "my-park-2"), ("a.b", "a-b")])
def test_a_scenario_without_a_name_is_named_after_its_file(tmp_path, stem, name):
    assert load_scenario(write(tmp_path, **{stem: "days: 3\n"})).name == name


def test_a_file_name_that_makes_no_name_asks_for_one(tmp_path):
    path = write(tmp_path, **{"！": "days: 3\n"})
    with pytest.raises(ScenarioError, match="makes no short name; add one such as `name: park-2`"):
        load_scenario(path)


# Inheritance


def test_mappings_are_merged_lists_are_replaced(tmp_path):
    path = write(
        tmp_path,
        top="extends: middle.yaml\nusers: {women: 0.5}\n"
        "centres: {park: {open: [monday], timetable: [{activity: crafts}]}}\n",
        middle="extends: ./base.yaml\nusers: {empathy: {sd: 0.1}}\nrules: {attendance: {mood_slope: 3}}\n",
        base="days: 9\nusers: {women: 0.1, empathy: 0.4}\n"
        "centres: {park: {users: 30, open: [tuesday, friday]}, sun: {}}\n"
        "rules: {attendance: {mood_slope: 1, habit_slope: 1}}\n",
    )
    assert load_scenario(path) == Scenario(
        name="top",
        days=9,
        users={"women": 0.5, "empathy": {"mean": 0.4, "sd": 0.1}},
        centres={"park": Centre(users=30, open=("monday",), timetable=(Session(activity="crafts"),)), "sun": Centre()},
        rules={"attendance": {"mood_slope": 3, "habit_slope": 1}},
    )


def test_replace_drops_what_a_section_inherits(tmp_path):
    path = write(
        tmp_path,
        top="extends: base.yaml\nreplace: [centres, days]\ncentres: {sun: {users: 9}}\n",
        base="days: 9\nusers: {women: 0.1}\ncentres: {park: {users: 30}, sun: {staff: 1}}\n",
    )
    assert load_scenario(path) == Scenario(name="top", users={"women": 0.1}, centres={"sun": Centre(users=9)})


ON_A_RING = "network: {generator: watts_strogatz_graph, arguments: {k: 4, p: 0.1}, told_share: 0.2}\n"


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        (
            "generator: barabasi_albert_graph, arguments: {m: 4}",
            Network(generator="barabasi_albert_graph", arguments={"m": 4}, told_share=0.2),
        ),
        (
            "generator: powerlaw_cluster_graph, arguments: {m: 2}",
            Network(generator="powerlaw_cluster_graph", arguments={"m": 2, "p": 0.5}, told_share=0.2),
        ),
        (
            "generator: gnp_random_graph",
            Network(generator="gnp_random_graph", arguments={"p": 0.25}, told_share=0.2),
        ),
        ("arguments: {k: 8}", Network(arguments={"k": 8, "p": 0.1}, told_share=0.2)),
        ("hours_per_year: 9", Network(arguments={"k": 4, "p": 0.1}, told_share=0.2, hours_per_year=9)),
    ],
)
def test_arguments_are_inherited_with_their_generator_only(tmp_path, top, expected):
    path = write(tmp_path, top=f"extends: base.yaml\nnetwork: {{{top}}}\n", base=ON_A_RING)
    assert load_scenario(path).network == expected


def test_arguments_follow_a_generator_that_is_inherited(tmp_path):
    path = write(
        tmp_path,
        top="extends: base.yaml\nnetwork: {arguments: {m: 4}}\n",
        base="network: {generator: barabasi_albert_graph}\n",
    )
    assert load_scenario(path).network == Network(generator="barabasi_albert_graph", arguments={"m": 4})


def test_name_title_and_question_are_not_inherited(tmp_path):
    path = write(tmp_path, top="extends: base.yaml\n", base="name: other\ntitle: T\nquestion: Q\ndays: 3\n")
    found = load_scenario(path)
    assert (found.name, found.title, found.question, found.days) == ("top", "", "", 3)


def test_files_are_found_from_the_file_that_names_them(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    shutil.copy(CHECKOUT / "scenarios" / "participants.csv", inner)
    write(inner, base="centres: {park: {users: 14, users_file: participants.csv}}\n")
    path = write(tmp_path, top="extends: inner/base.yaml\n")
    assert load_scenario(path).centres["park"].users_file == (inner / "participants.csv").resolve()
    up = write(inner, up="extends: ../inner/base.yaml\n")
    assert load_scenario(up).centres["park"].users == 14


def test_origins_tell_where_each_value_was_set_and_what_it_replaced(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = write(
        tmp_path,
        top="extends: middle.yaml\nusers:\n  women: 0.5\n  empathy: 0.3\n",
        middle="extends: ./base.yaml\nusers: {women: 0.2}\ncentres: {park: {open: [friday, monday, wednesday]}}\n",
        base="users: {women: 0.1, empathy: {mean: 0.4, sd: 0.1}}\ncentres: {park: {open: [monday, tuesday]}}\n",
    )
    loaded = read(path)
    women = loaded.origins["users.women"]
    assert (str(women), women.value) == ("top.yaml:3:10", 0.5)
    assert [(str(one), one.value) for one in women.overrides] == [("middle.yaml:2:16", 0.2), ("base.yaml:1:16", 0.1)]
    assert str(loaded.origins["users.empathy.mean"]) == "top.yaml:4:12"
    assert [one.value for one in loaded.origins["users.empathy.mean"].overrides] == [0.4]
    assert loaded.origins["users.empathy.sd"].overrides == ()
    assert loaded.origins["centres.park.open"].overrides[0].value == ["monday", "tuesday"]
    assert "users.ocd" not in loaded.origins
    assert [file.name for file in loaded.files] == ["top.yaml", "middle.yaml", "base.yaml"]


# Shipped scenarios


def test_shipped_scenarios_load_by_name_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert {"baseline", "fourteen-participants", "strangers"} <= set(shipped_files())
    for name in shipped_files():
        assert load_scenario(name).name == name


def test_a_shipped_name_goes_before_a_file_of_the_same_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "baseline").write_text("days: 3\n")
    (tmp_path / "mine").write_text("days: 3\n")
    assert load_scenario("baseline").days == 365
    assert load_scenario("./baseline").days == 3
    assert load_scenario(Path("baseline")).days == 3
    assert load_scenario("mine").days == 3


def test_shipped_scenarios_are_found_inside_an_installed_package(tmp_path, monkeypatch):
    package = tmp_path / "sim"
    (package / "scenario" / "reading").mkdir(parents=True)
    monkeypatch.setattr(files, "__file__", str(package / "scenario" / "text" / "files.py"))
    assert shipped_folder() == tmp_path / "scenarios"
    shutil.copytree(CHECKOUT / "scenarios", package / "_shipped_scenarios")
    assert shipped_folder() == package / "_shipped_scenarios"
    assert (
        load_scenario("fourteen-participants").centres["park"].users_file
        == package / "_shipped_scenarios" / "participants.csv"
    )


def test_the_baseline_writes_out_the_default_centre():
    assert load_scenario("baseline").centres == {"park": Centre()}


def test_the_baseline_leaves_users_rules_and_surroundings_to_the_defaults():
    found, defaults = load_scenario("baseline"), Scenario(name="x")
    for section in ("users", "rules", "society", "mechanisms", "network", "policies"):
        assert getattr(found, section) == getattr(defaults, section)


def test_strangers_have_not_met_before_the_first_day():
    found = load_scenario("strangers")
    assert found.network.kind == "none"
    assert found.settling == 0


def test_the_fourteen_participants_are_those_of_table_2():
    lines = (CHECKOUT / "scenarios" / "participants.csv").read_text().splitlines()
    columns = [dict(zip(lines[0].split(","), line.split(","), strict=True)) for line in lines[1:]]
    assert [one["participant"] for one in columns] == [f"P{number}" for number in range(1, 15)]
    assert sum(one["sex"] == "F" for one in columns) == 4
    assert sum(one["diagnosis"] == "schizophrenia" for one in columns) == 10
    assert sum(int(one["years_in_centre"]) for one in columns) / 14 == pytest.approx(7.64, abs=0.005)
    assert sum(int(one["years_ill"]) for one in columns) / 14 == pytest.approx(20, abs=0.005)
    assert {one["participant"]: one["lives_with"] for one in columns if one["lives_with"] != "parents"} == {
        "P13": "child",
        "P14": "alone",
    }


@pytest.mark.parametrize("path", sorted((CHECKOUT / "scenarios").glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_files_point_editors_to_the_schema_and_stand_in_the_table(path):
    assert path.read_text().startswith("# yaml-language-server: $schema=schema.json\n")
    assert f"[`{path.stem}`]({path.name})" in (CHECKOUT / "scenarios" / "README.md").read_text()
    found = load_scenario(path)
    assert found.title
    assert found.question


# The way back


@pytest.mark.parametrize("name", shipped_files())
def test_what_is_shown_loads_again_to_the_same(name):
    loaded = read(name)
    for folder in (None, shipped_folder()):
        assert read_as(show(loaded.scenario, folder), shipped_folder() / "again.yaml").scenario == loaded.scenario


def test_what_is_shown_has_units_and_file_names_from_its_folder():
    text = show(load_scenario("fourteen-participants"), shipped_folder())
    assert "days: 365  # day\n" in text
    assert "    users_file: participants.csv\n" in text.replace('"', "")


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
NUMBERS = [
    (path, at)
    for path, at, _ in walked(Scenario(name="x"), ROOT, ())
    if at.quantity and path[0] not in ("users", "centres")
]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    TEXT,
    st.lists(st.tuples(st.sampled_from(NUMBERS), st.floats(0, 1)), max_size=5),
    st.dictionaries(
        st.from_regex(r"[a-z0-9][a-z0-9_-]{0,8}", fullmatch=True), st.integers(5, 50), min_size=1, max_size=3
    ),
)
def test_any_scenario_survives_the_way_to_yaml_and_back(title, numbers, centres):
    raw: dict = {"name": "x", "title": title, "centres": {name: {"users": users} for name, users in centres.items()}}
    for (path, at), share in numbers:
        low, high = at.quantity.bounds
        place = raw
        for part in path[:-1]:
            place = place.setdefault(part, {})
        place[path[-1]] = round(low + share * (high - low)) if at.annotation is int else low + share * (high - low)
    scenario = Scenario.model_validate(copy.deepcopy(raw))
    assert load(show(scenario)) == scenario


@given(TEXT)
def test_words_are_quoted_when_yaml_would_read_them_otherwise(text):
    written = f"title: {word(text)}\n"
    assert written.rstrip("\n").isprintable()
    assert load(written).title == text
