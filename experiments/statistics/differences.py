"""Pairs of runs under the same seeds, and their differences; `paired` computes their interval."""

from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.statistics.intervals import Array
from experiments.statistics.paired import differences_of
from sim.outcomes.catalogue import Better
from sim.scenario.text.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

_NAN: Final = float("nan")


def order_of(values: "pd.DataFrame", base: str | None = None) -> list[str]:
    """Return the scenarios of a frame: the base, then the others in order of appearance.

    Raises
    ------
    InputError
        When the base is missing, or there is no other scenario.
    """
    names = [str(name) for name in values["scenario"].unique()]
    base = names[0] if base is None and names else base
    if base not in names:
        raise InputError(f"there are no runs of the base {base}; scenarios: {', '.join(names) or 'none'}")
    if len(names) < 2:
        raise InputError(f"{base} has nothing to be compared with: runs of one scenario only")
    return [base, *(name for name in names if name != base)]


def by_scenario(values: "pd.DataFrame", column: str, index: str | list[str] = "replicate") -> "pd.DataFrame":
    """Return a column as a table: one row for each replicate, one column for each scenario; NaN for a missing run.

    Raises
    ------
    InputError
        When the column is missing or a scenario has a replicate twice.
    """
    keys = ["scenario", *([index] if isinstance(index, str) else index)]
    missing = [name for name in (*keys, column) if name not in values.columns]
    if missing:
        raise InputError(f"no column {', '.join(missing)}; found: {', '.join(map(str, values.columns))}")
    twice = values[values.duplicated(keys)]
    if len(twice):
        first = ", ".join(f"{key} {twice[key].iloc[0]}" for key in keys)
        raise InputError(f"two runs of the same {' and '.join(keys)}: {first}")
    wide = values.pivot(index=keys[1:], columns="scenario", values=column).astype(float)
    return wide.where(np.isfinite(wide))


def complete(both: "pd.DataFrame") -> tuple[Array, Array, int]:
    """Return both columns of a table of pairs without the incomplete pairs, and how many pairs are incomplete."""
    numbers = both.to_numpy(float)
    kept = np.isfinite(numbers).all(axis=1)
    return numbers[kept, 0], numbers[kept, 1], int((~kept).sum())


def share_better(differences: Array, better: Better) -> float:
    """Return the share of differences that are improvements, 0 counting half; NaN when neither direction is better."""
    if better == "neither" or not len(differences):
        return _NAN
    signs = np.sign(differences) * (1.0 if better == "higher" else -1.0)
    return float((0.5 + signs / 2.0).mean())


def pairing(base: Array, other: Array) -> float:
    """Return the variance of independent differences divided by that of paired; see `compare.contrasts.Contrast`."""
    if len(base) < 2:
        return _NAN
    differences = differences_of(base, other)
    independent = float(base.var(ddof=1) + other.var(ddof=1))
    # By rounding, equal numbers may have another mean, and so a variance above 0.
    paired = float(differences.var(ddof=1)) if np.ptp(differences) > 0.0 else 0.0
    if paired == 0.0:
        return float("inf") if max(np.ptp(base), np.ptp(other)) > 0.0 else _NAN
    return independent / paired
