"""Whether indices have settled: what the second half of a design still changed of the leading ones.

Twice the runs narrow an interval by about three tenths, so an index that has settled moves from the first half of the
design to all of it by less than its interval is wide. Sarrazin, Pianosi & Wagener (2016), Environmental Modelling &
Software 79, 135-152, tell this convergence of values from that of the ranking, which comes sooner; so does this table.
"""

from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.analysis.sensitivity import Sensitivity

if TYPE_CHECKING:
    import pandas as pd

MAIN: Final = {"morris": "mu_star", "sobol": "ST", "pawn": "PAWN"}
"""The index by which factors are ranked."""
LEADING: Final = 10
MOVED: Final = 0.1
KEPT: Final = 0.8
"""Settled: at most this share of the leading indices moved beyond its interval, and at least this share led before."""


def settling(found: Sensitivity) -> "pd.DataFrame":
    """Say for each outcome what the second half of the design changed.

    Returns
    -------
    DataFrame
        `outcome`, `index`, `leading` (how many are looked at: at most `LEADING`), `kept` (of those, how many led after
        half of the design too), `moved` (how many moved from half to all by more than half the width of their
        interval), `widest` (half the width of the widest of these intervals, as a share of the largest index),
        `settled` (None where it cannot be said).
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
        row = {"outcome": fact.outcome, "index": index, "leading": len(table), "kept": np.nan, "moved": np.nan,
               "widest": np.nan, "settled": None}  # fmt: skip
        if half is not None and half.notna().any() and table["value"].notna().any():
            width = 0.5 * (table["high"] - table["low"])
            moved = int(((table["value"] - half[table.index]).abs() > width).sum())
            led = set(half.sort_values(ascending=False, kind="stable").head(len(table)).index)
            kept = len(led & set(table.index))
            row |= {"kept": kept, "moved": moved, "widest": float(width.max() / table["value"].max())}
            row["settled"] = moved <= max(1, MOVED * len(table)) and kept >= KEPT * len(table)
        rows.append(row)
    return pd.DataFrame(rows)
