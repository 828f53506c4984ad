"""A comparison whose differences, verdicts and draws a test sets."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from experiments.report.compare.facts import Facts
from experiments.store.results import stored_result

Change = Mapping[tuple[str, str], tuple[float, str]]
Edited = Callable[..., Facts]

SPREAD = 10.0
"""Standard deviation between users in the edited comparisons: an effect below 2 points is small."""
SPLIT = {
    "base": "ours", "draws": 12, "differ": 12, "pairs": 48, "dropped": 0,
    "effect": 0.8, "low": 0.5, "high": 1.1, "chance": 0.1,
    "ignorance": 0.1, "estimate": 0.1, "truncated": False, "share_ignorance": 0.5, "share_low": 0.2, "share_high": 0.8,
    "p": 0.01, "predicted_low": -0.2, "predicted_high": 1.8, "share_better": 0.1, "p_effect": 1e-6, "p_both": 0.9,
    "at_defaults": -0.6, "shift": 1.4, "shift_low": 1.0, "shift_high": 1.8, "p_shift": 1e-6,
}  # fmt: skip


@pytest.fixture
def edited(results: Path, tmp_path: Path) -> Edited:
    """Return a function that gives a copy of the comparison other differences and verdicts."""

    def change(changes: Change, pairs: int = 10, harmed: str = "", turned: float | None = None, **over: float) -> Facts:
        folder = Path(shutil.copytree(results, tmp_path / "edited"))
        frame = pd.read_parquet(folder / "contrasts.parquet")
        frame["verdict"] = "no clear difference"
        for (scenario, outcome), (difference, verdict) in changes.items():
            rows = (frame["scenario"] == scenario) & (frame["outcome"] == outcome)
            frame.loc[rows, ["difference", "low", "high"]] = [difference, difference - 0.5, difference + 0.5]
            frame.loc[rows, "verdict"] = verdict
            frame.loc[rows, "effect_sd"] = difference / SPREAD
        frame.to_parquet(folder / "contrasts.parquet")
        by_group = pd.read_parquet(folder / "groups.parquet").assign(verdict="no clear difference", flag="")
        rows = (by_group["scenario"] == harmed) & (by_group["group"] == "年轻学员") & (by_group["outcome"] == "burden")
        by_group.loc[rows, "verdict"] = "worse"
        by_group.to_parquet(folder / "groups.parquet")
        summary: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        (folder / "summary.json").write_text(json.dumps({**summary, "pairs": pairs}), encoding="utf-8")
        if turned is not None:
            row = {**SPLIT, "scenario": "rest", "outcome": "burden", "p_turned": turned, **over}
            pd.DataFrame([row]).to_parquet(folder / "chance_and_ignorance.parquet")
            pd.DataFrame({"rules.wellbeing.burden_days": [20.0] * 12}).to_parquet(folder / "draws.parquet")
        return Facts(stored_result(folder))

    return change
