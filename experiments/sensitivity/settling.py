"""Whether indices have settled: how much the second half of a design changed the leading ones.

The index from half of the trajectories, blocks or points differs by chance from that of all about as much as the latter
from the truth. So an index has moved when it changed by more than half the width of the interval from resampled blocks.
Replicates do not count here: a few of them would make an index look settled. Sarrazin, Pianosi & Wagener (2016),
Environmental Modelling & Software 79, 135-152, separate this convergence of values from that of the ranking; so does
this table.
"""

from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.sensitivity.indices import Sensitivity

if TYPE_CHECKING:
    import pandas as pd

MAIN: Final = {"morris": "mu_star", "sobol": "ST", "pawn": "PAWN"}
"""The index by which factors are ranked."""
LEADING: Final = 10
MOVED: Final = 0.1
KEPT: Final = 0.8
"""Settled: at most this share of the leading indices moved beyond its interval, and at least this share led before."""


def strayed(table: "pd.DataFrame", half: "pd.Series[float]") -> "pd.Series[bool]":
    """Return which factors' indices moved from half to all of a design by more than chance allows.

    Parameters
    ----------
    table : DataFrame
        By factor, `value` and `spread`.
    half : Series
        The indices from half of it, by factor.
    """
    return (table["value"] - half[table.index]).abs() > table["spread"]


def settling(found: Sensitivity) -> "pd.DataFrame":
    """Say for each outcome what the second half of the design changed.

    Returns
    -------
    DataFrame
        `outcome`, `index`, `leading` (how many are looked at: at most `LEADING`), `kept` (of those that lead now, how
        many led after half of the design too), `placed` (of those that lead now, how many had the same place then),
        `moved` (of those that lead now, how many changed from half to all of the design by more than its trajectories,
        blocks or points allow), `widest` (half the width of the widest of their intervals, as a share of the largest
        index), `settled` (None where it cannot be said).
    """
    import pandas as pd

    index = MAIN[found.method]
    rows = []
    for fact in found.outcomes.itertuples():
        table = found.ranked(str(fact.outcome), index).head(LEADING).set_index("factor")
        steps = found.convergence
        mine = steps[(steps["outcome"] == fact.outcome) & (steps["index"] == index)]
        sizes = sorted(mine["blocks"].unique())
        half = mine[mine["blocks"] == sizes[-2]].set_index("factor")["value"] if len(sizes) > 1 else None
        row = {"outcome": fact.outcome, "index": index, "leading": len(table), "kept": np.nan, "placed": np.nan,
               "moved": np.nan, "widest": np.nan, "settled": None}  # fmt: skip
        if half is not None and half.notna().any() and table["value"].notna().any():
            width = 0.5 * (table["high"] - table["low"])
            moved = int(strayed(table, half).sum())
            led = list(half.sort_values(ascending=False, kind="stable").head(len(table)).index)
            kept = len(set(led) & set(table.index))
            placed = sum(one == other for one, other in zip(led, table.index, strict=True))
            row |= {"kept": kept, "placed": placed, "moved": moved, "widest": float(width.max() / table["value"].max())}
            row["settled"] = moved <= max(1, MOVED * len(table)) and kept >= KEPT * len(table)
        rows.append(row)
    return pd.DataFrame(rows)
