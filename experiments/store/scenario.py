"""The scenario of a result, resolved, with copies of the files it names: the folder alone is enough to run it again."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from experiments.provenance import digest
from experiments.store.named_files import files_of
from sim.scenario.reading.show import show
from sim.scenario.schema.scenario import Scenario


def write_scenario(folder: Path, scenario: Scenario) -> str:
    """Write `scenario.yaml`, and into `inputs/` the files it names.

    Returns
    -------
    str
        Digest of what is simulated: the scenario without its seed and number of replicates, and the files' contents.
    """
    names = _names(files_of(scenario))
    for path, name in names.items():
        (folder / "inputs").mkdir(exist_ok=True)
        shutil.copyfile(path, folder / "inputs" / name)
    moved = _moved(scenario, {path: folder / "inputs" / name for path, name in names.items()})
    (folder / "scenario.yaml").write_text(show(moved, folder), encoding="utf-8")
    anyone = moved.model_copy(update={"seed": None, "replicates": 1})
    return digest(show(anyone, folder), [folder / "inputs" / name for name in names.values()])


def _names(paths: Iterator[Path]) -> dict[Path, str]:
    """Name each copy after its file; files of the same name are numbered."""
    names: dict[Path, str] = {}
    for path in paths:
        taken = sum(name.endswith(path.name) for known, name in names.items() if known != path)
        names.setdefault(path, f"{taken + 1}-{path.name}" if taken else path.name)
    return names


def _moved(value: Any, places: dict[Path, Path]) -> Any:
    """Give the same value with files named at their new places."""
    if isinstance(value, Path):
        return places[value]
    if isinstance(value, BaseModel):
        moved = {name: _moved(getattr(value, name), places) for name in type(value).model_fields}
        return value.model_copy(update=moved)
    if isinstance(value, dict):
        return {key: _moved(item, places) for key, item in value.items()}
    return type(value)(_moved(item, places) for item in value) if isinstance(value, list | tuple) else value
