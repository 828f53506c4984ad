"""Which figures a sensitivity analysis has, and what each is drawn from."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from experiments import plots
from experiments.sensitivity.runs import METHODS

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def possible(result: Any) -> "dict[str, plots.FrameFamily]":
    """Return the figures there is something to draw for, by name."""
    there = set(result.indices["index"])
    return {name: one for name, one in plots.SENSITIVITY_FIGURES.items() if one.index in there | {""}}


def draw(result: Any, name: str, outcome: str = "") -> "Figure":
    """Draw one figure of a sensitivity analysis, of one outcome or of all.

    Raises
    ------
    KeyError
        When it has no such figure.
    """
    families = possible(result)
    if name not in families:
        raise KeyError(f"no figure {name!r}; this analysis has {', '.join(families)}")
    family = families[name]
    frames = [getattr(result, frame) for frame in family.reads]
    return family.draw(*frames, outcome=outcome, about=about(result))


def about(result: Any) -> str:
    """Return what a figure is of: study, lever or difference, and method."""
    of = f"difference: {result.lever} minus {result.against}" if result.against else result.lever
    return f"{result.study}; {of}; {METHODS[result.method]}"


def drawn(result: Any) -> "Iterator[tuple[str, plots.FrameFamily, Callable[[], Figure]]]":
    """Return every figure of every outcome that varies, with what draws it."""
    facts = result.outcomes
    for outcome in facts.loc[facts["varies"], "outcome"]:
        for name, family in possible(result).items():
            yield f"{name}-{outcome}", family, partial(draw, result, name, outcome)
