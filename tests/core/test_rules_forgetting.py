"""Phase 11: what grows by the hours of the day, and what fades."""

import math

import numpy as np
import pytest
from hand_made import SEED, SURE, befriend, hand_made, meet, tie
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rules.conversation import conversation
from sim.rules.forgetting import fade_rate, felt_hours, forgetting, grown
from sim.rules.support import support
from sim.state.columns import ACQUAINTANCE

FADING = {"forgetting_fade_strong": 0.1625, "forgetting_fade_weak": 2.0}
HALL = {"forgetting_hours_scale": 116.0}


def test_the_closest_lose_fifteen_percent_a_year_without_contact():
    p = hand_made(1, **FADING).p[0]
    assert (1 - fade_rate(1.0, p)) ** 365.25 == pytest.approx(0.85, abs=1e-4)


def test_a_tie_near_nothing_fades_at_the_weak_rate():
    p = hand_made(1, **FADING).p[0]
    assert fade_rate(0.0, p) == pytest.approx(2.0 / 365.25)


def test_half_way_a_quarter_of_the_difference_is_left():
    p = hand_made(1, **FADING).p[0]
    assert fade_rate(0.5, p) == pytest.approx((0.1625 + (2.0 - 0.1625) / 4) / 365.25)


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_weaker_fade_faster(one, other):
    p = hand_made(1, **FADING).p[0]
    weak, strong = sorted((one, other))
    assert fade_rate(weak, p) >= fade_rate(strong, p)


def test_nothing_fades_by_more_than_all_of_it():
    assert fade_rate(0.0, hand_made(1, forgetting_fade_weak=5000.0).p[0]) == 1.0


@pytest.mark.parametrize(("hours", "closeness"), [(0.0, 0.0), (50.0, 0.35), (106.0, 0.60), (220.0, 0.85)])
def test_hours_make_friends_as_hall_found(hours, closeness):
    assert grown(0.0, hours, hand_made(1, **HALL).p[0]) == pytest.approx(closeness, abs=0.002)


@given(st.floats(0, 1), st.floats(0, 200), st.floats(0, 200))
def test_hours_add_up_however_they_are_split(closeness, one, other):
    p = hand_made(1, **HALL).p[0]
    assert grown(grown(closeness, one, p), other, p) == pytest.approx(grown(closeness, one + other, p), abs=1e-12)


def felt(
    hours: float = 2.0, liking: float = 0.0, shared: int = 0, company: float = 0.0, off: str = "", **wanted: float
) -> float:
    """Return what hours count for a user who wants a tie of 0.6."""
    closeness = wanted.pop("closeness", 0.2)
    s = hand_made(2, **wanted, **({off: 0} if off else {}))
    u, t = s.users[0], tie(s, 0, 1)
    t.today, t.liking, t.liking_base, t.shared, t.closeness = hours, liking, 9.0, shared, closeness
    u.desired_closeness, u.company = 0.6, company
    return float(felt_hours(u, t, s.p[0]))


BEYOND = {"proximity_beyond_gain": 0.25}
SHARED = {"encounters_shared_liking": math.log(2.0), "encounters_most_shared": 2}


@pytest.mark.parametrize(
    ("state", "hours"),
    [
        ({}, 2.0), ({"liking": math.log(3.0)}, 6.0), ({"liking": -math.log(2.0)}, 1.0),
        ({"closeness": 0.59, **BEYOND}, 2.0), ({"closeness": 0.6, **BEYOND}, 0.5), ({"closeness": 0.9, **BEYOND}, 0.5),
        ({"closeness": 0.9, **BEYOND, "off": "proximity_regulation"}, 2.0),
        ({"shared": 1, **SHARED}, 4.0), ({"shared": 5, **SHARED}, 8.0),
        ({"shared": 5, **SHARED, "off": "shared_friends"}, 2.0),
        ({"company": 0.5, "wellbeing_satiety": 0.5}, 1.0), ({"company": 1.5, "wellbeing_satiety": 0.5}, 0.5),
    ],
)  # fmt: skip
def test_hours_count_by_liking_and_those_in_common_and_less_where_there_is_enough(state, hours):
    assert felt(**state) == pytest.approx(hours)


@pytest.mark.parametrize(("hours", "counted"), [(0.0, 0.0), (math.log(2.0), 0.5), (math.log(4.0), 0.75), (50.0, 1.0)])
def test_more_hours_with_one_person_in_a_day_hardly_count(hours, counted):
    assert felt(hours, forgetting_day_hours=1.0) == pytest.approx(counted)


def close_the_day(day: int = 5, **wanted: float):
    """Close the day of two friends who spent two hours together, and of a third who saw nobody."""
    s = hand_made(3, days=8, **wanted)
    for i, j in ((0, 1), (0, 2)):
        befriend(s, i, j, 0.5)
        for t in (tie(s, i, j), tie(s, j, i)):
            t.trust = 0.6
    for t in (tie(s, 0, 1), tie(s, 1, 0)):
        t.today, t.met = 2.0, 2.0
    forgetting(s, 0, day)
    return s


def test_closeness_grows_by_the_hours_of_the_day_and_does_not_fade():
    s = close_the_day(**FADING, **HALL)
    assert tie(s, 0, 1).closeness == pytest.approx(1 - 0.5 * math.exp(-2 / 116))


DAILY_FADE = (0.1625 + 1.8375 / 4) / 365.25
"""Share of a closeness of one half that fades in a day."""


def test_closeness_fades_without_contact():
    s = close_the_day(**FADING, **HALL)
    assert tie(s, 0, 2).closeness == pytest.approx(0.5 * (1 - DAILY_FADE))


@pytest.mark.parametrize(("absent", "share"), [((), 1.0), ((0,), 0.2), ((2,), 0.2), ((0, 2), 0.2)])
def test_closeness_fades_in_full_only_when_both_were_there(absent, share):
    s = hand_made(3, **FADING, forgetting_apart_ratio=0.2)
    befriend(s, 0, 2, 0.5)
    s.users.attends[list(absent)] = 0
    forgetting(s, 0, 0)
    for t in (tie(s, 0, 2), tie(s, 2, 0)):
        assert t.closeness == pytest.approx(0.5 * (1 - share * DAILY_FADE))


def test_to_sit_side_by_side_brings_closer_and_is_no_contact():
    s = hand_made(2, **FADING, forgetting_hours_scale=1.0)
    befriend(s, 0, 1, 0.0)
    tie(s, 0, 1).today = math.log(2.0)
    forgetting(s, 0, 0)
    assert tie(s, 0, 1).closeness == pytest.approx(0.5 * (1 - DAILY_FADE))


def test_being_known_wears_off_and_belongs_to_the_one_side():
    s = hand_made(2, forgetting_known_days=10.0)
    befriend(s, 0, 1, 0.5)
    tie(s, 0, 1).known, tie(s, 1, 0).known = 0.5, 0.2
    forgetting(s, 0, 0)
    assert (tie(s, 0, 1).known, tie(s, 1, 0).known) == pytest.approx((0.45, 0.18))


def strangers_who_helped(days: int = 1, **wanted: float):
    """Let the second help the first, otherwise a stranger; then let days pass."""
    certain = {"support_visible_need": 0.3, "support_ask_base": SURE, "support_accept_base": SURE}
    usual = {"support_act_hours": 0.25, "support_trust_gain": 0.8, "conversation_trust_start": 0.2}
    s = hand_made(2, **certain, **usual | wanted)
    tie(s, 0, 1).trust = tie(s, 1, 0).trust = 0.2
    s.users.needs[0, 0] = 0.9
    support(s, 0, 0, 0, SEED)
    for day in range(days):
        forgetting(s, 0, day)
    return s


@pytest.mark.parametrize("act", [{}, {"support_act_hours": 0.0, "binding_help": 0}])
def test_help_between_two_who_never_met_is_discounted(act):
    s = strangers_who_helped(3, support_memory_days=10.0, **act)
    assert tie(s, 1, 0).closeness == 0.0
    assert tie(s, 1, 0).help[0] == pytest.approx(0.9**3)


def test_the_trust_that_help_brought_between_two_who_never_met_wanes():
    """From 0.2 by four fifths of the missing trust to 0.84; then three times a tenth of the way back."""
    s = strangers_who_helped(3, forgetting_trust_fade=36.525)
    assert tie(s, 0, 1).trust == pytest.approx(0.2 + 0.64 * 0.9**3)


def test_hours_together_are_the_same_for_both_whatever_they_feel():
    s = hand_made(2, **HALL, conversation_pleasure=0.1)
    tie(s, 0, 1).liking, tie(s, 1, 0).liking = 1.5, -1.5
    for day in range(3):
        conversation(s, 0, meet(s, (0, 1), hours=0.5), day, SEED)
        forgetting(s, 0, day)
    assert tie(s, 0, 1).closeness > 2 * tie(s, 1, 0).closeness
    assert (tie(s, 0, 1).hours, tie(s, 1, 0).hours) == (1.5, 1.5)


def test_the_tallies_of_a_tie_end_with_the_day():
    s = close_the_day()
    assert (tie(s, 0, 1).today, tie(s, 0, 1).met, tie(s, 0, 1).hours) == (0.0, 0.0, 2.0)


def test_time_together_that_brought_nobody_closer_ends_with_the_day_too():
    s = hand_made(2)
    tie(s, 0, 1).met = 1.0
    forgetting(s, 0, 0)
    assert (tie(s, 0, 1).met, tie(s, 0, 1).hours) == (0.0, 1.0)


def test_trust_wanes_toward_that_of_strangers():
    s = close_the_day(conversation_trust_start=0.2, forgetting_trust_fade=36.525)
    assert tie(s, 0, 2).trust == pytest.approx(0.6 - 0.4 * 0.1)


def test_help_given_is_remembered_for_some_days():
    s = hand_made(2, support_memory_days=10.0)
    befriend(s, 0, 1, 0.5)
    tie(s, 0, 1).help[2] = 1.0
    s.users.given[:], s.users.received[:] = 2.0, 3.0
    forgetting(s, 0, 0)
    assert tie(s, 0, 1).help[2] == pytest.approx(0.9)
    assert (s.users.given[0], s.users.received[0]) == pytest.approx((1.8, 2.7))


def test_learned_empathy_wanes():
    s = hand_made(1, support_empathy_days=10.0)
    s.users.learned_empathy[0] = 0.5
    forgetting(s, 0, 0)
    assert s.users.learned_empathy[0] == pytest.approx(0.45)


def test_the_threshold_drifts_back_to_what_is_usual():
    s = hand_made(1, conversation_threshold_days=4.0)
    s.users.threshold[0] = 0.9
    forgetting(s, 0, 0)
    assert s.users.threshold[0] == pytest.approx(0.8)


@settings(max_examples=40)
@given(st.integers(2, 9), st.integers(0, 2**32 - 1))
def test_those_in_common_are_counted_as_a_product_of_matrices_counts_them(n, seed):
    s = hand_made(n)
    rng = np.random.default_rng(seed)
    closeness = rng.choice([0.0, 0.05, 0.1, 0.5, 0.9], (n, n))
    np.fill_diagonal(closeness, 0.0)
    for i in range(n):
        for j in range(n):
            tie(s, i, j).closeness, tie(s, i, j).shared = closeness[i, j], 77
    forgetting(s, 0, 0)
    friendly = (closeness >= ACQUAINTANCE).astype(int)
    found = np.array([[int(tie(s, i, j).shared) for j in range(n)] for i in range(n)])
    assert np.array_equal(found, friendly @ friendly)


def test_nobody_is_counted_in_common_without_the_mechanism():
    s = hand_made(3, shared_friends=0)
    for i, j in ((0, 1), (1, 2), (0, 2)):
        befriend(s, i, j, 0.9)
    forgetting(s, 0, 0)
    assert [int(tie(s, i, j).shared) for i in range(3) for j in range(3)] == [0] * 9


def norm_after(talks: float, deep: float, practice: float = 1.0) -> float:
    s = hand_made(1, forgetting_norm_days=10.0, forgetting_norm_practice=practice)
    s.centres[0].norm, s.centres[0].expected_norm = 0.4, 0.2
    s.ledger[0, 0].talks, s.ledger[0, 0].deep_talks = talks, deep
    forgetting(s, 0, 0)
    return float(s.centres[0].norm)


def test_the_norm_stays_on_a_day_without_talk():
    assert norm_after(0.0, 0.0) == 0.4


def test_the_norm_drifts_to_what_the_house_expects_when_no_talk_is_deep():
    assert norm_after(10.0, 0.0) == pytest.approx(0.4 - 0.02)


@pytest.mark.parametrize(("practice", "target"), [(1.0, 0.6), (0.5, 0.4), (4.0, 1.0)])
def test_the_norm_follows_the_share_of_deep_talk(practice, target):
    assert norm_after(10.0, 5.0, practice) == pytest.approx(0.4 + (target - 0.4) / 10)


NORMS = {"norm": "expected_norm", "norm_help": "expected_help", "norm_welcome": "expected_welcome"}


def norms_after(habit: float = 0.5, living: int = 1, **today: float) -> dict[str, float]:
    """Return norms of 0.4 in a house that expects 0.2, after a day that covers a tenth of the way."""
    s = hand_made(1, forgetting_norm_days=10.0, forgetting_norm_habit=habit, living_house=living)
    for name, expected in NORMS.items():
        s.centres[0][name], s.centres[0][expected] = 0.4, 0.2
    for name, value in today.items():
        s.ledger[0, 0][name] = value
    forgetting(s, 0, 0)
    return {name: float(s.centres[0][name]) for name in NORMS if s.centres[0][name] != 0.4}


@pytest.mark.parametrize(
    ("today", "moved"),
    [
        ({}, {}),
        ({"asked": 4, "granted": 3}, {"norm_help": 0.475}),  # half way from 0.2 to 3/4
        ({"asked": 4, "granted": 0}, {"norm_help": 0.1}),
        ({"newcomers_met": 4, "welcomes": 1}, {"norm_welcome": 0.225}),
        ({"newcomers_met": 4, "welcomes": 9}, {"norm_welcome": 0.6}),  # at most one welcome a newcomer counts
        ({"welcomes": 9, "granted": 2}, {}),  # nobody was new, and nobody asked
    ],
)
def test_norms_of_help_and_welcome_follow_what_is_done(today, moved):
    assert norms_after(**today) == pytest.approx({name: 0.4 + (target - 0.4) / 10 for name, target in moved.items()})


@pytest.mark.parametrize(("habit", "target"), [(0.0, 0.2), (1.0, 0.75)])
def test_habit_decides_between_what_is_done_and_what_is_expected(habit, target):
    assert norms_after(habit, asked=4, granted=3) == pytest.approx({"norm_help": 0.4 + (target - 0.4) / 10})


def test_norms_of_help_and_welcome_stay_without_a_living_house():
    assert norms_after(living=0, asked=4, granted=3, newcomers_met=4, welcomes=1) == {}
