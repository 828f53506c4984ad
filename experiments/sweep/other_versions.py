"""Runs of a study under other versions of the model; they count as missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.store.runs.plans import days_of, read_plan
from experiments.store.runs.store import RunStore
from experiments.store.runs.versions import recorded
from experiments.sweep.done import done

SHOWN = 12
"""Letters of a version's name to show."""


@dataclass(frozen=True, slots=True)
class OtherVersion:
    """Runs of a study under another version of the model.

    Parameters
    ----------
    version : str
        Beginning of its name, as `--model` takes it.
    runs : int
        Runs done under it, of the study as last swept with it.
    """

    version: str
    runs: int


def other_versions(study: str, folder: Path, version: str) -> list[OtherVersion]:
    """Count the runs of a study under each version of the model but one, the latest version first.

    Parameters
    ----------
    study : str
        Its name.
    folder : Path
        The store.
    version : str
        The version to leave out.
    """
    found = []
    for other in recorded(folder):
        source = RunStore(folder, other.name)
        plan = read_plan(source, study, source.tell) if other.name != version else None
        if plan is None:
            continue
        wanted = set(zip(plan["scenario"].to_pylist(), plan["seed"].to_pylist(), strict=True))
        if number := len(wanted & done(source, days_of(plan) or ())):
            found.append(OtherVersion(other.name[:SHOWN], number))
    return found


def listed(found: Sequence[OtherVersion]) -> str:
    """Join the number of runs and the name of each version."""
    return ", ".join(f"{other.runs:,} with {other.version}" for other in found)
