"""Open a store for reading, at a version of the model."""

import sys
from pathlib import Path

from experiments.store.folder import ResultError
from experiments.store.runs.store import RunStore
from experiments.store.runs.versions import recorded
from sim.language import say
from sim.scenario.text.nodes import quoted


def open_store(store: Path | str, model: str | None = None) -> RunStore:
    """Open a store for reading, at a version of the model.

    Raises
    ------
    ResultError
        When no version, or more than one, has a digest with this beginning.
    """
    folder = Path(store)
    if model is None:
        return RunStore(folder, report=_warn)
    known = recorded(folder, _warn)
    matches = [version for version in known if version.name.startswith(model)]
    if len(matches) == 1:
        return RunStore(folder, matches[0].name, report=_warn)
    if matches and len({version.model for version in matches}) == 1:  # one model measured in several ways
        return RunStore(folder, max(matches, key=lambda version: version.since).name, report=_warn)
    matches.sort(key=lambda version: version.since)
    names = ", ".join(version.name[:12] for version in matches or known) or say("none")
    problem = (
        say("more than one version begins with it") if matches else say("the store holds no such version of the model")
    )
    text = say(
        "{folder}: --model: found {model}; {problem}, allowed is one of {names}",
        folder=folder,
        model=quoted(model),
        problem=problem,
        names=names,
    )
    raise ResultError(text)


def _warn(text: str) -> None:
    """Print a warning of damage to stderr: a table that lacks parts must not look complete."""
    print(text, file=sys.stderr)
