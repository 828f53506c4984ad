"""What a report may not be used for."""

from experiments.report.background.validation import in_short
from experiments.report.content import Box
from sim.language import say


def limits() -> Box:
    """Return the box that every report has."""
    return Box(
        (
            say("It compares measures; it does not forecast a centre."),
            say("Not for decisions about a person."),
            say("Most rates of the model are assumed: nobody has measured them. Read differences rather than levels."),
            in_short(),
        ),
        of_limits=True,
    )
