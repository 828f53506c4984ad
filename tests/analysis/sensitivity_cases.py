"""Shared by the tests of sensitivity: factors, results with known noise, and the look-up of an index."""

import numpy as np
import pandas as pd

from experiments.sensitivity.designs import Factor

ISHIGAMI = [Factor(f"x{k}", -np.pi, np.pi) for k in (1, 2, 3)]


def runs(points, values, replicates=1, noise=0.0, seed=1):
    """Return results with this many replicates and normal noise of this standard deviation."""
    stream = np.random.Generator(np.random.Philox(seed))
    drawn = values[:, None] + noise * stream.normal(size=(len(points), replicates))
    point, replicate = np.meshgrid(points["point"], range(replicates), indexing="ij")
    return pd.DataFrame({"point": point.ravel(), "replicate": replicate.ravel(), "y": drawn.ravel()})


def of(found, index):
    table = found.indices[found.indices["index"] == index]
    return {(row.factor, row.other) if row.other else row.factor: row for row in table.itertuples()}


def linear(points):
    return 3.0 * points["x1"] - 2.0 * points["x2"]
