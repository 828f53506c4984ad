"""Open days to which hardly anybody comes: compiled code checks no bounds, so plain Python runs them too."""

import os
import subprocess
import sys

import numpy as np

from sim import load_scenario
from sim.run import run

PROGRAM = """
from tests.core.test_empty_days import nearly_empty
print(int((nearly_empty().daily["attended"] == 0).sum()))
"""


def nearly_empty():
    scenario = load_scenario("baseline")
    park = scenario.centres["park"].model_copy(update={"users": 5})
    attendance = scenario.rules.attendance.model_copy(update={"base_share": 0.02})
    rules = scenario.rules.model_copy(update={"attendance": attendance})
    return run(scenario.with_changes(centres={"park": park}, rules=rules, settling=0, days=40), 3)


def test_a_day_without_anybody_has_no_talk_and_no_help():
    daily = nearly_empty().daily
    empty = daily["attended"] == 0
    assert empty.sum() > 20
    assert np.all(daily["talks"][empty] == 0)
    assert np.all(daily["helped"][empty] == 0)


def test_plain_python_lives_through_empty_days_without_leaving_an_array():
    environment = {**os.environ, "DAYROOM_COMPILE": "0", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20
