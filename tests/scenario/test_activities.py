"""Activities of one's own: what a scenario says of them, and what it takes from known ones."""

from pathlib import Path

import numpy as np
import pytest

from sim.outcomes.catalogue import DAILY_COLUMNS
from sim.scenario.reading.load import read_as
from sim.scenario.reading.show import show
from sim.scenario.schema.session import ACTIVITIES, DONE_TOGETHER, LEISURE, activity_names, known_shares
from sim.scenario.text.errors import ScenarioError
from sim.state.build import build
from sim.state.scales import interest_in

OWN = (
    "extends: baseline\nsettling: 0\nactivities:\n"
    "  太极: {like: free time, talk_share: 20 %, together: yes_no, group_size: 12}\n"
    "  gardening: {interests: {crafts: 2, free time: 1}}\n"
).replace("yes_no", "true")
USED = "centres: {park: {timetable: [{activity: 太极}, {activity: gardening, group_size: 5}, {activity: crafts}]}}\n"


def read(text):
    return read_as(text, Path("a.yaml"))


def test_a_session_may_name_it_and_takes_its_group_size():
    loaded = read(OWN + USED + "policies: {p: {policy: activity_timetable, timetable: [{activity: 太极}]}}\n")
    timetable = loaded.scenario.centres["park"].timetable
    assert [one.activity for one in timetable] == ["太极", "gardening", "crafts"]
    assert [one.group_size for one in timetable] == [12, 5, 8]
    assert loaded.scenario.policies["p"].timetable[0].group_size == 12
    assert read(show(loaded.scenario)).scenario == loaded.scenario


def test_the_rows_of_sessions_hold_what_the_rules_need():
    scenario = read(OWN + USED).scenario
    tai, garden, crafts = build(scenario, 1, DAILY_COLUMNS).sessions
    assert tai.shares.tolist() == [float(name == "free time") for name in ACTIVITIES]
    assert garden.shares.tolist() == pytest.approx([2 / 3, 0, 0, 0, 0, 0, 1 / 3])
    assert (tai.talk_share, garden.talk_share, crafts.talk_share) == (0.2, -1.0, -1.0)
    assert (tai.doing, tai.leisure) == (1, 1)  # said so, and as in free time
    assert (garden.doing, garden.leisure) == (1, 1)  # as in crafts
    assert (tai.activity, garden.activity, crafts.activity) == (7, 8, 0)


def test_known_activities_are_what_they_were():
    scenario = read("extends: baseline\n").scenario
    assert activity_names(scenario.activities) == ACTIVITIES
    for row, session in zip(
        build(scenario, 1, DAILY_COLUMNS).sessions, scenario.centres["park"].timetable, strict=True
    ):
        assert row.shares.tolist() == [float(name == session.activity) for name in ACTIVITIES]
        assert (row.leisure, row.doing) == (session.activity in LEISURE, session.activity in DONE_TOGETHER)


def test_interest_is_the_mean_of_interests_in_what_it_is_like():
    state = build(read(OWN + USED).scenario, 1, DAILY_COLUMNS)
    user, garden, crafts = state.users[0], state.sessions[1], state.sessions[2]
    assert interest_in(user, crafts) == user.interest[0]
    assert interest_in(user, garden) == pytest.approx((2 * user.interest[0] + user.interest[6]) / 3)


def test_a_council_may_choose_it():
    from sim.policies.review.acting import Site

    scenario = read(OWN.replace("like: free time", "like: singing") + USED).scenario
    state = build(scenario, 1, DAILY_COLUMNS)
    state.users["interest"] = np.array([0.9, 0.1, 0.5, 0.5, 0.5, 0.5, 0.9])
    site = Site(state, [0], 1, scenario.activities)
    assert [one.activity for one in site.sessions(0)] == ["太极", "gardening", "crafts"]
    assert [one.activity for one in site.favourites(0)] == ["crafts", "gardening", "crafts"]
    assert known_shares("太极", scenario.activities)[ACTIVITIES.index("singing")] == 1.0


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("{}", "needs either like, a known activity, or interests"),
        ("{like: crafts, interests: {crafts: 1}}", "needs either like, a known activity, or interests"),
        ("{like: craft}", "activities.a.like: found 'craft'; did you mean 'crafts'?"),
        ("{like: 唱歌}", "did you mean 'singing'?"),
        ("{interests: {craft: 1}}", "interests: found 'craft'; did you mean 'crafts'?"),
        ("{interests: {crafts: 0}}", "all weights are 0"),
        ("{interests: {crafts: -1}}", "allowed is a weight of 0 or more"),
        ("{like: crafts, talk_share: 40}", "did you mean '40 %'?"),
        ("{like: crafts, group_size: 1}", "allowed is a whole number, 2 to 50 [users]"),
        ("{like: crafts, minutes: 60}", "unknown key 'minutes' in activities.a"),
    ],
)
def test_a_mistake_in_it_is_named(own, expected):
    with pytest.raises(ScenarioError) as caught:
        read(f"extends: baseline\nactivities: {{a: {own}}}\n")
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("activities: {singing: {like: crafts}}\n", "found 'singing', which the model knows already"),
        (
            "centres: {park: {timetable: [{activity: crafs}]}}\n",
            "3:40: centres.park.timetable.1.activity: found 'crafs'; did you mean 'crafts'?",
        ),
        (
            "policies: {p: {policy: activity_timetable, timetable: [{activity: taichi}]}}\n",
            "policies.p.timetable.1.activity: found 'taichi', allowed is one of crafts",
        ),
    ],
)
def test_a_name_that_no_activity_has_is_refused(text, expected):
    with pytest.raises(ScenarioError) as caught:
        read(f"extends: baseline\ndays: 30\n{text}")
    assert expected.removeprefix("3:40: ") in str(caught.value)
    assert caught.value.problems[0].line == 3
