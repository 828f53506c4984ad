"""Place users in a picture of their network: near those they are close to, at the same place on all days.

The layout lowers the stress of Kamada and Kawai (1989), the sum over pairs of (|x_i - x_j| - d_ij)^2 / d_ij^2, with
d_ij the length of the shortest path. It starts with classical scaling (spectral), and each round is a majorisation
(Gansner, Koren & North 2004), so nothing is random and stress never rises. A thousand users take a few seconds.
"""

from collections.abc import Hashable, Iterable, Sequence
from typing import Final

import networkx as nx
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path
from scipy.spatial.distance import cdist

LENGTHS: Final = {"acquaintance": 4.0, "friend": 2.2, "confidant": 1.5, "kin-like": 1.0}
"""Length of a tie at which it adds no stress, by level."""
FARTHEST: Final = 1.2
"""Largest distance, as a multiple of the median: without this limit, users without ties would crowd all others."""
GOLDEN_ANGLE: Final = np.pi * (3.0 - np.sqrt(5.0))


def positions(graphs: Iterable[nx.DiGraph], levels: Sequence[str], rounds: int = 100) -> dict[Hashable, np.ndarray]:
    """Return a single place for each user in any of the graphs, with coordinates from -1 to 1.

    Parameters
    ----------
    graphs : iterable of DiGraph
        Ties carry `level`; the closest level that a pair reaches in any graph counts.
    levels : sequence of str
        Levels of the ties that pull users together.
    rounds : int
        Number of rounds of majorisation.
    """
    graphs = list(graphs)
    nodes = sorted({node for graph in graphs for node in graph})
    place = {node: number for number, node in enumerate(nodes)}
    lengths: dict[tuple[int, int], float] = {}
    for graph in graphs:
        for a, b, level in graph.edges(data="level"):
            if level in levels:
                pair = (min(place[a], place[b]), max(place[a], place[b]))
                lengths[pair] = min(lengths.get(pair, np.inf), LENGTHS[level])
    return dict(zip(nodes, _fitted(distances(lengths, len(nodes)), rounds), strict=True))


def distances(lengths: dict[tuple[int, int], float], n: int) -> np.ndarray:
    """Return the shortest path between each pair, shape (n, n), limited to `FARTHEST` medians (also without a path)."""
    pairs = np.array(list(lengths), int).reshape(-1, 2)
    ties = coo_array((np.array(list(lengths.values()), float), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    paths = shortest_path(ties.tocsr(), directed=False) if n else np.zeros((0, 0))
    known = paths[np.isfinite(paths) & (paths > 0)]
    return np.asarray(np.minimum(paths, FARTHEST * (np.median(known) if len(known) else 1.0)))


def _fitted(distance: np.ndarray, rounds: int) -> np.ndarray:
    n = len(distance)
    if n < 2:
        return np.zeros((n, 2))
    points = _majorised(distance, _scaled(distance), rounds)
    points -= 0.5 * (points.min(axis=0) + points.max(axis=0))
    return np.asarray(points / max(np.abs(points).max(), 1e-9))


def _scaled(distance: np.ndarray) -> np.ndarray:
    """Scale to two dimensions (classical scaling), and add a small spiral to separate users at the same place."""
    n = len(distance)
    centring = np.eye(n) - 1.0 / n
    values, vectors = np.linalg.eigh(-0.5 * centring @ distance**2 @ centring)
    points = vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 0.0))
    points *= np.sign(points[np.abs(points).argmax(axis=0), [0, 1]] + 1e-12)
    number = np.arange(n)
    spiral = np.sqrt((number + 1.0) / n)[:, None] * np.column_stack(
        [np.cos(GOLDEN_ANGLE * number), np.sin(GOLDEN_ANGLE * number)]
    )
    return np.asarray(points + 0.1 * distance.max() * spiral)


def _majorised(distance: np.ndarray, points: np.ndarray, rounds: int) -> np.ndarray:
    """Lower the stress round by round: solve V x' = B(x) x, with weights 1 / d^2 (Gansner, Koren & North 2004)."""
    n = len(distance)
    weight = 1.0 / np.maximum(distance, 1e-9) ** 2
    np.fill_diagonal(weight, 0.0)
    laplacian = np.diag(weight.sum(axis=1)) - weight
    solver = np.linalg.inv(laplacian + 1.0 / n)
    for _ in range(rounds):
        pull = weight * distance / np.maximum(cdist(points, points), 1e-9)
        points = solver @ (pull.sum(axis=1)[:, None] * points - pull @ points)
    return points
