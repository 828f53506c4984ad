"""The ways in which a policy acts, in proportion to its strength: on traits, levers, arrangements and the house.

A policy never writes to the state directly. Before every review, all changes by policies are undone; then the policies
in force act again. So a policy leaves nothing behind after its end, and a policy of zero strength changes nothing.

Policies of other packages act through these methods. Those that come with the model state their effects as data, which
compiled code applies (`sim.policies.review.effects`); `Acting.take` applies the same effects here.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.policies.review.site import Site
from sim.scenario.schema.effects import MATCHINGS, Effect
from sim.scenario.schema.policy import PolicyUse
from sim.state.columns import CENTRE, SOCIETY, TIE, USER, WORKER
from sim.state.people import fill_uniform
from sim.state.scales import likeness
from sim.state.state import State
from sim.streams import MATCHING, ROTA, uniform

__all__ = ["Acting", "Site", "column", "draws"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.intp]]


_TABLES = {"user": "users", "tie": "ties", "centre": "centres", "society": "society", "worker": "workers"}
_DECLARED = {"user": USER, "tie": TIE, "centre": CENTRE, "society": SOCIETY, "worker": WORKER}
_RANGES = {f"{table}.{c.name}": c.range for table, declared in _DECLARED.items() for c in declared}


def column(state: State, name: str) -> np.ndarray[Any, Any]:
    """Return the array of a column by its name in `acts_on`, such as "user.listening_skill"."""
    table, _, own = name.partition(".")
    column: np.ndarray[Any, Any] = getattr(state, _TABLES[table])[own]
    return column


@dataclass
class Acting:
    """A use of a policy at a review, with the methods through which the policy acts.

    Parameters
    ----------
    state : State
    use : PolicyUse
    code : int
        Code of the use in the draws, from `code_of`.
    day : int
    seed : uint64
    strength : float array, shape (rows,)
        Strength on each user: 0 for users who do not take part, else intensity x ramp x share of the staff hours
        granted.
    of_house : float array, shape (centres,)
        Strength on each house as a whole: `level` times the share of users who take part.
    level : float array, shape (centres,)
        Intensity x ramp x share of the staff hours granted, whoever takes part.
    coverage_of_one : float array, shape (centres,)
        Share of users that one additional member of staff can look after well.
    again : bool
        Whether this review is about other policies only; the decisions of an earlier review (on `day`) then
        continue.
    placed : dict of str to int
        Numbers and positions of the rows that `set_up` added.
    memory : dict of str to dict
        What the use remembers between reviews, such as pairs of buddies.
    """

    state: State
    use: PolicyUse
    code: int
    day: int
    seed: Any
    strength: Floats
    of_house: Floats
    level: Floats
    coverage_of_one: Floats
    again: bool = False
    placed: dict[str, int] = field(default_factory=dict)
    memory: dict[str, dict[int, int]] = field(default_factory=dict)

    def take(self, effect: Effect) -> None:
        """Apply an effect that a policy states as data; compiled code does the same (`sim.policies.review.effects`)."""
        match effect.kind:
            case "toward":
                self.toward(effect.columns[0], effect.target, effect.amount)
            case "add":
                self.add(effect.columns[0], effect.amount)
            case "assign":
                self.assign(effect.columns[0], self.taking_part, effect.amount)
            case "reach society":
                self.reach_society(effect.columns[0], effect.amount)
            case _:
                for centre in range(len(self.level)):
                    self._take_in(centre, effect)

    def _take_in(self, centre: int, effect: Effect) -> None:
        """Apply an effect on a centre, or on pairs and caseloads within it."""
        level, of_house = float(self.level[centre]), float(self.of_house[centre])
        match effect.kind:
            case "circle":
                for row in self.members(centre):
                    self.assign("user.circle", row, self.placed[f"circle:{centre}"])
                    self.assign("user.circle_share", row, self.strength[row])
            case "pairs":
                seniors = self.seniors(centre, effect.years)
                for row, senior in self.matched(self.members(centre), seniors, MATCHINGS[effect.size]):
                    self.arrange(row, senior, effect.amount * float(self.strength[row]))
                    if "user.mentoring" in effect.columns:
                        self.move_one("user.mentoring", senior, effect.target * float(self.strength[row]))
            case "caseloads":
                self.fill_caseloads(centre, effect.number, effect.size)
            case "staff":
                self.staff(centre, effect.amount * level)
            case "close places":
                self.close_places(centre, effect.number)
            case "timetable":
                if of_house > 0.0 and self.on_today(centre, of_house):
                    self.use_timetable(centre)

    @property
    def taking_part(self) -> Rows:
        """Rows of the users on whom the policy acts now."""
        return np.flatnonzero(self.strength > 0.0)

    def toward(self, name: str, target: float, share: float) -> None:
        """Move a column of users or centres toward a target, by the given share times the strength."""
        values, by = self._values(name)
        self._write(name, values + by * share * (target - values), by > 0.0)

    def add(self, name: str, amount: float) -> None:
        """Add an amount times the strength to a column of users or centres; keep it in its range."""
        values, by = self._values(name)
        self._write(name, values + by * amount, by > 0.0)

    def assign(self, name: str, rows: Rows, value: float | Floats) -> None:
        """Set a value that cannot be partial, such as the number of a user's circle."""
        self._check(name)
        column(self.state, name)[rows] = value

    def _write(self, name: str, values: np.ndarray[Any, Any], where: np.ndarray[Any, np.dtype[np.bool_]]) -> None:
        """Write values where the policy acts, limited to the column's range."""
        low, high = _RANGES[name]
        column(self.state, name)[where] = np.clip(values[where], low, high)

    def _values(self, name: str) -> tuple[np.ndarray[Any, Any], Any]:
        self._check(name)
        table = name.partition(".")[0]
        by = {"user": self.strength, "centre": self.of_house}[table]
        return column(self.state, name), by

    def _check(self, name: str) -> None:
        if name not in self.use.acts_on:
            raise ValueError(f"{type(self.use).__name__} acts on {name}, which it does not declare in acts_on")

    @property
    def _enrolled(self) -> Rows:
        return np.flatnonzero(self.state.users["status"] == 1)

    def members(self, centre: int) -> Rows:
        """Rows of the users of a centre on whom the policy acts now."""
        there: Rows = self.taking_part[self.state.users["centre"][self.taking_part] == centre]
        return there

    def enrolled(self, centre: int) -> Rows:
        """Rows of all users enrolled in a centre."""
        there: Rows = self._enrolled[self.state.users["centre"][self._enrolled] == centre]
        return there

    def chances(self, rows: Rows, slot: int = 0) -> Floats:
        """Return a uniform draw for each user, the same at every review."""
        return draws(self.seed, MATCHING, self.code * 256 + slot, self.state.users["uid"][rows])

    def on_today(self, centre: int, share: float) -> bool:
        """Decide by chance, with probability `share`, whether an all-or-nothing measure takes place now."""
        if share >= 1.0:
            return True
        return bool(uniform(self.seed, ROTA, self.code, self.day, int(self.state.centres[centre].code), 0) < share)

    def arrange(self, one: int, other: int, strength: float) -> None:
        """Arrange contact between two users (rows) of a centre, in both directions; the stronger arrangement counts."""
        self._check("tie.arranged")
        u, v = self.state.users[one], self.state.users[other]
        centre = self.state.centres[int(u.centre)]
        for i, j in ((u.seat, v.seat), (v.seat, u.seat)):
            tie = self.state.ties[int(centre.first_tie + i * centre.capacity + j)]
            tie.arranged = max(float(tie.arranged), strength)

    def move_one(self, name: str, row: int, amount: float) -> None:
        """Raise a column of one user to at least `amount` (at most 1), for users reached through others (mentors)."""
        self._check(name)
        values = column(self.state, name)
        values[row] = max(float(values[row]), min(1.0, amount))

    def reach_society(self, name: str, amount: float) -> None:
        """Add an amount to a column of society, times the policy's mean level over centres, weighted by users."""
        self._check(name)
        users = np.bincount(self.state.users["centre"][self._enrolled], minlength=len(self.level))
        values = column(self.state, name)
        reached = amount * float((self.level * users).sum()) / max(int(users.sum()), 1)
        self._write(name, values + reached, np.full(len(values), reached > 0.0))

    def staff(self, centre: int, number: float) -> None:
        """Add this many members of staff to a centre's coverage."""
        self._check("centre.coverage")
        row = self.state.centres[centre]
        row.coverage = max(row.coverage, min(1.0, row.coverage + number * float(self.coverage_of_one[centre])))

    def close_places(self, centre: int, number: int) -> None:
        """Close this many seats to newcomers, times the policy's level, rounded half up to whole seats."""
        self._check("centre.closed_places")
        row = self.state.centres[centre]
        closed = int(number * float(self.level[centre]) + 0.5)
        row.closed_places = min(int(row.closed_places) + closed, int(row.capacity))

    def seniors(self, centre: int, years: float) -> Rows:
        """Rows of well users who have been in the centre for this many years and do not take part themselves."""
        rows = self.enrolled(centre)
        users = self.state.users[rows]
        run = np.maximum(0.0, self.day - np.maximum(users["arrived"], 0.0)) / 365.25
        fit = (users["years_in_centre"] + run >= years) & (users["unwell"] == 0) & (self.strength[rows] == 0.0)
        chosen: Rows = rows[fit]
        return chosen

    def matched(self, rows: Rows, seniors: Rows, by: str) -> list[tuple[int, int]]:
        """Match each user with a senior, who gets no second user; a match lasts while both stay.

        Parameters
        ----------
        rows, seniors : int arrays
        by : str
            "interest": prefer the most similar senior; "sex": prefer seniors of the same sex; "any": by chance. Chance
            decides among equals.
        """
        known = self._who_still("matches")
        fit = set(seniors.tolist())
        kept = {row: known[row] for row in rows.tolist() if row in known and (self.again or known[row] in fit)}
        for row in rows.tolist():
            free = np.setdiff1d(seniors, list(kept.values()))
            if row not in kept and len(free) and not self.again:
                slot = self.code * 256 + int(self.state.users["uid"][row]) % 256
                score = draws(self.seed, MATCHING, slot, self.state.users["uid"][free])
                kept[row] = int(free[np.argmax(score + _likeness(self.state.users, row, free, by))])
        known |= kept
        return [(row, other) for row, other in kept.items() if self.state.users["status"][other] == 1]

    def _who_still(self, key: str) -> dict[int, int]:
        """Return the stored assignments of users who still take part; delete all others."""
        known = self.memory.setdefault(key, {})
        for row in [row for row in known if self.strength[row] == 0.0]:
            del known[row]
        return known

    def fill_caseloads(self, centre: int, workers: int, size: int) -> None:
        """Assign participants to the centre's workers while there is room, and let the workers work.

        A user stays with a worker while taking part; new users are assigned in an order drawn once for each user.
        """
        first = self.placed.get(f"workers:{centre}")
        if first is None:
            return
        self.assign("worker.at_work", np.arange(first - 1, first - 1 + workers), float(min(1.0, self.level[centre])))
        known = self._who_still("caseloads")
        rows = self.members(centre)
        mine = {row: known[row] for row in rows.tolist() if row in known}
        room = dict.fromkeys(range(first, first + workers), size)
        for number in mine.values():
            room[number] -= 1
        for row in rows[np.argsort(self.chances(rows))].tolist():
            if row not in mine and not self.again:
                number = max(room, key=lambda number: (room[number], -number))
                if room[number] > 0:
                    mine[row] = known[row] = number
                    room[number] -= 1
        for row, number in mine.items():
            self.assign("user.worker", np.array([row]), number)

    def use_timetable(self, centre: int, key: str = "timetable") -> None:
        """Make a centre follow the timetable that `set_up` added under this key."""
        self._check("centre.first_session")
        place = self.placed[f"{key}:{centre}"]
        self.state.centres[centre].first_session = place
        self.state.centres[centre].sessions = self.placed[f"{key}:{centre}:length"]


def _likeness(users: Any, row: int, others: Rows, by: str) -> Floats:
    """Return how well each other user matches a user, on a scale that outweighs the draw (0 to 1) added to it."""
    if by == "sex":
        same: Floats = (users["sex"][others] == users["sex"][row]).astype(np.float64)
        return same
    if by == "interest":
        return np.array([10.0 * likeness(users[row], users[other]) for other in others])
    return np.zeros(len(others))


def draws(seed: Any, purpose: Any, slot: int, uids: np.ndarray[Any, Any]) -> Floats:
    """Return a uniform draw for each user."""
    out = np.empty((len(uids), 1))
    fill_uniform(seed, purpose, slot, np.ascontiguousarray(uids), out)
    return out[:, 0]
