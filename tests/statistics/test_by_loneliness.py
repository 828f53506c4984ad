"""Changes of lonely users and of the others, in made-up users whose kind and change are known."""

import numpy as np
import pandas as pd

from experiments.statistics.by_loneliness import changes_by_kind

ROWS = [
    ("a", 0, -2.0, 60.0),
    ("a", 0, -6.0, 50.0),  # lonely at the start, from the cut-off on
    ("a", 0, -3.0, 49.9),
    ("a", 1, 1.0, 30.0),
    ("b", 1, 4.0, 70.0),
]


def test_loneliness_at_the_start_says_who_is_lonely():
    users = pd.DataFrame(ROWS, columns=["scenario", "replicate", "change", "start"])
    made = changes_by_kind(users, 50.0)
    assert set(made) == {("a", "lonely"), ("a", "other"), ("b", "lonely")}
    np.testing.assert_array_equal(made["a", "lonely"], [-4.0, np.nan])
    np.testing.assert_array_equal(made["a", "other"], [-3.0, 1.0])
    np.testing.assert_array_equal(made["b", "lonely"], [np.nan, 4.0])


def test_sorting_by_the_start_shows_no_gain_where_chance_alone_differs():
    """Sorted by the end of the base, the lonely would seem to gain by regression to the mean."""
    random = np.random.default_rng(1)
    level = random.normal(50.0, 8.0, 40_000)
    start, base, other = (level + random.normal(0.0, 4.0, level.size) for _ in range(3))
    users = pd.DataFrame({"scenario": "a", "replicate": 0, "change": other - base, "start": start})
    made = changes_by_kind(users, 50.0)
    bound = 4.5 * 4.0 * np.sqrt(2.0 / 20_000)
    assert all(abs(changes[0]) < bound for changes in made.values())
    assert (other - base)[base >= 50.0].mean() < -4.5 * bound


def test_a_policy_that_does_the_same_for_all_does_so_for_both_kinds():
    """At the end the policy itself decides who is lonely: a strong one would leave its successes among the others."""
    random = np.random.default_rng(2)
    start = random.normal(50.0, 8.0, 40_000)
    change = random.normal(-4.0, 6.0, start.size)
    users = pd.DataFrame({"scenario": "a", "replicate": 0, "change": change, "start": start})
    made = changes_by_kind(users, 50.0)
    bound = 4.5 * 6.0 * np.sqrt(2.0 / 20_000)
    assert abs(made["a", "lonely"][0] - made["a", "other"][0]) < bound
    by_end = start + 0.5 * change >= 50.0
    assert change[by_end].mean() - change[~by_end].mean() > bound
