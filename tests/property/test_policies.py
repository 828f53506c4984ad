"""Whatever policies a scenario has, the state stays on its scales and nobody works more hours than exist."""

from typing import Any

import numpy as np
import pytest
from at_random import scenarios, seeds
from hypothesis import given, settings
from hypothesis import strategies as st
from test_states import check_books

from sim.engine import Engine
from sim.outcomes.catalogue import OUTCOMES
from sim.scenario.schema.changes import Replace
from sim.scenario.schema.policy import PolicyUse, policies
from sim.scenario.schema.quantity import known
from sim.scenario.schema.scenario import Scenario
from sim.state import columns

TABLES = {
    "users": columns.USER,
    "ties": columns.TIE,
    "centres": columns.CENTRE,
    "society": columns.SOCIETY,
    "circles": columns.CIRCLE,
    "workers": columns.WORKER,
}
UNDEFINED = ("friend_arc_reciprocity", "friend_ties_with_illness_talk")
DATES = {"start", "end", "ramp", "fade", "cooldown"}
ELIGIBLE = ("all", "sex == woman", "burden > 10", "newcomer", "helper or mutual", "loneliness_ucla20 > 40 or age < 45")


@st.composite
def uses(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a use of a policy with any allowed value of its numbers."""
    chosen: type[PolicyUse] = draw(st.sampled_from(list(policies().values())))
    use: dict[str, Any] = {"policy": chosen.key(), "eligible": draw(st.sampled_from(ELIGIBLE))}
    if chosen.key() == "activity_timetable":
        use["grouping"] = draw(st.sampled_from(["free", "interest", "assigned", "rotating"]))
    for name, field in chosen.model_fields.items():
        number = known(field)
        if number is None or name in DATES or draw(st.integers(0, 2)) == 0:
            continue
        low, high = number.bounds
        value = draw(st.one_of(st.sampled_from([low, high]), st.floats(low, high)))
        use[name] = round(value) if field.annotation is int else value
    if use.get("group_size") == 1:
        use["group_size"] = 2
    use["start"] = draw(st.integers(0, 20))
    use["end"] = use["start"] + draw(st.integers(1, 20))
    use |= {name: draw(st.sampled_from([0, 3, 30])) for name in ("ramp", "fade")}
    use["priority"] = draw(st.integers(0, 2))
    use["stay"] = draw(st.sampled_from(["while eligible", "once begun"]))
    if draw(st.booleans()):
        use |= {"when": "mean(burden) > 5 or attendance < 0.6", "until": "day > 15 for 1 week", "cooldown": 7}
    return use


many_uses = st.dictionaries(st.sampled_from([f"use-{k}" for k in range(8)]), uses(), min_size=1, max_size=6)


def with_policies(scenario: Scenario, chosen: dict[str, Any]) -> Scenario:
    """Give a scenario policies; circles meet on a day on which all its centres are open."""
    (opened, *_) = scenario.centres.values()
    for use in chosen.values():
        if use["policy"] == "disclosure_circle":
            use["weekday"] = opened.open[0]
            use["centres"] = [name for name, one in scenario.centres.items() if opened.open[0] in one.open]
    return scenario.with_changes(policies=Replace(chosen))


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


@pytest.mark.slow
@settings(max_examples=80)
@given(scenarios("plausible"), many_uses, seeds)
def test_policies_keep_the_state_on_its_scale(scenario, chosen, seed):
    engine = Engine(with_policies(scenario, chosen), seed)
    for _ in range(scenario.days):
        engine.advance(1)
        assert off_the_scale(engine) == {}
    check_books(engine)
    wrong = [name for name in OUTCOMES if name not in UNDEFINED and not np.isfinite(engine.daily[name]).all()]
    assert wrong == []


@pytest.mark.slow
@settings(max_examples=60)
@given(scenarios("plausible"), many_uses, seeds)
def test_hours_served_are_never_more_than_there_are(scenario, chosen, seed):
    engine = Engine(with_policies(scenario, chosen), seed)
    engine.advance(scenario.days)
    review = engine.review
    kept = review.records()
    assert len(kept)
    assert (kept["hours_served"] <= kept["hours_wanted"] * (1 + 1e-12)).all()
    centres = [centre for centre in scenario.centres.values() for _ in range(centre.copies)]
    of_one = np.array([centre.staff_week * centre.programme_share for centre in centres])
    added = [[one.use.added_hours(float(hours)) for hours in of_one] for one in review.running]
    most = of_one * [centre.staff for centre in centres] + np.sum(added, axis=0)
    for day in np.unique(kept["day"]):
        for c in range(len(engine.centres)):
            now = kept[(kept["day"] == day) & (kept["centre"] == c)]
            assert now["hours_served"].sum() <= most[c] * (1 + 1e-9)
    assert (engine.daily["staff_hours"] * 7 <= most * (1 + 1e-9)).all()
    assert (engine.daily["staff_hours_unserved"] >= -1e-9).all()


@settings(max_examples=40)
@given(scenarios("plausible"), many_uses, seeds)
def test_after_all_policies_have_faded_nothing_is_left_of_them(scenario, chosen, seed):
    ended = {
        name: use | {"end": min(use["end"], 12 + use["start"] % 2), "fade": 0, "start": 0}
        for name, use in chosen.items()
    }
    engine = Engine(with_policies(scenario, ended), seed)
    engine.advance(14)
    plain = Engine(scenario, seed)
    for table, declared in TABLES.items():
        for column in declared:
            if column.kind == "lever":
                assert not getattr(engine.state, table)[column.name].any(), column.name
    known_rows = len(plain.state.users)
    for column in columns.USER:
        if column.kind == "trait":
            assert np.array_equal(engine.state.users[column.name][:known_rows], plain.state.users[column.name])


@pytest.mark.slow
@settings(max_examples=25)
@given(scenarios("plausible"), many_uses, seeds)
def test_with_policies_a_run_is_the_same_at_once_and_day_by_day(scenario, chosen, seed):
    at_once, by_day = (Engine(with_policies(scenario, chosen), seed) for _ in range(2))
    at_once.advance(scenario.days)
    for _ in range(scenario.days):
        by_day.advance(1)
    assert at_once.daily.tobytes() == by_day.daily.tobytes()
    assert at_once.state.users.tobytes() == by_day.state.users.tobytes()
