"""The day centre as Mesa users expect it: agents are views on rows, a step is a day, nothing Mesa 4 removes is used."""

import ast
import contextlib
import importlib.util
import inspect
import io
import sys
import warnings
from pathlib import Path
from unittest.mock import MagicMock

import networkx as nx
import numpy as np
import pytest

from sim.agents import DayCareUser
from sim.model import DayCentre
from sim.outcomes.catalogue import OUTCOMES
from sim.run import run
from sim.scenario.schema import Scenario
from sim.state.columns import USER

SIM = Path(__file__).parents[2] / "sim"
KEYS = [column.name for column in USER if column.kind == "key"]
LABELLED = [column for column in USER if column.labels and not column.shape and column.kind != "key"]


def small(**changes) -> Scenario:
    """Eight users, strangers on day 0."""
    given = {"name": "small", "days": 20, "centres": {"park": {"users": 8}}, "network": {"kind": "none"}}
    return Scenario.model_validate(given | changes)


def coming_and_going() -> Scenario:
    """Seats that empty and fill within days."""
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


@pytest.mark.parametrize("rng", [42, np.int64(42)])
def test_a_whole_number_is_the_seed_of_the_run(rng):
    model = DayCentre(small(), rng=rng)
    for _ in range(20):
        model.step()
    assert model.seed_used == 42
    assert model.engine.daily.tobytes() == run(small(), 42).daily.tobytes()


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


def test_writing_to_an_agent_is_real():
    changed, untouched = DayCentre(small(), rng=42), DayCentre(small(), rng=42)
    agent = changed.agents[0]
    agent.loneliness = 0.2
    assert agent.loneliness == 0.2
    assert changed.engine.state.users["loneliness"][agent.row] == 0.2
    for model in (changed, untouched):
        model.step()
    assert changed.outcome("loneliness_ucla20") != untouched.outcome("loneliness_ucla20")
    assert agent.loneliness == pytest.approx(0.2, abs=0.1)


def test_an_element_of_a_vector_can_be_written():
    agent = DayCentre(small(), rng=42).agents[0]
    agent.needs[2] = 0.75
    assert agent.needs.tolist() == [0.0, 0.0, 0.75, 0.0, 0.0]
    agent.needs = [0.1, 0.2, 0.3, 0.4, 0.5]
    assert agent.needs.tolist() == [0.1, 0.2, 0.3, 0.4, 0.5]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("loneliness", 1.2),
        ("loneliness", -0.1),
        ("mood", float("nan")),
        ("needs", [0, 0, 0, 0, 2]),
        ("age", 5),
        ("unwell", 2),
    ],
)
def test_a_value_out_of_range_is_refused_and_says_what_is_allowed(column, value):
    agent = DayCentre(small(), rng=42).agents[0]
    before = np.array(getattr(agent, column) if column == "needs" else 0)
    with pytest.raises(ValueError, match=rf"{column}: found .* allowed is [\d.]+ to [\d.]+"):
        setattr(agent, column, value)
    assert np.array_equal(np.array(agent.needs if column == "needs" else 0), before)


def test_half_a_code_is_refused():
    agent = DayCentre(small(), rng=42).agents[0]
    with pytest.raises(ValueError, match="occupation"):
        agent.occupation = 0.5


def test_the_name_of_an_element_is_no_value_for_the_vector():
    agent = DayCentre(small(), rng=42).agents[0]
    with pytest.raises(ValueError, match="needs"):
        agent.needs = "tangible"


@pytest.mark.parametrize("column", LABELLED, ids=lambda column: column.name)
def test_codes_are_read_and_written_by_label(column):
    agent = DayCentre(small(), rng=42).agents[0]
    for code, label in enumerate(column.labels):
        setattr(agent, column.name, label)
        assert getattr(agent, column.name) == label
        assert agent.model.engine.state.users[column.name][agent.row] == code


def test_an_unknown_label_is_refused_with_those_allowed():
    agent = DayCentre(small(), rng=42).agents[0]
    with pytest.raises(ValueError, match="found 'pirate', allowed are unemployed, part-time/volunteer, retired"):
        agent.occupation = "pirate"


@pytest.mark.parametrize("column", KEYS)
def test_key_columns_are_read_only(column):
    agent = DayCentre(small(), rng=42).agents[0]
    with pytest.raises(AttributeError):
        setattr(agent, column, 1)


@pytest.mark.parametrize("column", USER, ids=lambda column: column.name)
def test_every_column_is_an_explained_property(column):
    doc = getattr(DayCareUser, column.name).__doc__
    assert doc == f"{column.meaning} [{column.unit}]"


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


def test_the_data_collector_has_every_outcome_for_every_day():
    model = DayCentre(small(), rng=42)
    for _ in range(4):
        model.step()
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(OUTCOMES)
    assert len(frame) == 4
    assert frame["loneliness_ucla20"].tolist() == model.engine.daily["loneliness_ucla20"][:, 0].tolist()


def test_collecting_can_be_left_to_the_caller():
    model = DayCentre(small(), rng=42, collect=False)
    model.step()
    assert len(model.datacollector.get_model_vars_dataframe()) == 0


def test_an_outcome_before_the_first_day_is_refused():
    with pytest.raises(ValueError, match="no day has been lived yet"):
        DayCentre(small(), rng=42).outcome("burden")


def test_an_unknown_outcome_is_refused():
    model = DayCentre(small(), rng=42)
    model.step()
    with pytest.raises(ValueError, match="unknown outcome 'lonelyness'; allowed are users,"):
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


def test_a_step_warns_of_nothing():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = DayCentre(coming_and_going(), rng=42)
        for _ in range(5):
            model.step()
        model.datacollector.get_model_vars_dataframe()
    assert [str(warning.message) for warning in caught] == []


def mesa_sources() -> list[ast.Module]:
    """Syntax trees of the modules that know Mesa."""
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


def test_mesas_own_name_for_scenarios_is_left_to_mesa():
    """Mesa's page passes a scenario of its own to whatever model takes an argument of that name."""
    assert "scenario" not in inspect.signature(DayCentre).parameters


@pytest.fixture
def shown():
    """Show a model on Mesa's page, as in a browser; gives the model (reactive) and what is rendered."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of solara, ipywidgets and matplotlib, at import and on their own account
        if "altair" not in sys.modules and importlib.util.find_spec("altair") is None:
            sys.modules["altair"] = MagicMock()  # Mesa imports it for drawings of space, which are not drawn here
        import solara
        from mesa.visualization import SolaraViz, make_plot_component

        model = solara.reactive(DayCentre(small(), rng=42))
        name = next(iter(inspect.signature(DayCentre).parameters))
        page = SolaraViz(
            model,
            components=[make_plot_component("loneliness_ucla20"), make_plot_component(["burden", "group_identity"])],
            model_params={name: small(), "rng": {"type": "InputText", "value": 42, "label": "seed"}},
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
