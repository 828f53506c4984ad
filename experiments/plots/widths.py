"""How wide a figure may be: on a slide and in print, panels side by side take further rows instead."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

NARROW: Final = 6.0
"""Below this width in inches, a figure is drawn for one column."""
_WIDEST: ContextVar[float] = ContextVar("widest", default=math.inf)


@contextmanager
def at_most(inches: float) -> Iterator[None]:
    """Draw figures in this context at most so wide."""
    before = _WIDEST.set(inches)
    try:
        yield
    finally:
        _WIDEST.reset(before)


def capped(inches: float) -> float:
    """Return a width in inches, or what is allowed where that is less."""
    return min(inches, _WIDEST.get())


def is_narrow() -> bool:
    """Return whether figures are drawn for one column of a journal, where panels stand below each other."""
    return _WIDEST.get() < NARROW


def is_bounded() -> bool:
    """Return whether figures have a greatest width: on a slide, and in a journal over two columns or in one."""
    return math.isfinite(_WIDEST.get())


def across(most: int, panel: float, margin: float) -> int:
    """Return how many panels fit side by side, at most `most` and at least 1; widths are in inches."""
    widest = _WIDEST.get()
    return most if not is_bounded() else max(1, min(most, int((widest - margin) / panel)))
