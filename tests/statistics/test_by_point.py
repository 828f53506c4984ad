"""What levers change at each point: pairs by replicate, intervals by hand, and gaps that remain gaps."""

import numpy as np
import pandas as pd
import pytest

from experiments.statistics.by_point import factor_columns, lever_effects
from experiments.statistics.paired import paired_interval

FACTOR = "users.disclosure_threshold.mean"


@pytest.fixture
def runs() -> pd.DataFrame:
    """Return results of two points, three levers and twelve replicates; at the second point `pairs` changes nothing."""
    draws = np.random.default_rng(4)
    rows = []
    for point, value in enumerate((0.4, 0.6)):
        common = draws.normal(50.0, 5.0, 12)
        for lever, effect in (("pairs", -2.0 * (point == 0)), ("usual-care", 0.0), ("workers", -1.0)):
            noise = draws.normal(0.0, 0.1, 12) if effect else np.zeros(12)
            for replicate in range(12):
                lonely = common[replicate] + effect + noise[replicate]
                rows.append((point, lever, replicate, value, 7 + replicate, "done", lonely, 30.0 + 0.5 * effect))
    names = ["point", "lever", "replicate", FACTOR, "seed", "status", "loneliness_ucla20", "burden"]
    return pd.DataFrame(rows, columns=names)


def test_each_lever_is_paired_with_usual_care_at_its_point(runs):
    effects = lever_effects(runs, ["loneliness_ucla20", "burden"])
    assert list(zip(effects["point"], effects["lever"], effects["outcome"], strict=True)) == [
        (point, lever, outcome)
        for point in (0, 1)
        for lever in ("pairs", "workers")
        for outcome in ("loneliness_ucla20", "burden")
    ]
    assert list(effects[FACTOR]) == [0.4] * 4 + [0.6] * 4
    wide = runs[runs["point"] == 0].pivot(index="replicate", columns="lever", values="loneliness_ucla20")
    row = effects.iloc[0]
    assert (row["n"], row["base"], row["verdict"]) == (12, "usual-care", "better")
    assert row["difference"] == pytest.approx((wide["pairs"] - wide["usual-care"]).mean())
    assert (row["low"], row["high"]) == pytest.approx(paired_interval((wide["pairs"] - wide["usual-care"]).to_numpy()))
    assert row["mean"] - row["base_mean"] == pytest.approx(row["difference"])


def test_where_nothing_changes_no_difference_is_seen(runs):
    effects = lever_effects(runs, ["loneliness_ucla20"]).set_index(["point", "lever"])
    row = effects.loc[(1, "pairs")]
    assert (row["difference"], row["verdict"]) == (0.0, "no difference seen")
    assert np.isnan(row["low"])


def test_a_missing_run_takes_its_pair_with_it_and_nothing_else(runs):
    lost = (runs["point"] == 0) & (runs["lever"] == "pairs") & (runs["replicate"] == 3)
    whole = lever_effects(runs, ["loneliness_ucla20"])
    for gap in (runs[~lost], runs.assign(loneliness_ucla20=runs["loneliness_ucla20"].where(~lost))):
        effects = lever_effects(gap, ["loneliness_ucla20"])
        assert list(effects["n"]) == [11, 12, 12, 12]
        pd.testing.assert_frame_equal(effects.iloc[1:], whole.iloc[1:])


def test_a_lever_without_runs_at_a_point_is_not_known(runs):
    effects = lever_effects(runs[(runs["point"] == 0) | (runs["lever"] != "pairs")], ["loneliness_ucla20"])
    row = effects.set_index(["point", "lever"]).loc[(1, "pairs")]
    assert (row["n"], row["verdict"]) == (0, "not known")
    assert np.isnan([row["difference"], row["low"], row["mean"]]).all()


def test_a_lever_may_be_better_by_itself_and_not_among_all_points(runs):
    wobble = np.linspace(-1.0, 1.0, 12)
    t = wobble - 2.5 * wobble.std(ddof=1) / 12**0.5  # p = .03
    close = runs[runs["lever"] != "workers"].copy()
    for point, shift in ((0, t), (1, wobble)):
        there = (close["point"] == point) & (close["lever"] == "pairs")
        usual = close[(close["point"] == point) & (close["lever"] == "usual-care")]
        close.loc[there, "loneliness_ucla20"] = usual["loneliness_ucla20"].to_numpy() + shift
    outcome = ["loneliness_ucla20"]
    assert list(lever_effects(close, outcome)["verdict"]) == ["better by itself", "no clear difference"]
    assert list(lever_effects(close[close["point"] == 0], outcome)["verdict"]) == ["better"]


def test_another_lever_may_be_the_base(runs):
    effects = lever_effects(runs, ["loneliness_ucla20"], base="workers")
    assert set(effects["lever"]) == {"pairs", "usual-care"}
    assert effects.set_index(["point", "lever"]).loc[(1, "usual-care"), "verdict"] == "worse"


def test_factors_are_found_whatever_their_number(runs):
    assert factor_columns(runs) == [FACTOR]
    assert factor_columns(runs.drop(columns=FACTOR)) == []
    assert len(lever_effects(runs.drop(columns=FACTOR)[runs["point"] == 0], ["burden"])) == 2


@pytest.mark.parametrize(
    ("change", "words", "said"),
    [
        (
            lambda runs: runs,
            {"base": "usual"},
            "no runs of the lever 'usual'; did you mean 'usual-care'\\? allowed: one of pairs, usual-care, workers",
        ),
        (lambda runs: runs[runs["lever"] == "usual-care"], {}, "nothing to be compared with"),
        (
            lambda runs: runs,
            {"outcomes": ["lonelyness"]},
            "no outcome is named lonelyness; did you mean 'loneliness_ucla20'",
        ),
        (lambda runs: runs.drop(columns="seed"), {}, "no column seed; give what experiments.sweep.results gives"),
        (lambda runs: runs, {"outcomes": ["group_identity"]}, "no column group_identity"),
        (lambda runs: pd.concat([runs, runs]), {"outcomes": ["burden"]}, "two runs of the same"),
    ],
)
def test_what_cannot_be_compared_is_refused(runs, change, words, said):
    with pytest.raises(ValueError, match=said):
        lever_effects(change(runs), **words)
