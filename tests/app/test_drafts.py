"""Drafts and controls: every setting has a control made from its declaration, and every mistake finds its place."""

import pytest

from experiments.app.closures import spans
from experiments.app.controls import control, every, found, kind_of, of_section
from experiments.app.draft import Draft, changes
from experiments.app.ties import GENERATED, KINDS, kept_kinds, of_kind
from sim.language import Language, speaking_to
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.policy import policies
from sim.scenario.text.files import shipped_files
from sim.scenario.text.nodes import shown

BASELINE = load_scenario("baseline")


@pytest.mark.parametrize("name", sorted(shipped_files()))
def test_the_draft_of_a_scenario_is_that_scenario(name: str) -> None:
    scenario = load_scenario(name)
    assert Draft.of(scenario).check().scenario == scenario


def test_every_parameter_has_a_control_with_its_range_unit_and_meaning() -> None:
    draft = Draft.of(BASELINE)
    shapes = every(BASELINE)
    assert len(shapes) > 400
    for path, at in shapes.items():
        made = control(path, at, draft, {})
        assert made is not None
        assert made["label"]
        if at.quantity is not None:
            heads = [head for head, _ in made["help"]]
            assert {"meaning", "allowed", "plausible", "default", "grade"} <= set(heads), shown(path)
            assert made["slider"] is None or made["slider"]["low"] <= float(made["value"]) <= made["slider"]["high"]


def test_every_policy_can_be_added_and_has_controls() -> None:
    for name, kind in policies().items():
        draft = Draft.of(BASELINE).having(("policies", "mine"), {**kind.example, "policy": name})
        assert draft.check().mistakes == {}, name
        fields = [one for one in kind.model_fields if one != "policy"]
        made = of_section(kind, ("policies", "mine"), fields, draft, {})
        assert {one["path"][-1] for one in made} >= {"start", "eligible"}


def test_a_mistake_stands_under_its_path_in_both_languages() -> None:
    draft = Draft.of(BASELINE).having(("centres", "park", "timetable", 1, "minutes"), "two")
    draft = draft.having(("users", "women"), 3)
    for language, word in ((Language.en, "allowed"), (Language.zh, "应为")):
        with speaking_to(language):
            checked = draft.check()
        assert checked.scenario is None
        assert set(checked.mistakes) == {"centres.park.timetable.2.minutes", "users.women"}
        assert all(word in mistake for mistake in checked.mistakes.values())


def test_changes_list_what_differs_and_nothing_else() -> None:
    draft = Draft.of(BASELINE)
    assert changes(draft, draft) == []
    changed = draft.having(("users", "women"), 0.5).having(("budget", "hours"), 3)
    assert changes(draft, changed) == [("users.women", BASELINE.users.women, 0.5), ("budget.hours", None, 3)]
    back = changed.having(("budget", "hours"), None).having(("users", "women"), BASELINE.users.women)
    assert changes(draft, back) == []


def test_a_unit_counts_as_in_a_file() -> None:
    draft = Draft.of(BASELINE).having(("days",), "3 weeks").having(("users", "women"), "40 %")
    scenario = draft.check().scenario
    assert scenario is not None
    assert (scenario.days, scenario.users.women) == (21, 0.4)


def test_a_search_finds_by_key_and_meaning_in_the_readers_language() -> None:
    shapes = every(BASELINE)
    assert shown(found("leak rate", shapes)[0]) == "rules.conversation.leak_rate"
    assert found("", shapes) == []
    with speaking_to(Language.zh):
        assert any("trust" in shown(path) for path in found("信任", shapes))


def test_only_values_that_a_control_can_hold_have_one() -> None:
    assert all(kind_of(at) for at in every(BASELINE).values())
    assert ("name",) not in every(BASELINE)


def test_closures_of_one_list_of_holidays_count_as_one() -> None:
    draft = Draft.of(BASELINE).having(("first_date",), "2027-01-04")
    draft = draft.having(("centres", "park", "closures"), [{"first": 1, "last": 2}, {"holidays": "china"}])
    scenario = draft.check().scenario
    assert scenario is not None
    closures = Draft.of(scenario).at(("centres", "park", "closures"))
    assert len(closures) > 3
    assert spans(closures) == [(0, 1), (1, len(closures))]


def test_a_network_from_a_file_comes_back_and_no_other_is_offered() -> None:
    path = ("network",)
    base = Draft({"network": {"kind": "file", "file": "ties.csv", "scale": 10}})
    strangers = of_kind(base.at(path), "none", base.at(path))
    assert strangers == {"kind": "none", "scale": 10}
    assert of_kind(strangers, "file", base.at(path)) == {"kind": "file", "file": "ties.csv", "scale": 10}
    assert kept_kinds(base, path, "none") == ["file"]
    assert kept_kinds(Draft.of(BASELINE), path, "generated") == []


def test_every_kind_of_network_has_words_and_fits() -> None:
    from sim.scenario.schema.network import ARGUMENTS_OF, Network

    draft = Draft.of(BASELINE)
    for generator in ARGUMENTS_OF:
        made = draft.having(("network",), {"kind": "generated", "generator": generator}).check()
        assert made.mistakes == {}, generator
    assert set(GENERATED) == set(ARGUMENTS_OF)
    assert set(KINDS) == set(Network.model_fields["kind"].annotation.__args__)
