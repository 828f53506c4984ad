"""The tables of a sensitivity analysis, and its summary for programs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from experiments.sensitivity.result import StudySensitivity


def tables(result: "StudySensitivity") -> "dict[str, pd.DataFrame]":
    """Return the tables of an analysis by the names of their files."""
    names = ("indices", "convergence", "settling", "ends", "factors")
    return {**{name: getattr(result, name) for name in names}, "outcomes": result.outcomes}


def summary(result: "StudySensitivity", most: int = 15) -> dict[str, Any]:
    """Return a summary of the analysis for programs, with at most `most` leading factors for each outcome."""
    settled = result.settling.set_index("outcome")
    columns = ["factor", "meaning", "value", "low", "high", "noise", "clear"]
    told = {}
    for fact in result.outcomes.to_dict("records"):
        table = result.ranked(fact["outcome"])
        told[fact["outcome"]] = {
            **{name: value for name, value in fact.items() if name != "outcome"},
            "clear": int(table["clear"].sum()),
            "settled": settled.loc[fact["outcome"], "settled"],
            **settled.loc[fact["outcome"], ["kept", "placed", "moved"]].to_dict(),
            "leading": table[columns].head(most).to_dict("records"),
        }
    names = ("study", "method", "lever", "against", "points", "replicates", "runs", "failed")
    said = {name: getattr(result, name) for name in names}
    return {**said, "index": result.main, "parameters": len(result.factors), "outcomes": told}
