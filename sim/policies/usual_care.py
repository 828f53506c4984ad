"""Usual care: nothing changes."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from sim.scenario.schema.policy import PolicyUse

if TYPE_CHECKING:
    from sim.policies.review.acting import Acting


class UsualCare(PolicyUse):
    """The centre's ordinary care, as a policy, so that comparisons can name it."""

    policy: Literal["usual_care"] = Field(description="Usual care: nothing is changed")

    def act(self, on: "Acting") -> None:
        """Do nothing."""
