"""What a centre starts with: listed users and surveyed ties, or a generated network."""

from sim.scenario.schema.network import SURVEYED, Network
from sim.scenario.schema.scenario import Centre, Observe, Scenario


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


def until_day_0(scenario: Scenario) -> Scenario:
    """Return a scenario without anything that first counts on day 0: runs for which it is equal settle to the same bits.

    Policies, groups, surveys, the budget, texts, the number of runs and the scenario's own seed go. Outcomes of other
    packages stay, so that runs that share their settling run the same code.
    """
    return scenario.model_copy(
        update={
            "name": "until-day-0",
            "title": "",
            "question": "",
            "replicates": 1,
            "seed": None,
            "policies": {},
            "observe": Observe(outcomes=scenario.observe.outcomes),
            "budget": None,
            "groups": {},
        }
    )
