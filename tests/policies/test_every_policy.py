"""Requirements on every policy, whoever wrote it."""

import pytest
from trials import TRIALS

from sim.policy_checks import CHECKS
from sim.scenario.schema.policy import policies


def test_there_are_policies_and_each_is_tried():
    assert len(TRIALS) == len(policies()) >= 17
    assert {trial.policy for trial in TRIALS} == set(policies())


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.policy)
def test_the_policy_passes(trial, check):
    assert check(trial) is None
