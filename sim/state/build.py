"""Build the state of day 0 from a typed scenario and a seed."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.elementary import exps
from sim.scenario.schema.network import SURVEYED
from sim.scenario.schema.quantity import Section
from sim.scenario.schema.scenario import Centre, Network, Scenario
from sim.scenario.schema.session import (
    DONE_TOGETHER,
    GROUPINGS,
    LEISURE,
    WEEKDAYS,
    OwnActivity,
    Session,
    activity_names,
    known_shares,
)
from sim.scenario.schema.start import is_listed, settling_network
from sim.scenario.text.errors import TooManyUsersError
from sim.state.columns import (
    CENTRE,
    CIRCLE,
    MEETING,
    NOBODY,
    PRESENT,
    SESSION,
    SOCIETY,
    TIE,
    USER,
    WAITING,
    WORKER,
    Column,
    record,
)
from sim.state.people import sample, start_states
from sim.state.starting import introduce_all, set_ties, start_closeness
from sim.state.state import Records, State, lengthened, scratch
from sim.streams import NETWORK, words

if TYPE_CHECKING:
    from sim.scenario.reading.roster import Person

_FIRST_ARRIVAL: Final = 32768
"""First lower half of a newcomer's uid; sampled users count from 0, users of a file from 8192."""
_MOST_ARRIVALS: Final = 32768
STEEPEST: Final = 500.0
"""Largest weight of closeness; above it the closest always wins, and exp() would underflow."""


def records(length: int, columns: tuple[Column, ...]) -> Records:
    """Return an array of zero records with these columns; fields are also attributes."""
    return np.zeros(length, record(columns)).view(np.recarray)


def parameters(scenario: Scenario) -> Records:
    """Return one record with all rule parameters, the mechanism switches and derived weights."""
    names: list[str] = []
    values: list[float | int] = []
    for section in type(scenario.rules).model_fields:
        rule: Section = getattr(scenario.rules, section)
        names += _names(section, type(rule))
        values += [float(getattr(rule, name)) for name in type(rule).model_fields]
    switches = type(scenario.mechanisms).model_fields
    values += [int(getattr(scenario.mechanisms, name)) for name in switches]
    d = scenario.rules.encounters.chaxugeju
    outward = (
        min(d / (1.0 - d), 40.0) if d < 1.0 else 40.0
    )  # above this the closest always wins; exp() must not overflow
    values.append(min(scenario.rules.encounters.closeness_weight * outward, STEEPEST))
    values.append(min(scenario.rules.support.choose_closeness * outward, STEEPEST))
    return np.array([tuple(values)], _parameter_row(tuple(names), tuple(switches))).view(np.recarray)


@cache
def _names(section: str, kind: type[Section]) -> list[str]:
    """Return the names of a section's parameters in the record."""
    return [f"{section}_{name}" for name in kind.model_fields]


@cache
def _parameter_row(numbers: tuple[str, ...], switches: tuple[str, ...]) -> np.dtype[Any]:
    """Return the dtype of the record of parameters."""
    kinds = [*((name, "f8") for name in numbers), *((name, "i8") for name in switches)]
    return np.dtype([*kinds, ("kappa", "f8"), ("kappa_help", "f8")], align=True)


def centre_names(scenario: Scenario) -> list[str]:
    """Return the name of each centre, with numbers for copies."""
    return [
        name if centre.copies == 1 else f"{name}-{k + 1}"
        for name, centre in scenario.centres.items()
        for k in range(centre.copies)
    ]


def codes(names: list[str]) -> list[int]:
    """Return the upper half of each centre's uids: a hash of its name, so that a new centre changes no other draws."""
    ordered: list[int] = []
    taken: set[int] = set()
    for name in names:
        code = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=2).digest())
        while code in taken:
            code = (code + 1) % 65536
        taken.add(code)
        ordered.append(code)
    return ordered


def build(scenario: Scenario, seed: int, ledger: tuple[Column, ...], spare: float = 1.4) -> State:
    """Build the state of day 0, or of the first day of settling.

    Parameters
    ----------
    scenario : Scenario
    seed : int
        Below 2**64.
    ledger : tuple of Column
        Columns of the daily ledger.
    spare : float
        Newcomers to sample in advance, as a multiple of the expected number; the engine samples more when they run
        out.

    Raises
    ------
    RosterError, NetworkFileError
        When a file of users or ties is invalid.
    TooManyUsersError
        When a centre cannot hold the users of its file or the expected newcomers.
    """
    specs = [centre for centre in scenario.centres.values() for _ in range(centre.copies)]
    names = centre_names(scenario)
    halves = codes(names)
    centres = records(len(specs), CENTRE)
    sessions = records(sum(len(spec.timetable) for spec in specs), SESSION)
    seats = np.full(sum(spec.users for spec in specs), NOBODY, np.int64)
    blocks, people = [], []
    first_row = first_seat = first_session = 0
    first_tie = 0
    for c, spec in enumerate(specs):
        _fill_centre(centres[c], spec, halves[c], first_seat, first_tie, first_session)
        rows_of_day = sessions[first_session : first_session + len(spec.timetable)]
        fill_timetable(rows_of_day, spec.timetable, scenario.activities)
        roster: list[Person] = []
        if spec.users_file or (scenario.settling > 0 and is_listed(scenario, spec)):
            from sim.state.listed.files import listed_users

            roster = listed_users(scenario, spec).people
        people.append(roster)
        rows = _enrolled(scenario, spec, roster, halves[c], c, seed)
        if roster and scenario.settling > 0:
            rows = _doubles(rows, len(roster), halves[c], scenario.settling)
        seats[first_seat : first_seat + spec.users] = first_row + np.arange(spec.users)
        blocks.append(rows)
        first_row += spec.users
        first_seat += spec.users
        first_tie += spec.users**2
        first_session += len(spec.timetable)
    largest = max(spec.users for spec in specs)
    longest = max(len(spec.timetable) for spec in specs)
    state = State(
        users=np.concatenate(blocks).view(np.recarray),
        ties=records(first_tie, TIE),
        seats=seats,
        centres=centres,
        sessions=sessions,
        society=_society(scenario),
        circles=records(0, CIRCLE),
        workers=records(0, WORKER),
        aside=records(1, TIE),
        p=parameters(scenario),
        open=calendar(scenario, specs),
        ledger=np.zeros((scenario.days, len(specs)), record(ledger)).view(np.recarray),
        meetings=records(largest * (2 * longest + 1), MEETING),
        **scratch(largest),
    )
    expected = scenario.days / 365.25 * scenario.rules.turnover.leaving_rate * spare
    for c, spec in enumerate(specs):
        state = with_newcomers(state, scenario, c, int(expected * spec.users) + 4, seed)
        introduce_all(state, c, np.uint64(seed))
        _start_ties(state, c, settling_network(scenario, spec), people[c], seed)
    return state


def _society(scenario: Scenario) -> Records:
    society = records(1, SOCIETY)
    society.public_stigma = scenario.society.public_stigma
    society.reference = scenario.society.public_stigma_reference
    return society


def _fill_centre(row: Any, spec: Centre, code: int, first_seat: int, first_tie: int, first_session: int) -> None:
    row.code, row.capacity = code, spec.users
    row.first_seat, row.first_tie, row.first_session = first_seat, first_tie, first_session
    row.sessions, row.next_row = len(spec.timetable), NOBODY
    row.coverage = min(1.0, spec.staff * spec.users_per_staff / spec.users)
    row.expected_norm = row.norm = spec.norm
    row.expected_help = row.norm_help = spec.norm_help
    row.expected_welcome = row.norm_welcome = spec.norm_welcome
    row.voice, row.assigned_days = spec.voice, spec.assigned_days


def fill_timetable(rows: Records, timetable: Sequence[Session], own: Mapping[str, OwnActivity]) -> None:
    """Write the sessions of a timetable into rows of `SESSION`; `own` holds the scenario's own activities."""
    names = activity_names(own)
    for row, session in zip(rows, timetable, strict=True):
        activity = own.get(session.activity)
        row.weekdays = sum(1 << WEEKDAYS.index(day) for day in session.days)
        row.activity = names.index(session.activity)
        row.shares = known_shares(session.activity, own)
        row.leisure = session.activity in LEISURE if activity is None else activity.is_leisure
        row.doing = session.activity in DONE_TOGETHER if activity is None else activity.is_together
        row.talk_share = -1.0 if activity is None or activity.talk_share is None else activity.talk_share
        row.hours, row.group_size = session.minutes / 60.0, session.group_size
        row.grouping = GROUPINGS.index(session.grouping)


def calendar(scenario: Scenario, specs: list[Centre]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return whether each centre is open on each day, shape (settling + days, centres)."""
    days = np.arange(-scenario.settling, scenario.days)
    weekday = (WEEKDAYS.index(scenario.first_day) + days) % 7
    table = np.zeros((len(days), len(specs)), np.uint8)
    for c, spec in enumerate(specs):
        table[:, c] = np.isin(weekday, [WEEKDAYS.index(day) for day in spec.open])
        for closure in spec.closures:
            table[(days >= closure.days.start) & (days < closure.days.stop), c] = 0
    return table


def _enrolled(scenario: Scenario, spec: Centre, roster: "Sequence[Person]", code: int, c: int, seed: int) -> Records:
    """Return the rows of the users enrolled on day 0, in their first states: those of the list, then sampled ones."""
    rows = records(spec.users, USER)
    rows["uid"] = (code << 16) + np.arange(spec.users) - len(roster)
    rows["centre"], rows["status"] = c, PRESENT
    if roster:
        from sim.state.listed.background import keys

        rows["uid"][: len(roster)] = (code << 16) + np.array(keys(roster))
    sample(rows, scenario.users, seed, newcomers=False)
    if roster:
        from sim.state.listed.background import fill_listed

        fill_listed(rows, roster, scenario.users, seed)
    start_states(rows, scenario.rules.attendance.base_share, scenario.rules.wellbeing.worth_stigma)
    rows["seat"] = np.arange(spec.users)
    rows["arrived"] = -365.25 * rows["years_in_centre"]
    return rows


def _doubles(rows: Records, listed: int, code: int, settling: int) -> Records:
    """Return the rows of sampled users who settle in place of the first `listed` ones: the same people, other uids.

    They arrived when settling began, or before. Their order is that of the listed uids, not that of the file.
    """
    rows = rows[np.append(np.argsort(rows["uid"][:listed]), np.arange(listed, len(rows)))]
    double = rows[:listed]
    double["uid"] = (code << 16) + len(rows) - listed + np.arange(listed)
    double["arrived"] = np.minimum(double["arrived"], -settling)
    rows["seat"] = np.arange(len(rows))
    return rows


def with_newcomers(state: State, scenario: Scenario, c: int, number: int, seed: int) -> State:
    """Return the state with more newcomers in the queue of centre c; their rows follow the others (`lengthened`).

    Raises
    ------
    TooManyUsersError
        When a centre has had more newcomers than there are uids for them.
    """
    mine = state.users[state.users.centre == c]
    before = int(np.count_nonzero((mine.uid & 0xFFFF) >= _FIRST_ARRIVAL))
    if before + number > _MOST_ARRIVALS:
        raise TooManyUsersError(
            f"more than {_MOST_ARRIVALS} newcomers in one centre; shorten the run or lower turnover.leaving_rate"
        )
    rows = records(number, USER)
    rows["uid"] = (int(state.centres[c].code) << 16) + _FIRST_ARRIVAL + before + np.arange(number)
    rows["centre"], rows["status"] = c, WAITING
    sample(rows, scenario.users, seed, newcomers=True)
    start_states(rows, scenario.rules.attendance.base_share, scenario.rules.wellbeing.worth_stigma)
    first = len(state.users)
    rows["next_row"] = np.append(np.arange(first + 1, first + number), NOBODY)
    centre = state.centres[c]
    if centre.next_row < 0:
        centre.next_row = first
    else:
        tail = np.flatnonzero((state.users.centre == c) & (state.users.status == WAITING) & (state.users.next_row < 0))
        state.users.next_row[tail] = first
    centre.queue += number
    return state._replace(users=lengthened(state.users, rows))


def _start_ties(state: State, c: int, network: Network, roster: "list[Person]", seed: int) -> None:
    """Set the ties of day 0: none, generated from years in the centre, or read from a file."""
    if network.kind == "none":
        return
    centre = state.centres[c]
    n = int(centre.capacity)
    rows = state.users[state.seats[centre.first_seat : centre.first_seat + n]]
    if network.kind in SURVEYED:
        from sim.state.files.survey import seat_matrix

        closeness = seat_matrix(network, [person.name for person in roster], n)
    else:
        from sim.state.ties import generated

        number = int(words(np.uint64(seed), NETWORK, 0, 0, int(centre.code), 0)[0])
        arguments = dict(network.arguments)
        if network.generator == "watts_strogatz_graph":
            arguments["k"] = min(arguments["k"], n - 1)  # in a very small centre, everybody knows everybody
        pairs = generated(network.generator, arguments, n, number)
        block = state.ties[centre.first_tie : centre.first_tie + n * n]
        closeness = start_closeness(
            pairs,
            exps(block["liking_base"].reshape(n, n)),
            rows["years_in_centre"],
            network.hours_per_year,
            network.lasting_years,
            float(state.p[0].forgetting_hours_scale),
        )
    set_ties(state, c, closeness, network.told_share, np.uint64(seed))
