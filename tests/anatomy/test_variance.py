"""Shares of variance on users whose differences are known."""

import numpy as np
import pytest

from experiments.anatomy import variance
from experiments.calibration.people import TRAITS
from tests.calibration.arrays import people


def test_what_groups_explain_is_divided_by_what_each_adds_over_all_orders():
    """By hand: a alone 4, b alone 2, both 5; a adds 4 first and 3 second."""
    explained = {frozenset(): 0.0, frozenset("a"): 4.0, frozenset("b"): 2.0, frozenset("ab"): 5.0}
    assert variance.divided(explained, ["a", "b"]) == {"a": 3.5, "b": 1.5}


def test_three_groups_add_up_and_one_that_adds_nothing_gets_nothing():
    worth = {"a": 1.0, "b": 2.0, "c": 0.0}
    subsets = [frozenset(s) for s in ("", "a", "b", "c", "ab", "ac", "bc", "abc")]
    explained = {one: sum(worth[name] for name in one) for one in subsets}
    assert variance.divided(explained, list(worth)) == pytest.approx(worth)


def drawn(house, seed):
    """Give what is kept of a run: loneliness of half traits, half ties, with a shift of the house."""
    stream = np.random.default_rng(seed)
    users = people(30)
    for name in (*TRAITS, "closest", "known_closest", "given", "received", "hope", "burden", "identity", "self_stigma"):
        users[name] = stream.random(30)
    users["needs"] = stream.random((30, 5))
    users["days_attended"] = stream.integers(1, 100, 30)
    users["open_days"] = 100
    users["loneliness"] = users["family_support"] - users["closest"] + house * stream.standard_normal()
    return variance.of_users(users)


def made(house, count=60):
    kept = [drawn(house, seed) for seed in range(count)]
    return {name: np.array([one[name] for one in kept]) for name in kept[0]}


def test_shares_go_to_what_the_differences_come_from():
    found = variance.shares(made(0.0))
    for outcome, shares in found.items():
        assert sum(shares.values()) == pytest.approx(1.0), outcome
    lonely = found["loneliness"]
    assert lonely["traits"] == pytest.approx(0.5, abs=0.04)
    assert lonely["ties"] == pytest.approx(0.5, abs=0.04)
    assert abs(lonely["chance"]) < 0.01
    assert found["burden"]["chance"] > 0.9
    assert "belonging" not in found["identity"]


def test_what_a_house_has_in_common_is_the_share_of_the_house():
    """Within runs 2/12 of variance; between runs as much."""
    found = variance.shares(made((2 / 12) ** 0.5))["loneliness"]
    assert found["house"] == pytest.approx(0.5, abs=0.12)
    assert variance.shares(made(0.0))["loneliness"]["house"] < 0.02


def test_every_share_has_an_interval_around_it():
    found = variance.measured(made(0.1, 20), resamples=20)
    for shares in found.values():
        assert all(low - 1e-9 <= high for _, low, high in shares.values())
    text = variance.text({"runs": 20, "outcomes": found})
    assert text.count("\n| ") == 2 + len(variance.GROUPS) + 2
    assert "| belonging |" in text
