"""A day, the days before day 0, and the engine that runs them."""

import numpy as np
import pytest

from sim.day import run_days
from sim.engine import Engine
from sim.outcomes.catalogue import DAILY_COLUMNS
from sim.policies.review.programme import NO_PROGRAMME
from sim.run import fresh_seed, run
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Scenario
from sim.state.build import build, calendar
from sim.state.columns import LEFT, PRESENT, WAITING

AT_THE_CENTRE = (
    "attended",
    "talks",
    "talk_hours",
    "declined",
    "deep_talks",
    "asked",
    "helped",
    "leaks",
    "teaching",
    "reminders",
)
COMING_AND_GOING = {"turnover": {"leaving_rate": 3.0, "vacancy_days": 2.0}}


def scenario(**changes) -> Scenario:
    """Return a centre of ten."""
    return Scenario.model_validate({"name": "x", "days": 28, "centres": {"c": {"users": 10}}} | changes)


def test_nothing_happens_at_the_centre_on_closed_weekdays():
    daily = run(scenario(), 3).daily[:, 0]
    weekend = np.arange(28) % 7 >= 5
    assert all((daily[name][weekend] == 0).all() for name in AT_THE_CENTRE)
    assert (daily["talks"][~weekend] > 0).all()


def test_the_first_day_of_the_run_has_the_weekday_it_is_said_to_have():
    daily = run(scenario(first_day="saturday"), 3).daily[:, 0]
    assert np.flatnonzero(daily["attended"] == 0).tolist() == [0, 1, 7, 8, 14, 15, 21, 22]


def test_nothing_happens_at_the_centre_while_it_is_closed():
    closed = {"c": {"users": 10, "closures": [{"first": 7, "last": 11, "why": "new year"}]}}
    daily = run(scenario(centres=closed), 3).daily[:, 0]
    assert daily["talks"][7:12].sum() == 0
    assert daily["talks"][0:5].min() > 0


def test_centres_close_by_themselves():
    centres = {"a": {"users": 10}, "b": {"users": 10, "closures": [{"first": 0, "last": 27}]}}
    daily = run(scenario(centres=centres), 3).daily
    assert daily["attended"].sum(axis=0)[1] == 0 < daily["attended"].sum(axis=0)[0]


def test_the_calendar_counts_settling_days_backwards_from_day_zero():
    given = scenario(settling=8, days=3, first_day="wednesday")
    table = calendar(given, list(given.centres.values()))[:, 0]
    week = ["tue", "wed", "thu", "fri", "sat", "sun", "mon", "tue", "wed", "thu", "fri"]
    assert [int(is_open) for is_open in table] == [int(day not in ("sat", "sun")) for day in week]


def test_the_loneliness_everybody_begins_with_changes_little_on_the_first_day():
    engine = Engine(scenario(), 5)
    before = engine.state.users["loneliness"][engine.enrolled].copy()
    assert np.array_equal(before, engine.state.users["loneliness_at_entry"][engine.enrolled])
    engine.advance(1)
    after = engine.state.users["loneliness"][engine.enrolled]
    assert np.abs(after - before).max() < 0.01


def test_those_who_queue_have_the_loneliness_of_one_without_ties():
    engine = Engine(scenario(), 5)
    users = engine.state.users
    waiting = users[users["status"] == WAITING]
    assert len(waiting) >= 4
    assert (waiting["loneliness"] > 0).all()
    assert waiting["loneliness"].mean() > users["loneliness"][engine.enrolled].mean()


def test_the_days_stop_when_newcomers_could_run_out():
    state = build(scenario(days=400, rules=COMING_AND_GOING), 5, DAILY_COLUMNS, spare=0.0)
    day = run_days(state, NO_PROGRAMME, 0, 400, 0, np.uint64(5))
    assert day < 400
    assert state.centres[0].queue < state.centres[0].vacant


def test_the_engine_goes_on_when_newcomers_run_out():
    done = run(scenario(days=400, rules=COMING_AND_GOING), 5)
    assert len(done.daily) == 400
    assert done.daily["arrivals"].sum() > 14  # more than waited at first


def test_nobody_comes_or_goes_before_the_last_year_of_settling():
    state = build(scenario(settling=800, rules=COMING_AND_GOING), 5, DAILY_COLUMNS)
    run_days(state, NO_PROGRAMME, -800, -365, 0, np.uint64(5))
    assert (state.users["status"] == LEFT).sum() == 0
    run_days(state, NO_PROGRAMME, -365, 0, 0, np.uint64(5))
    assert (state.users["status"] == LEFT).sum() > 0


def test_listed_users_are_all_there_on_day_0_whoever_left_while_their_centre_settled():
    given = load_scenario("fourteen-participants")
    engine = Engine(given.with_changes(settling=200, rules=scenario(rules=COMING_AND_GOING).rules), 5)
    names = sorted(engine.names[int(uid)] for uid in engine.state.users["uid"][engine.enrolled])
    assert names == sorted(f"P{number}" for number in range(1, 15))


def test_the_books_of_all_begin_on_day_zero():
    engine = Engine(scenario(settling=100), 5)
    users = engine.state.users[engine.enrolled]
    assert engine.day == 0
    assert not engine.state.ledger.tobytes().strip(b"\0")
    assert (users["open_days"].max(), users["days_attended"].max()) == (0, 0)
    for name in ("loneliness", "burden", "identity"):
        assert np.array_equal(users[name], users[f"{name}_at_entry"])


def test_those_who_enrolled_while_settling_are_older_by_then():
    engine = Engine(scenario(settling=365, rules=COMING_AND_GOING), 5)
    users = engine.state.users[engine.enrolled]
    new = users[(users["uid"] & 0xFFFF) >= 32768]
    assert len(new) > 0
    assert new["years_in_centre"] == pytest.approx(-new["arrived"] / 365.25)
    sampled = build(scenario(days=365, rules=COMING_AND_GOING), 5, DAILY_COLUMNS, spare=5.0).users
    for user in new:
        [before] = sampled[sampled["uid"] == user["uid"]]
        assert user["age"] - before["age"] == pytest.approx(user["years_in_centre"])
        assert user["years_ill"] - before["years_ill"] == pytest.approx(user["years_in_centre"])


def norm_while_settling(first: int, last: int, talks: float = 0.0, deep: float = 0.0) -> list[float]:
    """Return the norm before and after some days of a week of settling; it starts above what the house expects."""
    state = build(scenario(settling=7), 5, DAILY_COLUMNS)
    state.p.forgetting_norm_days = 10.0
    state.ledger.talks[0], state.ledger.deep_talks[0] = talks, deep
    run_days(state, NO_PROGRAMME, -7, first, 0, np.uint64(5))
    state.centres[0].norm = 0.9
    run_days(state, NO_PROGRAMME, first, last, 0, np.uint64(5))
    return [0.9, float(state.centres[0].norm)]


def test_the_norm_drifts_on_open_days_of_settling():
    before, after = norm_while_settling(-7, -6)
    assert after < before


def test_the_norm_rests_on_closed_days_of_settling():
    before, after = norm_while_settling(-2, 0)
    assert after == before


def test_what_was_said_on_other_days_of_settling_does_not_enter_the_norm_of_today():
    assert norm_while_settling(-7, -6) == norm_while_settling(-7, -6, talks=1000.0, deep=1000.0)


def test_a_run_takes_its_seed_from_the_scenario_unless_given_one():
    assert run(scenario(days=1, seed=12)).seed == 12
    assert run(scenario(days=1, seed=12), 13).seed == 13


def test_a_run_without_a_seed_draws_one_and_keeps_it():
    done = run(scenario(days=2))
    assert 0 <= done.seed < 2**48
    assert run(scenario(days=2), done.seed).daily.tobytes() == done.daily.tobytes()


def test_fresh_seeds_differ():
    assert len({fresh_seed() for _ in range(50)}) == 50


def test_a_run_keeps_networks_of_the_days_asked_for():
    done = run(scenario(days=10), 4, graph_days=[0, 5, 10])
    assert list(done.graphs) == [0, 5, 10]
    assert [graph.graph["day"] for graph in done.graphs.values()] == [0, 5, 10]


def test_asking_for_networks_changes_nothing():
    assert run(scenario(), 4, graph_days=range(29)).daily.tobytes() == run(scenario(), 4).daily.tobytes()


def test_a_run_leaves_everybody_who_was_enrolled_and_nobody_who_waits():
    done = run(scenario(settling=100, days=100, rules=COMING_AND_GOING), 5)
    assert set(done.users["status"].tolist()) == {PRESENT, LEFT}
    assert (done.users["status"] == PRESENT).sum() == done.daily["users"][-1, 0]
    assert (done.users["status"] == LEFT).sum() == done.daily["leavers"].sum()


def test_a_long_run_can_go_on_beyond_its_scenario():
    engine = Engine(scenario(days=20_000), 1)
    engine.day = 20_000  # as if they had been lived
    engine.advance(1)
    assert engine.day == 20_001
