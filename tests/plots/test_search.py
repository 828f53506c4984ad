"""Figures of searches: portfolios of policies, and posteriors of parameters."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from experiments.plots import save
from experiments.plots.calibration.figures import POSTERIOR_FIGURES
from experiments.plots.portfolio.figures import PORTFOLIO_FIGURES
from experiments.portfolio.front import Samples, judged, row_of
from experiments.portfolio.levers import Lever
from sim.policies import POLICIES
from sim.scenario.schema.budget import Budget

FAMILIES = PORTFOLIO_FIGURES | POSTERIOR_FIGURES
NAMES = tuple(FAMILIES)
Words = Callable[[Figure], str]
Faults = Callable[[Figure], list[str]]


def solutions(levers: list[Lever], count: int, pairs: int = 12) -> pd.DataFrame:
    """Return portfolios as a search judges them, from made-up pairs of runs."""
    draws = np.random.default_rng(1)
    rows = []
    for k in range(count):
        one = np.where(draws.random(len(levers)) < 0.4, draws.integers(1, 5, len(levers)) / 4, 0.0) * (k > 0)
        noise = draws.normal(0.0, 0.3, (2, pairs)) * (k > 0)
        hours = np.full(pairs, 3.0 * one.sum())
        loneliness = -0.8 * one.sum() + noise[0]
        burden = (-1.0 if k % 3 else 0.6) * one.sum() + noise[1]
        samples = Samples(loneliness, burden, hours, 100.0 * hours)
        seen = np.array([loneliness.mean() - 0.1, burden.mean(), hours.mean(), 100.0 * hours.mean()])
        rows.append(row_of(levers, tuple(one), seen, samples))
    return judged(rows, levers, Budget(hours=20.0))


@cache
def inputs(size: int) -> Mapping[str, Any]:
    """Return something to draw: with few or many policies, parameters and targets."""
    draws = np.random.default_rng(2)
    policies = [key for key in POLICIES if key != "usual_care"][: {1: 1, 2: 4, 3: 17}[size]]
    parameters = [f"rules.part_{k // 4}.quite_a_long_name_{k}" for k in range({1: 1, 2: 5, 3: 17}[size])]
    particles = pd.DataFrame(draws.random((150, len(parameters))), columns=parameters)
    particles["weight"] = np.full(150, 1 / 150)
    keys = ["loneliness_mean", "no_friend_share", "density", "my_own"][: {1: 1, 2: 3, 3: 4}[size]]
    low, high = np.full(len(keys), 0.3), np.full(len(keys), 0.6)
    check = pd.DataFrame({"key": keys, "low": low, "high": high, "q05": 0.4, "median": 0.5, "q95": 0.7})
    check = check.assign(share_inside=0.8, overlaps=[k != 1 for k in range(len(keys))])
    pairs = [(a, b, 0.5) for a in parameters[:3] for b in parameters[3:6]] or [(parameters[0], parameters[0], 1.0)]
    generations = {1: 1, 2: 5, 3: 40}[size]
    return {
        "solutions": solutions([Lever(policy, 4) for policy in policies], {1: 1, 2: 12, 3: 60}[size]),
        "policies": policies,
        "budget": 20.0,
        "base hours": 0.0,
        "history": pd.DataFrame({
            "generation": range(1, generations + 1), "evaluated": np.arange(1, generations + 1) * 8, "feasible": 5,
            "best_loneliness": -np.arange(generations) / 10,
        }),
        "check": check,
        "runs": pd.DataFrame(draws.normal(0.5, 0.2, (40, len(keys))), columns=keys),
        "summary": pd.DataFrame({
            "parameter": parameters, "low": 0.0, "high": 1.0, "q05": 0.1, "median": 0.5, "q95": 0.9, "narrowed": 0.2,
            "silent": [k % 2 == 1 for k in range(len(parameters))], "unit": "1",
            "meaning": "",
        }),
        "particles": particles,
        "correlations": pd.DataFrame(pairs, columns=["first", "second", "correlation"]),
    }  # fmt: skip


def draw(name: str, read: Mapping[str, Any]) -> Figure:
    return FAMILIES[name].draw(*(read[each] for each in FAMILIES[name].reads))


def test_every_input_has_a_figure_and_every_figure_its_input() -> None:
    assert not PORTFOLIO_FIGURES.keys() & POSTERIOR_FIGURES.keys()
    assert {name for family in FAMILIES.values() for name in family.reads} == set(inputs(1))


@pytest.mark.parametrize("name", NAMES)
def test_caption_is_in_plain_words(name: str) -> None:
    caption = str(FAMILIES[name].caption)
    assert caption.endswith(".")
    assert 100 < len(caption) < 420
    assert not any(word in caption for word in ("quantile", "stochastic", "agent", "node", "particle", "Pareto"))


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("name", NAMES)
def test_is_drawn_whole(name: str, size: int, misdrawn: Faults) -> None:
    assert misdrawn(draw(name, inputs(size))) == []


def test_generations_are_counted_in_whole_numbers() -> None:
    for size in (1, 2, 3):
        axes = draw("search", inputs(size)).axes[0]
        low, high = axes.get_xlim()
        assert [tick for tick in axes.get_xticks() if low <= tick <= high and tick != int(tick)] == []


@pytest.mark.parametrize("name", NAMES)
def test_same_bytes_every_time(name: str, tmp_path: Path) -> None:
    first, second = (save(draw(name, inputs(2)), tmp_path / f"{k}.svg").read_bytes() for k in range(2))
    assert first == second


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_is_left_as_it_was(name: str) -> None:
    before = {key: value.copy() for key, value in inputs(2).items() if isinstance(value, pd.DataFrame)}
    draw(name, inputs(2))
    for key, value in before.items():
        pd.testing.assert_frame_equal(value, inputs(2)[key])


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_column_or_row_is_named(name: str) -> None:
    first = FAMILIES[name].reads[0]
    frame = inputs(2)[first]
    with pytest.raises(ValueError, match="the frame has no column"):
        draw(name, {**inputs(2), first: frame.drop(columns=frame.columns[0 if first != "solutions" else -1])})
    with pytest.raises(ValueError, match="there is no"):
        draw(name, {**inputs(2), first: frame.iloc[:0]})


@pytest.mark.parametrize("name", list(PORTFOLIO_FIGURES))
def test_a_search_that_keeps_nothing_is_drawn(name: str, misdrawn: Faults) -> None:
    rows = inputs(2)["solutions"].assign(kept=False, name="", burden_verdict="rises")
    assert misdrawn(draw(name, {**inputs(2), "solutions": rows})) == []


def test_the_front_has_a_letter_a_portfolio_kept_and_says_where_the_budget_is(words: Words) -> None:
    rows = inputs(2)["solutions"]
    assert rows["kept"].sum() >= 2
    assert not rows["kept"].all()
    near, far = (words(FAMILIES["front"].draw(rows, budget)) for budget in (5.0, 500.0))
    letters = rows.loc[rows["kept"], "name"].tolist()
    assert letters[:2] == ["A", "B"]
    assert all(f" {letter} |" in f" {near} |" for letter in letters)
    assert "the budget, 5 hours a week" in near
    assert "The budget, 500 hours a week, lies further right" in far


def test_members_show_intensities_and_name_what_is_in_none(words: Words) -> None:
    rows, policies = inputs(2)["solutions"], inputs(2)["policies"]
    figure = FAMILIES["members"].draw(rows.assign(**{policies[1]: 0.0}), policies)
    said = words(figure)
    assert f"In none of them: {policies[1].replace('_', ' ')}" in said
    cells = [patch for patch in figure.axes[0].patches if patch.get_width() == 1.0]
    used = [policy for policy in policies if policy != policies[1] and (rows.loc[rows["kept"], policy] > 0).any()]
    assert len(cells) == len(used) * rows["kept"].sum()
    many = inputs(3)["solutions"].assign(kept=True, name="A")
    assert "The first 26 of 60 portfolios" in words(FAMILIES["members"].draw(many, inputs(3)["policies"]))


def test_the_search_tells_what_luck_had_added(words: Words) -> None:
    assert "loneliness is then +0.10 points from what the search saw" in words(draw("search", inputs(2))).replace(
        "  ", " "
    )


def test_a_target_that_is_missed_looks_different(words: Words) -> None:
    said = words(draw("targets", inputs(2)))
    assert "the same, where they miss the range" in said
    assert "share of users without a friend" in said
    assert "the same, where they miss the range" not in words(draw("targets", inputs(1)))
    gone = inputs(1)["check"].assign(q05=np.nan, median=np.nan, q95=np.nan, share_inside=np.nan, overlaps=False)
    runs = inputs(1)["runs"] * np.nan
    assert "no run" in words(FAMILIES["targets"].draw(gone, runs))


def test_a_parameter_the_targets_say_nothing_of_is_grey(words: Words) -> None:
    figure = draw("marginals", inputs(2))
    colours = {axes.patches[0].get_facecolor()[:3] for axes in figure.axes if axes.patches}
    assert len(colours) == 2
    said = words(figure)
    assert said.count("no narrower") == 2 + 1  # of panels, and in the legend
    assert "20 % narrower" in said
    heights = np.array([patch.get_height() for patch in figure.axes[0].patches])
    assert heights.mean() == pytest.approx(1.0)


def test_only_the_strongest_pairs_are_drawn(words: Words) -> None:
    figure = draw("pairs", inputs(3))
    assert len(figure.axes) == 6
    assert "The 6 strongest of 9 pairs" in words(figure)
