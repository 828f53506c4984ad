"""Write the resolved scenario of a result and copies of the files it names: enough to run it again."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from experiments.provenance import digest
from sim.scenario.reading.show import show
from sim.scenario.schema.scenario import Scenario


def write_scenario(folder: Path, scenario: Scenario) -> str:
    """Write `scenario.yaml`, and copy the files it names into `inputs/`.

    Returns
    -------
    str
        Digest of the scenario, its files and the code of other packages in it, without seed and replicates.
    """
    names = _names(files_of(scenario))
    for path, name in names.items():
        (folder / "inputs").mkdir(exist_ok=True)
        shutil.copyfile(path, folder / "inputs" / name)
    moved = _moved(scenario, {path: folder / "inputs" / name for path, name in names.items()})
    (folder / "scenario.yaml").write_text(show(moved, folder), encoding="utf-8")
    anyone = moved.model_copy(update={"seed": None, "replicates": 1})
    whole = show(anyone, folder) + _code_of_others(anyone)
    return digest(whole, [folder / "inputs" / name for name in names.values()])


def _code_of_others(scenario: Scenario) -> str:
    """Return the code of other packages in a scenario; without policies there is none, and nothing to import for it."""
    if not scenario.policies:
        return ""
    from experiments.store.extensions import extensions_of, text_of

    return text_of(extensions_of(scenario))


def files_of(value: object) -> Iterator[Path]:
    """Yield every file that a scenario, or a part of a scenario, names."""
    if isinstance(value, Path):
        yield value
    elif isinstance(value, BaseModel):
        yield from files_of([getattr(value, name) for name in type(value).model_fields])
    elif isinstance(value, dict):
        yield from files_of(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from files_of(item)


def _names(paths: Iterator[Path]) -> dict[Path, str]:
    """Return a name for the copy of each file: that of the file, numbered where several files share a name."""
    names: dict[Path, str] = {}
    for path in paths:
        taken = sum(name.endswith(path.name) for known, name in names.items() if known != path)
        names.setdefault(path, f"{taken + 1}-{path.name}" if taken else path.name)
    return names


def _moved(value: Any, places: dict[Path, Path]) -> Any:
    """Return a part of a scenario with each path replaced by its new place."""
    if isinstance(value, Path):
        return places[value]
    if isinstance(value, BaseModel):
        moved = {name: _moved(getattr(value, name), places) for name in type(value).model_fields}
        return value.model_copy(update=moved)
    if isinstance(value, dict):
        return {key: _moved(item, places) for key, item in value.items()}
    return type(value)(_moved(item, places) for item in value) if isinstance(value, list | tuple) else value
