"""The day centre as Mesa users expect it: agents are views on rows, a step is a day, nothing Mesa 4 removes is used."""

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
from sim.outcomes.catalogue import OUTCOMES
from sim.run import run
from sim.scenario.schema import Scenario
from sim.state.columns import USER

SIM = Path(__file__).parents[2] / "sim"
KEYS = [column.name for column in USER if column.kind == "key"]
VECTORS = [column.name for column in USER if column.shape]
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


def test_a_vector_is_written_as_a_whole():
    agent = DayCentre(small(), rng=42).agents[0]
    agent.needs = [0.1, 0.2, 0.3, 0.4, 0.5]
    assert agent.needs.tolist() == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert agent.model.engine.state.users["needs"][agent.row].tolist() == [0.1, 0.2, 0.3, 0.4, 0.5]


@pytest.mark.parametrize("column", VECTORS)
def test_a_vector_is_read_live_and_cannot_be_written_past_the_checks(column):
    agent = DayCentre(small(), rng=42).agents[0]
    seen, before = getattr(agent, column), getattr(agent, column).tolist()
    with pytest.raises(ValueError, match="read-only"):
        seen[0] = 7.0
    assert getattr(agent, column).tolist() == before
    agent.model.engine.state.users[column][agent.row, 0] = 0.625  # the rules go on writing where they wrote
    assert seen[0] == 0.625


@pytest.mark.parametrize(
    "value", [0.5, [0.1, 0.2], [[0.1, 0.2, 0.3, 0.4, 0.5]], [0.1, [0.2], 0.3, 0.4, 0.5], None, ["a"] * 5, {}]
)
def test_a_vector_of_another_shape_is_refused(value):
    agent = DayCentre(small(), rng=42).agents[0]
    before = agent.needs.tolist()
    with pytest.raises(ValueError, match=r"needs: found .* allowed are 5 numbers, in the order emotional, .*tangible"):
        agent.needs = value
    assert agent.needs.tolist() == before


@pytest.mark.parametrize(("element", "place"), [("tangible", 4), ("emotional", 0), (2, 2), (np.int64(3), 3)])
def test_an_element_of_a_vector_is_written_by_name_or_number(element, place):
    agent = DayCentre(small(), rng=42).agents[0]
    agent.needs = [0.0] * 5
    agent.set_element("needs", element, 0.75)
    assert agent.needs.tolist() == [0.75 if k == place else 0.0 for k in range(5)]


@pytest.mark.parametrize(
    ("column", "element", "value", "said"),
    [
        (
            "needs",
            "tangable",
            0.5,
            "found element 'tangable'; did you mean 'tangible'[?]; allowed are emotional, .*0 to 4",
        ),
        ("needs", 5, 0.5, "found element 5; allowed are"),
        ("needs", -1, 0.5, "found element -1; allowed are"),
        ("needs", True, 0.5, "found element True; allowed are"),
        ("needs", "tangible", 1.5, r"needs: found \[.*1.5\], allowed is 0 to 1"),
        ("needs", "tangible", "much", "needs: found .* allowed are 5 numbers"),
        ("interests", 0, 0.5, "found column 'interests'; did you mean 'interest'[?]; allowed are interest, needs"),
        ("mood", 0, 0.5, "found column 'mood'; allowed are"),
    ],
)
def test_an_element_that_is_not_there_or_out_of_range_is_refused(column, element, value, said):
    agent = DayCentre(small(), rng=42).agents[0]
    before = agent.needs.tolist()
    with pytest.raises(ValueError, match=said):
        agent.set_element(column, element, value)
    assert agent.needs.tolist() == before


@pytest.mark.parametrize(
    ("name", "meant"), [("lonelines", "loneliness"), ("selfworth", "self_worth"), ("need", "needs")]
)
def test_a_name_that_is_none_is_refused_with_the_nearest(name, meant):
    agent = DayCentre(small(), rng=42).agents[0]
    with pytest.raises(AttributeError, match=f"DayCareUser has no attribute '{name}'; did you mean '{meant}'"):
        setattr(agent, name, 0.2)
    assert name not in vars(agent)


def test_a_name_near_no_column_is_refused_too():
    model = DayCentre(small(), rng=42)
    with pytest.raises(AttributeError, match="no attribute 'xyz'; an attribute of your own belongs into a subclass"):
        model.agents.set("xyz", 1)


def test_what_mesa_sets_on_agents_can_be_set():
    agent = DayCentre(small(), rng=42).agents[0]
    for name in ("unique_id", "meta_agent", "meta_agents", "_noted"):
        setattr(agent, name, 3)
        assert getattr(agent, name) == 3


def test_agents_stand_in_the_spaces_of_mesa_3():
    space = pytest.importorskip("mesa.space")  # Mesa 4 has it no longer
    model = DayCentre(coming_and_going(), rng=42)
    agent, grid = model.agents[0], space.NetworkGrid(nx.path_graph(2))
    grid.place_agent(agent, 1)
    assert agent.pos == 1
    grid.remove_agent(agent)
    assert agent.pos is None
    first = list(model.agents)
    for _ in range(20):
        model.step()
    left = next(agent for agent in first if agent.status == "left")
    left.pos = None  # a space does so when it lets an agent go
    assert left.pos is None


def test_a_subclass_has_attributes_of_its_own():
    class Watched(DayCareUser):
        colour = "red"
        size: float

        def __init__(self, model, row):
            super().__init__(model, row)
            self.seen = []

    agent = Watched(DayCentre(small(), rng=42), 0)
    agent.colour, agent.size, agent.seen = "blue", 2.0, ["once"]
    assert (agent.colour, agent.size, agent.seen) == ("blue", 2.0, ["once"])
    with pytest.raises(AttributeError, match="Watched has no attribute 'burdn'; did you mean 'burden'"):
        agent.burdn = 0.5


def test_an_agent_stays_on_its_row():
    agent = DayCentre(small(), rng=42).agents[0]
    with pytest.raises(AttributeError, match="row"):
        agent.row = 3
    assert agent.row == 0


def test_one_who_has_left_is_read_and_not_written():
    model = DayCentre(coming_and_going(), rng=42)
    first = list(model.agents)
    for _ in range(20):
        model.step()
    agent = next(agent for agent in first if agent.status == "left")
    before = model.engine.state.users[agent.row].tobytes()
    for name, value in {"mood": 0.5, "needs": [0.5] * 5, "sex": "man"}.items():
        with pytest.raises(ValueError, match=f"{name}: user {agent.uid} left on day .* no longer written"):
            setattr(agent, name, value)
    assert model.engine.state.users[agent.row].tobytes() == before
    assert 0.0 <= agent.mood <= 1.0


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("loneliness", 1.2),
        ("loneliness", -0.1),
        ("mood", float("nan")),
        ("needs", [0, 0, 0, 0, 2]),
        ("age", 5),
        ("unwell", 2),
        ("friends", -1),
        ("given", float("inf")),
    ],
)
def test_a_value_out_of_range_is_refused_and_says_what_is_allowed(column, value):
    agent = DayCentre(small(), rng=42).agents[0]
    before = np.array(getattr(agent, column) if column == "needs" else 0)
    with pytest.raises(ValueError, match=rf"{column}: found .* allowed is [\d.]+ to ([\d.]+|inf)"):
        setattr(agent, column, value)
    assert np.array_equal(np.array(agent.needs if column == "needs" else 0), before)


def test_half_a_code_is_refused():
    agent = DayCentre(small(), rng=42).agents[0]
    with pytest.raises(ValueError, match="occupation"):
        agent.occupation = 0.5


@pytest.mark.parametrize("value", [1.5, 1e300])
def test_a_count_is_whole(value):
    agent = DayCentre(small(), rng=42).agents[0]
    with pytest.raises(ValueError, match=r"friends: found .*, allowed are whole numbers"):
        agent.friends = value


@pytest.mark.parametrize("value", [[0.1, 0.2], {}, "high"])
def test_what_is_no_number_is_refused(value):
    agent = DayCentre(small(), rng=42).agents[0]
    with pytest.raises(ValueError, match=r"mood: found .*[,;] allowed are numbers"):
        agent.mood = value


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
    with pytest.raises(ValueError, match="found 'sailor'; allowed are unemployed, part-time/volunteer, retired"):
        agent.occupation = "sailor"
    with pytest.raises(ValueError, match="found 'retird'; did you mean 'retired'"):
        agent.occupation = "retird"


@pytest.mark.parametrize("column", KEYS)
def test_key_columns_are_read_only(column):
    agent = DayCentre(small(), rng=42).agents[0]
    with pytest.raises(AttributeError):
        setattr(agent, column, 1)


@pytest.mark.parametrize("column", USER, ids=lambda column: column.name)
def test_every_column_is_an_explained_property(column):
    doc = getattr(DayCareUser, column.name).__doc__
    assert doc.startswith(f"{column.meaning} [{column.unit}]")
    assert all(label in doc for label in column.labels if column.shape)


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
    assert set(model.graph("a")) == set(model.graph(0))
    assert set(model.graph("b")) == set(model.graph(np.int64(1)))


@pytest.mark.parametrize(
    ("centre", "said"),
    [
        ("parc", "unknown centre 'parc'; did you mean 'park'[?]; allowed are park, lake, or numbers from 0 to 1"),
        ("", "unknown centre ''; allowed are park, lake"),
        (2, "unknown centre 2; allowed are park, lake, or numbers from 0 to 1"),
        (-1, "unknown centre -1; allowed"),
        (0.5, "unknown centre 0.5; allowed"),
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


def test_an_enrolled_user_cannot_be_taken_out_of_mesa_alone():
    model = DayCentre("strangers", rng=1)
    agent = next(iter(model.agents))
    with pytest.raises(ValueError, match="leaves by the model's turnover only"):
        agent.remove()
    assert agent in model.agents
