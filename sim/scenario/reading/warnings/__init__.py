"""Warnings about a valid scenario that hardly does what its author meant: one question a module, all answers here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.scenario.reading.warnings.centres import beside_inherited, of_centres
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import ScenarioWarning
from sim.scenario.text.files import displayed
from sim.scenario.text.nodes import Origin

if TYPE_CHECKING:
    from sim.scenario.reading.load import Loaded


def warnings_of(scenario: Scenario) -> tuple[ScenarioWarning, ...]:
    """Return the warnings about a scenario, without places."""
    if not scenario.policies and not scenario.groups:  # usual care needs no conditions, which load slowly
        return tuple(of_centres(scenario))
    from sim.scenario.reading.warnings.measured import of_budget, of_groups
    from sim.scenario.reading.warnings.policies import of_policies

    return (*of_centres(scenario), *of_policies(scenario), *of_budget(scenario), *of_groups(scenario))


def warnings_in(loaded: "Loaded", scenario: Scenario | None = None) -> tuple[ScenarioWarning, ...]:
    """Return the warnings about a scenario from a file, each with its place.

    Parameters
    ----------
    loaded : Loaded
    scenario : Scenario, optional
        The scenario as it runs, such as with another length; by default as the file has it.
    """
    files = [displayed(path) for path in loaded.files]
    chosen = scenario or loaded.scenario
    warnings = (*warnings_of(chosen), *beside_inherited(chosen, loaded.origins, files))
    return placed(warnings, loaded.origins, files[0])


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

    def located(warning: ScenarioWarning) -> ScenarioWarning:
        where = next(_nearest(warning.path, origins), Origin(file, 0, 0, None))
        return replace(warning, file=where.file, line=where.line, column=where.column)

    return tuple(sorted(map(located, warnings), key=lambda one: (one.file != file, one.file, one.line, one.column)))


def _nearest(path: str, origins: Mapping[str, Origin]) -> Iterator[Origin]:
    """Yield where a setting was set; then the first setting inside it; then the same of the section around it."""
    while path:
        if path in origins:
            yield origins[path]
        yield from (origin for other, origin in origins.items() if other.startswith(f"{path}."))
        path = path.rpartition(".")[0]
