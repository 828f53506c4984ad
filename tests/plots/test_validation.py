"""Figures of data beside the model."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from experiments.plots import style
from experiments.plots.validation.figures import VALIDATION_FIGURES
from experiments.plots.validation.waves import FARTHEST, distribution_panels, wave_panels

Words = Callable[[Figure], str]
Faults = Callable[[Figure], list[str]]


def waves(numbers: int = 3, weeks: int = 4, data: float = 0.5) -> pd.DataFrame:
    rows = [
        {"number": f"n{k}", "label": f"Number {k}", "week": str(3 * week), "last": 3 * week,
         "data": data + 0.3 * (k == 1), "mean": 0.5, "low": 0.4, "high": 0.6, "inside": k != 1}
        for k in range(numbers)
        for week in range(1, weeks + 1)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def classes(away: float = 0.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows, fits = [], []
    for name, labels in (("in_degree", ["at most 0", "at most 1"]), ("triads", ["003", "300"])):
        for week in ("3", "all"):
            fits.append({"distribution": name, "week": week, "distance": 2.5, "p": 0.12, "runs": 200})
            for place, label in enumerate(labels):
                data = 10.0 + (away if place else 0.0)
                rows.append({"distribution": name, "week": week, "class": label, "data": data, "mean": 10.0, "low": 8.0,
                             "high": 12.0, "inside": 8.0 <= data <= 12.0})  # fmt: skip
    return pd.DataFrame(rows), pd.DataFrame(fits)


def heights(figure: Figure, colour: str) -> list[float]:
    """Return the heights of the marks of a colour."""
    lines = [line for axes in figure.axes for line in axes.lines if line.get_linestyle() == "None"]
    return [float(y) for line in lines if to_hex(line.get_color()) == colour.lower() for y in line.get_ydata()]


def dots(figure: Figure, colour: str) -> int:
    """Count the marks of a colour."""
    return len(heights(figure, colour))


@pytest.mark.parametrize("numbers", [1, 4, 10])
def test_a_panel_a_number_with_data_inside_and_outside(numbers: int, words: Words, misdrawn: Faults) -> None:
    figure = wave_panels(waves(numbers))
    assert len(figure.axes) == numbers
    assert dots(figure, style.VERMILION) == (4 if numbers > 1 else 0)
    assert dots(figure, style.INK) == 4 * numbers - (4 if numbers > 1 else 0)
    said = words(figure)
    assert all(f"Number {k}" in said for k in range(numbers))
    assert ("data, outside the band" in said) == (numbers > 1)
    assert misdrawn(figure) == []


def test_what_is_undefined_is_left_out(misdrawn: Faults) -> None:
    frame = waves()
    frame.loc[0, ["data", "mean", "low", "high"]] = np.nan
    frame.loc[0, "inside"] = False
    figure = wave_panels(frame)
    assert dots(figure, style.INK) + dots(figure, style.VERMILION) == len(frame) - 1
    assert misdrawn(figure) == []


def test_a_panel_a_distribution_over_all_waves(words: Words, misdrawn: Faults) -> None:
    figure = distribution_panels(*classes())
    assert len(figure.axes) == 2
    assert dots(figure, style.INK) == 4
    assert "distance 2.5, p = 0.12" in words(figure)
    assert misdrawn(figure) == []


@pytest.mark.parametrize(("away", "shown"), [(3.0, 1.5), (-3.0, -1.5), (1000.0, FARTHEST), (-1000.0, -FARTHEST)])
def test_data_lie_as_many_half_widths_away_as_they_are_and_at_the_edge_beyond(away: float, shown: float) -> None:
    figure = distribution_panels(*classes(away))
    assert dots(figure, style.VERMILION) == 2
    assert heights(figure, style.VERMILION) == pytest.approx([shown, shown])


def test_a_class_in_which_no_run_differs_is_drawn_at_the_edge() -> None:
    frame, fits = classes(1.0)
    frame[["low", "high"]] = 10.0
    frame["inside"] = frame["data"] == 10.0
    figure = distribution_panels(frame, fits)
    assert heights(figure, style.VERMILION) == pytest.approx([FARTHEST, FARTHEST])


def test_nothing_to_draw_is_told() -> None:
    with pytest.raises(ValueError, match="there is no number to draw"):
        wave_panels(waves().iloc[:0])
    frame, fits = classes()
    with pytest.raises(ValueError, match="there is no distribution to draw"):
        distribution_panels(frame[frame["week"] == "3"], fits)
    with pytest.raises(ValueError, match="inside"):
        wave_panels(waves().drop(columns="inside"))


def test_every_figure_has_a_caption_and_draws_what_it_reads() -> None:
    frames = {"waves": waves(), **dict(zip(("distributions", "fits"), classes(), strict=True))}
    for family in VALIDATION_FIGURES.values():
        assert isinstance(family.draw(*(frames[name] for name in family.reads)), Figure)
        assert len(str(family.caption)) > 80
