"""Which unmeasured parameters drive the primary outcomes, and which can be left as they are."""

import re
from collections import Counter
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.findings.fragments import Numbers, p_of_interval, small_effect
from experiments.sensitivity.result import StudySensitivity, of_runs
from experiments.statistics.levels import SMALL_EFFECT
from experiments.statistics.verdict import ALONE_ONLY, FEWEST, holm, most_differing
from sim.outcomes.catalogue import PRIMARY

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.findings.tables import Tables
    from experiments.studies.study import Study

STUDY: Final = "which-assumptions-matter"
NAMED: Final = 5
"""Number of parameters to name on the page for each outcome."""
SHOWN: Final = 10
"""Number of parameters to show in the figure; these are called leading."""
EXPLAINED: Final = {
    "rules.wellbeing.lonely_family": "a user without support from family gets it in full, so a larger value makes the "
    "house lonelier, though not users with support"
}
"""Reasons why parameters act opposite to what their meaning suggests, by path."""
_REMARK: Final = re.compile(r" *\([^()]*\)")
_ONE_IN: Final = 40
"""Of so many parameters without effect, one looks clear by chance: 2.5 % lie beyond one end of a 95 % interval."""


def numbers(study: "Study", runs: "pd.DataFrame", tables: "Tables") -> Numbers:
    """Return, by outcome, the leading parameters, how many are clear of chance, and how many can be left alone.

    A parameter is a candidate to be left alone when the 95 % interval of its mean effect, over its plausible range,
    ends
    below a small effect (`SMALL_EFFECT` standard deviations between users). A mean may hide an effect in a few
    centres, so the
    page also counts how many of these parameters have no larger effect in any centre.
    """
    analysis = of_runs(study, runs, outcomes=PRIMARY)
    made: Numbers = {"small": SMALL_EFFECT, "named": NAMED, "shown": SHOWN, "parameters": len(study.factors)}
    trajectories = int(analysis.outcomes["used"].min())
    made["trajectories"] = int(analysis.outcomes["blocks"].iloc[0])
    made["by_chance"] = len(study.factors) / _ONE_IN
    margins = {outcome: small_effect(runs, outcome) for outcome in PRIMARY}
    judged, directions = _judged(analysis, margins, trajectories), _directions(analysis, trajectories)
    somewhere: set[str] = set()
    leading: Counter[str] = Counter()
    for outcome in PRIMARY:
        mine = [frame[frame["outcome"] == outcome] for frame in (judged, directions)]
        made[outcome] = _outcome(analysis, outcome, margins[outcome], *mine)
        ends = analysis.ends[analysis.ends["outcome"] == outcome]
        somewhere |= set(ends.loc[~(ends["largest"] < margins[outcome]), "factor"])
        leading.update(analysis.ranked(outcome)["factor"].head(SHOWN))
    by_factor = judged.groupby("factor")
    alone, alone_among = (set(one.index[one]) for one in (by_factor[name].all() for name in ("small", "small_among")))
    made |= {"alone": len(alone), "alone_among": len(alone_among), "tested": len(judged)}
    made |= {name: int(by_factor[name].any().sum()) for name in ("large", "large_among")}
    made |= {"never": len(alone - somewhere), "somewhere": len(alone & somewhere)}
    made["hidden"] = most_differing(trajectories)
    made["step"] = float(analysis.ends["step"].mean())
    meanings = analysis.factors.set_index("factor")["meaning"]
    shared = [path for path, times in leading.most_common() if times == len(PRIMARY)]
    made["shared"] = [{"path": path, "meaning": _plain(meanings[path])} for path in shared]
    return made


def _judged(made: StudySensitivity, margins: Mapping[str, float], trajectories: int) -> "pd.DataFrame":
    """Judge each parameter on each outcome: clear of chance, larger and smaller than a small effect.

    Returns
    -------
    DataFrame
        A row for each parameter and outcome: `factor`, `outcome`, and `clear`, `large` and `small` by the parameter's
        own 95 % interval; the same with `_among` after Holm's rule over all rows. With fewer trajectories than `FEWEST`
        none is.
    """
    import pandas as pd

    tables = [made.ranked(outcome).assign(outcome=outcome, margin=margins[outcome]) for outcome in PRIMARY]
    table = pd.concat(tables, ignore_index=True)
    enough = trajectories >= FEWEST
    table["large"], table["small"] = (
        enough & (table["low"] > table["margin"]),
        enough & (table["high"] < table["margin"]),
    )
    table["clear"] &= enough
    for names, limit in ((("clear",), "noise"), (("large", "small"), "margin")):
        among = _among(table, table[limit], trajectories)
        for name in names:
            table[f"{name}_among"] = table[name] & among
    return table


def _directions(made: StudySensitivity, trajectories: int) -> "pd.DataFrame":
    """Return the mean effects with their sign, and which are clear of chance, also after Holm's rule over all rows."""
    import pandas as pd

    tables = [made.ranked(outcome, "mu").assign(outcome=outcome) for outcome in PRIMARY]
    table = pd.concat(tables, ignore_index=True)
    table["clear"] &= trajectories >= FEWEST
    table["clear_among"] = table["clear"] & _among(table, np.sign(table["value"]) * table["noise"], trajectories)
    return table


def _among(table: "pd.DataFrame", limits: "pd.Series[float]", trajectories: int) -> NDArray[np.bool_]:
    """Return which values differ from their limits among all rows (Holm's rule), by t tests from their intervals."""
    rows = zip(table["value"], table["low"], table["high"], limits, strict=True)
    p = [p_of_interval(value, (low, high), trajectories - 1, limit) for value, low, high, limit in rows]
    return np.array(holm(np.nan_to_num(p, nan=1.0).tolist()), dtype=np.bool_)


def figure(study: "Study", runs: "pd.DataFrame", tables: "Tables") -> "Figure":
    """Draw the leading parameters of each primary outcome."""
    from experiments.plots.sensitivity.influence import influence

    made = of_runs(study, runs, outcomes=PRIMARY)
    return influence(made.indices, made.factors, most=SHOWN)


def _outcome(
    made: StudySensitivity, outcome: str, margin: float, table: "pd.DataFrame", directions: "pd.DataFrame"
) -> Numbers:
    """Return the numbers that the page shows for an outcome, from its rows of `_judged` and `_directions`."""
    mean, spread = directions.set_index("factor"), made.ranked(outcome, "sigma").set_index("factor")
    first = [_leading(row, mean.loc[row["factor"]]) for row in table.head(NAMED).to_dict("records")]
    fact, settled = (frame.set_index("outcome").to_dict("index")[outcome] for frame in (made.outcomes, made.settling))
    size = table.set_index("factor")["value"]
    top = list(table["factor"].head(SHOWN))
    return {
        "leading": first,
        **{
            name: int(table[name].sum())
            for name in ("clear", "clear_among", "large", "large_among", "small", "small_among")
        },
        "margin": margin,
        "sections": dict(Counter(".".join(path.split(".")[:2]) for path in top)),
        "uneven": int((spread.loc[top, "value"] > size[top]).sum()),
        "noise_share": float(fact["noise_share"]),
        "dropped": int(fact["dropped"]),
        "settled": None if settled["settled"] is None else bool(settled["settled"]),
        "kept": settled["kept"] if settled["settled"] is None else int(settled["kept"]),
        "placed": settled["placed"] if settled["settled"] is None else int(settled["placed"]),
        "moved": settled["moved"] if settled["settled"] is None else int(settled["moved"]),
        "looked_at": int(settled["leading"]),
    }


def _leading(row: Mapping[Hashable, Any], mean: "pd.Series") -> Numbers:
    """Describe a leading parameter: the size of its effect, and its direction where size and direction are clear."""
    side = "has no clear direction"
    if mean["clear"] and row["clear"]:
        side = ("raises it" if mean["value"] > 0.0 else "lowers it") + ("" if mean["clear_among"] else ALONE_ONLY)
    numbers = {name: float(row[name]) for name in ("value", "low", "high", "noise")}
    return {
        "path": row["factor"],
        "meaning": _plain(row["meaning"]),
        **numbers,
        "clear": bool(row["clear_among"]),
        "alone": bool(row["clear"]),
        "side": side,
        "explained": EXPLAINED.get(row["factor"], ""),
    }


def _plain(meaning: str) -> str:
    """Return a meaning as part of a sentence: without remarks in brackets, and with a small first letter."""
    text = _REMARK.sub("", meaning)
    return text[:1].lower() + text[1:]
