"""What each policy does, in the way its source describes: paired runs, 99 % intervals beyond zero."""

import numpy as np
import pytest
from paired import SEEDS, interval, lived, mean_of, of_users, runs, share_of

from sim.scenario.schema.policy import policies
from sim.state.columns import CAUSES

ALL = {"eligible": "all", "uptake": 1.0, "ramp": 0}
DEEP = ("distress_talks", "illness_talks")
PERSONAL = ("strengths_talks", *DEEP)
received_well = share_of("well_received", PERSONAL)


def rises(statistic, use, against=None, **more) -> bool:
    """Return whether a policy raises a statistic, over the whole interval."""
    low, high = interval(statistic, use, against, **more)
    print(f"{use}: {low:.4g} to {high:.4g}")
    return low > 0


def falls(statistic, use, against=None, **more) -> bool:
    """Return whether a policy lowers a statistic, over the whole interval."""
    low, high = interval(statistic, use, against, **more)
    print(f"{use}: {low:.4g} to {high:.4g}")
    return high < 0


def total(*outcomes):
    """Return the sum of daily counts over the run."""
    return lambda result: float(sum(result.daily[name].sum() for name in outcomes))


def test_usual_care_changes_nothing():
    assert interval(mean_of("burden"), {"policy": "usual_care"}) == (0.0, 0.0)
    for plain, cared in zip(runs({}), runs({"use": {"policy": "usual_care"}}), strict=True):
        assert plain.daily.tobytes() == cared.daily.tobytes()


TRAINED = {"policy": "communication_training"} | ALL


def test_trained_listeners_receive_personal_talk_better():
    assert rises(received_well, TRAINED | {"restraint_gain": 0.0})


def test_trained_listeners_ask_less_like_doctors():
    assert falls(share_of("questioned", DEEP), TRAINED | {"skill_gain": 0.0})


DISCREET = {"policy": "confidentiality_training"} | ALL


def test_those_who_have_signed_pass_on_less():
    assert falls(share_of("leaks", DEEP), DISCREET | {"assurance": 0.0})


def test_an_agreement_stands_in_for_trust_and_more_is_said():
    assert rises(total(*DEEP), DISCREET | {"discretion_gain": 0.0, "assurance": 0.3})


CIRCLE = {"policy": "disclosure_circle"} | ALL


def test_in_a_circle_more_is_said():
    assert rises(total(*DEEP), CIRCLE | {"openness": 0.3}, CIRCLE | {"openness": 0.0})


def test_a_facilitator_helps_reception():
    assert rises(received_well, CIRCLE | {"facilitation": 2.0}, CIRCLE | {"facilitation": 0.0})


def test_what_is_said_in_a_circle_stays_there():
    assert falls(share_of("leaks", DEEP), CIRCLE | {"discretion": 1.0}, CIRCLE | {"discretion": 0.0})


BUDDY = {"policy": "buddy_scheme", "uptake": 1.0}
MANY_COME = {"rules": {"turnover": {"leaving_rate": 1.5, "vacancy_days": 5.0}}}


def hours_with_buddy(seed: int, closeness: float) -> float:
    """Return the mean hours of newcomers with their matched buddy."""
    engine = lived({"use": BUDDY | {"closeness": closeness}}, seed, **MANY_COME)
    state, pairs = engine.state, engine.review.running[0].seniors.items()
    first, n = int(state.centres[0].first_tie), int(state.centres[0].capacity)
    seats = [(state.users[row].seat, state.users[buddy].seat) for row, buddy in pairs]
    return float(np.mean([state.ties[first + i * n + j].hours for i, j in seats if i >= 0 and j >= 0] or [0.0]))


@pytest.mark.slow
def test_a_newcomer_spends_more_time_with_the_buddy():
    differences = [hours_with_buddy(seed, 1.0) - hours_with_buddy(seed, 0.0001) for seed in SEEDS]
    assert np.mean(differences) > 3.25 * np.std(differences, ddof=1) / len(SEEDS) ** 0.5


def test_buddies_show_newcomers_the_ropes():
    assert rises(total("helped_informational"), BUDDY, **MANY_COME)


CAP = {"policy": "help_cap"} | ALL
HEAVY = {"rules": {"wellbeing": {"burden_gain": 0.2}}, "users": {"support_capacity": {"mean": 0.5, "sd": 0.2}}}


def test_with_a_cap_fewer_acts_of_help_are_done():
    assert falls(total("helped"), CAP | {"refusal": 1.0, "boundary": 0.0}, **HEAVY)


def test_with_a_cap_the_burden_of_those_who_are_inclined_to_help_falls():
    def burden_of_helpers(result) -> float:
        users = result.users[result.users["status"] == 1]
        inclined = users["helping_inclination"] >= np.median(users["helping_inclination"])
        return float(users["burden"][inclined].mean())

    assert falls(burden_of_helpers, CAP | {"refusal": 1.0, "boundary": 0.0}, **HEAVY)


def test_boundaries_keep_off_what_is_not_wanted():
    near = {"users": {"desired_closeness": {"mean": 0.3, "sd": 0.2}}}
    assert falls(mean_of("burden"), CAP | {"refusal": 0.0, "boundary": 0.6}, **near)


def test_supervision_takes_strain_off():
    assert falls(mean_of("burden"), {"policy": "supervision", "capacity": 0.0} | ALL, **HEAVY)


def test_supervision_lets_one_bear_more():
    assert falls(mean_of("burden"), {"policy": "supervision", "relief": 0.0, "capacity": 0.6} | ALL, **HEAVY)


def test_respite_lets_burden_fall_faster():
    assert falls(mean_of("burden"), {"policy": "respite"} | ALL)


TIMETABLE = {"policy": "activity_timetable"}


def pairs_who_talked(grouping: str) -> int:
    """Return how many ordered pairs of strangers talked within a term of assigned groups."""
    session = [{"activity": "crafts", "group_size": 4}]
    start = {"network": {"kind": "none"}, "settling": 0, "centre": {"timetable": session}}
    start["mechanisms"] = {"helping": False}
    none_leaves = {"rules": {"turnover": {"leaving_rate": 0.0}}}
    engine = lived({"use": TIMETABLE | {"grouping": grouping}}, days=85, **start, **none_leaves)
    return int((engine.state.ties["last_contact"] >= 0).sum())


def test_with_rotating_groups_more_people_meet_than_with_assigned_ones():
    rotating, free, assigned = (pairs_who_talked(grouping) for grouping in ("rotating", "free", "assigned"))
    assert rotating > 1.2 * assigned
    assert rotating >= free > assigned


def test_longer_sessions_give_more_talk():
    assert rises(total("talk_hours"), TIMETABLE | {"length": 1.5}, TIMETABLE | {"length": 0.7})


def test_a_new_timetable_is_followed():
    new = [{"activity": "free time", "minutes": 30, "days": ["monday"]}]
    assert falls(total("talk_hours"), TIMETABLE | {"timetable": new})


HOURS = {"policy": "out_of_hours"} | ALL
IN_TOUCH = {"rules": {"contact": {"daily_rate": 0.4, "closeness_from": 0.35}}}


def test_in_quiet_hours_fewer_call():
    assert falls(total("contact_hours"), HOURS | {"quiet": 0.5, "evenings": 0.0}, **IN_TOUCH)


def test_quiet_hours_of_all_leave_out_the_share_of_calls_that_is_said():
    statistic = total("contacts")
    quiet = {"use": HOURS | {"quiet": 0.5, "evenings": 0.0}}
    without, with_it = (sum(statistic(one) for one in runs(uses, **IN_TOUCH)) for uses in ({}, quiet))
    assert with_it / without == pytest.approx(0.5, abs=0.12)


def test_the_evening_group_gives_company():
    assert rises(of_users("company"), HOURS | {"quiet": 0.0, "evenings": 0.6})


REACH = {"policy": "outreach", "after": 1, "effect": 2.0} | ALL


@pytest.mark.parametrize("caller", ["staff", "peers"])
def test_who_is_called_comes_again(caller):
    assert rises(total("attended"), REACH | {"caller": caller})


def test_peers_who_call_are_company():
    assert rises(of_users("company"), REACH | {"caller": "peers", "effect": 0.0}, days=199)


VOCATION = {"policy": "vocational_training", "eligible": "all", "uptake": 0.4, "ramp": 0}


@pytest.mark.slow
def test_mentors_teach():
    teaching = VOCATION | {"closeness": 1.0, "teaching": 0.9}
    assert rises(total("teaching"), teaching, VOCATION | {"closeness": 1.0, "teaching": 0.0})


def test_trainees_leave_to_work():
    def gone_to_work(result) -> float:
        return float((result.users["leave_cause"] == CAUSES.index("work")).sum())

    assert rises(gone_to_work, VOCATION | {"work_rate": 2.0, "uptake": 1.0})


CAMPAIGN = {"policy": "public_awareness"} | ALL


def test_a_campaign_lowers_the_stigma_that_users_meet_and_their_own():
    assert falls(mean_of("public_stigma"), CAMPAIGN | {"speaking_up": 0.0})
    assert falls(mean_of("self_stigma"), CAMPAIGN | {"speaking_up": 0.0})


def test_representatives_speak():
    assert rises(total("advocacy"), CAMPAIGN | {"reach": 0.0})


def test_families_who_understand_make_less_lonely():
    families = {"policy": "family_psychoeducation", "gain": 0.5} | ALL
    assert rises(of_users("family_support"), families)
    assert falls(mean_of("loneliness_ucla20"), families)


COUNCIL = {"policy": "codesign"} | ALL


def test_users_with_a_say_belong():
    assert rises(mean_of("group_identity"), COUNCIL | {"norm": 0.0})


def test_a_council_agrees_to_talk_more_openly():
    assert rises(mean_of("norm"), COUNCIL | {"say": 0.0})


STAFF = {"policy": "staffing"}


def test_more_staff_and_personal_talk_is_received_better():
    assert rises(received_well, STAFF | {"added_staff": 3})


def test_seats_that_are_closed_stay_empty():
    assert falls(mean_of("users"), STAFF | {"added_staff": 0, "closed_places": 8}, **MANY_COME)


def test_added_staff_have_hours_for_other_policies():
    short = {"training": {"policy": "supervision", "eligible": "all", "staff_hours": 100}}
    centre = {"centre": {"staff": 1, "programme_share": 0.2}}
    few = lived(short, days=10, **centre).daily["staff_hours"][5, 0]
    more = lived(short | {"more": STAFF | {"added_staff": 2}}, days=10, **centre).daily["staff_hours"][5, 0]
    assert (few * 7, more * 7) == pytest.approx((8.0, 24.0))


WORKERS = {"policy": "peer_support_workers", "number": 2, "hours": 8, "training": 0.9} | ALL


def test_workers_meet_needs():
    assert falls(mean_of("open_needs"), WORKERS)


def test_workers_take_help_off_peers():
    assert falls(total("helped"), WORKERS)


def test_workers_are_trusted_with_time():
    early, late = (lived({"use": WORKERS}, days=days).state.users for days in (14, 200))
    means = [float(users["worker_trust"][users["worker"] > 0].mean()) for users in (early, late)]
    assert 0 < means[0] < means[1] <= 1


def test_workers_with_more_than_they_can_bear_are_burdened_unless_supervised():
    tired = lived({"use": WORKERS | {"capacity": 0.0, "supervision": 0.0}}).state.workers["burden"]
    seen = lived({"use": WORKERS | {"capacity": 0.0, "supervision": 2.0}}).state.workers["burden"]
    able = lived({"use": WORKERS | {"capacity": 100.0}}).state.workers["burden"]
    assert tired.min() > 0
    assert seen.tolist() == able.tolist() == [0.0, 0.0]


def test_every_policy_has_a_test_here():
    said = [
        use["policy"] for use in (TRAINED, DISCREET, CIRCLE, BUDDY, CAP, TIMETABLE, HOURS, REACH, VOCATION, CAMPAIGN)
    ]
    said += [use["policy"] for use in (COUNCIL, STAFF, WORKERS)]
    said += ["usual_care", "supervision", "respite", "family_psychoeducation"]
    assert set(policies()) == set(said)
