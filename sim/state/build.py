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
    centres = records(len(specs), CENTRE)
    sessions = records(sum(len(spec.timetable) for spec in specs), SESSION)
    rosters: list[list[Person]] = [[] for _ in specs]
    first_seat = first_tie = first_session = 0
    for c, (spec, code) in enumerate(zip(specs, codes(centre_names(scenario)), strict=True)):
        _fill_centre(centres[c], spec, code, first_seat, first_tie, first_session)
        rows_of_day = sessions[first_session : first_session + len(spec.timetable)]
        fill_timetable(rows_of_day, spec.timetable, scenario.activities)
        if spec.users_file or (scenario.settling > 0 and is_listed(scenario, spec)):
            from sim.state.listed.files import listed_users

            rosters[c] = listed_users(scenario, spec).people
        first_seat += spec.users
        first_tie += spec.users**2
        first_session += len(spec.timetable)
    expected = scenario.days / 365.25 * scenario.rules.turnover.leaving_rate * spare
    queues = np.array([int(expected * spec.users) + 4 for spec in specs])
    users = _people(scenario, specs, centres, rosters, queues, seed)
    largest = max(spec.users for spec in specs)
    longest = max(len(spec.timetable) for spec in specs)
    state = State(
        users=lengthened(users, users[:0]),
        ties=records(first_tie, TIE),
        seats=np.arange(first_seat),
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
    for c, spec in enumerate(specs):
        introduce_all(state, c, np.uint64(seed))
        _start_ties(state, c, settling_network(scenario, spec), rosters[c], seed)
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
    columns = {}  # copies of a centre open on the same days
    for spec in {id(spec): spec for spec in specs}.values():
        is_open = np.isin(weekday, [WEEKDAYS.index(day) for day in spec.open])
        for closure in spec.closures:
            is_open[(days >= closure.days.start) & (days < closure.days.stop)] = False
        columns[id(spec)] = is_open
    return np.array([columns[id(spec)] for spec in specs], np.uint8).T.copy()


def _people(
    scenario: Scenario,
    specs: Sequence[Centre],
    centres: Records,
    rosters: "Sequence[Sequence[Person]]",
    queues: Any,
    seed: int,
) -> Records:
    """Return the rows of all users in their first states: those enrolled on day 0, then the first newcomers.

    All are drawn at once, since a draw depends on a user's `uid` alone. In a centre those of the list come first.
    """
    sizes = np.array([spec.users for spec in specs])
    begins = np.cumsum(sizes) - sizes
    rows = records(int(sizes.sum() + queues.sum()), USER)
    enrolled, newcomers = rows[: sizes.sum()], rows[sizes.sum() :]
    enrolled["centre"], enrolled["status"] = np.repeat(np.arange(len(specs)), sizes), PRESENT
    enrolled["uid"] = np.arange(len(enrolled)) + np.repeat((centres["code"] << 16) - begins, sizes)
    _queue(newcomers, centres, queues, np.zeros(len(specs), np.int64), len(enrolled))
    listed = [(enrolled[begins[c] :][: sizes[c]], people, c) for c, people in enumerate(rosters) if people]
    for block, people, c in listed:
        from sim.state.listed.background import keys

        block["uid"] -= len(people)
        block["uid"][: len(people)] = (int(centres["code"][c]) << 16) + np.array(keys(people))
    sample(rows, scenario.users, seed)
    for block, people, _ in listed:
        from sim.state.listed.background import fill_listed

        fill_listed(block, people, scenario.users, seed)
    start_states(rows, scenario.rules.attendance.base_share, scenario.rules.wellbeing.worth_stigma)
    _link(newcomers, queues, len(enrolled))
    enrolled["seat"] = np.arange(len(enrolled)) - np.repeat(begins, sizes)
    enrolled["arrived"] = -365.25 * enrolled["years_in_centre"]
    if scenario.settling > 0:
        for block, people, c in listed:
            block[:] = _doubles(block, len(people), int(centres["code"][c]), scenario.settling)
    return rows


def _queue(rows: Records, centres: Records, numbers: Any, before: Any, first: int) -> None:
    """Make rows the next newcomers of their centres, and append them to the queues.

    Parameters
    ----------
    rows : record array, shape (sum of numbers,)
        Zero rows, in the order of the centres.
    centres : record array
    numbers, before : int arrays, shape (centres,)
        Newcomers to add, and newcomers that each centre has had.
    first : int
        Number of the first row among all users.

    Raises
    ------
    TooManyUsersError
        When a centre has had more newcomers than there are uids for them.
    """
    if (before + numbers > _MOST_ARRIVALS).any():
        raise TooManyUsersError(
            f"more than {_MOST_ARRIVALS} newcomers in one centre; shorten the run or lower turnover.leaving_rate"
        )
    begins = np.cumsum(numbers) - numbers
    of = np.repeat(np.arange(len(numbers)), numbers)
    rows["centre"], rows["status"] = of, WAITING
    rows["uid"] = (centres["code"][of] << 16) + _FIRST_ARRIVAL + before[of] + np.arange(len(rows)) - begins[of]
    centres["next_row"] = np.where((numbers > 0) & (centres["next_row"] < 0), first + begins, centres["next_row"])
    centres["queue"] += numbers


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


def with_newcomers(state: State, scenario: Scenario, numbers: Any, seed: int) -> State:
    """Return the state with more newcomers in the queues; their rows follow the others (`lengthened`).

    Parameters
    ----------
    state : State
    scenario : Scenario
    numbers : int array, shape (centres,)
        How many to add to the queue of each centre.
    seed : int

    Raises
    ------
    TooManyUsersError
        When a centre has had more newcomers than there are uids for them.
    """
    users, first = state.users, len(state.users)
    is_newcomer = (users["uid"] & 0xFFFF) >= _FIRST_ARRIVAL
    before = np.bincount(users["centre"][is_newcomer], minlength=len(numbers))
    is_last = (users["status"] == WAITING) & (users["next_row"] < 0) & (numbers[users["centre"]] > 0)
    rows = records(int(numbers.sum()), USER)
    _queue(rows, state.centres, numbers, before, first)
    sample(rows, scenario.users, seed)
    start_states(rows, scenario.rules.attendance.base_share, scenario.rules.wellbeing.worth_stigma)
    _link(rows, numbers, first)
    users["next_row"][is_last] = first + (np.cumsum(numbers) - numbers)[users["centre"][is_last]]
    return state._replace(users=lengthened(users, rows))


def _link(rows: Records, numbers: Any, first: int) -> None:
    """Let each newcomer point to the next one of the same centre, and the last to nobody."""
    rows["next_row"] = first + np.arange(1, len(rows) + 1)
    rows["next_row"][np.cumsum(numbers)[numbers > 0] - 1] = NOBODY


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
