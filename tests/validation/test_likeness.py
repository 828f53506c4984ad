"""Ties against states in a rise of likeness: worked out by hand, and changes that must not matter."""

import numpy as np
import pytest

from experiments.statistics.intervals import NORMAL
from experiments.validation.likeness import shares
from experiments.validation.selection import Group

X = np.array([0.0, 1.0, 4.0, 5.0])
D = np.array([1.0, 4.0, 5.0, 3.0, 4.0, 1.0])  # of the pairs 01 02 03 12 13 23


def ties(*pairs: tuple[int, int]) -> np.ndarray:
    found = np.zeros((4, 4), np.bool_)
    for i, j in pairs:
        found[i, j] = True
    return found


def alike(d: float, of: np.ndarray = D) -> float:
    return float((of.mean() - d) / of.std())


def test_ties_count_at_the_states_of_the_first_wave() -> None:
    found = shares([Group(ties((0, 3)), ties((0, 1), (3, 2)), X, X)])
    assert found.ties == pytest.approx((2 * alike(1.0) - alike(5.0)) / 3), "three pairs ever were friends"
    assert found.states == 0.0
    assert found.lead == found.ties


def test_states_count_on_the_ties_of_the_first_wave() -> None:
    second = np.array([0.0, 3.0, 4.0, 5.0])
    later = np.array([3.0, 4.0, 5.0, 1.0, 2.0, 1.0])
    found = shares([Group(ties((2, 1)), ties((1, 2), (2, 1)), X, second)])
    assert found.ties == 0.0
    assert found.states == pytest.approx(alike(1.0, later) - alike(3.0))
    assert found.lead == -found.states


def test_a_tie_that_one_of_the_two_names_is_one() -> None:
    one = shares([Group(ties((0, 1)), ties((0, 1), (2, 3)), X, X[::-1])])
    assert shares([Group(ties((1, 0)), ties((0, 1), (1, 0), (3, 2)), X, X[::-1])]) == pytest.approx(one, nan_ok=True)


def random_groups(count: int) -> list[Group]:
    draws = np.random.default_rng(5)
    made = []
    for _ in range(count):
        before, after = draws.uniform(size=(2, 20, 20)) < 0.1
        for flags in (before, after):
            np.fill_diagonal(flags, False)
        made.append(Group(before, after, draws.normal(size=20), draws.normal(size=20)))
    return made


def test_a_group_that_is_drawn_together_as_a_whole_has_gained_nothing() -> None:
    drawn = [group._replace(second=0.3 * group.first + 2.0) for group in random_groups(6)]
    found = shares(drawn)
    assert found.states == pytest.approx(0.0, abs=1e-12)


def test_ties_at_random_between_states_at_random_favour_neither() -> None:
    found = shares(random_groups(400))
    for name in ("ties", "states", "lead"):
        value, low, high = (getattr(found, name + end) for end in ("", "_low", "_high"))
        error = (high - low) / (2.0 * NORMAL)
        assert error < 0.01
        assert abs(value) < 4.5 * error


def test_who_did_not_answer_is_left_out() -> None:
    group = random_groups(1)[0]
    silent = np.arange(20) >= 14
    gaps = group._replace(first=np.where(silent, np.nan, group.first))
    fewer = Group(group.before[:14, :14], group.after[:14, :14], group.first[:14], group.second[:14])
    assert shares([gaps]) == pytest.approx(shares([fewer]), nan_ok=True)


def test_where_nobody_has_friends_there_is_nothing_to_tell() -> None:
    assert np.isnan(shares([Group(ties(), ties(), X, X)] * 4)).all()
    silent = np.full(4, np.nan)
    assert np.isnan(shares([Group(ties((0, 1)), ties((0, 1)), X, silent)])).all()


def test_two_groups_have_no_interval() -> None:
    found = shares(random_groups(2))
    assert np.isfinite([found.ties, found.states, found.lead]).all()
    assert np.isnan([found.lead_low, found.lead_high]).all()
