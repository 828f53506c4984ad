"""Shares of variance of users with known differences."""

import re

import numpy as np
import pytest

from experiments.calibration.statistics import traits
from experiments.calibration.statistics.people import TRAITS
from experiments.calibration.statistics.runs import stacked
from experiments.calibration.statistics.snapshots import Snapshot
from tests.calibration.arrays import people, runs_of
from tools.anatomy import variance


def test_what_groups_explain_is_divided_by_what_each_adds_over_all_orders():
    """By hand: a alone 4, b alone 2, both 5; a adds 4 first and 3 second."""
    explained = {frozenset(): 0.0, frozenset("a"): 4.0, frozenset("b"): 2.0, frozenset("ab"): 5.0}
    assert variance.divided(explained, ["a", "b"]) == {"a": 3.5, "b": 1.5}


def test_three_groups_add_up_and_one_that_adds_nothing_gets_nothing():
    worth = {"a": 1.0, "b": 2.0, "c": 0.0}
    subsets = [frozenset(s) for s in ("", "a", "b", "c", "ab", "ac", "bc", "abc")]
    explained = {one: sum(worth[name] for name in one) for one in subsets}
    assert variance.divided(explained, list(worth)) == pytest.approx(worth)


def drawn_users(house, seed):
    """Return the users of a run: loneliness is half traits, half ties, with a shift of the house."""
    stream = np.random.default_rng(seed)
    users = people(30)
    states = ("hope", "burden", "identity", "self_stigma", "self_worth", "acceptance")
    for name in (*TRAITS, *states, "closest", "known_closest", "given", "received"):
        users[name] = stream.random(30)
    users["needs"] = stream.random((30, 5))
    users["days_attended"] = stream.integers(1, 100, 30)
    users["open_days"] = 100
    users["loneliness"] = users["family_support"] - users["closest"] + house * stream.standard_normal()
    return users


def made(house, count=60):
    return stacked([variance.of_users(drawn_users(house, seed)) for seed in range(count)])


def test_shares_go_to_what_the_differences_come_from():
    found = variance.shares(made(0.0))
    for outcome, shares in found.items():
        assert sum(shares.get(name, 0.0) for name in variance.DIVIDED) == pytest.approx(1.0), outcome
    lonely = found["loneliness"]
    assert lonely["traits"] == pytest.approx(0.5, abs=0.04)
    assert lonely["ties"] == pytest.approx(0.5, abs=0.04)
    assert abs(lonely[variance.REST]) < 0.01
    assert found["burden"][variance.REST] > 0.9
    assert "belonging" not in found["identity"]
    assert "self" not in found["self_stigma"]
    assert abs(lonely["self"]) < 0.01


def test_traits_that_work_through_a_state_count_in_full_first_in_half_on_average_and_not_at_all_last():
    """Loneliness is twice self-worth, which copies family support: whichever enters second adds nothing."""
    columns = {name: np.random.default_rng(at).random(400) for at, name in enumerate(variance.COLUMNS)}
    columns["self_worth"] = columns["family_support"].copy()
    columns["loneliness"] = 2.0 * columns["self_worth"]
    moments = variance.Moments(variance.COLUMNS, variance.cross_products(columns))
    found = variance.traits_first_and_last(moments, "loneliness")
    assert found[variance.FIRST] == pytest.approx(1.0)
    assert found[variance.LAST] == pytest.approx(0.0, abs=1e-9)
    shares = variance.within(moments, "loneliness")
    assert shares["traits"] == pytest.approx(0.5, abs=0.02)
    assert shares["self"] == pytest.approx(0.5, abs=0.02)


def test_traits_entered_first_are_the_share_that_calibration_aims_at():
    shots = [drawn_users(0.3, seed) for seed in range(10)]
    found = variance.shares(stacked([variance.of_users(users) for users in shots]))
    runs = runs_of([traits.traits_kept(Snapshot(365, users, *[np.zeros((30, 30))] * 3)) for users in shots])
    aimed = {
        "loneliness": traits.share_loneliness,
        "burden": traits.share_burden,
        "identity": traits.share_identity,
        "self_stigma": traits.share_stigma,
    }
    for outcome, share in aimed.items():
        assert found[outcome][variance.FIRST] == pytest.approx(share(runs).values[0], rel=1e-9), outcome


def test_what_a_house_has_in_common_is_the_share_of_the_house():
    """Within runs 2/12 of the variance, between runs as much."""
    found = variance.shares(made((2 / 12) ** 0.5))["loneliness"]
    assert found["house"] == pytest.approx(0.5, abs=0.12)
    assert variance.shares(made(0.0))["loneliness"]["house"] < 0.02


def test_no_interval_on_the_page_looks_like_0_or_has_no_width():
    text = variance.DOCUMENT.page.read_text(encoding="utf-8")
    intervals = re.findall(r"(\d[\d.]*) \((\d[\d.]*) to (\d[\d.]*)\)", text)
    assert len(intervals) > 50
    assert [one for one in intervals if one[1] == one[2]] == []
    assert variance._cell([0.0016, 0.0009, 0.0031]) == "0.2 (0.1 to 0.3)"


@pytest.mark.slow
def test_every_share_has_an_interval_around_it():
    found = variance.measured(made(0.1, 20), resamples=20)
    for shares in found.values():
        assert all(low - 1e-9 <= high for _, low, high in shares.values())
    text = variance.text({"runs": 20, "outcomes": found})
    assert text.count("\n| ") == 2 + len(variance.GROUPS) + 2 + 2
    for name in ("belonging", "not explained", "traits entered first", "traits entered last"):
        assert f"| {name} |" in text
    assert "-0 " not in text
