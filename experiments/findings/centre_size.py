"""How many users a centre needs to be as good as a larger centre."""

from typing import TYPE_CHECKING, Final

from experiments.findings.fragments import Numbers, base_value, difference, levels_of, small_effect
from experiments.statistics.levels import SMALL_EFFECT, between, by_level
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

    A size is as good as the largest if, at this size and all above, the 95 % interval of the difference, over all
    numbers of staff, excludes a loss of a small effect (`SMALL_EFFECT` standard deviations between users) or more.
    """
    sizes, staff = levels_of(runs, USERS), levels_of(runs, STAFF)
    base = base_value(study, USERS)
    made: Numbers = {"sizes": sizes, "staff": staff, "base": base, "small": SMALL_EFFECT}
    spread = by_level(runs, [USERS], _SHOWN).set_index(["outcome", USERS])
    largest = runs[runs[USERS] == sizes[-1]]
    for outcome in PRIMARY:
        margin = small_effect(runs, outcome)
        against = {size: between(runs, USERS, sizes[-1], size, outcome) for size in sizes[:-1]}
        enough = sizes[-1]
        for size in reversed(sizes[:-1]):
            if not against[size].no_worse(margin, OUTCOMES[outcome].better):
                break
            enough = size
        made[outcome] = {
            "margin": margin,
            "enough": enough,
            "best": float(spread.loc[outcome]["mean"].agg(_BEST[OUTCOMES[outcome].better])),
            "smallest": difference(against[sizes[0]], margin),
            "base": difference(against[min(against, key=lambda size: abs(size - base))], margin),
            "staff": difference(between(runs, STAFF, staff[0], staff[-1], outcome), margin),
            "staff_in_largest": difference(between(largest, STAFF, staff[0], staff[-1], outcome), margin),
            "chance": {str(size): float(spread["sd"][outcome, size]) for size in sizes},
        }
    alone = spread.loc["no_friend_share"]
    made["no_friend"] = {"smallest": float(alone["mean"].iloc[0]), "largest": float(alone["mean"].iloc[-1])}
    return made


def figure(study: "Study", runs: "pd.DataFrame", tables: "Tables") -> "Figure":
    """Draw outcomes against the number of users, with a line for each number of staff."""
    from experiments.plots.findings.levels import outcome_lines

    cells = by_level(runs, [USERS, STAFF], _SHOWN)
    return outcome_lines(cells, (USERS, "number of users"), (STAFF, "staff"))
