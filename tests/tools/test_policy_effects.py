"""The tables of effects and of trials on the page of policies show their record."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from sim.outcomes.catalogue import PRIMARY
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


def test_bold_is_what_is_clear_among_all_and_not_by_itself_alone(record):
    text = policy_effects.table(record)
    outreach = next(line for line in text.splitlines() if line.startswith("| [outreach]"))
    _, high = record["policies"]["outreach"]["effects"]["loneliness_ucla20"][1:]
    assert high < 0.0, "by itself the effect is clear, so the row shows whether the others count"
    assert "**" not in outreach
    respite = next(line for line in text.splitlines() if line.startswith("| [respite]"))
    assert respite.count("**") == 6  # loneliness, burden and group identity


def test_no_number_of_the_tables_is_a_signed_0_and_each_part_has_an_interval(record):
    for text in (policy_effects.table(record), policy_effects.trials(record)):
        assert re.findall(r"[+-]0(?:\.0+)?(?![\d.])", text) == []
        ends = re.findall(r"\(([+-][\d.]+) to ([+-][\d.]+)\)", text)
        assert len(ends) > 10
        assert [one for one in ends if one[0] == one[1]] == []
    peers = next(
        line for line in policy_effects.table(record).splitlines() if line.startswith("| [peer-support-workers]")
    )
    assert re.search(r"\+0\.4 \(\+0\.1 to \+0\.6\) / -0\.4 \(", peers)


def test_what_is_not_clear_among_all_is_not_claimed_of_staffing(record):
    staffing = next(line for line in policy_effects.table(record).splitlines() if line.startswith("| [staffing]"))
    newcomers = staffing.split(" | ")[5]
    words = policy_effects.PAGE.read_text(encoding="utf-8").partition("- **Staffing** has")[2].partition("\n- **")[0]
    assert newcomers.startswith("**") is ("by itself" not in words)


def test_every_trial_stands_beside_policies_that_were_measured(record):
    assert all(name in record["policies"] for trial in TRIALS for name in trial.policies)
    assert {trial.outcome for trial in TRIALS} <= record["spreads"].keys()


def test_two_policies_are_told_apart_by_pairs():
    """Both vary much and together: apart by pairs, though each mean alone would overlap the other's interval."""
    luck = np.random.default_rng(1).normal(size=(20, 2)) * [5.0, 0.1]
    rows = [
        (name, k, *[50.0 + luck[k, 0] + shift + luck[k, 1] * (name == "a")] * 3)
        for name, shift in (("a", 0.5), ("b", 0.0))
        for k in range(20)
    ]
    values = pd.DataFrame(rows, columns=["scenario", "replicate", *PRIMARY])
    apart = policy_effects.apart(values)
    assert apart["burden"]["a"]["b"] == apart["burden"]["b"]["a"] < 1e-6
