"""Buddy scheme: each newcomer gets a senior user who looks out for them."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from sim.scenario.conditions.condition import UserCondition
from sim.scenario.schema.effects import Effect, pair_with_seniors
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED, FAN_2024


class BuddyScheme(PolicyUse):
    """The centre introduces newcomer and buddy and asks them to sit together; the buddy shows the newcomer around.

    Section 3.3.1 (P4: seniors help newcomers on their own initiative). The scheme's own rule selects the pairs.
    """

    acts_on: ClassVar = ("tie.arranged",)
    source: ClassVar = FAN_2024
    unknown: ClassVar = ("closeness",)

    policy: Literal["buddy_scheme"] = Field(description="Each newcomer gets a senior user who looks out for them")
    eligible: UserCondition = Field(default="days_since_arrival < 12 weeks", validate_default=True, description="Who may take part")
    uptake: float = quantity(0.8, "1", (0, 1), (0.5, 1), ASSUMED, "assumed", "Share of the eligible who take part when asked")
    staff_hours: float = quantity(0.5, "h/week", (0, 10_000), (0.2, 2), ASSUMED, "assumed", "Hours of staff it takes a week in each centre, whoever takes part")
    staff_hours_each: float = quantity(0.25, "h/week", (0, 168), (0, 1), ASSUMED, "assumed", "Hours of staff it takes a week for each who takes part")
    matching: Literal["interest", "sex", "any"] = Field(default="interest", description="Who becomes whose buddy: most alike in interests, of the same sex, or anybody")
    senior_from: float = quantity(1.0, "year", (0, 50), (0.5, 3), ASSUMED, "assumed", "Years in the centre from which one may be a buddy")
    closeness: float = quantity(0.8, "1", (0, 1), (0.3, 1), ASSUMED, "assumed", "How firmly the two are brought together, as a share of the most")

    def effects(self) -> Sequence[Effect]:
        """Match each newcomer with a senior; a senior has at most one newcomer."""
        return (pair_with_seniors(self.matching, self.senior_from, self.closeness),)
