"""All warnings about a scenario, with their places if it comes from a file."""

from typing import TYPE_CHECKING

from sim.scenario.reading.warnings.centres import beside_inherited, of_centres
from sim.scenario.reading.warnings.warning import ScenarioWarning, placed
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.files import displayed

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
    found = (*warnings_of(chosen), *beside_inherited(chosen, loaded.origins, files))
    return placed(found, loaded.origins, files[0])
