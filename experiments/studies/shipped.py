"""Find a study's file: by its path, or the studies that ship with the program by name."""

import os
from pathlib import Path

from sim.language import later
from sim.scenario.reading.resolve import find_named
from sim.scenario.text.errors import Problem, ScenarioError


def folder() -> Path:
    """Return the folder of the shipped studies."""
    return Path(__file__).resolve().parent


def names() -> list[str]:
    """Return the names of the shipped studies, sorted."""
    return sorted(path.stem for path in folder().glob("*.yaml"))


def files() -> dict[str, Path]:
    """Return the files of the shipped studies by name."""
    return {name: folder() / f"{name}.yaml" for name in names()}


def find(reference: str | os.PathLike[str]) -> Path:
    """Find a study's file by its path, or a shipped study by its name.

    Raises
    ------
    ScenarioError
        When the reference is a bare word that is neither a file nor a shipped study.
    """
    path = find_named(reference, Path(), files(), later("study"))
    if isinstance(path, Problem):
        raise ScenarioError([path])
    return path
