"""What happens between people on a day, found by living its talks and its help once more on a copy of the state.

The rules tell a run only what follows from a talk. Here each encounter of the day is lived by itself, in the order and
with the chance of the run, so that what changes tells who said what to whom, and who helped whom. The run itself is not
touched.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sim.rules.circles import circles
from sim.rules.conversation import conversation
from sim.rules.encounters import encounters
from sim.rules.support import support
from sim.state.columns import NEEDS
from sim.state.state import State

DEPTHS: Final = ("strengths", "distress", "illness")
"""What somebody may speak of beyond ordinary talk, the least personal first."""
_COUNTED: Final = tuple(f"{depth}_talks" for depth in DEPTHS)


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk between two users: its hours and the number of the activity (-1 in a disclosure circle)."""

    one: int
    other: int
    third: int
    hours: float
    activity: int


@dataclass(frozen=True, slots=True)
class Told:
    """A disclosure of something personal: who speaks, who hears, about what, and whether the hearer takes it well."""

    speaker: int
    hearer: int
    of: str
    well: bool


@dataclass(frozen=True, slots=True)
class Help:
    """Acts of help of one kind on a day."""

    helper: int
    helped: int
    kind: str
    times: int


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened between the people of a centre on a day; people are uids."""

    talks: tuple[Talk, ...] = ()
    told: tuple[Told, ...] = ()
    help: tuple[Help, ...] = ()


def happened(state: State, c: int, day: int, weekday: int, seed: int) -> Happened:
    """Return what happens in a centre on a day.

    Parameters
    ----------
    state : State
        As it is once everybody who comes today has come; it is copied.
    c : int
        Number of the centre.
    day, weekday : int
    seed : int
        Of the run.
    """
    if state.centres[c].is_open == 0:
        return Happened()
    here = State(**{name: array.copy() for name, array in state._asdict().items()})
    key = np.uint64(seed)
    count = encounters(here, c, day, weekday, key)
    count = circles(here, c, count, day, weekday, key)
    talks: list[Talk] = []
    disclosures: list[Told] = []
    for e in range(count):
        meeting = here.meetings[e]
        people = [int(here.users["uid"][row]) if row >= 0 else -1 for row in (meeting.i, meeting.j, meeting.third)]
        talks.append(Talk(people[0], people[1], people[2], float(meeting.hours), int(meeting.activity)))
        disclosures += _told(here, c, e, day, key)
    return Happened(tuple(talks), tuple(disclosures), _help(here, c, count, day, key))


def _told(here: State, c: int, e: int, day: int, key: Any) -> list[Told]:
    """Live one encounter, and return what each of the two disclosed."""
    i, j = (int(here.meetings[e][name]) for name in ("i", "j"))
    pairs = [(i, j), (j, i)]
    ties = [_place(here, c, *pair) for pair in pairs]
    ledger = here.ledger[max(day, 0), c]
    names = (*_COUNTED, "well_received")
    before = np.array([ledger[name] for name in names])
    load, old = here.users["load"].copy(), here.ties[ties].copy()
    conversation(here._replace(meetings=here.meetings[e : e + 1]), c, 1, day, key)
    strengths, distress, illness, well = (
        np.array([ledger[name] for name in names]) - before  # counts of what the two said
    ).astype(int)
    total = strengths + distress + illness
    if total == 0:
        return []
    new = here.ties[ties]
    gained = [float((new["trust"][k] - old["trust"][k]) / max(1.0 - old["trust"][k], 1e-12)) for k in range(2)]
    deep = [bool(here.users["load"][hearer] > load[hearer]) for _, hearer in pairs]
    speakers = [k for k in range(2) if deep[k]]
    if strengths:
        others = [k for k in range(2) if not deep[k]]
        ranked = sorted(others, key=lambda k: -abs(gained[k]))  # a talk moves the teller's trust most
        speakers += ranked[:strengths]
    disclosures: list[Told] = []
    of_illness = illness
    for k in speakers:
        if not deep[k]:
            of = "strengths"
        elif distress == 0 or (of_illness and new["told"][k] > old["told"][k]):
            of, of_illness = "illness", of_illness - 1
        else:
            of = "distress" if distress > sum(one.of == "distress" for one in disclosures) else "illness"
        is_well = well == total or (well > 0 and gained[k] > 0.0)
        speaker, hearer = (int(here.users["uid"][row]) for row in pairs[k])
        disclosures.append(Told(speaker, hearer, of, bool(is_well)))
    return disclosures


def _help(here: State, c: int, count: int, day: int, key: Any) -> tuple[Help, ...]:
    """Live the help of the day, and return each act."""
    centre = here.centres[c]
    n, first = int(centre.capacity), int(centre.first_tie)
    block = slice(first, first + n * n)
    before = here.ties["help"][block].copy()
    support(here, c, count, day, key)
    acts = np.rint(here.ties["help"][block] - before).astype(int).reshape(n, n, len(NEEDS))
    rows = here.seats[centre.first_seat : centre.first_seat + n]
    uid = here.users["uid"]
    return tuple(
        Help(int(uid[rows[a]]), int(uid[rows[b]]), NEEDS[kind], int(acts[a, b, kind]))
        for a, b, kind in np.argwhere(acts > 0).tolist()
    )


def _place(here: State, c: int, one: int, other: int) -> int:
    centre = here.centres[c]
    seats = here.users["seat"]
    return int(centre.first_tie + seats[one] * centre.capacity + seats[other])
