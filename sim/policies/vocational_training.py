"""Vocational training with senior mentors: learning a trade from a user who knows it."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from sim.scenario.conditions.condition import UserCondition
from sim.scenario.schema.effects import Effect, add, pair_with_seniors
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED, FAN_2024


class VocationalTraining(PolicyUse):
    """Trainees learn a senior's speciality in pairs, and get help in looking for work.

    Section 3.3.1 (P2: users teach what they are good at) and 3.3.3 (the wish for work). Sizes assumed.
    """

    acts_on: ClassVar = ("tie.arranged", "user.mentoring", "user.work_ready")
    source: ClassVar = FAN_2024
    unknown: ClassVar = ("closeness", "teaching", "work_rate")

    policy: Literal["vocational_training"] = Field(description="Learning a trade from a senior user who has it")
    stay: Literal["while eligible", "once begun"] = Field(default="once begun", description="Whether one who has begun goes on when no longer eligible")
    eligible: UserCondition = Field(default="occupation == unemployed and not unwell and age < 50", validate_default=True, description="Who may take part")
    ramp: float = quantity(84.0, "day", (0, 3653), (28, 180), ASSUMED, "assumed", "Time until training is under way: until it acts in full")
    uptake: float = quantity(0.4, "1", (0, 1), (0.2, 0.7), ASSUMED, "assumed", "Share of the eligible who take part when asked")
    staff_hours: float = quantity(2.0, "h/week", (0, 10_000), (1, 5), ASSUMED, "assumed", "Hours of staff it takes a week in each centre, whoever takes part")
    money_each: float = quantity(50.0, "CNY/week", (0, 1e9), (0, 200), ASSUMED, "assumed", "Yuan it costs a week for each who takes part: tools and material")
    senior_from: float = quantity(2.0, "year", (0, 50), (1, 5), ASSUMED, "assumed", "Years in the centre from which one may be a mentor")
    closeness: float = quantity(0.5, "1", (0, 1), (0.2, 1), ASSUMED, "assumed", "How firmly the two are brought together, as a share of the most")
    teaching: float = quantity(0.5, "1", (0, 1), (0.2, 0.9), ASSUMED, "assumed", "Share of missed occasions of teaching that a mentor takes up")
    work_rate: float = quantity(0.05, "/year", (0, 10), (0.01, 0.2), ASSUMED, "assumed", "Added hazard of leaving to work, at full self-worth")

    def effects(self) -> Sequence[Effect]:
        """Pair trainees with mentors who teach them, and raise trainees' readiness for work."""
        mentors = pair_with_seniors("any", self.senior_from, self.closeness, mentoring=self.teaching)
        return add("user.work_ready", self.work_rate), mentors
