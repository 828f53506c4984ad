"""Sessions of a centre's timetable, and activities of a centre's own."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from sim.language import say
from sim.scenario.schema.quantity import Section, quantity
from sim.scenario.text.errors import InputError
from sim.scenario.text.suggestions import misspelt
from sim.sources import ASSUMED

ActivityName = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^\S(.*\S)?$")]

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
        raise ValueError(say("a weekday is named twice"))
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
    return say("found sessions of {minutes:.4g} hours on a {day}, allowed are at most 24 hours a day", minutes=minutes / 60, day=day)


def long_day(timetable: Sequence[Session]) -> str:
    """Return which weekday has sessions of 12 hours or more, or an empty text if none has: hardly what is meant."""
    day, minutes = _longest(timetable)
    return say("the sessions of a {day} take {minutes:.4g} hours", day=day, minutes=minutes / 60) if minutes >= _LONG else ""


def _longest(timetable: Sequence[Session]) -> tuple[Weekday, float]:
    """Return the weekday with the longest sessions, and their minutes."""
    minutes = {day: sum(session.minutes for session in timetable if day in session.days) for day in WEEKDAYS}
    day = max(WEEKDAYS, key=minutes.__getitem__)
    return day, minutes[day]


class OwnActivity(Section):
    """An activity of a centre's own, such as 太极 or gardening.

    Users like it as they like the known activities that it is like, and teach it when their speciality is one of them.
    """

    like: Activity | None = Field(default=None, description="The known activity that it is like")
    interests: dict[str, float] = Field(
        default={}, description="Instead of like: weights of the known activities, such as {crafts: 2, free time: 1}"
    )
    talk_share: float | None = quantity(
        None,
        "1",
        (0, 1),
        (0.1, 0.8),
        ASSUMED,
        "assumed",
        "Share of the time in talk; when not given, that of the others (rules.encounters.talk_share)",
    )
    together: bool | None = Field(
        default=None,
        description="Whether something is made or sung together, and not side by side; by default as in the activity that it is most like",
    )
    leisure: bool | None = Field(
        default=None,
        description="Whether to sit at one table is leisure, and not work side by side; by default as in the activity that it is most like",
    )
    group_size: int | None = quantity(
        None,
        "users",
        (2, 50),
        (4, 12),
        ASSUMED,
        "assumed",
        "Users who sit together in its sessions that do not say otherwise; when not given, as in any session",
    )

    @model_validator(mode="after")
    def _like_something(self) -> "OwnActivity":
        if (self.like is None) == (not self.interests):
            raise InputError(
                say("an activity of one's own needs either like, a known activity, or interests, weights of known activities")
            )
        for name, weight in self.interests.items():
            if name not in ACTIVITIES:
                raise InputError(misspelt(say("interests: found {name!r}", name=name), name, ACTIVITIES))
            if weight < 0:
                raise InputError(say("interests: found {weight:g} for {name}, allowed is a weight of 0 or more", weight=weight, name=name))
        if self.interests and not sum(self.interests.values()):
            raise InputError(say("interests: all weights are 0; at least one has to be above 0"))
        return self

    @property
    def shares(self) -> tuple[float, ...]:
        """The weight of each known activity in it, in the order of `ACTIVITIES`; their sum is 1."""
        if self.like is not None:
            return _alone(self.like)
        whole = sum(self.interests.values())
        return tuple(self.interests.get(name, 0.0) / whole for name in ACTIVITIES)

    @property
    def nearest(self) -> Activity:
        """The known activity that it is most like, the first of equals."""
        return ACTIVITIES[self.shares.index(max(self.shares))]

    @property
    def is_together(self) -> bool:
        """Whether something is made or sung together in it."""
        return self.nearest in DONE_TOGETHER if self.together is None else self.together

    @property
    def is_leisure(self) -> bool:
        """Whether to sit at one table is leisure."""
        return self.nearest in LEISURE if self.leisure is None else self.leisure


def _alone(name: str) -> tuple[float, ...]:
    return tuple(float(known == name) for known in ACTIVITIES)


def known_shares(name: str, own: Mapping[str, OwnActivity]) -> tuple[float, ...]:
    """Return the weight of each known activity in an activity, in the order of `ACTIVITIES`."""
    return own[name].shares if name in own else _alone(name)


def activity_names(own: Mapping[str, OwnActivity]) -> tuple[str, ...]:
    """Return the names of all activities: those that the model knows, then a scenario's own."""
    return (*ACTIVITIES, *own)


def with_group_sizes(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a scenario; sessions that state no group size take that of their own activity."""
    own = values.get("activities")
    sizes = {name: _group_size(one) for name, one in own.items()} if isinstance(own, Mapping) else {}
    sizes = {name: size for name, size in sizes.items() if size is not None}
    done = dict(values)
    for key in ("centres", "policies") if sizes else ():
        if isinstance(uses := done.get(key), Mapping):
            done[key] = {name: _sized(use, sizes) for name, use in uses.items()}
    return done


def _group_size(own: Any) -> Any:
    return own.get("group_size") if isinstance(own, Mapping) else getattr(own, "group_size", None)


def _sized(use: Any, sizes: Mapping[str, Any]) -> Any:
    """Return a centre or policy with the group sizes of its plain sessions; typed sections have theirs."""
    timetable = use.get("timetable") if isinstance(use, Mapping) else None
    if not isinstance(timetable, list | tuple):
        return use
    return {**use, "timetable": [_session(one, sizes) for one in timetable]}


def _session(session: Any, sizes: Mapping[str, Any]) -> Any:
    if (
        not isinstance(session, Mapping)
        or "group_size" in session
        or not isinstance(name := session.get("activity"), str)
    ):
        return session
    return {**session, "group_size": sizes[name]} if name in sizes else session


def unknown_activities(own: Mapping[str, Any], timetables: Mapping[str, Sequence[Session]]) -> Iterator[str]:
    """Yield a complaint, led by its path, for each activity of a session that is neither known nor the scenario's own.

    Parameters
    ----------
    own : mapping
        The scenario's own activities, by name.
    timetables : mapping
        The sessions by where they stand, such as "centres.park".
    """
    for name in own:
        if name in ACTIVITIES:
            yield say("activities: found {name!r}, which the model knows already; allowed is another name", name=name)
    known = activity_names(own)
    for place, timetable in timetables.items():
        for number, session in enumerate(timetable, 1):
            if session.activity not in known:
                allowed = say("one of {known}, or a name of one's own under `activities`", known=', '.join(known))
                path = f"{place}.timetable.{number}.activity"
                yield misspelt(say("{path}: found {activity!r}", path=path, activity=session.activity), session.activity, known, allowed)
