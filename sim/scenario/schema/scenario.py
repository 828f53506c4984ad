"""The typed scenario: centres, users, network, society, mechanisms, rules, policies and surveys."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal

from pydantic import Field, StringConstraints, ValidationError, field_validator, model_validator

from sim.language import say
from sim.scenario.schema.budget import Budget
from sim.scenario.schema.calendar import Closure, in_days, weekday
from sim.scenario.schema.changes import Replace, laid_over
from sim.scenario.schema.network import GENERATORS, Generator, Network, node_link
from sim.scenario.schema.offers import shipped
from sim.scenario.schema.quantity import Late, Parameter, Section, Tagged, WholeSeed, parameters, quantity
from sim.scenario.schema.rules import NO_OTHERS, RULE_PARAMETERS, Rules
from sim.scenario.schema.session import (
    ACTIVITIES,
    GROUPINGS,
    WEEKDAYS,
    Activity,
    ActivityName,
    Grouping,
    OwnActivity,
    Session,
    Weekday,
    Weekdays,
    too_long,
    unknown_activities,
    with_group_sizes,
)
from sim.scenario.schema.users import Users
from sim.scenario.text.errors import InputError
from sim.scenario.text.suggestions import PATTERN, misspelt
from sim.sources import ASSUMED, BREWER_WEBSTER_1999, FAN_2024, RUSSELL_1996, VAN_DE_BUNT_1999

if TYPE_CHECKING:
    from sim.scenario.conditions.condition import UserCondition
    from sim.scenario.schema.policy import PolicyUse

Name = Annotated[str, StringConstraints(pattern=PATTERN)]

GroupName = Annotated[str, StringConstraints(pattern=r"^[^\W_](?:[\w -]{0,58}\w)?$")]


_WEEK: Final[tuple[Session, ...]] = (
    Session(activity="occupation therapy"),
    Session(activity="free time", minutes=60, group_size=4),
    Session(activity="crafts", days=("monday", "thursday"), group_size=6),
    Session(activity="singing", days=("tuesday", "friday"), group_size=6),
    Session(activity="calligraphy", days=("wednesday",), group_size=6),
)


class Centre(Section):
    """A day-care centre, or several identical ones."""

    users: int = quantity(25, "users", (5, 1000), (15, 40), ASSUMED, "assumed", "Users enrolled, and the centre's capacity")
    copies: int = Field(default=1, ge=1, le=1000, description="How many centres like this one")
    staff: float = quantity(2.0, "users", (0, 500), (1, 6), FAN_2024, "assumed", "Full-time staff (section 2.1: understaffed)")
    users_per_staff: float = quantity(8.0, "users", (0.5, 100), (4, 15), ASSUMED, "assumed", "Users one member of staff can look after well")
    norm: float = quantity(0.30, "1", (0, 1), (0.1, 0.5), FAN_2024, "assumed", "Norm of open talk that the house expects (section 3.2.1: guarded)")
    staff_week: float = quantity(40.0, "h/week", (0, 80), (35, 44), ASSUMED, "assumed", "Hours a week of one member of staff")
    hour_cost: float = quantity(90.0, "CNY/h", (0, 10_000), (40, 200), ASSUMED, "assumed", "Yuan an hour of staff is worth, wages and what goes with them, when policies are priced")
    programme_share: float = quantity(0.20, "1", (0, 1), (0.05, 0.4), ASSUMED, "assumed", "Share of the staff's hours that policies may use; the rest is the ordinary day")
    norm_help: float = quantity(0.50, "1", (0, 1), (0.3, 0.7), ASSUMED, "assumed", "Norm of help that the house expects: share of those who ask who should be helped")
    norm_welcome: float = quantity(0.50, "1", (0, 1), (0.3, 0.7), ASSUMED, "assumed", "Norm of welcome that the house expects: share of newcomers who should be shown around on a day")
    voice: float = quantity(0.10, "1", (0, 1), (0, 0.4), ASSUMED, "assumed", "Say of the users in how the centre is run")
    assigned_days: int = quantity(90, "day", (1, 3650), (30, 365), ASSUMED, "assumed", "How long assigned groups stay together")
    open: Weekdays = Field(default=("monday", "tuesday", "wednesday", "thursday", "friday"), description="Opening days")
    closures: tuple[Closure, ...] = Field(default=(), description="Days on which the centre stays closed")
    timetable: tuple[Session, ...] = Field(default=_WEEK, min_length=1, max_length=40, description="Sessions in the order of the day")
    users_file: Path | None = Field(default=None, description="Table (xlsx, CSV) of users in the form of participants.csv, instead of sampled ones; every column but the names may be missing or have gaps")
    network: Network | None = Field(default=None, description="Starting network of this centre, if not the scenario's")


class Society(Section):
    """The society around the centres."""

    public_stigma: float = quantity(0.60, "1", (0, 1), (0.4, 0.8), FAN_2024, "assumed", "Public stigma at the start (section 3.3.3: significant)")
    public_stigma_reference: float = quantity(0.60, "1", (0, 1), (0.4, 0.8), FAN_2024, "assumed", "Public stigma at which users' self-stigma was set")


class Mechanisms(Section):
    """Switches for the study's eight sub-themes and for the mechanisms by which they act."""

    ordinary_connection: bool = Field(default=True, description="Ordinary talk pleases and brings closer (section 3.1.1)")
    becoming_oneself: bool = Field(default=True, description="Talk of strengths and being good at something raise self-worth (section 3.1.2)")
    adaptation_with_peers: bool = Field(default=True, description="Talk of the illness raises acceptance, reminders lower relapse (section 3.1.3)")
    selective_exposure: bool = Field(default=True, description="Thresholds, stigma and low mood hold back what is said (section 3.2.1)")
    proximity_regulation: bool = Field(default=True, description="Too near is felt as a burden and users withdraw and return (section 3.2.2)")
    helping_empowers: bool = Field(default=True, description="Helping raises the helper's self-worth (section 3.3.1)")
    expanding_love: bool = Field(default=True, description="Empathy is learned in mutual help and carries help beyond the inner circle (section 3.3.2)")
    group_advocacy: bool = Field(default=True, description="Identity grows from shared life and turns into advocacy that lowers stigma (section 3.3.3)")
    helping: bool = Field(default=True, description="Users help each other at all, asked or in passing (section 3.3.1)")
    moving_ties: bool = Field(default=True, description="One-way ties cool, and quarrels and betrayal cost closeness")
    shared_friends: bool = Field(default=True, description="Friends of friends are turned to, joined and liked more readily")
    learned_liking: bool = Field(default=True, description="Liking goes on changing by what happens between two")
    being_known: bool = Field(default=True, description="Deep talk that is well received brings closer, and being known by nobody is lonely (section 4.2)")
    binding_help: bool = Field(default=True, description="Help brings closer, lightens burden, and unmet needs weigh (section 3.1.3)")
    belonging: bool = Field(default=True, description="Identity lowers loneliness and opens people to others (section 4.3)")
    strain: bool = Field(default=True, description="Own illness, open needs and trouble at home burden, and the unwell bear less")
    living_house: bool = Field(default=True, description="Staff hold sessions, introduce, notice, calm and listen, and norms of help and welcome move (section 2.1)")
    hope: bool = Field(default=True, description="Hope moves, and feeds mood, asking, talk and initiative")


class Observe(Section):
    """The surveys of users and their ties; a survey changes nothing in a run."""

    waves: tuple[int, ...] = Field(default=(), description="Days at whose start a survey is held (0 is the start, the length of the run its end); none are held after the end")
    level: Literal["acquaintance", "friend", "confidant", "kin-like"] = Field(default="friend", description="How close somebody has to be to be named")
    limit: int = quantity(0, "users", (0, 1000), (0, 12), ASSUMED, "assumed", "How many others one may name at most, the closest first; 0 is no limit")
    forgetting: float = quantity(0.20, "1", (0, 0.9), (0, 0.3), BREWER_WEBSTER_1999, "measured", "Share of those one would name who are forgotten, the less close more often; 0 when all names are read out")
    rating_reliability: float = quantity(0.85, "1", (0.05, 1), (0.7, 0.95), ASSUMED, "assumed", "Retest reliability of how close one says one is, among ties at or above acquaintance (log odds)")
    loneliness_reliability: float = quantity(0.85, "1", (0.05, 1), (0.73, 0.94), RUSSELL_1996, "assumed", "Retest reliability of the questionnaire of loneliness")
    burden_reliability: float = quantity(0.85, "1", (0.05, 1), (0.7, 0.95), ASSUMED, "assumed", "Retest reliability of the questionnaire of burden")
    identity_reliability: float = quantity(0.80, "1", (0.05, 1), (0.7, 0.95), ASSUMED, "assumed", "Retest reliability of the questionnaire of group identity")
    hope_reliability: float = quantity(0.85, "1", (0.05, 1), (0.7, 0.95), ASSUMED, "assumed", "Retest reliability of the questionnaire of hope")
    self_stigma_reliability: float = quantity(0.85, "1", (0.05, 1), (0.7, 0.95), ASSUMED, "assumed", "Retest reliability of the questionnaire of self-stigma")
    non_response: float = quantity(0.156, "1", (0, 0.95), (0, 0.3), VAN_DE_BUNT_1999, "measured", "Share of users who do not answer a wave (30 of 192 answers)")

    outcomes: tuple[str, ...] | None = Field(default=None, description="Outcomes of other packages to record each day, beside Dayroom's own")

    @field_validator("outcomes")
    @classmethod
    def _offered(cls, outcomes: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if outcomes:
            from sim.scenario.schema.own_outcome import chosen

            chosen(outcomes)
        return outcomes

    @field_validator("waves")
    @classmethod
    def _days_in_order(cls, waves: tuple[int, ...]) -> tuple[int, ...]:
        if any(day < 0 for day in waves) or any(late <= early for early, late in pairwise(waves)):
            raise ValueError(say("found {waves}; allowed are days from 0 on, each later than the one before", waves=', '.join(map(str, waves))))
        return waves


class _Policies(Mapping[str, "type[PolicyUse]"]):
    """Every usable policy by name. The look-up of a policy that ships with Dayroom imports that policy alone."""

    def __getitem__(self, name: str) -> "type[PolicyUse]":
        for point in shipped():
            own: Mapping[str, type[PolicyUse]] = point.load()
            if name in own:
                return own[name]
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> "dict[str, type[PolicyUse]]":
        from sim.scenario.schema.policy import policies

        return policies()


def _condition() -> Any:
    from sim.scenario.conditions.condition import UserCondition

    return UserCondition


if TYPE_CHECKING:
    Group = UserCondition
    Policy = PolicyUse
else:
    Group = Annotated[Any, Late(_condition)]
    Policy = Annotated[Any, Tagged("policy", _Policies())]


class Scenario(Section):
    """Everything that a run simulates; typed, checked and immutable."""

    refusal: ClassVar[Callable[[Any, str, ValidationError], Exception] | None] = None
    """Says why values are refused, as the check of a file does; the layer that reads files sets it."""

    name: Name = Field(description="Short name, used in file names and tables")
    title: str = Field(default="", max_length=200, description="A title for people")
    question: str = Field(default="", max_length=2000, description="The question this scenario stands for")
    days: int = quantity(365, "day", (1, 36525), (90, 3653), ASSUMED, "assumed", "Length of the run")
    settling: int = quantity(0, "day", (0, 36525), (0, 1826), ASSUMED, "assumed", "Days lived before day 0 so that states and ties settle; nothing is kept, and users come and go in the last year of it only. Listed users live none of them: on day 0 they take the places of sampled doubles")
    first_date: date | None = Field(default=None, description="Date of day 0, such as 2027-01-04; with it, starts, ends, closures and waves may be dates, and figures and tables have dates")
    first_day: Weekday = Field(default="monday", description="Weekday of day 0; with first_date, the weekday of that date")
    replicates: int = Field(default=20, ge=1, le=100_000, description="Runs with other seeds, unless the command says otherwise")
    seed: WholeSeed | None = Field(default=None, description="Seed of chance; drawn and recorded when not given")
    users: Users = Field(default=Users(), description="Background and traits of the users")
    centres: dict[Name, Centre] = Field(default={"centre": Centre()}, min_length=1, description="Day-care centres by name")
    activities: dict[ActivityName, OwnActivity] = Field(default={}, description="Activities of one's own by name, for sessions to name")
    network: Network = Field(default=Network(), description="The ties the users start with")
    society: Society = Field(default=Society(), description="What surrounds the centres")
    mechanisms: Mechanisms = Field(default=Mechanisms(), description="Switches for the eight sub-themes of the study and for the mechanisms by which they act")
    rules: Rules = Field(default=NO_OTHERS, description="The parameters of the rules of the day")
    policies: dict[Name, Policy] = Field(default={}, description="Policies by a name of one's own; none is usual care")
    observe: Observe = Field(default=Observe(), description="What a survey would see, and when it is held")
    budget: Budget | None = Field(default=None, description="Hours of staff and money that all policies may take together, by which compare and portfolio measure scenarios")
    groups: dict[GroupName, Group] = Field(default={}, description="Groups of users by a name of one's own, such as young: age < 30, judged on day 0 or on arrival; compare tells what changes for each")

    @field_validator("groups")
    @classmethod
    def _names_are_free(cls, groups: dict[str, Any]) -> dict[str, Any]:
        if not groups:
            return groups
        from sim.scenario.conditions.names import SHIPPED_GROUPS

        if taken := [name for name in groups if name in SHIPPED_GROUPS]:
            raise ValueError(say("every comparison has a group named {taken}; choose another name", taken=taken[0]))
        return groups

    @model_validator(mode="before")
    @classmethod
    def _in_days(cls, given: Any) -> Any:
        return in_days(with_group_sizes(given), cls.model_fields["days"].default) if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _first_date_fits(self) -> "Scenario":
        if self.first_date is not None and weekday(self.first_date) != self.first_day:
            raise ValueError(say("first_day is {first_day}, but first_date, {first_date}, is a {weekday}; leave first_day out", first_day=self.first_day, first_date=self.first_date, weekday=weekday(self.first_date)))
        for name, centre in self.centres.items():
            if self.first_date is None and any(closure.holidays for closure in centre.closures):
                raise ValueError(f"centres.{name}.closures: {say('holidays are dates, so they need first_date, the date of day 0')}")
        return self

    @model_validator(mode="after")
    def _activities_known(self) -> "Scenario":
        timetables = {f"centres.{name}": centre.timetable for name, centre in self.centres.items()}
        timetables |= {f"policies.{name}": getattr(use, "timetable", ()) for name, use in self.policies.items()}
        for complaint in unknown_activities(self.activities, timetables):
            raise ValueError(complaint)
        return self

    @model_validator(mode="after")
    def _sessions_when_open(self) -> "Scenario":
        for name, centre in self.centres.items():
            for number, session in enumerate(centre.timetable, 1):
                closed = [day for day in session.days if day not in centre.open]
                if len(closed) == len(session.days):
                    raise ValueError(
                        say(
                            "centres.{name}.timetable.{number}: {activity} is held on days on which the centre is closed "
                            "({closed}); it is open on {open}",
                            name=name, number=number, activity=session.activity, closed=", ".join(closed), open=", ".join(centre.open),
                        )
                    )
        return self

    @model_validator(mode="after")
    def _sessions_fit_in_a_day(self) -> "Scenario":
        for name, centre in self.centres.items():
            if reason := too_long(centre.timetable):
                raise ValueError(f"centres.{name}.timetable: {reason}")
            for use, policy in self.policies.items():
                if (not policy.centres or name in policy.centres) and (reason := too_long(policy.sessions_instead_of(centre.timetable))):
                    raise ValueError(say("policies.{use}: in centres.{name}, {reason}", use=use, name=name, reason=reason))
        return self

    @model_validator(mode="after")
    def _policies_somewhere(self) -> "Scenario":
        for name, use in self.policies.items():
            for centre in use.centres:
                if centre not in self.centres:
                    raise InputError(misspelt(say("policies.{name}.centres: found {centre!r}", name=name, centre=centre), centre, self.centres))
            for centre in use.centres or self.centres:
                if reason := use.unfit_for(self.centres[centre].open):
                    raise InputError(say("policies.{name}: {reason}; centres.{centre} is open on {open}", name=name, reason=reason, centre=centre, open=', '.join(self.centres[centre].open)))
        return self

    @model_validator(mode="after")
    def _users_enough_for_the_network(self) -> "Scenario":
        for name, centre in self.centres.items():
            network = centre.network or self.network
            refusal = network.arguments.refusal(centre.users) if network.kind == "generated" else ""
            if refusal:
                where = f"centres.{name}.network" if centre.network else "network"
                raise ValueError(say("{where}.arguments: {generator} in centres.{name}: {refusal}", where=where, generator=network.generator, name=name, refusal=refusal))
        return self

    def with_changes(self, **changes: Any) -> "Scenario":
        """Return a copy of the scenario with some top-level fields changed, and check it.

        Changes merge as a file merges with the file that it extends: a mapping changes the keys that it names and
        leaves the others. A typed section, or anything in `Replace`, takes the place of the old value.

        Parameters
        ----------
        **changes
            Top-level fields: `days=28`, `rules={"wellbeing": {"lonely_need": 0.2}}`, `policies=Replace({})`.

        Raises
        ------
        ScenarioError
            When the changed scenario is invalid: each mistake, what is allowed and the nearest spelling, as for a file.

        Examples
        --------
        >>> from dayroom import load_scenario
        >>> baseline = load_scenario("baseline")
        >>> baseline.with_changes(days=7, users={"empathy": {"mean": 0.6}}).users.empathy.mean
        0.6
        """
        values = laid_over(self, changes)
        if "first_date" in changes and "first_day" not in changes:
            del values["first_day"]
        try:
            return Scenario.model_validate(values)
        except ValidationError as error:
            if Scenario.refusal is None:
                raise
            raise Scenario.refusal(values, self.name, error) from None

    def with_network(self, graph: Any, centre: str | None = None, **settings: Any) -> "Scenario":
        """Return a copy of the scenario that starts with the ties of a networkx graph.

        Parameters
        ----------
        graph : networkx.Graph or networkx.DiGraph
            People and their ties. An edge of an undirected graph counts in both directions. Its closeness is the
            attribute `closeness`, or else `weight`; without either, or when all are 0 or 1, it is `unweighted`. A node
            with a true attribute `missing` did not answer. With a file of users each node is the user whose name is
            the node's attribute `name`, or the node itself; with `match="order"`, and without such a file, the nodes
            are the first users, in their order.
        centre : str, optional
            The centre that gets the network; by default the scenario's network, for all centres without their own.
        **settings
            Keys of the section `network`: `closeness="strength"`, `scale=10`, `unweighted=0.6`, `match="order"`.

        Raises
        ------
        InputError
            When the graph has parallel edges, or no such centre exists.
        ScenarioError
            As `with_changes`. What the values of the edges may be is checked when a run starts.

        Examples
        --------
        >>> import networkx as nx
        >>> from dayroom import DayCentre, load_scenario
        >>> ring = nx.watts_strogatz_graph(25, 4, 0.1, seed=1)
        >>> scenario = load_scenario("baseline").with_network(ring, unweighted=0.5).with_changes(settling=0)
        >>> DayCentre(scenario, rng=1).graph().number_of_edges()  # each of the 50 in both directions
        100
        """
        old = self.network if centre is None else self.centres[_known_centre(self, centre)].network
        kept = {name: value for name, value in dict(old or self.network).items() if name not in ("generator", "arguments")}
        section = kept | {"kind": "graph", "graph": node_link(graph), "file": None, "directed": None} | settings
        if centre is None:
            return self.with_changes(network=Replace(section))
        return self.with_changes(centres={centre: {"network": Replace(section)}})


def _known_centre(scenario: Scenario, centre: str) -> str:
    """Return the name of a centre; refuse an unknown one."""
    if centre not in scenario.centres:
        raise InputError(misspelt(say("unknown centre {centre!r}", centre=centre), str(centre), scenario.centres))
    return centre


SCENARIO_PARAMETERS: Final[tuple[Parameter, ...]] = (
    *parameters(Scenario),
    *parameters(Centre, "centres.*."),
    *parameters(Session, "centres.*.timetable.*."),
)
"""Every parameter that a scenario can set, by its path in the YAML."""

__all__ = [
    "ACTIVITIES",
    "GENERATORS",
    "GROUPINGS",
    "RULE_PARAMETERS",
    "SCENARIO_PARAMETERS",
    "WEEKDAYS",
    "Activity",
    "Centre",
    "Closure",
    "Generator",
    "Grouping",
    "Mechanisms",
    "Network",
    "Observe",
    "Scenario",
    "Session",
    "Society",
    "Weekday",
]
