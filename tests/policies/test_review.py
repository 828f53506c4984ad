"""The review: who takes part, the level of a policy, who gets the hours of staff, and what is restored."""

import numpy as np
import pytest
from paired import scenario

from sim.engine import Engine
from sim.policies.help_cap import HelpCap
from sim.scenario.schema.changes import Replace
from sim.scenario.schema.effects import toward
from sim.scenario.schema.scenario import Scenario

ALL = {"eligible": "all"}
SURE = ALL | {"uptake": 1.0}


def begun(policies, seed: int = 3, **more) -> Engine:
    """Return a run on day 0, before its first review."""
    return Engine(scenario(policies, **more), seed)


def levels(policies, days: int, **more) -> dict[int, float]:
    """Return the level of the first use in the first centre, by day of review."""
    engine = begun(policies, **more)
    engine.advance(days)
    kept = engine.review.records()
    return {int(row.day): float(row.level) for row in kept if row.use == 0 and row.centre == 0}


# Ramp, fade and dates.


def test_a_policy_rises_over_its_ramp_and_fades_by_hand():
    use = {"policy": "help_cap", "start": 10, "end": 45, "ramp": 20, "fade": 14} | ALL
    expected = {
        0: 0, 7: 0, 10: 0, 14: 0.2, 21: 0.55, 28: 0.9, 35: 1, 42: 1, 45: 1, 49: 1 - 4 / 14, 56: 1 - 11 / 14, 59: 0,
        63: 0,
    }  # fmt: skip
    assert levels({"use": use}, 64) == pytest.approx(expected)


def test_what_ends_on_its_way_up_fades_from_there():
    use = {"policy": "help_cap", "start": 0, "end": 21, "ramp": 42, "fade": 14} | ALL
    assert levels({"use": use}, 36) == pytest.approx({0: 0, 7: 1 / 6, 14: 2 / 6, 21: 0.5, 28: 0.25, 35: 0})


def test_levers_are_level_times_strength():
    use = {"policy": "help_cap", "ramp": 28, "intensity": 0.5, "refusal": 0.8, "boundary": 0.4} | SURE
    engine = begun({"use": use})
    engine.advance(15)
    users = engine.state.users[engine.enrolled]
    settled = users[users["arrived"] < 14]
    assert settled["limits"] == pytest.approx(np.full(len(settled), 0.5 * 0.5 * 0.8))
    assert settled["boundary"] == pytest.approx(np.full(len(settled), 0.5 * 0.5 * 0.4))


def test_traits_move_the_share_of_what_is_missing_and_go_back():
    use = {"policy": "communication_training", "end": 20, "ramp": 0, "fade": 0, "skill_gain": 0.25} | SURE
    engine = begun({"use": use})
    before = engine.state.users["listening_skill"].copy()
    engine.advance(8)
    rows = np.flatnonzero((engine.state.users["status"] == 1) & (engine.state.users["arrived"] < 0))
    assert engine.state.users["listening_skill"][rows] == pytest.approx(before[rows] + 0.25 * (1 - before[rows]))
    engine.advance(13)
    assert np.array_equal(engine.state.users["listening_skill"][: len(before)], before)


def test_nobody_new_takes_part_in_what_stays_after_the_end():
    use = {"policy": "communication_training", "end": 14, "ramp": 0, "fade": 300} | SURE
    engine = begun({"use": use}, rules={"turnover": {"leaving_rate": 4.0, "vacancy_days": 2.0}})
    engine.advance(60)
    users = engine.state.users[engine.enrolled]
    late, early = users["arrived"] >= 14, users["arrived"] < 7  # there at the last review before the end
    assert late.sum() > 3
    assert early.sum() > 3
    assert not users["restraint"][late].any()
    assert users["restraint"][early].all()


def test_what_stays_is_as_strong_as_it_was_when_hours_were_short():
    use = {"policy": "help_cap", "end": 14, "ramp": 0, "fade": 140, "staff_hours": 16, "refusal": 1.0} | SURE
    engine = begun({"use": use}, centre={"staff": 1, "programme_share": 0.2})
    engine.advance(14)
    before = engine.state.users["limits"][engine.enrolled].max()
    engine.advance(8)
    assert before == pytest.approx(0.5)
    assert engine.state.users["limits"][engine.enrolled].max() == pytest.approx(0.5 * (1 - 7 / 140))


def test_dates_of_one_policy_are_of_no_account_to_another():
    mine = {"policy": "activity_timetable", "grouping": "rotating", "uptake": 0.5} | ALL
    idle = {f"idle-{day}": {"policy": "usual_care", "start": day, "end": day + 9} for day in (3, 16, 30, 45)}
    runs = []
    for more in ({}, idle):
        engine = begun({"use": mine, "buddies": {"policy": "buddy_scheme", "uptake": 0.4} | ALL} | more)
        engine.advance(60)
        runs.append(engine.daily.tobytes())
    assert runs[0] == runs[1]


# Hours of staff.


def hours(policies, **more):
    """Return the weekly hours that each use wants and gets at the review of day 0, by name; and the day's ledger."""
    engine = begun(policies, centre={"staff": 2, "staff_week": 40, "programme_share": 0.125} | more)
    engine.advance(1)
    kept = engine.review.records()
    found = {engine.review.names[row.use]: (float(row.hours_wanted), float(row.hours_served)) for row in kept}
    return found, engine.daily[0, 0], engine


def wants(number: float, **more):
    return {"policy": "supervision", "staff_hours": number, "staff_hours_each": 0} | SURE | more


def test_with_enough_hours_everybody_gets_what_they_want():
    found, today, _ = hours({"a": wants(4), "b": wants(6)})
    assert found == {"a": (4, 4), "b": (6, 6)}
    assert (today.staff_hours * 7, today.staff_hours_unserved) == pytest.approx((10, 0))


def test_equals_share_in_proportion_to_what_they_want():
    found, today, _ = hours({"a": wants(5), "b": wants(15)})
    assert found["a"] == pytest.approx((5, 2.5))
    assert found["b"] == pytest.approx((15, 7.5))
    assert (today.staff_hours * 7, today.staff_hours_unserved * 7) == pytest.approx((10, 10))


def test_the_smaller_number_of_priority_is_served_first():
    uses = {
        "a": wants(8, priority=50),
        "b": wants(8, priority=10),
        "c": wants(2, priority=50),
        "d": wants(5, priority=99),
    }
    found, _, _ = hours(uses)
    served = {name: got for name, (_, got) in found.items()}
    assert served == pytest.approx({"b": 8, "a": 1.6, "c": 0.4, "d": 0})


def test_hours_a_head_count_those_who_take_part():
    found, _, engine = hours({"a": wants(1, staff_hours_each=0.1)}, programme_share=1.0)
    assert found["a"][0] == pytest.approx(1 + 0.1 * len(engine.enrolled))


def test_a_policy_acts_with_the_share_of_hours_it_gets():
    uses = {"a": wants(5, relief=0.4), "b": {"policy": "help_cap", "ramp": 0, "refusal": 0.8, "staff_hours": 15} | SURE}
    _, _, engine = hours(uses)
    users = engine.state.users[engine.enrolled]
    assert users["supervised"].max() == pytest.approx(0.5 * 0.4)
    assert users["limits"].max() == pytest.approx(0.5 * 0.8)


def test_half_the_intensity_wants_half_the_hours_and_half_the_money():
    found, today, _ = hours({"a": wants(8, intensity=0.5, money=700)})
    assert found["a"] == (4, 4)
    assert today.money == pytest.approx(50)


def test_without_anybody_who_takes_part_nothing_is_wanted():
    found, today, _ = hours({"a": wants(8, eligible="burden > 99.9", money=700)})
    assert found["a"] == (0, 0)
    assert (today.staff_hours, today.money) == (0, 0)


def test_what_is_kept_agrees_with_the_ledger():
    uses = {"a": wants(30), "b": wants(15, start=10, end=40, priority=3, money=90)}
    engine = begun(uses, centre={"programme_share": 0.2})
    engine.advance(60)
    kept = engine.review.records()
    days = sorted(set(kept["day"].tolist()))
    assert {0, 7, 10, 14, 40, 42} <= set(days)
    for first, last in zip(days, [*days[1:], 60], strict=True):
        now = kept[kept["day"] == first]
        for day in range(first, last):
            today = engine.daily[day, 0]
            assert today.staff_hours * 7 == pytest.approx(now["hours_served"].sum())
            assert today.staff_hours_unserved * 7 == pytest.approx((now["hours_wanted"] - now["hours_served"]).sum())
            assert today.money * 7 == pytest.approx(now["money"].sum())
    assert (engine.daily["staff_hours_unserved"] > 0).any()


# Who takes part.


def who(engine: Engine, column: str = "limits") -> set[int]:
    """Return the names of users on whom a policy acts."""
    users = engine.state.users
    return set(users["uid"][(users["status"] == 1) & (users[column] > 0)].tolist())


@pytest.mark.parametrize("uptake", [0.2, 0.5, 0.8])
def test_the_share_who_take_part_is_about_uptake(uptake):
    engine = begun(
        {"use": {"policy": "help_cap", "ramp": 0, "uptake": uptake} | ALL}, centre={"users": 400}, settling=0
    )
    engine.advance(1)
    share = len(who(engine)) / len(engine.enrolled)
    assert abs(share - uptake) < 3.3 * (uptake * (1 - uptake) / 400) ** 0.5


def test_the_same_people_take_part_on_every_run_and_more_with_more_uptake():
    def takers(uptake: float, **more) -> set[int]:
        engine = begun({"use": {"policy": "help_cap", "ramp": 0, "uptake": uptake} | ALL} | more)
        engine.advance(1)
        return who(engine)

    assert takers(0.5) == takers(0.5) == takers(0.5, another={"policy": "respite"} | SURE)
    assert takers(0.3) < takers(0.6) < takers(1.0)


@pytest.mark.parametrize(("stay", "left"), [("while eligible", False), ("once begun", True)])
def test_whether_one_stays_when_no_longer_eligible(stay, left):
    use = {"policy": "help_cap", "ramp": 0, "uptake": 1.0, "stay": stay, "eligible": "days_since_arrival < 2000"}
    engine = begun({"use": use})
    engine.state.users["arrived"][engine.enrolled[:5]] = -1995.0
    names = set(engine.state.users["uid"][engine.enrolled[:5]].tolist())
    engine.advance(1)
    assert names <= who(engine)
    engine.advance(14)
    there = set(engine.state.users["uid"][engine.enrolled].tolist())
    assert (names & there <= who(engine)) is left
    assert bool(names & who(engine)) is left


def test_the_same_policy_twice_for_different_people():
    uses = {
        "women": {"policy": "help_cap", "ramp": 0, "refusal": 0.9, "eligible": "sex == woman", "uptake": 1.0},
        "men": {"policy": "help_cap", "ramp": 0, "refusal": 0.3, "eligible": "sex == man", "uptake": 1.0},
    }
    engine = begun(uses)
    engine.advance(1)
    users = engine.state.users[engine.enrolled]
    assert users["limits"] == pytest.approx(np.where(users["sex"] == 1, 0.9, 0.3))
    assert {0, 1} == set(users["sex"].tolist())


def test_two_policies_on_one_trait_each_move_a_share_of_what_is_missing():
    one = {"policy": "help_cap", "ramp": 0, "refusal": 0.5} | SURE
    engine = begun({"a": one, "b": one | {"refusal": 0.8}})
    engine.advance(1)
    assert engine.state.users["limits"][engine.enrolled] == pytest.approx(np.full(len(engine.enrolled), 1 - 0.5 * 0.2))


def test_two_of_what_adds_up_stay_in_range():
    evening = {"policy": "out_of_hours", "evenings": 0.8} | SURE
    engine = begun({"a": evening, "b": evening, "c": {"policy": "public_awareness", "reach": 0.7, "ramp": 0} | SURE,
                    "d": {"policy": "public_awareness", "reach": 0.7, "ramp": 0} | SURE})  # fmt: skip
    engine.advance(8)
    assert (engine.state.users["evenings"][engine.enrolled] <= 1.0).all()
    assert engine.state.society[0].campaign == 1.0
    assert (engine.daily["public_stigma"] >= 0).all()


NOBODY_LEAVES = {"rules": {"turnover": {"leaving_rate": 0.0}}}


def by_turns(use, *groups: slice):
    """Run weeks in which different users are eligible (those who came recently); return the run."""
    engine = begun({"use": use | {"eligible": "days_since_arrival < 300", "uptake": 1.0}}, **NOBODY_LEAVES)
    users = engine.state.users
    users["years_in_centre"] = 0.0
    users["years_in_centre"][engine.enrolled[-1]] = 9.0  # the only senior
    for group in groups:
        users["arrived"][engine.enrolled] = -2000.0
        users["arrived"][engine.enrolled[group]] = -10.0
        users["unwell"] = 0
        engine.advance(7)
        users = engine.state.users
    return engine


def test_a_match_that_has_gone_to_somebody_else_is_not_taken_back():
    use = {"policy": "buddy_scheme", "senior_from": 8}
    one, other, both = slice(0, 1), slice(1, 2), slice(0, 2)
    for groups in ((one,), (one, other), (one, other, both)):
        engine = by_turns(use, *groups)
        assert np.count_nonzero(engine.state.ties["arranged"]) == 2


def test_a_place_on_a_caseload_that_has_been_given_away_is_not_taken_back():
    use = {"policy": "peer_support_workers", "number": 1, "caseload": 4, "stay": "while eligible"}
    engine = by_turns(use, slice(0, 4), slice(4, 8), slice(0, 8))
    assert np.flatnonzero(engine.state.users["worker"][engine.enrolled]).tolist() == [4, 5, 6, 7]


def test_caseloads_are_kept_to_and_filled():
    use = {"policy": "peer_support_workers", "number": 2, "caseload": 4}
    engine = by_turns(use, slice(0, 3), slice(0, 12))
    loads = [int((engine.state.users["worker"] == number).sum()) for number in (1, 2)]
    assert loads == [4, 4]


# What sets a policy off.


def times(when: str, days: int = 200, **more) -> list[int]:
    """Return the days of review at which a policy with a condition is in force."""
    use = {"policy": "help_cap", "ramp": 0, "fade": 0, "when": when} | SURE | more
    return [day for day, level in levels({"use": use}, days).items() if level > 0]


def test_without_until_it_acts_while_the_condition_holds():
    assert times("day >= 20 and day < 50") == [21, 28, 35, 42, 49]


def test_what_has_to_last_is_waited_for():
    assert times("day >= 20 and day < 50 for 2 weeks") == [35, 42, 49]


def test_what_does_not_last_sets_nothing_off():
    assert times("day >= 20 and day < 30 for 2 weeks") == []


def test_until_ends_it_whatever_has_set_it_off():
    assert times("day >= 20 and day < 30", until="day >= 60") == [21, 28, 35, 42, 49, 56]


def test_until_has_to_last_from_its_start_on():
    assert times("day >= 20 and day < 22", until="day >= 1 for 3 weeks") == [21, 28, 35]


def test_after_its_end_it_waits_for_the_cooldown():
    found = times("day >= 1", days=100, until="day >= 30", cooldown=21)
    assert found == [7, 14, 21, 28, 56, 84]


def test_start_and_end_bound_what_is_set_off():
    assert times("day >= 1", start=30, end=45) == [30, 35, 42]


def test_a_centre_sets_off_its_own():
    use = {"policy": "help_cap", "ramp": 0, "when": "users > 15"} | SURE
    given = scenario({"use": use}).with_changes(
        centres=Replace({"small": {"users": 10, "staff": 5}, "large": {"users": 20, "staff": 5}})
    )
    engine = Engine(given, 3)
    engine.advance(8)
    users = engine.state.users[engine.enrolled]
    assert set(users["centre"][users["limits"] > 0].tolist()) == {1}


def test_what_comes_again_while_something_stays_builds_on_it():
    use = {"policy": "help_cap", "ramp": 28, "fade": 56, "when": "day < 30 or day > 40"} | SURE
    found = levels({"use": use}, 64)
    assert [found[day] for day in (28, 35, 42, 49)] == pytest.approx([1.0, 1.0, 1 - 7 / 56, 1.0])


# What is put back.


def test_what_somebody_writes_while_a_policy_acts_is_kept():
    use = {"policy": "communication_training", "ramp": 0, "fade": 0, "end": 21, "skill_gain": 0.5} | SURE
    engine = begun({"use": use})
    engine.advance(3)
    row, other = engine.enrolled[:2]
    engine.state.users["listening_skill"][row] = 0.2
    engine.advance(7)
    assert engine.state.users["listening_skill"][row] == pytest.approx(0.6)
    engine.advance(14)
    assert engine.state.users["listening_skill"][row] == 0.2
    assert engine.state.users["listening_skill"][other] != 0.2


def test_a_policy_that_moves_what_it_does_not_declare_is_refused(monkeypatch):
    monkeypatch.setattr(HelpCap, "act", lambda use, on: on.toward("user.burden", 0.0, 1.0))
    engine = begun({"use": {"policy": "help_cap", "ramp": 0} | SURE})
    with pytest.raises(ValueError, match=r"HelpCap acts on user\.burden, which it does not declare"):
        engine.advance(1)


def test_an_effect_on_what_the_policy_does_not_declare_is_refused_before_the_first_day(monkeypatch):
    monkeypatch.setattr(HelpCap, "effects", lambda use: (toward("user.burden", 0.0, 1.0),))
    with pytest.raises(ValueError, match=r"HelpCap acts on user\.burden, which it does not declare"):
        begun({"use": {"policy": "help_cap", "ramp": 0} | SURE})


def test_a_review_is_held_once_a_day():
    engine = begun({"use": {"policy": "out_of_hours"} | SURE})
    engine.advance(8)
    before = engine.state.users.copy()
    engine.review.hold(engine.state, 7)
    assert np.array_equal(engine.state.users, before)


def test_reviews_are_weekly_and_on_dates():
    uses = {"use": {"policy": "help_cap", "start": 3, "end": 30, "fade": 9} | ALL}
    assert list(levels(uses, 50)) == [0, 3, 7, 14, 21, 28, 30, 35, 39, 42, 49]


def test_a_scenario_without_policies_holds_no_review():
    assert Engine(Scenario(name="x"), 1).review is None
