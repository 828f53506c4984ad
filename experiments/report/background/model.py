"""How the model works, on one page."""

from experiments.report.content import Bullets, Paragraph, Section
from sim.language import say
from sim.sources import FAN_2024


def model() -> Section:
    """Return the section on the model."""
    return Section(
        "model",
        say("How the model works"),
        (
            Paragraph(
                say(
                    "Dayroom is an agent-based simulation of a psychiatric day-care centre. Each user is a person with "
                    "a background, a threshold for telling of oneself, a wish for closeness and a way of "
                    "helping. A run "
                    "lets the users live day by day; nothing outside the centre is simulated but what users "
                    "bring along."
                )
            ),
            Bullets(
                (
                    say(
                        "Coming and going: users attend by mood, habit and belonging; some leave, newcomers take "
                        "their places."
                    ),
                    say(
                        "Meeting: sessions of the timetable bring users together; who sits with whom follows "
                        "closeness and liking."
                    ),
                    say(
                        "Talking: users tell of themselves where trust exceeds their threshold; a good reception "
                        "brings them closer, a leak or clinical questions drive them apart."
                    ),
                    say(
                        "Helping: users with a need ask or are noticed; help lowers the need, costs the helper "
                        "strength, and makes both feel worth more."
                    ),
                    say(
                        "Closeness: hours together carry a tie from stranger to acquaintance, friend, confidant "
                        "and kin-like; users keep away from ties closer than they want."
                    ),
                    say(
                        "Feeling: loneliness, burden, group identity, hope and self-stigma follow from these "
                        "days by equations with stated numbers."
                    ),
                    say(
                        "Measures: a measure of a scenario asks users who fit, takes staff hours and money, and "
                        "acts on some of these numbers."
                    ),
                )
            ),
            Paragraph(
                say(
                    "Chance is keyed: the same scenario and seed give the same run, and two scenarios under one seed "
                    "differ only by what was changed. That is why differences need far fewer runs than levels."
                )
            ),
            Paragraph(
                say(
                    "The mechanisms come from interviews in Shanghai centres (Fan, Liu & Li 2024, {doi}) and the "
                    "literature; most rates are assumed. The full description follows the ODD protocol (sim/MODEL.md).",
                    doi=f"https://doi.org/{FAN_2024.doi}",
                )
            ),
        ),
    )
