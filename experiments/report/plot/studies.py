"""The figures of a posterior, a discovery and a ranking in a folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.calibration.posterior.result import described
from experiments.plots import drawings
from experiments.plots.calibration.figures import POSTERIOR_FIGURES
from experiments.plots.robustness.figures import DISCOVERY_FIGURES, RANKING_FIGURES
from experiments.plots.robustness.ranks import Ranks
from experiments.robustness.failure_rule import Failing
from experiments.store.documents import read_summary
from experiments.store.protocol import Drawing
from experiments.store.tables import read_table
from sim.scenario.reading.load import load_scenario

if TYPE_CHECKING:
    import pandas as pd


def posterior(folder: Path) -> dict[str, Drawing]:
    """Return the figures of a result of `dayroom posterior`."""
    summary = read_summary(folder)
    scenario = load_scenario(folder / "scenarios" / summary["scenario"] / "scenario.yaml")
    silent = [row["parameter"] for row in summary["parameters"] if row["targets_say_nothing"]]
    there: dict[str, object] = {
        "check": read_table(folder, "predictive"),
        "runs": read_table(folder, "predictive_runs"),
        "summary": described(read_table(folder, "posterior"), silent, scenario),
        "particles": read_table(folder, "particles"),
    }
    return drawings(POSTERIOR_FIGURES, there | optional(folder, "correlations"))


def discovery(folder: Path) -> dict[str, Drawing]:
    """Return the figures of a result of `dayroom discover`; only the differences when no box was found."""
    summary = read_summary(folder)
    rule, judged = Failing(**summary["rule"]), read_table(folder, "points")
    there: dict[str, object] = {"judged": judged, "outcome": rule.outcome, "limit": rule.limit}
    there["words"] = (summary["lever"], rule.words(summary["against"]), rule.judged)
    if summary["boxes"]:
        box = summary["boxes"][0]
        there |= {"boxes": read_table(folder, "boxes"), "trajectory": read_table(folder, "trajectory")}
        there |= {"chosen": _shares(box, ""), "fresh": _shares(box, "fresh_"), "base": float(judged["fails"].mean())}
        there |= optional(folder, "factors")
    return drawings(DISCOVERY_FIGURES, there)


def ranking(folder: Path) -> dict[str, Drawing]:
    """Return the figures of a result of `dayroom regret`."""
    summary = read_summary(folder)
    names = {"lever": "policy", "max_regret_low": "low", "max_regret_high": "high"}
    levers = read_table(folder, "levers").rename(columns=names)
    by_regret = levers.sort_values(["max_regret", "mean_regret"], kind="stable", ignore_index=True)
    there: dict[str, object] = {
        "rankings": [Ranks(summary["outcome"], read_table(folder, "places"), summary["order_at_base"])],
        "points": summary["points"],
        "by_draw": read_table(folder, "by_point").rename(columns={"point": "draw", "lever": "policy"}),
        "summary": by_regret,
        "outcome": summary["outcome"],
    }
    return drawings(RANKING_FIGURES, there)


def optional(folder: Path, *names: str) -> "dict[str, pd.DataFrame]":
    """Return those of some tables that a folder has."""
    return {name: read_table(folder, name) for name in names if (folder / f"{name}.parquet").is_file()}


def _shares(box: dict[str, Any], kind: str) -> tuple[float, float]:
    """Return coverage and density of a box; a summary has null for an unknown number."""
    shares = (box[f"{kind}coverage"], box[f"{kind}density"])
    return tuple(np.nan if share is None else float(share) for share in shares)  # type: ignore[return-value]
