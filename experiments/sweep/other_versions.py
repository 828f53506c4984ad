"""Count runs under other versions of the model, or of a policy of another package. A sweep makes such runs anew."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.statistics.numbers import commas, many
from experiments.store.extensions import Extension, from_text, present
from experiments.store.runs.plans import days_of, read_plan
from experiments.store.runs.store import RunStore
from experiments.store.runs.tables import addresses_of
from experiments.store.runs.versions import recorded
from experiments.sweep.completion import done
from sim.language import say

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
        plan = read_plan(source, study, source.report) if other.name != version else None
        if plan is None:
            continue
        if number := len(done(source, days_of(plan) or ()).intersection(addresses_of(plan))):
            others.append(OtherVersion(other.name[:SHOWN], number))
    return others


def listed(others: Sequence[OtherVersion]) -> str:
    """Return the versions as words, such as "1,200 with 3f9a..., 80 with 77c0..."."""
    return commas([say("{runs:,} with {version}", runs=other.runs, version=other.version) for other in others])


def by_extension(store: RunStore) -> Counter[Extension]:
    """Count the runs of a store that used code of other packages, by package, version and sources."""
    counts: Counter[Extension] = Counter()
    for _, text, number in store.extensions():
        counts.update(dict.fromkeys(from_text(text), number))
    return counts


def superseded(store: RunStore, wanted: Iterable[Extension]) -> list[str]:
    """Describe the runs that used some extensions with other code or another version than wanted, an entry for each."""
    now = {(extension.kind, extension.name): extension for extension in wanted}
    return [
        say("{runs:,} with {version}", runs=number, version=extension)
        for extension, number in sorted(by_extension(store).items())
        if now.get((extension.kind, extension.name), extension) != extension
    ]


def extension_lines(store: RunStore) -> list[str]:
    """Describe the code of other packages behind a store's runs, a line for each version of it."""
    lines = []
    for extension, number in sorted(by_extension(store).items()):
        here = present(extension.kind, extension.name)
        if here == extension:
            state = say("present")
        elif here:
            state = say("another version than the present {version}", version=here)
        else:
            state = say("no longer installed")
        line = say("{extension}: {runs}, {state}", extension=extension, runs=many(number, "run"), state=state)
        lines.append(f"  {line}")
    return lines
