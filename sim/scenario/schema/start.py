"""What a centre starts with: listed users and surveyed ties, or a generated network."""

from sim.scenario.schema.network import SURVEYED, Network
from sim.scenario.schema.scenario import Centre, Scenario


def is_listed(scenario: Scenario, centre: Centre) -> bool:
    """Return whether a file gives users or starting ties of a centre."""
    return centre.users_file is not None or network_of(scenario, centre).kind in SURVEYED


def network_of(scenario: Scenario, centre: Centre) -> Network:
    """Return the starting network of a centre."""
    return centre.network or scenario.network


def settling_network(scenario: Scenario, centre: Centre) -> Network:
    """Return the network with which a centre starts to live: a generated one in place of one that day 0 will have."""
    network = network_of(scenario, centre)
    if network.kind not in SURVEYED or scenario.settling == 0:
        return network
    return network.model_copy(update={"kind": "generated", "file": None, "graph": None})
