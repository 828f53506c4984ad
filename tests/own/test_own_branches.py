"""Branches of engines whose scenario has rules and outcomes of other packages."""

import numpy as np
import pytest
from own_offers import TALKERS, Steps, forgotten

from dayroom import load_scenario, register
from experiments.runs.starts import Starts, start_of
from sim.engine import Engine
from sim.run import run
from sim.scenario.schema.own_rule import RULES
from sim.scenario.schema.start import until_day_0


@pytest.fixture(autouse=True)
def _registered():
    register(Steps)
    register(TALKERS)
    yield
    forgotten()


def scenario(policies=None):
    changes = {"days": 30, "settling": 40, "rules": {"steps": {}}, "observe": {"outcomes": ["talkers"]}}
    return load_scenario("baseline").with_changes(**changes, policies=policies or {})


def test_own_rules_and_outcomes_branch_to_the_same_bits():
    arms = [scenario(), scenario({"it": {"policy": "respite"}}), scenario({"it": {"policy": "peer_support_workers"}})]
    starts, name = Starts(), start_of(arms[0])
    for arm in arms:
        assert start_of(arm) == name
        branched, alone = starts.run(name, arm, 4), run(arm, 4)
        assert branched.daily.tobytes() == alone.daily.tobytes()
        assert branched.users.tobytes() == alone.users.tobytes()
        assert "talkers" in branched.daily.dtype.names


def test_columns_of_own_rules_are_copied():
    settled = Engine(until_day_0(scenario()), 4)
    before = settled.own.by_name()["steps"].users.tobytes()
    branch = settled.branch(scenario())
    branch.advance(10)
    [mine], [theirs] = settled.own.own, branch.own.own
    assert mine.users.tobytes() == before
    assert not any(np.shares_memory(a, b) for a, b in zip(mine, theirs, strict=True) if a.size)


def test_another_version_of_a_rule_is_another_start(monkeypatch):
    from experiments.store import extensions

    def with_sources(sources):
        monkeypatch.setattr(
            extensions, "present", lambda kind, name: extensions.Extension(kind, name, "steps", "1", sources)
        )
        return start_of(scenario())

    assert "steps" in RULES.registered
    assert with_sources("a") == with_sources("a") != with_sources("b")
