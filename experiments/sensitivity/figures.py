"""The figures of a sensitivity analysis, and what each is drawn from."""

from functools import partial
from typing import TYPE_CHECKING

from experiments.plots.family import Family
from experiments.plots.sensitivity.figures import SENSITIVITY_FIGURES
from experiments.sensitivity.runs import METHODS
from experiments.store.protocol import Drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.sensitivity.result import StudySensitivity


def possible(result: "StudySensitivity") -> dict[str, Family]:
    """Give the figures there is something to draw for, by name."""
    there = set(result.indices["index"])
    return {name: one for name, one in SENSITIVITY_FIGURES.items() if one.index in there | {""}}


def draw(result: "StudySensitivity", name: str, outcome: str = "") -> "Figure":
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


def about(result: "StudySensitivity") -> str:
    """Return what a figure is of: study, lever or difference, and method."""
    of = f"difference: {result.lever} minus {result.against}" if result.against else result.lever
    return f"{result.study}; {of}; {METHODS[result.method]}"


def figures(result: "StudySensitivity") -> dict[str, Drawing]:
    """Return every figure of every outcome that varies, by the name of its file."""
    facts = result.outcomes
    return {
        f"{name}-{outcome}": Drawing(family.title, family.caption, partial(draw, result, name, outcome))
        for outcome in facts.loc[facts["varies"], "outcome"]
        for name, family in possible(result).items()
    }
