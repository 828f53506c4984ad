"""The rule passes the checks of every rule, and the outcome those of every outcome."""

import pytest

from sim.rule_checks import CHECKS, OUTCOME_CHECKS, RuleTrial


@pytest.mark.parametrize("check", [*CHECKS, *OUTCOME_CHECKS])
def test_rumour(check):
    """Check the rule."""
    check(RuleTrial("rumour", {"origins": 0.3}, outcomes=("rumour_reach",)))
