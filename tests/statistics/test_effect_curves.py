"""Effects along days and factors, from outcomes by day: the same pairs as by hand, and refusals in words."""

import numpy as np
import pandas as pd
import pytest

from experiments.statistics.by_point import lever_effects
from experiments.statistics.effect_curves import effects_along
from sim.scenario.text.errors import InputError

FACTOR = "users.empathy.mean"


@pytest.fixture
def days() -> pd.DataFrame:
    """Return 84 days of two points, two levers and twelve replicates; the lever adds the day's number / 10."""
    draws = np.random.default_rng(1)
    places = [
        (point, lever, replicate, value, 40 + replicate, "park", day)
        for point, value in enumerate((0.4, 0.6))
        for lever in ("usual-care", "pairs")
        for replicate in range(12)
        for day in range(84)
    ]
    names = ["point", "lever", "replicate", FACTOR, "seed", "centre", "day"]
    frame = pd.DataFrame(places, columns=names)
    common = draws.normal(50.0, 5.0, (12, 84))
    noise = draws.normal(0.0, 0.01, len(frame))
    values = common[frame["replicate"], frame["day"]] + noise
    return frame.assign(burden=values + (frame["lever"] == "pairs") * frame["day"] / 10)


def test_along_days_each_span_of_weeks_has_the_mean_difference(days):
    effects, factor = effects_along(days[days["point"] == 0], outcomes=["burden"])
    assert factor == "day"
    assert effects["day"].tolist() == list(range(6, 84, 7))
    np.testing.assert_allclose(effects["difference"], (effects["day"] - 3) / 10, atol=0.02)
    assert set(effects["n"]) == {12}


def test_the_end_of_the_runs_counts_along_a_factor(days):
    effects, factor = effects_along(days, FACTOR, ["burden"])
    ends = days[days["day"] >= 56].groupby(["point", "lever", "replicate", FACTOR, "seed"], sort=False)["burden"]
    by_hand = lever_effects(ends.mean().reset_index(), ["burden"])
    assert factor == FACTOR
    pd.testing.assert_frame_equal(effects, by_hand)


def test_a_part_of_a_last_week_is_left_out_and_few_days_stand_alone(days):
    one = days[days["point"] == 0]
    assert effects_along(one[one["day"] < 82], outcomes=["burden"])[0]["day"].max() == 76
    assert effects_along(one[one["day"] < 5], outcomes=["burden"])[0]["day"].tolist() == [0, 1, 2, 3, 4]


def test_scenarios_and_seeds_serve_as_levers_and_replicates(days):
    one = days[days["point"] == 0]
    joined = one.drop(columns=["point", "replicate", FACTOR]).rename(columns={"lever": "scenario"})
    ours, _ = effects_along(one, outcomes=["burden"])
    theirs, _ = effects_along(joined, outcomes=["burden"], base="usual-care")
    pd.testing.assert_frame_equal(theirs, ours.drop(columns=FACTOR))


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        (lambda days: days, {"factor": "no.factor"}, "the factor 'no.factor' does not vary; in the frame vary: users"),
        (lambda days: days, {"base": "nothing"}, "there is no 'nothing'; the frame holds: usual-care, pairs"),
        (lambda days: days.replace("usual-care", "now"), {}, "name the alternative to compare with in base; .*now"),
        (lambda days: days.drop(columns="lever"), {}, "no column lever or scenario"),
        (lambda days: days.drop(columns="burden"), {}, "the frame has no outcome burden"),
        (lambda days: days.assign(centre=days["replicate"]), {}, "the frame holds 12 centres; choose one"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(days, change, options, words):
    with pytest.raises(InputError, match=words):
        effects_along(change(days), outcomes=["burden"], **options)
