"""Count the runs of a study under other versions of the model. A sweep treats such runs as missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.store.runs.plans import days_of, read_plan
from experiments.store.runs.store import RunStore
from experiments.store.runs.tables import addresses_of
from experiments.store.runs.versions import recorded
from experiments.sweep.done import done

SHOWN = 12
"""Number of letters of a version's name that messages show."""


@dataclass(frozen=True, slots=True)
class OtherVersion:
    """How many runs of a study are done under another version of the model.

    Parameters
    ----------
    version : str
        Beginning of the version's name, which the option `--model` accepts.
    runs : int
        Number of done runs in the study's plan of its last sweep under that version.
    """

    version: str
    runs: int


def other_versions(study: str, folder: Path, version: str) -> list[OtherVersion]:
    """Count the done runs of a study under each version of the model except `version`, the latest version first.

    Parameters
    ----------
    study : str
        Name of the study.
    folder : Path
        The store.
    version : str
        The version to leave out.
    """
    others = []
    for other in recorded(folder):
        source = RunStore(folder, other.name)
        plan = read_plan(source, study, source.tell) if other.name != version else None
        if plan is None:
            continue
        if number := len(done(source, days_of(plan) or ()).intersection(addresses_of(plan))):
            others.append(OtherVersion(other.name[:SHOWN], number))
    return others


def listed(others: Sequence[OtherVersion]) -> str:
    """Return the versions as words, such as "1,200 with 3f9a..., 80 with 77c0..."."""
    return ", ".join(f"{other.runs:,} with {other.version}" for other in others)
