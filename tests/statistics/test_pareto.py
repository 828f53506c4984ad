"""The Pareto front, by hand."""

import numpy as np

from experiments.statistics.pareto import undominated


def test_front_by_hand() -> None:
    spots = np.array([[-2.0, 1.0], [-1.0, -1.0], [-1.0, -1.0], [-1.5, 1.0], [0.0, 0.0], [1.0, -2.0]])
    assert undominated(spots).tolist() == [True, True, True, False, False, True]
