"""The tables of effects and of trials on the page of policies show their record."""

import json

import pytest

from tools import policy_effects
from tools.policy_trials import TRIALS


@pytest.fixture(scope="module")
def record():
    return json.loads(policy_effects.RECORD.read_text(encoding="utf-8"))


def test_the_page_shows_the_record(record):
    assert policy_effects.is_current(record, policy_effects.PAGE.read_text(encoding="utf-8"))


def test_a_changed_record_is_noticed(record):
    changed = json.loads(json.dumps(record))
    changed["policies"]["respite"]["effects"]["burden"][0] += 1.0
    assert not policy_effects.is_current(changed, policy_effects.PAGE.read_text(encoding="utf-8"))


def test_every_trial_stands_beside_policies_that_were_measured(record):
    assert all(name in record["policies"] for trial in TRIALS for name in trial.policies)
    assert {trial.outcome for trial in TRIALS} <= record["spreads"].keys()
