"""The paired design: every scenario runs under the same seeds, so that a pair differs by the scenario alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from experiments.designs.replicates import replicate_seed
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import DayroomError


class UncomparableError(DayroomError, ValueError):
    """Scenarios that cannot be compared, and why."""


@dataclass(frozen=True, slots=True)
class PairedRun:
    """One run of the design.

    Parameters
    ----------
    name : str
        Its name in the comparison.
    replicate : int
        Counted from 0.
    seed : int
        The same for every scenario of the replicate.
    keeps_network : bool
        Whether to keep the network at the end.
    """

    scenario: Scenario
    name: str
    replicate: int
    seed: int
    keeps_network: bool = False


def paired(scenarios: dict[str, Scenario], seed: int, replicates: range, networks: bool = True) -> Iterator[PairedRun]:
    """Yield the runs of some replicates, all scenarios of a replicate next to each other.

    Parameters
    ----------
    scenarios : dict of str to Scenario
        By the names the comparison gives them.
    networks : bool
        Whether to keep the networks of replicate 0.
    """
    for number in replicates:
        for name, scenario in scenarios.items():
            yield PairedRun(scenario, name, number, replicate_seed(seed, number), networks and number == 0)


def named_apart(scenarios: Sequence[Scenario]) -> dict[str, Scenario]:
    """Return scenarios by their own names.

    Raises
    ------
    UncomparableError
        When two share a name, or they are not of one length.
    """
    found: dict[str, Scenario] = {}
    for scenario in scenarios:
        if scenario.name in found:
            raise UncomparableError(f"two scenarios are named {scenario.name!r}; give one another `name:`")
        found[scenario.name] = scenario
    lengths = {name: scenario.days for name, scenario in found.items()}
    if len(set(lengths.values())) > 1:
        listed = ", ".join(f"{name} {days} days" for name, days in lengths.items())
        raise UncomparableError(f"the scenarios are not of one length ({listed}); give it with --days")
    return found


def comparable(scenarios: dict[str, Scenario]) -> None:
    """Refuse scenarios whose users cannot be compared.

    Raises
    ------
    UncomparableError
        When a scenario has other centres than the base.
    """
    base, *others = scenarios.items()
    for name, scenario in others:
        if _sizes(scenario) != _sizes(base[1]):
            raise UncomparableError(
                f"{name} has other centres than {base[0]}; their ties cannot be set beside each other"
            )


def _sizes(scenario: Scenario) -> list[tuple[str, int, int]]:
    return [(name, centre.users, centre.copies) for name, centre in scenario.centres.items()]
