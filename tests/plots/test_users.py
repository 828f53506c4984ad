"""Roles and loneliness of users: the rules behind the words, and frames of any size."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from experiments.plots.frames import LEAST, ROLES, roles
from experiments.plots.run.loneliness import first_and_last, loneliness_distribution
from experiments.plots.run.roles import role_balance, role_shares
from sim.outcomes.ledger import role

Faults = Callable[[Figure], list[str]]
Words = Callable[[Figure], str]
DRAWN = ("helper", "helped", "mutual", "uninvolved")


@pytest.mark.parametrize("least", [LEAST, 1.0, 8.0])
def test_roles_are_those_of_the_model(least: float) -> None:
    values = [0, 0.5, 1, 1.5, 2, 3, 4.5, 9]
    given, received = (grid.ravel() for grid in np.meshgrid(values, values))
    expected = [ROLES[role(g, r, least)] for g, r in zip(given.tolist(), received.tolist(), strict=True)]
    assert set(expected) == set(ROLES)
    assert roles(given, received, least).tolist() == expected


def test_shares_add_up_in_each_replicate(users: Any) -> None:
    shares = role_shares(users(replicates=4))
    assert shares.shape == (4, len(ROLES))
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)


def test_regions_are_named_with_shares_and_rules(users: Any, words: Words) -> None:
    frame = users(replicates=2, n=4).assign(status="present", given=[9, 9, 0, 5] * 2, received=[0, 0, 9, 5] * 2)
    said = words(role_balance(frame))
    for term in (
        "helper 50 %",
        "helped 25 %",
        "mutual 25 %",
        "uninvolved 0 %",
        "3 acts for every 2",
        "less than 3 acts",
    ):
        assert term in said
    assert "helper 50 % (50 % by replicate): gave at least 3 acts for every 2 received" in said


def test_cutoff_of_the_uninvolved_is_that_of_the_scenario(users: Any, words: Words) -> None:
    said = words(role_balance(users(), least=100.0))
    assert "uninvolved 100 %" in said
    assert "less than 100 acts together" in said


def test_those_who_left_are_not_drawn(users: Any, present: pd.DataFrame, words: Words) -> None:
    figure = role_balance(users())
    (points,) = (c for c in figure.axes[0].collections if isinstance(c, PathCollection))
    assert len(points.get_offsets()) == len(present) < len(users())
    assert f"{len(present)} users of 3 replicates" in words(figure)
    assert (first_and_last(users())["when"] == "end").sum() == len(present)


def test_points_lie_in_the_region_of_their_role(users: Any) -> None:
    axes = role_balance(users(n=60)).axes[0]
    outlines = [
        (name, axes.transData.transform_path(patch.get_path())) for name, patch in zip(DRAWN, axes.patches, strict=True)
    ]
    spots = np.asarray(axes.collections[0].get_offsets())
    for name, spot in zip(roles(spots[:, 1], spots[:, 0]), axes.transData.transform(spots), strict=True):
        inside = [region for region, outline in outlines if outline.contains_point(spot)]
        assert inside[-1] == name


@pytest.mark.parametrize("draw", [role_balance, loneliness_distribution])
@pytest.mark.parametrize(("replicates", "n"), [(1, 1), (1, 5), (8, 25), (2, 200), (100, 5)])
def test_drawn_whole_at_any_size(draw: Any, replicates: int, n: int, users: Any, faults: Faults) -> None:
    assert faults(draw(users(replicates, n))) == []


@pytest.mark.parametrize("draw", [role_balance, loneliness_distribution])
def test_nobody_enrolled_is_said(draw: Any, users: Any, words: Words, faults: Faults) -> None:
    figure = draw(users().assign(status="left"))
    assert "nobody enrolled" in words(figure)
    assert faults(figure) == []


@pytest.mark.parametrize("n", [5, 60, 400])
@pytest.mark.parametrize("scale", [0.0, 0.001, 0.2, 1.0, 40.0])
def test_names_of_regions_keep_to_their_region_and_off_points(scale: float, n: int, users: Any, faults: Faults) -> None:
    frame = users(n=n)
    frame = frame.assign(given=scale * frame["given"], received=scale * frame["received"])
    frame.loc[0, ["given", "received"]] = 0.0, 1.0  # where the name of the uninvolved would stand otherwise
    figure = role_balance(frame)
    assert faults(figure) == []
    axes = figure.axes[0]
    boxes = {text.get_text(): text.get_window_extent() for text in axes.texts if text.get_text() in ROLES}
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes.values(), 2))
    spots = axes.transData.transform(np.asarray(axes.collections[0].get_offsets()))
    radius = 0.5 * axes.collections[0].get_sizes().max() ** 0.5 * figure.dpi / 72
    for name, box in boxes.items():
        assert not any(box.padded(radius).contains(*spot) for spot in spots), name
        corners = axes.transData.inverted().transform(box.corners())
        assert set(roles(corners[:, 1], corners[:, 0])) == {name}


def test_every_region_is_named_where_there_is_room(users: Any) -> None:
    assert set(ROLES) < {text.get_text() for text in role_balance(users()).axes[0].texts}


def test_a_region_full_of_points_is_named_in_the_legend_alone(users: Any, words: Words) -> None:
    grid = [LEAST * (k / 30) ** 2 for k in range(30)]
    full = [(given, received) for given in grid for received in grid if given + received < LEAST]
    frame = pd.DataFrame(full, columns=["given", "received"]).assign(replicate=0, burden=0.5)
    figure = role_balance(frame)
    assert "uninvolved" not in {text.get_text() for text in figure.axes[0].texts}
    assert "uninvolved 100 %" in words(figure)


def test_scores_and_shares_by_hand(words: Words) -> None:
    frame = pd.DataFrame(
        {"replicate": [0, 0, 1, 1], "loneliness_at_entry": [0.4, 0.5, 0.2, 0.3], "loneliness": [0.6, 0.5, 0.9, 0.1]}
    )
    figure = loneliness_distribution(frame)
    scores = first_and_last(frame)
    assert scores.loc[scores["when"] == "start", "score"].tolist() == pytest.approx([44.0, 50.0, 32.0, 38.0])
    said = words(figure)
    assert "first day: 25 %" in said
    assert "last day: 75 %" in said
    middle, right = (axes.lines[-1].get_ydata() for axes in figure.axes[1:])
    assert middle == pytest.approx([41.0, 51.5])
    assert right == pytest.approx([25.0, 75.0])


def test_who_came_later_is_not_counted_on_the_first_day_and_who_left_is() -> None:
    frame = pd.DataFrame(
        {"replicate": 0, "arrived": [-9.0, -9.0, 5.0], "status": ["present", "left", "present"],
         "loneliness_at_entry": [0.4, 0.5, 0.9], "loneliness": [0.6, 0.5, 0.8]}
    )  # fmt: skip
    scores = first_and_last(frame).groupby("when")["score"].apply(list)
    assert scores["start"] == pytest.approx([44.0, 50.0])
    assert scores["end"] == pytest.approx([56.0, 68.0])


def test_bars_are_shares_of_users(users: Any) -> None:
    axes = loneliness_distribution(users()).axes[0]
    for bars in axes.patches:
        assert bars.get_data().values.sum() == pytest.approx(100.0)


def test_one_replicate_says_what_is_not_known(users: Any, words: Words) -> None:
    assert "how much chance alone would change this is not known" in words(loneliness_distribution(users(1)))
    assert "by replicate" not in words(role_balance(users(1)))


def test_missing_columns_are_named(users: Any) -> None:
    with pytest.raises(ValueError, match="no column given, burden"):
        role_balance(users().drop(columns=["given", "burden"]))
    with pytest.raises(ValueError, match="no column loneliness"):
        loneliness_distribution(users().drop(columns="loneliness"))
