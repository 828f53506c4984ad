"""Changed parameters: what is not allowed gives a sentence with what was found and what is allowed."""

import pytest

from experiments.designs.changes import changed
from sim.scenario.reading.load import load_scenario
from sim.scenario.text.errors import InputError, ScenarioError


def test_parameters_change_by_their_paths_and_a_star_means_every_centre() -> None:
    baseline = load_scenario("baseline")
    other = changed(baseline, {"centres.*.users": 40, "users.empathy.mean": 0.3})
    assert {centre.users for centre in other.centres.values()} == {40}
    assert other.users.empathy.mean == 0.3
    assert changed(baseline, {}) == baseline


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"users.women": 2.0}, r"^baseline: users\.women: found 2\.0, allowed is .*0 to 1"),
        ({"users.age_mean": 20.0, "users.age_sd": 19.0}, r"^baseline: .*age_sd 19 is too wide for age_mean 20"),
    ],
    ids=["out of range", "contradiction"],
)
def test_a_value_that_is_not_allowed_is_named_as_in_a_file(values: dict[str, float], sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence) as refused:
        changed(load_scenario("baseline"), values)
    assert "Input should" not in str(refused.value)
    assert "Value error" not in str(refused.value)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("users.womn", "users.womn: found 'womn'; did you mean 'women'"),
        ("days.long", "days.long: found 'long', allowed is a shorter path"),
    ],
)
def test_an_unknown_path_is_named_with_what_is_allowed(path: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        changed(load_scenario("baseline"), {path: 1.0})
