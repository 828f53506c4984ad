"""Results of trials of similar programmes, to show beside the effects of the model's policies."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Trial:
    """A kind of programme that trials have tested, and the policies of the model that come near it.

    Parameters
    ----------
    kind, found, source : str
        What the trials tested, what they found, and where that is published.
    policies : tuple of str
        Names of shipped scenarios; `one-more-hour` adds an hour of free time a day.
    outcome : str
        The outcome of the model nearest to what the trials measured.
    """

    kind: str
    found: str
    source: str
    policies: tuple[str, ...]
    outcome: str


TRIALS: Final = (
    Trial(
        "Support by others for people with severe mental illness",
        "support better by g = .17 (.02 to .32); made to measure .35 (.27 to .44)",
        "Beckers and others 2022",
        ("peer-support-workers", "buddy-scheme", "outreach", "family-psychoeducation"),
        "loneliness_ucla20",
    ),
    Trial(
        "More occasions to meet",
        "hardly lower loneliness; changing how oneself and others are seen does most",
        "Masi and others 2011; Ma 2020",
        ("one-more-hour", "out-of-hours"),
        "loneliness_ucla20",
    ),
    Trial(
        "A programme for belonging to groups",
        "loneliness falls well beyond usual care (n = 120)",
        "Haslam and others 2019",
        ("codesign", "disclosure-circle"),
        "loneliness_ucla20",
    ),
    Trial(
        "Building identification with a group",
        "health and well-being (another outcome) better by g = .66: deciding together most, shared activities .40",
        "Steffens and others 2021",
        ("codesign", "disclosure-circle"),
        "group_identity",
    ),
    Trial(
        "Programmes on disclosing the illness",
        "self-stigma −.17 (not significant) after, −.24 later",
        "Rüsch & Kösters 2021; Klein 2023",
        ("disclosure-circle", "confidentiality-training"),
        "self_stigma",
    ),
    Trial(
        "Courses run by peers",
        "hope and self-efficacy rise in 12 weeks, loneliness does not fall (n = 333)",
        "van Gestel-Timmermans and others 2012",
        ("peer-support-workers",),
        "hope",
    ),
)
