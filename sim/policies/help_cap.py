"""Help cap and boundary training: helpers learn to say that they have done enough."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from sim.scenario.schema.effects import Effect, toward
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED, FAN_2024


class HelpCap(PolicyUse):
    """A course on limits, and a rule of the house: nobody has to help beyond the daily load that costs them nothing.

    Sections 3.2.2 and 4.2: too much help, and mismatched expectations. Nobody has measured the effect.
    """

    acts_on: ClassVar = ("user.limits", "user.boundary")
    source: ClassVar = FAN_2024
    unknown: ClassVar = ("refusal", "boundary")

    policy: Literal["help_cap"] = Field(description="Helpers learn to say when it is enough, and the house backs them")
    stay: Literal["while eligible", "once begun"] = Field(default="once begun", description="Whether one who has begun goes on when no longer eligible")
    ramp: float = quantity(56.0, "day", (0, 3653), (14, 120), ASSUMED, "assumed", "Length of the course: until it acts in full")
    fade: float = quantity(180.0, "day", (0, 3653), (30, 720), ASSUMED, "assumed", "How long something of it stays after its end")
    uptake: float = quantity(0.7, "1", (0, 1), (0.4, 0.9), ASSUMED, "assumed", "Share of the eligible who take part when asked")
    staff_hours: float = quantity(1.0, "h/week", (0, 10_000), (0.5, 3), ASSUMED, "assumed", "Hours of staff it takes a week in each centre, whoever takes part")
    refusal: float = quantity(0.7, "1", (0, 1), (0.3, 1), ASSUMED, "assumed", "How surely one says no once the day's capacity is used")
    boundary: float = quantity(0.3, "1", (0, 1), (0.1, 0.6), ASSUMED, "assumed", "Share of unwanted demand one learns to keep off")

    def effects(self) -> Sequence[Effect]:
        """Let participants refuse help beyond their capacity and ward off unwanted demand."""
        return toward("user.limits", 1.0, self.refusal), toward("user.boundary", 1.0, self.boundary)
