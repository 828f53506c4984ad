"""Every shipped scenario loads under its name and lives."""

import numpy as np
import pytest
from reading import ROOT

from sim.outcomes.catalogue import PRIMARY
from sim.run import run
from sim.scenario import shipped
from sim.scenario.load import load_scenario
from sim.scenario.schema import PolicyUse, Scenario

NAMES = shipped.names()


def test_scenarios_are_shipped():
    assert {"baseline", "strangers", "fourteen-participants"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_scenario_loads_under_its_name_and_says_what_it_is(name):
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.title
    assert scenario.question.endswith("?")


@pytest.mark.parametrize("name", NAMES)
def test_the_scenario_lives_three_days(name):
    done = run(load_scenario(name), 1, days=3)
    assert done.daily.shape[0] == 3
    assert all(np.isfinite(done.daily[outcome]).all() for outcome in PRIMARY)
    assert done.daily["users"].min() > 0


@pytest.mark.parametrize("name", NAMES)
def test_the_scenario_is_listed(name):
    assert f"[`{name}`]({name}.yaml)" in (ROOT / "scenarios" / "README.md").read_text(encoding="utf-8")


def test_usual_care_changes_nothing_at_all():
    plain = Scenario(name="x", days=30)
    cared = plain.with_changes(policies={"as-ever": PolicyUse(policy="usual_care")})
    assert run(plain, 4).daily.tobytes() == run(cared, 4).daily.tobytes()
