"""List the figures of a validation against data, with their captions."""

from typing import Final

from experiments.plots.family import Family
from experiments.plots.validation.waves import distribution_panels, wave_panels
from sim.language import later

VALIDATION_FIGURES: Final[dict[str, Family]] = {
    "waves": Family(
        later("Data and model, wave by wave"),
        wave_panels,
        ("waves",),
        later(
            "Each panel is a number, week by week: dots are the data, the line is the mean of the runs of the "
            "model, the band holds the middle 95 % of them. The model does not reproduce a number whose dot lies "
            "outside the band."
        ),
    ),
    "distributions": Family(
        later("How well distributions fit"),
        distribution_panels,
        ("distributions", "fits"),
        later(
            "Each bar holds the middle 95 % of the runs of the model, each dot is the data, counted over all "
            "waves: people by how many name them, pairs by how many steps they are apart, threes by their ties. "
            "p near 0 is a bad fit."
        ),
    ),
}
"""Figures of a validation by name, in the order of a report.

They read "waves", "distributions" and "fits" (frames from `experiments.validation.result.Validation`).
"""
