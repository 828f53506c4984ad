"""A session of a centre's timetable."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal, get_args

from pydantic import AfterValidator, Field

from sim.scenario.schema.quantity import Section, quantity
from sim.sources import ASSUMED

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: Final[tuple[Weekday, ...]] = get_args(Weekday)

Activity = Literal[
    "crafts", "singing", "calligraphy", "occupation therapy", "counselling", "vocational training", "free time"
]
ACTIVITIES: Final[tuple[Activity, ...]] = get_args(Activity)

Grouping = Literal["free", "interest", "assigned", "rotating"]
GROUPINGS: Final[tuple[Grouping, ...]] = get_args(Grouping)

DONE_TOGETHER: Final[tuple[Activity, ...]] = ("crafts", "singing", "calligraphy")
"""Activities in which users make or sing something together; they build identity (Steffens 2021) and are leisure (Hall
2019)."""
LEISURE: Final[tuple[Activity, ...]] = (*DONE_TOGETHER, "free time")
"""Activities in which sitting at one table brings users closer; in the others, users only work side by side."""


_DAY: Final = 24 * 60
"""Minutes of a day."""
_LONG: Final = 12 * 60
"""Minutes of sessions on a day that no centre holds."""


def _unique(days: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
    if len(set(days)) != len(days):
        raise ValueError("a weekday is named twice")
    return days


Weekdays = Annotated[tuple[Weekday, ...], Field(min_length=1), AfterValidator(_unique)]


class Session(Section):
    """One session of the timetable: an activity, its length, and how groups are formed."""

    activity: str = Field(
        description=f"What is done in the session: {', '.join(ACTIVITIES)}, or one of the scenario's own activities",
        json_schema_extra={"anyOf": [{"enum": list(ACTIVITIES)}, {"type": "string"}]},
    )
    days: Weekdays = Field(
        default=("monday", "tuesday", "wednesday", "thursday", "friday"), description="Weekdays on which it is held"
    )
    minutes: float = quantity(80.0, "min", (5, 600), (30, 120), ASSUMED, "assumed", "Length of the session")
    group_size: int = quantity(8, "users", (2, 50), (4, 12), ASSUMED, "assumed", "Users who sit together")
    grouping: Grouping = Field(
        default="free",
        description="How groups are formed: free choice, by interest, assigned for a season, or rotating",
    )


def too_long(timetable: Sequence[Session]) -> str:
    """Return why the sessions of a weekday do not fit into its 24 hours, or an empty text if those of each do."""
    day, minutes = _longest(timetable)
    if minutes <= _DAY:
        return ""
    return f"found sessions of {minutes / 60:.4g} hours on a {day}, allowed are at most 24 hours a day"


def long_day(timetable: Sequence[Session]) -> str:
    """Return which weekday has sessions of 12 hours or more, or an empty text if none has: hardly what is meant."""
    day, minutes = _longest(timetable)
    return f"the sessions of a {day} take {minutes / 60:.4g} hours" if minutes >= _LONG else ""


def _longest(timetable: Sequence[Session]) -> tuple[Weekday, float]:
    """Return the weekday with the longest sessions, and their minutes."""
    minutes = {day: sum(session.minutes for session in timetable if day in session.days) for day in WEEKDAYS}
    day = max(WEEKDAYS, key=minutes.__getitem__)
    return day, minutes[day]
