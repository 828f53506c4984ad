"""Run a scenario with a seed day by day: build the state, settle it, hold reviews and refill the queues of newcomers.

Both the Mesa model and `run` use this engine; it needs neither agents nor Mesa.
"""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.day import WHOLE, begin, begin_again, lonely_gaps, one_day, run_days, settled
from sim.outcomes.catalogue import COSTS, DAILY_COLUMNS
from sim.policies.review.programme import NO_PROGRAMME
from sim.rules.identity import public_opinion
from sim.rules.turnover import fill_seats
from sim.scenario.schema.parameters import PHASES
from sim.scenario.schema.scenario import WEEKDAYS, Scenario
from sim.scenario.schema.start import is_listed, until_day_0
from sim.scenario.text.errors import InputError
from sim.state.build import build, calendar, centre_names, with_newcomers
from sim.state.columns import PRESENT
from sim.state.state import Records, State, copied, empty_ledger

if TYPE_CHECKING:
    import networkx as nx

    from sim.own.outcomes import OwnOutcomes
    from sim.own.rules import OwnRules
    from sim.policies.review.review import Review

_SHARING: Final = (PHASES.index("conversation") + 1, PHASES.index("support") + 1)
"""Phases that go on with the encounters of the day."""
_SCRATCH: Final = ("meetings", "order", "group", "draws", "noise", "table", "begins")
"""Arrays of the state that these phases share."""
LONGEST_CALL: Final = 100
"""Most days in one compiled call; Python notices Ctrl-C only between calls."""


@dataclass
class Engine:
    """A run in progress.

    Parameters
    ----------
    scenario : Scenario
    seed : int
        Below 2**64; the same scenario and seed give the same bits.

    Attributes
    ----------
    state : State
        The current state. The engine replaces it when the queue of newcomers or the ledger grows, so read it from here
        each time. An older state usually stays current, because the users rarely move to new memory. Arrays that the
        engine has replaced (users after such a move; ledger and calendar of a run that goes on beyond its length) keep
        their old values and are read-only (ValueError on a write).
    centres : list of str
        Names of the centres.
    day : int
        The next day to run.
    review : Review or None
        The policies in use; None if there are none.
    own : OwnRules or None
        The rules of other packages that the scenario names; None if it names none.
    """

    scenario: Scenario
    seed: int

    def __post_init__(self) -> None:
        """Build the state and run the days of settling; then listed users take their seats."""
        self.state: State = build(self.scenario, self.seed, DAILY_COLUMNS)
        self.centres: list[str] = centre_names(self.scenario)
        self.day = -self.scenario.settling
        self._met: dict[int, tuple[int, dict[str, Any]]] = {}
        self.review: Review | None = None
        self._entered: Records = None
        self.own: OwnRules | None = self._own_rules() if self.scenario.rules.model_extra else None
        self._evenings: OwnOutcomes | None = self._own_outcomes() if self.scenario.observe.outcomes else None
        begin(self.state, 0)
        if self.scenario.settling > 0:
            self.advance(self.scenario.settling)
            self._seat_listed()
            self.state = self.state._replace(ledger=empty_ledger(self.state))
            settled(self.state)
        self._set_up()

    def branch(self, scenario: Scenario) -> "Engine":
        """Return an engine of another scenario, on day 0, that has the same bits as if it had settled by itself.

        This engine's state is copied, so that it can be branched again.

        Parameters
        ----------
        scenario : Scenario
            It differs from this engine's only in what first counts on day 0, such as policies (`until_day_0`).

        Raises
        ------
        InputError
            When the scenario differs in more, or this engine has policies or has gone beyond the start of day 0.
        """
        if self.day != 0 or self.scenario.policies:
            raise InputError("an engine can be branched on day 0, before any policy is set up")
        if until_day_0(scenario) != until_day_0(self.scenario):
            raise InputError(
                f"{scenario.name} differs from {self.scenario.name} in more than what first counts on day 0"
            )
        twin = copy(self)
        twin.scenario, twin.state = scenario, copied(self.state)
        twin.own = None if self.own is None else self.own.copied()
        twin._met = {}
        twin._evenings = twin._own_outcomes() if scenario.observe.outcomes else None
        twin._set_up()
        return twin

    def _set_up(self) -> None:
        """Set up what first counts on day 0: groups and policies."""
        self._entered = self.state.users.copy() if self.scenario.groups else None
        if self.scenario.policies:
            from sim.policies.review import review

            self.review = review.Review(self.scenario, self.centres, self.seed, self.state)
            self.state = self.review.state

    def _own_rules(self) -> "OwnRules":
        from sim.own.rules import OwnRules

        return OwnRules(self.scenario, self.state, self.seed)

    def _own_outcomes(self) -> "OwnOutcomes":
        from sim.own.outcomes import OwnOutcomes
        from sim.scenario.schema.own_outcome import chosen

        return OwnOutcomes(chosen(self.scenario.observe.outcomes or ()), self.centres)

    def advance(self, days: int) -> None:
        """Run this many more days; beyond the scenario's length, ledger and calendar grow."""
        last = self.day + days
        if last > len(self.state.ledger):
            self._extend(last)
        weekday = WEEKDAYS.index(self.scenario.first_day)
        while self.day < last:
            ahead = min(last, self.day + (1 if self._evenings is not None and self.day >= 0 else LONGEST_CALL))
            if self.own is not None or (self.review is not None and self.review.is_by_hand):
                ahead = min(ahead, self._review())
            first, self.day = self.day, self._run_days(ahead, weekday)
            if self.day < ahead:
                self._refill()
            elif self._evenings is not None and first >= 0:
                self._evenings.record(self.state, self.day - 1, self.own)

    def _run_days(self, ahead: int, weekday: int) -> int:
        """Run the days before `ahead`; return the first day that has not run."""
        first, seed = self.day, np.uint64(self.seed)
        if self.own is None:
            programme = NO_PROGRAMME if self.review is None else self.review.programme(self.state)
            return int(run_days(self.state, programme, first, ahead, weekday, seed))
        day = self.own.run_days(self.state, first, ahead, weekday, seed)
        if self.review is not None and first >= 0:
            for name, cost in zip(COSTS, self.review.costs, strict=True):
                self.state.ledger[name][first:day] = cost
        return day

    def open_day(self) -> None:
        """Prepare a day that runs in parts: hold the review, refill the queues, open or close the centres."""
        if self.day >= len(self.state.ledger):
            self._extend(self.day + 1)
        self._review()
        self._refill()
        settling = len(self.state.open) - len(self.state.ledger)
        self.state.centres["is_open"] = self.state.open[settling + self.day]
        if self.review is not None:
            for name, cost in zip(COSTS, self.review.costs, strict=True):
                self.state.ledger[name][self.day] = cost

    def live(self, first: int, last: int) -> None:
        """Run phases `first` to `last` of the day that `open_day` prepared, in every centre (`PHASES`, from 1).

        Rules of other packages act after their phases. Between encounters, conversation and support, the encounters of
        each centre are kept: the centres share the arrays that hold them.
        """
        if self.own is not None:
            for end in [phase for phase in self.own.phases() if first <= phase <= last]:
                self.phases(first, end)
                for c in range(len(self.centres)):
                    self.own.after(end, self.state, c, self.day)
                first = end + 1
        if first <= last:
            self.phases(first, last)

    def phases(self, first: int, last: int) -> None:
        """Run phases `first` to `last` as `live` does, without the rules of other packages."""
        for c in range(len(self.centres)):
            count = 0
            if first in _SHARING:
                count, arrays = self._met[c]
                for name, kept in arrays.items():
                    getattr(self.state, name)[:] = kept
            count = self._phases(self.state, c, first, last, count)
            if last + 1 in _SHARING:
                self._met[c] = count, {name: getattr(self.state, name).copy() for name in _SCRATCH}

    def _phases(self, state: State, c: int, first: int, last: int, count: int = 0) -> int:
        weekday = (WEEKDAYS.index(self.scenario.first_day) + self.day) % 7
        return int(one_day(state, c, self.day, weekday, np.uint64(self.seed), first, last, count))

    def advance_in_parts(self, after: Mapping[int, Callable[[], None]]) -> None:
        """Run one day, and call a function after each of some phases (`PHASES`, from 1) have run in every centre."""
        self.open_day()
        first = 1
        for last in sorted(after):
            self.live(first, last)
            after[last]()
            first = last + 1
        if first <= WHOLE:
            self.live(first, WHOLE)
        self.close_day()

    def beginning(self) -> Records:
        """Return the outcomes of the state on day 0, shape (centres,): nothing has happened, so that flows are 0."""
        ledger = np.zeros((1, len(self.centres)), self.state.ledger.dtype).view(np.recarray)
        for c in range(len(self.centres)):
            self._phases(self.state._replace(ledger=ledger), c, WHOLE, WHOLE)
        if self._evenings is not None:
            return self._evenings.beginning(self.state._replace(ledger=ledger), self.own)
        return ledger[0]

    def close_day(self) -> None:
        """Finish a day that ran in parts."""
        present = int((self.state.centres["capacity"] - self.state.centres["vacant"]).sum())
        public_opinion(self.state, present)
        self.day += 1
        if self._evenings is not None:
            self._evenings.record(self.state, self.day - 1, self.own)

    def _review(self) -> int:
        """Hold the review that is due, if any; return the day of the next review, or a day beyond any run."""
        if self.review is None or self.day < 0:
            return 2**31
        self.state = self.review.hold(self.state, self.day)
        return self.review.next_day(self.day)

    def _refill(self) -> None:
        """Sample more newcomers for every centre whose queue is short."""
        centres = self.state.centres
        is_short = centres["queue"] < centres["vacant"]
        if not is_short.any():
            return
        first = len(self.state.users)
        numbers = np.where(is_short, centres["vacant"] + np.maximum(4, centres["capacity"] // 4), 0)
        self.state = with_newcomers(self.state, self.scenario, numbers, self.seed)
        begin(self.state, first)
        if self._entered is not None:
            self._entered = np.concatenate([self._entered, self.state.users[first:]])

    def _seat_listed(self) -> None:
        """Give the listed users of each centre their seats, and read everybody's ties anew."""
        specs = [centre for centre in self.scenario.centres.values() for _ in range(centre.copies)]
        for c, spec in enumerate(specs):
            if not is_listed(self.scenario, spec):
                continue
            from sim.state.listed.files import listed_users
            from sim.state.listed.seated import seat_listed

            centre, seed = self.state.centres[c], np.uint64(self.seed)
            listed = listed_users(self.scenario, spec)
            short = len(listed.people) - int(centre.capacity - centre.vacant)
            if short > 0:
                self._refill()
                fill_seats(self.state, c, short, -1, seed)
            gaps = np.zeros(int(centre.capacity))
            lonely_gaps(self.state, c, gaps)
            gaps *= seat_listed(self.state, self.scenario, c, spec, listed, self.seed)
            begin_again(self.state, c, gaps)

    def _extend(self, days: int) -> None:
        """Extend ledger and calendar to at least this many days."""
        longer = self.scenario.with_changes(days=max(days, min(36525, 2 * len(self.state.ledger))))
        specs = [centre for centre in longer.centres.values() for _ in range(centre.copies)]
        ledger = np.zeros((longer.days, len(specs)), self.state.ledger.dtype).view(np.recarray)
        ledger[: len(self.state.ledger)] = self.state.ledger
        self.state.ledger.flags.writeable = self.state.open.flags.writeable = False  # writing to the old arrays fails
        self.state = self.state._replace(ledger=ledger, open=calendar(longer, specs))

    @cached_property
    def names(self) -> dict[int, str]:
        """Names of listed users by `uid`, from the files of users and networks."""
        if not any(is_listed(self.scenario, centre) for centre in self.scenario.centres.values()):
            return {}
        from sim.state.listed.names import names_of

        return names_of(self.scenario)

    @property
    def daily(self) -> Records:
        """Outcomes of the days run so far, shape (days, centres)."""
        ledger = self.state.ledger[: max(self.day, 0)]
        return ledger if self._evenings is None else self._evenings.beside(ledger)

    @property
    def enrolled(self) -> np.ndarray[Any, np.dtype[np.intp]]:
        """Rows of the users who are enrolled now."""
        return np.flatnonzero(self.state.users["status"] == PRESENT)

    def members(self) -> dict[str, np.ndarray[Any, np.dtype[np.bool_]]]:
        """Return who belongs to each of the scenario's groups, as on day 0 or on arrival, each of shape (rows,)."""
        if self._entered is None:
            return {}
        from sim.policies.review.values import Values

        users = self._entered.copy()
        users["arrived"] = self.state.users["arrived"]  # the queue does not know the day yet
        values = Values(self.state._replace(users=users), np.maximum(users["arrived"], 0.0))
        return {name: condition.holds(values) for name, condition in self.scenario.groups.items()}

    def graph(self, centre: int | None = None, at_least: str | float = "acquaintance") -> "nx.DiGraph[int]":
        """Return today's network, with all attributes of users and ties (`sim.state.ties.graph`)."""
        from sim.state.ties import graph

        return graph(self.state, centre, self.day, at_least, self.names, self.centres)
