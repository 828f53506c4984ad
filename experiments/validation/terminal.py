"""Print data and model on the terminal: lines for each number, a column for each week, and fits of distributions."""

import textwrap
from typing import TYPE_CHECKING, Any, Final

from experiments.statistics.goodness import rank
from experiments.store.protocol import WIDTH
from experiments.validation.measured import AIMED, ALL_WAVES, DISTRIBUTIONS

if TYPE_CHECKING:
    import pandas as pd

    from experiments.validation.compared import Validation

_WIDE: Final = 34
_CELL: Final = 11


def lines_of(found: "Validation", width: int = WIDTH) -> list[str]:
    """Return lines that name what is compared, then all numbers of data and model, fits, and conclusions."""
    people, runs = found.data.people, len(found.runs)
    lines = [f"{found.scenario.title or found.scenario.name} ({found.scenario.name}) beside {found.title}"]
    lines += [f"{people} people, {len(found.data.waves)} waves, {runs} runs, seed {found.seed}", ""]
    waves = found.waves()
    for is_change, rows in waves.groupby(waves["week"].str.contains("-"), sort=False):
        lines += [*([""] if is_change else []), *_numbers(rows)]
    lines += ["", "* outside the middle 95 % of the runs, which is under the mean of the model"]
    if waves["aimed"].any():
        lines.append(f"{AIMED} a calibration target: the model was made to come near it")
    lines += ["", *_fits(found.fits(), runs), ""]
    for line in found.words():
        lines += textwrap.wrap(line, min(width, WIDTH), subsequent_indent="  ")
    return lines


def _numbers(waves: "pd.DataFrame") -> list[str]:
    weeks = list(dict.fromkeys(waves["week"]))
    lines = [_line("week", weeks)]
    for number, rows in waves.groupby("number", sort=False):
        of_week: dict[Any, Any] = {row.week: row for row in rows.itertuples()}
        cells = [of_week.get(week) for week in weeks]
        wide = number == "out_degree"
        lines.append(_line(str(rows["label"].iloc[0]), [_data(one, wide) for one in cells]))
        lines.append(_line("  model", [_number(one.mean, wide) if one else "" for one in cells]))
        lines.append(_line("", [_between(one, wide) if one else "" for one in cells]))
    return lines


def _line(first: str, cells: list[str]) -> str:
    return (f"{first:{_WIDE}s}" + "".join(f"{cell:>{_CELL}s}" for cell in cells)).rstrip()


def _data(row: Any, wide: bool) -> str:
    if row is None:
        return ""
    return f"{_number(row.data, wide)}{AIMED if row.aimed else ''}{' ' if row.inside else '*'}"


def _number(value: float, wide: bool) -> str:
    """Return a share with two decimals and no leading zero, as network tables do; if `wide`, a number with one."""
    if value != value:
        return "-"
    return f"{value:.1f}" if wide else f"{value:.2f}".replace("0.", ".", 1) if value < 1.0 else f"{value:.2f}"


def _between(row: Any, wide: bool) -> str:
    return "" if row.low != row.low else f"{_number(row.low, wide)}-{_number(row.high, wide)}"


def _fits(fits: "pd.DataFrame", runs: int) -> list[str]:
    weeks = list(dict.fromkeys(fits["week"]))
    lines = [_line("goodness of fit", ["all waves" if week == ALL_WAVES else week for week in weeks])]
    for name, rows in fits.groupby("distribution", sort=False):
        distances = [f"{distance:.1f}" for distance in rows["distance"]]
        lines.append(_line(f"{DISTRIBUTIONS[str(name)]}: distance", distances))
        lines.append(_line("  p", [rank(p, runs).removeprefix("= ") for p in rows["p"]]))
    return lines


__all__ = ["lines_of"]
