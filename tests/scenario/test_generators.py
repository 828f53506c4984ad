"""The arguments of the generators: declared in full, accepted by networkx, possible in the centre; each matters."""

import math

import pytest
from pydantic import ValidationError

from sim.scenario.schema.network import ARGUMENTS_OF, GENERATOR_PARAMETERS, GENERATORS, BarabasiAlbert
from sim.scenario.schema.quantity import GRADES
from sim.scenario.schema.scenario import SCENARIO_PARAMETERS, Network, Scenario
from sim.sources import SOURCES
from sim.state.ties import ARGUMENTS, checked_arguments, generated

ALL = [(generator, each) for generator, arguments in GENERATOR_PARAMETERS.items() for each in arguments]
each_argument = pytest.mark.parametrize(
    ("generator", "parameter"), ALL, ids=[f"{generator}-{each.path}" for generator, each in ALL]
)
each_generator = pytest.mark.parametrize("generator", GENERATORS)


def name_of(parameter) -> str:
    return parameter.path.rpartition(".")[2]


def test_those_of_the_default_generator_are_parameters_of_the_scenario():
    found = [one for one in SCENARIO_PARAMETERS if one.path.startswith("network.arguments.")]
    assert tuple(found) == GENERATOR_PARAMETERS["watts_strogatz_graph"]
    assert [(one.path, one.default) for one in found] == [("network.arguments.k", 6), ("network.arguments.p", 0.3)]
    assert "network.scale" in {one.path for one in SCENARIO_PARAMETERS}


@each_generator
def test_a_generator_has_the_arguments_networkx_takes(generator):
    assert tuple(ARGUMENTS_OF[generator].model_fields) == tuple(ARGUMENTS[generator])
    defaults = dict(ARGUMENTS_OF[generator]())
    assert checked_arguments(generator, defaults, 26) == defaults
    for name, field in ARGUMENTS_OF[generator].model_fields.items():
        assert (field.annotation is int) == ARGUMENTS[generator][name].whole


@each_generator
def test_the_default_knows_about_as_many_as_the_default_network(generator):
    pairs = [len(generated(generator, dict(ARGUMENTS_OF[generator]()), 26, seed)) for seed in range(40)]
    assert sum(pairs) / len(pairs) == pytest.approx(26 * 6 / 2, rel=0.25)


@each_argument
def test_an_argument_is_declared_in_full(generator, parameter):
    (low, high), (least, most) = parameter.quantity.bounds, parameter.quantity.plausible
    assert -math.inf < low <= least <= parameter.default <= most <= high < math.inf
    assert least < most
    assert parameter.quantity.source in SOURCES
    assert parameter.quantity.grade in GRADES
    assert len(parameter.quantity.meaning.split()) >= 2
    limits = ARGUMENTS[generator][name_of(parameter)]
    assert limits.low <= low
    assert high <= limits.high


@each_argument
def test_an_argument_makes_a_difference(generator, parameter):
    drawn = []
    for value in parameter.quantity.plausible:
        given = {name_of(parameter): int(value) if parameter.whole else value}
        network = Network.model_validate({"generator": generator, "arguments": given})
        drawn.append([generated(generator, dict(network.arguments), 26, seed) for seed in range(3)])
    assert drawn[0] != drawn[1]


@each_generator
def test_a_generator_takes_no_argument_of_another(generator):
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Network.model_validate({"generator": generator, "arguments": {"nonsense": 1}})
    other = BarabasiAlbert if generator != "barabasi_albert_graph" else ARGUMENTS_OF["gnp_random_graph"]
    with pytest.raises(ValidationError, match="valid dictionary or instance"):
        Network.model_validate({"generator": generator, "arguments": other()})


@pytest.mark.parametrize(
    ("generator", "arguments", "users", "said"),
    [
        ("barabasi_albert_graph", {"m": 24}, 25, ""),
        ("barabasi_albert_graph", {"m": 25}, 25, "found m = 25, allowed for 25 users is at most 24"),
        ("powerlaw_cluster_graph", {"m": 9}, 9, "found m = 9, allowed for 9 users is at most 8"),
        ("gaussian_random_partition_graph", {"s": 9}, 9, ""),
        ("gaussian_random_partition_graph", {"s": 9.5}, 9, "found s = 9.5, allowed for 9 users is at most 9"),
        ("random_regular_graph", {"d": 8}, 9, ""),
        ("random_regular_graph", {"d": 10}, 9, "found d = 10, allowed for 9 users is at most 8"),
        ("random_regular_graph", {"d": 11}, 9, "found d = 11, allowed for 9 users is at most 8"),
        ("random_regular_graph", {"d": 3}, 9, "found d = 3, allowed for 9 users is an even number"),
        ("watts_strogatz_graph", {"k": 1000}, 9, ""),
    ],
)
def test_what_a_centre_is_too_small_for_is_refused_before_any_run(generator, arguments, users, said):
    network = {"generator": generator, "arguments": arguments}
    given = {"name": "x", "network": network, "centres": {"c": {"users": users}}}
    assert ARGUMENTS_OF[generator](**arguments).refusal(users).startswith(said)
    if not said:
        assert Scenario.model_validate(given).network.generator == generator
        return
    with pytest.raises(ValidationError, match=said):
        Scenario.model_validate(given)
    Scenario.model_validate(given | {"network": network | {"kind": "none"}})
    with pytest.raises(ValueError, match=f"{generator}: found"):
        checked_arguments(generator, arguments, users)
