"""Figures of a run's tables: ties, disclosure, newcomers, roles, who becomes a helper, when policies acted."""

from collections.abc import Callable
from typing import Any

import every_figure
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from experiments.plots.frames import roles
from experiments.plots.run.arrivals import first_ties
from experiments.plots.run.careers import ORDER, role_shares_over_time, who_becomes
from experiments.plots.run.policies import policy_raster
from experiments.plots.run.ties import LEVELS, tie_levels

Words = Callable[[Figure], str]
Faults = Callable[[Figure], list[str]]


def test_areas_of_ties_end_at_the_means_of_the_levels(daily: Any, misdrawn: Faults) -> None:
    frame = daily(replicates=1).assign(**{name: 10.0 / (1 + place) for place, name in enumerate(LEVELS.values())})
    figure = tie_levels(frame)
    assert misdrawn(figure) == []
    tops = [area.get_paths()[0].get_extents().y1 for area in figure.axes[0].collections]
    assert tops == pytest.approx([10.0, 5.0, 10.0 / 3.0, 2.5])


def test_newcomers_without_an_event_keep_the_share_below_one(words: Words, misdrawn: Faults) -> None:
    users = pd.DataFrame(
        {"replicate": 0, "arrived": [0.0, 5.0, 5.0], "left": -1.0, "first_friend": [-1.0, 15.0, -1.0],
         "first_confidant": -1.0}
    )  # fmt: skip
    figure = first_ties(users, days=100)
    friend, confidant = figure.axes[0].lines
    assert max(friend.get_ydata()) == pytest.approx(50.0)
    assert max(confidant.get_ydata()) == 0.0
    assert "newcomers: 2" in words(figure)
    assert misdrawn(figure) == []


def test_a_line_ends_where_fewer_than_ten_newcomers_are_followed(words: Words) -> None:
    arrived = np.arange(20.0) * 5.0 + 1.0
    users = pd.DataFrame(
        {"replicate": 0, "arrived": arrived, "left": -1.0, "first_friend": -1.0, "first_confidant": -1.0}
    )
    figure = first_ties(users, days=121)
    assert [line.get_xdata().max() for line in figure.axes[0].lines] == [120.0 - arrived[9]] * 2
    assert "fewer than 10 are still followed" in words(figure)


def test_a_run_without_newcomers_has_no_such_figure(users: Any) -> None:
    frame = every_figure.arrivals(users()).assign(arrived=-1.0)
    with pytest.raises(ValueError, match="there is no newcomer"):
        first_ties(frame)


def test_roles_over_time_add_up(daily: Any) -> None:
    frame = daily(replicates=1).assign(role_helper=0.2, role_mutual=0.3, role_helped=0.1, role_uninvolved=0.4)
    areas = role_shares_over_time(frame).axes[0].collections
    assert [area.get_paths()[0].get_extents().y1 for area in areas] == pytest.approx([20.0, 50.0, 60.0, 100.0])


def test_cells_hold_the_shares_of_each_row(users: Any, misdrawn: Faults) -> None:
    frame = every_figure.arrivals(users()).assign(status="present")
    figure = who_becomes(frame, least=5.0)
    now = roles(frame["given"], frame["received"], 5.0)
    helpers = now[(frame["role_at_entry"] == "helper").to_numpy()]
    shown = [int(text.get_text()) for text in figure.axes[0].texts if text.get_text().isdigit()]
    assert shown[: len(ORDER)] == [round(100.0 * float(np.mean(helpers == role))) for role in ORDER]
    assert misdrawn(figure) == []


def test_a_raster_is_dark_where_a_policy_acted(misdrawn: Faults) -> None:
    reviews = every_figure.reviews()
    reviews.loc[reviews.index[reviews["policy"] == "respite"][:3], "level"] = 0.0
    figure = policy_raster(reviews)
    cells = figure.axes[0].collections[0].get_array()
    mine = reviews[reviews["policy"] == "respite"]
    assert cells.size == len(mine)
    assert cells.sum() == mine["level"].sum()
    assert int(cells.mask.sum()) == 3, "white, as the note says"
    assert misdrawn(figure) == []
