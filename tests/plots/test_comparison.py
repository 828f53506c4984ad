"""Every figure of a comparison is listed, explained, whole, and the same every time, for few policies and many."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import comparison_frames as made
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from experiments.plots import COMPARISON_FIGURES, save

NAMES = tuple(COMPARISON_FIGURES)
FRAMES = {"contrasts", "groups", "daily", "changes", "plane", "costs", "acceptability", "decomposition"}
Words = Callable[[Figure], str]


@cache
def inputs(n: int, replicates: int = 8) -> Mapping[str, Any]:
    return made.inputs(n, replicates)


def draw(name: str, read: Mapping[str, Any]) -> Figure:
    family = COMPARISON_FIGURES[name]
    return family.draw(*(read[each] for each in family.reads))


def test_every_input_has_a_figure_and_every_figure_its_input() -> None:
    read = {name for family in COMPARISON_FIGURES.values() for name in family.reads}
    assert read == set(inputs(1))


@pytest.mark.parametrize("name", NAMES)
def test_caption_is_in_plain_words(name: str) -> None:
    caption = str(COMPARISON_FIGURES[name].caption)
    assert caption.endswith(".")
    assert 100 < len(caption) < 420
    assert not any(word in caption for word in ("quantile", "stochastic", "agent", "node", "edge ", "bootstrap"))


@pytest.mark.slow
@pytest.mark.parametrize("scenarios", [1, 3, 17])
@pytest.mark.parametrize("name", NAMES)
def test_is_drawn_whole(name: str, scenarios: int, misdrawn: Callable[[Figure], list[str]]) -> None:
    assert misdrawn(draw(name, inputs(scenarios))) == []


def test_axes_with_numbers_on_both_sides_name_both() -> None:
    for name, side in (("information", 1), ("plane", 0), ("acceptability", 0)):
        axes = draw(name, inputs(3)).axes[side]
        assert axes.get_xlabel(), name
        assert axes.get_ylabel(), name


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_names_every_scenario(name: str, words: Words) -> None:
    read = inputs(17)
    said = words(draw(name, read)).replace("- ", "-")
    assert not [scenario for scenario in made.NAMES if scenario not in said]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_same_bytes_every_time(name: str, tmp_path: Path) -> None:
    first, second = (save(draw(name, inputs(3)), tmp_path / f"{k}.svg").read_bytes() for k in range(2))
    assert first == second


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_is_left_as_it_was(name: str) -> None:
    read = {key: value.copy() for key, value in inputs(3).items() if key in FRAMES}
    draw(name, {**inputs(3), **read})
    for key, value in read.items():
        pd.testing.assert_frame_equal(value, inputs(3)[key])


@pytest.mark.parametrize(
    ("name", "first"),
    [(name, family.reads[0]) for name, family in COMPARISON_FIGURES.items() if family.reads[0] in FRAMES],
)
def test_a_missing_column_or_row_is_named(name: str, first: str) -> None:
    frame = inputs(3)[first]
    with pytest.raises(ValueError, match="the frame has no column scenario"):
        draw(name, {**inputs(3), first: frame.drop(columns="scenario")})
    with pytest.raises(ValueError, match=r"there is no|has none of the outcomes|no scenario has"):
        draw(name, {**inputs(3), first: frame.iloc[:0]})


@pytest.mark.parametrize("name", ["effects", "groups", "front", "users", "outcomes", "decomposition"])
def test_one_pair_of_runs_has_no_interval(name: str, misdrawn: Callable[[Figure], list[str]], words: Words) -> None:
    one = {
        "contrasts": made.contrast_table(3, 1),
        "groups": made.group_table(3, 1),
        "changes": made.changes(3, 1),
        "daily": made.daily(3, 1),
        "decomposition": made.decomposition(3).assign(low=np.nan, high=np.nan),
    }
    figure = draw(name, one)
    assert misdrawn(figure) == []
    if name == "effects":
        assert "too few pairs of runs to say" in words(figure)
        assert "95 % interval allowing" not in words(figure)
    if name == "outcomes":
        assert "One replicate only" in words(figure)


@pytest.mark.parametrize("name", ["effects", "groups", "front", "users", "plane", "acceptability"])
def test_a_policy_that_changes_nothing(name: str, misdrawn: Callable[[Figure], list[str]]) -> None:
    finals = made.runs(1, 6)
    base = finals[finals["scenario"] == "baseline"]
    same = pd.concat([base, base.assign(scenario="nothing")], ignore_index=True)
    from experiments.compare import contrasts, cost
    from sim.outcomes.catalogue import OUTCOMES, PRIMARY

    points = cost.plane(same, resamples=50)
    groups = made.group_table(1, 12).assign(
        difference=0.0, low=np.nan, high=np.nan, verdict="no difference seen", flag=""
    )
    nothing = {
        "contrasts": contrasts.table(contrasts.contrasts(same, [OUTCOMES[each] for each in PRIMARY], {})),
        "groups": groups,
        "changes": made.changes(1, 6).assign(loneliness=0.0),
        "plane": points,
        "costs": cost.table(cost.costs(same)),
        "acceptability": cost.acceptability(points, [0.0], "baseline"),
    }
    assert misdrawn(draw(name, nothing)) == []


@pytest.mark.parametrize("name", [name for name in NAMES if name != "friendships"])
def test_very_long_and_odd_names(name: str, misdrawn: Callable[[Figure], list[str]]) -> None:
    long = "peer support with $5 and $6 a day, 25 % more staff_hours & a second building for everybody"
    swap = {made.NAMES[0]: long}
    read = dict(inputs(3))
    for key in FRAMES & set(read):
        read[key] = read[key].assign(scenario=read[key]["scenario"].replace(swap))
    assert misdrawn(draw(name, read)) == []


def test_twenty_five_scenarios(misdrawn: Callable[[Figure], list[str]]) -> None:
    table = inputs(17)["contrasts"]
    more = table[table["scenario"].isin(made.NAMES[:8])]
    many = pd.concat([table, more.assign(scenario=more["scenario"] + "-twice")], ignore_index=True)
    for name in ("effects", "front"):
        assert misdrawn(draw(name, {"contrasts": many})) == []
