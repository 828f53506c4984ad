"""Rank levers over the points of a study: places, regret and agreement.

Both `dayroom regret` and notebooks call `ranked`.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.plots.family import drawings
from experiments.plots.frames import records
from experiments.plots.robustness.figures import RANKING_FIGURES
from experiments.plots.robustness.ranks import Ranks
from experiments.robustness import rank_agreement
from experiments.robustness.failure_rule import known_outcome
from experiments.robustness.rank_words import base_words, clear_words, first_words
from experiments.robustness.runs import check_lever, check_points, failed_runs, runs_of
from experiments.statistics.complete_points import Points, PointsError, complete
from experiments.statistics.crossed import Crossed, crossed
from experiments.statistics.numbers import commas, percent, typeset
from experiments.statistics.regret import Regret, regret
from experiments.statistics.terminal import aligned, wrapped
from experiments.store.protocol import WIDTH, Drawing, Plotted
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

    from experiments.runs.executors import Executor
    from experiments.studies.reference import StudyLike
    from experiments.studies.study import Study


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
        lines = [
            first_words(self),
            *base_words(self),
            clear_words(self),
            self.agreement.words(self.points.replicates, int(self.taus["tau"].isna().sum())),
            self.regret.words("points"),
            self.points.words(),
        ]
        return [line for line in lines if line]

    def sentences(self, *, width: int = WIDTH, styled: bool = False) -> list[str]:
        """Return the lines that `dayroom regret` prints: sentences, and a table with a row for each lever."""
        from rich.cells import cell_len

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
            "best_at_base_is_first_in": self.share(self.base_order[0], 1) if self.base_order else None,
            "sentences": self.words(),
        }

    def lead(self) -> Crossed:
        """Return by how much the first lever is better than the second, in the mean over points that share seeds."""
        first, second = self.order[:2]
        sign = -1.0 if OUTCOMES[self.outcome].better == "lower" else 1.0
        apart = sign * (self.points.values[first] - self.points.values[second])
        return crossed(apart.unstack("replicate").to_numpy(float))


def ranked(
    study: "StudyLike",
    runs: "pd.DataFrame | Path | str",
    outcome: str = "loneliness_ucla20",
    *,
    levers: Sequence[str] = (),
    at_base: "pd.DataFrame | None" = None,
) -> Ranked:
    """Rank levers at each point of a study and overall.

    Parameters
    ----------
    study : Study, str or path
    runs : DataFrame, Path or str
        Results of the study (`experiments.sweep.results.results`), or the store that holds them.
    outcome : str
    levers : sequence of str
        Levers to rank; by default all.
    at_base : DataFrame, optional
        Results of `runs_at_base`, with the same levers at the base scenario.

    Raises
    ------
    PointsError
        When there is no such lever or outcome, neither direction is better, or nothing can be ranked.

    Examples
    --------
    >>> import pandas as pd
    >>> from dayroom import define_study, load_scenario, regret
    >>> tiny = load_scenario("baseline").with_changes(days=3, settling=0)
    >>> study = define_study(
    ...     "Which lever loses least?",
    ...     tiny,
    ...     levers={"usual-care": {}, "respite": {"respite": {"policy": "respite"}}},
    ...     factors={"rules.encounters.talk_share": "plausible"},
    ...     design={"kind": "latin_hypercube", "points": 60},
    ...     replicates=1,
    ... )
    >>> effects = [1.0 if talk > 0.4 else -1.0 for (talk,) in study.points]  # in the place of `results(study)`
    >>> rows = [(p, "usual-care", 0, "done", 45.0) for p in range(60)]
    >>> rows += [(p, "respite", 0, "done", 45.0 + effect) for p, effect in enumerate(effects)]
    >>> runs = pd.DataFrame(rows, columns=["point", "lever", "replicate", "status", "loneliness_ucla20"])
    >>> ranked = regret(study, runs)
    >>> ranked.order  # the best first
    ['usual-care', 'respite']
    """
    from experiments.studies.reference import study_of

    study = study_of(study)
    about = known_outcome(outcome)
    if about.better == "neither":
        raise PointsError(say("{outcome}: no direction is better, so there is nothing to rank by", outcome=outcome))
    chosen = tuple(dict.fromkeys(levers)) or tuple(study.levers)
    for name in chosen:
        check_lever(study, name)
    if len(chosen) < 2:
        raise PointsError(say("a ranking takes at least 2 levers; found {levers}", levers=commas(chosen)))
    check_points(study)
    points = complete(runs_of(study, runs), chosen, outcome)
    means = points.means
    runs_there = points.values.rename_axis(["draw", "replicate"]).reset_index()
    long = runs_there.melt(["draw", "replicate"], var_name="policy", value_name="value")
    agreed, taus = rank_agreement.agreement(points, about.better)
    base = complete(at_base, chosen, outcome) if at_base is not None else None
    return Ranked(
        study.name,
        outcome,
        points,
        regret(long, about.better),
        rank_agreement.place_shares(means, about.better),
        rank_agreement.overall_order(means, about.better),
        agreed,
        taus,
        rank_agreement.clear_first(points, about.better),
        rank_agreement.overall_order(base.means, about.better) if base is not None else [],
        base.replicates if base is not None else 0,
        rank_agreement.as_good(base, about.better) if base is not None else [],
        tuple(failed_runs(study, runs, chosen)) if points.failed else (),
    )


def base_study(study: "Study", replicates: int) -> "Study":
    """Return a study of the same levers at the base scenario, which varies no factor.

    Parameters
    ----------
    study : Study
    replicates : int
    """
    return replace(
        study, name=f"{study.name}-at-base", factors=(), points=[()], design={"kind": "replicates"},
        replicates=replicates, precision=(),
    )  # fmt: skip


def runs_at_base(
    study: "StudyLike",
    store: "Path | str",
    replicates: int,
    workers: "Executor | None" = None,
    *,
    report: Callable[[str], None] = lambda _: None,
    step: Callable[[int, bool], None] = lambda _, __: None,
) -> "pd.DataFrame":
    """Make those runs of the levers at the base scenario that a store lacks; return all of them, for `ranked`.

    Parameters
    ----------
    study : Study, str or path
    store : Path or str
    replicates : int
    workers, tell, step
        As of `experiments.sweep.make.sweep`.
    """
    from experiments.studies.reference import study_of
    from experiments.sweep.make import sweep
    from experiments.sweep.results import results

    there = base_study(study_of(study), replicates)
    sweep(there, store, workers, report=report, step=step)
    return results(there, Path(store))
