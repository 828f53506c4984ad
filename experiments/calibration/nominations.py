"""Friends as a survey would find them: closeness read with noise, and at most so many names."""

from typing import Final

import numpy as np

from experiments.calibration.snapshots import Array, Snapshot
from sim.state.columns import FRIEND

RELIABILITY: Final = 0.85
"""Correlation of two answers about the same tie, over ties at or above acquaintance; questionnaires have .8 to .9."""
LIMIT: Final = 5
"""Friends a user may name."""
_LOWEST: Final = 1e-4


def nominated(shot: Snapshot, seed: int) -> Array:
    """Give who names whom as a friend, shape (n, n), bool.

    Closeness is read on the logit scale with normal noise, e ~ N(0, v (1 - r) / r), v the variance of logit closeness
    over ties at or above acquaintance and r the reliability. Those read as friend are named, the closest `LIMIT` of
    them.
    """
    stream = np.random.default_rng([seed % 2**64, shot.day % 2**32, 77])
    known = np.clip(shot.closeness, _LOWEST, 1.0 - _LOWEST)
    logit = np.log(known / (1.0 - known))
    near = shot.friendly & shot.together
    variance = float(logit[near].var()) if near.sum() > 1 else 0.0
    noise = stream.standard_normal(logit.shape) * (variance * (1.0 - RELIABILITY) / RELIABILITY) ** 0.5
    read = np.where(shot.together & (shot.closeness > 0.0), logit + noise, -np.inf)
    order = np.argsort(np.argsort(-read, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray((read >= np.log(FRIEND / (1.0 - FRIEND))) & (order < LIMIT))


__all__ = ["LIMIT", "RELIABILITY", "nominated"]
