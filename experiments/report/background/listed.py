"""Whom a scenario lists, who was surveyed, and what was filled in: the start that is the analyst's own."""

from collections.abc import Mapping

from experiments.report.content import Block, Bullets, Heading, Paragraph, as_written
from sim.language import say
from sim.scenario.schema.scenario import Scenario
from sim.scenario.schema.start import is_listed


def listed_centres(scenario: Scenario) -> list[str]:
    """Return the centres that start with listed users or surveyed ties."""
    return [name for name, centre in scenario.centres.items() if is_listed(scenario, centre)]


def known(scenarios: Mapping[str, Scenario]) -> tuple[Block, ...]:
    """Return what was known, read, sampled and assumed of the users and ties of each centre; nothing without files."""
    lines = dict.fromkeys(as_written(line) for one in scenarios.values() for line in _lines(one))
    if not lines:
        return ()
    lead = say(
        "The scenario gives users or ties of its own. This was known of them; the rest was filled in, anew in each "
        "run, so that chance covers it."
    )
    return (
        Heading(say("The centre's own users and ties")),
        Paragraph(lead),
        Bullets(tuple(say("{text}.", text=line) for line in lines)),
    )


def _lines(scenario: Scenario) -> list[str]:
    if not listed_centres(scenario):
        return []
    from sim.scenario.reading.notes import notes_of
    from sim.state.listed.statement import starts

    return [*notes_of(scenario), *map(str, starts(scenario))]
