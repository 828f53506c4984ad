"""How levers rank over the points of a study: places, regret and agreement, as tables, figures and sentences."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.plots.family import drawings
from experiments.plots.frames import records
from experiments.plots.robustness.figures import RANKING_FIGURES
from experiments.plots.robustness.ranks import Ranks
from experiments.robustness import rank_agreement
from experiments.statistics.complete_points import Points
from experiments.statistics.crossed import LEAST_SEEDS, Crossed, crossed
from experiments.statistics.numbers import beside, in_sentence, listed, many, percent, typeset
from experiments.statistics.regret import Regret
from experiments.statistics.terminal import aligned, wrapped
from experiments.statistics.verdict import FEWEST
from experiments.store.protocol import WIDTH, Drawing, Plotted
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd


_NAMED: Final = 6
"""Most levers that a sentence names."""


@dataclass(frozen=True)
class Ranked(Plotted):
    """How the levers rank over the points of a study.

    Parameters
    ----------
    study, outcome : str
    points : Points
        The points used, and how many are left out.
    regret : Regret
        How much each lever loses against the best lever of a point, and the minimax choice.
    places : DataFrame
        `lever`, `place`, and `share` of the points at which the lever has that place.
    order : list of str
        Levers in the order of their means over points, best first.
    agreement : Agreement
        Agreement of the orders at points with the overall order, and how much agreement chance allows.
    taus : DataFrame
        `point`, `tau` with the overall order.
    clear_first : float
        Share of points at which the best lever is clearly better than the second; NaN with few replicates.
    base_order : list of str
        Levers in the order of their means at the base scenario, best first; empty without runs there.
    base_replicates : int
    base_as_good : list of str
        Other levers that are not clearly worse than the best lever at the base scenario.
    failed_runs : tuple of dict
        What `failures` returns.
    base_equal : list of str
        Levers whose mean at the base scenario is the best; several when they are equal there.
    """

    study: str
    outcome: str
    points: Points
    regret: Regret
    places: "pd.DataFrame"
    order: list[str]
    agreement: rank_agreement.Agreement
    taus: "pd.DataFrame"
    clear_first: float
    base_order: list[str]
    base_replicates: int
    base_as_good: list[str]
    failed_runs: tuple[dict[str, object], ...] = ()
    base_equal: list[str] = field(default_factory=list)

    @property
    def equal(self) -> int:
        """Number of points at which all levers are equal in the mean of the replicates."""
        means = self.points.means.to_numpy(float)
        return int((np.ptp(means, axis=1) == 0.0).sum())

    @property
    def is_rare(self) -> bool:
        """Whether all levers are equal at half of the points or more, but not everywhere: too rare an outcome."""
        return self.points.number <= 2 * self.equal < 2 * self.points.number

    def share(self, lever: str, place: int) -> float:
        """Return the share of points at which a lever has a place."""
        rows = self.places[(self.places["lever"] == lever) & (self.places["place"] == place)]
        return float(rows["share"].sum())

    def table(self) -> "pd.DataFrame":
        """Return a row for each lever, in the overall order: mean, regret, shares of first and last, mean place."""
        summary = self.regret.summary.set_index("policy")
        means = self.points.means.mean()
        rows = []
        for name in self.order:
            mine = self.places[self.places["lever"] == name]
            place = float((mine["place"] * mine["share"]).sum())
            regrets = summary.loc[name, ["max_regret", "low", "high", "mean_regret", "regret_95", "worst_draw"]]
            first, last = self.share(name, 1), self.share(name, len(self.order))
            rows.append((name, float(means[name]), *regrets, first, last, place))
        import pandas as pd

        names = ["lever", "mean", "max_regret", "max_regret_low", "max_regret_high", "mean_regret", "regret_95"]
        names.append("worst_point")
        return pd.DataFrame(rows, columns=[*names, "share_first", "share_last", "mean_place"])

    def by_point(self) -> "pd.DataFrame":
        """Return a row for each point and lever: `point`, `lever`, `value`, `regret`."""
        return self.regret.by_draw.rename(columns={"draw": "point", "policy": "lever"})

    def words(self) -> list[str]:
        """Return sentences on which lever to choose, how firm its place is, and what was left out."""
        if self.is_rare:
            rare = say(
                "Too rare to rank by {outcome}: at {equal} of {number} points all levers are equal.",
                outcome=in_sentence(OUTCOMES[self.outcome].label), equal=self.equal, number=self.points.number,
            )  # fmt: skip
            return [line for line in (rare, self.points.words()) if line]
        lines = [
            _first_words(self),
            *_base_words(self),
            _clear_words(self),
            self.agreement.words(self.points.replicates, int(self.taus["tau"].isna().sum())),
            self.regret.words("points"),
            self.points.words(),
        ]
        return [line for line in lines if line]

    def sentences(self, *, width: int = WIDTH, styled: bool = False) -> list[str]:
        """Return the lines that `dayroom regret` prints: sentences, and a table of levers unless they are too rare."""
        from rich.cells import cell_len

        if self.is_rare:
            return wrapped(self.words(), width)

        frame = self.table()

        def between(low: float, high: float) -> str:
            ends = {"low": typeset(f"{low:.3g}"), "high": typeset(f"{high:.3g}")}
            return say("{low} to {high}", **ends) if np.isfinite(low) else "-"

        widths = (max(cell_len(name) for name in frame["lever"]), -6, -6, -10, -11, -8, -16)
        head = ["", *say("first|last|mean place|mean regret|largest").split("|"), say("nominal 95 %")]
        rows = [
            [row.lever, percent(row.share_first), percent(row.share_last), f"{row.mean_place:.1f}",
             typeset(f"{row.mean_regret:.3g}"), typeset(f"{row.max_regret:.3g}"), between(low, high)]
            for row, low, high in zip(records(frame), frame["max_regret_low"], frame["max_regret_high"], strict=True)
        ]  # fmt: skip
        table = [aligned(cells, widths, "  ") for cells in (head, *rows)]
        return [*wrapped(self.words(), width), "", *table]

    def tables(self) -> "dict[str, pd.DataFrame]":
        """Return the tables by the names of their files."""
        return {"levers": self.table(), "places": self.places, "by_point": self.by_point(), "taus": self.taus}

    def figures(self) -> dict[str, Drawing]:
        """Return the figures of a ranking, by name."""
        there: dict[str, object] = {
            "rankings": [Ranks(self.outcome, self.places, self.base_order)],
            "points": self.points.number,
        }
        there |= {"by_draw": self.regret.by_draw, "summary": self.regret.summary, "outcome": self.outcome}
        return drawings(RANKING_FIGURES, there)

    def failures(self) -> list[dict[str, object]]:
        """Return a row for each failed run of the ranked levers, with its error if the runs come from a store."""
        return list(self.failed_runs)

    def summary(self) -> dict[str, object]:
        """Return a summary of the result for programs."""
        return {
            "study": self.study,
            "outcome": self.outcome,
            "better": OUTCOMES[self.outcome].better,
            "points": self.points.number,
            "points_left_out": self.points.planned - self.points.number,
            "failed_runs": self.points.failed,
            "missing_runs": self.points.missing,
            "undefined_runs": self.points.blank,
            "replicates": self.points.replicates,
            "too_rare_to_rank": self.is_rare,
            "order": self.order,
            "lead_of_the_first": asdict(self.lead()),
            "minimax_choice": self.regret.choice,
            "minimax_tied": self.regret.tied,
            "minimax_choice_in_resamples": self.regret.share_same_choice,
            "levers": self.table().to_dict("records"),
            "agreement": asdict(self.agreement),
            "share_of_points_with_a_clear_first": self.clear_first,
            "order_at_base": self.base_order,
            "replicates_at_base": self.base_replicates,
            "not_clearly_worse_than_the_best_at_base": self.base_as_good,
            "equal_and_best_at_base": self.base_equal,
            "best_at_base_is_first_in": self.share(self.base_order[0], 1) if self.base_order else None,
            "sentences": self.words(),
        }

    def lead(self) -> Crossed:
        """Return by how much the first lever is better than the second, in the mean over points that share seeds."""
        first, second = self.order[:2]
        sign = -1.0 if OUTCOMES[self.outcome].better == "lower" else 1.0
        apart = sign * (self.points.values[first] - self.points.values[second])
        return crossed(apart.unstack("replicate").to_numpy(float))


def _first_words(result: Ranked) -> str:
    """Return a sentence on the best levers over points."""
    number, first = result.points.number, result.order[0]
    equal = rank_agreement.equal_firsts(result.points.means, OUTCOMES[result.outcome].better)
    if len(equal) == 1:
        return _best(result, number, first)
    shares = [_firsts(result, name) for name in equal]
    return say(
        "In the mean over {number} points {names} are equal and best; they are first in {shares} of them (a first "
        "place that several share counts in parts).",
        number=number,
        names=_listed(equal),
        shares=reduce(lambda before, last: say("{words} and {last}", words=before, last=last), shares),
    )


def _best(result: Ranked, number: int, first: str) -> str:
    """Return a sentence on the best lever: its lead, and whether chance may have made it."""
    lead = result.lead()
    values: dict[str, object] = {
        "number": number,
        "first": first,
        "second": result.order[1],
        "share": _firsts(result, first),
        "lead": typeset(f"{lead.mean:.3g}"),
        "low": typeset(f"{lead.low:.3g}"),
        "high": typeset(f"{lead.high:.3g}"),
    }
    if not np.isfinite(lead.low):
        return say(
            "In the mean over {number} points the best is {first}, by {lead} before {second} (no interval: it "
            "takes {seeds} seeds and points that differ); it is first in {share} of them.",
            **values,
            seeds=LEAST_SEEDS,
        )
    if lead.low > 0.0:
        return say(
            "In the mean over {number} points the best is {first}, by {lead} before {second} ({low} to {high}, "
            "for other points and seeds); it is first in {share} of them.",
            **values,
        )
    return say(
        "In the mean over {number} points the best is {first}, by {lead} before {second} ({low} to {high}, for "
        "other points and seeds), which chance may have made; it is first in {share} of them.",
        **values,
    )


def _base_words(result: Ranked) -> list[str]:
    """Return sentences on the best lever at the base scenario; none without runs there."""
    if not result.base_order:
        return []
    best, number = result.base_order[0], result.base_replicates
    if len(result.base_equal) > 1:
        return [
            say(
                "At the base scenario itself ({runs}) {names} are equal and best, which ranks none of them before the "
                "others.",
                runs=many(number, "replicate"),
                names=_listed(result.base_equal),
            )
        ]
    values = {"number": number, "best": best, "share": _firsts(result, best)}
    if number == 1:
        text = say(
            "At the base scenario itself ({number} replicate) the best is {best}; it stays first in {share} of the "
            "points.",
            **values,
        )
    else:
        text = say(
            "At the base scenario itself ({number} replicates) the best is {best}; it stays first in {share} of "
            "the points.",
            **values,
        )
    if number < FEWEST:
        few = say("So few replicates are too few to say whether it is better there than the others.")
        return [beside(text, few)]
    if result.base_as_good:
        others = _listed(result.base_as_good)
        return [beside(text, say("There it is not clearly better than {others}.", others=others))]
    return [beside(text, say("There it is clearly better than each of the others."))]


def _clear_words(result: Ranked) -> str:
    """Return a sentence on how often the best lever of a point is clear."""
    if not np.isfinite(result.clear_first):
        return say(
            "{replicates} per point are too few to say at which points the first is better than the second; that "
            "takes {fewest}.",
            replicates=many(result.points.replicates, "replicate"),
            fewest=FEWEST,
        )
    return say(
        "With {replicates} replicates per point the first is clearly better than the second in {share} of the "
        "points, clear among all points and levers; elsewhere chance may have decided who is first.",
        replicates=result.points.replicates,
        share=percent(result.clear_first),
    )


def _firsts(result: Ranked, lever: str) -> str:
    return percent(result.share(lever, 1))


def _listed(names: Sequence[str]) -> str:
    """Join names for a sentence; of more than `_NAMED`, name the first and count the others."""
    if len(names) <= _NAMED:
        return listed(names)
    return listed([*names[: _NAMED - 1], say("{number} others", number=len(names) - _NAMED + 1)])
