"""The day centre as Mesa users expect it: agents are views on rows, a step is a day, no use of what Mesa 4 removes."""

import ast
import contextlib
import inspect
import io
import warnings
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from sim.agents import DayCareUser
from sim.model import DayCentre
from sim.outcomes.catalogue import DAILY
from sim.recorder import COLLECTED
from sim.run import run
from sim.scenario.schema.scenario import Scenario

SIM = Path(__file__).parents[2] / "sim"


def small(**changes) -> Scenario:
    """Return eight users, strangers on day 0."""
    given = {"name": "small", "days": 20, "centres": {"park": {"users": 8}}, "network": {"kind": "none"}}
    return Scenario.model_validate(given | changes)


def coming_and_going() -> Scenario:
    """Return seats that empty and fill within days."""
    return small(rules={"turnover": {"leaving_rate": 5.0, "vacancy_days": 1.0}})


def test_a_model_has_an_agent_for_everybody_enrolled():
    model = DayCentre(small(), rng=42)
    assert len(model.agents) == 8
    assert all(isinstance(agent, DayCareUser) for agent in model.agents)


def test_unique_ids_begin_at_one():
    assert sorted(agent.unique_id for agent in DayCentre(small(), rng=42).agents) == list(range(1, 9))


def test_a_step_is_a_day():
    model = DayCentre(small(), rng=42)
    for day in range(1, 6):
        model.step()
        assert (model.day, model.time) == (day, day)


def test_settling_is_over_when_the_model_begins():
    model = DayCentre(small(settling=7), rng=42)
    assert (model.day, model.time) == (0, 0)


def test_a_shipped_scenario_is_found_by_name():
    assert DayCentre("strangers", rng=1).spec.name == "strangers"


@pytest.mark.parametrize("rng", [42, np.int64(42), "42"])
def test_a_whole_number_is_the_seed_of_the_run(rng):
    model = DayCentre(small(), rng=rng)
    for _ in range(20):
        model.step()
    assert model.seed_used == 42
    assert model.engine.daily.tobytes() == run(small(), 42).daily.tobytes()


def test_the_highest_seed_is_taken():
    assert DayCentre(small(), rng=2**64 - 1).seed_used == 2**64 - 1


@pytest.mark.parametrize("rng", [2**64, 2**70, -1, np.int64(-5), "-1", "", "many", "1.5"])
def test_a_seed_out_of_range_is_refused(rng):
    with pytest.raises(ValueError, match=r"rng: found .*, allowed is a whole number from 0 to 2\*\*64 - 1"):
        DayCentre(small(), rng=rng)


@pytest.mark.parametrize("seed", [2**70, -1])
def test_a_seed_of_a_run_out_of_range_is_refused(seed):
    with pytest.raises(ValueError, match=r"seed: found .*, allowed is a whole number from 0 to 2\*\*64 - 1"):
        run(small(), seed)


@pytest.mark.parametrize("days", [(0, 21), (-1,), (2.5,), [400]])
def test_a_network_of_a_day_outside_the_run_is_refused(days):
    with pytest.raises(ValueError, match=r"graph_days: found .*, allowed are whole days from 0 to 20"):
        run(small(), 42, graph_days=days)


def test_days_of_networks_may_come_one_by_one():
    assert list(run(small(), 42, graph_days=(day for day in (3, 20))).graphs) == [3, 20]


def test_a_generator_of_numpy_gives_a_seed_that_is_kept():
    first, second = (DayCentre(small(), rng=np.random.default_rng(7)) for _ in range(2))
    assert first.seed_used == second.seed_used
    first.step()
    assert first.engine.daily.tobytes() == run(small(), first.seed_used, days=1).daily.tobytes()


def test_without_a_seed_two_models_differ():
    assert DayCentre(small()).seed_used != DayCentre(small()).seed_used


def test_the_seed_of_the_scenario_is_the_seed_of_the_model():
    assert DayCentre(small(seed=7)).seed_used == 7


def test_mesas_own_chance_is_never_the_models():
    shuffled, untouched = DayCentre(small(), rng=42), DayCentre(small(), rng=42)
    for model in (shuffled, untouched):
        for _ in range(3):
            if model is shuffled:
                model.random.random()
                model.rng.random(5)
                model.agents.shuffle()
            model.step()
    assert shuffled.engine.daily.tobytes() == untouched.engine.daily.tobytes()


def test_agents_are_selected_aggregated_and_grouped():
    model = DayCentre(small(), rng=42)
    users = model.engine.state.users[model.engine.enrolled]
    assert model.agents.agg("loneliness", np.mean) == pytest.approx(users["loneliness"].mean())
    assert len(model.agents.select(lambda agent: agent.sex == "woman")) == int(users["sex"].sum())
    assert sum(model.agents.groupby("diagnosis").count().values()) == 8
    assert model.agents.get("age") == users["age"].tolist()


def test_agents_are_set_together():
    model = DayCentre(small(), rng=42)
    model.agents.set("mood", 0.25)
    assert model.engine.state.users["mood"][model.engine.enrolled].tolist() == [0.25] * 8


def test_agents_of_leavers_go_and_newcomers_get_agents():
    model = DayCentre(coming_and_going(), rng=42)
    first = {agent.uid for agent in model.agents}
    for _ in range(20):
        model.step()
        enrolled = set(model.engine.state.users["uid"][model.engine.enrolled].tolist())
        assert {agent.uid for agent in model.agents} == enrolled
    assert first - enrolled, "nobody left"
    assert enrolled - first, "nobody came"


def test_an_agent_stays_the_same_object_while_enrolled():
    model = DayCentre(coming_and_going(), rng=42)
    before = {agent.uid: agent for agent in model.agents}
    model.step()
    assert all(before.get(agent.uid, agent) is agent for agent in model.agents)


def test_unique_ids_are_never_given_twice():
    model = DayCentre(coming_and_going(), rng=42)
    owners: dict[int, int] = {}
    for _ in range(20):
        model.step()
        for agent in model.agents:
            assert owners.setdefault(agent.unique_id, agent.uid) == agent.uid


def test_the_data_collector_has_the_main_outcomes_for_every_day():
    model = DayCentre(small(), rng=42)
    for _ in range(4):
        model.step()
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(COLLECTED)
    assert len(frame) == 5
    assert frame["loneliness_ucla20"].tolist()[1:] == model.engine.daily["loneliness_ucla20"][:, 0].tolist()


def test_day_0_is_collected_before_the_first_step():
    model = DayCentre(small(), rng=42, outcomes="all")
    [start] = model.datacollector.get_model_vars_dataframe().to_dict("records")
    users = model.engine.state.users[model.engine.enrolled]
    assert start["loneliness_ucla20"] == pytest.approx(20 + 60 * users["loneliness"].mean())
    assert (start["users"], start["talks"], start["money"]) == (8, 0, 0)


@pytest.mark.parametrize(
    ("outcomes", "names"),
    [("all", [one.name for one in DAILY]), (["mood"], ["mood"]), (("hope", "burden"), ["hope", "burden"])],
)
def test_what_is_collected_can_be_chosen(outcomes, names):
    assert list(DayCentre(small(), rng=42, outcomes=outcomes).datacollector.model_reporters) == names


@pytest.mark.parametrize(
    ("outcomes", "message"),
    [("most", "outcomes: found 'most', allowed is 'main', 'all'"), (["mod"], "found 'mod'; did you mean 'mood'")],
)
def test_unknown_outcomes_are_not_collected(outcomes, message):
    with pytest.raises(ValueError, match=message):
        DayCentre(small(), rng=42, outcomes=outcomes)


def test_collecting_can_be_left_to_the_caller():
    model = DayCentre(small(), rng=42, collect=False)
    model.step()
    assert len(model.datacollector.get_model_vars_dataframe()) == 0


def test_an_outcome_before_the_first_day_is_that_of_the_start():
    model = DayCentre(small(), rng=42)
    burden = model.engine.state.users["burden"][model.engine.enrolled]
    assert model.outcome("burden") == pytest.approx(100 * burden.mean())


def test_an_unknown_outcome_is_refused():
    model = DayCentre(small(), rng=42)
    model.step()
    with pytest.raises(ValueError, match="unknown outcome 'lonelyness'; did you mean 'loneliness"):
        model.outcome("lonelyness")


def test_centres_are_weighted_by_their_users_and_counts_are_added():
    model = DayCentre(small(centres={"a": {"users": 5}, "b": {"users": 15}}), rng=42)
    model.step()
    [(a, b)] = model.engine.daily["loneliness_ucla20"].tolist()
    assert model.outcome("users") == 20
    assert model.outcome("loneliness_ucla20") == pytest.approx((5 * a + 15 * b) / 20)


def test_a_share_that_is_undefined_everywhere_is_undefined():
    model = DayCentre(small(), rng=42)
    model.step()
    assert np.isnan(model.outcome("friend_arc_reciprocity"))


def test_the_graph_is_of_all_enrolled_by_uid():
    model = DayCentre(small(), rng=42)
    model.step()
    graph = model.graph()
    assert isinstance(graph, nx.DiGraph)
    assert set(graph) == {agent.uid for agent in model.agents}
    assert graph.graph["day"] == 1


def test_the_graph_of_one_centre_has_its_users_only():
    model = DayCentre(small(centres={"a": {"users": 5}, "b": {"users": 6}}), rng=42)
    assert (len(model.graph(0)), len(model.graph(1)), len(model.graph())) == (5, 6, 11)
    assert set(model.graph("a")) == set(model.graph(0))
    assert set(model.graph("b")) == set(model.graph(np.int64(1)))


@pytest.mark.parametrize(
    ("centre", "said"),
    [
        ("parc", "unknown centre 'parc'; did you mean 'park'[?] allowed: one of park, lake, or a number from 0 to 1"),
        ("", "unknown centre '', allowed is one of park, lake"),
        (2, "unknown centre 2, allowed is one of park, lake, or a number from 0 to 1"),
        (-1, "unknown centre -1, allowed"),
        (0.5, "unknown centre 0.5, allowed"),
    ],
)
def test_an_unknown_centre_is_refused_with_those_there_are(centre, said):
    model = DayCentre(small(centres={"park": {"users": 5}, "lake": {"users": 6}}), rng=42)
    with pytest.raises(ValueError, match=said):
        model.graph(centre)


def test_a_step_warns_of_nothing():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = DayCentre(coming_and_going(), rng=42)
        for _ in range(5):
            model.step()
        model.datacollector.get_model_vars_dataframe()
    assert [str(warning.message) for warning in caught] == []


def mesa_sources() -> list[ast.Module]:
    """Return the syntax trees of the modules that use Mesa."""
    texts = [path.read_text(encoding="utf-8") for path in SIM.rglob("*.py")]
    return [ast.parse(text) for text in texts if "mesa" in text]


def test_nothing_is_used_that_mesa_4_removes():
    used = set()
    for tree in mesa_sources():
        for node in ast.walk(tree):
            match node:
                case ast.keyword(arg="seed"):
                    used.add("seed=")
                case ast.Attribute(attr="steps" | "space" | "batch_run" as name):
                    used.add(name)
                case ast.Name(id="batch_run") | ast.alias(name="batch_run"):
                    used.add("batch_run")
                case ast.ImportFrom(module=str(module)) if module.startswith(
                    ("mesa.space", "mesa.batchrunner", "mesa.time")
                ):
                    used.add(module)
    assert mesa_sources()
    assert used == set()


@pytest.fixture(params=[small(), "strangers"], ids=["object", "name"])
def shown(request):
    """Show a model on Mesa's page, as in a browser; return the model (reactive) and what is rendered."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of solara, ipywidgets and matplotlib, at import and on their own account
        import solara
        from mesa.visualization import SolaraViz, make_plot_component

        scenario = request.param
        model = solara.reactive(DayCentre(scenario, rng=42))
        name = next(iter(inspect.signature(DayCentre).parameters))
        page = SolaraViz(
            model,
            components=[make_plot_component("loneliness_ucla20"), make_plot_component(["burden", "group_identity"])],
            model_params={name: scenario, "rng": {"type": "InputText", "value": 42, "label": "seed"}},
        )
        with contextlib.redirect_stdout(io.StringIO()):
            _, rendered = solara.render(solara.AppLayout(children=[page]), handle_error=False)
            yield model, rendered
            rendered.close()


def press(rendered, label: str) -> None:
    """Press a button of the page."""
    import ipyvuetify

    [button] = [b for b in rendered.find(ipyvuetify.Btn).widgets if label in b.children]
    button.click()


def test_mesas_page_shows_the_model(shown):
    import ipywidgets

    _, rendered = shown
    images = rendered.find(ipywidgets.Image).widgets
    assert [bytes(image.value[:4]) for image in images] == [b"\x89PNG"] * 2


def test_the_button_of_mesas_page_lives_a_day(shown):
    model, rendered = shown
    press(rendered, "Step")
    assert model.value.day == 1


def test_the_button_of_mesas_page_starts_again(shown):
    model, rendered = shown
    press(rendered, "Step")
    press(rendered, "Reset")
    assert model.value.day == 0
    assert model.value.seed_used == 42


def test_an_enrolled_user_cannot_be_taken_out_of_mesa_alone():
    model = DayCentre("strangers", rng=1)
    agent = next(iter(model.agents))
    with pytest.raises(ValueError, match="leaves by the model's turnover only"):
        agent.remove()
    assert agent in model.agents
