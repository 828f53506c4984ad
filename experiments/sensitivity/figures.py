"""The figures of a sensitivity analysis, and the frames that each reads."""

from functools import partial
from typing import TYPE_CHECKING

from experiments.plots.family import Family
from experiments.plots.sensitivity.figures import SENSITIVITY_FIGURES
from experiments.sensitivity.analysis import Analysis
from experiments.sensitivity.runs import METHODS
from experiments.statistics.numbers import clauses
from experiments.store.protocol import Drawing
from sim.language import say
from sim.scenario.text.errors import InputError
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def possible(result: Analysis) -> dict[str, Family]:
    """Return, by name, the figures whose index the analysis has."""
    there = set(result.indices["index"])
    return {name: family for name, family in SENSITIVITY_FIGURES.items() if family.index in there | {""}}


def draw(result: Analysis, name: str, outcome: str = "") -> "Figure":
    """Draw the named figure of a sensitivity analysis, for one outcome, or for all without `outcome`.

    Raises
    ------
    InputError
        When the analysis has no such figure.
    """
    families = possible(result)
    if name not in families:
        raise InputError(misspelt(f"this analysis has no figure {quoted(name)}", name, families))
    family = families[name]
    frames = [getattr(result, frame) for frame in family.reads]
    return family.draw(*frames, outcome=outcome, about=about(result))


def about(result: Analysis) -> str:
    """Return the heading of the figures of an analysis."""
    return heading(result.study, result.lever, result.against, result.method)


def heading(study: str, lever: str, against: str | None, method: str) -> str:
    """Return the heading of a figure: study, lever or difference, and method."""
    of = say("difference: {lever} minus {against}", lever=lever, against=against) if against else lever
    return clauses([study, of, METHODS[method]])


def figures(result: Analysis) -> dict[str, Drawing]:
    """Return, by the name of its file, each figure of each outcome that varies."""
    facts = result.outcomes
    return {
        f"{name}-{outcome}": Drawing(str(family.title), str(family.caption), partial(draw, result, name, outcome))
        for outcome in facts.loc[facts["varies"], "outcome"]
        for name, family in possible(result).items()
    }
