"""Regret: by hand, and cases without an answer."""

import numpy as np
import pandas as pd
import pytest

from experiments.statistics import regret as of_regret
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
    assert found.by_draw["value"].tolist() == [1.5, 3.0, 5.0, 3.0]
    turned = regret(values.assign(value=-values["value"]), "lower")
    assert turned.summary.equals(found.summary)
    assert found.replicates == 2


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
    assert "a and b share the least largest regret: each loses at most 0 against the best, on average" in found.words()
    assert "by this there is nothing to choose between them" in found.words()
    assert "would be the choice" not in found.words()


def test_of_policies_with_the_same_largest_regret_the_one_that_loses_less_on_average_is_named():
    found = regret(long({"a": [2.0, 0.0, 0.0], "b": [0.0, 2.0, 1.0]}), "lower")
    assert found.tied == ["a", "b"]
    assert found.choice == "a"
    assert "each loses at most 2 against the best. a loses least on average, 0.667 (3 draws). In " in found.words()


def test_equal_policies_among_those_with_the_same_largest_regret_are_named():
    found = regret(long({"a": [2.0, 0.0, 0.0], "b": [2.0, 0.0, 0.0], "c": [0.0, 2.0, 1.0]}), "lower")
    assert found.tied == ["a", "b", "c"]
    assert "a, b and c share the least largest regret: each of them loses at most 2" in found.words()
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


def runs_of(truth, replicates, key, noise=1.0):
    """Return runs of policies with these true values (draws, policies): seeds shift all, chance each run."""
    stream = np.random.Generator(np.random.Philox(key))
    draws, policies = truth.shape
    shifts = 3.0 * stream.standard_normal((1, replicates, 1))
    values = truth[:, None] + shifts + noise * stream.standard_normal((draws, replicates, policies))
    where = np.indices(values.shape).reshape(3, -1)
    frame = pd.DataFrame(where.T, columns=["draw", "replicate", "policy"]).assign(value=values.ravel())
    return frame.assign(policy=frame["policy"].map(lambda place: f"p{place}"))


def plain_largest(runs):
    """Return the largest regrets of plain means."""
    means = runs.groupby(["draw", "policy"])["value"].mean().unstack()
    return means.sub(means.min(axis=1), axis=0).max()


def test_regret_leaves_out_the_luck_of_the_best():
    """Against the true regrets of policies that differ, plain means are too large by half of their chance."""
    off, plain, held = [], [], []
    for key in range(10):
        truth = np.random.Generator(np.random.Philox(100 + key)).standard_normal((60, 5))
        names = [f"p{place}" for place in range(5)]
        known = pd.Series((truth - truth.min(axis=1, keepdims=True)).max(axis=0), names)
        runs = runs_of(truth, 4, key)
        rows = regret(runs, "lower").summary.set_index("policy").loc[names]
        off.append((rows["max_regret"] - known).mean())
        plain.append((plain_largest(runs) - known).mean())
        held.append(((rows["low"] <= known) & (known <= rows["high"])).mean())
    assert np.mean(plain) > 0.3
    assert np.mean(off) == pytest.approx(0.0, abs=0.12)
    assert np.mean(held) > 0.85


def test_a_loss_that_shrinks_to_nothing_is_not_said_to_be_nothing():
    """One policy is better in the mean; the rest is chance, so that it is first at some draws only."""
    found = regret(runs_of(np.tile([-0.6, 0.0], (60, 1)), 4, 13), "lower")
    first = found.summary.iloc[0]
    assert first["max_regret"] == 0.0
    assert first["share_best"] < 1.0
    assert found.words().startswith(
        "No loss of p0 against the best can be told from luck (60 draws), though not in all"
    )
    assert "loses at most 0" not in found.words()


def test_the_best_everywhere_has_a_bound_for_elsewhere():
    found = regret(runs_of(np.tile([-3.0, 0.0], (60, 1)), 4, 5), "lower")
    assert found.words().startswith(
        "p0 is the best in each of 60 draws; if others like them were drawn, it might not be in up to 5 % of them."
    )


def test_of_equal_policies_little_regret_is_left():
    runs = runs_of(np.zeros((60, 5)), 4, 7)
    found = regret(runs, "lower")
    assert plain_largest(runs).mean() > 1.5
    assert found.summary["max_regret"].mean() < 0.25 * plain_largest(runs).mean()
    assert found.summary["low"].min() < 0.1


def test_one_replicate_gives_plain_regrets_without_an_interval():
    runs = runs_of(np.zeros((20, 3)), 1, 8)
    found = regret(runs, "lower")
    largest = found.summary.set_index("policy")["max_regret"]
    assert largest.to_dict() == pytest.approx(plain_largest(runs).to_dict())
    assert found.summary[["low", "high"]].isna().all(axis=None)
    assert "With one replicate all of this includes luck, and the losses are too large." in found.words()


def test_without_chance_regrets_are_exact_and_the_interval_unknown():
    values = long({"a": [1.0, 4.0, 2.0], "b": [3.0, 3.0, 3.0]})
    found = regret(pd.concat([values, values]), "lower")
    assert found.summary.set_index("policy")["max_regret"].to_dict() == {"a": 1.0, "b": 2.0}
    assert found.summary[["low", "high"]].isna().all(axis=None)


def test_the_interval_of_the_choice_is_in_its_sentence():
    truth = np.random.Generator(np.random.Philox(9)).standard_normal((40, 3))
    found = regret(runs_of(truth, 6, 9), "lower")
    first = found.summary.iloc[0]
    assert first["low"] < first["max_regret"] < first["high"]
    words = f"loses at most {first['max_regret']:.3g} against the best (nominal 95 % interval {first['low']:.3g} to"
    assert words in found.words()


def test_replicates_are_matched_by_their_number():
    runs = runs_of(np.random.Generator(np.random.Philox(3)).standard_normal((20, 3)), 4, 3)
    mixed = runs.sample(frac=1.0, random_state=1)
    order = [f"p{place}" for place in range(3)]
    one, other = (regret(each, "lower").summary.set_index("policy").loc[order] for each in (runs, mixed))
    assert other["max_regret"].tolist() == pytest.approx(one["max_regret"].tolist(), abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("points", "replicates", "apart", "by_seed"), [(40, 4, 0.5, 0.0), (40, 4, 0.0, 0.0), (20, 10, 0.2, 0.2)]
)
def test_the_interval_of_the_choice_is_nominal(
    points: int, replicates: int, apart: float, by_seed: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds for the choice in about four of five studies, as the page says."""
    monkeypatch.setattr(of_regret, "_RESAMPLES", 300)
    stream, held = np.random.Generator(np.random.Philox(5)), []
    for _ in range(60):
        truth = 0.3 * stream.standard_normal(5) + apart * stream.standard_normal((points, 5))
        seeds = by_seed * stream.standard_normal((replicates, 5))
        values = truth[:, None] + seeds + stream.standard_normal((points, replicates, 5))
        frame = pd.DataFrame(
            {
                "draw": np.repeat(np.arange(points), replicates * 5),
                "replicate": np.tile(np.repeat(np.arange(replicates), 5), points),
                "policy": np.tile([f"p{place}" for place in range(5)], points * replicates),
                "value": values.ravel(),
            }
        )
        chosen = regret(frame, "lower")
        known = (truth - truth.min(axis=1, keepdims=True)).max(axis=0)[int(chosen.choice[1:])]
        held.append(chosen.summary["low"].iloc[0] <= known <= chosen.summary["high"].iloc[0])
    assert 0.68 < np.mean(held) < 0.95
