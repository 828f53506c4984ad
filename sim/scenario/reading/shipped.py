"""The scenarios that come with the program, found by name."""

from pathlib import Path


def folder() -> Path:
    """Return the folder of the shipped scenarios: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parents[2]
    installed = package / "_shipped_scenarios"
    return installed if installed.is_dir() else package.parent / "scenarios"


def names() -> list[str]:
    """List the names of the shipped scenarios, the baseline first."""
    return sorted((path.stem for path in folder().glob("*.yaml")), key=lambda name: (name != "baseline", name))


def files() -> dict[str, Path]:
    """Return the files of the shipped scenarios, by name."""
    return {name: folder() / f"{name}.yaml" for name in names()}


def is_path(reference: str) -> bool:
    """Return whether a reference is a path and not a name: it contains a slash or ends in .yaml or .yml."""
    return "/" in reference or "\\" in reference or reference.lower().endswith((".yaml", ".yml"))
