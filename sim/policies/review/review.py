"""The review: policies start or end, their participants and staff hours are decided, and they act.

Reviews take place on day 0, every seventh day, and every day on which a policy starts, ends or has faded. Policies
change nothing between reviews. A review on the dates of some policies leaves the latest decisions about all others, so
the dates of one policy do not affect another.

Compiled code holds the reviews (`sim.policies.review.sequence`), within the call that runs the days. This module writes the
policies of a scenario into the arrays for it, and holds the reviews part by part where a policy is Python code.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from sim.policies.review.acting import Acting, Floats
from sim.policies.review.postfix import Notation
from sim.policies.review.programme import EVERY, TABLES, Programme, blank, longer, place, seen
from sim.policies.review.sequence import is_due, review
from sim.policies.review.site import Site, code_of
from sim.scenario.schema.effects import KINDS, Effect
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.scenario import Scenario
from sim.state.state import Records, State

POLICY_COLUMNS: Final = np.dtype(
    [
        ("day", "i4"),
        ("use", "i4"),
        ("centre", "i4"),
        ("level", "f8"),
        ("eligible", "i4"),
        ("taking_part", "i4"),
        ("hours_wanted", "f8"),
        ("hours_served", "f8"),
        ("money", "f8"),
    ]
)
"""Record of a use of a policy in a centre at a review; hours and money are per week, until the next review."""

_RANGES: Final = {f"{table}.{c.name}": c.range for table, columns in TABLES.items() for c in columns}


@dataclass
class Running:
    """A use of a policy during a run.

    Parameters
    ----------
    name : str
        Name of the use in the scenario.
    use : PolicyUse
    code : int
        Code of the use in the draws.
    number : int
        Its row in the programme.
    programme : Programme
    placed : dict of str to int
        Numbers and positions of the rows that `set_up` added.
    memory : dict of str to dict
        What a policy that is Python code remembers between reviews.
    """

    name: str
    use: PolicyUse
    code: int
    number: int
    programme: Programme
    placed: dict[str, int] = field(default_factory=dict)
    memory: dict[str, dict[int, int]] = field(default_factory=dict)

    @property
    def is_code(self) -> bool:
        """Whether the policy acts by Python code of its own, and not by effects stated as data."""
        return type(self.use).act is not PolicyUse.act

    @property
    def since(self) -> Floats:
        """Day on which the policy last came into force in each centre; NaN before that."""
        days: Floats = self.programme.standing["since"][self.number]
        return days

    @property
    def acted(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Whether the policy acted on each user at the last review; at least as long as the table of users."""
        acted: np.ndarray[Any, np.dtype[np.bool_]] = self.programme.parts["strength"][self.number] > 0.0
        return acted

    @property
    def seniors(self) -> dict[int, int]:
        """The senior of each user who has one, as rows of users, for policies that pair them by effects."""
        known = self.programme.parts["senior"][self.number]
        return {int(row): int(known[row]) - 1 for row in np.flatnonzero(known)}


class Review:
    """The policies of a scenario during a run, and their reviews.

    Parameters
    ----------
    scenario : Scenario
    centres : list of str
        Names of the centres in the state; copies are numbered.
    seed : int
    state : State
        The state as built; `self.state` also holds the rows that the policies add.

    Raises
    ------
    ValueError
        When the effects of a policy move a column that it does not declare in `acts_on`.
    """

    def __init__(self, scenario: Scenario, centres: list[str], seed: int, state: State) -> None:
        self.seed = np.uint64(seed)
        self.state = state
        sites = {name: self._set_up(name, use, scenario) for name, use in scenario.policies.items()}
        ordered = sorted(scenario.policies.items(), key=lambda one: (one[1].priority, one[0]))
        self.names = [name for name, _ in ordered]
        self._programme = _written([(use, sites[name]) for name, use in ordered], scenario, self.state)
        self.running = [
            Running(name, use, sites[name].code, k, self._programme, sites[name].placed)
            for k, (name, use) in enumerate(ordered)
        ]
        self._codes = [one for one in self.running if one.is_code]
        self._seen: State | None = None
        uses = self._programme.uses
        self._dates = sorted({*uses["start"].tolist(), *uses["end"].tolist(), *uses["faded"].tolist()})
        weeks = range(0, scenario.days, EVERY)
        self._reviews = len({*weeks, *(date for date in self._dates if date < scenario.days)})

    def _set_up(self, name: str, use: PolicyUse, scenario: Scenario) -> Site:
        of_spec = [spec for spec, centre in scenario.centres.items() for _ in range(centre.copies)]
        has = [c for c, spec in enumerate(of_spec) if not use.centres or spec in use.centres]
        site = Site(self.state, has, code_of(name), scenario.activities)
        use.set_up(site)
        self.state = site.state
        return site

    @property
    def is_by_hand(self) -> bool:
        """Whether some policy is Python code, so that compiled days cannot hold the reviews themselves."""
        return bool(self._codes)

    @property
    def costs(self) -> Floats:
        """Per day until the next review: staff hours granted, staff hours refused, and money; shape (3, centres)."""
        return np.array([self._programme.houses[name] for name in ("served", "unserved", "money")])

    def programme(self, state: State) -> Programme:
        """Return the programme with room for all users of a state and for the records of a review."""
        if state is not self._seen:
            self._seen = state
            self._change(longer(self._programme, state)._replace(**seen(state)))
        clock = self._programme.clock[0]
        if clock.kept + clock.a_review > len(self._programme.kept):
            kept = np.zeros(2 * int(clock.kept) + self._reviews * int(clock.a_review), self._programme.kept.dtype)
            kept[: clock.kept] = self._programme.kept[: clock.kept]
            self._change(self._programme._replace(kept=kept.view(np.recarray)))
        return self._programme

    def _change(self, programme: Programme) -> None:
        self._programme = programme
        for one in self.running:
            one.programme = programme

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_seen": None}  # a copy sees the tables of a state of its own

    def next_day(self, day: int) -> int:
        """Return the day of the next review after this day."""
        weekly = day + EVERY - day % EVERY
        return int(min([weekly, *(date for date in self._dates if date > day)]))

    def hold(self, state: State, day: int) -> State:
        """Hold the review that is due on a day, unless already held; return the state with the policies' changes."""
        programme = self.programme(state)
        if is_due(programme.uses, programme.clock[0], day):
            part = -1
            for one in self._codes:
                review(state, programme, day, self.seed, part, one.number)
                self._let_act(state, one, day)
                part = one.number + 1
            review(state, programme, day, self.seed, part, len(self.running) + 1)
        return state

    def _let_act(self, state: State, one: Running, day: int) -> None:
        """Let a policy that is Python code act, following the latest decision about it."""
        programme, k = self._programme, one.number
        if not programme.uses[k].acts:
            return
        standing, decided = programme.standing[k], int(programme.uses[k].decided)
        on = Acting(
            state,
            one.use,
            one.code,
            decided,
            self.seed,
            programme.parts["strength"][k, : len(state.users)].copy(),
            standing["of_house"].copy(),
            standing["whole"].copy(),
            programme.houses["coverage_of_one"],
            again=decided != day,
            placed=one.placed,
            memory=one.memory,
        )
        one.use.act(on)

    def records(self) -> Records:
        """Return the records of all reviews so far, with a row for each use, centre and review (`POLICY_COLUMNS`)."""
        kept = self._programme.kept[: int(self._programme.clock[0].kept)]
        return kept.view(np.ndarray).astype(POLICY_COLUMNS).view(np.recarray)


def _written(uses: Sequence[tuple[PolicyUse, Site]], scenario: Scenario, state: State) -> Programme:
    """Return the programme of some uses, in this order."""
    notation = Notation()
    conditions = [[notation.add(one) for one in (use.eligible, use.when, use.until)] for use, _ in uses]
    effects = [() if type(use).act is not PolicyUse.act else tuple(use.effects()) for use, _ in uses]
    moved = sorted({column for use, _ in uses for column in use.acts_on})
    words = [word for column in moved if not column.startswith("tie.") for word in _words(column)]
    q = blank(
        len(uses),
        state,
        len(notation.conditions),
        len(notation.aggregates),
        len(notation.steps),
        notation.depth,
        sum(map(len, effects)),
        len(words),
    )
    notation.write(q)
    q.words[:] = words
    q.effects[:] = [_row(use, effect) for (use, _), own in zip(uses, effects, strict=True) for effect in own]
    q.clock.last = -1
    q.clock.arranges = "tie.arranged" in moved
    _write_houses(q, scenario)
    first = 0
    for k, (use, site) in enumerate(uses):
        row = q.uses[k]
        row.eligible, row.when, row.until = conditions[k]
        row.first_effect, row.last_effect = first, first + len(effects[k])
        first += len(effects[k])
        _write_use(q, k, use, site)
    q.clock.a_review = q.standing["has"].sum()
    return q


def _write_houses(q: Programme, scenario: Scenario) -> None:
    specs = [centre for centre in scenario.centres.values() for _ in range(centre.copies)]
    of_one = [spec.staff_week * spec.programme_share for spec in specs]
    q.houses.hours = np.array([spec.staff for spec in specs]) * np.array(of_one)
    q.houses.hours_of_one = of_one
    q.houses.coverage_of_one = [spec.users_per_staff / spec.users for spec in specs]


def _write_use(q: Programme, k: int, use: PolicyUse, site: Site) -> None:
    """Write a use's options, and its standing before the first day."""
    row, standing = q.uses[k], q.standing[k].view(np.ndarray)
    for name in ("start", "end", "ramp", "fade", "cooldown", "uptake", "intensity", "priority", "whole_house"):
        row[name] = getattr(use, name)
    row.code, row.faded, row.decided = site.code, round(use.end + use.fade), -1
    row.once_begun = use.stay == "once begun"
    standing["has"][site.centres] = 1
    for name in ("since", "ended", "held", "held_until"):
        standing[name] = np.nan
    standing["share"] = 1.0
    standing["added"] = [use.added_hours(float(hours)) for hours in q.houses.hours_of_one]
    for name, key in _PLACED.items():
        standing[name] = [site.placed.get(key.format(c), 0) for c in range(len(standing))]
    numbers = range(q.prices.shape[1])
    q.prices["hours"][k] = [use.weekly_hours(number) for number in numbers]
    q.prices["money"][k] = [use.weekly_money(number) for number in numbers]


_PLACED: Final = {
    "circle": "circle:{}",
    "first_worker": "workers:{}",
    "first_session": "timetable:{}",
    "sessions": "timetable:{}:length",
}
"""Where a site keeps what it added for a centre, by the field of a standing."""


def _words(column: str) -> list[tuple[int, int, int]]:
    table, first, number = place(column)
    return [(table, first + word, 0) for word in range(number)]


def _row(use: PolicyUse, effect: Effect) -> tuple[float, ...]:
    """Return the row of an effect."""
    for column in effect.columns:
        if column not in use.acts_on:
            raise ValueError(f"{type(use).__name__} acts on {column}, which it does not declare in acts_on")
    table, word, _ = place(effect.columns[0])
    sizes = effect.amount, effect.target, effect.years, *_RANGES[effect.columns[0]]
    return KINDS.index(effect.kind), table, word, *sizes, effect.number, effect.size
