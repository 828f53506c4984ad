"""Policies on the house as a whole, and houses that cannot have a policy."""

import numpy as np
import pytest
from pydantic import ValidationError

from sim.engine import Engine
from sim.scenario.schema.scenario import Scenario


def house(days: int = 15, centre: dict | None = None, **policies) -> Scenario:
    given = {"name": "x", "days": days, "centres": {"c": {"users": 12} | (centre or {})}, "policies": policies}
    return Scenario.model_validate(given)


def lived(days: int, **policies) -> Engine:
    engine = Engine(house(days, **policies), 4)
    engine.advance(days)
    return engine


def test_a_circle_on_a_day_on_which_the_house_is_closed_is_refused():
    with pytest.raises(
        ValidationError, match=r"meets on sunday, when the centre is closed; centres\.c is open on monday"
    ):
        house(it={"policy": "disclosure_circle", "weekday": "sunday"})


def test_a_timetable_that_is_never_held_is_refused():
    timetable = [{"activity": "crafts", "days": ["saturday"]}]
    with pytest.raises(ValidationError, match="crafts is held on days on which the centre is closed"):
        house(it={"policy": "activity_timetable", "timetable": timetable})


def test_a_campaign_goes_on_though_no_user_speaks_for_it():
    policy = {"policy": "public_awareness", "eligible": "none", "ramp": 0, "reach": 0.2}
    engine = lived(15, it=policy)
    assert engine.state.society[0].campaign == pytest.approx(0.2)
    assert not engine.state.users["spokesperson"].any()


def test_staff_are_there_for_all_whoever_takes_part():
    policy = {"policy": "staffing", "added_staff": 1}
    covered = [
        float(Engine(house(8, {"staff": 0}, it=policy | more), 3).state.centres[0].coverage)
        for more in ({}, {"uptake": 0})
    ]
    engines = [
        Engine(house(8, {"staff": 0}, it=policy | more), 3) for more in ({}, {"uptake": 0}, {"eligible": "none"})
    ]
    for engine in engines:
        engine.advance(8)
    assert covered == [0.0, 0.0]
    assert [float(engine.state.centres[0].coverage) for engine in engines] == pytest.approx([8 / 12] * 3)


@pytest.mark.parametrize(
    ("places", "intensity", "closed"),
    [(3, 0.5, 2), (3, 0.4, 1), (3, 1.0, 3), (1, 0.5, 1), (1, 0.4, 0), (0, 1.0, 0), (40, 1.0, 12)],
)
def test_places_are_closed_as_far_as_the_policy_has_come_and_a_half_counts_as_one(places, intensity, closed):
    policy = {"policy": "staffing", "added_staff": 0, "ramp": 0, "closed_places": places, "intensity": intensity}
    assert lived(1, it=policy).state.centres[0].closed_places == closed


def test_poor_attendance_is_not_seen_before_the_house_has_opened():
    policy = {"policy": "respite", "eligible": "all", "when": "attendance < 99 %"}
    engine = Engine(house(15, it=policy), 3)
    engine.advance(1)
    assert np.isnan(engine.review.running[0].since).all()
    engine.advance(14)
    assert engine.review.running[0].since.tolist() == [7.0]
