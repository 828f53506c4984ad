"""What a report may not be used for."""

from experiments.report.content import Box
from sim.language import say


def limits() -> Box:
    """Return the box that every report has."""
    return Box(
        (
            say("It compares measures; it does not forecast a centre."),
            say("Not for decisions about a person."),
            say("Most rates of the model are assumed: nobody has measured them. Read differences rather than levels."),
            say(
                "The model was tested on published data of other people, such as university students; no data of a "
                "day-care centre were among them."
            ),
        ),
        of_limits=True,
    )
