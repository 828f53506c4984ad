"""The figures of a comparison in a report, and the tables behind them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from experiments.report.compare.facts import Facts
from experiments.report.content import Picture, Table
from experiments.report.figures import picture_of, table_of
from experiments.report.plot.compare import drawings_in
from experiments.store.protocol import Drawing
from sim.language import say
from sim.outcomes.catalogue import PRIMARY

_BEHIND: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "uncertainty": (
        "chance_and_ignorance",
        ("scenario", "outcome", "effect", "low", "high", "predicted_low", "predicted_high", "share_ignorance"),
    ),
    "information": ("expected_loss", ("willingness", "scenario", "expected_loss")),
    "decomposition": ("decomposition", ("scenario", "outcome", "part", "value", "low", "high")),
    "plane": ("costs", ("scenario", "cost", "cost_low", "cost_high", "effect", "effect_low", "effect_high")),
}
"""Table and columns behind a figure, where no table of the report stands beside it."""
_EFFECTS: Final = ("scenario", "outcome", "difference", "low", "high", "verdict")
"""Columns behind the figure of page one."""
_EVERY: Final = 5
"""Of amounts that a point may be worth, every so many stands in the table behind the figure."""


@dataclass(frozen=True)
class Figures:
    """The figures of a comparison."""

    facts: Facts

    @cached_property
    def _drawings(self) -> dict[str, Drawing]:
        return drawings_in(self.facts.stored.folder)

    def picture(self, name: str) -> Picture | None:
        """Return a figure by name; None when the comparison lacks what it draws."""
        if name not in self._drawings:
            return None
        return picture_of(name, self._drawings[name], self._behind(name))

    def of_brief(self, shown: list[str]) -> Picture:
        """Return the figure of page one: what some alternatives change in the primary outcomes."""
        from experiments.plots.compare.forest import effect_forest

        frame, titles = self.facts.stored.table("contrasts"), self.facts.short_titles
        chosen = frame[frame["scenario"].isin(shown) & frame["outcome"].isin(PRIMARY)]
        named = chosen.assign(scenario=chosen["scenario"].map(titles))
        return Picture(
            "brief",
            say("Difference from “{base}”.", base=titles[self.facts.base]),
            say(
                "Mark: the mean difference, filled where it is clear among all, hollow where by itself, a grey tick "
                "without a clear difference. Thick line: its 95 % interval; thin line: the interval allowing for all "
                "comparisons at once. Between the dashed lines an effect is below what counts as small."
            ),
            lambda: effect_forest(named, PRIMARY, compact=True),
            table_of("behind_brief", "contrasts", chosen, _EFFECTS, titles),
        )

    def _behind(self, name: str) -> Table | None:
        table, columns = _BEHIND.get(name, ("", ()))
        if table not in self.facts.stored.names:
            return None
        frame = self.facts.stored.table(table)
        if name == "information":
            frame = frame[frame["willingness"].isin(sorted(frame["willingness"].unique())[::_EVERY])]
        return table_of(f"behind_{name}", table, frame, columns, self.facts.titles)
