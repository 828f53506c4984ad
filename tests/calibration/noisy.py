"""A model with normal noise, whose posterior is known in closed form."""

import numpy as np

from experiments.designs.factor import Factor

NOISE = 0.1
ONE = (Factor("rules.x", 0.0, 1.0),)
TWO = (Factor("rules.x", 0.0, 1.0), Factor("rules.y", -2.0, 2.0))


def stream(seed):
    return np.random.Generator(np.random.Philox(seed))


def noisy(values, seed):
    """Return a normal statistic of each parameter, and of the first two together."""
    drawn = stream(seed).normal(0.0, NOISE, 3)
    names = sorted(values)
    found = {name.removeprefix("rules."): values[name] + drawn[k] for k, name in enumerate(names)}
    return found | ({"xy": values["rules.x"] * values["rules.y"] + drawn[2]} if len(names) > 1 else {})
