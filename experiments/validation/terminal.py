"""Print data and model on the terminal: numbers by week, fits of distributions, and conclusions."""

from typing import TYPE_CHECKING, Final, TypedDict, cast

from experiments.statistics.goodness import rank
from experiments.statistics.numbers import typeset
from experiments.statistics.terminal import aligned, filled
from experiments.store.protocol import WIDTH
from experiments.validation.measured import AIMED, ALL_WAVES, DISTRIBUTIONS
from sim.language import Language, language, say, term

if TYPE_CHECKING:
    import pandas as pd

_WIDE: Final = 34
_CELL: Final = 11


class _Cell(TypedDict):
    """A number in the data and in the model, in one week: columns of `Validation.waves`."""

    data: float
    mean: float
    low: float
    high: float
    inside: bool
    aimed: bool


def lines_of(waves: "pd.DataFrame", fits: "pd.DataFrame", words: list[str], width: int = WIDTH) -> list[str]:
    """Return lines with all numbers of data and model, the fits, and the conclusions.

    Parameters
    ----------
    waves, fits, words
        From the methods of `experiments.validation.result.Validation` with these names.
    width : int
        Most characters in a line of the conclusions.
    """
    lines = []
    for is_change, rows in waves.groupby(waves["week"].str.contains("-"), sort=False):
        lines += [*([""] if is_change else []), *_numbers(rows)]
    lines += ["", say("* outside the middle 95 % of the runs, which stands below the mean of the model")]
    if waves["aimed"].any():
        lines.append(say("{mark} a calibration target: the parameters of the model were fitted to it", mark=AIMED))
    lines += ["", *_fits(fits), ""]
    for line in words:
        lines += filled(line, min(width, WIDTH), following="  ")
    return lines


def _numbers(waves: "pd.DataFrame") -> list[str]:
    weeks = list(dict.fromkeys(waves["week"]))
    lines = [_line(say("week"), [_week(week) for week in weeks])]
    for number, rows in waves.groupby("number", sort=False):
        of_week = {str(row["week"]): cast("_Cell", row) for row in rows.to_dict("records")}
        cells = [of_week.get(week) for week in weeks]
        wide = number == "out_degree"
        lines.append(_line(term(str(rows["label"].iloc[0])), [_data(cell, wide) if cell else "" for cell in cells]))
        lines.append(_line(f"  {say('model')}", [_number(cell["mean"], wide) if cell else "" for cell in cells]))
        lines.append(_line("", [_between(cell, wide) if cell else "" for cell in cells]))
    return lines


def _week(week: str) -> str:
    """Write a week, or the two weeks of a change."""
    first, _, last = week.partition("-")
    return say("{low}-{high}", low=first, high=last) if last else week


def _line(first: str, cells: list[str]) -> str:
    return aligned([first, *cells], [_WIDE, *[-_CELL] * len(cells)])


def _data(cell: _Cell, wide: bool) -> str:
    return f"{_number(cell['data'], wide)}{AIMED if cell['aimed'] else ''}{' ' if cell['inside'] else '*'}"


def _number(value: float, wide: bool) -> str:
    """Return a share with two decimals, in English without a leading zero, as network tables do; a `wide` with one."""
    if value != value:
        return "-"
    if wide:
        return typeset(f"{value:.1f}")
    bare = value < 1.0 and language() is Language.en
    return typeset(f"{value:.2f}".replace("0.", ".", 1) if bare else f"{value:.2f}")


def _between(cell: _Cell, wide: bool) -> str:
    if cell["low"] != cell["low"]:
        return ""
    return say("{low}-{high}", low=_number(cell["low"], wide), high=_number(cell["high"], wide))


def _fits(fits: "pd.DataFrame") -> list[str]:
    weeks = list(dict.fromkeys(fits["week"]))
    lines = [_line(say("goodness of fit"), [say("all waves") if week == ALL_WAVES else week for week in weeks])]
    for name, rows in fits.groupby("distribution", sort=False):
        distances = [f"{distance:.1f}" for distance in rows["distance"]]
        lines.append(_line(say("{distribution}: distance", distribution=term(DISTRIBUTIONS[str(name)])), distances))
        lines.append(
            _line("  p", [rank(p, runs).removeprefix("= ") for p, runs in zip(rows["p"], rows["runs"], strict=True)])
        )
    return lines


__all__ = ["lines_of"]
