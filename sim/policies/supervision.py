"""Supervision for informal helpers: somebody to talk to about what they hear and do."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from sim.scenario.conditions.condition import UserCondition
from sim.scenario.schema.effects import Effect, add, toward
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED, FAN_2024


class Supervision(PolicyUse):
    """A member of staff meets helpers in a small group each week, and individually when needed.

    Section 4.4 calls for professional support of peers; the share of strain it removes is assumed.
    """

    acts_on: ClassVar = ("user.support_capacity", "user.supervised")
    source: ClassVar = FAN_2024
    unknown: ClassVar = ("relief", "capacity")

    policy: Literal["supervision"] = Field(description="Somebody for informal helpers to talk to about what they hear and do")
    eligible: UserCondition = Field(default="helper or mutual", validate_default=True, description="Who may take part")
    staff_hours: float = quantity(1.0, "h/week", (0, 10_000), (0.5, 3), ASSUMED, "assumed", "Hours of staff it takes a week in each centre, whoever takes part")
    staff_hours_each: float = quantity(0.2, "h/week", (0, 168), (0, 1), ASSUMED, "assumed", "Hours of staff it takes a week for each who takes part")
    uptake: float = quantity(0.6, "1", (0, 1), (0.3, 0.9), ASSUMED, "assumed", "Share of the eligible who take part when asked")
    relief: float = quantity(0.4, "1", (0, 1), (0.1, 0.7), ASSUMED, "assumed", "Share of the strain of helping that it takes off")
    capacity: float = quantity(0.2, "1", (0, 10), (0, 0.6), ASSUMED, "assumed", "Load a day that costs nothing any more")

    def effects(self) -> Sequence[Effect]:
        """Remove part of the strain of helping, and raise the load that participants can bear."""
        return toward("user.supervised", 1.0, self.relief), add("user.support_capacity", self.capacity)
