"""Small functions that keep a share inside (0, 1)."""

from math import exp, log


def logistic(x: float) -> float:
    """Return the share with log odds x."""
    return 1.0 / (1.0 + exp(-x))


def logit(share: float) -> float:
    """Return the log odds of a share strictly inside (0, 1)."""
    return log(share / (1.0 - share))


def squash(x: float) -> float:
    """Bring a sum of effects into (0, 1); at 1/2 the value is 1/2 and the slope 1."""
    return 1.0 / (1.0 + exp(-4.0 * (x - 0.5)))


def shifted(share: float, by: float) -> float:
    """Shift a share by about `by` near the middle and by less near the ends; 0 and 1 stay where they are."""
    return logistic(logit(share) + 4.0 * by) if 0.0 < share < 1.0 else share


def reached(rate: float) -> float:
    """Return the share of a remaining distance that a rate or a dose covers."""
    return 1.0 - exp(-rate)
