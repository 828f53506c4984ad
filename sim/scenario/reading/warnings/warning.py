"""A warning: a setting that is valid, but can have no effect or hardly the effect that its author meant."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sim.scenario.text.nodes import Origin, Place, visible


@dataclass(frozen=True, slots=True)
class ScenarioWarning:
    """A warning about a scenario.

    Parameters
    ----------
    path : str
        The setting in question, with dots: "policies.respite.start".
    sentence : str
        What is odd about it, and what to change.
    file : str
        The file that sets it; empty for a scenario made in Python.
    line, column : int
        Counted from 1; line 0 means the file as a whole.
    """

    path: str
    sentence: str
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        where = f"{Place(self.file, self.line, self.column)}: " if self.file else ""
        return visible(f"{where}warning: {self.path}: {self.sentence}")


def placed(
    warnings: Iterable[ScenarioWarning], origins: Mapping[str, Origin], file: str
) -> tuple[ScenarioWarning, ...]:
    """Return the warnings with their places in the files, in the order of these places.

    Parameters
    ----------
    warnings : iterable of ScenarioWarning
    origins : mapping of str to Origin
        Where each value was set, by path (`sim.scenario.reading.load.Loaded.origins`).
    file : str
        The scenario's own file: the place of a warning about a default.
    """

    def found(warning: ScenarioWarning) -> ScenarioWarning:
        where = next(_nearest(warning.path, origins), Origin(file, 0, 0, None))
        return replace(warning, file=where.file, line=where.line, column=where.column)

    return tuple(sorted(map(found, warnings), key=lambda one: (one.file != file, one.file, one.line, one.column)))


def _nearest(path: str, origins: Mapping[str, Origin]) -> Iterator[Origin]:
    """Yield where a setting was set; then the first setting inside it; then the same of the section around it."""
    while path:
        if path in origins:
            yield origins[path]
        yield from (origin for other, origin in origins.items() if other.startswith(f"{path}."))
        path = path.rpartition(".")[0]
