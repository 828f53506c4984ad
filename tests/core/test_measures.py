"""Measures of a whole run: on networks and users small enough to work out by hand, and on a run."""

import math
import sys

import networkx as nx
import numpy as np
import pytest
from hand_made import hand_made, tie

from sim.outcomes.measures import MEASURES, NETWORK_MEASURES, friend_graph, network_measures, user_measures
from sim.run import run
from sim.scenario.schema.scenario import Scenario
from sim.state.build import records
from sim.state.columns import FRIEND, LEFT, PRESENT, USER


def network(users, *arcs, closeness=0.5):
    """Return a network of users 0, 1, ... with these friendships."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(users))
    graph.add_edges_from(arcs, closeness=closeness)
    return graph


def people(*rows):
    """Return users enrolled since before day 0, except as each row says."""
    users = records(len(rows), USER)
    users["status"], users["arrived"], users["first_friend"], users["first_confidant"] = PRESENT, -100.0, -1.0, -1.0
    for user, row in zip(users, rows, strict=True):
        for name, value in row.items():
            user[name] = value
    return users


def same(found, wanted):
    """Return whether numbers are equal, NaN included."""
    return {name: found[name] for name in wanted} == pytest.approx(wanted, nan_ok=True)


# ---- the network at the end


def test_a_triangle_with_a_tail_and_an_isolate():
    # One triangle; connected triples: one at 0, one at 1, three at 2. In-degrees 0, 1, 2, 1, 0.
    found = network_measures(None, network(5, (0, 1), (1, 2), (0, 2), (2, 3)))
    assert set(found) == set(NETWORK_MEASURES)
    wanted = {"transitivity": 3 / 5, "isolates_share": 1 / 5, "components": 1, "largest_component_share": 4 / 5}
    assert same(found, wanted | {"in_degree_cv": math.sqrt(0.56) / 0.8})
    assert same(found, {"tie_survival": math.nan, "tie_turnover": math.nan})


def test_a_friendship_returned_is_one_pair_and_two_friendships():
    # As pairs an open path; in-degrees 1, 2, 1.
    found = network_measures(None, network(3, (0, 1), (1, 0), (1, 2), (2, 1)))
    assert same(found, {"transitivity": 0.0, "in_degree_cv": math.sqrt(2 / 9) / (4 / 3), "isolates_share": 0.0})


def test_components_are_of_two_users_at_least():
    found = network_measures(None, network(8, (0, 1), (2, 3), (4, 3), (4, 5)))
    assert same(found, {"components": 2, "largest_component_share": 4 / 8, "isolates_share": 2 / 8})


def test_a_complete_network_is_even():
    every = [(i, j) for i in range(4) for j in range(4) if i != j]
    found = network_measures(None, network(4, *every))
    assert same(found, {"transitivity": 1.0, "in_degree_cv": 0.0, "components": 1, "largest_component_share": 1.0})


def test_ties_below_friend_are_none():
    just_below = network(3, (0, 1), (1, 2), (0, 2), closeness=np.nextafter(FRIEND, 0))
    found = network_measures(None, just_below)
    assert same(found, {"isolates_share": 1.0, "components": 0, "largest_component_share": 0.0, "transitivity": 0.0})
    assert math.isnan(found["in_degree_cv"])
    assert network_measures(None, network(3, (0, 1), closeness=FRIEND))["isolates_share"] == pytest.approx(1 / 3)


def test_a_network_of_nobody_has_no_shares():
    found = network_measures(network(2, (0, 1)), network(0))
    assert found.pop("components") == 0
    assert all(math.isnan(value) for value in found.values())


# ---- what became of the friendships of the start


def test_survival_and_turnover_are_of_those_enrolled_at_both():
    start = network(5, (0, 1), (1, 0), (1, 2), (2, 3), (4, 0))  # 4 leaves
    end = network(4, (0, 1), (2, 1), (2, 3))
    end.add_edge(9, 0, closeness=0.9)  # 9 arrives
    # Of (0, 1), (1, 0), (1, 2), (2, 3) two are left; with (2, 1) there were five.
    assert same(network_measures(start, end), {"tie_survival": 2 / 4, "tie_turnover": 3 / 5})


def test_a_friendship_that_cools_is_lost():
    end = network(2, (0, 1), closeness=0.2)
    assert same(network_measures(network(2, (0, 1)), end), {"tie_survival": 0.0, "tie_turnover": 1.0})
    assert same(network_measures(end, network(2, (0, 1))), {"tie_survival": math.nan, "tie_turnover": 1.0})
    assert same(network_measures(end, end), {"tie_survival": math.nan, "tie_turnover": math.nan})


# ---- users


def test_changes_since_entry_are_in_the_units_of_the_instruments():
    users = people(
        {"loneliness": 0.5, "loneliness_at_entry": 0.7, "burden": 0.3, "burden_at_entry": 0.2, "identity": 0.9},
        {"loneliness": 0.4, "loneliness_at_entry": 0.4, "burden": 0.2, "burden_at_entry": 0.2, "identity": 0.1},
        {"loneliness": 0.9, "status": LEFT},
    )
    wanted = {"loneliness_ucla20_change": -6.0, "burden_change": 5.0, "group_identity_change": 3.0}
    assert same(user_measures(users), wanted)
    assert same(user_measures(users[2:]), dict.fromkeys(wanted, math.nan))


def test_newcomers_wait_from_their_arrival():
    users = people(
        {"arrived": -5.0, "first_friend": 0.0, "first_confidant": 3.0},
        {"arrived": 0.0, "first_friend": 20.0, "first_confidant": 90.0},
        {"arrived": 100.0, "first_friend": 130.0},
        {"arrived": 50.0, "first_friend": 150.0, "status": LEFT},
        {"arrived": 200.0},
    )
    assert same(user_measures(users), {"newcomers_to_first_friend_days": 30.0, "newcomers_with_friend_share": 0.75})
    wanted = {"newcomers_to_first_confidant_days": 90.0, "newcomers_with_confidant_share": 0.25}
    assert same(user_measures(users), wanted)


def test_without_newcomers_there_is_no_wait_and_no_share():
    none = {"newcomers_to_first_friend_days": math.nan, "newcomers_with_friend_share": math.nan}
    assert same(user_measures(people({"first_friend": 4.0})), none)
    nobody_found = {"newcomers_to_first_friend_days": math.nan, "newcomers_with_friend_share": 0.0}
    assert same(user_measures(people({"arrived": 3.0})), nobody_found)


# ---- the friend graph, and a run


def test_the_friend_graph_has_the_enrolled_and_their_friendships():
    s = hand_made(4)
    tie(s, 0, 1).closeness, tie(s, 1, 0).closeness, tie(s, 2, 2).closeness = 0.6, 0.34, 0.9
    tie(s, 3, 0).closeness = 0.9
    s.seats[5] = -1  # the fourth has left
    graph = friend_graph(s)
    assert list(graph) == [101, 102, 103]
    assert list(graph.edges(data="closeness")) == [(101, 102, 0.6)]


@pytest.fixture(scope="module")
def lively():
    """Return two centres in which people come and go."""
    rules = {"turnover": {"leaving_rate": 1.0, "vacancy_days": 7.0}}
    centres = {"a": {"users": 12}, "b": {"users": 20}}
    return Scenario.model_validate({"name": "x", "days": 200, "settling": 60, "centres": centres, "rules": rules})


def test_a_run_is_measured_when_asked_and_is_the_same(lively):
    plain, measured = run(lively, 3), run(lively, 3, graph_days=(0, 200), measures=True)
    assert plain.measures == {}
    assert list(measured.measures) == [measure.name for measure in MEASURES]
    for one, other in ((plain.daily, measured.daily), (plain.users, measured.users)):
        assert all(np.array_equal(one[name], other[name], equal_nan=True) for name in one.dtype.names)
    # From the whole networks, kept for their own sake, comes the same.
    wanted = network_measures(measured.graphs[0], measured.graphs[200]) | user_measures(measured.users)
    assert same(measured.measures, wanted)
    undefined = {name for name, value in measured.measures.items() if math.isnan(value)}
    assert undefined <= {"newcomers_to_first_friend_days", "newcomers_to_first_confidant_days"}


def test_the_measures_of_a_run_are_on_their_scales_and_agree_with_its_outcomes(lively):
    found = run(lively, 3, measures=True)
    shares = [found.measures[measure.name] for measure in MEASURES if measure.unit == "share"]
    assert min(shares) >= 0
    assert max(shares) <= 1
    last = found.daily[-1]
    without = float((last["no_friend_share"] * last["users"]).sum() / last["users"].sum())
    assert found.measures["isolates_share"] <= without
    assert found.measures["components"] >= 2, "no tie joins two centres"


def test_the_network_of_many_is_not_measured(monkeypatch, lively):
    def most(seats):
        monkeypatch.setattr(sys.modules["sim.run"], "MOST_IN_GRAPH", seats)

    most(31)
    found = run(lively, 3, days=20, measures=True).measures
    assert [name for name, value in found.items() if name in NETWORK_MEASURES and not math.isnan(value)] == []
    assert math.isfinite(found["loneliness_ucla20_change"])
    most(32)
    assert math.isfinite(run(lively, 3, days=20, measures=True).measures["transitivity"])


def test_every_measure_is_declared_whole():
    for measure in MEASURES:
        assert measure.unit, measure.name
        assert measure.better in ("lower", "higher", "neither"), measure.name
        assert len(measure.meaning.split()) > 5, measure.name
    assert len({measure.label for measure in MEASURES}) == len(MEASURES)


@pytest.mark.parametrize("users", [20, 310])
def test_a_network_of_any_size_holds_no_strangers(users):
    given = {"name": "x", "days": 3, "centres": {"c": {"users": users}}, "network": {"hours_per_year": 8}}
    scenario = Scenario.model_validate(given)
    kept = run(scenario, 2, graph_days=[0]).graphs[0]
    assert kept.number_of_nodes() == users
    assert min(closeness for _, _, closeness in kept.edges(data="closeness")) >= 0.10
    whole = run(scenario, 2, graph_days=[0], at_least=0).graphs[0]
    assert min(closeness for _, _, closeness in whole.edges(data="closeness")) < 0.10
