"""Co-design: a users' council has a say in rules and timetable."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from sim.scenario.schema.effects import Effect, follow_timetable, toward
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED, FAN_2024

if TYPE_CHECKING:
    from sim.policies.review.site import Site


class Codesign(PolicyUse):
    """An elected council meets staff each fortnight, agrees on how people talk to each other, and picks activities.

    Section 3.3.3 (users want a say). The effect of a say on identity is fitted (`identity.voice_gain`); the policy's
    own numbers are assumed.
    """

    acts_on: ClassVar = ("centre.voice", "centre.expected_norm", "centre.first_session", "centre.sessions")
    source: ClassVar = FAN_2024
    unknown: ClassVar = ("say", "norm")
    whole_house: ClassVar = True

    policy: Literal["codesign"] = Field(description="A users' council that has a say in rules and timetable")
    ramp: float = quantity(84.0, "day", (0, 3653), (28, 180), ASSUMED, "assumed", "Time until the council works: until it acts in full")
    staff_hours: float = quantity(1.0, "h/week", (0, 10_000), (0.5, 3), ASSUMED, "assumed", "Hours of staff it takes a week in each centre, whoever takes part")
    uptake: float = quantity(0.6, "1", (0, 1), (0.3, 0.9), ASSUMED, "assumed", "Share of the eligible who take part when asked")
    say: float = quantity(0.6, "1", (0, 1), (0.2, 1), ASSUMED, "assumed", "Share of missing say that users gain, when all take part")
    norm: float = quantity(0.15, "1", (0, 1), (0, 0.4), ASSUMED, "assumed", "Share of the missing norm of open talk that the house comes to expect, when all take part")

    def set_up(self, site: "Site") -> None:
        """Add a timetable in which the users' favourite activity replaces their least favourite, at the same hours."""
        for centre in site.centres:
            site.add_timetable(centre, site.favourites(centre))

    def effects(self) -> Sequence[Effect]:
        """Give users a say, change the expected norm of open talk, and hold the sessions that users like best."""
        return toward("centre.voice", 1.0, self.say), toward("centre.expected_norm", 1.0, self.norm), follow_timetable()
