"""Every column: declared in full, stored as declared, used, and inside its range for everybody over a real run."""

import numpy as np
import pytest
from reading import attributes, names

from sim.engine import Engine
from sim.outcomes.catalogue import DAILY_COLUMNS
from sim.scenario.schema.changes import Replace
from sim.scenario.schema.policy import policies
from sim.scenario.schema.scenario import Scenario
from sim.state import columns
from sim.state.columns import LEVEL_FROM, LEVELS, Column, record

TABLES = {
    "users": columns.USER,
    "ties": columns.TIE,
    "centres": columns.CENTRE,
    "sessions": columns.SESSION,
    "society": columns.SOCIETY,
    "meetings": columns.MEETING,
    "circles": columns.CIRCLE,
    "workers": columns.WORKER,
    "ledger": DAILY_COLUMNS,
}
"""Columns by the field of `State` that holds them."""
EVERY = [(table, column) for table, declared in TABLES.items() for column in declared]
STATE = [(table, column) for table, column in EVERY if table not in ("ledger", "meetings")]
KINDS = {"key", "background", "trait", "state", "memory", "tally", "lever"}
UNITS = {"1", "day", "week", "year", "h", "min", "users", "/day", "/year"}

every_column = pytest.mark.parametrize(("table", "column"), STATE, ids=lambda x: x.name if isinstance(x, Column) else x)


PARTLY = {"eligible": "all", "uptake": 0.5}
POLICIES = {
    key: {"policy": key} | PARTLY | more
    for key, more in {
        **{key: {} for key in policies()},
        "activity_timetable": {"grouping": "interest", "uptake": 1.0},
        "disclosure_circle": {"uptake": 0.4},
        "outreach": {"caller": "peers", "after": 2},
        "peer_support_workers": {"capacity": 0.0, "number": 2},
        "staffing": {"closed_places": 1, "added_staff": 1},
    }.items()
}
"""Every policy at once, so that every lever is moved."""


def lively(settling: int) -> Scenario:
    """Return two different centres in which users come and go, with every policy."""
    rules = {
        "turnover": {"leaving_rate": 1.0, "vacancy_days": 7.0},
        "conversation": {"occasion": 0.8, "leak_rate": 0.2},
    }
    centres = {"a": {"users": 12}, "b": {"users": 20, "staff": 0, "closures": [{"first": 5, "last": 12}]}}
    given = {"name": "lively", "days": 150, "settling": settling, "centres": centres, "rules": rules}
    return Scenario.model_validate(given | {"users": {"disclosure_threshold": 0.4}, "policies": POLICIES})


@pytest.fixture(scope="module", params=[0, 60], ids=["unsettled", "settled"])
def lived(request):
    """Return the state after some of 150 days."""
    engine = Engine(lively(request.param), 77)
    states = []
    for days in (1, 2, 9, 16, 17, 30, 40, 45, 60, 75, 100, 150):
        engine.advance(days - engine.day)
        states.append({table: getattr(engine.state, table).copy() for table in TABLES})
    return states


def test_there_are_columns_and_none_is_named_twice():
    assert len(columns.USER) > 50
    assert len(columns.TIE) > 10
    for declared in TABLES.values():
        assert len({column.name for column in declared}) == len(declared) > 0


def test_no_column_has_the_name_of_something_else_that_records_have():
    """Reading the column would read the other thing, and only where a rule runs as ordinary Python."""
    assert {column.name for _, column in EVERY} & set(dir(np.record)) == set()
    assert {column.name for _, column in EVERY} & set(dir(np.recarray)) == set()


def test_columns_are_declared_whole():
    for _, column in EVERY:
        assert column.kind in KINDS, column.name
        assert len(column.meaning.split()) >= 1, column.name
        assert column.range[0] < column.range[1], column.name


def test_columns_of_the_state_have_a_known_unit():
    assert [column.name for _, column in STATE if column.unit not in UNITS] == []


def test_codes_have_a_label_each_and_vectors_one_an_element():
    for _, column in EVERY:
        if column.labels and column.shape:
            assert column.shape == (len(column.labels),), column.name
        elif column.labels:
            assert column.range == (0, len(column.labels) - 1), column.name
            assert np.dtype(column.dtype).kind == "i", column.name


def test_levels_of_closeness_rise():
    assert len(LEVELS) == len(LEVEL_FROM) + 1
    assert list(LEVEL_FROM) == sorted(set(LEVEL_FROM))


@pytest.mark.parametrize("table", TABLES)
def test_the_state_holds_its_columns_as_declared(lived, table):
    held = lived[0][table].dtype
    assert held.names == tuple(column.name for column in TABLES[table])
    assert held == record(TABLES[table])


def outside(values: np.ndarray, column: Column) -> list[float]:
    """Return the values outside the range of a column; NaN is always outside."""
    low, high = column.range
    return np.unique(values[~((values >= low) & (values <= high))])[:5].tolist()


@every_column
def test_the_column_stays_in_its_range(lived, table, column):
    assert [outside(state[table][column.name], column) for state in lived] == [[]] * len(lived)


def test_columns_in_which_something_happens_do_not_stay_as_they_were(lived, request):
    # Without settling, nobody has helped anybody yet on day 0.
    constant = ("today", "met") + (() if request.node.callspec.params["lived"] else ("role_at_entry",))
    still = []
    for table in ("users", "ties", "workers"):
        for column in TABLES[table]:
            if column.kind in ("state", "memory", "tally") and column.name not in constant:
                values = np.concatenate([state[table][column.name].ravel() for state in lived])
                if len(np.unique(values)) < 2:
                    still.append(column.name)
    assert still == []


def test_there_are_levers_and_policies_move_each_of_them(lived):
    levers = [(table, column.name) for table, column in STATE if column.kind == "lever"]
    assert len(levers) > 15
    still = [name for table, name in levers if not any(state[table][name].any() for state in lived)]
    assert still == []


@pytest.fixture(scope="module")
def without_policies():
    """Return the state after a year without policies."""
    engine = Engine(lively(0).with_changes(policies=Replace({})), 77)
    engine.advance(365)
    return engine.state


def test_without_policies_every_lever_is_at_0(without_policies):
    for table, column in STATE:
        if column.kind == "lever":
            assert not getattr(without_policies, table)[column.name].any(), column.name


def test_without_policies_there_are_neither_circles_nor_workers(without_policies):
    assert len(without_policies.circles) == len(without_policies.workers) == 0


def test_the_tallies_of_ties_are_empty_at_the_end_of_the_day(lived):
    for state in lived:
        assert not state["ties"]["today"].any()
        assert not state["ties"]["met"].any()


def test_every_column_is_used_by_the_model():
    read = attributes("rules", "state", "outcomes", "day.py") | names(
        "state/build.py", "state/people.py", "run.py", "engine.py"
    )
    backgrounds = {"lives_with", "only_child", "marital_status"}  # described, and not yet the cause of anything
    unused = [column.name for _, column in STATE if column.name not in read | backgrounds]
    assert unused == []


def test_the_ranges_of_a_centre_are_those_of_the_scenario():
    capacity = next(column for column in columns.CENTRE if column.name == "capacity")
    with pytest.raises(ValueError, match="users"):
        Scenario.model_validate({"name": "x", "centres": {"c": {"users": int(capacity.range[1]) + 1}}})
    with pytest.raises(ValueError, match="users"):
        Scenario.model_validate({"name": "x", "centres": {"c": {"users": int(capacity.range[0]) - 1}}})
