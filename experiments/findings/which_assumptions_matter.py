"""Which unmeasured parameters drive the primary outcomes, and which can be left as they are."""

import re
from collections import Counter
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, Final

from experiments.findings.fragments import Numbers
from experiments.sensitivity.result import StudySensitivity, of_runs
from experiments.statistics.levels import SMALL_EFFECT
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

    A parameter can be left alone when the 95 % interval of its mean effect, over its plausible range, ends below a
    small effect (`SMALL_EFFECT` standard deviations between users). A mean may hide an effect in a few centres, so the
    page also counts how many of these parameters have no larger effect in any centre.
    """
    analysis = of_runs(study, runs, outcomes=PRIMARY)
    made: Numbers = {"small": SMALL_EFFECT, "named": NAMED, "shown": SHOWN, "parameters": len(study.factors)}
    made["trajectories"] = int(analysis.outcomes["blocks"].iloc[0])
    made["one_in"] = _ONE_IN
    made["by_chance"] = len(study.factors) / _ONE_IN
    alone: set[str] = {factor.path for factor in study.factors}
    large: set[str] = set()
    somewhere: set[str] = set()
    leading: Counter[str] = Counter()
    for outcome in PRIMARY:
        margin = SMALL_EFFECT * float(runs[f"{outcome}_sd"].mean())
        made[outcome] = _outcome(analysis, outcome, margin)
        table = analysis.ranked(outcome)
        alone &= set(table.loc[table["high"] < margin, "factor"])
        large |= set(table.loc[table["low"] > margin, "factor"])
        ends = analysis.ends[analysis.ends["outcome"] == outcome]
        somewhere |= set(ends.loc[~(ends["largest"] < margin), "factor"])
        leading.update(table["factor"].head(SHOWN))
    made |= {"alone": len(alone), "large": len(large)}
    made |= {"never": len(alone - somewhere), "somewhere": len(alone & somewhere)}
    made["step"] = float(analysis.ends["step"].mean())
    meanings = analysis.factors.set_index("factor")["meaning"]
    shared = [path for path, times in leading.most_common() if times == len(PRIMARY)]
    made["shared"] = [{"path": path, "meaning": _plain(meanings[path])} for path in shared]
    return made


def figure(study: "Study", runs: "pd.DataFrame", tables: "Tables") -> "Figure":
    """Draw the leading parameters of each primary outcome."""
    from experiments.plots.sensitivity.influence import influence

    made = of_runs(study, runs, outcomes=PRIMARY)
    return influence(made.indices, made.factors, most=SHOWN)


def _outcome(made: StudySensitivity, outcome: str, margin: float) -> Numbers:
    """Return the numbers that the page shows for an outcome."""
    table = made.ranked(outcome)
    mean, spread = (made.ranked(outcome, index).set_index("factor") for index in ("mu", "sigma"))
    first = [_leading(row, mean.loc[row["factor"]]) for row in table.head(NAMED).to_dict("records")]
    fact, settled = (frame.set_index("outcome").to_dict("index")[outcome] for frame in (made.outcomes, made.settling))
    clear = table[table["clear"]]
    large = table[table["low"] > margin]
    size = table.set_index("factor")["value"]
    top = list(table["factor"].head(SHOWN))
    return {
        "leading": first,
        "clear": len(clear),
        "large": len(large),
        "margin": margin,
        "small": int((table["high"] < margin).sum()),
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
    """Describe a leading parameter: the size of its effect, and its direction where the direction is clear."""
    side = ("raises it" if mean["value"] > 0.0 else "lowers it") if mean["clear"] else "has no clear direction"
    numbers = {name: float(row[name]) for name in ("value", "low", "high", "noise")}
    return {
        "path": row["factor"],
        "meaning": _plain(row["meaning"]),
        **numbers,
        "clear": bool(row["clear"]),
        "side": side,
        "explained": EXPLAINED.get(row["factor"], ""),
    }


def _plain(meaning: str) -> str:
    """Return a meaning as part of a sentence: without remarks in brackets, and with a small first letter."""
    text = _REMARK.sub("", meaning)
    return text[:1].lower() + text[1:]
