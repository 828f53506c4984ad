"""Portfolios that the model runs: paired with the base, hours as in the model, no effect for no policy."""

import numpy as np
import pytest

from experiments.designs.replicates import replicate_seed
from experiments.measures.runs import measured
from experiments.portfolio.runs import evaluator, every_lever, with_portfolio
from experiments.runs.executors import executor
from experiments.runs.starts import Starts
from sim import load_scenario
from sim.run import run
from sim.scenario.schema.policy import policies


@pytest.fixture(scope="module")
def base():
    return load_scenario("baseline").with_changes(days=42, settling=0)


def test_there_is_a_lever_for_every_policy_that_does_something(base):
    chosen = every_lever()
    assert [lever.policy for lever in chosen] == [key for key in policies() if key != "usual_care"]
    scenario = with_portfolio(base, chosen, (0.5,) * len(chosen))
    assert len(scenario.policies) == len(chosen)
    assert all(use.intensity == 0.5 for use in scenario.policies.values())
    with pytest.raises(ValueError, match="there is no policy 'buddy'"):
        every_lever(chosen=["buddy"])


def test_pairs_are_those_of_runs_under_the_same_seeds(base):
    chosen = every_lever(2, ["buddy_scheme", "peer_support_workers"])
    evaluate = evaluator(base, chosen, executor(1), seed=5)
    nothing, some = evaluate([(0.0, 0.0), (0.5, 1.0)], range(1, 3))
    assert (nothing.loneliness == 0.0).all()
    assert (nothing.hours == 0.0).all()
    scenario = with_portfolio(base, chosen, (0.5, 1.0))
    for k in (0, 1):
        mine, theirs = (measured(run(each, replicate_seed(5, 1 + k))) for each in (scenario, base))
        assert some.loneliness[k] == mine.ends["loneliness_ucla20"] - theirs.ends["loneliness_ucla20"]
        assert some.burden[k] == mine.ends["burden"] - theirs.ends["burden"]
        assert some.hours[k] == pytest.approx((mine.staff_hours + mine.unserved) / 6.0)
        assert some.money[k] == pytest.approx(mine.money / 6.0)
    assert (some.hours >= 1.0).all()  # supervision of the worker
    [again] = evaluate([(0.5, 1.0)], range(2, 3))
    assert again.loneliness[0] == some.loneliness[1]


def test_the_least_hours_are_never_more_than_those_of_the_run(base):
    chosen = every_lever(1)
    evaluate = evaluator(base, chosen, executor(1), seed=3)
    full = tuple(np.eye(len(chosen)).tolist())
    for one, samples in zip(full, evaluate([tuple(row) for row in full], range(1)), strict=True):
        assert evaluate.least(tuple(one))[0] <= samples.hours[0] + 1e-9, one
    assert evaluate.least((1.0,) * len(chosen))[0] >= 1.0  # the users' council


def test_what_the_base_has_of_a_lever_is_set_by_the_portfolio(base):
    own = base.with_changes(policies={"mine": {"policy": "help_cap"}, "respite": {"policy": "supervision"}})
    chosen = every_lever(1, ["help_cap", "respite"])
    assert {n: u.policy for n, u in with_portfolio(own, chosen, (0.0, 1.0)).policies.items()} == {
        "respite": "supervision",
        "respite_of_portfolio": "respite",
    }


def test_a_portfolio_no_scenario_can_have_is_nothing(base):
    from experiments.portfolio.levers import Lever

    evaluate = evaluator(base, [Lever("help_cap", 1, {"refusal": 7.0})], executor(1), seed=3)
    found = next(evaluate([(1.0,)], range(2)))
    assert np.isnan(found.loneliness).all()
    assert found.impossible
    assert found.failures == ()


def test_a_run_that_fails_is_given_with_its_error_and_seed(base, monkeypatch):
    done = Starts.run

    def run_or_fail(starts, start, scenario, seed):
        if scenario.policies and seed == replicate_seed(3, 1):
            raise ZeroDivisionError("a bug")
        return done(starts, start, scenario, seed)

    monkeypatch.setattr(Starts, "run", run_or_fail)
    [found] = evaluator(base, every_lever(1, ["help_cap"]), executor(1), seed=3)([(1.0,)], range(2))
    assert np.isnan(found.loneliness).tolist() == [False, True]
    [failure] = found.failures
    assert (failure.replicate, failure.seed, failure.of_base) == (1, replicate_seed(3, 1), False)
    assert failure.error == "ZeroDivisionError: a bug"


def test_the_signature_tells_scenarios_and_seeds_apart(base):
    chosen = every_lever(1, ["help_cap"])
    found = {
        str(evaluator(scenario, chosen, seed=seed).signature)
        for scenario in (base, base.with_changes(days=43))
        for seed in (1, 2)
    }
    assert len(found) == 4


def searched(base, workers, **options):
    """Search three policies of the model."""
    from experiments.portfolio.search import search

    chosen = every_lever(1, ["codesign", "disclosure_circle", "help_cap"])
    evaluate = evaluator(base, chosen, workers, seed=4)
    numbers = {"replicates": 2, "fresh": 3, "population": 6, "generations": 2, "seed": 1}
    return search(evaluate, chosen, 1.5, **numbers, least=evaluate.least, **options)


def test_a_search_of_the_model_ends_with_fresh_pairs_within_the_budget(base, tmp_path):
    pytest.importorskip("pymoo")
    path = tmp_path / "search.json"
    front = searched(base, executor(1), checkpoint=path)
    assert len(front.solutions) >= 1
    assert (front.solutions["searched_hours"] <= 1.5).all()
    assert (front.solutions["pairs"] == 3).all()
    assert front.solutions[["loneliness", "burden", "hours"]].notna().all(axis=None)
    assert front.evaluated <= 8
    assert searched(base, None, checkpoint=path).solutions.equals(front.solutions)


@pytest.mark.slow
def test_the_front_does_not_depend_on_the_workers(base):
    pytest.importorskip("pymoo")
    alone, crowd = (searched(base, executor(jobs)).solutions for jobs in (1, 2))
    assert alone.equals(crowd)
