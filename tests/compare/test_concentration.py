"""Who has more of a change than all others."""

import numpy as np
import pandas as pd

from experiments.compare.concentration import more_among
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


def test_changes_that_never_vary_name_the_group_too():
    said = more_among(groups(-3.0, -1.0, -2.0, noise=0.0), "baseline", "policy", BURDEN, "everybody")
    assert said == "The effect on burden is larger for women (-3.00 against -1.00 for all others)."
    assert more_among(groups(-2.0, -2.0, -2.0, noise=0.0), "baseline", "policy", BURDEN, "everybody") == ""


def test_more_outcomes_and_scenarios_looked_at_together_name_fewer():
    frame = groups(-2.0, -1.5, -1.75, replicates=12, noise=0.3)
    assert "women" in more_among(frame, "baseline", "policy", BURDEN, "everybody")
    assert more_among(frame, "baseline", "policy", BURDEN, "everybody", together=10**12) == ""
