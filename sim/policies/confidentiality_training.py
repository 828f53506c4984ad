"""Confidentiality agreement and training: what users say here stays here."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from sim.scenario.schema.effects import Effect, toward
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED, FAN_2024


class ConfidentialityTraining(PolicyUse):
    """Participants sign an agreement and discuss cases; the house enforces the agreement.

    Guarded talk is a theme of the study (section 3.2.1). No data exist on leaks or on such training: assumed, wide
    ranges.
    """

    acts_on: ClassVar = ("user.confidentiality", "user.assurance")
    source: ClassVar = FAN_2024
    unknown: ClassVar = ("discretion_gain", "assurance")

    policy: Literal["confidentiality_training"] = Field(description="An agreement of the house that what is said stays here, with training")
    stay: Literal["while eligible", "once begun"] = Field(default="once begun", description="Whether one who has begun goes on when no longer eligible")
    ramp: float = quantity(28.0, "day", (0, 3653), (7, 90), ASSUMED, "assumed", "Length of the training: until it acts in full")
    fade: float = quantity(365.0, "day", (0, 3653), (90, 1000), ASSUMED, "assumed", "How long something of it stays after its end")
    uptake: float = quantity(0.8, "1", (0, 1), (0.5, 1), ASSUMED, "assumed", "Share of the eligible who take part when asked")
    staff_hours: float = quantity(1.0, "h/week", (0, 10_000), (0.5, 3), ASSUMED, "assumed", "Hours of staff it takes a week in each centre, whoever takes part")
    discretion_gain: float = quantity(0.4, "1", (0, 1), (0.1, 0.7), ASSUMED, "assumed", "Share of missing confidentiality gained")
    assurance: float = quantity(0.15, "1", (0, 1), (0, 0.3), ASSUMED, "assumed", "Share of missing trust that the agreement stands in for when one considers what to say")

    def effects(self) -> Sequence[Effect]:
        """Raise the confidentiality of participants, and their trust under the agreement."""
        return toward("user.confidentiality", 1.0, self.discretion_gain), toward("user.assurance", 1.0, self.assurance)
