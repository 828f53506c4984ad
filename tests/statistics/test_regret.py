"""Regret: by hand, and cases without an answer."""

import numpy as np
import pandas as pd
import pytest

from experiments.statistics.regret import regret


def long(values):
    return pd.DataFrame(
        [(d, p, v) for p, column in values.items() for d, v in enumerate(column)], columns=["draw", "policy", "value"]
    )


def test_regret_by_hand():
    found = regret(
        long({"usual care": [50.0, 52.0, 47.0], "circle": [45.0, 51.0, 49.0], "cap": [46.0, 50.0, 53.0]}), "lower"
    )
    assert found.choice == "circle"
    summary = found.summary.set_index("policy")
    assert summary["max_regret"].to_dict() == {"circle": 2.0, "usual care": 5.0, "cap": 6.0}
    assert summary["mean_regret"].to_dict() == pytest.approx({"circle": 1.0, "usual care": 7 / 3, "cap": 7 / 3})
    assert summary["share_best"].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    assert summary.loc["cap", "worst_draw"] == 2
    assert found.by_draw.query("draw == 1")["regret"].tolist() == [2.0, 1.0, 0.0]
    assert 0.5 < found.share_same_choice < 1.0
    assert "circle has the least largest regret" in found.words()


def test_regret_of_what_should_be_high_is_turned_round_and_replicates_are_averaged():
    values = pd.concat([long({"a": [1.0, 4.0], "b": [3.0, 3.0]}), long({"a": [2.0, 6.0], "b": [3.0, 3.0]})])
    found = regret(values, "higher")
    assert found.summary.set_index("policy")["max_regret"].to_dict() == {"a": 1.5, "b": 2.0}


def test_a_draw_in_which_a_policy_failed_is_left_out_and_counted():
    values = long({"a": [1.0, np.nan, 9.0], "b": [2.0, 2.0, 2.0]})
    found = regret(values, "lower")
    assert (found.draws, found.dropped) == (2, 1)
    assert found.summary.set_index("policy")["max_regret"].to_dict() == {"a": 7.0, "b": 1.0}


def test_a_draw_in_which_one_of_several_runs_failed_is_left_out_too():
    """Otherwise its policies would be compared over other seeds: in the first draw a is no better than b."""
    values = pd.concat([long({"a": [1.0, 4.0], "b": [1.0, 3.0]}), long({"a": [np.nan, 6.0], "b": [9.0, 3.0]})])
    found = regret(values, "lower")
    assert (found.draws, found.dropped) == (1, 1)
    assert found.by_draw["value"].tolist() == [5.0, 3.0]
    absent = regret(values.dropna(), "lower")
    assert absent.by_draw.equals(found.by_draw)
    assert (absent.draws, absent.dropped) == (1, 1)


@pytest.mark.parametrize("better", ["Lower", "best", "", None])
def test_a_direction_that_is_none_is_refused(better):
    with pytest.raises(ValueError, match="one of lower, higher") as told:
        regret(long({"a": [1.0, 4.0], "b": [1.0, 3.0]}), better)
    assert f"better: found {better!r}" in str(told.value)
    assert ("did you mean 'lower'?" in str(told.value)) == (better == "Lower")


def test_the_95_percent_regret_is_one_that_occurred():
    values = long({"a": np.arange(100.0), "b": np.zeros(100)})
    assert regret(values, "lower").summary.set_index("policy").loc["a", "regret_95"] == 95.0


def test_policies_that_are_equal_share_the_choice():
    found = regret(long({"a": [1.0, 4.0, 2.0], "b": [1.0, 4.0, 2.0], "c": [2.0, 4.0, 3.0]}), "lower")
    assert found.tied == ["a", "b"]
    assert found.share_same_choice == pytest.approx(0.5, abs=0.02)  # c ties too when only the second draw is drawn
    assert found.share_same_choice <= 0.5
    assert "a and b share the least largest regret: neither ever does worse than the best by more than 0, on ave" in (
        found.words()
    )
    assert "by this there is nothing to choose between them" in found.words()
    assert "would be the choice" not in found.words()


def test_of_policies_with_the_same_largest_regret_the_one_that_loses_less_on_average_is_named():
    found = regret(long({"a": [2.0, 0.0, 0.0], "b": [0.0, 2.0, 1.0]}), "lower")
    assert found.tied == ["a", "b"]
    assert found.choice == "a"
    assert "more than 2. a loses least on average, 0.667 (3 draws). Had other draws been made it would" in found.words()


def test_equal_policies_among_those_with_the_same_largest_regret_are_named():
    found = regret(long({"a": [2.0, 0.0, 0.0], "b": [2.0, 0.0, 0.0], "c": [0.0, 2.0, 1.0]}), "lower")
    assert found.tied == ["a", "b", "c"]
    assert "a, b and c share the least largest regret: none of them ever does" in found.words()
    assert "On average a and b lose least, equally (3 draws)." in found.words()


@pytest.mark.parametrize(
    ("values", "better", "message"),
    [
        (long({"a": [1.0], "b": [2.0]}), "neither", "no regret about an outcome"),
        (long({"a": [1.0]}), "lower", "found 1 policies with values in 1 common draws"),
        (long({"a": [np.nan], "b": [1.0]}), "lower", "in 0 common draws"),
        (long({"a": [1.0]}).rename(columns={"value": "x"}), "lower", "no column 'value'"),
    ],
)
def test_regret_of_nothing_is_refused(values, better, message):
    with pytest.raises(ValueError, match=message):
        regret(values, better)
