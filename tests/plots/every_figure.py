"""Every figure of the house, drawn from small frames: for tests that all figures must pass."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import comparison_frames as made
import numpy as np
import pandas as pd
import test_robustness as robustness
import test_search as searches
import test_validation as validation
from matplotlib.figure import Figure

from experiments.plots import COMPARISON_FIGURES, FIGURES
from experiments.plots.findings.levels import outcome_lines
from experiments.plots.findings.load import load_curves
from experiments.plots.findings.variance import SOURCES, variance_by_source
from experiments.plots.frames import ROLES
from experiments.plots.robustness.differences import point_differences
from experiments.plots.robustness.ranks import Ranks, rank_heat
from experiments.plots.robustness.regrets import regret_boxes
from experiments.plots.robustness.restrictions import box_ranges
from experiments.plots.validation.waves import distribution_panels, wave_panels

TIMELINE = pd.DataFrame(
    [("policy", "respite", 0, np.nan), ("policy", "help_cap", 8, 20.0), ("closure", "", 12, 13.0)],
    columns=["kind", "name", "first", "last"],
)
KEYWORDS: Mapping[str, Any] = {
    "least": 5.0,
    "timeline": TIMELINE,
    "begin": pd.Timestamp("2027-02-20"),
    "days": 30,
}
Draw = Callable[[], Figure]


@cache
def compared() -> Mapping[str, Any]:
    """Return what the figures of a comparison read, with the size of effects in standard deviations."""
    read = dict(made.inputs(3, 12))
    spreads = {"loneliness_ucla20": 10.0, "burden": 15.0, "group_identity": 1.0}
    table = read["contrasts"]
    read["contrasts"] = table.assign(effect_sd=table["difference"] / table["outcome"].map(spreads))
    return read


def reviews() -> pd.DataFrame:
    """Return reviews of two policies in one centre, of which one is set off now and then."""
    rows = [
        (replicate, "a", day, policy, float(policy == "respite" or (day + replicate) % 3 == 0), day % 5)
        for policy in ("respite", "help_cap")
        for replicate in range(4)
        for day in range(0, 29, 7)
    ]
    return pd.DataFrame(rows, columns=["replicate", "centre", "day", "policy", "level", "taking_part"])


def arrivals(users: pd.DataFrame) -> pd.DataFrame:
    """Return users of whom a half came during the run and some found a friend, each with a role on arrival."""
    draws = np.random.default_rng(4)
    number = np.arange(len(users))
    came = np.where(number % 2 == 0, -100.0, 1.0 + number % 20)
    friend = np.where(number % 3 == 0, np.maximum(came, 0.0) + draws.uniform(1, 8, len(users)), -1.0)
    roles = np.array(ROLES)[number % len(ROLES)]
    confidant = np.where(number % 6 == 0, friend + 1.0, -1.0)
    return users.assign(arrived=came, left=-1.0, first_friend=friend, first_confidant=confidant, role_at_entry=roles)


def sources() -> pd.DataFrame:
    """Return shares of the variance of two outcomes; identity does not explain itself."""
    rows = [
        (outcome, source, 0.05 * number, 0.04 * number, 0.06 * number)
        for outcome in ("loneliness", "identity")
        for number, source in enumerate(SOURCES)
        if (outcome, source) != ("identity", "belonging")
    ]
    return pd.DataFrame(rows, columns=["outcome", "source", "share", "low", "high"])


def of_runs(daily: pd.DataFrame, users: pd.DataFrame, graphs: Mapping[int, Any]) -> dict[str, Draw]:
    """Return the figures of a run."""
    there = {
        "daily": daily,
        "users": arrivals(users),
        "graphs": graphs,
        "newcomers": arrivals(users),
        "reviews": reviews(),
    }
    return {
        name: partial(
            family.draw, *(there[source] for source in family.reads), **{key: KEYWORDS[key] for key in family.keywords}
        )
        for name, family in FIGURES.items()
    }


def of_comparisons() -> dict[str, Draw]:
    """Return the figures of a comparison."""
    read = compared()
    return {
        name: partial(family.draw, *(read[source] for source in family.reads))
        for name, family in COMPARISON_FIGURES.items()
    }


def of_studies() -> dict[str, Draw]:
    """Return the figures of searches, robustness, validation and findings."""
    made_up = {name: partial(searches.draw, name, searches.inputs(2)) for name in searches.NAMES}
    rows = [
        {"outcome": outcome, "users.n": level, "staff": staff, "mean": mean + staff,
         "low": mean - 1 + staff,
         "high": mean + 1 + staff, "p05": mean - 3 + staff, "p95": mean + 3 + staff}
        for outcome, mean in (("loneliness_ucla20", 45.0), ("burden", 30.0))
        for level in (10.0, 20.0, 40.0)
        for staff in (1.0, 2.0, 3.0)
    ]  # fmt: skip
    lines = pd.DataFrame(rows)
    curves = pd.DataFrame(
        [("acts", line, level, 30.0 + level, 29.0 + level, 31.0 + level)
         for line in ("usual-care", "help-cap", "helpers") for level in (0.5, 1.0, 2.0)],
        columns=["panel", "line", "level", "mean", "low", "high"],
    )  # fmt: skip
    return made_up | {
        "point-differences": partial(point_differences, robustness.judged(), "burden", 0.0, robustness.SAID),
        "ranks": partial(rank_heat, [Ranks("burden", robustness.places(), ("usual-care",))], 60),
        "regret": partial(regret_boxes, *robustness.regrets(), "burden"),
        "ranges": partial(box_ranges, robustness.boxes()),
        "waves": partial(wave_panels, validation.waves()),
        "distributions": partial(distribution_panels, *validation.classes()),
        "levels": partial(outcome_lines, lines, ("users.n", "users.n"), ("staff", "staff")),
        "variance": partial(variance_by_source, sources()),
        "load": partial(load_curves, curves, "helpers", {"acts": 1.0}, {"acts": (0.5, 1.0)}),
    }
