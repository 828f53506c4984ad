"""Comparisons over unmeasured numbers: what is drawn, from where, and the results."""

import numpy as np
import pandas as pd
import pytest
from houses import CIRCLE, small

from experiments.compare.draws import drawn, unknown_parameters, with_draw
from experiments.compare.runs import compare
from experiments.compare.terminal import _unknown
from experiments.designs.paired import UncomparableError
from experiments.designs.replicates import draw_seed
from experiments.runs.starts import Starts
from sim.scenario.schema.scenario import RULE_PARAMETERS


def test_what_is_drawn_is_what_nobody_has_measured():
    chosen = unknown_parameters([small("a")])
    paths = {parameter.path for parameter in chosen}
    assert "rules.conversation.leak_rate" in paths
    assert "users.empathy.mean" in paths
    assert "rules.forgetting.fade_strong" not in paths  # measured
    assert len(paths) == len(chosen) > 150


def test_options_of_a_policy_that_say_what_is_to_be_done_are_not_drawn():
    paths = {parameter.path for parameter in unknown_parameters([small("a", it=CIRCLE)])}
    assert "policies.*.disclosure_circle.facilitation" in paths
    assert not {path for path in paths if path.endswith((".staff_hours", ".start", ".group_size", ".uptake"))}
    assert not {path for path in paths if "respite" in path}


def test_draws_fill_the_plausible_ranges_evenly():
    chosen = RULE_PARAMETERS[:5]
    draws = drawn(chosen, 40, 1)
    assert draws.equals(drawn(chosen, 40, 1))
    for parameter in chosen:
        low, high = parameter.quantity.plausible
        shares = (draws[parameter.path] - low) / (high - low)
        assert sorted(np.floor(shares * 40).astype(int)) == list(range(40))


def test_a_draw_reaches_the_rules_and_every_use_of_the_policy():
    scenario = small("a", one=CIRCLE, two=CIRCLE | {"weekday": "friday"})
    changed = with_draw(scenario, {"rules.contact.relief": 0.1, "policies.*.disclosure_circle.facilitation": 1.7})
    assert changed.rules.contact.relief == 0.1
    assert [use.facilitation for use in changed.policies.values()] == [1.7, 1.7]
    assert with_draw(small("b"), {"policies.*.disclosure_circle.facilitation": 1.7}) == small("b")


@pytest.mark.slow
def test_effects_over_draws_are_split_and_ranked():
    found = compare(small("base"), [small("circle", it=CIRCLE)], replicates=3, seed=2, jobs=1, uncertain=6).uncertain
    assert len(found.draws) == 6
    (split,) = found.splits["group_identity"]
    assert split.draws == 6 - found.dropped
    assert split.pairs == 4 * split.draws
    assert found.rankings["burden"].default_order != ()
    assert len(found.values) == 2 * split.pairs
    seeds = found.values.groupby(["draw", "replicate"])["seed"]
    assert (seeds.nunique() == 1).all()  # the scenarios of a pair share a seed
    assert seeds.first().nunique() == split.pairs  # and no two draws do


@pytest.mark.slow
def test_the_same_seed_gives_the_same_draws_and_effects_with_any_number_of_workers():
    runs = [
        compare(small("base"), [small("circle", it=CIRCLE)], replicates=2, seed=2, jobs=jobs, uncertain=3).uncertain
        for jobs in (1, 2)
    ]
    assert runs[0].values.equals(runs[1].values)


@pytest.mark.slow
def test_draws_that_no_scenario_can_have_are_counted_and_told():
    """In the second draw a mean leaves no room for its deviation; in the others it does."""
    draws = pd.DataFrame({"users.empathy.mean": [0.5, 0.99, 0.4], "users.empathy.sd": [0.2, 0.4, 0.2]})
    found = compare(small("base"), [small("circle", it=CIRCLE)], replicates=2, seed=2, jobs=1, uncertain=draws)
    assert (found.uncertain.dropped, found.uncertain.failed) == (1, 0)
    assert found.uncertain.rankings["burden"].draws == 2
    assert "1 of 3 draws are left out: no scenario can have them." in "\n".join(_unknown(found))
    with pytest.raises(UncomparableError, match="only one of 2 draws is valid for all scenarios, 2 or more are needed"):
        compare(small("base"), [small("circle", it=CIRCLE)], replicates=2, seed=2, jobs=1, uncertain=draws.iloc[:2])
    with pytest.raises(UncomparableError, match="none of the 2 draws is valid for all scenarios"):
        compare(small("base"), [small("it", it=CIRCLE)], replicates=2, seed=2, jobs=1, uncertain=draws.iloc[[1, 1]])


@pytest.mark.slow
def test_runs_over_draws_that_fail_are_counted_and_told(monkeypatch):
    done, own = Starts.run, {draw_seed(2, draw, k) for draw in range(2) for k in range(4)}

    def failing(starts, start, scenario, seed, **options):
        if seed in own and (not remaining or not next(remaining[0], None)):
            raise RuntimeError("no more")
        return done(starts, start, scenario, seed, **options)

    draws = pd.DataFrame({"users.empathy.mean": [0.5, 0.4]})
    monkeypatch.setattr(Starts, "run", failing)
    remaining = [iter([True] * 13)]
    found = compare(small("base"), [small("circle", it=CIRCLE)], replicates=2, seed=2, jobs=1, uncertain=draws)
    assert found.uncertain.failed == 3
    assert "3 runs over the draws failed and are left out" in "\n".join(_unknown(found))
    remaining.clear()
    with pytest.raises(UncomparableError, match=r"each of the 16 runs over the draws failed; the last: .*no more"):
        compare(small("base"), [small("circle", it=CIRCLE)], replicates=2, seed=2, jobs=1, uncertain=draws)
