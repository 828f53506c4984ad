"""A search over portfolios settles once for each seed, in all its generations."""

import numpy as np
import pytest

from experiments.designs.replicates import replicate_seed
from experiments.measures.runs import measured
from experiments.portfolio.runs import evaluator, every_lever, with_portfolio
from experiments.runs.executors import executor
from sim import load_scenario
from sim.policies.respite import Respite
from sim.run import run
from tests.settlings import counted

BASE = load_scenario("baseline").with_changes(days=28, settling=21)
LEVERS = every_lever(2, ["respite", "help_cap"])
PORTFOLIOS = [(0.0, 0.0), (0.5, 0.0), (0.0, 1.0), (1.0, 1.0)]


def test_generations_settle_once_for_each_seed_with_the_same_bits():
    evaluate = evaluator(BASE, LEVERS, executor(1), seed=5)
    with counted() as built:
        samples = [*evaluate(PORTFOLIOS[:2], range(3)), *evaluate(PORTFOLIOS[2:], range(3))]
    assert built == {replicate_seed(5, number): 1 for number in range(3)}
    for one, sample in zip(PORTFOLIOS, samples, strict=True):
        for number in range(3):
            arms = (with_portfolio(BASE, LEVERS, one), BASE)
            mine, theirs = (measured(run(arm, replicate_seed(5, number))).ends for arm in arms)
            assert sample.loneliness[number] == mine["loneliness_ucla20"] - theirs["loneliness_ucla20"]
            assert sample.burden[number] == mine["burden"] - theirs["burden"]


def test_a_portfolio_that_fails_leaves_the_others_their_runs(monkeypatch: pytest.MonkeyPatch):
    def fails(self, on):
        raise ZeroDivisionError

    monkeypatch.setattr(Respite, "act", fails)
    evaluate = evaluator(BASE, LEVERS, executor(1), seed=5)
    with counted() as built:
        samples = list(evaluate(PORTFOLIOS, range(2)))
    assert built == {replicate_seed(5, number): 1 for number in range(2)}
    assert [len(sample.failures) for sample in samples] == [0, 2, 0, 2]
    assert not any(one.of_base for sample in samples for one in sample.failures)
    assert np.isfinite(samples[2].loneliness).all()
