"""`Scenario.with_changes` merges as `extends` does; `Replace` takes the place of what was there."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from sim.scenario.reading.load import load_scenario, read_as
from sim.scenario.schema.changes import Replace
from sim.scenario.schema.scenario import Centre, Network, Scenario
from sim.scenario.text.errors import ScenarioError

CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("high-turnover", {"rules": {"wellbeing": {"lonely_need": 0.2}}}),
    ("high-turnover", {"rules": {"turnover": {"newcomer_ratio": 3}}, "days": 28}),
    ("high-turnover", {"users": {"empathy": 0.4, "tenure_sd": "1 year"}}),
    ("baseline", {"centres": {"park": {"users": 12, "staff": 1}}}),
    ("baseline", {"centres": {"second": {"users": 12}}, "mechanisms": {"hope": False}}),
    ("baseline", {"network": {"hours_per_year": 20}}),
    ("baseline", {"network": {"generator": "gnp_random_graph", "arguments": {"p": 0.2}}}),
    ("respite", {"policies": {"respite": {"uptake": 0.4}, "cap": {"policy": "help_cap"}}}),
    ("respite", {"policies": {"respite": {"policy": "outreach"}}}),
    ("respite", {"policies": {}}),
    ("freshmen", {"observe": {"limit": 3}}),
]


def extended(base: str, changes: dict[str, Any], folder: Path, replaced: tuple[str, ...] = ()) -> Scenario:
    """Write the changes as a file that extends the base, and load it."""
    path = folder / "changed.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML().dump({"extends": base, **({"replace": list(replaced)} if replaced else {}), **changes}, file)
    return load_scenario(path)


def renamed(scenario: Scenario) -> dict[str, Any]:
    return scenario.model_dump(mode="json", exclude={"name", "title", "question"})


def use_names(scenario: Scenario) -> list[str]:
    return [use.policy for use in scenario.policies.values()]


@pytest.mark.parametrize(("base", "changes"), CHANGES, ids=[f"{base}-{n}" for n, (base, _) in enumerate(CHANGES)])
def test_changes_merge_as_a_file_merges_with_what_it_extends(
    base: str, changes: dict[str, Any], tmp_path: Path
) -> None:
    changed = load_scenario(base).with_changes(**changes)
    assert renamed(changed) == renamed(extended(base, changes, tmp_path))


REPLACED = [
    ("high-turnover", {"rules": {"wellbeing": {"lonely_need": 0.2}}}),
    ("baseline", {"centres": {"second": {"users": 12}}}),
    ("respite", {"policies": {"cap": {"policy": "help_cap"}}}),
]


@pytest.mark.parametrize(("base", "changes"), REPLACED, ids=[next(iter(changes)) for _, changes in REPLACED])
def test_replace_drops_what_was_there_as_in_a_file(base: str, changes: dict[str, Any], tmp_path: Path) -> None:
    given = {name: Replace(value) for name, value in changes.items()}
    changed = load_scenario(base).with_changes(**given)
    assert renamed(changed) == renamed(extended(base, changes, tmp_path, tuple(changes)))


def test_a_changed_rule_leaves_the_other_rules_of_the_scenario() -> None:
    before = load_scenario("high-turnover")
    after = before.with_changes(rules={"wellbeing": {"lonely_need": 0.2}})
    assert after.rules.turnover == before.rules.turnover
    assert after.rules.turnover.newcomer_ratio == 4
    assert after.rules.wellbeing.lonely_need == 0.2


def test_policies_are_added_and_replace_removes_them() -> None:
    base = load_scenario("respite")
    assert use_names(base.with_changes(policies={"cap": {"policy": "help_cap"}})) == ["respite", "help_cap"]
    assert use_names(base.with_changes(policies=Replace({}))) == []


def test_typed_sections_take_the_place_of_the_old_ones() -> None:
    base = load_scenario("baseline").with_changes(centres={"park": {"staff": 7}}, network={"hours_per_year": 40})
    assert base.with_changes(centres={"park": Centre(users=9)}).centres["park"] == Centre(users=9)
    assert base.with_changes(network=Network()).network == Network()


def test_replace_works_below_the_top_too() -> None:
    base = load_scenario("high-turnover").with_changes(rules={"wellbeing": {"lonely_need": 0.2}})
    changed = base.with_changes(rules={"turnover": Replace({"newcomer_ratio": 3})})
    plain = read_as("rules: {turnover: {newcomer_ratio: 3}}\n", Path("x.yaml")).scenario
    assert changed.rules.turnover == plain.rules.turnover
    assert changed.rules.wellbeing.lonely_need == 0.2


@pytest.mark.parametrize("changes", [{"rules": {"wellbeings": {}}}, {"centres": {"park": {"users": 2}}}, {"day": 3}])
def test_changes_are_checked(changes: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError):
        load_scenario("baseline").with_changes(**changes)


@pytest.mark.parametrize("base", ["baseline", "respite", "roll-out", "freshmen"])
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"rules": {"welbeing": {}}, "seed": None},
            "unknown key 'welbeing' in rules; did you mean 'wellbeing'? allowed",
        ),
        ({"days": 0}, "days: found 0, allowed is"),
        ({"first_day": "munday"}, "first_day: found 'munday'; did you mean 'monday'? allowed"),
        ({"policies": {"x": {"policy": "respit"}}}, "policies.x.policy: found 'respit'; did you mean 'respite'?"),
        ({"observe": {"waves": (9, 3)}}, "observe.waves: found 9, 3; allowed are days from 0 on"),
    ],
)
def test_a_wrong_change_is_refused_in_the_words_of_a_file(base: str, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(base).with_changes(**changes)
    assert "pydantic" not in str(caught.value)
    [problem] = caught.value.problems
    assert str(problem) == f"{base}: {problem.sentence}"
    assert sentence in problem.sentence
    assert caught.value.reasons == problem.sentence
