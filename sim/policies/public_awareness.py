"""Public awareness and peer representatives: talking to the neighbourhood about mental illness."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from sim.scenario.conditions.condition import UserCondition
from sim.scenario.schema.effects import Effect, add, reach_society
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED, FAN_2024


class PublicAwareness(PolicyUse):
    """Events and media work in the district; trained users who wish to speak for themselves do so.

    Sections 3.3.3 and 4.3 (group advocacy, breaking down stigma). The reach of a campaign is assumed.
    """

    acts_on: ClassVar = ("society.campaign", "user.spokesperson")
    source: ClassVar = FAN_2024
    unknown: ClassVar = ("reach", "speaking_up")
    whole_house: ClassVar = True

    policy: Literal["public_awareness"] = Field(description="Speaking to the neighbourhood about mental illness, with users as representatives")
    eligible: UserCondition = Field(default="group_identity >= 4", validate_default=True, description="Who may take part")
    ramp: float = quantity(180.0, "day", (0, 3653), (60, 365), ASSUMED, "assumed", "Time until the campaign is known: until it acts in full")
    fade: float = quantity(180.0, "day", (0, 3653), (30, 720), ASSUMED, "assumed", "How long something of it stays after its end")
    uptake: float = quantity(0.3, "1", (0, 1), (0.1, 0.6), ASSUMED, "assumed", "Share of the eligible who take part when asked")
    staff_hours: float = quantity(2.0, "h/week", (0, 10_000), (1, 6), ASSUMED, "assumed", "Hours of staff it takes a week in each centre, whoever takes part")
    money: float = quantity(500.0, "CNY/week", (0, 1e9), (100, 3000), ASSUMED, "assumed", "Yuan it costs a week in each centre: material and rooms")
    reach: float = quantity(0.1, "1", (0, 1), (0.02, 0.25), ASSUMED, "assumed", "Share of public stigma that the campaign keeps from users")
    speaking_up: float = quantity(0.02, "/day", (0, 10), (0.005, 0.06), ASSUMED, "assumed", "Added hazard of an act of advocacy by a representative")

    def effects(self) -> Sequence[Effect]:
        """Shield all users from part of public stigma, because the public learns, and let representatives speak."""
        return reach_society("society.campaign", self.reach), add("user.spokesperson", self.speaking_up)
