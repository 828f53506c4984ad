"""Find the studies that ship with the program by name."""

from pathlib import Path


def folder() -> Path:
    """Return the folder of the shipped studies."""
    return Path(__file__).resolve().parent


def names() -> list[str]:
    """Return the names of the shipped studies, sorted."""
    return sorted(path.stem for path in folder().glob("*.yaml"))


def files() -> dict[str, Path]:
    """Return the files of the shipped studies by name."""
    return {name: folder() / f"{name}.yaml" for name in names()}
