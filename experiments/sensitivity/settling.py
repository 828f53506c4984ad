"""Whether indices have settled: how much the second half of a design changed the leading indices.

By chance, an index from half of a design differs from the index from all of it about as much as the latter differs from
the truth. An index has therefore moved when it changed by more than half the width of the interval from resampled
blocks. The interval with the same replicates in all blocks does not count here: with few replicates it is wide, and
would make an index look settled. Like Sarrazin, Pianosi & Wagener (2016), Environmental Modelling & Software 79,
135-152, the table separates convergence of the values from that of the ranking.
"""

from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.sensitivity.indices import Sensitivity

if TYPE_CHECKING:
    import pandas as pd

MAIN: Final = {"morris": "mu_star", "sobol": "ST", "pawn": "PAWN"}
"""The index that ranks the factors, by method."""
LEADING: Final = 10
MOVED: Final = 0.1
KEPT: Final = 0.8
"""Indices have settled when at most the share `MOVED` of the leading moved, and the share `KEPT` led at half too."""


def strayed(table: "pd.DataFrame", half: "pd.Series[float]") -> "pd.Series[bool]":
    """Return, for each factor, whether its index moved from half to all of a design by more than chance allows.

    Parameters
    ----------
    table : DataFrame
        `value` and `spread`, indexed by factor.
    half : Series
        The index from half of the design, by factor.
    """
    return (table["value"] - half[table.index]).abs() > table["spread"]


def settling(analysed: Sensitivity) -> "pd.DataFrame":
    """Return, for each outcome, how much the second half of the design changed the leading indices.

    Returns
    -------
    DataFrame
        One row for each outcome: `outcome`, `index`, `leading` (number of leading factors, at most `LEADING`), `kept`
        (number of these that led after half of the design too), `placed` (number that had the same place then), `moved`
        (number whose index changed since by more than chance allows), `widest` (half-width of the widest interval among
        them, as a share of the largest index) and `settled` (None when half of the design has too few complete blocks).
    """
    import pandas as pd

    index = MAIN[analysed.method]
    rows = []
    for fact in analysed.outcomes.itertuples():
        table = analysed.ranked(str(fact.outcome), index).head(LEADING).set_index("factor")
        steps = analysed.convergence
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
