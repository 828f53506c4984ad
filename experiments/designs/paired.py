"""The paired design: all scenarios run with the same seeds, so two runs of a pair differ only in their scenario."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from experiments.designs.replicates import replicate_seed
from sim.language import say
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import DayroomError


class UncomparableError(DayroomError, ValueError):
    """The scenarios cannot be compared; the message says why."""


@dataclass(frozen=True, slots=True)
class PairedRun:
    """One run of the paired design.

    Parameters
    ----------
    name : str
        Name of the scenario in the comparison.
    replicate : int
        Number of the replicate, from 0.
    seed : int
        Seed of the replicate, the same for every scenario.
    keeps_network : bool
        Whether to keep the network as it is when the run ends.
    start : str
        Name of the settled start that the run shares with others; empty if it shares none.
    """

    scenario: Scenario
    name: str
    replicate: int
    seed: int
    keeps_network: bool = False
    start: str = ""


def paired(scenarios: dict[str, Scenario], seed: int, replicates: range, networks: bool = True) -> Iterator[PairedRun]:
    """Yield the runs of some replicates: for each replicate, one run of every scenario.

    Parameters
    ----------
    scenarios : dict of str to Scenario
        Scenarios by their names in the comparison.
    networks : bool
        Whether the runs of replicate 0 keep their networks.
    """
    for number in replicates:
        for name, scenario in scenarios.items():
            yield PairedRun(scenario, name, number, replicate_seed(seed, number), networks and number == 0)


def named_apart(scenarios: Sequence[Scenario]) -> dict[str, Scenario]:
    """Return scenarios by their own names, after a check of names and lengths.

    Raises
    ------
    UncomparableError
        When two scenarios share a name, or do not run for the same number of days.
    """
    named: dict[str, Scenario] = {}
    for scenario in scenarios:
        if scenario.name in named:
            raise UncomparableError(
                say("two scenarios are named {name!r}; give each a `name:` of its own", name=scenario.name)
            )
        named[scenario.name] = scenario
    lengths = {name: scenario.days for name, scenario in named.items()}
    if len(set(lengths.values())) > 1:
        listed = say(", ").join(say("{name} {days} days", name=name, days=days) for name, days in lengths.items())
        raise UncomparableError(
            say("the scenarios run for different times ({lengths}); give all the same with --days", lengths=listed)
        )
    return named


def comparable(scenarios: dict[str, Scenario]) -> None:
    """Check that all scenarios have the same centres, so that their users can be compared.

    Raises
    ------
    UncomparableError
        When the centres of a scenario differ from those of the first scenario, the base.
    """
    base, *others = scenarios.items()
    for name, scenario in others:
        if _sizes(scenario) != _sizes(base[1]):
            raise UncomparableError(
                say(
                    "{name} has other centres than {base}; their ties cannot be set beside each other",
                    name=name,
                    base=base[0],
                )
            )


def _sizes(scenario: Scenario) -> list[tuple[str, int, int]]:
    return [(name, centre.users, centre.copies) for name, centre in scenario.centres.items()]
