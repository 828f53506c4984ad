"""Typefaces: matplotlib's own, with a Chinese one behind it where letters need it."""

import warnings
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from experiments.plots import style, typeface

NAME = "徐汇阳光心园"


def titled(title: str) -> Figure:
    figure = Figure(figsize=(2.0, 1.0))
    figure.subplots().set_title(title)
    return style.finish(figure)


def test_figures_without_chinese_letters_keep_their_typeface() -> None:
    assert titled("Loneliness (UCLA-20), ±1 °").axes[0].title.get_fontfamily() == [style.FONT]


def test_a_chinese_name_is_drawn_in_letters(tmp_path: Path) -> None:
    pytest.importorskip("mplfonts")
    figure = titled(NAME)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        style.save(figure, tmp_path / "named.png")
    assert figure.axes[0].title.get_fontfamily()[:1] == [style.FONT]
    assert figure.axes[0].title.get_fontfamily()[1] in typeface.CHINESE


def test_without_such_a_typeface_one_warning_shows_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeface, "_chinese", lambda: "")
    figure = titled(NAME)
    with pytest.warns(UserWarning, match="no installed typeface") as caught:
        style.save(figure, tmp_path / "named.png")
    assert [str(one.message) for one in caught] == [
        "figures: no installed typeface has all letters; `pip install 'dayroom[zh]'` brings a Chinese one"
    ]


def test_other_warnings_of_drawing_pass() -> None:
    with pytest.warns(UserWarning, match="something else"), typeface.drawing():
        warnings.warn("something else", UserWarning, stacklevel=1)
