"""Figures of findings: outcomes by levels in words, burden by load, newcomers' waits."""

import numpy as np
import pandas as pd
import pytest

from experiments.plots.findings.levels import outcome_lines
from experiments.plots.findings.load import load_curves
from experiments.plots.findings.waits import newcomer_waits

LEVERS = ("usual-care", "help-cap", "supervision")
WAYS = ("how often needs arise (baseline = 1)", "acts of help a day that cost nothing", "users' wish to help")


@pytest.fixture
def curves() -> pd.DataFrame:
    rows = [
        {"panel": way, "line": line, "level": level, "mean": 30.0 + 3.0 * level - place}
        for way in WAYS
        for place, line in enumerate((*LEVERS, "helpers at the start"))
        for level in (0.25, 0.5, 1.0, 2.0, 6.0)
    ]
    frame = pd.DataFrame(rows)
    return frame.assign(low=frame["mean"] - 1.0, high=frame["mean"] + 1.0)


def test_load_curves_are_whole_and_explained(curves, faults, words):
    figure = load_curves(curves, "helpers at the start", dict.fromkeys(WAYS, 1.0), {WAYS[0]: (1.0, 2.0)})
    assert faults(figure) == []
    said = words(figure)
    lines = ("all users, help-cap", "helpers at the start; usual-care", "where usual-care is steepest", "baseline")
    for wanted in lines:
        assert wanted in said
    shaded = [patch for axes in figure.axes for patch in axes.patches]
    assert [(patch.get_x(), patch.get_width()) for patch in shaded] == [(1.0, 1.0)]
    ends = {axes.get_ylim() for axes in figure.axes}
    assert len(ends) == 1


def test_load_curves_show_the_frame(curves):
    figure = load_curves(curves, "helpers at the start", {}, {})
    dashed = next(line for line in figure.axes[0].lines if line.get_linestyle() == "--")
    np.testing.assert_allclose(dashed.get_ydata(), 30.0 + 3.0 * np.array([0.25, 0.5, 1.0, 2.0, 6.0]) - 3.0)


def test_load_curves_refuse_what_cannot_be_told_apart(curves):
    many = pd.concat([curves.assign(line=f"policy {number}") for number in range(7)])
    with pytest.raises(ValueError, match="found 7 lines, allowed are at most 6"):
        load_curves(many, "helpers at the start", {}, {})
    with pytest.raises(ValueError, match="panel"):
        load_curves(curves.drop(columns="panel"), "helpers at the start", {}, {})


@pytest.fixture
def waits() -> tuple[pd.DataFrame, pd.DataFrame]:
    days = np.arange(0, 366, 5)
    shares = pd.concat(
        [
            pd.DataFrame({"event": event, "lever": lever, "day": days, "share": days / 730.0 / (1 + place)})
            for event in ("friend", "confidant")
            for place, lever in enumerate(("usual-care", "buddies", "evening-group", "circle"))
        ]
    )
    usual = shares["lever"] == "usual-care"
    shares = shares.assign(
        low=np.where(usual, shares["share"] - 0.02, np.nan), high=np.where(usual, shares["share"] + 0.02, np.nan)
    )
    groups = ("here 0-3 months", "here 3-6 months", "here 6-12 months", "here a year or more", "here before the run")
    stays = pd.DataFrame(
        [
            {"group": group, "lever": lever, "mean": 65.0 - 4.0 * place}
            for place, group in enumerate(groups)
            for lever in ("usual-care", "buddies", "evening-group", "circle")
        ]
    )
    return shares, stays.assign(low=stays["mean"] - 2.0, high=stays["mean"] + 2.0)


def test_waits_are_whole_and_explained(waits, faults, words):
    figure = newcomer_waits(*waits, "usual-care", ["buddies"])
    assert faults(figure) == []
    said = words(figure)
    for wanted in (
        "A first friend",
        "A first confidant",
        "days since arrival",
        "other policies",
        "95 % interval",
        "before",
    ):
        assert wanted in said
    assert "evening-group" not in said
    low, high = figure.axes[2].get_ylim()
    assert low < 47.0
    assert high > 67.0


def test_no_line_is_pale_when_all_are_shown(waits, words):
    assert "other policies" not in words(newcomer_waits(*waits, "usual-care", ["buddies", "evening-group", "circle"]))


def test_too_many_levers_in_colour_are_refused(waits):
    with pytest.raises(ValueError, match="found 7 levers in colour, allowed are at most 6"):
        newcomer_waits(*waits, "usual-care", list("abcdefg"))


def test_lines_may_be_words_and_measures_outcomes(faults, words):
    cells = pd.DataFrame(
        [
            {"size": size, "way": way, "outcome": outcome, "mean": 0.1 * size}
            for outcome in ("burden", "transitivity")
            for way in ("mixed anew", "by interest")
            for size in (2, 4, 8)
        ]
    )
    cells = cells.assign(**dict.fromkeys(("low", "high", "p05", "p95"), cells["mean"]))
    figure = outcome_lines(cells, ("size", "users at a table"), ("way", "grouping"), band=False)
    assert faults(figure) == []
    said = words(figure)
    assert "mixed anew" in said
    assert "Transitivity" in said
    assert "middle 90 %" not in said
    assert said.index("mixed anew") < said.index("by interest")
