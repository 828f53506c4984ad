"""Marks of policies and closed days on axes of time."""

import numpy as np
import pandas as pd
from every_figure import TIMELINE
from matplotlib.figure import Figure

from experiments.plots.times import handles, mark


def test_a_policy_that_begins_or_ends_gets_a_line_and_closed_days_are_shaded() -> None:
    axes = Figure().subplots()
    axes.set_xlim(0, 30)
    mark(axes, TIMELINE)
    assert sorted(line.get_xdata()[0] for line in axes.lines) == [8, 20.0]
    assert [(patch.get_x(), patch.get_width()) for patch in axes.patches] == [(11.5, 2.0)]
    assert axes.get_xlim() == (0, 30)
    assert [handle.get_label() for handle in handles(TIMELINE)] == [
        "a policy begins", "a policy ends", "the centre is closed"
    ]  # fmt: skip


def test_what_acts_all_the_time_or_out_of_sight_is_not_marked() -> None:
    axes = Figure().subplots()
    axes.set_xlim(0, 30)
    rows = [("policy", "respite", 0, np.nan), ("policy", "later", 40, np.nan)]
    mark(axes, pd.DataFrame(rows, columns=["kind", "name", "first", "last"]))
    mark(axes, None)
    assert not axes.lines
    assert handles(None) == []
