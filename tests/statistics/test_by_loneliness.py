"""Changes of lonely users and of the others, in made-up users whose kind and change are known."""

import numpy as np
import pandas as pd

from experiments.statistics.by_loneliness import changes_by_kind

ROWS = [
    ("a", 0, -2.0, 60.0),  # lonely
    ("a", 0, -6.0, 54.0),  # 51 in the mean of both runs: lonely, although the alternative has 48
    ("a", 0, -3.0, 51.0),  # 49.5 in the mean: not lonely, although the base has 51
    ("a", 1, 1.0, 30.0),
    ("b", 1, 4.0, 70.0),
]


def test_the_mean_of_both_runs_says_who_is_lonely():
    users = pd.DataFrame(ROWS, columns=["scenario", "replicate", "change", "base"])
    made = changes_by_kind(users, 50.0)
    assert set(made) == {("a", "lonely"), ("a", "other"), ("b", "lonely")}
    np.testing.assert_array_equal(made["a", "lonely"], [-4.0, np.nan])
    np.testing.assert_array_equal(made["a", "other"], [-3.0, 1.0])
    np.testing.assert_array_equal(made["b", "lonely"], [np.nan, 4.0])


def test_sorting_by_the_mean_of_both_runs_shows_no_gain_where_chance_alone_differs():
    """Sorted by the base alone, the lonely would seem to gain by regression to the mean."""
    random = np.random.default_rng(1)
    level = random.normal(50.0, 8.0, 40_000)
    base, other = (level + random.normal(0.0, 4.0, level.size) for _ in range(2))
    users = pd.DataFrame({"scenario": "a", "replicate": 0, "change": other - base, "base": base})
    made = changes_by_kind(users, 50.0)
    bound = 4.5 * 4.0 * np.sqrt(2.0 / 20_000)
    assert all(abs(changes[0]) < bound for changes in made.values())
    assert (other - base)[base >= 50.0].mean() < -4.5 * bound
