"""List the runs of a study. The address of a run is a digest of the scenario, and a seed."""

from collections.abc import Iterator
from dataclasses import dataclass

from experiments.studies.reference import StudyLike, study_of
from experiments.studies.study import Study, Tree

KEY_LETTERS = 20
"""Letters of a scenario's address in the key of a run: enough to tell millions of scenarios apart."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A run of a study.

    Parameters
    ----------
    point, replicate : int
        Number of the point and of the replicate, from 0.
    scenario : str
        Digest of the scenario: the point's values under the lever.
    extensions : str
        The code of other packages that the run uses (`experiments.store.extensions.text_of`).
    """

    point: int
    lever: str
    replicate: int
    scenario: str
    seed: int
    extensions: str = ""

    @property
    def address(self) -> tuple[str, int]:
        """The address of the run in the store, within one version of the model."""
        return self.scenario, self.seed

    @property
    def key(self) -> str:
        """The run's address, shortened for typing."""
        return key_of(self.scenario, self.seed)


def key_of(scenario: str, seed: int) -> str:
    """Return the key of a run: its address, shortened for typing."""
    return f"{scenario[:KEY_LETTERS]}-{seed}"


def planned(study: StudyLike, replicates: int | None = None) -> list[Planned]:
    """Return the runs of a study, in order of point, then lever, then replicate.

    Some runs may share an address: points that differ only in an option of a policy give the same scenario under a
    lever without that policy. A sweep makes such a run only once.

    Parameters
    ----------
    study : Study, str or path
        A study, the name of a shipped study, or a file.
    replicates : int, optional
        Number of replicates; by default that of the study.
    """
    study = study_of(study)
    number = study.replicates if replicates is None else replicates
    seeds = [study.seed_of(replicate) for replicate in range(number)]
    trees = study.trees()
    used = {lever: tree.extensions for lever, tree in trees.items()}
    return [
        Planned(point, lever, replicate, scenario, seed, used[lever])
        for point, lever, scenario in addresses(study, trees)
        for replicate, seed in enumerate(seeds)
    ]


def addresses(study: Study, trees: dict[str, Tree] | None = None) -> Iterator[tuple[int, str, str]]:
    """Yield point, lever and address of every scenario of a study, in the order of the runs.

    Parameters
    ----------
    trees : dict of str to Tree, optional
        `study.trees()`, if the caller has it.
    """
    trees = trees or study.trees()
    for number, point in enumerate(study.points):
        for lever, tree in trees.items():
            yield number, lever, tree.digest(study.settings(lever, point))
