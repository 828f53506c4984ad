"""An old state stays usable while newcomers run out and days are added."""

import numpy as np
import pytest

from sim.engine import Engine
from sim.model import DayCentre
from sim.scenario.schema.scenario import Scenario
from sim.state.build import records
from sim.state.columns import CIRCLE, PRESENT
from sim.state.state import lengthened

COMING_AND_GOING = {"turnover": {"leaving_rate": 3.0, "vacancy_days": 2.0}}
SMALL = {"name": "x", "days": 30, "centres": {"c": {"users": 10}}, "rules": COMING_AND_GOING}


def scenario() -> Scenario:
    """Return ten users, of whom two or three leave in a month; some dozen newcomers are sampled ahead."""
    return Scenario.model_validate(SMALL)


def circles(*codes: int):
    """Return rows that differ in one column."""
    rows = records(len(codes), CIRCLE)
    rows.code = codes
    return rows


def test_rows_come_behind_those_there_are():
    rows = lengthened(circles(1, 2), circles(3))
    assert lengthened(rows, circles(4, 5)).code.tolist() == [1, 2, 3, 4, 5]


def test_while_there_is_room_both_are_the_same_memory():
    rows = lengthened(circles(1, 2), circles(3))
    more = lengthened(rows, circles(4))
    more.code[0] = 7
    rows.code[1] = 8
    assert (rows.code.tolist(), more.code.tolist()) == ([7, 8, 3], [7, 8, 3, 4])


def test_rows_left_behind_keep_what_they_held_and_refuse_to_be_written():
    rows = lengthened(circles(1, 2), circles(3))
    more = rows
    while np.shares_memory(rows, more):
        more = lengthened(more, circles(*range(10)))
    more.code[0] = 7
    assert rows.code.tolist() == [1, 2, 3]
    assert more.code[:3].tolist() == [7, 2, 3]


def test_what_has_just_been_left_behind_refuses_to_be_written():
    rows = circles(1, 2)
    lengthened(rows, circles(3))
    with pytest.raises(ValueError, match="read-only"):
        rows.code[0] = 7
    with pytest.raises(ValueError, match="read-only"):
        rows["code"] = 7


def test_a_state_that_was_taken_hold_of_goes_on_showing_what_happens():
    engine = Engine(scenario(), 5)
    held = engine.state
    engine.advance(400)
    now = engine.state
    assert len(now.users) > len(held.users)
    assert np.array_equal(now.users[: len(held.users)], held.users)
    assert (held.users["status"] == PRESENT).sum() < 10  # some of those who sit there now came after it was taken
    for name in ("ties", "seats", "centres", "society"):
        assert getattr(now, name) is getattr(held, name)


def test_what_is_written_to_a_state_that_was_taken_hold_of_is_written_to_the_model():
    model = DayCentre(scenario(), rng=5, collect=False)
    held = model.engine.state
    model.engine.advance(400)
    model._match_agents()
    row = next(int(row) for row in model.engine.enrolled if row < len(held.users))
    held.users["mood"][row] = 0.123
    [agent] = [agent for agent in model.agents if agent.row == row]
    assert agent.mood == 0.123


def test_the_days_of_a_longer_run_are_in_the_state_of_now_and_those_before_refuse_to_be_written():
    engine = Engine(scenario(), 5)
    engine.advance(20)
    held = engine.state
    lived = held.ledger[:20].copy()
    engine.advance(20)
    assert np.array_equal(engine.state.ledger[:20], lived)
    for array in (held.ledger["talks"], held.open):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1
