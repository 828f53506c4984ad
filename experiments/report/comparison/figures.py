"""The figures of a comparison that is read back, with titles in place of names, and the tables behind them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from experiments.compare import cost
from experiments.compare.figures import WILLINGNESS, priced
from experiments.plots.compare.figures import COMPARISON_FIGURES
from experiments.report import names
from experiments.report.comparison.facts import Facts
from experiments.report.content import Picture, Table
from experiments.report.figures import CAPTIONS, table_of
from experiments.statistics.orders import ranking
from experiments.statistics.uncertainty import Split
from experiments.statistics.verdict import FEWEST
from sim.outcomes.catalogue import OUTCOMES, PRIMARY

if TYPE_CHECKING:
    import pandas as pd

_BEHIND: Final[dict[str, tuple[str, ...]]] = {
    "contrasts": ("scenario", "outcome", "difference", "low", "high", "verdict"),
    "groups": ("scenario", "group", "outcome", "users", "difference", "low", "high", "verdict"),
    "budget": ("scenario", "limit", "unit", "budget", "mean", "fits", "share_over", "busiest"),
    "costs": ("scenario", "cost", "cost_low", "cost_high", "effect", "effect_low", "effect_high", "position"),
    "chance_and_ignorance": (
        "scenario",
        "outcome",
        "effect",
        "low",
        "high",
        "predicted_low",
        "predicted_high",
        "share_ignorance",
    ),
    "expected_loss": ("willingness", "scenario", "expected_loss"),
    "flips": ("outcome", "first", "second", "share_reversed", "parameter"),
    "decomposition": ("scenario", "outcome", "part", "value", "low", "high"),
}
"""Columns of the table behind a figure, by the table that it draws."""
_DRAWS: Final = {
    "effects": "contrasts", "groups": "groups", "budget": "budget", "plane": "costs",
    "uncertainty": "chance_and_ignorance", "information": "expected_loss", "ranking": "flips",
    "decomposition": "decomposition",
}  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """The figures of a comparison."""

    facts: Facts

    def picture(self, name: str, *, behind: bool = True) -> Picture | None:
        """Return a figure by name; None when the comparison lacks what it draws."""
        family, sources = COMPARISON_FIGURES[name], self._sources
        if not sources.keys() >= set(family.reads):
            return None
        title, caption = map(str, CAPTIONS[name])
        table = self._behind(name) if behind else None
        return Picture(name, title, caption, lambda: family.draw(*(sources[read]() for read in family.reads)), table)

    def _behind(self, name: str) -> Table | None:
        table = _DRAWS.get(name, "")
        if table not in self.facts.stored.names:
            return None
        frame = self.facts.stored.table(table)
        if name == "effects":
            frame = frame[frame["outcome"].isin(PRIMARY)]
        if "willingness" in frame and frame["willingness"].nunique() > 2:
            frame = frame[frame["willingness"].isin(sorted(frame["willingness"].unique())[::5])]
        return table_of(f"behind_{name}", table, frame, _BEHIND[table], self.facts.titles)

    @cached_property
    def _labels(self) -> dict[str, str]:
        return names.short(self.facts.titles)

    def _frame(self, name: str) -> "pd.DataFrame":
        """Return a table with titles in place of names."""
        return self._named(self.facts.stored.table(name))

    def _named(self, frame: "pd.DataFrame") -> "pd.DataFrame":
        there = [column for column in ("scenario", "base", "first", "second") if column in frame]
        return frame.assign(
            **{column: frame[column].map(lambda name: self._labels.get(name, name)) for column in there}
        )

    @cached_property
    def _sources(self) -> dict[str, Callable[[], object]]:
        """What this comparison has for figures to draw, by the words in `Family.reads`."""
        there = self.facts.stored.names
        sources: dict[str, Callable[[], object]] = {
            name: lambda name=name: self._frame(name)
            for name in ("contrasts", "daily", "costs", "budget", "decomposition")
            if name in there
        }
        sources["groups"] = lambda: self._grouped()
        if "user_changes" in there and len(self.facts.stored.table("user_changes")):
            sources["changes"] = self._changes
        if cost.pairs(priced(self.facts.runs)) >= FEWEST:
            sources["plane"] = lambda: self._plane
            sources["acceptability"] = lambda: cost.acceptability(
                self._plane, WILLINGNESS, self._labels[self.facts.base]
            )
        if self.facts.splits:
            sources |= {"splits": self._splits, "rankings": self._rankings}
            if self.facts.information is not None and len(self.facts.information):
                sources |= {"information": self._information, "losses": lambda: self._frame("expected_loss")}
        return sources

    def _grouped(self) -> "pd.DataFrame":
        frame = self._frame("groups")
        return frame.assign(group=frame["group"].map(lambda name: names.cut(names.group(name), names.SHORT)))

    def _changes(self) -> "pd.DataFrame":
        frame = self._frame("user_changes")
        return frame.assign(
            loneliness=frame["loneliness"] / 60.0, base_loneliness=(frame["base_loneliness"] - 20.0) / 60.0
        )

    @cached_property
    def _plane(self) -> "pd.DataFrame":
        return cost.plane(self._named(priced(self.facts.runs)))

    def _splits(self) -> dict[str, list[Split]]:
        rows: list[dict[str, Any]] = self._frame("chance_and_ignorance").to_dict("records")
        return {
            name: [
                Split(**{key: value for key, value in row.items() if key != "outcome"})
                for row in rows
                if row["outcome"] == name
            ]
            for name in PRIMARY
        }

    def _rankings(self) -> dict[str, object]:
        values, draws = self._frame("uncertain_runs"), self.facts.stored.table("draws")
        runs = self._named(self.facts.runs)
        return {
            name: ranking(
                values.rename(columns={name: "value"})[["draw", "replicate", "scenario", "value"]],
                runs.rename(columns={name: "value"})[["scenario", "replicate", "value"]],
                draws, OUTCOMES[name].better, len(PRIMARY),
            )
            for name in PRIMARY
        }  # fmt: skip

    def _information(self) -> "pd.DataFrame":
        return self._frame("value_of_information")
