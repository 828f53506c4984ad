"""The reviews of policies in plain numpy and Python, written before the compiled ones: the reference for them."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.policies.review.acting import Acting, Floats, column, draws
from sim.policies.review.programme import EVERY
from sim.policies.review.review import POLICY_COLUMNS
from sim.policies.review.site import Site, code_of
from sim.policies.review.values import Values
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.scenario import Scenario
from sim.state.columns import PRESENT
from sim.state.state import Records, State
from sim.streams import UPTAKE


class Overlay:
    """The values that policies can change, as they would be without policies.

    Parameters
    ----------
    columns : tuple of str
        Names of tables and columns, as in `PolicyUse.acts_on`.
    """

    def __init__(self, columns: tuple[str, ...]) -> None:
        self.columns = tuple(dict.fromkeys(columns))
        self._plain: dict[str, np.ndarray[Any, Any]] = {}
        self._moved: dict[str, np.ndarray[Any, Any]] = {}

    def put_back(self, state: State) -> None:
        """Undo the policies' changes; values that anything else has written since then stay."""
        for name in self.columns:
            now = column(state, name)
            if name in self._plain:
                own, moved = self._plain[name], self._moved[name]
                known = len(own)
                now[:known] = np.where(now[:known] == moved, own, now[:known])
            self._plain[name] = now.copy()

    def note(self, state: State) -> None:
        """Record the values of the columns after the policies acted."""
        for name in self.columns:
            self._moved[name] = column(state, name).copy()


@dataclass
class Decision:
    """The decision about a use of a policy, from the latest review that concerned the use.

    Parameters
    ----------
    day : int
    level : float array, shape (centres,)
        Level from `Running.level`.
    force : bool array, shape (centres,)
        Whether the policy is in force in each centre.
    eligible, joins : bool arrays, shape (rows,)
        Users who can take part, and users who do; after the policy's end, users who did.
    """

    day: int
    level: Floats
    force: np.ndarray[Any, np.dtype[np.bool_]]
    eligible: np.ndarray[Any, np.dtype[np.bool_]]
    joins: np.ndarray[Any, np.dtype[np.bool_]]

    def number(self, centre: np.ndarray[Any, Any], whom: np.ndarray[Any, np.dtype[np.bool_]]) -> np.ndarray[Any, Any]:
        """Count users by centre, shape (centres,); `centre` is the centre of each row."""
        return np.bincount(centre[: len(whom)][whom], minlength=len(self.level))


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
    has : bool array, shape (centres,)
        Whether each centre uses the policy.
    since, ended : float arrays, shape (centres,)
        Day on which the policy last came into force and last ended; NaN before that.
    held, held_until : float arrays, shape (centres,)
        Day since which `when` (and `until`) has held without a break; NaN while the condition does not hold.
    begun : bool array, shape (rows,)
        Users who have begun, for a policy with stay "once begun".
    acted : bool array, shape (rows,)
        Whether the policy acted on each user at the last review.
    share : float array, shape (centres,)
        Share of the wanted staff hours last granted; after the policy's end, the strength of what remains.
    decided : Decision, optional
        The latest decision about the use.
    going_along : float array, shape (centres,)
        Share of enrolled users who took part at the latest decision.
    """

    name: str
    use: PolicyUse
    code: int
    has: np.ndarray[Any, np.dtype[np.bool_]]
    since: Floats
    ended: Floats
    held: Floats
    held_until: Floats
    begun: np.ndarray[Any, np.dtype[np.bool_]]
    acted: np.ndarray[Any, np.dtype[np.bool_]]
    share: Floats
    decided: Decision | None = None
    going_along: Floats = field(default_factory=lambda: np.zeros(0))
    placed: dict[str, int] = field(default_factory=dict)
    memory: dict[str, dict[int, int]] = field(default_factory=dict)

    def in_force(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return whether the policy is in force now, shape (centres,)."""
        return self.has & ~np.isnan(self.since) & np.isnan(self.ended)

    def level(self, day: int) -> Floats:
        """Return the policy's level in each centre, in [0, 1]: it rises over `ramp` and falls over `fade`."""
        end = np.where(np.isnan(self.ended), day, self.ended)
        risen = _share(end - self.since, self.use.ramp)
        fallen = np.where(np.isnan(self.ended), 0.0, _share(day - self.ended, self.use.fade))
        return np.where(self.has & ~np.isnan(self.since), risen * (1.0 - fallen), 0.0)

    def concerns(self, day: int) -> bool:
        """Return whether a review on this day concerns the policy: every week, and on the policy's own dates."""
        return day % EVERY == 0 or day in self.dates() or self.decided is None

    def dates(self) -> tuple[int, int, int]:
        """Return the days on which the policy starts, ends and has faded."""
        return self.use.start, self.use.end, round(self.use.end + self.use.fade)


def _share(days: Floats, whole: float) -> Floats:
    """Share of a period that has passed; 1 if the period has no length."""
    return np.clip(days / whole, 0.0, 1.0) if whole > 0 else np.ones_like(days)


class PlainReview:
    """The policies of a scenario during a run, and their reviews.

    Parameters
    ----------
    scenario : Scenario
    centres : list of str
        Names of the centres in the state; copies are numbered.
    seed : int
    state : State
        The state as built; `self.state` also holds the rows that the policies add.
    """

    def __init__(self, scenario: Scenario, centres: list[str], seed: int, state: State) -> None:
        self.seed = np.uint64(seed)
        self.state = state
        specs = [centre for centre in scenario.centres.values() for _ in range(centre.copies)]
        self.hours_of_one = np.array([spec.staff_week * spec.programme_share for spec in specs])
        self.hours = np.array([spec.staff for spec in specs]) * self.hours_of_one
        self.coverage_of_one = np.array([spec.users_per_staff / spec.users for spec in specs])
        self.running = [self._set_up(name, use, scenario, centres) for name, use in scenario.policies.items()]
        self.running.sort(key=lambda one: (one.use.priority, one.name))
        self.names = [one.name for one in self.running]
        moved = {column for one in self.running for column in one.use.acts_on}
        self.overlay = Overlay(tuple(sorted(column for column in moved if not column.startswith("tie."))))
        self.arranges = any(column == "tie.arranged" for column in moved)
        self.kept: list[tuple[Any, ...]] = []
        self.costs = np.zeros((3, len(centres)))
        """Per day and centre, until the next review: staff hours granted, staff hours refused, and money."""
        self._dates = sorted({date for one in self.running for date in one.dates()})
        self._last = -1

    def _set_up(self, name: str, use: PolicyUse, scenario: Scenario, centres: list[str]) -> Running:
        of_spec = [spec for spec, centre in scenario.centres.items() for _ in range(centre.copies)]
        has = np.array([not use.centres or spec in use.centres for spec in of_spec])
        site = Site(self.state, [int(c) for c in np.flatnonzero(has)], code_of(name), scenario.activities)
        use.set_up(site)
        self.state = site.state
        never = np.full(len(centres), np.nan)
        rows = len(self.state.users)
        return Running(
            name,
            use,
            site.code,
            has,
            never,
            never.copy(),
            never.copy(),
            never.copy(),
            np.zeros(rows, np.bool_),
            np.zeros(rows, np.bool_),
            np.ones(len(centres)),
            placed=site.placed,
        )

    def next_day(self, day: int) -> int:
        """Return the day of the next review after this day."""
        weekly = day + EVERY - day % EVERY
        return min([weekly, *(date for date in self._dates if date > day)])

    def hold(self, state: State, day: int) -> State:
        """Hold the review of a day, unless already held; return the state with the policies' changes."""
        if day == self._last:
            return state
        self._last = day
        self.state = state
        self.overlay.put_back(state)
        if self.arranges:
            state.ties["arranged"] = 0.0
        due = [one for one in self.running if one.concerns(day)]
        self._come_and_go(due, state, day)
        of_users = Values(state, day)
        decided = []
        for one in self.running:
            if one in due or one.decided is None:
                one.decided = self._decision(one, of_users, day)
            decided.append(one.decided)
        self._serve(decided, day)
        for one, now in zip(self.running, decided, strict=True):
            self._let_act(state, one, now, day)
        self.overlay.note(state)
        return state

    def _come_and_go(self, due: list[Running], state: State, day: int) -> None:
        """Start and end policies, by their dates and conditions."""
        rows = np.flatnonzero(state.users["status"] == PRESENT)
        values = Values(state, day, of_centres=True, rows=rows)
        centre = state.users["centre"][rows]
        for one in due:
            within = one.use.start <= day < one.use.end
            force = one.in_force()
            starts = one.has & ~force & within
            ends = force & (not within)
            if one.use.when is not None:
                holds = one.use.when.holds(values, centre, len(one.has))
                ready = _held(one.held, holds, day) >= one.use.when.lasting
                rested = np.isnan(one.ended) | (day - one.ended >= one.use.cooldown)
                starts &= ready & rested
                if one.use.until is None:
                    ends |= force & ~holds
                else:
                    over = one.use.until.holds(values, centre, len(one.has))
                    ends |= force & (_held(one.held_until, over, day) >= one.use.until.lasting)
            stayed = one.level(day)  # a restart continues from the remaining level
            one.since[starts], one.ended[starts] = day - stayed[starts] * one.use.ramp, np.nan
            one.held_until[starts & ~np.isnan(one.held_until)] = day  # `until` counts from the start
            one.ended[ends] = day

    def _decision(self, one: Running, of_users: Values, day: int) -> Decision:
        """Decide a use's level, who is eligible, and who takes part.

        After the policy's end, nobody new takes part in what remains.
        """
        users, level, force = self.state.users, one.level(day), one.in_force()
        centre, present = users["centre"], users["status"] == PRESENT
        eligible = present & force[centre] & one.use.eligible.holds(of_users)
        willing = draws(self.seed, UPTAKE, one.code, users["uid"]) < one.use.uptake
        joins = eligible & willing
        if one.use.stay == "once begun":
            one.begun = _as_long_as(users, one.begun) | joins
            joins = one.begun & present & force[centre]
        if one.decided is not None:
            joins |= _as_long_as(users, one.decided.joins) & present & ~force[centre] & (level[centre] > 0.0)
        return Decision(day, level, force, eligible, joins)

    def _serve(self, decided: list[Decision], day: int) -> None:
        """Divide the staff hours among the policies by priority, and record what each wants, gets and costs."""
        centre, supply = self.state.users["centre"], self.hours.copy()
        for one, now in zip(self.running, decided, strict=True):
            level = now.level * now.force * one.use.intensity
            supply += level * np.array([one.use.added_hours(float(hours)) for hours in self.hours_of_one])
        numbers = [now.number(centre, now.joins) for now in decided]
        works = [
            now.force & ((number > 0) | one.use.whole_house)
            for one, now, number in zip(self.running, decided, numbers, strict=True)
        ]
        wanted = [
            one.use.intensity * np.where(at_work, [one.use.weekly_hours(int(each)) for each in number], 0.0)
            for one, at_work, number in zip(self.running, works, numbers, strict=True)
        ]
        self._share_out(supply, wanted, [now.force for now in decided])
        self.costs[:] = 0.0
        for k, (one, now) in enumerate(zip(self.running, decided, strict=True)):
            served, eligible = wanted[k] * np.where(now.force, one.share, 1.0), now.number(centre, now.eligible)
            money = np.where(works[k], [one.use.weekly_money(int(each)) for each in numbers[k]], 0.0)
            money = money * one.use.intensity
            self.costs += np.array([served, wanted[k] - served, money]) / EVERY
            self.kept += [
                (day, k, int(c), now.level[c], eligible[c], numbers[k][c], wanted[k][c], served[c], money[c])
                for c in np.flatnonzero(one.has)
            ]

    def _share_out(
        self, supply: Floats, wanted: list[Floats], force: list[np.ndarray[Any, np.dtype[np.bool_]]]
    ) -> None:
        """Grant each use in force a share of the hours it wants: lowest priority number first, equal ones pro rata."""
        left = supply
        for priority in sorted({one.use.priority for one in self.running}):
            group = [k for k, one in enumerate(self.running) if one.use.priority == priority]
            total = np.array(sum((wanted[k] for k in group), np.zeros(len(supply))))
            share = np.divide(left, total, out=np.ones(len(supply)), where=total > left)
            for k in group:
                got = np.where(wanted[k] > 0.0, share, 1.0)
                self.running[k].share = np.where(force[k], got, self.running[k].share)
            left = left - np.minimum(total, left)

    def _let_act(self, state: State, one: Running, now: Decision, day: int) -> None:
        """Let a use of a policy act, following the latest decision about the use."""
        users, level = state.users, now.level * one.share
        joins = _as_long_as(users, now.joins)
        strength = np.where(joins & (users["status"] == PRESENT), one.use.intensity * level[users["centre"]], 0.0)
        if now.day == day:
            enrolled = np.bincount(users["centre"][users["status"] == PRESENT], minlength=len(level))
            one.going_along = now.number(users["centre"], joins) / np.maximum(enrolled, 1)
        one.acted = strength > 0.0
        if not (one.acted.any() or (one.use.whole_house and (now.level > 0.0).any())):
            return
        whole = one.use.intensity * level
        one.use.act(
            Acting(
                state,
                one.use,
                one.code,
                now.day,
                self.seed,
                strength,
                whole * one.going_along,
                whole,
                self.coverage_of_one,
                again=now.day != day,
                placed=one.placed,
                memory=one.memory,
            )
        )

    def records(self) -> Records:
        """Return the records of all reviews so far, with a row for each use, centre and review (`POLICY_COLUMNS`)."""
        return np.array(self.kept, POLICY_COLUMNS).view(np.recarray)


def _as_long_as(users: Records, known: np.ndarray[Any, np.dtype[np.bool_]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Extend flags of users to the current number of rows; new rows get False."""
    marks = np.zeros(len(users), np.bool_)
    marks[: len(known)] = known
    return marks


def _held(since: Floats, holds: np.ndarray[Any, np.dtype[np.bool_]], day: int) -> Floats:
    """Update the day since which a condition holds without a break; return the days held, -1 where it does not hold."""
    since[~holds] = np.nan
    since[holds & np.isnan(since)] = day
    return np.where(np.isnan(since), -1.0, day - since)
