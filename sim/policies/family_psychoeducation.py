"""Family psychoeducation: relatives learn about the illness and how to live with it."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from sim.scenario.conditions.condition import UserCondition
from sim.scenario.schema.effects import Effect, toward
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED, FAN_2024


class FamilyPsychoeducation(PolicyUse):
    """A course for families, in the evening or on Saturday; users who live alone have few relatives to bring.

    Section 5 and P11: parents carry most of the care, and they age. The effect on the user's family support is assumed.
    """

    acts_on: ClassVar = ("user.family_support",)
    source: ClassVar = FAN_2024
    unknown: ClassVar = ("gain",)

    policy: Literal["family_psychoeducation"] = Field(description="Parents and others learn about the illness and how to live with it")
    stay: Literal["while eligible", "once begun"] = Field(default="once begun", description="Whether one who has begun goes on when no longer eligible")
    ramp: float = quantity(84.0, "day", (0, 3653), (28, 180), ASSUMED, "assumed", "Length of the course: until it acts in full")
    fade: float = quantity(365.0, "day", (0, 3653), (90, 1500), ASSUMED, "assumed", "How long something of it stays after its end")
    uptake: float = quantity(0.5, "1", (0, 1), (0.2, 0.8), ASSUMED, "assumed", "Share of the eligible who take part when asked")
    staff_hours: float = quantity(1.5, "h/week", (0, 10_000), (0.5, 4), ASSUMED, "assumed", "Hours of staff it takes a week in each centre, whoever takes part")
    money_each: float = quantity(20.0, "CNY/week", (0, 1e9), (0, 100), ASSUMED, "assumed", "Yuan it costs a week for each who takes part: material and travel")
    eligible: UserCondition = Field(default="lives_with != alone", validate_default=True, description="Who may take part")
    gain: float = quantity(0.3, "1", (0, 1), (0.1, 0.5), ASSUMED, "assumed", "Share of missing family support gained")

    def effects(self) -> Sequence[Effect]:
        """Raise the family support of users whose families take part."""
        return (toward("user.family_support", 1.0, self.gain),)
