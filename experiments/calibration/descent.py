"""Fit parameters by steps downhill: Gauss-Newton with common random numbers.

Each step first moves every parameter a little, with the same seeds, to see how every element of every target responds.
It then takes the elements as linear nearby, with a loss that is convex in them, and predicts the point of least loss
within each of several distances. It runs the model at these points and goes to the best. With many parameters this
takes far fewer runs than a random search, but may end in a local minimum: `fit` can continue from there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from scipy.optimize import minimize

from experiments.calibration.fit import PRIOR_WEIGHT, Search
from experiments.calibration.measurement import estimates, made
from experiments.calibration.parameters import BOUNDS, values_at
from experiments.calibration.statistics.catalogue import setups_of
from experiments.calibration.statistics.runs import Estimate
from experiments.calibration.statistics.snapshots import Array
from experiments.calibration.targets import Target, keys_of
from experiments.calibration.verdicts import FARTHEST, INNER, PULL_TO_MIDDLE
from experiments.designs.changes import changed
from experiments.runs.checkpoint import Signature, read_sealed, write_sealed
from experiments.runs.executors import Executor, none_lost
from sim.scenario.text.errors import InputError, ScenarioError

DISTANCES: Final = (0.05, 0.12, 0.25)
"""Distances that a parameter may move in a step, as shares of its range; every step tries all of them."""
_LITTLE: Final = 0.08
"""Distance that a parameter moves to measure slopes, as a share of its range: large enough to exceed chance."""
_LEAST: Final = 0.02
"""A descent ends when its largest distance is no longer above this share of a range."""


@dataclass(frozen=True)
class Place:
    """The state of a descent.

    Parameters
    ----------
    steps : int
        Steps done.
    shares : list of float
        The present point, as shares of plausible ranges.
    loss : float
        Loss at that point.
    scale : float
        Factor on `DISTANCES`; halved when no point tried is better.
    """

    steps: int
    shares: list[float]
    loss: float
    scale: float = 1.0


def apart(by_key: Mapping[str, Estimate], targets: Sequence[Target]) -> Array:
    """Return signed distances of elements from their targets, in half widths; then `Estimate.short` of each target.

    Returns
    -------
    array, shape (elements + targets,)
    """
    elements = []
    for target in targets:
        for value, aim in zip(by_key[target.key].values, target.elements, strict=True):
            middle = (aim.low + aim.high) / 2.0
            sign = 1.0 if value > (aim.high if aim.least else middle) else -1.0
            elements.append(sign * min(aim.off(value), FARTHEST))
    return np.array([*elements, *(by_key[target.key].short for target in targets)])


def weighed(off: Array, targets: Sequence[Target]) -> tuple[float, Array]:
    """Return the loss for distances as returned by `apart`, and the gradient of the loss by the distances."""
    weights = np.array([one.weight for target in targets for one in target.elements])
    pulls = np.array([0.0 if target.least else PULL_TO_MIDDLE for target in targets for _ in target.elements])
    elements, short = off[: len(weights)], np.maximum(off[len(weights) :], 0.0)
    beyond = np.sign(elements) * np.maximum(np.abs(elements) - INNER, 0.0)
    total = (weights * (beyond**2 + pulls * elements**2)).sum() + (short + short**2).sum()
    slopes = np.concatenate([2.0 * weights * (beyond + pulls * elements), (short > 0.0) * (1.0 + 2.0 * short)])
    return float(total) / len(targets), slopes / len(targets)


def loss_at(shares: Array, off: Array, targets: Sequence[Target]) -> float:
    """Return the loss of a fit: the targets' loss, plus the pull of parameters toward the middle of their ranges."""
    return weighed(off, targets)[0] + PRIOR_WEIGHT * float(np.mean((shares - 0.5) ** 2))


def seen(shares: Sequence[float], search: Search) -> Array | None:
    """Run the model at a point and return its distances (`apart`); None when no scenario allows the values."""
    try:
        scenario = changed(search.scenario, values_at(shares, search.parameters))
    except ScenarioError:
        return None
    keys = keys_of(search.targets)
    return apart(estimates(made(scenario, setups_of(keys), search.sizes, search.seed), keys), search.targets)


def promising(shares: Array, off: Array, slopes: Array, distance: float, targets: Sequence[Target]) -> Array:
    """Return the point within a distance that has the least loss if `off` is linear in the shares."""

    def ahead(point: Array) -> tuple[float, Array]:
        value, gradient = weighed(off + slopes @ (point - shares), targets)
        apart_from_middle = point - 0.5
        return (
            value + PRIOR_WEIGHT * float(np.mean(apart_from_middle**2)),
            slopes.T @ gradient + 2.0 * PRIOR_WEIGHT * apart_from_middle / len(point),
        )

    low, high = (np.clip(shares + side * distance, *BOUNDS) for side in (-1.0, 1.0))
    least = minimize(
        ahead, np.clip(shares, low, high), jac=True, bounds=list(zip(low, high, strict=True)), method="L-BFGS-B"
    )
    return np.asarray(least.x)


def descend(
    search: Search,
    workers: Executor,
    checkpoint: Path | None = None,
    report: Callable[[int, float], None] = lambda step, best: None,
) -> dict[str, float]:
    """Descend from the values of the scenario in at most `search.generations` steps; return the values at the end.

    Parameters
    ----------
    checkpoint : Path, optional
        File to write after every step; if it exists, the descent continues from it.
    report : callable
        Receives, after every step, the number of steps and the loss.

    Raises
    ------
    CheckpointError
        When the checkpoint belongs to another fit, was changed, or cannot be written.
    """
    signature = {**search.signature(), "method": "descent"}
    place = _begun(search, checkpoint, signature)
    while place.steps < search.generations and place.scale * max(DISTANCES) > _LEAST:
        place = step(place, search, workers)
        if checkpoint is not None:
            best = values_at(place.shares, search.parameters)
            write_sealed(checkpoint, {"signature": signature, "place": vars(place), "best": best})
        report(place.steps, place.loss)
    return values_at(place.shares, search.parameters)


def step(place: Place, search: Search, workers: Executor) -> Place:
    """Return the best of the points tried, or the present point with half the scale when none is better."""
    here = np.array(place.shares)
    look = partial(seen, search=search)
    around = [here, *_moved(here)]
    results = list(none_lost(workers.each(look, [list(map(float, point)) for point in around])))
    if results[0] is None:
        raise InputError("the search begins at values that no scenario allows")
    off = results[0]
    slopes = np.column_stack(
        [_slope(off, result, point, here) for point, result in zip(around[1:], results[1:], strict=True)]
    )
    tried = [promising(here, off, slopes, place.scale * distance, search.targets) for distance in DISTANCES]
    seen_there = none_lost(workers.each(look, [list(map(float, point)) for point in tried]))
    losses = [
        np.inf if result is None else loss_at(point, result, search.targets)
        for point, result in zip(tried, seen_there, strict=True)
    ]
    stay = loss_at(here, off, search.targets)
    best = int(np.argmin(losses))
    if losses[best] < stay:
        return Place(place.steps + 1, list(map(float, tried[best])), float(losses[best]), place.scale)
    return replace(place, steps=place.steps + 1, loss=stay, scale=place.scale / 2.0)


def _moved(here: Array) -> list[Array]:
    """Return a neighbour of this point for every parameter, moved away from the nearer end of the range."""
    points = []
    for k, share in enumerate(here):
        point = here.copy()
        point[k] += _LITTLE if share < 0.5 else -_LITTLE
        points.append(point)
    return points


def _slope(off: Array, result: Array | None, point: Array, here: Array) -> Array:
    """Return the slope of distances in the single share that differs between two points; 0 if no run was possible."""
    return np.zeros_like(off) if result is None else (result - off) / (point - here).sum()


def _begun(search: Search, checkpoint: Path | None, signature: Signature) -> Place:
    if checkpoint is None or not checkpoint.exists():
        return Place(0, search.start(), float("inf"))
    return read_sealed(checkpoint, signature, "fit", lambda document: Place(**document["place"]))
