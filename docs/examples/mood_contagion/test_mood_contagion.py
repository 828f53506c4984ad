"""The rule passes the checks of every rule."""

import pytest

from sim.rule_checks import CHECKS, RuleTrial


@pytest.mark.parametrize("check", CHECKS)
def test_mood_contagion(check):
    """Check the rule."""
    check(RuleTrial("mood_contagion", {"share": "20 %"}))
