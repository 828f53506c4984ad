"""The programme: all policies of a run as arrays, which compiled reviews read and write beside the state.

Python fills it once, from the scenario's uses (`sim.policies.review.review`). It holds no objects, and its scratch is
allocated beforehand, so that days with reviews run in one compiled call.
"""

from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np

from sim.scenario.schema.effects import FOREVER
from sim.state.columns import CENTRE, CIRCLE, SOCIETY, TIE, USER, WORKER, Column, record
from sim.state.state import Records, State

Array = np.ndarray[Any, Any]

EVERY: Final = 7
"""Days from one review to the next."""

NEVER: Final = FOREVER + 1
"""A date without a review."""

_USE: Final = (
    ("code", "i8"),  # its name in the draws of chance
    ("start", "i8"),  # day
    ("end", "i8"),  # day
    ("faded", "i8"),  # day from which nothing of it stays
    ("ramp", "f8"),  # days
    ("fade", "f8"),  # days
    ("cooldown", "f8"),  # days
    ("uptake", "f8"),
    ("intensity", "f8"),
    ("priority", "i8"),
    ("once_begun", "i8"),  # whether one who has begun goes on when no longer eligible
    ("whole_house", "i8"),
    ("eligible", "i8"),  # rows of `conditions`; -1 without
    ("when", "i8"),
    ("until", "i8"),
    ("first_effect", "i8"),  # rows of `effects`
    ("last_effect", "i8"),
    ("decided", "i8"),  # day of the latest decision; -1 before the first
    ("acts", "i8"),  # whether it acts at this review
)
_STANDING: Final = (
    ("has", "i8"),  # whether the centre uses the policy
    ("since", "f8"),  # day on which it last came into force; NaN before
    ("ended", "f8"),  # day on which it last ended; NaN before
    ("held", "f8"),  # day since which `when` has held without a break; NaN while it does not hold
    ("held_until", "f8"),  # the same for `until`
    ("added", "f8"),  # staff hours a week that it adds at full level
    ("circle", "i8"),  # number of the circle that `set_up` added, from 1
    ("first_worker", "i8"),  # number of the first worker that it added, from 1; 0 for none
    ("first_session", "i8"),  # where the timetable that it added begins
    ("sessions", "i8"),  # and how many sessions that has
    ("level", "f8"),  # level at the latest decision
    ("force", "i8"),  # whether in force then
    ("eligible", "i8"),  # users who could take part then
    ("joining", "i8"),  # and who did
    ("going_along", "f8"),  # their share of the enrolled
    ("wanted", "f8"),  # staff hours a week
    ("served", "f8"),  # those granted
    ("money", "f8"),  # yuan a week
    ("share", "f8"),  # share of the wanted hours last granted; after its end, the strength of what remains
    ("works", "i8"),  # whether it costs anything now
    ("whole", "f8"),  # strength of the policy itself, whoever takes part
    ("of_house", "f8"),  # strength on the house: `whole` times `going_along`
)
_PART: Final = (
    ("begun", "i8"),  # whether the user has ever taken part
    ("joins", "i8"),  # whether the user took part at the latest decision
    ("strength", "f8"),  # strength of the policy on the user now
    ("senior", "i8"),  # the user's senior: 1 + row; 0 for none
    ("paired", "i8"),  # scratch: 1 for a user with a senior, 2 for a senior of somebody
    ("worker", "i8"),  # the worker whose caseload the user is on, from 1; 0 for none
)
_HOUSE: Final = (
    ("hours", "f8"),  # staff hours a week for policies
    ("hours_of_one", "f8"),  # and those of one member of staff
    ("coverage_of_one", "f8"),  # share of users that an additional member of staff can look after well
    ("here", "i8"),  # users enrolled at this review
    ("left", "f8"),  # scratch: staff hours not yet granted
    ("total", "f8"),  # scratch: staff hours wanted at one priority
    ("served", "f8"),  # a day until the next review: staff hours granted,
    ("unserved", "f8"),  # staff hours refused,
    ("money", "f8"),  # and yuan
)
_PRICE: Final = (("hours", "f8"), ("money", "f8"))
_CONDITION: Final = (
    ("first", "i8"),  # rows of `code`
    ("last", "i8"),
    ("first_aggregate", "i8"),  # rows of `aggregates` that it reads
    ("last_aggregate", "i8"),
    ("lasting", "i8"),  # days in a row that it must hold
)
_AGGREGATE: Final = (("how", "i8"), ("first", "i8"), ("last", "i8"), ("value", "f8"))
_STEP: Final = (("operation", "i8"), ("place", "i8"), ("number", "f8"))
_EFFECT: Final = (
    ("kind", "i8"),
    ("table", "i8"),  # number in `TABLES`
    ("place", "i8"),  # number of its word in the row
    ("amount", "f8"),
    ("target", "f8"),
    ("years", "f8"),
    ("low", "f8"),  # the column's range
    ("high", "f8"),
    ("number", "i8"),
    ("option", "i8"),
)
_WORD: Final = (("table", "i8"), ("place", "i8"), ("known", "i8"))
_KEPT: Final = (
    ("day", "i8"),
    ("use", "i8"),
    ("centre", "i8"),
    ("level", "f8"),
    ("eligible", "i8"),
    ("taking_part", "i8"),
    ("hours_wanted", "f8"),
    ("hours_served", "f8"),
    ("money", "f8"),
)
_CLOCK: Final = (
    ("last", "i8"),  # day of the last review
    ("kept", "i8"),  # rows of `kept` in use
    ("a_review", "i8"),  # rows of `kept` that a review takes
    ("arranges", "i8"),  # whether any policy arranges contact
)

TABLES: Final[dict[str, tuple[Column, ...]]] = {
    "user": USER, "centre": CENTRE, "society": SOCIETY, "worker": WORKER, "tie": TIE, "circle": CIRCLE
}  # fmt: skip
"""Columns of the tables by the first word of `acts_on`, in the order of their numbers here."""
USERS, CENTRES, SOCIETIES, WORKERS = range(4)


class Programme(NamedTuple):
    """All that compiled reviews know of the policies, in records of words of eight bytes.

    Parameters
    ----------
    uses : record array, shape (uses,)
        In the order in which they are served and act.
    standing : record array, shape (uses, centres)
    parts : record array, shape (uses, at least rows of users)
    houses : record array, shape (centres,)
    prices : record array, shape (uses, largest capacity + 1)
        Staff hours and yuan a week, by the number of users of a centre who take part.
    conditions, aggregates, steps : record arrays
        The conditions in postfix form (`sim.policies.review.postfix`).
    effects : record array
    words : record array, shape (words,)
        The columns that policies move, element by element.
    plain, moved : int64 arrays, shape (words, at least rows of the longest table)
        Bits of these columns as they would be without policies, and as the last review left them.
    kept : record array
        A row for each use, centre and review; `clock.kept` of them are in use.
    clock : record array, shape (1,)
    present : int64 array, shape (sum of capacity,)
        Rows of the users enrolled, ascending, from each centre's `first_seat`.
    values, stack, picked : arrays
        Scratch: values of a condition by user, shape (largest capacity,); the stack of a condition; rows.
    user_numbers, user_counts, centre_numbers, centre_counts, society_counts, worker_counts : arrays, shape (rows, words)
        The state's tables again, in the same memory, as rows of float64 and of int64.
    """

    uses: Records
    standing: Records
    parts: Records
    houses: Records
    prices: Records
    conditions: Records
    aggregates: Records
    steps: Records
    effects: Records
    words: Records
    plain: Array
    moved: Array
    kept: Records
    clock: Records
    present: Array
    values: Array
    stack: Array
    picked: Array
    user_numbers: Array
    user_counts: Array
    centre_numbers: Array
    centre_counts: Array
    society_numbers: Array
    society_counts: Array
    worker_counts: Array


@cache
def _kind(fields: tuple[tuple[str, str], ...]) -> np.dtype[Any]:
    return np.dtype(list(fields))


def _rows(shape: int | tuple[int, ...], fields: tuple[tuple[str, str], ...]) -> Records:
    return np.zeros(shape, _kind(fields)).view(np.recarray)


def blank(
    uses: int = 0,
    state: State | None = None,
    conditions: int = 0,
    aggregates: int = 0,
    steps: int = 0,
    depth: int = 0,
    effects: int = 0,
    words: int = 0,
) -> Programme:
    """Return a programme of zeros with these numbers of rows, for the centres of a state."""
    centres = 0 if state is None else len(state.centres)
    largest = 0 if state is None else int(state.centres["capacity"].max())
    seats = 0 if state is None else len(state.seats)
    views = {} if state is None else seen(state)
    return Programme(
        uses=_rows(uses, _USE),
        standing=_rows((uses, centres), _STANDING),
        parts=_rows((uses, 0), _PART),
        houses=_rows(centres, _HOUSE),
        prices=_rows((uses, largest + 1), _PRICE),
        conditions=_rows(conditions, _CONDITION),
        aggregates=_rows(aggregates, _AGGREGATE),
        steps=_rows(steps, _STEP),
        effects=_rows(effects, _EFFECT),
        words=_rows(words, _WORD),
        plain=np.zeros((words, 0), np.int64),
        moved=np.zeros((words, 0), np.int64),
        kept=_rows(0, _KEPT),
        clock=_rows(1, _CLOCK),
        present=np.zeros(seats, np.int64),
        values=np.zeros(largest + 1, np.float64),
        stack=np.zeros(depth, np.float64),
        picked=np.zeros(largest + 1, np.int64),
        **{name: np.zeros((0, 1), np.int64 if "counts" in name else np.float64) for name in _VIEWS} | views,
    )


_VIEWS: Final = {
    "user_numbers": ("users", np.float64),
    "user_counts": ("users", np.int64),
    "centre_numbers": ("centres", np.float64),
    "centre_counts": ("centres", np.int64),
    "society_numbers": ("society", np.float64),
    "society_counts": ("society", np.int64),
    "worker_counts": ("workers", np.int64),
}


def seen(state: State) -> dict[str, Array]:
    """Return the tables of a state as rows of words of eight bytes, in the same memory."""
    views = {}
    for name, (table, kind) in _VIEWS.items():
        rows: Array = getattr(state, table).view(np.ndarray)
        views[name] = rows.view(kind).reshape(len(rows), rows.dtype.itemsize // 8)
    return views


def longer(programme: Programme, state: State) -> Programme:
    """Return the programme with room for all rows of a state; the new rows are empty."""
    rows = len(state.users)
    if programme.parts.shape[1] < rows:
        parts = _rows((len(programme.uses), 2 * rows), _PART)
        parts[:, : programme.parts.shape[1]] = programme.parts
        programme = programme._replace(parts=parts)
    room = max(programme.parts.shape[1], len(state.centres), len(state.workers), 1)
    if programme.plain.shape[1] < room:
        both = {}
        for name in ("plain", "moved"):
            known: Array = getattr(programme, name)
            both[name] = np.zeros((len(known), room), np.int64)
            both[name][:, : known.shape[1]] = known
        programme = programme._replace(**both)
    return programme


@cache
def place(column: str) -> tuple[int, int, int]:
    """Return where a column such as "user.interest" lies: number of its table, its first word, and its words."""
    table, _, name = column.partition(".")
    row = record(TABLES[table])
    kind, offset = row.fields[name][:2] if row.fields else (row, 0)
    return list(TABLES).index(table), offset // 8, kind.itemsize // 8


@cache
def is_number(column: str) -> bool:
    """Return whether a column holds numbers (float64) and not counts or codes."""
    table, _, name = column.partition(".")
    return bool(record(TABLES[table])[name].base == np.float64)


NO_PROGRAMME: Final = blank()
"""The programme of a run without policies."""
