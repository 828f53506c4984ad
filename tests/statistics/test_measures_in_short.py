"""Measures and groups summarised over replicates, and the line about the network."""

import math

import numpy as np
import pytest

from experiments.statistics.paired import paired_interval
from experiments.statistics.summary import of_groups, of_runs
from experiments.statistics.terminal import network_line
from sim.outcomes.measures import MEASURES, NETWORK_MEASURES


def measures(value: float, **others: float) -> dict[str, float]:
    return {measure.name: value for measure in MEASURES} | others


def test_the_mean_is_over_the_runs_in_which_a_measure_is_defined() -> None:
    runs = [measures(0.2, burden_change=-1.0), measures(0.4, burden_change=-3.0), measures(math.nan)]
    told = {row["name"]: row for row in of_runs(runs)}
    change = told["burden_change"]
    assert (change["mean"], change["replicates"], change["unit"]) == (-2.0, 2, "points of 0-100")
    assert (change["low"], change["high"]) == pytest.approx(paired_interval(np.array([-1.0, -3.0])))
    share = told["isolates_share"]
    assert (share["mean"], share["low"], share["high"]) == (pytest.approx(0.3), 0.0, 1.0), "cut to the scale"


def test_what_is_defined_nowhere_or_once_has_no_interval() -> None:
    told = {row["name"]: row for row in of_runs([measures(math.nan, components=2.0)])}
    assert (told["components"]["mean"], told["components"]["replicates"]) == (2.0, 1)
    assert math.isnan(told["components"]["low"])
    assert math.isnan(told["transitivity"]["mean"])
    assert told["transitivity"]["replicates"] == 0


def test_an_empty_group_counts_among_users_and_not_in_the_mean() -> None:
    runs = [{("men", "burden"): (10.0, 4.0)}, {("men", "burden"): (20.0, 2.0)}, {("men", "burden"): (math.nan, 0.0)}]
    [row] = of_groups(runs)
    assert (row["group"], row["outcome"], row["users"]) == ("men", "burden", 2.0)
    assert (row["mean"], row["replicates"], row["low"]) == (15.0, 2, 0.0)


def test_the_network_is_told_in_a_line() -> None:
    found = measures(0.5, transitivity=0.421, in_degree_cv=0.5, isolates_share=0.123, tie_survival=0.7)
    said = "Network at the end: transitivity 0.42, in-degree CV 0.50, isolates 12.3 %"
    kept = "; of friendships at the start, 70.0 % are left among those still enrolled."
    assert network_line(of_runs([found])) == said + kept
    assert network_line(of_runs([found | {"tie_survival": math.nan}])) == said + "."
    assert network_line(of_runs([found | dict.fromkeys(NETWORK_MEASURES, math.nan)])) == ""
