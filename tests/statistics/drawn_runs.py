"""Runs over draws of parameters, made up with known effects."""

import numpy as np
import pandas as pd


def stream(key: int) -> np.random.Generator:
    """Return a fixed stream."""
    return np.random.Generator(np.random.Philox(key))


def frame(effects: dict[str, np.ndarray], base: np.ndarray | None = None) -> pd.DataFrame:
    """Return runs: scenario -> (draws, replicates) differences from the base."""
    shape = next(iter(effects.values())).shape
    zero = np.zeros(shape) if base is None else base
    parts = []
    for scenario, effect in {"base": np.zeros(shape), **effects}.items():
        k, r = np.indices(shape)
        columns = {"draw": k.ravel(), "replicate": r.ravel(), "scenario": scenario, "value": (zero + effect).ravel()}
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts)
