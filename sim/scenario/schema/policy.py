"""A policy as a scenario uses it: when, for whom, how much, at what price; and where the policies are found.

Every policy is a class of its own (`sim.policies`, or a package of somebody else's that names it as an entry point of
the group `dayroom.policies`). A scenario picks one by its name and sets its options. Policies are found by name and
imported only then, so that a scenario knows them without this layer knowing what they act on.
"""

from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any, ClassVar, Final, Literal, get_args

from pydantic import Field, model_validator

from sim.scenario.conditions.condition import CentreCondition, UserCondition
from sim.scenario.schema.quantity import Parameter, Section, parameters, quantity
from sim.sources import ASSUMED, Source

ENTRY_POINTS: Final = "dayroom.policies"
"""The group of entry points by which other packages offer policies."""

FOREVER: Final = 36525
"""Later than any day of a run."""


class PolicyUse(Section):
    """What every policy takes."""

    acts_on: ClassVar[tuple[str, ...]] = ()
    """The columns it moves: `user.listening_skill`, `centre.coverage` and so on; nothing else may change by its act."""
    source: ClassVar[Source] = ASSUMED
    """What speaks for it."""
    unknown: ClassVar[tuple[str, ...]] = ()
    """Its options that say what it does to people, which nobody knows well; the others say what is to be done."""
    whole_house: ClassVar[bool] = False
    """Whether it acts on the house as a whole; eligibility and uptake then say how large a part of it goes along."""

    policy: str = Field(description="Which policy")
    centres: tuple[str, ...] = Field(default=(), description="Names of the centres that have it; all when not given")
    start: int = quantity(0, "day", (0, FOREVER), (0, 365), ASSUMED, "assumed", "Day from which it acts")
    end: int = quantity(
        FOREVER, "day", (0, FOREVER), (90, FOREVER), ASSUMED, "assumed", "Day from which it acts no more"
    )
    ramp: float = quantity(
        0.0, "day", (0, 3653), (0, 180), ASSUMED, "assumed", "How long it takes from its start until it acts in full"
    )
    fade: float = quantity(
        0.0, "day", (0, 3653), (0, 365), ASSUMED, "assumed", "How long something of it stays after its end"
    )
    eligible: UserCondition = Field(
        default="all",
        validate_default=True,
        description="Who may take part, such as: loneliness_ucla20 > 50 and years_in_centre < 1",
    )
    stay: Literal["while eligible", "once begun"] = Field(
        default="while eligible", description="Whether one who has begun goes on when no longer eligible"
    )
    uptake: float = quantity(
        1.0, "1", (0, 1), (0.3, 1), ASSUMED, "assumed", "Share of the eligible who take part when asked"
    )
    intensity: float = quantity(
        1.0, "1", (0, 1), (0.3, 1), ASSUMED, "assumed", "How much of it is done; 0 changes nothing at all"
    )
    staff_hours: float = quantity(
        0.0,
        "h/week",
        (0, 10_000),
        (0, 40),
        ASSUMED,
        "assumed",
        "Hours of staff it takes a week in each centre, whoever takes part",
    )
    staff_hours_each: float = quantity(
        0.0, "h/week", (0, 168), (0, 5), ASSUMED, "assumed", "Hours of staff it takes a week for each who takes part"
    )
    money: float = quantity(
        0.0,
        "CNY/week",
        (0, 1e9),
        (0, 10_000),
        ASSUMED,
        "assumed",
        "Yuan it costs a week in each centre, staff hours not included",
    )
    money_each: float = quantity(
        0.0, "CNY/week", (0, 1e9), (0, 1000), ASSUMED, "assumed", "Yuan it costs a week for each who takes part"
    )
    priority: int = Field(
        default=50,
        ge=0,
        le=1000,
        description="Who is served first when staff hours run short: the smaller number; equals share",
    )
    when: CentreCondition | None = Field(
        default=None, description="What sets it off in a centre, such as: mean(burden) > 50 for 3 weeks"
    )
    until: CentreCondition | None = Field(
        default=None, description="What ends it there again; without it, it acts while `when` holds"
    )
    cooldown: float = quantity(
        0.0, "day", (0, FOREVER), (0, 180), ASSUMED, "assumed", "How long it cannot be set off again once it has ended"
    )

    @model_validator(mode="after")
    def _times_in_order(self) -> "PolicyUse":
        if self.end <= self.start:
            raise ValueError(f"end (day {self.end}) does not come after start (day {self.start})")
        if self.when is None and self.until is not None:
            raise ValueError("until says what stops that which `when` has set off; add `when`, or use end")
        if self.when is None and self.cooldown > 0:
            raise ValueError("cooldown is for that which `when` sets off; add `when`, or leave cooldown out")
        return self

    def unfit_for(self, open_days: tuple[str, ...]) -> str:
        """Say why a centre that is open on these weekdays cannot have it; empty when it can."""
        return ""

    def set_up(self, site: Any) -> None:
        """Make room in the state for what it brings, through `site` (`sim.policies.review.acting.Site`); most bring nothing."""

    def act(self, on: Any) -> None:
        """Do what it does, through `on` (`sim.policies.review.acting.Acting`); called at every review at which it acts on anybody."""
        raise NotImplementedError(f"{type(self).__name__} does nothing yet")

    def weekly_hours(self, taking_part: int) -> float:
        """Hours of staff it takes a week in a centre where so many take part."""
        return self.staff_hours + self.staff_hours_each * taking_part

    def weekly_money(self, taking_part: int) -> float:
        """Yuan it costs a week in a centre where so many take part, staff hours not included."""
        return self.money + self.money_each * taking_part

    def added_hours(self, hours_of_one: float) -> float:
        """Hours of staff a week it adds to what all policies share, given those of one member of staff; most add none."""
        return 0.0

    @classmethod
    def key(cls) -> str:
        """The name by which a scenario picks it."""
        return str(get_args(cls.model_fields["policy"].annotation)[0])


@cache
def _found() -> tuple[dict[str, type[PolicyUse]], dict[str, str]]:
    """Find every policy by name, and what keeps others from being used, by the name of their entry point."""
    usable: dict[str, type[PolicyUse]] = dict(import_module("sim.policies").POLICIES)
    unusable: dict[str, str] = {}
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name):
        chosen = _loaded(point)
        if isinstance(chosen, str):
            unusable[point.name] = chosen
        elif chosen.key() in usable:
            unusable[point.name] = f"{point.value}: a policy is named {chosen.key()} already"
        else:
            usable[chosen.key()] = chosen
    return usable, unusable


def policies() -> dict[str, type[PolicyUse]]:
    """Give every policy by name: our own, then those of other packages in the order of their names."""
    return _found()[0]


def unusable_policies() -> dict[str, str]:
    """Say of each policy another package offers and that cannot be used what is wrong with it.

    One broken package must not keep anybody from everything else, so this is told to those who ask for that policy.
    """
    return _found()[1]


def _loaded(point: EntryPoint) -> type[PolicyUse] | str:
    """Give the class an entry point names, or what is wrong with it."""
    try:
        chosen = point.load()
    except Exception as error:
        return f"{point.value} cannot be imported: {type(error).__name__}: {error}"
    if not (isinstance(chosen, type) and issubclass(chosen, PolicyUse)):
        return f"{point.value} is no policy; make it a subclass of sim.policies.PolicyUse"
    field = chosen.model_fields["policy"]
    if len(get_args(field.annotation)) != 1:
        return f'{point.value} has no name; declare it as policy: Literal["name"]'
    return chosen


def policy_parameters() -> tuple[Parameter, ...]:
    """Give every number of every policy; the path is `policies.*.<policy>.<name>`, the star standing for one's own name of the use."""
    return tuple(p for key, chosen in policies().items() for p in parameters(chosen, f"policies.*.{key}."))
