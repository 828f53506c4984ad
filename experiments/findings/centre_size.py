"""How many users a centre needs to be as good as a larger centre."""

from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.findings.fragments import Numbers, base_value, difference, judged_together, levels_of, small_effect
from experiments.statistics.intervals import ALONE, student
from experiments.statistics.levels import SMALL_EFFECT, Between, between, by_level
from sim.outcomes.catalogue import OUTCOMES, PRIMARY

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.findings.tables import Tables
    from experiments.studies.study import Study

STUDY: Final = "centre-size"
USERS, STAFF = "centres.*.users", "centres.*.staff"
_BEST: Final = {"lower": "idxmin", "higher": "idxmax"}
_SHOWN: Final = (*PRIMARY, "no_friend_share")


def numbers(study: "Study", runs: "pd.DataFrame", tables: "Tables") -> Numbers:
    """Return, by outcome, differences to the largest size, the least size that is as good, and the spread by chance.

    A size is as good as the largest when it cannot lose more than a small effect (`SMALL_EFFECT` standard deviations
    between users): the interval of its difference, with all numbers of staff together, leaves such a loss out. All
    larger sizes must pass too. Sizes are tested from the largest down until one fails, so an outcome needs no
    correction for their number (Maurer, Hothorn & Lehmacher 1995). The intervals are corrected for the number of
    outcomes (Bonferroni).
    """
    sizes, staff = levels_of(runs, USERS), levels_of(runs, STAFF)
    base = base_value(study, USERS)
    made: Numbers = {
        "sizes": sizes,
        "staff": staff,
        "base": base,
        "small": SMALL_EFFECT,
        "outcomes_tested": len(PRIMARY),
    }
    spread = by_level(runs, [USERS], _SHOWN).set_index(["outcome", USERS])
    largest = runs[runs[USERS] == sizes[-1]]
    for outcome in PRIMARY:
        margin = small_effect(runs, outcome)
        nearest = min(sizes[:-1], key=lambda size: abs(size - base))
        made[outcome] = {
            "margin": margin,
            "enough": _enough(runs, sizes, outcome, margin),
            "best": float(spread.loc[outcome]["mean"].agg(_BEST[OUTCOMES[outcome].better])),
            "smallest": difference(between(runs, USERS, sizes[-1], sizes[0], outcome), margin),
            "base": difference(between(runs, USERS, sizes[-1], nearest, outcome), margin),
            "staff": difference(between(runs, STAFF, staff[0], staff[-1], outcome), margin),
            "staff_in_largest": difference(between(largest, STAFF, staff[0], staff[-1], outcome), margin),
            "chance": {str(size): float(spread["sd"][outcome, size]) for size in sizes},
            "luck": _luck(runs, sizes[0], sizes[-1], outcome),
        }
    alone = spread.loc["no_friend_share"]
    made["no_friend"] = {
        "smallest": float(alone["mean"].iloc[0]),
        "largest": float(alone["mean"].iloc[-1]),
        "more": difference(between(runs, USERS, sizes[-1], sizes[0], "no_friend_share"), 0.0),
    }
    return judged_together(made)


def _enough(runs: "pd.DataFrame", sizes: list[float], outcome: str, margin: float) -> float:
    """Return the least size from which on all are shown to be as good as the largest."""
    enough = sizes[-1]
    for size in reversed(sizes[:-1]):
        against = between(runs, USERS, sizes[-1], size, outcome, ALONE / len(PRIMARY))
        if not against.no_worse(margin, OUTCOMES[outcome].better):
            break
        enough = size
    return enough


def _luck(runs: "pd.DataFrame", first: float, second: float, outcome: str) -> Numbers:
    """Compare the standard deviations between replicates at two sizes: the first over the second, with its interval.

    The same seeds make pairs, which may be correlated. With F the ratio of variances, r the correlation, n pairs and
    K = 1 + 2 (1 - r^2) t^2 / (n - 2), the ends are F (K -+ sqrt(K^2 - 1)); the test is of the correlation of sums and
    differences (Pitman 1939, doi 10.1093/biomet/31.1-2.9; Morgan 1939, doi 10.1093/biomet/31.1-2.13).
    """
    from scipy.stats import pearsonr

    wide = runs.pivot_table(index="replicate", columns=USERS, values=outcome)[[first, second]].dropna()
    x, y = wide.to_numpy(float).T
    n = len(x)
    if n <= 2 or not (np.ptp(x) > 0.0 and np.ptp(y) > 0.0):
        return {"ratio": float("nan"), **difference(Between(float("nan"), float("nan"), float("nan"), n), 0.0)}
    ratio = float(x.var(ddof=1) / y.var(ddof=1))
    free = 1.0 - float(np.corrcoef(x, y)[0, 1]) ** 2
    K = 1.0 + 2.0 * free * student(n - 1) ** 2 / (n - 2)
    ends = [ratio * (K + sign * (K**2 - 1.0) ** 0.5) for sign in (-1.0, 1.0)]
    p = float(pearsonr(x + y, x - y).pvalue) if free > 0.0 and np.ptp(x - y) > 0.0 else float("nan")
    logs = [0.5 * float(np.log(value)) for value in (ratio, *ends)]
    times = {"ratio": ratio**0.5, "ratio_low": ends[0] ** 0.5, "ratio_high": ends[1] ** 0.5}
    return {**times, **difference(Between(logs[0], logs[1], logs[2], n, n, p), 0.0)}


def figure(study: "Study", runs: "pd.DataFrame", tables: "Tables") -> "Figure":
    """Draw outcomes against the number of users, with a line for each number of staff."""
    from experiments.plots.findings.levels import outcome_lines

    cells = by_level(runs, [USERS, STAFF], _SHOWN)
    return outcome_lines(cells, (USERS, "number of users"), (STAFF, "staff"))
