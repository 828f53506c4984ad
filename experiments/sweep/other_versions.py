"""What of a study is in the store under other versions of the model, whose runs count as missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.store.runs.plans import days_of, read_plan
from experiments.store.runs.store import RunStore
from experiments.store.runs.versions import recorded
from experiments.sweep.done import done

SHOWN = 12
"""Letters of a version's name that are shown."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Runs of a study under another version of the model.

    Parameters
    ----------
    version : str
        Beginning of its name, as `--model` takes it.
    runs : int
        Done under it, of the study as last swept with it.
    """

    version: str
    runs: int


def elsewhere(study: str, folder: Path, version: str) -> list[Elsewhere]:
    """Count the runs of a study that were done under other versions than one, the latest version first.

    Parameters
    ----------
    study : str
        Its name.
    folder : Path
        The store.
    version : str
        Name of the one version.
    """
    found = []
    for other in recorded(folder):
        source = RunStore(folder, other.name)
        plan = read_plan(source, study, source.tell) if other.name != version else None
        if plan is None:
            continue
        wanted = set(zip(plan["scenario"].to_pylist(), plan["seed"].to_pylist(), strict=True))
        if number := len(wanted & done(source, days_of(plan) or ())):
            found.append(Elsewhere(other.name[:SHOWN], number))
    return found


def listed(found: Sequence[Elsewhere]) -> str:
    """Name versions of the model, and how many runs each has."""
    return ", ".join(f"{one.runs:,} with {one.version}" for one in found)
