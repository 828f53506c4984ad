"""A comparison settles once for each seed, also over draws and in a decomposition."""

import pandas as pd
import pytest
from houses import CIRCLE, WORKERS, small

from experiments.compare.decomposition import effects
from experiments.compare.runs import compare
from experiments.designs.replicates import draw_seed, replicate_seed
from sim.scenario.schema.scenario import Scenario
from tests.settlings import counted

BASE = small("base")
OTHERS = [small("workers", workers=WORKERS), small("circle", circle=CIRCLE)]
UNLIKE = Scenario.model_validate({**small("unlike").model_dump(), "society": {"public_stigma": 0.9}})
TRIALS = 2
"""Runs that measure how long a run takes, each with the first seed."""


def test_arms_settle_once_for_each_seed():
    with counted() as built:
        compare(BASE, OTHERS, replicates=3, seed=5, jobs=1)
    assert built.pop(0) == TRIALS
    assert built == {replicate_seed(5, number): 1 for number in range(3)}


def test_an_arm_that_differs_before_day_0_settles_for_itself():
    with counted() as built:
        compare(BASE, [*OTHERS, UNLIKE], replicates=2, seed=5, jobs=1)
    assert built.pop(0) == TRIALS
    assert built == {replicate_seed(5, number): 2 for number in range(2)}


def test_arms_of_a_draw_settle_once_for_each_seed():
    draws = pd.DataFrame({"rules.encounters.chaxugeju": [0.2, 0.6]})
    with counted() as built:
        compare(BASE, OTHERS, replicates=2, seed=5, jobs=1, uncertain=draws)
    assert [built[draw_seed(5, draw, k)] for draw in range(2) for k in range(4)] == [1] * 8


def test_a_decomposition_settles_once():
    with counted() as built:
        effects(BASE, OTHERS[0], 7)
    assert built == {7: 1}


@pytest.mark.slow
def test_the_number_of_processes_changes_no_value():
    here, there = (compare(BASE, [*OTHERS, UNLIKE], replicates=4, seed=5, jobs=jobs) for jobs in (1, 2))
    pd.testing.assert_frame_equal(here.values, there.values, check_exact=True)
