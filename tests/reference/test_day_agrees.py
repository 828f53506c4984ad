"""The day in plain Python, written from MODEL.md and its appendices alone, agrees with the engine under the same draws.

They agree user by user and tie by tie, day after day, within 1e-12, not only in distribution as the plain Mesa model
does. What policy reviews move comes from the engine.
"""

import pytest
from agreement import Pair, state_differences
from crowded import at_random, crowded
from plain_day.chance import arrival, normal, share, words
from plain_day.copying import copied
from plain_day.living import settle
from plain_day.recording import COUNTS

from experiments.designs.changes import changed
from sim import load_scenario
from sim.engine import Engine
from sim.scenario.schema.rules import RULE_PARAMETERS
from sim.scenario.schema.scenario import Mechanisms, Scenario
from sim.scenario.text.files import shipped_files

DAYS, SEED, USERS, SETTLING = 60, 11, 8, 14
USER = 374276096
"""The `uid` in the document's test vectors."""


def small(scenario: Scenario) -> Scenario:
    """Cut a scenario to one centre of each kind with few users; users of a file all stay."""
    cut = {}
    for name, centre in scenario.centres.items():
        users = centre.users if centre.users_file else USERS
        cut[name] = centre.model_copy(
            update={"users": users, "copies": 1, "staff": centre.staff * users / centre.users}
        )
    return scenario.with_changes(centres=cut, settling=min(scenario.settling, SETTLING), days=DAYS)


def test_draws_are_those_of_the_document():
    assert words(2**64 - 1, "DEPTH", 7, 129, USER, 374308864) == (560021607, 3664990746, 1873678629, 3404548066)
    assert share(words(2024, "ATTENDANCE", -3, 0, USER)[0]) == 0.9544918342726305
    mood = [share(word) for word in words(2024, "MOOD", 10, 0, USER)]
    assert normal(mood[0], mood[1]) == pytest.approx(1.3730563548766102, abs=1e-14)
    partner = share(words(2024, "PARTNER", 10, 1, USER, USER + 1)[0])
    assert arrival(partner, 0.5) == pytest.approx(0.8943761560994569, abs=1e-14)


@pytest.mark.slow
@pytest.mark.parametrize("name", shipped_files())
def test_a_shipped_scenario_is_lived_alike(name):
    assert Pair(small(load_scenario(name)), SEED).disagreement(DAYS) == ""


def test_a_crowded_house_is_lived_alike_and_all_happens_in_it():
    pair = Pair(crowded(), SEED)
    assert pair.disagreement(DAYS) == ""
    assert [name for name in COUNTS if pair.counts[name] == 0] == []


@pytest.mark.parametrize("name", Mechanisms.model_fields)
def test_a_house_without_a_mechanism_is_lived_alike(name):
    without = changed(crowded(), {f"mechanisms.{name}": False})
    assert Pair(without, SEED).disagreement(DAYS // 2) == ""
    assert Pair(without, SEED, plainly=crowded()).disagreement(DAYS // 2) != ""


@pytest.mark.parametrize("number", range(20))
def test_a_house_at_random_is_lived_alike(number):
    assert Pair(at_random(number), number).disagreement(DAYS) == ""


@pytest.mark.slow
@pytest.mark.parametrize("number", range(100, 400))
def test_many_houses_at_random_are_lived_alike(number):
    assert Pair(at_random(number), number).disagreement(DAYS) == ""


def test_an_empty_house_is_lived_alike():
    deserted = small(load_scenario("baseline")).with_changes(settling=0)
    rates = {"leaving_rate": 5, "vacancy_days": 1000, "identity_slope": 0}
    pair = Pair(changed(deserted, {f"rules.turnover.{name}": value for name, value in rates.items()}), SEED)
    assert pair.disagreement(6 * DAYS) == ""
    assert pair.world.houses[0].users == []


@pytest.mark.parametrize("name", ["high-turnover", "large-urban-centre"])
def test_a_house_settles_alike(name):
    lively = changed(small(load_scenario(name)), {"rules.turnover.leaving_rate": 3})
    beginning, settled = lively.with_changes(settling=0), lively.with_changes(settling=DAYS)
    world, engine = copied(Engine(beginning, SEED)), Engine(settled, SEED)
    settle(world, DAYS)
    assert list(state_differences(world, engine)) == []
    assert world.houses[0].gone


@pytest.mark.parametrize("parameter", RULE_PARAMETERS, ids=lambda parameter: parameter.path)
def test_a_parameter_that_is_not_the_same_is_noticed(parameter):
    section, name = parameter.path.split(".")
    value = getattr(getattr(crowded().rules, section), name)
    other = max(parameter.quantity.plausible, key=lambda end: abs(end - value))
    elsewhere = changed(crowded(), {f"rules.{parameter.path}": other})
    assert any(Pair(crowded(), seed, plainly=elsewhere).disagreement(DAYS) for seed in range(SEED, SEED + 6))
