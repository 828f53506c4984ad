"""Whatever the scenario, states stay on their scales, and seats, rows and queues are consistent."""

import numpy as np
import pytest
from at_random import scenarios, seeds
from hypothesis import given, settings

from sim.engine import Engine
from sim.outcomes.catalogue import OUTCOMES
from sim.scenario.schema.scenario import RULE_PARAMETERS, Scenario
from sim.state import columns
from sim.state.columns import LEFT, PRESENT, WAITING

TABLES = {"users": columns.USER, "ties": columns.TIE, "centres": columns.CENTRE, "society": columns.SOCIETY}
UNDEFINED = ("friend_arc_reciprocity", "friend_ties_with_illness_talk")


def off_the_scale(engine: Engine) -> dict[str, float]:
    """Return columns with a value out of their range, or NaN, and the value."""
    found = {}
    for table, declared in TABLES.items():
        for column in declared:
            values = np.asarray(getattr(engine.state, table)[column.name], float)
            wrong = ~((values >= column.range[0]) & (values <= column.range[1]))
            if wrong.any():
                found[f"{table}.{column.name}"] = float(values[wrong][0])
    return found


def lived_day_by_day(scenario, seed) -> dict[str, float]:
    """Run a scenario; return what first left its scale."""
    engine = Engine(scenario, seed)
    found = off_the_scale(engine)
    while engine.day < scenario.days and not found:
        engine.advance(1)
        found = off_the_scale(engine)
    return found


@pytest.mark.slow
@settings(max_examples=60)
@given(scenarios("plausible"), seeds)
def test_what_is_plausible_stays_on_its_scale(scenario, seed):
    assert lived_day_by_day(scenario, seed) == {}


@settings(max_examples=60)
@given(scenarios("bounds"), seeds)
def test_what_is_allowed_stays_on_its_scale(scenario, seed):
    assert lived_day_by_day(scenario, seed) == {}


@settings(max_examples=40)
@given(scenarios("bounds"), seeds)
def test_outcomes_are_finite_unless_they_are_said_to_be_undefined(scenario, seed):
    engine = Engine(scenario, seed)
    engine.advance(20)
    wrong = [name for name in OUTCOMES if name not in UNDEFINED and not np.isfinite(engine.daily[name]).all()]
    assert wrong == []


def extreme(section: str, name: str, value: float) -> Scenario:
    """Draw close users who talk a lot, with one parameter at an end of what is allowed."""
    rules = {"conversation": {"occasion": 1.0}, "contact": {"closeness_from": 0.35}}
    rules[section] = rules.get(section, {}) | {name: value}
    users = {"disclosure_threshold": 0.35, "stigma_disposition": {"mean": 0.55, "sd": 0.25}}
    given = {"name": "x", "days": 30, "centres": {"c": {"users": 12}}, "users": users, "rules": rules}
    return Scenario.model_validate(given | {"network": {"hours_per_year": 60, "arguments": {"k": 10, "p": 0.1}}})


@pytest.mark.slow
@pytest.mark.parametrize("end", [0, 1], ids=["lowest", "highest"])
def test_every_parameter_by_itself_may_be_set_to_the_end_of_what_is_allowed(end):
    found = {}
    for parameter in RULE_PARAMETERS:
        section, _, name = parameter.path.partition(".")
        wrong = lived_day_by_day(extreme(section, name, parameter.quantity.bounds[end]), 5)
        if wrong:
            found[parameter.path] = wrong
    assert found == {}


def check_books(engine: Engine) -> None:
    """Check seats, rows and queues against each other."""
    state = engine.state
    users = state.users
    assert len(set(users["uid"].tolist())) == len(users)
    for c, centre in enumerate(state.centres):
        seats = state.seats[centre.first_seat : centre.first_seat + centre.capacity]
        taken = seats[seats >= 0]
        assert centre.vacant == np.count_nonzero(seats < 0)
        assert len(set(taken.tolist())) == len(taken)
        assert sorted(taken.tolist()) == np.flatnonzero((users["centre"] == c) & (users["status"] == PRESENT)).tolist()
        assert users["seat"][taken].tolist() == np.flatnonzero(seats >= 0).tolist()
        row, queue = int(centre.next_row), []
        while row >= 0:
            queue.append(row)
            row = int(users["next_row"][row])
        assert sorted(queue) == np.flatnonzero((users["centre"] == c) & (users["status"] == WAITING)).tolist()
        assert len(queue) == centre.queue
        check_ties(state, centre, seats)
    assert (users["seat"][users["status"] != PRESENT] == -1).all()


def check_ties(state, centre, seats) -> None:
    """Check that nobody has ties with themselves or with an empty seat."""
    n = int(centre.capacity)
    block = state.ties[centre.first_tie : centre.first_tie + n * n].reshape(n, n)
    for name in ("closeness", "told", "withdrawn", "known", "arranged"):
        assert not block[name].diagonal().any()
        assert not block[name][seats < 0].any()
        assert not block[name][:, seats < 0].any()


@settings(max_examples=30)
@given(scenarios("bounds"), seeds)
def test_seats_rows_and_queues_agree_on_every_day(scenario, seed):
    engine = Engine(scenario, seed)
    check_books(engine)
    for _ in range(20):
        engine.advance(1)
        check_books(engine)
    assert engine.day == 20


@pytest.mark.parametrize("seed", [1, 2])
def test_a_row_belongs_to_one_user_for_good(seed):
    rules = {"turnover": {"leaving_rate": 5.0, "vacancy_days": 0.5}}
    centres = {"a": {"users": 6}, "b": {"users": 7}}
    engine = Engine(Scenario.model_validate({"name": "x", "days": 300, "centres": centres, "rules": rules}), seed)
    before = engine.state.users.copy()
    for _ in range(300):
        engine.advance(1)
        now = engine.state.users
        assert np.array_equal(now["uid"][: len(before)], before["uid"])
        gone = before["status"] == LEFT
        assert (now["status"][: len(before)][gone] == LEFT).all()
        assert (now["status"][: len(before)] >= before["status"]).all()
        before = now.copy()
    assert (before["status"] == LEFT).sum() > 20


def longest(column: str, scenario: Scenario, seed: int = 1) -> float:
    """Return the most hours that anybody had on any day."""
    engine = Engine(scenario, seed)
    most = 0.0
    for _ in range(scenario.days):
        engine.advance(1)
        most = max(most, float(engine.state.users[column][engine.enrolled].max()))
    return most


def test_nobody_talks_for_longer_than_the_sessions_last():
    timetable = [{"activity": "crafts", "minutes": 120}, {"activity": "free time", "minutes": 60, "group_size": 4}]
    given = {"name": "x", "days": 100, "centres": {"c": {"users": 25, "timetable": timetable}}}
    assert longest("talk_hours", Scenario.model_validate(given)) <= 3.0


def test_nobody_phones_for_longer_than_a_day_at_the_far_end_of_what_is_plausible():
    close = {"desired_closeness": {"mean": 0.7, "sd": 0.1}, "desired_ties": {"mean": 5.0, "sd": 0.8}}
    contact = {"minutes": 45, "minutes_slope": 5, "longest": 360, "daily_rate": 0.6, "closeness_from": 0.35}
    given = {"name": "x", "days": 365, "centres": {"c": {"users": 25}}, "users": close, "rules": {"contact": contact}}
    given |= {"network": {"hours_per_year": 60}}
    assert longest("phone_hours", Scenario.model_validate(given)) <= 24.0 + 1e-12  # shares of a day, added up again


@settings(max_examples=20)
@given(scenarios("bounds"), seeds)
def test_hours_together_are_the_same_for_both_of_a_pair(scenario, seed):
    engine = Engine(scenario, seed)
    engine.advance(20)
    for centre in engine.state.centres:
        n = int(centre.capacity)
        hours = engine.state.ties["hours"][centre.first_tie : centre.first_tie + n * n].reshape(n, n)
        assert np.array_equal(hours, hours.T)


def test_hours_together_are_the_same_for_both_under_every_policy_of_contact():
    evenings = {"policy": "out_of_hours", "eligible": "all", "uptake": 0.6, "evenings": 0.6, "minutes": 90}
    calls = {"policy": "outreach", "eligible": "all", "uptake": 0.5, "caller": "peers", "after": 1}
    given = {"name": "x", "days": 120, "centres": {"c": {"users": 20}}, "network": {"hours_per_year": 60}}
    engine = Engine(Scenario.model_validate(given | {"policies": {"evenings": evenings, "calls": calls}}), 3)
    engine.advance(120)
    hours = engine.state.ties["hours"].reshape(20, 20)
    assert (hours > 0).any()
    assert np.array_equal(hours, hours.T)
