"""Statistics of networks on ties drawn by hand."""

import numpy as np
import pytest

from experiments.calibration.statistics import nominations, strangers, ties, wellbeing
from tests.calibration.arrays import people, runs_of, shot, survey

CYCLE = [(0, 1), (1, 2), (2, 0)]
"""Three users in a circle: three two-step paths, none closed, none returned."""
CLIQUE = [(i, j) for i in range(3) for j in range(3) if i != j]


def measured(start, before, end):
    return runs_of([ties.ties_kept(start, before, end, survey(len(end.users), ()))])


def lasting(before, end, start=None):
    return measured(start or before, before, end)


def test_friends_are_counted_over_all_users():
    runs = measured(shot(4), shot(4), shot(4, [(0, 1), (0, 2), (1, 0)]))
    assert ties.friends_mean(runs).values == (0.75,)
    assert ties.friends_median(runs).values == (0.5,)
    assert ties.no_friend_share(runs).values == (0.5,)
    assert ties.density(runs).values == (3 / 12,)
    assert ties.reciprocity_true(runs).values == (pytest.approx(2 / 3),)


def test_the_median_of_friends_is_that_of_all_users_pooled():
    runs = runs_of([ties.ties_kept(shot(3), shot(3), end, survey(3, ())) for end in (shot(3), shot(3, CLIQUE))])
    assert ties.friends_median(runs).values == (1.0,)


@pytest.mark.parametrize(("friends", "closed"), [(CYCLE, 0.0), (CLIQUE, 1.0), ([(0, 1), (1, 2), (0, 2)], 1.0)])
def test_transitivity_is_the_share_of_two_step_paths_that_are_closed(friends, closed):
    found = ties.transitivity(measured(shot(3), shot(3), shot(3, friends)))
    assert found.values == (closed,)


def test_transitivity_must_exceed_twice_the_density():
    dense = ties.transitivity(measured(shot(3), shot(3), shot(3, CLIQUE)))
    assert not dense.holds
    assert dense.short == pytest.approx(0.5)
    sparse = ties.transitivity(measured(shot(9), shot(9), shot(9, CLIQUE)))
    assert sparse.holds
    assert sparse.short == 0.0


def test_mutual_ties_that_outlive_one_way_ones_have_odds_above_one():
    before = shot(6, [(0, 1), (1, 0), (2, 3), (4, 5)])
    end = shot(6, [(0, 1), (1, 0), (2, 3)])
    # kept, lost: mutual 2, 0; one-way 1, 1; each plus a half
    assert ties.mutual_outlive_oneway(lasting(before, end)).values == (pytest.approx(2.5 * 1.5 / (0.5 * 1.5)),)
    assert ties.jaccard_six_weeks(lasting(before, end)).values == (0.75,)


def test_ties_of_those_who_left_or_came_count_neither_as_kept_nor_as_lost():
    before, end = shot(3, [(0, 1), (1, 2)]), shot(3, [(0, 1), (1, 2)])
    end.users["uid"] = [1, 2, 9]  # the third is somebody else
    runs = lasting(before, end)
    assert ties.jaccard_six_weeks(runs).values == (1.0,)
    assert runs.of("baseline", "six_weeks")[0].tolist() == [0, 0, 1, 0, 1, 1]


def test_ties_kept_over_a_year_are_those_of_its_first_day():
    runs = lasting(shot(3, CLIQUE), shot(3, CYCLE), start=shot(3, [*CYCLE, (1, 0)]))
    assert ties.kept_year(runs).values == (0.75,)


def test_without_any_friend_there_is_no_share():
    runs = measured(shot(3), shot(3), shot(3))
    assert np.isnan(ties.transitivity(runs).values[0])
    assert not ties.transitivity(runs).holds
    assert np.isnan(ties.reciprocity_true(runs).values[0])


def test_talk_of_the_illness_is_counted_over_friend_ties_and_over_users():
    end = shot(4, [(0, 1), (1, 0)], told=[(0, 1), (2, 3)], loneliness=[0.4, 0.6, 0.5, 0.1])
    runs = runs_of([wellbeing.wellbeing_kept(end)])
    assert wellbeing.tie_illness_talk(runs).values == (0.5,)
    assert wellbeing.user_illness_talk(runs).values == (0.5,)
    assert wellbeing.loneliness_mean(runs).values == (pytest.approx(20 + 60 * 0.4),)
    assert wellbeing.lonely_share(runs).values == (0.5,)
    assert wellbeing.loneliness_sd(runs).values == (pytest.approx(60 * np.std([0.4, 0.6, 0.5, 0.1], ddof=1)),)


def grown(weeks):
    """Return freshmen with a given number of friendly ties at each wave."""
    pairs = [(i, j) for i in range(5) for j in range(5) if i != j]
    return {
        7 * week: shot(5, friendly=pairs[:number], friends=pairs[: number // 4])
        for week, number in zip(strangers.WAVES, weeks, strict=True)
    }


def test_growth_is_told_as_shares_of_the_last_wave():
    runs = runs_of([strangers.freshmen_kept(grown([2, 4, 8, 10, 12, 10]))], "freshmen")
    assert strangers.growth(runs).values == pytest.approx((0.2, 0.4, 0.8, 1.0))
    assert strangers.first_friend(runs).values == pytest.approx((0.0, 0.2, 0.2))
    assert len(strangers.closure(runs).values) == 6


def test_newcomers_are_judged_once_they_have_been_there_so_long():
    """In nine weeks: one has a friend in week 2, one has none; one came too late to count, and one left too early."""
    users = people(5, arrived=[10, 20, 340, 100, -50], left=[-1, -1, -1, 110, -1], first_friend=[24, 300, -1, 105, 0])
    users["status"] = [1, 1, 1, 2, 1]
    kept = strangers.newcomers_kept(users, 365)
    assert kept["newcomers"].tolist() == [[1, 2], [1, 2]]
    assert strangers.newcomers(runs_of([kept])).values == (0.5, 0.5)


def test_who_did_not_answer_is_neither_counted_as_naming_nor_as_named():
    found, asked = nominations.nominated(survey(4, [(0, 1), (1, 0), (0, 2), (2, 3)], silent=[2]))
    assert np.argwhere(found).tolist() == [[0, 1], [1, 0]]
    assert asked.sum() == 6
    assert not asked[2].any()
    assert not asked[:, 2].any()


def test_reciprocity_is_that_of_nominations_and_must_exceed_three_times_their_density():
    truth = shot(8, [(0, 1)])
    few = runs_of([ties.ties_kept(truth, truth, truth, survey(8, [(0, 1), (1, 0), (2, 3)]))])
    assert ties.reciprocity_measured(few).values == (pytest.approx(2 / 3),)
    assert ties.reciprocity_measured(few).holds
    assert ties.reciprocity_true(few).values == (0.0,)
    many = runs_of([ties.ties_kept(truth, truth, truth, survey(3, CLIQUE))])
    assert not ties.reciprocity_measured(many).holds


def test_a_survey_of_a_run_asks_for_friends():
    from sim import load_scenario
    from sim.engine import Engine

    engine = Engine(load_scenario("baseline").with_changes(settling=60, days=5), 3)
    found = nominations.surveyed(engine)
    assert len(found.users) == len(engine.enrolled)
    assert (found.closeness >= 0.35).all()
