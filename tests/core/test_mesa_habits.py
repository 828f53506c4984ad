"""What Mesa users do by habit: subclasses, copies, hooks between phases, stops, Mesa's own scenarios."""

import copy
import pickle

import mesa
import numpy as np
import pytest
from mesa.experimental.scenarios import Scenario as MesaScenario

from sim.agents import DayCareUser
from sim.model import DayCentre
from sim.run import run
from sim.scenario.schema.parameters import PHASES
from sim.scenario.text.errors import InputError
from tests.core.test_mesa import coming_and_going, small


class Watched(DayCareUser):
    """A user who counts days."""

    def __init__(self, model, row):
        super().__init__(model, row)
        self.days_seen = 0

    def step(self):
        """Count a day."""
        self.days_seen += 1


def look(model):
    """Let every agent take its own step."""
    model.agents.do("step")


def two_centres(**changes):
    return small(centres={"a": {"users": 7}, "b": {"users": 9}}, settling=30, **changes)


def bits(model: DayCentre) -> bytes:
    return model.engine.daily.tobytes() + model.engine.state.users.tobytes()


def lived(model: DayCentre, days: int) -> DayCentre:
    for _ in range(days):
        model.step()
    return model


def pickled(model: DayCentre) -> DayCentre:
    return pickle.loads(pickle.dumps(model))  # noqa: S301 - its own bytes


@pytest.mark.parametrize("duplicate", [copy.deepcopy, pickled])
@pytest.mark.parametrize("days", [0, 9])
def test_a_copy_goes_on_to_the_same_bits(duplicate, days):
    scenario = coming_and_going().with_changes(policies={"pairs": {"policy": "buddy_scheme", "start": 5}})
    model = lived(DayCentre(scenario, rng=42, agent_class=Watched), days)
    model.after("wellbeing", look)
    first = duplicate(model)
    assert (first.time, first.day, first.running) == (model.time, days, True)
    assert {agent.unique_id: agent.uid for agent in first.agents} == {a.unique_id: a.uid for a in model.agents}
    assert all(agent.model is first for agent in first.agents)
    before = bits(model)
    lived(first, 20)
    assert bits(model) == before, "the copy shares memory with the model"
    assert bits(first) == bits(lived(model, 20)) == bits(lived(DayCentre(scenario, rng=42), days + 20))
    assert max(agent.days_seen for agent in first.agents) == 20
    assert first.random.random() == model.random.random()
    frames = [one.datacollector.get_model_vars_dataframe() for one in (first, model)]
    assert frames[0].equals(frames[1])
    assert len(frames[0]) == days + 21


def test_a_model_with_events_of_mesa_is_not_copied():
    model = DayCentre(small(), rng=42)
    model.schedule_event(model.agents[0].step, at=3)
    with pytest.raises(ValueError, match="found events scheduled with Mesa"):
        copy.deepcopy(model)


def test_running_ends_with_the_scenario():
    model = DayCentre(small(days=6), rng=42)
    model.run_model()
    assert (model.day, model.running) == (6, False)
    model.step()
    assert (model.day, model.running) == (7, False)


def test_the_scenario_of_a_run_cannot_be_set():
    model = DayCentre(small(), rng=42)
    with pytest.raises(AttributeError, match=r"spec cannot be set.*DayCentre\(model.spec.with_changes\(\.\.\.\)"):
        model.spec = small()
    assert model.spec == small()


def test_all_agents_are_of_the_class_given():
    model = lived(DayCentre(coming_and_going(), rng=42, agent_class=Watched), 20)
    assert {type(agent) for agent in model.agents} == {Watched}


@pytest.mark.parametrize("wrong", [mesa.Agent, Watched.step, "Watched", None])
def test_another_class_of_agents_is_refused(wrong):
    with pytest.raises(ValueError, match=r"agent_class: found .*, allowed is DayCareUser or a subclass"):
        DayCentre(small(), rng=42, agent_class=wrong)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (0, "row 0: user .* has an agent already; DayCentre.agent_class"),
        (9999, "row: found 9999, allowed is a whole number from 0 to"),
        (-1, "row: found -1"),
        ("a", "row: found 'a'"),
        (True, "row: found True"),
    ],
)
def test_an_agent_of_ones_own_making_is_refused(row, message):
    model = DayCentre(small(), rng=42)
    with pytest.raises(ValueError, match=message):
        DayCareUser(model, row)
    assert len(model.agents) == 8


def test_an_agent_of_one_who_left_or_waits_is_refused():
    model = lived(DayCentre(coming_and_going(), rng=42), 20)
    status = model.engine.state.users["status"]
    for code, word in ((0, "waiting"), (2, "left")):
        row = int(np.flatnonzero(status == code)[0])
        with pytest.raises(ValueError, match=f"row {row}: user .* is {word}, allowed are users who are present"):
            DayCareUser(model, row)


def test_states_are_read_on_the_scales_of_outcomes():
    model = lived(DayCentre(small(), rng=42), 3)
    for name, outcome in {
        "loneliness_ucla20": "loneliness_ucla20",
        "burden_100": "burden",
        "group_identity": "group_identity",
    }.items():
        assert model.agents.agg(name, np.mean) == pytest.approx(model.outcome(outcome))
    for name, outcome in {
        "is_lonely": "lonely_share", "is_severely_lonely": "severely_lonely_share",
        "is_burdened": "burdened_share", "belongs": "belonging_share",
    }.items():  # fmt: skip
        assert model.agents.agg(name, np.mean) == pytest.approx(model.outcome(outcome))


def test_scales_are_explained_and_read_only():
    agent = DayCentre(small(), rng=42).agents[0]
    assert "20 to 80" in DayCareUser.loneliness_ucla20.__doc__
    assert DayCareUser.loneliness.__doc__ == "Loneliness [1]; 0 to 1"
    with pytest.raises(AttributeError, match="loneliness_ucla20 follows from a state; write loneliness"):
        agent.loneliness_ucla20 = 50


@pytest.mark.parametrize("phase", PHASES)
def test_a_hook_that_does_nothing_changes_nothing(phase):
    model = DayCentre(two_centres(), rng=42)
    called = []
    assert model.after(phase, lambda model: called.append(model.day)) is not None
    lived(model, 20)
    assert called == list(range(20))
    assert model.engine.daily.tobytes() == run(two_centres(), 42, days=20).daily.tobytes()


def test_hooks_after_every_phase_change_nothing_together_with_policies():
    scenario = two_centres(policies={"pairs": {"policy": "buddy_scheme", "start": 5}})
    model = DayCentre(scenario, rng=42)
    for phase in PHASES:
        model.after(phase)(lambda model: None)
    lived(model, 20)
    assert model.engine.daily.tobytes() == run(scenario, 42).daily.tobytes()


def test_what_a_hook_writes_enters_the_same_day():
    model, plain = DayCentre(two_centres(), rng=42), lived(DayCentre(two_centres(), rng=42), 1)

    @model.after("wellbeing")
    def cheer(model):
        model.agents.set("burden", 0.25)

    model.step()
    assert model.outcome("burden") == pytest.approx(25.0)
    assert plain.outcome("burden") != pytest.approx(25.0)
    assert model.outcome("talks") == plain.outcome("talks")


def test_hooks_see_who_came_that_day():
    model = DayCentre(coming_and_going(), rng=42)

    @model.after("turnover")
    def check(model):
        assert {agent.row for agent in model.agents} == set(model.engine.enrolled.tolist())

    lived(model, 20)


@pytest.mark.parametrize(
    ("phase", "function", "message"),
    [
        ("conversations", print, "unknown phase 'conversations'; did you mean 'conversation'"),
        ("support", 3, "after support: found 3, allowed is a function"),
    ],
)
def test_a_hook_elsewhere_is_refused(phase, function, message):
    with pytest.raises(ValueError, match=message):
        DayCentre(small(), rng=42).after(phase, function)


def test_a_seed_is_another_name_of_rng():
    assert DayCentre(small(), seed=5).seed_used == 5
    with pytest.raises(ValueError, match="found rng and seed"):
        DayCentre(small(), rng=5, seed=5)


class Given(MesaScenario):
    """Parameters as Mesa 4 wants them."""

    spec: str = "strangers"
    days: int = 40


def test_mesas_scenario_gives_scenario_and_changes():
    scenario = Given(days=12, **{"users.empathy.mean": 0.7})
    model = DayCentre(scenario=scenario, rng=3)
    assert (model.spec.name, model.spec.days, model.spec.users.empathy.mean) == ("strangers", 12, 0.7)
    assert model.scenario is scenario
    assert model.seed_used == 3


def test_mesas_scenario_gives_the_same_chance_each_time():
    first, second = (DayCentre(scenario=Given(rng=8)) for _ in range(2))
    assert first.seed_used == second.seed_used
    assert first.seed_used != DayCentre(scenario=Given(rng=9)).seed_used


def test_an_unknown_parameter_of_mesas_scenario_is_refused():
    with pytest.raises(Exception, match=r"dayz.*days"):
        DayCentre(scenario=Given(dayz=3))


def test_a_run_configuration_gets_its_tables():
    """What Mesa's RunConfiguration does: make the model, run until a day, take all data frames of its recorder."""
    model = DayCentre(scenario=Given(rng=1))
    model.run_until(5)
    tables = model.data_recorder.get_all_dataframes()
    assert list(tables) == ["outcomes", "users"]
    assert tables["outcomes"]["day"].tolist() == [1, 2, 3, 4, 5]
    assert tables["outcomes"]["burden"].tolist() == model.engine.daily["burden"][:, 0].tolist()
    assert sorted(tables["users"]["uid"]) == sorted(agent.uid for agent in model.agents)
    with pytest.raises(ValueError, match="unknown table 'outcome'; did you mean 'outcomes'"):
        model.data_recorder.get_table_dataframe("outcome")


def test_mesas_run_scenarios_run_the_model():
    scenarios = pytest.importorskip("mesa.experimental.scenarios")
    if not hasattr(scenarios, "run_scenarios"):
        pytest.skip("this Mesa has no run_scenarios")
    config = scenarios.RunConfiguration(DayCentre, until=3, outcomes="outcomes")
    store = scenarios.run_scenarios([Given(rng=1), Given(rng=2)], config, progress=False)
    assert store is not None
    assert len(config(Given(rng=1))["outcomes"]) == 3


@pytest.mark.skipif(not hasattr(mesa, "batch_run"), reason="this Mesa has no batch_run")
def test_none_asked_of_mesa_takes_the_seed_of_the_scenario_and_warns():
    fixed = small(days=2, seed=7)
    with pytest.warns(UserWarning, match=r"rng=None takes the scenario's seed 7, .* such as rng=\[1, 2, 3\]"):
        rows = mesa.batch_run(DayCentre, {"spec": [fixed]}, rng=[None], max_steps=2, display_progress=False)
    assert rows[-1]["loneliness_ucla20"] == lived(DayCentre(fixed), 2).outcome("loneliness_ucla20")
    assert DayCentre(fixed).seed_used == 7


@pytest.mark.skipif(not hasattr(mesa, "batch_run"), reason="this Mesa has no batch_run")
def test_a_scenario_that_batch_run_takes_apart_is_refused_with_the_way_out():
    with pytest.raises(InputError, match=r"found a tuple, .* put it in brackets: \[scenario\]"):
        mesa.batch_run(DayCentre, {"spec": small()}, rng=[1], max_steps=1, display_progress=False)


def test_a_part_of_a_day_is_refused_unless_an_event_lies_in_it():
    model = DayCentre(small(), rng=1)
    with pytest.raises(InputError, match=r"run_for: found 0\.5, allowed is a whole number: a step is a day"):
        model.run_for(0.5)
    model.run_for(2)
    seen = []

    def noon():
        seen.append(model.day)

    model.schedule_event(noon, at=2.5)
    model.run_for(0.5)
    assert (model.day, seen) == (2, [2])


@pytest.mark.parametrize("name", ["mood", "loneliness_ucla20", "status"])
def test_a_subclass_that_would_hide_a_state_is_refused(name):
    with pytest.raises(InputError, match=f"Hidden.{name} would hide the state column '{name}'"):
        type("Hidden", (DayCareUser,), {name: 3})
    assert type("Shown", (DayCareUser,), {"cheer": 3}).cheer == 3
