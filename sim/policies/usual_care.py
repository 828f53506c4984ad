"""Usual care: nothing changes."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from sim.scenario.schema.effects import Effect
from sim.scenario.schema.policy import PolicyUse


class UsualCare(PolicyUse):
    """The centre's ordinary care, as a policy, so that comparisons can name it."""

    policy: Literal["usual_care"] = Field(description="Usual care: nothing is changed")

    def effects(self) -> Sequence[Effect]:
        """Do nothing."""
        return ()
