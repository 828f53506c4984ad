"""Goodness of fit: the distance is Mahalanobis', and p ranks the data among the simulated ones."""

import numpy as np
import pytest
from scipy.spatial.distance import mahalanobis as of_scipy

from experiments.statistics.goodness import mahalanobis, rank


def cloud(n: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).multivariate_normal([3.0, 5.0], [[2.0, 1.5], [1.5, 3.0]], n)


def test_the_distance_is_that_of_scipy():
    simulated, data = cloud(50), np.array([5.0, 1.0])
    inverse = np.linalg.inv(np.cov(simulated, rowvar=False))
    assert mahalanobis(data, simulated).distance == pytest.approx(of_scipy(data, simulated.mean(axis=0), inverse))


def test_p_is_the_share_of_simulated_ones_at_least_as_far():
    simulated = cloud(200)
    distances = [mahalanobis(one, simulated).distance for one in simulated]
    for place in (0, 60, 199):
        one = simulated[np.argsort(distances)[place]]
        assert mahalanobis(one, simulated).p == pytest.approx((200 - place) / 200)
    assert mahalanobis(simulated.mean(axis=0), simulated) == pytest.approx((0.0, 1.0, 0))
    assert mahalanobis([100.0, -100.0], simulated).p == 0.0


def test_data_of_the_same_kind_have_any_p_alike():
    simulated, fresh = cloud(400), cloud(2000, seed=2)
    p = np.array([mahalanobis(one, simulated).p for one in fresh])
    for share in (0.05, 0.5, 0.9):
        assert (p <= share).mean() == pytest.approx(share, abs=0.06)


def test_how_numbers_vary_together_counts():
    simulated = cloud(400)
    along, across = (simulated.mean(axis=0) + np.array([1.5, other]) for other in (1.8, -1.8))
    assert mahalanobis(across, simulated).distance > 1.5 * mahalanobis(along, simulated).distance


def test_numbers_that_depend_on_each_other_count_once():
    simulated = cloud(100)
    whole = np.column_stack([simulated, simulated.sum(axis=1)])
    data = np.array([5.0, 1.0])
    one, other = mahalanobis(data, simulated), mahalanobis([*data, data.sum()], whole)
    assert other.distance == pytest.approx(one.distance)
    assert other.p == one.p


def test_classes_in_which_no_simulated_one_differs_are_left_out_and_counted():
    simulated = np.column_stack([cloud(100), np.zeros(100)])
    inside, outside = (mahalanobis([5.0, 1.0, third], simulated) for third in (0.0, 4.0))
    assert (inside.outside, outside.outside) == (0, 1)
    assert inside.distance == pytest.approx(outside.distance)


def test_where_nothing_varies_the_data_are_the_same_or_not():
    flat = np.ones((20, 2))
    assert mahalanobis([1.0, 1.0], flat)[1:] == (1.0, 0)
    assert mahalanobis([1.0, 2.0], flat)[1:] == (0.0, 1)


def test_one_simulated_network_is_too_few():
    with pytest.raises(ValueError, match="found 1 simulated networks, allowed are 2 or more"):
        mahalanobis([1.0, 1.0], np.ones((1, 2)))


@pytest.mark.parametrize(
    ("p", "runs", "said"),
    [
        (0.25, 50, "= 0.25"),
        (1.0, 50, "= 1.00"),
        (0.02, 50, "= 0.02"),
        (0.0, 50, "< 0.02"),
        (0.0, 200, "< 0.005"),
        (0.005, 200, "= 0.005"),
        (0.015, 200, "= 0.015"),
        (0.25, 200, "= 0.25"),
        (0.001, 1000, "= 0.001"),
        (0.004, 1000, "= 0.004"),
        (0.0, 1000, "< 0.001"),
    ],
)
def test_a_rank_is_told_as_finely_as_there_are_runs(p: float, runs: int, said: str) -> None:
    assert rank(p, runs) == said


@pytest.mark.parametrize("runs", [2, 7, 50, 100, 101, 1000])
def test_ranks_that_differ_little_from_none_are_told_apart(runs: int) -> None:
    told = [rank(k / runs, runs) for k in range(runs // 10)]
    assert len(set(told)) == len(told)
    assert all(float(one.removeprefix("= ")) > 0.0 for one in told[1:])
