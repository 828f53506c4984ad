"""Outreach to absent users: after some missed days, a member of staff or a peer calls."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from sim.scenario.schema.effects import Effect, add, assign
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED, FAN_2024


class Outreach(PolicyUse):
    """The caller asks users who have missed several opening days in a row how they are, and offers to accompany them.

    Section 3.2.1 (P2 stays at home when unwell). The rise in attendance is assumed.
    """

    acts_on: ClassVar = ("user.outreach", "user.outreach_after", "user.outreach_by_peers")
    source: ClassVar = FAN_2024
    unknown: ClassVar = ("effect",)

    policy: Literal["outreach"] = Field(description="A call to those who have been absent for some days, by staff or by a peer")
    uptake: float = quantity(0.8, "1", (0, 1), (0.5, 1), ASSUMED, "assumed", "Share of the eligible who take part when asked")
    staff_hours: float = quantity(1.5, "h/week", (0, 10_000), (0.5, 4), ASSUMED, "assumed", "Hours of staff it takes a week in each centre, whoever takes part")
    after: int = quantity(5, "day", (1, 365), (3, 15), ASSUMED, "assumed", "Opening days missed in a row after which it happens")
    effect: float = quantity(0.8, "1", (0, 20), (0.2, 2), ASSUMED, "assumed", "Rise in the log odds of coming once one has been reached")
    caller: Literal["staff", "peers"] = Field(default="staff", description="Who calls")

    def effects(self) -> Sequence[Effect]:
        """Arrange calls to users who have been absent long enough."""
        calls = add("user.outreach", self.effect), assign("user.outreach_after", self.after)
        return (*calls, add("user.outreach_by_peers", 1.0)) if self.caller == "peers" else calls
