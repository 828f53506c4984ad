"""Random small scenarios, and comparisons of runs by user, not by row."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from sim.engine import Engine
from sim.scenario.reading.roster import DIAGNOSIS, MARITAL, OCCUPATION
from sim.scenario.schema.quantity import Parameter
from sim.scenario.schema.scenario import ACTIVITIES, GROUPINGS, RULE_PARAMETERS, WEEKDAYS, Mechanisms, Scenario
from sim.scenario.schema.users import USER_PARAMETERS
from sim.state.columns import USER

SHARES = ("schizophrenia", "bipolar", "ocd", "part_time", "retired", "alone", "with_child")
"""Shares that must add up; left at their defaults."""
seeds = st.integers(0, 2**64 - 1)


def values(parameter: Parameter, limits: str) -> st.SearchStrategy[float]:
    """Draw values of a parameter between its plausible limits or its bounds, often at the ends."""
    low, high = getattr(parameter.quantity, limits)
    if parameter.whole:
        return st.integers(int(low), int(high))
    return st.one_of(st.sampled_from([low, high]), st.floats(low, high))


@st.composite
def rules(draw: st.DrawFn, limits: str) -> dict[str, dict[str, float]]:
    """Draw changes of some parameters of the rules."""
    chosen = draw(st.lists(st.sampled_from(RULE_PARAMETERS), max_size=25, unique_by=lambda parameter: parameter.path))
    found: dict[str, dict[str, float]] = {}
    for parameter in chosen:
        section, _, name = parameter.path.partition(".")
        found.setdefault(section, {})[name] = draw(values(parameter, limits))
    return found


@st.composite
def users(draw: st.DrawFn) -> dict[str, Any]:
    """Draw plausible changes of some traits and background."""
    free = [parameter for parameter in USER_PARAMETERS if parameter.path not in SHARES]
    chosen = draw(st.lists(st.sampled_from(free), max_size=6, unique_by=lambda parameter: parameter.path))
    found: dict[str, Any] = {}
    for parameter in chosen:
        name, _, part = parameter.path.partition(".")
        value = draw(values(parameter, "plausible"))
        if part:
            found.setdefault(name, {})[part] = value
        else:
            found[name] = value
    return found


@st.composite
def centres(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a centre of a few users with its own timetable."""
    days = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=7, unique=True))
    session = st.fixed_dictionaries(
        {
            "activity": st.sampled_from(ACTIVITIES),
            "days": st.lists(st.sampled_from(days), min_size=1, max_size=len(days), unique=True),
            "minutes": st.floats(5, 150),
            "group_size": st.integers(2, 12),
            "grouping": st.sampled_from(GROUPINGS),
        }
    )
    return {
        "users": draw(st.integers(5, 12)),
        "staff": draw(st.floats(0, 4)),
        "norm": draw(st.floats(0, 1)),
        "voice": draw(st.floats(0, 1)),
        "assigned_days": draw(st.integers(1, 10)),
        "open": days,
        "timetable": draw(st.lists(session, min_size=1, max_size=4)),
        "closures": draw(st.sampled_from([(), ({"first": 2, "last": 9},)])),
    }


@st.composite
def scenarios(draw: st.DrawFn, limits: str = "plausible") -> Scenario:
    """Draw a small scenario of twenty days."""
    kind = draw(st.sampled_from(["none", "generated"]))
    network: dict[str, Any] = {"kind": kind}
    if kind == "generated":
        network |= {"generator": "gnp_random_graph", "arguments": {"p": draw(st.floats(0, 1))}}
        network |= {"hours_per_year": draw(st.floats(0, 200)), "told_share": draw(st.floats(0, 1))}
    return Scenario.model_validate(
        {
            "name": "random",
            "days": 20,
            "settling": draw(st.sampled_from([0, 6])),
            "first_day": draw(st.sampled_from(WEEKDAYS)),
            "centres": draw(st.dictionaries(st.sampled_from(["a", "b", "c"]), centres(), min_size=1, max_size=2)),
            "network": network,
            "society": {"public_stigma": draw(st.floats(0, 1)), "public_stigma_reference": draw(st.floats(0, 1))},
            "mechanisms": draw(
                st.fixed_dictionaries({}, optional=dict.fromkeys(Mechanisms.model_fields, st.booleans()))
            ),
            "rules": draw(rules(limits)),
            "users": draw(users()),
        }
    )


@st.composite
def rosters(draw: st.DrawFn, smallest: int = 5, largest: int = 9) -> list[dict[str, Any]]:
    """Draw the users of a file, by name."""
    names = draw(
        st.lists(st.text("ABCDEFGH", min_size=3, max_size=6), min_size=smallest, max_size=largest, unique=True)
    )
    person = st.fixed_dictionaries(
        {
            "sex": st.sampled_from(["M", "F"]),
            "diagnosis": st.sampled_from(list(DIAGNOSIS)),
            "age_low": st.integers(30, 40),
            "age_high": st.integers(40, 50),
            "marital_status": st.sampled_from(list(MARITAL)),
            "occupation": st.sampled_from(list(OCCUPATION)),
            "years_in_centre": st.integers(0, 10),
            "years_ill": st.integers(10, 20),
        }
    )
    return [{"participant": name} | draw(person) for name in names]


def written(people: list[dict[str, Any]], path: Path) -> Path:
    """Write users to a file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(people[0]))
        writer.writeheader()
        writer.writerows(people)
    return path


def lived(scenario: Scenario, seed: int, days: int | None = None) -> Engine:
    """Return a run at its end."""
    engine = Engine(scenario, seed)
    engine.advance(scenario.days if days is None else days)
    return engine


def everything(engine: Engine) -> bytes:
    """Return all results of a run: outcomes, everybody ever enrolled, ties, centres and society."""
    state = engine.state
    been = state.users[state.users["status"] > 0].copy()
    for name in ("seat", "next_row"):
        been[name] = 0
    centres = state.centres.copy()
    for name in ("next_row", "queue"):
        centres[name] = 0
    order = np.argsort(been["uid"])
    return b"".join(part.tobytes() for part in (engine.daily, been[order], state.ties, centres, state.society))


def by_uid(engine: Engine) -> dict[int, dict[str, Any]]:
    """Return the columns of everybody ever enrolled, except the keys of where they sit."""
    keep = [column.name for column in USER if column.name not in ("seat", "next_row", "centre")]
    state = engine.state
    return {int(row["uid"]): {name: row[name] for name in keep} for row in state.users[state.users["status"] > 0]}


def same_people(one: Engine, other: Engine) -> bool:
    """Return whether everybody is equal in two runs, up to rounding."""
    mine, theirs = by_uid(one), by_uid(other)
    return mine.keys() == theirs.keys() and all(
        np.allclose(mine[uid][name], theirs[uid][name], rtol=1e-9, atol=1e-9) for uid in mine for name in mine[uid]
    )
