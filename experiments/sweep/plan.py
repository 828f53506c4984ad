"""The runs of a study, each by its address: what is simulated, under which seed."""

from collections.abc import Iterator
from dataclasses import dataclass

from experiments.studies.study import Study, Tree

KEY_LETTERS = 20
"""Letters of a scenario's address in a key: enough to tell millions apart."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A run of a study.

    Parameters
    ----------
    point : int
        Number of the point, from 0.
    lever : str
    replicate : int
        From 0.
    scenario : str
        Address of what is simulated.
    seed : int
    """

    point: int
    lever: str
    replicate: int
    scenario: str
    seed: int

    @property
    def address(self) -> tuple[str, int]:
        """The address of the run in the store, within one version of the model."""
        return self.scenario, self.seed

    @property
    def key(self) -> str:
        """The address, short enough to type."""
        return key_of(self.scenario, self.seed)


def key_of(scenario: str, seed: int) -> str:
    """Return the address of a run, short enough to type."""
    return f"{scenario[:KEY_LETTERS]}-{seed}"


def planned(study: Study, replicates: int | None = None) -> list[Planned]:
    """Return the runs of a study: by point, then lever, then replicate.

    Several can share an address, since a point that sets an option of a policy leaves levers without that policy as
    they are. Such a run is made once.

    Parameters
    ----------
    study : Study
    replicates : int, optional
        Number of replicates; the study's when not given.
    """
    number = study.replicates if replicates is None else replicates
    seeds = [study.seed_of(replicate) for replicate in range(number)]
    return [
        Planned(point, lever, replicate, scenario, seed)
        for point, lever, scenario in addresses(study)
        for replicate, seed in enumerate(seeds)
    ]


def addresses(study: Study) -> Iterator[tuple[int, str, str]]:
    """Yield point, lever and address of every scenario of a study, in the order of the runs."""
    trees: dict[str, Tree] = study.trees()
    for number, point in enumerate(study.points):
        for lever, tree in trees.items():
            yield number, lever, tree.digest(study.settings(lever, point))
