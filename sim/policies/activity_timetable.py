"""Activity timetable and grouping: other activities, other session lengths, other ways to form groups."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from sim.scenario.schema.effects import Effect, follow_timetable
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.scenario.schema.session import Grouping, Session
from sim.sources import ASSUMED, FAN_2024

if TYPE_CHECKING:
    from sim.policies.review.site import Site


class ActivityTimetable(PolicyUse):
    """A new timetable, or another grouping, group size or session length (section 2.1 names only the activities)."""

    acts_on: ClassVar = ("centre.first_session", "centre.sessions")
    source: ClassVar = FAN_2024
    whole_house: ClassVar = True
    example: ClassVar = {"grouping": "rotating"}

    policy: Literal["activity_timetable"] = Field(description="Other activities, other lengths, other ways of forming groups")
    timetable: tuple[Session, ...] = Field(default=(), max_length=40, description="A whole new timetable, in the order of the day; the centre's own when not given")
    grouping: Grouping | None = Field(default=None, description="Another way of forming groups in every session")
    group_size: int = quantity(0, "users", (0, 50), (0, 12), ASSUMED, "assumed", "Another group size in every session; 0 leaves it")
    length: float = quantity(1.0, "1", (0.1, 3), (0.5, 1.5), ASSUMED, "assumed", "Length of every session, as a multiple")

    @model_validator(mode="after")
    def _changes_something(self) -> "ActivityTimetable":
        if not (self.timetable or self.grouping or self.group_size or self.length != 1.0):
            raise ValueError("the policy changes nothing; give a timetable, a grouping, a group_size or a length")
        if self.group_size == 1:
            raise ValueError("group_size: found 1, allowed is 2 to 50, or 0 to leave it")
        return self

    def unfit_for(self, open_days: tuple[str, ...]) -> str:
        """Refuse a timetable with a session that would never take place."""
        never = [one.activity for one in self.timetable if not set(one.days) & set(open_days)]
        return f"{never[0]} is held on days on which the centre is closed" if never else ""

    def set_up(self, site: "Site") -> None:
        """Add the new timetable of each centre to the state."""
        for centre in site.centres:
            site.add_timetable(centre, self.sessions_instead_of(site.sessions(centre)))

    def sessions_instead_of(self, usual: Sequence[Session]) -> list[Session]:
        """Return the new timetable of a centre."""
        kept = {name: value for name, value in (("grouping", self.grouping), ("group_size", self.group_size)) if value}
        return [one.model_copy(update={"minutes": min(one.minutes * self.length, 600.0), **kept}) for one in self.timetable or usual]

    def effects(self) -> Sequence[Effect]:
        """Follow the new timetable; at partial strength, only in some weeks, by chance."""
        return (follow_timetable(),)
