"""The scenario that settles in place of one with listed users or surveyed ties: the same without list and survey."""

from sim.scenario.schema.scenario import Centre, Network, Scenario


def is_listed(scenario: Scenario, centre: Centre) -> bool:
    """Return whether a file gives users or starting ties of a centre."""
    return centre.users_file is not None or network_of(scenario, centre).kind == "file"


def network_of(scenario: Scenario, centre: Centre) -> Network:
    """Return the starting network of a centre."""
    return centre.network or scenario.network


def unlisted(scenario: Scenario) -> Scenario:
    """Return the scenario with sampled users, and with a generated network in place of one from a file."""
    if not any(is_listed(scenario, centre) for centre in scenario.centres.values()):
        return scenario
    centres = {
        name: centre.model_copy(
            update={"users_file": None, "network": _generated(centre.network) if centre.network else None}
        )
        for name, centre in scenario.centres.items()
    }
    return scenario.model_copy(update={"centres": centres, "network": _generated(scenario.network)})


def _generated(network: Network) -> Network:
    return network.model_copy(update={"kind": "generated", "file": None}) if network.kind == "file" else network
