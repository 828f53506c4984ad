"""A branch of a settled engine has the bits of a run that settled for itself."""

import dataclasses
from functools import cache

import networkx as nx
import numpy as np
import pytest

from sim.engine import Engine
from sim.policies import POLICIES
from sim.run import Run, run, run_on
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.changes import Replace
from sim.scenario.schema.scenario import Scenario
from sim.scenario.schema.start import until_day_0
from sim.scenario.text.errors import InputError, ScenarioError
from sim.scenario.text.files import shipped_files
from tests.policies.trials import OPTIONS

NAMES = list(shipped_files())
MANY = 10
"""Centres from which runs in these tests are kept short."""
SHORT = 21
"""Days of these runs."""
WITH_ALL = {
    "groups": Replace({"young": "age < 40", "lonely": "loneliness_ucla20 > 45"}),
    "observe": {"waves": [0, 20]},
    "budget": {"hours": 5},
    "seed": 3,
    "title": "Another",
}
"""What first counts on day 0, beside policies."""


def plain(value: object) -> object:
    """Return a result as values that are equal only if all bits are."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.dtype.names, value.shape, value.tobytes()
    if isinstance(value, nx.DiGraph):
        return list(value.nodes(data=True)), list(value.edges(data=True))
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if dataclasses.is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    return repr(value)


def unlike(scenario: Scenario, settled: Engine, measures: bool = True) -> list[str]:
    """Return what differs between a branch and an engine that settled by itself: fields of the run, arrays of state."""
    engines = settled.branch(scenario), Engine(scenario, settled.seed)
    branched, alone = (run_on(engine, graph_days=(0, scenario.days), measures=measures) for engine in engines)
    fields = [one.name for one in dataclasses.fields(Run)]
    differing = [name for name in fields if plain(getattr(branched, name)) != plain(getattr(alone, name))]
    states = [engine.state._asdict() for engine in engines]
    differing += [f"state.{name}" for name in states[0] if plain(states[0][name]) != plain(states[1][name])]
    return differing


def arms(scenario: Scenario) -> dict[str, Scenario]:
    """Return the scenario, without policies, with all else that first counts on day 0, and with each policy added."""
    uses = {key: {"policy": key, **dict(one.example), **OPTIONS.get(key, {})} for key, one in POLICIES.items()}
    chosen = {"as it is": scenario, "bare": until_day_0(scenario), "with all": scenario.with_changes(**WITH_ALL)}
    for key, use in uses.items():
        try:
            chosen[key] = scenario.with_changes(policies={f"{key}_too": use})
        except ScenarioError:  # two timetables, or closed on the day of the circle
            continue
    return chosen


@cache
def shipped(name: str, days: int | None) -> Scenario:
    """Return a shipped scenario; without a number of days its own, where it has few centres."""
    scenario = load_scenario(name)
    if sum(centre.copies for centre in scenario.centres.values()) >= MANY:
        return scenario.with_changes(days=SHORT, settling=min(scenario.settling, 14))
    return scenario if days is None else scenario.with_changes(days=days)


@pytest.mark.parametrize("name", ["baseline", "fourteen-participants", "strangers"])
def test_a_branch_has_the_bits_of_a_run_that_settled_for_itself(name):
    scenario = shipped(name, 40)
    settled, chosen = Engine(until_day_0(scenario), 7), arms(scenario)
    assert len(chosen) > len(POLICIES) // 2
    assert {key: found for key, one in chosen.items() if (found := unlike(one, settled))} == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_policy_in_every_shipped_scenario_branches_to_the_same_bits(name):
    chosen = arms(shipped(name, None))
    if shipped(name, None).days == SHORT:  # the policies act in one centre of such a scenario as in all
        chosen = {key: chosen[key] for key in ("as it is", "with all", "respite", "peer_support_workers")}
    for seed in (1, 2):
        settled = Engine(until_day_0(shipped(name, None)), seed)
        differing = {key: found for key, one in chosen.items() if (found := unlike(one, settled, measures=seed == 1))}
        assert differing == {}


def test_a_run_is_that_of_an_engine_that_settled_for_itself():
    scenario, days = arms(shipped("baseline", 40))["with all"], {"graph_days": (0, 40), "measures": True}
    assert plain(run(scenario, 7, **days)) == plain(run_on(Engine(scenario, 7), **days))


def test_an_engine_is_left_as_it_was_by_its_branches():
    settled = Engine(shipped("baseline", 40), 3)
    before = plain(settled.state._asdict())
    branch = settled.branch(load_scenario("respite").with_changes(days=40))
    branch.advance(80)  # beyond the length, so that ledger and calendar grow
    assert plain(settled.state._asdict()) == before
    assert not any(np.shares_memory(a, b) for a, b in zip(settled.state, branch.state, strict=True) if a.size)
    assert all(array.flags.writeable for array in settled.state)


def test_rows_of_a_branch_stay_where_they_are_while_there_is_room():
    branch = Engine(shipped("baseline", 40), 3).branch(shipped("baseline", 40))
    before = branch.state.users
    branch.state.centres["vacant"] = branch.state.centres["queue"] + 1
    branch._refill()
    assert len(branch.state.users) > len(before)
    assert np.shares_memory(branch.state.users, before)


@pytest.mark.parametrize(
    "changes",
    [
        {"days": 41},
        {"settling": 729},
        {"users": {"empathy": {"mean": 0.6}}},
        {"rules": {"turnover": {"leaving_rate": 0.3}}},
    ],
    ids=str,
)
def test_a_scenario_that_differs_before_day_0_is_refused(changes):
    settled = Engine(shipped("baseline", 40).with_changes(settling=28), 3)
    with pytest.raises(InputError, match="in more than what first counts on day 0"):
        settled.branch(settled.scenario.with_changes(**changes))


def test_an_engine_with_policies_or_beyond_day_0_is_refused():
    scenario = load_scenario("respite").with_changes(days=20, settling=0)
    with pytest.raises(InputError, match="before any policy"):
        Engine(scenario, 3).branch(scenario)
    begun = Engine(until_day_0(scenario), 3)
    begun.advance(1)
    with pytest.raises(InputError, match="on day 0"):
        begun.branch(scenario)


def test_every_section_of_a_scenario_counts_before_day_0_or_is_known_not_to():
    later = {"name", "title", "question", "replicates", "seed", "policies", "observe", "budget", "groups"}
    scenario = shipped("baseline", 40).with_changes(**WITH_ALL, policies={"respite": {"policy": "respite"}})
    before = until_day_0(scenario)
    kept = {name for name in Scenario.model_fields if getattr(before, name) == getattr(scenario, name)}
    assert set(Scenario.model_fields) - kept <= later
    assert set(Scenario.model_fields) - later <= kept
