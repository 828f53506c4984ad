"""The studies that come with the program, found by name."""

from pathlib import Path


def folder() -> Path:
    """Find the folder of the shipped studies."""
    return Path(__file__).resolve().parent


def names() -> list[str]:
    """List the names of the shipped studies."""
    return sorted(path.stem for path in folder().glob("*.yaml"))


def path_of(name: str) -> Path | None:
    """Give the file of a shipped study, or None when none has this name."""
    return folder() / f"{name}.yaml" if name in names() else None
