"""Agents are views on rows: writing to an agent writes to the model, with checks."""

import networkx as nx
import numpy as np
import pytest

from sim.agents import DayCareUser
from sim.model import DayCentre
from sim.state.columns import USER
from tests.core.test_mesa import coming_and_going, small

KEYS = [column.name for column in USER if column.kind == "key"]
VECTORS = [column.name for column in USER if column.shape]
LABELLED = [column for column in USER if column.labels and not column.shape and column.kind != "key"]


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
    with pytest.raises(ValueError, match=r"needs: found .* allowed is 5 numbers, in the order emotional, .*tangible"):
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
            "found element 'tangable'; did you mean 'tangible'[?] allowed: one of emotional, .*0 to 4",
        ),
        ("needs", 5, 0.5, "found element 5, allowed is one of"),
        ("needs", -1, 0.5, "found element -1, allowed is one of"),
        ("needs", True, 0.5, "found element True, allowed is one of"),
        ("needs", "tangible", 1.5, r"needs: found \[.*1.5\], allowed is 0 to 1"),
        ("needs", "tangible", "much", "needs: found .* allowed is 5 numbers"),
        ("interests", 0, 0.5, "found column 'interests'; did you mean 'interest'[?] allowed: one of interest, needs"),
        ("mood", 0, 0.5, "found column 'mood', allowed is one of"),
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
    with pytest.raises(
        AttributeError, match="no attribute 'xyz', allowed is an attribute of the model, or of your own in a subclass"
    ):
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

    agent = DayCentre(small(), rng=42, agent_class=Watched).agents[0]
    assert type(agent) is Watched
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
    with pytest.raises(ValueError, match=r"friends: found .*, allowed is a whole number"):
        agent.friends = value


@pytest.mark.parametrize("value", [[0.1, 0.2], {}, "high"])
def test_what_is_no_number_is_refused(value):
    agent = DayCentre(small(), rng=42).agents[0]
    with pytest.raises(ValueError, match=r"mood: found .*, allowed is a number"):
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
    with pytest.raises(ValueError, match="found 'sailor', allowed is one of unemployed, part-time/volunteer, retired"):
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
