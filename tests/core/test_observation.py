"""A survey: what it sees of the truth, how often it errs, and that it changes nothing."""

from typing import Any

import numpy as np
import pytest
from hand_made import hand_made

from sim.model import DayCentre
from sim.outcomes.observation import QUESTIONNAIRES, Survey, observed
from sim.run import run
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Observe, Scenario
from sim.state.columns import LEVELS
from sim.state.state import State

EXACT = {
    "forgetting": 0.0,
    "non_response": 0.0,
    **{f"{name}_reliability": 1.0 for name in ("rating", "loneliness", "burden", "identity", "hope", "self_stigma")},
}
"""A survey without errors."""


def asking(**how: Any) -> Observe:
    return Observe(**(EXACT | how))


def close(n: int, closeness: Any) -> State:
    """Return a state of n users who feel as close to each other as the matrix says."""
    state = hand_made(n)
    first = int(state.centres[0].first_tie)
    state.ties["closeness"][first : first + n * n] = np.asarray(closeness, float).ravel()
    return state


def at_random(n: int = 100) -> State:
    """Return a state of many users with closeness of every size and different states."""
    draws = np.random.default_rng(5)
    state = close(n, draws.uniform(0.0, 1.0, (n, n)))
    for one in QUESTIONNAIRES:
        state.users[one.column] = draws.uniform(0.3, 0.7, len(state.users))
    return state


def logits(closeness: Any) -> Any:
    return np.log(closeness / (1.0 - closeness))


def pairs(survey: Survey) -> set[tuple[int, int]]:
    return set(zip(survey.namer.tolist(), survey.named.tolist(), strict=True))


def test_a_survey_that_errs_in_nothing_sees_the_truth():
    state = close(3, [[0.9, 0.35, 0.349], [0.1, 0.9, 0.86], [0.09, 0.0, 0.9]])
    survey = observed(state, asking(level="acquaintance"), 3, 1)
    assert pairs(survey) == {(0, 1), (0, 2), (1, 0), (1, 2)}
    assert [LEVELS[code] for code in survey.level] == ["friend", "acquaintance", "acquaintance", "kin-like"]
    assert survey.closeness == pytest.approx([0.35, 0.349, 0.1, 0.86], abs=0.0)
    assert survey.users.tolist() == [101, 102, 103]
    assert survey.answered.all()
    assert pairs(observed(state, asking(), 3, 1)) == {(0, 1), (1, 2)}


def test_questionnaires_are_told_on_their_scales():
    state = hand_made(2)
    state.users["loneliness"], state.users["burden"], state.users["identity"] = 0.5, 0.2, 1.0
    state.users["hope"], state.users["self_stigma"] = 0.25, 0.75
    answers = observed(state, asking(), 0, 1).answers
    told = {name: values.tolist() for name, values in answers.items()}
    assert told == {
        "loneliness_ucla20": [50.0, 50.0],
        "burden": [20.0, 20.0],
        "group_identity": [7.0, 7.0],
        "hope": [0.25, 0.25],
        "self_stigma": [0.75, 0.75],
    }


def test_to_observe_writes_nothing():
    state = at_random(30)
    before = (state.users.tobytes(), state.ties.tobytes(), state.ledger.tobytes(), state.draws.tobytes())
    observed(state, Observe(limit=3), 8, 1)
    assert before == (state.users.tobytes(), state.ties.tobytes(), state.ledger.tobytes(), state.draws.tobytes())


def test_a_run_with_surveys_is_the_run_without_them():
    plain = Scenario(name="x", days=40)
    asked = run(plain.with_changes(observe=Observe(waves=(0, 7, 40))), 3)
    bare = run(plain, 3)
    assert asked.daily.tobytes() == bare.daily.tobytes()
    assert asked.users.tobytes() == bare.users.tobytes()
    assert [survey.day for survey in asked.surveys] == [0, 7, 40]
    assert bare.surveys == ()


def test_no_wave_is_held_after_the_end():
    asked = Scenario(name="x", days=5, observe=Observe(waves=(5, 6)))
    assert [survey.day for survey in run(asked, 1).surveys] == [5]


def same(one: Survey, other: Survey) -> bool:
    return pairs(one) == pairs(other) and all(
        np.array_equal(one.answers[name], other.answers[name], equal_nan=True) for name in one.answers
    )


def test_a_wave_is_the_same_whatever_other_waves_there_are():
    short = Scenario(name="x", days=30)
    alone, among = (run(short.with_changes(observe=Observe(waves=days)), 3) for days in ((30,), (0, 10, 29, 30)))
    assert same(alone.surveys[-1], among.surveys[-1])


def test_waves_of_the_same_state_differ_by_day_and_seed():
    state = at_random()
    survey = observed(state, Observe(), 10, 1)
    assert same(survey, observed(state, Observe(), 10, 1))
    assert not same(survey, observed(state, Observe(), 11, 1))
    assert not same(survey, observed(state, Observe(), 10, 2))


def test_who_answers_is_not_decided_by_what_is_asked():
    state = at_random()
    few, many = observed(state, Observe(limit=1, forgetting=0.0), 10, 1), observed(state, Observe(), 10, 1)
    assert np.array_equal(few.answered, many.answered)
    assert np.array_equal(few.answers["burden"], many.answers["burden"], equal_nan=True)


def test_users_stay_away_as_often_as_is_said():
    answered = [observed(at_random(), asking(non_response=0.3), day, 1).answered.mean() for day in range(40)]
    assert np.mean(answered) == pytest.approx(0.7, abs=4.5 * (0.3 * 0.7 / 4000) ** 0.5)
    assert np.std(answered) > 0.02


def test_who_does_not_answer_names_nobody_and_fills_in_nothing_and_may_be_named():
    survey = observed(at_random(), asking(non_response=0.3), 10, 1)
    silent = np.flatnonzero(~survey.answered)
    assert len(silent) > 10
    assert not np.isin(survey.namer, silent).any()
    assert np.isin(survey.named, silent).any()
    for values in survey.answers.values():
        assert np.array_equal(np.isnan(values), ~survey.answered)


@pytest.mark.parametrize("absent", [0, 7, 100])
def test_a_number_of_absent_users_is_met_exactly(absent):
    survey = observed(at_random(), asking(non_response=0.5), 10, 1, absent=absent)
    assert (~survey.answered).sum() == absent


def test_the_same_users_stay_away_first_when_more_do():
    state = at_random()
    few, more = (observed(state, asking(), 10, 1, absent=absent).answered for absent in (10, 30))
    assert not more[~few].any()


def test_as_many_are_forgotten_as_is_said_the_less_close_more_often():
    state = at_random()
    true = pairs(observed(state, asking(), 0, 1))
    closeness = state.ties["closeness"][int(state.centres[0].first_tie) :][:10_000].reshape(100, 100)
    known, forgotten = [], []
    for day in range(5):
        named = pairs(observed(state, asking(forgetting=0.2), day, 1))
        assert named < true
        known += [closeness[pair] for pair in named]
        forgotten += [closeness[pair] for pair in true - named]
    share = len(forgotten) / (len(known) + len(forgotten))
    assert share == pytest.approx(0.2, abs=4.5 * (0.2 * 0.8 / (len(known) + len(forgotten))) ** 0.5)
    # A tie of closeness C is forgotten in proportion to 1 - C: uniform on [.35, 1], the mean of those is .35 + .65 / 3.
    assert np.mean(forgotten) == pytest.approx(0.35 + 0.65 / 3.0, abs=0.01)


def test_when_all_are_as_close_as_can_be_all_are_forgotten_alike():
    state = close(60, np.ones((60, 60)))
    named = len(observed(state, asking(forgetting=0.2), 0, 1).namer)
    assert named / (60 * 59) == pytest.approx(0.8, abs=0.03)


def test_at_most_so_many_are_named_and_they_are_the_closest():
    state = close(4, [[0, 0.9, 0.5, 0.6], [0.7, 0, 0.7, 0.7], [0, 0.4, 0, 0], [0, 0, 0, 0]])
    assert pairs(observed(state, asking(limit=2), 0, 1)) == {(0, 1), (0, 3), (1, 0), (1, 2), (2, 1)}
    every = observed(state, asking(limit=0), 0, 1)
    assert pairs(every) == pairs(observed(state, asking(limit=3), 0, 1))
    assert list(zip(every.namer, every.named, strict=True)) == sorted(pairs(every))


def test_ratings_asked_twice_agree_as_reliably_as_is_said():
    draws = np.random.default_rng(6)
    n = 100
    state = close(n, 1.0 / (1.0 + np.exp(-draws.normal(0.5, 0.6, (n, n)))))  # hardly any falls below the cut
    first, second = (observed(state, asking(level="acquaintance", rating_reliability=0.8), day, 1) for day in (0, 1))
    both = [dict(zip(zip(one.namer, one.named, strict=True), one.closeness, strict=True)) for one in (first, second)]
    shared = sorted(both[0].keys() & both[1].keys())
    one, other = (logits(np.array([wave[pair] for pair in shared])) for wave in both)
    assert len(shared) > 9000
    assert np.corrcoef(one, other)[0, 1] == pytest.approx(0.8, abs=0.02)


def test_slips_happen_near_the_cut_off_and_nobody_names_a_stranger():
    draws = np.random.default_rng(7)
    closeness = np.where(draws.uniform(size=(100, 100)) < 0.3, draws.uniform(0.1, 1.0, (100, 100)), 0.01)
    state = close(100, closeness)
    named = pairs(observed(state, asking(rating_reliability=0.85), 0, 1))
    true = pairs(observed(state, asking(), 0, 1))
    wrong = [closeness[pair] for pair in named ^ true]
    assert len(wrong) > 100
    assert min(wrong) > 0.1
    assert max(wrong) < 0.8


def test_who_is_as_close_as_can_be_is_said_to_be_so():
    state = close(30, np.where(np.random.default_rng(8).uniform(size=(30, 30)) < 0.5, 1.0, 0.4))
    survey = observed(state, asking(rating_reliability=0.5, level="kin-like"), 0, 1)
    assert set(survey.closeness) == {1.0}, "0.4 all over has no variance to slip by"


def test_without_acquaintances_nothing_slips():
    state = close(5, np.full((5, 5), 0.05))
    assert pairs(observed(state, asking(rating_reliability=0.1, level="acquaintance"), 0, 1)) == set()


@pytest.mark.parametrize("one", QUESTIONNAIRES, ids=lambda one: one.name)
def test_questionnaires_asked_twice_agree_as_reliably_as_is_said(one):
    state = at_random(800)
    how = asking(**{f"{one.column}_reliability": 0.7})
    first, second = (observed(state, how, day, 1).answers[one.name] for day in (0, 1))
    true = one.told(state.users[one.column][: len(first)])
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(0.7, abs=0.08)
    assert np.var(first - true) == pytest.approx(np.var(true) * (1 / 0.7 - 1), rel=0.2)
    assert one.low <= first.min() <= first.max() <= one.high
    others = [other.name for other in QUESTIONNAIRES if other is not one]
    assert np.array_equal(observed(state, how, 0, 1).answers[others[0]], observed(state, how, 1, 1).answers[others[0]])


def test_answers_stay_on_the_scale():
    state = hand_made(300)
    state.users["hope"] = np.where(np.arange(len(state.users)) % 2, 0.0, 1.0)
    hope = observed(state, asking(hope_reliability=0.3), 0, 1).answers["hope"]
    assert (hope.min(), hope.max()) == (0.0, 1.0)
    assert len(np.unique(hope)) > 50


def test_centres_are_surveyed_together_and_nobody_names_across():
    scenario = load_scenario("high-turnover").with_changes(settling=0, days=200, observe=Observe(waves=(200,)))
    ((name, centre),) = scenario.centres.items()
    two = run(scenario.with_changes(centres={name: centre, "other": centre}), 1)
    (survey,) = two.surveys
    assert set(survey.centre.tolist()) == {0, 1}
    assert len(survey.namer) > 0
    assert np.array_equal(survey.centre[survey.namer], survey.centre[survey.named])
    assert set(survey.users.tolist()) == set(two.users["uid"][two.users["status"] == 1].tolist())


def test_a_model_can_be_surveyed_at_any_time():
    model = DayCentre(Scenario(name="x", days=20), rng=3, collect=False)
    for _ in range(10):
        model.step()
    held = run(Scenario(name="x", days=20, observe=Observe(waves=(10,))), 3).surveys[0]
    assert same(model.survey(), held)
    assert model.survey(asking()).answered.all()


@pytest.mark.parametrize("waves", [(3, 3), (5, 2), (-1, 4)])
def test_waves_out_of_order_are_refused(waves):
    with pytest.raises(ValueError, match="allowed are days from 0 on, each later than the one before"):
        Observe(waves=waves)
