"""Comparisons over what nobody knows: what is drawn, from where, and what comes of it."""

import numpy as np
import pytest
from houses import CIRCLE, small

from experiments.comparing import compare
from experiments.guessing import drawn, read_ensemble, unknown_parameters, with_draw
from sim.scenario.schema import RULE_PARAMETERS


def test_what_is_drawn_is_what_nobody_has_measured():
    chosen = unknown_parameters([small("a")])
    paths = {parameter.path for parameter in chosen}
    assert "rules.conversation.leak_rate" in paths
    assert "users.empathy.mean" in paths
    assert "rules.forgetting.hours_scale" not in paths  # measured
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


def test_effects_over_draws_are_split_and_ranked():
    found = compare(small("base"), [small("circle", it=CIRCLE)], replicates=3, seed=2, jobs=1, uncertain=6).uncertain
    assert len(found.draws) == 6
    (split,) = found.splits["group_identity"]
    assert split.draws == 6 - found.dropped
    assert split.pairs == 4 * split.draws
    assert found.rankings["burden"].default_order != ()
    assert len(found.values) == 2 * split.pairs


def test_the_same_seed_gives_the_same_draws_and_effects():
    runs = [
        compare(small("base"), [small("circle", it=CIRCLE)], replicates=2, seed=2, jobs=1, uncertain=3).uncertain
        for _ in range(2)
    ]
    assert runs[0].values.equals(runs[1].values)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_an_ensemble_is_read_from_a_file(tmp_path, ending):
    draws = drawn(RULE_PARAMETERS[:2], 4, 1).add_prefix("")
    draws.columns = ["rules.turnover.leaving_rate", "rules.turnover.newcomer_ratio"]
    path = tmp_path / f"e.{ending}"
    draws.to_csv(path, index=False) if ending == "csv" else draws.to_parquet(path)
    read = read_ensemble(path)
    assert np.allclose(read, draws)
    found = compare(small("base"), [small("circle", it=CIRCLE)], replicates=2, seed=2, jobs=1, uncertain=read)
    assert found.uncertain.rankings["burden"].draws == 4


def test_an_ensemble_of_something_else_is_refused(tmp_path):
    path = tmp_path / "e.csv"
    path.write_text("rules.contact.releif\n0.1\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"found the column 'rules.contact.releif'"):
        read_ensemble(path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match="no table of parameters"):
        read_ensemble(path)
