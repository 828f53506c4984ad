"""Warnings about scenarios that are valid and hardly meant: which, where, and none about what ships."""

from pathlib import Path

import pytest

from sim.scenario.conditions.condition import Condition
from sim.scenario.reading.load import load_scenario, read, read_as
from sim.scenario.reading.warnings import warnings_in, warnings_of
from sim.scenario.reading.warnings.conditions import Range, possible, quantity
from sim.scenario.text.errors import ScenarioError
from sim.scenario.text.files import shipped_files


def warned(text: str) -> list[str]:
    """Return the warnings about a file that extends the baseline."""
    return [str(one) for one in warnings_in(read_as(f"extends: baseline\n{text}", Path("ours.yaml")))]


def policies(*uses: str) -> str:
    """Return a section of policies named a, b ..."""
    return "policies:\n" + "".join(f"  {name}: {{{use}}}\n" for name, use in zip("abcd", uses, strict=False))


@pytest.mark.parametrize("name", shipped_files())
def test_nothing_that_ships_is_warned_of(name):
    assert warnings_in(read(name)) == ()


NEVER = [
    ("policy: respite, start: 400", "start: the policy never acts: it starts on day 400, and the run ends after 365"),
    ("policy: help_cap, start: 364", "start: the policy never acts: it starts on day 364 from nothing (ramp)"),
    ("policy: respite, uptake: 0", "uptake: the policy never acts: nobody takes part, as uptake is 0"),
    ("policy: codesign, intensity: 0", "intensity: the policy never acts: its intensity is 0"),
    ("policy: respite, eligible: none", "eligible: the policy never acts: nobody is eligible"),
    ("policy: respite, eligible: burden > 50 and burden < 40", "eligible: the policy never acts: nobody is eligible"),
    ("policy: respite, eligible: not (burden > 50 or burden <= 50)", "eligible: the policy never acts"),
    ("policy: respite, eligible: age > 80", "eligible: the policy never acts"),
    ("policy: respite, eligible: friends >= 25", "eligible: the policy never acts"),
    ("policy: respite, when: day > 400", "when: the policy never acts: `day > 400` cannot be true"),
    ("policy: respite, when: users > 30", "when: the policy never acts"),
    ("policy: respite, when: count(burden > 50) > 25", "when: the policy never acts"),
    ("policy: respite, when: share(age > 80) > 0", "when: the policy never acts"),
    (
        "policy: respite, when: mean(burden) > 50 for 400 days",
        "when: the policy never acts: `mean(burden) > 50 for 400",
    ),
    ("policy: respite, when: day > 30, end: 20", "when: the policy never acts: `day > 30` cannot be true"),
    (
        "policy: respite, when: day == 10",
        "when: the policy never acts: `day == 10` cannot be true in this scenario; po",
    ),
    ("policy: respite, when: day > 364", "when: the policy never acts"),  # day 364 is the last review
    ("policy: respite, when: day == 364, ramp: 7", "when: the policy never acts"),
    ("policy: respite, when: mean(burden) > 50 for 30 days, end: 20", "when: the policy never acts: `mean(burden) > 5"),
    (
        "policy: respite, end: 5, ramp: 30",
        "start: the policy never acts: it starts on day 0 from nothing (ramp), and no",
    ),
    ("policy: staffing, added_staff: 0", "added_staff: the policy never acts: it adds no staff and closes no seats"),
    (
        "policy: respite, when: vacant > 24",
        "when: the policy never acts: `vacant > 24` is hardly ever true: fewer than",
    ),
    ("policy: respite, when: users < 3", "when: the policy never acts: `users < 3` is hardly ever true"),
    ("policy: respite, eligible: years_in_centre > 60", "eligible: the policy never acts: nobody is eligible"),
    ("policy: respite, eligible: days_since_arrival > 40000", "eligible: the policy never acts: nobody is eligible"),
    ("policy: respite, eligible: years_ill > 80", "eligible: the policy never acts: nobody is eligible"),
]


@pytest.mark.parametrize(("use", "expected"), NEVER)
def test_a_policy_that_never_acts_is_named_with_its_place(use, expected):
    (line,) = warned(policies(use))
    assert line.startswith("ours.yaml:3:")
    assert f"warning: policies.a.{expected}" in line


@pytest.mark.parametrize(
    "use",
    [
        "policy: respite, start: 364",
        "policy: help_cap, start: 350",
        "policy: usual_care, intensity: 0",
        "policy: staffing, uptake: 0",
        "policy: respite, eligible: burden > 40 and burden < 50",
        "policy: respite, eligible: burden >= 50 and burden <= 50",
        "policy: respite, eligible: mood > acceptance and mood < acceptance",
        "policy: respite, eligible: friends >= 24",
        "policy: respite, when: not (mean(burden) > 50) and not (mean(burden) <= 50)",  # a mean over nobody is neither
        "policy: respite, when: mean(burden) > 50 for 300 days",
        "policy: respite, when: count(burden > 50) > 24",
        "policy: respite, when: day == 14",
        "policy: respite, when: day == 10, start: 10",  # a policy is reviewed on the day of its start
        "policy: respite, when: day > 356, ramp: 7",
        "policy: respite, end: 8, ramp: 30",
        "policy: respite, end: 5, ramp: 30, fade: 30",
        "policy: staffing, added_staff: 0, closed_places: 2",
        "policy: respite, when: vacant > 5",
        "policy: respite, when: users < 20",
        "policy: respite, eligible: years_in_centre > 40",
        "policy: respite, eligible: days_since_arrival > 15000",
        "policy: respite, when: mean(burden) > 50 or mean(mood) < 0.3, until: not (mean(burden) > 40)",
        "policy: respite, when: mean(burden) > 50 or mean(mood) < 0.3, until: mean(burden) < 40",
        "policy: respite, when: mean(burden) > 50 or day == 70, until: day >= 70 and mean(burden) < 40",
        "policy: respite, when: mean(burden) > 43, until: mean(burden) < 43",
        "policy: respite, when: mean(burden) > 43, until: mean(mood) > 0.5",
        "policy: respite, when: mean(burden) > 43, until: mean(burden) > 20 for 8 weeks, cooldown: 90",
    ],
)
def test_what_may_act_is_not_warned_of(use):
    assert warned(policies(use)) == []


def test_backgrounds_that_no_user_has_make_nobody_eligible():
    men = "users: {women: 0, divorced: 0, ocd: 0}\n"
    for condition in ("sex == woman", "divorced", 'diagnosis == "obsessive-compulsive disorder"'):
        (line,) = warned(men + policies(f"policy: respite, eligible: '{condition}'"))
        assert "nobody is eligible" in line
    assert warned(men + policies("policy: respite, eligible: sex == man")) == []
    assert warned(men + policies("policy: respite, eligible: sex != woman")) == []
    assert warned(men + policies("policy: respite, eligible: sex == woman or burden > 50")) == []


def test_users_from_a_file_have_the_background_of_the_file():
    loaded = read("fourteen-participants")
    users = loaded.scenario.users.model_copy(update={"women": 0.0})
    scenario = loaded.scenario.with_changes(
        users=users, policies={"a": {"policy": "respite", "eligible": "sex == woman"}}
    )
    assert warnings_of(scenario) == ()


def test_a_trigger_and_a_release_that_hold_together_are_warned_of():
    (line,) = warned(policies("policy: respite, when: mean(burden) > 40, until: mean(burden) < 60"))
    assert "policies.a.until: while mean(burden) is between 40 and 60, `when` and `until` both hold" in line
    (line,) = warned(policies("policy: respite, when: mean(burden) > 50, until: mean(burden) > 30"))
    assert "while mean(burden) is between 50 and 100" in line or "while mean(burden) is above 50" in line
    (line,) = warned(policies("policy: respite, when: mean(burden) > 40, until: day > 500"))
    assert "policies.a.until: `day > 500` cannot be true" in line


@pytest.mark.parametrize(
    ("when", "until", "held"),
    [
        ("mean(burden) > 50 or mean(loneliness_ucla20) > 50", "mean(burden) > 40", "mean(burden) is above 50"),
        ("mean(mood) < 0.3 or mean(burden) > 50", "not (mean(burden) <= 40)", "mean(burden) is above 50"),
        (
            "mean(burden) > 50 and mean(mood) < 0.3",
            "mean(burden) > 40",
            "mean(burden) is above 50 and mean(mood) is below",
        ),
    ],
)
def test_an_alternative_of_the_trigger_that_is_a_release_is_warned_of(when, until, held):
    (line,) = warned(policies(f"policy: respite, when: {when}, until: {until}"))
    assert f"policies.a.until: while {held}" in line
    assert "`when` and `until` both hold" in line


@pytest.mark.parametrize("none", ["staff: 0", "programme_share: 0", "staff_week: 0"])
def test_a_policy_that_needs_staff_hours_in_a_centre_without_them_never_acts(none):
    centre = f"centres: {{park: {{{none}}}}}\n"
    (line,) = warned(centre + policies("policy: supervision"))
    assert "policies.a: the policy never acts: it needs staff hours, and its centres have none" in line
    assert warned(centre + policies("policy: respite, staff_hours: 0, staff_hours_each: 0")) == []
    hires = policies("policy: supervision", "policy: staffing")
    assert len(warned(centre + hires)) == (0 if none == "staff: 0" else 1)  # more staff without hours for policies
    two = f"centres: {{park: {{{none}}}, other: {{}}}}\n"
    assert warned(two + policies("policy: supervision, centres: [park, other]")) == []


def test_seats_that_policies_close_may_be_empty():
    closed = policies("policy: respite, when: vacant > 20", "policy: staffing, closed_places: 24")
    assert warned(closed) == []
    short = "rules: {turnover: {leaving_rate: 5, vacancy_days: 300}}\n"
    assert warned(short + policies("policy: respite, when: users < 3")) == []


def test_codesign_and_a_timetable_for_the_same_sessions_are_warned_of():
    both = ("policy: codesign", "policy: activity_timetable, grouping: rotating")
    (line,) = warned(policies(*both))
    assert "a and b both set the sessions of centres.park at once; only b, which acts last, counts" in line
    assert warned(policies(f"{both[0]}, end: 100", f"{both[1]}, start: 100")) == []


def test_two_groupings_of_the_same_sessions_are_warned_of():
    both = ("policy: activity_timetable, grouping: rotating", "policy: activity_timetable, grouping: free")
    (line,) = warned(policies(*both))
    assert line.startswith("ours.yaml:4:")
    assert "a and b both set the sessions of centres.park at once; only b, which acts last, counts" in line
    (line,) = warned(policies(f"{both[0]}, priority: 60", both[1]))
    assert "only a, which acts last, counts" in line
    assert warned(policies(f"{both[0]}, end: 100", f"{both[1]}, start: 100")) == []


def test_the_same_policy_twice_for_the_same_users_is_warned_of():
    (line,) = warned(policies("policy: help_cap", "policy: help_cap, refusal: 0.1"))
    assert "policies.b: a is help_cap too, at the same time in centres.park" in line
    apart = ("policy: help_cap, eligible: burden > 50", "policy: help_cap, eligible: burden <= 50")
    assert warned(policies(*apart)) == []
    assert warned(policies("policy: help_cap, end: 90", "policy: help_cap, start: 90")) == []
    assert warned(policies("policy: peer_support_workers", "policy: peer_support_workers, start: 90")) == []
    centres = "centres: {park: {}, other: {users: 20}}\n"
    assert warned(centres + policies("policy: help_cap, centres: [park]", "policy: help_cap, centres: [other]")) == []


def test_more_workers_or_staff_than_users_are_warned_of():
    small = "centres: {park: {users: 10, staff: 2}}\n"
    (line,) = warned(small + policies("policy: peer_support_workers, number: 11"))
    assert "policies.a.number: 11 workers for the 10 users of centres.park" in line
    assert warned(small + policies("policy: peer_support_workers, number: 10")) == []
    (line,) = warned(small + policies("policy: staffing, added_staff: 9"))
    assert "policies.a.added_staff: 11 staff with the added ones for the 10 users of centres.park" in line
    workers = "policy: peer_support_workers, number"
    (line,) = warned(policies(f"{workers}: 15", f"{workers}: 15"))
    assert "policies.b.number: 30 workers for the 25 users of centres.park (a, b)" in line
    assert warned(policies(f"{workers}: 15, end: 100", f"{workers}: 15, start: 100")) == []
    assert warned(policies(f"{workers}: 12", f"{workers}: 13")) == []
    (line,) = warned("centres: {park: {users: 10, staff: 11}}\n")
    assert line == "ours.yaml:2:36: warning: centres.park.staff: 11 staff for 10 users"


def test_closed_days_outside_the_run_and_a_run_of_closed_days_are_warned_of():
    (line,) = warned("centres: {park: {closures: [{first: 3, last: 9}, {first: 400, last: 410}]}}\n")
    assert line.startswith("ours.yaml:2:")
    assert "centres.park.closures.2: the centre is never closed by this: day 400 comes after the end of the run" in line
    (line,) = warned("centres: {park: {closures: [{first: 0, last: 364}]}}\n")
    assert "centres.park.closures: the centre is closed on all 365 days of the run" in line
    (line,) = warned("days: 2\nfirst_day: saturday\n")
    assert "centres.park.open: the centre is closed on all 2 days of the run" in line
    assert warned("days: 3\nfirst_day: saturday\n") == []


def test_a_centre_beside_an_inherited_one_is_warned_of():
    (line,) = warned("centres: {ours: {users: 34, staff: 3}}\n")
    assert line.startswith("ours.yaml:2:")
    assert line.endswith(
        "centres.ours: this centre stands beside park, which the scenario inherits; write park to change that centre; "
        "`replace: [centres]` leaves the inherited centres out"
    )
    (line,) = warned("centres: {prak: {users: 34, staff: 3}}\n" + policies("policy: respite, centres: [park]"))
    assert "stands beside park, which the scenario inherits; did you mean 'park'? `replace" in line
    assert warned("replace: [centres]\ncentres: {ours: {users: 34, staff: 3}}\n") == []
    assert warned("centres: {park: {staff: 3}, ours: {users: 34}}\n") == []
    (line,) = warned("centres: {ours: {users: 34}}\n" + policies("policy: respite, centres: [ours]"))
    assert "centres.ours: this centre stands beside park" in line
    both = policies("policy: respite, centres: [ours]", "policy: help_cap, centres: [park]")
    assert warned("centres: {ours: {users: 34}}\n" + both) == []


def test_warnings_follow_the_length_of_the_run():
    loaded = read("roll-out")
    found = warnings_in(loaded, loaded.scenario.with_changes(days=30))
    late = ("agreement-first", "agreement-second", "circle-first", "circle-second")  # the first has a ramp from day 28
    assert sorted(one.path for one in found) == [f"policies.{name}.start" for name in late]
    assert all(one.file.endswith("roll-out.yaml") and one.line > 20 and one.column > 0 for one in found)


def test_a_scenario_of_python_has_warnings_without_places():
    scenario = load_scenario("baseline").with_changes(policies={"p": {"policy": "respite", "start": 400}})
    (one,) = warnings_of(scenario)
    assert (one.path, one.file, one.line) == ("policies.p.start", "", 0)
    assert str(one).startswith("warning: policies.p.start: the policy never acts")


def timetable(*minutes: int) -> str:
    """Return a centre with sessions of these lengths on every weekday."""
    sessions = ", ".join(f"{{activity: crafts, minutes: {one}}}" for one in minutes)
    return f"centres: {{park: {{timetable: [{sessions}]}}}}\n"


def test_sessions_that_do_not_fit_into_a_day_are_refused():
    (line,) = warned(timetable(600, 600, 240))
    assert "centres.park.timetable: the sessions of a monday take 24 hours" in line
    assert warned(timetable(600, 115)) == []
    assert len(warned(timetable(600, 120))) == 1
    refusal = r"ours.yaml:2:\d+: centres.park.timetable: found sessions of 24.08 hours on a monday, allowed are at most"
    with pytest.raises(ScenarioError, match=refusal):
        warned(timetable(600, 600, 245))


def test_a_policy_whose_sessions_do_not_fit_into_a_day_is_refused():
    longer = policies("policy: activity_timetable, length: 3")
    (line,) = warned(timetable(540, 60, 100) + longer)
    assert "policies.a: in centres.park, the sessions of a monday take 18 hours" in line  # no session exceeds 10 hours
    with pytest.raises(ScenarioError, match=r"policies.a: in centres.park, found sessions of 26 hours on a monday"):
        warned(timetable(540, 200, 120) + longer)


def test_sessions_on_different_weekdays_do_not_add_up():
    held = "{{activity: crafts, minutes: 600, days: [{}]}}"
    sessions = ", ".join(held.format(day) for day in ("monday", "tuesday", "wednesday", "thursday", "friday"))
    assert warned(f"centres: {{park: {{timetable: [{sessions}]}}}}\n") == []


def test_too_many_alternatives_are_left_open():
    many = " and ".join(f"(burden > {low} or mood > 0.{low})" for low in range(10, 22))
    assert possible([Condition(many, "user")], {}) is None
    assert possible([Condition("burden > 50 and mood < 0.5", "user")], {}) != []
    assert possible([Condition("burden > 50", "user")], {quantity("burden"): Range(0.0, 40.0)}) == []
