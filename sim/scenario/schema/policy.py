"""A policy as a scenario uses it: time, participants, intensity and price; and the list of all policies.

Each policy is a class, offered by this package or another (`offers`). A scenario selects a policy by name and sets its
options; this layer does not know what the policy acts on.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, Literal, get_args

from pydantic import Field, model_validator

from sim.language import say
from sim.scenario.conditions.condition import CentreCondition, UserCondition
from sim.scenario.schema.effects import FOREVER, Effect
from sim.scenario.schema.offers import REFUSALS
from sim.scenario.schema.quantity import Section, quantity
from sim.scenario.schema.registry import REGISTRIES, Registry
from sim.scenario.schema.session import Session
from sim.sources import ASSUMED, Source


class PolicyUse(Section):
    """The options that all policies share."""

    acts_on: ClassVar[tuple[str, ...]] = ()
    """The only columns that `act` may change, such as `user.listening_skill` or `centre.coverage`."""
    source: ClassVar[Source] = ASSUMED
    """The evidence for the policy."""
    unknown: ClassVar[tuple[str, ...]] = ()
    """The options with poorly known effects on people; all other options state what staff do."""
    whole_house: ClassVar[bool] = False
    """Whether the policy acts on the house as a whole; eligibility and uptake then give the share that takes part."""
    example: ClassVar[Mapping[str, Any]] = {}
    """Options of a use that does something, for a policy that does nothing, or is refused, by its defaults alone."""

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
            raise ValueError(say("end (day {end}) does not come after start (day {start})", end=self.end, start=self.start))
        if self.when is None and self.until is not None:
            raise ValueError(say("`until` only works with `when`; add `when`, or use end"))
        if self.when is None and self.cooldown > 0:
            raise ValueError(say("cooldown only works with `when`; add `when`, or leave cooldown out"))
        return self

    def unfit_for(self, open_days: tuple[str, ...]) -> str:
        """Return why a centre with these opening days cannot use the policy, or an empty text if it can."""
        return ""

    def sessions_instead_of(self, usual: Sequence[Session]) -> Sequence[Session]:
        """Return the sessions of a centre under the policy, given its usual ones."""
        return usual

    def set_up(self, site: Any) -> None:
        """Add the policy's own rows to the state through `site` (`sim.policies.review.acting.Site`), if any."""

    def effects(self) -> Sequence[Effect]:
        """Return the effects of the policy (`sim.scenario.schema.effects`): compiled code applies them at each review.

        A policy states its effects here or acts in `act`; one that does neither is refused when it is offered.
        """
        return ()

    def act(self, on: Any) -> None:
        """Apply the policy through `on` (`sim.policies.review.acting.Acting`), at each review with participants.

        A policy that no effects describe overrides this method; its reviews then need Python.
        """
        for effect in self.effects():
            on.take(effect)

    def weekly_hours(self, taking_part: int) -> float:
        """Staff hours per week in a centre with this many participants."""
        return self.staff_hours + self.staff_hours_each * taking_part

    def weekly_money(self, taking_part: int) -> float:
        """Cost in yuan per week in a centre with this many participants, without staff hours."""
        return self.money + self.money_each * taking_part

    def added_hours(self, hours_of_one: float) -> float:
        """Staff hours per week that the policy adds to the shared hours; `hours_of_one` is one member's week."""
        return 0.0

    @classmethod
    def key(cls) -> str:
        """The name by which scenarios select the policy."""
        return str(get_args(cls.model_fields["policy"].annotation)[0])


def policies() -> dict[str, type[PolicyUse]]:
    """Return every usable policy by name: Dayroom's own, those of other packages, those registered in Python."""
    return POLICIES.usable()


def unusable_policies() -> dict[str, str]:
    """Return why policies of other packages are unusable, by entry point.

    A scenario that uses such a policy is refused with this reason; all other scenarios still work.
    """
    return POLICIES.unusable()


def _refusal(chosen: Any, value: str) -> str:
    """Return why an object is not a usable policy, or an empty text if it is usable."""
    if not (isinstance(chosen, type) and issubclass(chosen, PolicyUse)):
        return f"{value} is no policy; make it a subclass of sim.policies.PolicyUse"
    if len(get_args(chosen.model_fields["policy"].annotation)) != 1:
        return f'{value} has no name; declare it as policy: Literal["name"]'
    if chosen.act is PolicyUse.act and chosen.effects is PolicyUse.effects:
        return f"{value} does nothing; define effects(self), or act(self, on)"
    acts_on: object = chosen.acts_on  # whatever the package has put there
    if not isinstance(acts_on, tuple):
        return f'{value} has no list of columns in acts_on; declare it as a tuple, such as ("user.respite",)'
    for column in acts_on:
        if why := REFUSALS["acts_on"](column):
            return f"{value} acts on {column}, {why}"
    return ""


POLICIES: Final[Registry[type[PolicyUse]]] = Registry("policy", lambda chosen: chosen.key(), _refusal)
"""The policies that are offered."""
REGISTRIES["policy"] = POLICIES
