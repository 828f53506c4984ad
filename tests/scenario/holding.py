"""For whom a condition holds, for the tests of conditions."""

import numpy as np

from sim.scenario.conditions.condition import Condition


def user(text, **values):
    """Return for whom a condition holds, given lists of values."""
    return Condition(text, "user").holds({name: np.array(value) for name, value in values.items()}).tolist()


def centre(text, of, centres, **values):
    """Return in which centres a condition holds; `of` is the centre of each user."""
    arrays = {name: np.array(value) for name, value in values.items()}
    return Condition(text, "centre").holds(arrays, np.array(of, dtype=np.int64), centres).tolist()
