"""Words of conditions and policies, explained before they stand in a file."""

from pathlib import Path

import pytest

from experiments.cli.app import main
from sim.scenario.conditions.condition import Condition
from sim.scenario.conditions.grammar import KEYWORDS
from sim.scenario.conditions.names import AGGREGATES, CENTRE_ATTRIBUTES, EVERYBODY, OPERATORS, USER_ATTRIBUTES
from sim.scenario.reading.load import read_as
from sim.scenario.reading.policies import all_policies, default_of, example, example_text, fields_of, policy
from sim.scenario.reading.shape import number
from sim.scenario.reading.warnings import warnings_in
from sim.scenario.reading.words import all_words, word
from sim.scenario.schema.policy import policies
from sim.scenario.schema.scenario import SCENARIO_PARAMETERS
from sim.scenario.text.errors import ScenarioError
from sim.sources import SOURCES
from sim.state.columns import CONFIDANT, FRIEND

QUANTITIES = {**USER_ATTRIBUTES, **CENTRE_ATTRIBUTES}
WORDS = [*QUANTITIES, *AGGREGATES, *EVERYBODY, *OPERATORS]


def facts(text: str) -> dict[str, str]:
    """Return the lines of an explanation by their heading."""
    return {line[2:13].strip(): line[13:] for line in text.splitlines()[1:]}


@pytest.mark.parametrize("name", WORDS)
def test_every_word_is_explained_and_listed(name):
    assert facts(word(name))["meaning"]
    assert any(line.split()[:1] == [name] for line in all_words().splitlines())


@pytest.mark.parametrize("name", [*QUANTITIES, *AGGREGATES, "all", "nobody"])
def test_every_example_is_a_condition(name):
    key, _, text = facts(word(name))["example"].partition(": ")
    assert Condition(text, {"eligible": "user", "when": "centre"}[key]).text == text


@pytest.mark.parametrize("name", QUANTITIES)
def test_every_threshold_and_source_exists(name):
    known = QUANTITIES[name]
    assert known.threshold in {"", *(one.path for one in SCENARIO_PARAMETERS)}
    assert known.source in {"", *SOURCES}


def test_a_threshold_stands_there_with_its_value_unit_grade_and_source():
    threshold = next(one for one in SCENARIO_PARAMETERS if one.path == "rules.episodes.newcomer_days")
    told = facts(word("newcomer"))
    value = f"{threshold.path}: {number(threshold.default)} {threshold.quantity.unit} by default"
    assert told["threshold"].startswith(f"{value} ({threshold.quantity.grade}; ")
    assert told["source"].startswith(SOURCES[threshold.quantity.source].authors)
    assert told["kind"] == "true or false; of each user"


def test_levels_of_closeness_are_those_of_the_model():
    assert facts(word("friends"))["exactly"].endswith(f"at least {FRIEND:g}")
    assert facts(word("confidants"))["exactly"].endswith(f"at least {CONFIDANT:g}")


def test_a_label_leads_to_its_quantity():
    assert word("schizophrenia") == word("diagnosis")


def test_the_words_of_the_grammar_are_all_operators():
    assert set(KEYWORDS) == {"and", "or", "not", "in", "for"}


@pytest.mark.parametrize(
    ("given", "meant"), [("newcommer", "newcomer"), ("attendence", "attendance"), ("meen", "mean")]
)
def test_a_misspelt_word_gets_the_nearest(given, meant):
    with pytest.raises(ScenarioError, match=rf"did you mean '{meant}'"):
        word(given)


@pytest.mark.parametrize("name", policies())
def test_every_policy_has_an_example_that_passes_the_check(name):
    use = policies()[name]
    text = example_text(use)
    loaded = read_as(f"extends: baseline\n{text}\n", Path("example.yaml"))
    assert [one.policy for one in loaded.scenario.policies.values()] == [name]
    wrong = [one for one in warnings_in(loaded) if "changes no staff" not in one.sentence]
    assert wrong == []
    assert text in policy(name).replace("\n    ", "\n")


@pytest.mark.parametrize("name", policies())
def test_every_option_of_a_policy_is_explained_with_its_default(name):
    use, told = policies()[name], policy(name)
    rows = {line.split()[0]: line for line in told.splitlines() if line.startswith("    ")}
    assert set(use.model_fields) - {"policy"} <= set(rows)
    for option, field in fields_of(use).items():
        assert f" {default_of(field) or 'not set'} by default" in rows[option]
    assert "hours of staff a week: " in told
    assert f"  {name} " in all_policies()


def test_a_policy_that_its_defaults_do_not_make_has_an_example_that_does():
    assert example(policies()["outreach"]).uptake == pytest.approx(0.8)
    assert example(policies()["activity_timetable"]).grouping == "rotating"


def test_a_misspelt_policy_gets_the_nearest():
    with pytest.raises(ScenarioError, match="did you mean 'outreach'"):
        policy("outrech")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("word", "newcomer"), "days_since_arrival < newcomer_days"),
        (("word",), "Aggregates over the users of a centre"),
        (("policy", "peer-support-workers"), "loneliness_ucla20 > 45"),
        (("policy",), "codesign"),
        (("users.women",), "Share of women"),
        (("outreach", "policies.outreach.after"), "Opening days missed in a row"),
    ],
)
def test_the_command_answers(words, told, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["explain", *words])
    assert not ended.value.code
    assert told in capsys.readouterr().out
