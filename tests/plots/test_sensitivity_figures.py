"""Figures of a sensitivity analysis: whole and readable for few factors and many, and true to their frames."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from experiments.designs.factor import Factor
from experiments.plots import SENSITIVITY_FIGURES, save, style
from experiments.plots.sensitivity.factors import in_short
from experiments.plots.sensitivity.influence import influence
from experiments.plots.sensitivity.pairs import pair_shares
from experiments.plots.sensitivity.screening import screening
from experiments.plots.sensitivity.settling import index_settling
from experiments.plots.sensitivity.shares import variance_shares
from experiments.plots.sensitivity.tornado import tornado
from experiments.plots.style import MARKERS
from experiments.sensitivity import indices as sensitivity
from experiments.sensitivity.designs import sample
from experiments.sensitivity.ends import ends
from sim.scenario.schema.scenario import SCENARIO_PARAMETERS

pytest.importorskip("SALib")

Words = Callable[[Figure], str]
Faults = Callable[[Figure], list[str]]
OUTCOMES = ("loneliness_ucla20", "lonely_share")
LONGEST = sorted(SCENARIO_PARAMETERS, key=lambda parameter: -len(parameter.path))


@cache
def frames(method: str, number: int, replicates: int = 3) -> Mapping[str, pd.DataFrame]:
    """Return the frames of an analysis of this many factors with the longest paths."""
    chosen = [p for p in LONGEST if p.quantity.plausible[0] < p.quantity.plausible[1]][:number]
    problem = [Factor(p.path, *map(float, p.quantity.plausible)) for p in chosen]
    few = number <= 3
    kind, n = {"morris": ("morris", 12), "sobol": ("sobol" if few else "sobol without pairs", 32)}.get(
        method, ("latin", 60)
    )
    points = sample(problem, kind, n, 1)
    u = np.column_stack([(points[f.path] - f.low) / (f.high - f.low) for f in problem])
    draws = np.random.default_rng(1)
    mean = 45.0 + 8.0 * u[:, 0] - 5.0 * u[:, 1] * u[:, 2]
    runs = [(mean + draws.normal(size=len(u)), k) for k in range(replicates)]
    results = pd.concat(
        [
            pd.DataFrame({"point": points["point"], "replicate": k, OUTCOMES[0]: y, OUTCOMES[1]: y / 100})
            for y, k in runs
        ]
    )
    found = getattr(sensitivity, method)(problem, points, results, resamples=20)
    step = {"morris": number + 1, "sobol": 2 * number + 2 if few else number + 2}.get(method, 1)
    return {
        "indices": found.indices,
        "convergence": found.convergence,
        "ends": ends(problem, points, results, step, method == "morris"),
        "factors": pd.DataFrame({"factor": [p.path for p in chosen], "meaning": [p.quantity.meaning for p in chosen]}),
    }


def there(method: str, number: int) -> list[str]:
    """Return the names of the figures with something to draw."""
    own = {"morris": ["screening"], "sobol": ["shares", "pairs"] if number <= 3 else ["shares"]}.get(method, [])
    return ["influence", "tornado", *own, "settling"]


def draw(name: str, read: Mapping[str, pd.DataFrame], **more: object) -> Figure:
    family = SENSITIVITY_FIGURES[name]
    return family.draw(*(read[each] for each in family.reads), **more)


CASES = [(m, n, name) for m in ("morris", "sobol", "pawn") for n in (3, 130) for name in there(m, n)]


def test_every_figure_is_drawn_for_some_method() -> None:
    assert {name for _, _, name in CASES} == set(SENSITIVITY_FIGURES)


@pytest.mark.parametrize("name", SENSITIVITY_FIGURES)
def test_caption_is_in_plain_words(name: str) -> None:
    caption = str(SENSITIVITY_FIGURES[name].caption)
    assert caption.endswith(".")
    assert 100 < len(caption) < 420
    assert not any(word in caption for word in ("quantile", "stochastic", "agent", "bootstrap", "resampl"))


@pytest.mark.slow
@pytest.mark.parametrize(("method", "number", "name"), CASES)
def test_is_drawn_whole(method: str, number: int, name: str, misdrawn: Faults) -> None:
    assert misdrawn(draw(name, frames(method, number), outcome=OUTCOMES[0])) == []


@pytest.mark.parametrize("name", there("morris", 3))
def test_all_outcomes_are_drawn_in_one_figure(name: str, misdrawn: Faults, words: Words) -> None:
    figure = draw(name, frames("morris", 3), about="buddies; difference: workers minus usual-care; PAWN indices")
    assert len(figure.axes) == 2
    assert misdrawn(figure) == []
    assert "buddies; difference: workers minus usual-care; PAWN indices" in words(figure)


@pytest.mark.parametrize("name", [name for name in SENSITIVITY_FIGURES if name in there("sobol", 3)])
def test_same_bytes_every_time(name: str, tmp_path: Path) -> None:
    first, second = (save(draw(name, frames("sobol", 3)), tmp_path / f"{k}.svg").read_bytes() for k in range(2))
    assert first == second


@pytest.mark.parametrize("name", there("morris", 3))
def test_what_is_read_is_left_as_it_was(name: str) -> None:
    read = {key: frame.copy() for key, frame in frames("morris", 3).items()}
    draw(name, read)
    for key, frame in read.items():
        pd.testing.assert_frame_equal(frame, frames("morris", 3)[key])


@pytest.mark.parametrize("name", there("morris", 3))
def test_a_missing_column_row_or_outcome_is_named(name: str) -> None:
    read, first = frames("morris", 3), SENSITIVITY_FIGURES[name].reads[0]
    with pytest.raises(ValueError, match="the frame has no column factor"):
        draw(name, {**read, first: read[first].drop(columns="factor")})
    with pytest.raises(ValueError, match="the frame has no column meaning"):
        draw(name, {**read, "factors": read["factors"].drop(columns="meaning")})
    with pytest.raises(ValueError, match="no outcome is named joy; there are loneliness_ucla20, lonely_share"):
        draw(name, read, outcome="joy")
    whole = "indices" if "indices" in SENSITIVITY_FIGURES[name].reads else "ends"
    with pytest.raises(ValueError, match="there is no outcome to draw"):
        draw(name, {**read, whole: read[whole].iloc[:0]})


def marks(figure: Figure, marker: str) -> list[tuple[float, float]]:
    """Return the places of single marks of one shape on the first axes."""
    lines = [line for line in figure.axes[0].lines if line.get_marker() == marker and len(line.get_xdata()) == 1]
    return [(float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in lines]


def test_influence_ranks_the_leading_ones_with_what_chance_would_give(words: Words) -> None:
    read = frames("morris", 130)
    figure = influence(read["indices"], read["factors"], outcome=OUTCOMES[0])
    table = read["indices"].query("outcome == 'loneliness_ucla20' and index == 'mu_star'")
    table = table.sort_values("value", ascending=False).head(15)
    assert marks(figure, "o") == [(pytest.approx(value), row) for row, value in enumerate(table["value"])]
    assert marks(figure, "|") == [(pytest.approx(value), row) for row, value in enumerate(table["noise"])]
    said = words(figure)
    assert all(factor in said for factor in table["factor"])
    assert "The leading 15 of 130 parameters. Of all, about 3 would stand clear of chance by chance alone" in said


def test_shares_of_an_outcome_are_drawn_in_percentage_points() -> None:
    read = frames("morris", 3)
    figure = influence(read["indices"], read["factors"], outcome="lonely_share")
    table = read["indices"].query("outcome == 'lonely_share' and index == 'mu_star'")
    assert marks(figure, "o")[0][0] == pytest.approx(100.0 * table["value"].max())
    assert "percentage points" in figure.axes[0].get_xlabel()


def test_what_is_not_clear_is_pale_and_hollow() -> None:
    read = frames("morris", 3)
    indices = read["indices"].assign(clear=read["indices"]["factor"] == read["factors"]["factor"].iloc[0])
    figure = influence(indices, read["factors"], outcome=OUTCOMES[0])
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert sum(line.get_markerfacecolor() == style.PAPER for line in dots) == 2


def test_screening_has_a_point_for_every_factor_and_names_the_leading_ones(words: Words) -> None:
    read = frames("morris", 130)
    figure = screening(read["indices"], read["factors"], outcome=OUTCOMES[0])
    drawn = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert sum(len(line.get_xdata()) for line in drawn) == 130
    table = read["indices"].query("outcome == 'loneliness_ucla20' and index == 'mu_star'")
    said = words(figure)
    assert all(factor in said for factor in table.nlargest(8, "value")["factor"])


def test_shares_stand_side_by_side() -> None:
    read = frames("sobol", 3)
    figure = variance_shares(read["indices"], read["factors"], outcome=OUTCOMES[0])
    for index, marker in (("S1", "o"), ("ST", "D")):
        values = read["indices"].query(f"outcome == 'loneliness_ucla20' and index == '{index}'")["value"]
        assert sorted(x for x, _ in marks(figure, marker)) == pytest.approx(sorted(values))


def test_pairs_are_told_in_percent_the_clear_ones_in_bold() -> None:
    read = frames("sobol", 3)
    figure = pair_shares(read["indices"], read["factors"], outcome=OUTCOMES[0])
    pairs = read["indices"].query("outcome == 'loneliness_ucla20' and index == 'S2'")
    cells = [text for text in figure.axes[0].texts if text.get_text().lstrip("−").isdigit()]
    assert sorted(cell.get_text() for cell in cells) == sorted(
        str(round(100 * value)).replace("-", "−") for value in pairs["value"]
    )
    assert sum(cell.get_fontweight() == "bold" for cell in cells) == int(pairs["clear"].sum())
    without = read["indices"][read["indices"]["index"] != "S2"]
    with pytest.raises(ValueError, match="there is no index S2 of loneliness_ucla20"):
        pair_shares(without, read["factors"])


def test_settling_shows_each_part_of_the_design_and_names_do_not_meet() -> None:
    read = frames("pawn", 130)
    figure = index_settling(read["convergence"], read["indices"], read["factors"], outcome=OUTCOMES[0])
    axes = figure.axes[0]
    lines = [line for line in axes.lines if line.get_marker() in MARKERS]
    assert len({line.get_color() for line in lines}) == len(lines) == 7
    assert list(lines[0].get_xdata()) == [15, 30, 60]
    names = {f"{factor}{said}" for factor in read["factors"]["factor"] for said in ("", " (moved)")}
    figure.draw_without_rendering()
    boxes = [Text.get_window_extent(text) for text in axes.texts if text.get_text() in names]  # without the line to it
    assert len(boxes) == 7
    heights = sorted(0.5 * (box.y0 + box.y1) for box in boxes)
    assert min(np.diff(heights)) > 0.85 * max(box.height for box in boxes)


def test_the_tornado_is_as_long_as_the_outcome_moves(words: Words) -> None:
    read = frames("pawn", 3)
    figure = tornado(read["ends"], read["factors"], outcome=OUTCOMES[0])
    table = read["ends"][read["ends"]["outcome"] == OUTCOMES[0]]
    table = table.iloc[np.argsort(-table["difference"].abs().to_numpy())]
    bars = [bar for bar in figure.axes[0].patches if np.isclose(abs(bar.get_height()), 0.31)]
    ends_ = [bar.get_x() + bar.get_width() for bar in bars]
    assert ends_ == pytest.approx(table[["at_low", "at_high"]].to_numpy().ravel().tolist())
    base = next(line for line in figure.axes[0].lines if line.get_linewidth() == 0.9)
    assert base.get_xdata()[0] == pytest.approx(table["base"].iloc[0])
    assert f"{table['difference'].iloc[0]:+.2f} (" in words(figure).replace("−", "-")
    assert "the lowest and the highest fifth of its range (about four fifths of the range apart)" in flat(words(figure))


def flat(text: str) -> str:
    return " ".join(text.split())


def test_ends_of_trajectories_lie_where_the_runs_put_them_and_moves_stand_beside(words: Words) -> None:
    read = frames("morris", 3)
    figure = tornado(read["ends"], read["factors"], outcome=OUTCOMES[0])
    table = read["ends"][read["ends"]["outcome"] == OUTCOMES[0]]
    first = table.iloc[int(table["move"].abs().argmax())]
    bars = [bar for bar in figure.axes[0].patches if np.isclose(abs(bar.get_height()), 0.31)]
    assert [bar.get_x() + bar.get_width() for bar in bars[:2]] == pytest.approx([first["at_low"], first["at_high"]])
    middle = 0.5 * (first["at_low"] + first["at_high"])
    assert middle != pytest.approx(first["base"], abs=1e-3)  # as the runs have it, not laid around the mean
    said = words(figure).replace("−", "-")
    assert f"{first['move']:+.2f} ({first['move_low']:+.2f} to {first['move_high']:+.2f})" in said
    assert "moved by 67 % of the range" in said
    assert "its lowest and its highest level (the whole range apart)" in flat(said)


def test_the_tornado_says_by_how_much_each_row_moves_where_that_differs(words: Words) -> None:
    """A whole number cannot move by exactly the step of the grid."""
    read = frames("morris", 3)
    assert "moved by 67 % of the range" in words(tornado(read["ends"], read["factors"], outcome=OUTCOMES[0]))
    mixed = read["ends"].assign(step=np.where(read["ends"]["factor"] == read["ends"]["factor"].iloc[0], 1.0, 2 / 3))
    said = words(tornado(mixed, read["factors"], outcome=OUTCOMES[0]))
    assert "moved by a share of the range" in said
    assert said.count(", by 100 %") == 1
    assert said.count(", by 67 %") == 2


@pytest.mark.parametrize("name", ["influence", "tornado", "screening"])
def test_the_legend_explains_only_what_is_there(name: str, words: Words) -> None:
    read = dict(frames("morris", 3))
    for clear in (True, False):
        read["indices"], read["ends"] = (read[key].assign(clear=clear) for key in ("indices", "ends"))
        assert ("not clear of chance" in words(draw(name, read, outcome=OUTCOMES[0]))) is not clear


def test_one_that_moved_is_marked_and_others_are_not(words: Words) -> None:
    read = dict(frames("morris", 3))
    moved, *others = read["factors"]["factor"]
    spread = read["indices"]["factor"].map({moved: 0.0}).fillna(1e9)
    read["indices"] = read["indices"].assign(spread=spread)
    said = words(draw("settling", read, outcome=OUTCOMES[0]))
    assert f"{moved} (moved)" in said
    assert not any(f"{other} (moved)" in said for other in others)


def test_nothing_known_is_said_to_be_so(words: Words, misdrawn: Faults) -> None:
    read = dict(frames("morris", 3))
    numbers = ["value", "low", "high", "noise"]
    read["indices"] = read["indices"].assign(**dict.fromkeys(numbers, np.nan), clear=False)
    read["convergence"] = read["convergence"].assign(value=np.nan)
    for name in there("morris", 3):
        figure = draw(name, read, outcome=OUTCOMES[0])
        assert misdrawn(figure) == []
    assert "the outcome does not vary" in words(draw("influence", read, outcome=OUTCOMES[0]))


def test_a_long_meaning_loses_its_remarks_first() -> None:
    assert in_short("Mean burden (section 3)") == "Mean burden (section 3)"
    said = "Share of opening days attended at middling mood, identity and habit (3 of 5 days)"
    assert in_short(said) == "Share of opening days attended at middling mood, identity and\nhabit (3 of 5 days)"
    long = "Share of opening days " * 5 + "(a long remark about them in brackets)"
    assert len(in_short(long).splitlines()) == 2
    assert "remark" not in in_short(long)
    assert in_short("word " * 60).endswith("…")
