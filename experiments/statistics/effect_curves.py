"""Effects of levers along time or along a factor, from outcomes by day or from results of whole runs."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from experiments.measures.runs import END_DAYS
from experiments.statistics.by_point import FIRST, factor_columns, lever_effects
from experiments.statistics.numbers import many
from experiments.store.protocol import with_replicates
from experiments.studies.study import USUAL_CARE
from sim.scenario.text.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

MOST_SPANS: Final = 12
"""Most spans of time whose means are compared; a span is whole weeks, since closed days do not help or harm."""


def effects_along(
    frame: "pd.DataFrame", factor: str = "", outcomes: Sequence[str] = (), base: str = ""
) -> "tuple[pd.DataFrame, str]":
    """Compare each lever with the base, replicate by replicate, at each value of a factor or in each span of days.

    Parameters
    ----------
    frame : DataFrame
        Outcomes by day (`daily`, or `daily_frame` of several runs joined), or results of runs (`results`). Column
        `lever` names the alternative of a row; without that column, `scenario` does.
    factor : str
        Column to compare along. By default "day" in a frame of days, otherwise the only factor that varies.
        With another factor, a frame of days counts by its mean over the last `END_DAYS` days of each run.
    outcomes : sequence of str
    base : str
        The lever or scenario to compare with; by default usual care.

    Returns
    -------
    (DataFrame, str)
        As `lever_effects` returns, with a column of the factor; and the factor. For "day" the column has the last day
        of each span, and outcomes are means over the span.

    Raises
    ------
    InputError
        When the frame has no alternatives, several centres, no such base, or no such factor.
    """
    runs = _runs(frame)
    by_day = "day" in runs
    factors = [name for name in factor_columns(runs) if runs[name].nunique() > 1]
    factor = factor or ("day" if by_day else factors[0] if len(factors) == 1 else "")
    if factor not in (*factors, *(["day"] if by_day else [])):
        named = f"the factor {factor!r} does not vary" if factor else "name the factor to draw along"
        raise InputError(f"{named}; in the frame vary: {', '.join([*factors, *['day'] * by_day]) or 'none'}")
    levers = [str(name) for name in runs["lever"].unique()]
    base = base or (USUAL_CARE if USUAL_CARE in levers else "")
    if base not in levers:
        named = f"there is no {base!r}" if base else "name the alternative to compare with in base"
        raise InputError(f"{named}; the frame holds: {', '.join(levers)}")
    if by_day:
        runs = _of_days(runs, factor, outcomes)
    return lever_effects(runs, outcomes, base), factor


def _runs(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return a frame with the columns of a table of results: point, lever, replicate, factors, seed."""
    if "centre" in frame and (number := frame["centre"].nunique()) > 1:
        first = frame["centre"].iloc[0]
        raise InputError(f"the frame holds {many(number, 'centre')}; choose one: frame[frame['centre'] == {first!r}]")
    runs = with_replicates(frame)
    if "lever" not in runs:
        if "scenario" not in runs:
            raise InputError("the frame has no column lever or scenario, so there is nothing to compare")
        runs = runs.rename(columns={"scenario": "lever"})
    if "point" not in runs:
        runs = runs.assign(point=0)
    if "seed" not in runs:
        runs = runs.assign(seed=runs["replicate"])
    names = list(runs.columns)
    between = set(names[: names.index("seed")]) - set(FIRST) if "point" in frame else set()
    first = [*FIRST, *(name for name in names if name in between), "seed"]
    return runs[[*first, *(name for name in names if name not in first)]]


def _of_days(runs: "pd.DataFrame", factor: str, outcomes: Sequence[str]) -> "pd.DataFrame":
    """Return the mean of each run over each span of days, or with another factor over its last days."""
    missing = [name for name in outcomes if name not in runs]
    if missing:
        raise InputError(f"the frame has no outcome {', '.join(missing)}; a study keeps by day those it names")
    factors = factor_columns(runs)
    if factor != "day":
        last = runs.groupby([*FIRST], sort=False)["day"].transform("max")
        ends = runs[runs["day"] > last - END_DAYS]
        return ends.groupby([*FIRST, *factors, "seed"], sort=False)[list(outcomes)].mean().reset_index()
    days = int(runs["day"].max()) + 1
    width = 1 if days <= MOST_SPANS else 7 * math.ceil(days / (7 * MOST_SPANS))
    span = runs["day"] // width
    whole = runs.assign(day=(span + 1) * width - 1)
    whole = whole[whole["day"] < max(days, width)]
    keys = [*FIRST, *factors, "day", "seed"]
    means = whole.groupby(keys, sort=False)[list(outcomes)].mean().reset_index()
    return means.assign(point=means.groupby(["point", "day"]).ngroup())
