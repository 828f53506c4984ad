"""Who has most of a change, and when a group's difference is clear among many."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from experiments.compare.concentration import more_among
from experiments.compare.contrasts import by_group, clear_among
from sim.outcomes.catalogue import OUTCOMES

BURDEN = OUTCOMES["burden"]
SIZES = {"everybody": 20.0, "women": 10.0, "men": 10.0, "newcomers": 4.0}


def groups(women: float, men: float, newcomers: float, replicates: int = 40, noise: float = 0.3) -> pd.DataFrame:
    """Return the burden of groups in pairs of runs; the policy changes that of each group by a given amount."""
    draws = np.random.default_rng(1)
    rows = []
    for k in range(replicates):
        luck = draws.normal(30.0, 2.0)
        for scenario, share in (("baseline", 0.0), ("policy", 1.0)):
            value = {
                "women": luck + share * (women + noise * draws.normal()),
                "men": luck + share * (men + noise * draws.normal()),
                "newcomers": luck + share * (newcomers + noise * draws.normal()),
            }
            value["everybody"] = (value["women"] + value["men"]) / 2.0
            rows += [(scenario, k, name, "burden", value[name], size) for name, size in SIZES.items()]
    return pd.DataFrame(rows, columns=["scenario", "replicate", "group", "outcome", "value", "users"])


def test_the_group_that_changes_more_than_all_others_is_named():
    said = more_among(groups(-3.0, -1.0, -2.0), "baseline", "policy", BURDEN, "everybody")
    assert said.startswith("The effect on burden is larger for women (-3.")
    assert "-1." in said.partition("against")[2]
    assert "men" not in said.replace("women", "")
    assert "newcomers" not in said


def test_nobody_is_named_when_all_change_alike():
    assert more_among(groups(-2.0, -2.0, -2.0), "baseline", "policy", BURDEN, "everybody") == ""


def test_who_changes_less_is_not_named_for_it():
    """Burden rises for everybody, least for women: the effect is larger for men."""
    said = more_among(groups(+1.0, +3.0, +2.0), "baseline", "policy", BURDEN, "everybody")
    assert said.startswith("The effect on burden is larger for men (+")
    assert "women" not in said


def test_few_pairs_name_nobody():
    assert more_among(groups(-3.0, -1.0, -2.0, replicates=9), "baseline", "policy", BURDEN, "everybody") == ""


@pytest.mark.parametrize("number", [1, 5, 50])
def test_a_difference_is_clear_among_many_by_bonferronis_interval(number):
    frame = groups(-0.2, -0.1, -0.1, replicates=30, noise=0.5)
    row = next(row for row in by_group(frame, [BURDEN], base="baseline") if row.group == "women")
    se = (row.high - row.low) / 2.0 / t.ppf(0.975, row.n - 1)
    p = 2.0 * t.sf(abs(row.difference) / se, row.n - 1)
    assert clear_among(row, number) == (p < 0.05 / number)


def test_a_difference_that_never_varies_is_clear_unless_it_is_none():
    frame = groups(-1.0, 0.0, 0.0, noise=0.0)
    rows = {row.group: row for row in by_group(frame, [BURDEN], base="baseline")}
    assert clear_among(rows["women"], 1000)
    assert not clear_among(rows["men"], 1)
    assert not clear_among(dataclasses.replace(rows["women"], n=1), 1)
