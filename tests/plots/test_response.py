"""Effects along a factor: places of marks and intervals, refusals, and a fit into a column."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.plots import effect_curves
from experiments.plots.findings.response import MARKERS
from experiments.plots.style import DOUBLE_COLUMN
from sim.outcomes.catalogue import OUTCOMES

FACTOR = "users.disclosure_threshold.mean"
VALUES = (0.3, 0.4, 0.5, 0.6, 0.7)
SHOWN = ("loneliness_ucla20", "burden", "lonely_share")
Words = Callable[[Figure], str]
Faults = Callable[[Figure], list[str]]


def table(levers: int = 2, values: tuple[float, ...] = VALUES) -> pd.DataFrame:
    """Return effects of some levers on three outcomes."""
    draws = np.random.default_rng(6)
    rows = []
    for value in values:
        for lever in range(levers):
            for name in SHOWN:
                one = OUTCOMES[name]
                size = 0.02 if one.unit == "share" else 0.6
                mean, half = draws.normal(0.0, size), abs(draws.normal(0.0, 0.3 * size))
                known = (f"lever-{lever}", "usual-care", name, one.label, one.unit, one.better, 20)
                rows.append((value, *known, mean, mean - half, mean + half))
    names = ["lever", "base", "outcome", "label", "unit", "better", "n", "difference", "low", "high"]
    return pd.DataFrame(rows, columns=[FACTOR, *names])


def marks(axes: Axes) -> list[np.ndarray]:
    """Return the marks of each lever: x and y, shape (values, 2)."""
    return [line.get_xydata() for line in axes.lines if line.get_marker() in MARKERS]


def test_marks_and_intervals_stand_where_the_table_says() -> None:
    frame = table()
    figure = effect_curves(frame, FACTOR, SHOWN)
    assert [axes.get_title(loc="left") for axes in figure.axes] == [OUTCOMES[name].label for name in SHOWN]
    for axes, name in zip(figure.axes, SHOWN, strict=True):
        factor = 100.0 if OUTCOMES[name].unit == "share" else 1.0
        for number, drawn in enumerate(marks(axes)):
            rows = frame[(frame["outcome"] == name) & (frame["lever"] == f"lever-{number}")]
            np.testing.assert_allclose(drawn[:, 1], factor * rows["difference"])
            assert (
                np.abs(drawn[:, 0] - VALUES).max() < 0.05
            )  # beside each other, nearer to their value than to the next
            upright = [path.vertices for path in axes.collections[number].get_paths()]
            np.testing.assert_allclose(np.array(upright)[:, :, 1], factor * rows[["low", "high"]])
        low, high = axes.get_ylim()
        assert low < factor * frame.loc[frame["outcome"] == name, "low"].min()
        assert high > factor * frame.loc[frame["outcome"] == name, "high"].max()


@pytest.mark.slow
def test_it_is_as_wide_as_a_column_and_says_what_is_seen(words: Words) -> None:
    figure = effect_curves(table(), FACTOR, label="Guardedness (0 to 1)")
    assert figure.get_figwidth() * 25.4 == pytest.approx(85)
    said = words(figure)
    assert all(word in said for word in ("Guardedness (0 to 1)", "lower is better", "lever-0", "lever-1"))
    assert "Difference from usual-care (0), mean of pairs of runs (20); upright lines: 95 % interval." in said
    assert "change in points (scale 20–80)" in said
    assert len(figure.axes) == 2  # the primary outcomes that the table has
    wide = effect_curves(table(), FACTOR, SHOWN, width=DOUBLE_COLUMN)
    assert wide.get_figwidth() * 25.4 == pytest.approx(176)
    assert "change in percentage points" in words(wide)


@pytest.mark.parametrize("levers", [1, 2, 7])
@pytest.mark.parametrize("values", [(0.5,), VALUES, tuple(np.linspace(5.0, 60.0, 12))])
def test_nothing_is_cut_off_or_covered(levers: int, values: tuple[float, ...], faults: Faults) -> None:
    figure = effect_curves(
        table(levers, values), FACTOR, SHOWN, label="A long name of a factor, with its unit (hours a week)"
    )
    assert faults(figure) == []


def test_what_is_not_known_is_left_out() -> None:
    frame = table(1)
    frame.loc[frame[FACTOR] == 0.5, ["difference", "low", "high"]] = np.nan
    drawn = marks(effect_curves(frame, FACTOR, ["burden"]).axes[0])[0]
    assert np.isnan(drawn[:, 1]).tolist() == [False, False, True, False, False]


@pytest.mark.parametrize(
    ("frame", "outcomes", "said"),
    [
        (table().drop(columns="low"), SHOWN, "no column low"),
        (table(), ["group_identity"], "none of the outcomes group_identity"),
        (table(8), SHOWN, "8 levers are too many to tell apart; choose at most 7"),
        (pd.concat([table(), table()]), SHOWN, "another factor varies too; choose one of its values"),
    ],
)
def test_what_cannot_be_drawn_is_refused(frame: pd.DataFrame, outcomes: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        effect_curves(frame, FACTOR, outcomes)


def test_values_that_are_not_numbers_stand_side_by_side_in_their_order(faults: Faults) -> None:
    frame = table(values=(0.0, 1.0, 2.0))
    frame[FACTOR] = (
        frame[FACTOR].astype(int).map(["ring.graphml", "clique.graphml", "a-long-name-of-a-star.graphml"].__getitem__)
    )
    figure = effect_curves(frame.rename(columns={FACTOR: "network"}), "network", ["burden"])
    axes = figure.axes[0]
    assert [label.get_text().replace("\n", "") for label in axes.get_xticklabels()][:2] == [
        "ring.graphml",
        "clique.graphml",
    ]
    rows = frame[(frame["outcome"] == "burden") & (frame["lever"] == "lever-0")]
    drawn = marks(axes)[0]
    np.testing.assert_allclose(drawn, np.column_stack([[-0.125, 0.875, 1.875], rows["difference"]]))
    assert all(line.get_linestyle() == "None" for line in axes.lines[1:]), "no line joins what has no order"
    assert faults(figure) == []


def test_the_other_factor_is_named() -> None:
    other = pd.concat([table().assign(**{"users.women": share}) for share in (0.3, 0.5)])
    frame = other[["users.women", *table().columns]]
    with pytest.raises(ValueError, match=r"one value of users.disclosure_threshold.mean: users.women varies too"):
        effect_curves(frame, FACTOR, SHOWN)


def days(scenarios: tuple[str, ...] = ("base", "pairs")) -> pd.DataFrame:
    """Return 28 days of scenarios under twelve seeds; each further scenario is 2 points less burdened."""
    draws = np.random.default_rng(1)
    rows = [
        (name, seed, "park", day, 40.0 - 2.0 * number + draws.normal(0.0, 0.1))
        for number, name in enumerate(scenarios)
        for seed in range(12)
        for day in range(28)
    ]
    return pd.DataFrame(rows, columns=["scenario", "seed", "centre", "day", "burden"])


def test_days_of_runs_are_compared_and_drawn_along_time() -> None:
    figure = effect_curves(days(), base="base")
    (drawn,) = marks(figure.axes[0])
    assert drawn[:, 0].tolist() == [6, 13, 20, 27]
    np.testing.assert_allclose(drawn[:, 1], -2.0, atol=0.1)
    assert figure.axes[-1].get_xlabel() == "day"


def test_runs_that_cannot_be_compared_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="name the alternative to compare with in base; the frame holds: base, pairs"):
        effect_curves(days())
    with pytest.raises(ValueError, match="none of the outcomes mood; name others"):
        effect_curves(days(), outcomes=["mood"])
    with pytest.raises(ValueError, match=r"found a str, allowed is a data frame, such as daily\(study\)"):
        effect_curves("study")  # type: ignore[arg-type]
