"""Code that figures of a sensitivity analysis share: words, leading factors, named rows."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from experiments.plots import effects, style, text
from experiments.plots.frames import require
from sim.errors import InputError
from sim.language import later, say, term
from sim.language.meanings import meaning_term, without_remarks
from sim.outcomes.catalogue import OUTCOMES

MAIN: Final = ("mu_star", "ST", "PAWN")
"""Indices that can rank factors; the first that a table has does."""
INDEX_WORDS: Final = {
    "mu_star": later("mean size of the change over a parameter's whole range, in {unit}"),
    "sigma": later("standard deviation of that change, in {unit}"),
    "S1": later("share of the variance"),
    "ST": later("share of the variance, with all it interacts with"),
    "PAWN": later("distance of the outcome's distributions (0: none, 1: most)"),
}
ROW: Final = 0.46
"""Height of a row, in inches."""
LETTERS: Final = 66
"""Letters in a line of a meaning, which takes at most two lines."""
PATH_SIZE: Final = 7.0
"""Size of the type of paths, in points; paths are in full, to be copied into `dayroom scenario explain`."""
CLEAR, UNCLEAR, NOISE = style.BLUE, "#A6A6A6", style.VERMILION
COLUMNS: Final = ("outcome", "index", "factor", "value", "low", "high", "noise", "clear")
FACTOR_COLUMNS: Final = ("factor", "meaning")
NAMING: Final = (*FACTOR_COLUMNS, "clear")


def outcomes_of(table: pd.DataFrame, wanted: str = "") -> list[str]:
    """Return the outcomes of a table, or only the wanted outcome if given.

    Raises
    ------
    InputError
        When the table has no outcome, or lacks the wanted outcome.
    """
    require(table, ["outcome"], "outcome")
    names = [str(name) for name in table["outcome"].unique()]
    if wanted and wanted not in names:
        raise InputError(f"no outcome is named {wanted}; there are {', '.join(names)}")
    return [wanted] if wanted else names


def label(outcome: str) -> str:
    """Return an outcome in words."""
    return term(OUTCOMES[outcome].label) if outcome in OUTCOMES else outcome.replace("_", " ")


def unit(outcome: str) -> str:
    """Return the unit of a change of an outcome, in words."""
    return effects.unit_words(OUTCOMES[outcome].unit) if outcome in OUTCOMES else say("its unit")


def scale(outcome: str) -> float:
    """Return the factor that converts a change of an outcome to the unit of `unit`."""
    return effects.factor(OUTCOMES[outcome].unit) if outcome in OUTCOMES else 1.0


def index_words(index: str, outcome: str) -> str:
    """Return words for the axis of an index."""
    return str(INDEX_WORDS[index]).format(unit=unit(outcome))


def main_index(table: pd.DataFrame) -> str:
    """Return the index that ranks the factors.

    Raises
    ------
    InputError
        When the table has none of the indices in `MAIN`.
    """
    present = set(table["index"])
    for index in MAIN:
        if index in present:
            return index
    raise InputError(f"the frame has none of the indices {', '.join(MAIN)}")


def leading(indices: pd.DataFrame, factors: pd.DataFrame, outcome: str, index: str, most: int) -> pd.DataFrame:
    """Return the rows of the factors with the largest values of an index of an outcome, with their meanings.

    Raises
    ------
    InputError
        When a column is missing, or there is no such index.
    """
    require(indices, COLUMNS)
    require(factors, FACTOR_COLUMNS)
    mine = indices[(indices["outcome"] == outcome) & (indices["index"] == index)]
    if mine.empty:
        raise InputError(f"there is no index {index} of {outcome}")
    ranked = mine.sort_values("value", ascending=False, kind="stable", na_position="last").head(most)
    ranked = ranked.merge(factors[list(FACTOR_COLUMNS)], on="factor", how="left").fillna({"meaning": ""})
    by = scale(outcome) if index in ("mu_star", "sigma", "mu") else 1.0
    numbers = ["value", "low", "high", "noise"]
    return ranked.assign(**{name: by * ranked[name].to_numpy(float) for name in numbers})


def name_rows(axes: Axes, table: pd.DataFrame) -> None:
    """Lay out a row for each factor, the first on top, labelled with its meaning and, below, its path.

    Parameters
    ----------
    table : DataFrame
        Columns `factor`, `meaning` and `clear`; the meaning of a factor that is not clear is pale.
    """
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    for y, (factor, meaning, clear) in enumerate(zip(*(table[name] for name in NAMING), strict=True)):
        if y % 2:
            axes.axhspan(y - 0.5, y + 0.5, color="#F5F5F5", linewidth=0, zorder=0)
        colour = style.INK if clear else style.MUTED
        short_meaning = in_short(meaning)
        down = -6 if "\n" in short_meaning else -1
        lines = [(short_meaning, down + 2, "bottom", colour, style.SMALL)] if meaning else []
        lines.append((factor, down if meaning else 0, "top" if meaning else "center", style.MUTED, PATH_SIZE))
        for words, offset, side, shade, size in lines:
            note = axes.annotate(words, (0.0, y), (-7, offset), ("axes fraction", "data"), "offset points",
                                 ha="right", va=side, annotation_clip=False)  # fmt: skip
            note.set(fontsize=size, color=shade)


def in_short(meaning: str) -> str:
    """Return a meaning in at most two lines; if too long, drop remarks in brackets, then the end."""
    meaning = meaning_term(meaning)
    if len(text.lines(meaning, LETTERS)) > 2:
        meaning = without_remarks(meaning)
    return "\n".join(text.lines(meaning, LETTERS, 2))


def short(path: str) -> str:
    """Return the last two parts of a path, enough to find the parameter in a figure."""
    return ".".join(path.split(".")[-2:])


def top_of(*columns: object) -> float:
    """Return the largest finite number in some columns, or 1 when no number is above 0."""
    values = np.concatenate([np.asarray(column, float).ravel() for column in columns])
    largest = float(np.max(values[np.isfinite(values)], initial=0.0))
    return largest or 1.0
