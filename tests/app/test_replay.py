"""The replayed day against the run: the same talks, the same acts of help, and the run untouched."""

import numpy as np

from experiments.app.recording import recorded
from experiments.app.replay import DEPTHS
from sim.model import DayCentre
from sim.scenario.reading.load import load_scenario
from sim.state.columns import NEEDS

SCENARIO = load_scenario("disclosure-circle").with_changes(
    days=21, settling=120, centres={"park": {"users": 16}}, rules={"conversation": {"occasion": 0.8}}
)


def test_what_is_replayed_is_what_the_run_counted() -> None:
    recording = recorded(SCENARIO, 3, "park", lambda done, of: None)
    model = DayCentre(SCENARIO, rng=3, collect=False)
    seen = dict.fromkeys(DEPTHS, 0)
    for day in range(SCENARIO.days):
        model.step()
        counted, kept = model.engine.daily[day, 0], recording.days[day + 1].happened
        assert len(kept.talks) == counted["talks"]
        assert np.isclose(sum(talk.hours for talk in kept.talks), counted["talk_hours"])
        for depth in DEPTHS:
            said = sum(one.of == depth for one in kept.told)
            assert said == counted[f"{depth}_talks"], (day, depth)
            seen[depth] += said
        assert sum(one.well for one in kept.told) == counted["well_received"]
        for kind in NEEDS:
            assert sum(act.times for act in kept.help if act.kind == kind) == counted[f"helped_{kind}"]
    assert min(seen.values()) > 0  # each depth occurs, or the test proves nothing


def test_to_look_changes_nothing() -> None:
    recording = recorded(SCENARIO, 5, "park", lambda done, of: None)
    model = DayCentre(SCENARIO, rng=5, collect=False)
    for _ in range(SCENARIO.days):
        model.step()
    assert recording.outcomes["loneliness_ucla20"][-1] == model.outcome("loneliness_ucla20")
    assert np.array_equal(
        np.sort(recording.days[-1].users["burden"]), np.sort([agent.burden for agent in model.agents])
    )


def test_everybody_has_one_place_and_said_something_to_somebody_present() -> None:
    recording = recorded(SCENARIO, 3, "park", lambda done, of: None)
    for day in recording.days:
        there = set(day.users["uid"].tolist())
        assert there <= recording.places.keys()
        assert all({one.speaker, one.hearer} <= there and one.speaker != one.hearer for one in day.happened.told)
