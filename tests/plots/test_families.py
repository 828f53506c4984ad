"""Every family of figures is listed, explained, drawn in full, labelled, and the same every time."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import every_figure
import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from experiments.plots import FIGURES, save
from sim.outcomes.catalogue import PRIMARY

NAMES = tuple(FIGURES)


@pytest.fixture
def drawn_from(daily: Any, users: Any, network: Any) -> dict[str, Any]:
    people = every_figure.arrivals(users())
    people = people.assign(uid=range(len(people)), name=[f"#{uid}" for uid in range(len(people))])
    return {
        "daily": daily(),
        "users": people,
        "newcomers": people,
        "reviews": every_figure.reviews(),
        "graphs": {0: network(), 30: network(first=2), 60: network(first=3)},
    }


def test_the_families_are_listed() -> None:
    assert NAMES == ("curves", "network", "roles", "loneliness", "ties", "disclosure", "newcomers", "role-shares",
                     "helpers", "policies")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_caption_is_one_or_two_sentences_in_plain_words(name: str) -> None:
    caption = str(FIGURES[name].caption)
    assert caption.endswith(".")
    assert 100 < len(caption) < 420
    assert not any(word in caption for word in ("quantile", "stochastic", "agent", "node", "edge"))


@pytest.mark.parametrize("name", NAMES)
def test_is_drawn_whole(name: str, drawn_from: dict[str, Any], faults: Callable[[Figure], list[str]]) -> None:
    assert faults(FIGURES[name].draw(drawn_from[FIGURES[name].reads[0]])) == []


@pytest.mark.parametrize("name", [name for name in NAMES if FIGURES[name].columns])
def test_the_columns_named_are_enough(name: str, drawn_from: dict[str, Any], tmp_path: Path) -> None:
    family, frame = FIGURES[name], drawn_from[FIGURES[name].reads[0]]
    whole = save(family.draw(frame), tmp_path / "whole.png").read_bytes()
    assert save(family.draw(frame[list(family.columns)]), tmp_path / "part.png").read_bytes() == whole
    spared = {"status", "users", "replicate", "centre", "uid", "name", *(PRIMARY if name == "curves" else ())}
    if name == "loneliness":
        spared.add("arrived")
    for column in set(family.columns) - spared:
        with pytest.raises(ValueError, match=column):
            family.draw(frame[[other for other in family.columns if other != column]])


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("helpers", "policies")])
def test_axes_have_labels_with_units(name: str, drawn_from: dict[str, Any]) -> None:
    figure = FIGURES[name].draw(drawn_from[FIGURES[name].reads[0]])
    shown = [axes for axes in figure.axes if axes.axison]
    assert shown
    for axes in shown:
        labels = f"{axes.get_xlabel()} {axes.get_ylabel()}"
        assert any(
            unit in labels
            for unit in (
                "(20–80)",
                "(0–100)",
                "(1–7)",
                "(0–1)",
                "(%)",
                "(acts",
                "(number)",
                "number per user",
                "times a day",
            )
        ), labels


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
@pytest.mark.parametrize("name", NAMES)
def test_same_bytes_every_time(name: str, kind: str, drawn_from: dict[str, Any], tmp_path: Path) -> None:
    family = FIGURES[name]
    first, second = (
        save(family.draw(drawn_from[family.reads[0]]), tmp_path / f"{k}.{kind}").read_bytes() for k in range(2)
    )
    assert first == second
    assert not any(stamp in first for stamp in (b"Software", b"Matplotlib v", b"dc:date", b"CreationDate"))


@pytest.mark.slow
def test_no_setting_is_left_changed(drawn_from: dict[str, Any], tmp_path: Path) -> None:
    before = dict(mpl.rcParams)
    for family in FIGURES.values():
        for kind in ("svg", "pdf"):
            save(family.draw(drawn_from[family.reads[0]]), tmp_path / f"figure.{kind}")
    assert dict(mpl.rcParams) == before


def test_pyplot_is_never_loaded() -> None:
    code = "import sys, experiments.plots; sys.exit('matplotlib.pyplot' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_save_makes_folders_and_refuses_other_formats(tmp_path: Path) -> None:
    assert save(Figure(), tmp_path / "new" / "figure.PNG").stat().st_size > 0
    with pytest.raises(ValueError, match=r"figure\.gif: a figure is saved as \.png, \.svg or \.pdf"):
        save(Figure(), tmp_path / "figure.gif")


def test_pdf_holds_its_letters_and_has_the_size_of_the_figure(tmp_path: Path) -> None:
    figure = Figure(figsize=(85 / 25.4, 1.0))
    figure.text(0.1, 0.5, "Loneliness", fontweight="bold")
    written = save(figure, tmp_path / "figure.pdf").read_bytes()
    assert b"/FontFile2" in written  # TrueType; the usual Type 3 is refused by some journals
    assert b"/Type3" not in written
    assert b"/MediaBox [ 0 0 240.94" in written


def test_png_has_150_dots_per_inch(tmp_path: Path) -> None:
    written = save(Figure(figsize=(2, 1)), tmp_path / "figure.png").read_bytes()
    assert int.from_bytes(written[16:20]) == 300
    assert int.from_bytes(written[20:24]) == 150


def test_what_is_cut_off_would_be_noticed(drawn_from: dict[str, Any], faults: Callable[[Figure], list[str]]) -> None:
    figure = FIGURES["roles"].draw(drawn_from["users"])
    figure.text(0.97, 0.5, "a word too long")
    with pytest.raises(AssertionError):
        assert faults(figure) == []
