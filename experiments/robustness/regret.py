"""Rank the levers of a study over its points: `dayroom regret` and notebooks call `ranked`."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.robustness import rank_agreement
from experiments.robustness.failure_rule import known_outcome
from experiments.robustness.ranking import Ranked
from experiments.robustness.runs import check_lever, check_points, failed_runs, runs_of
from experiments.statistics.complete_points import PointsError, complete
from experiments.statistics.numbers import commas
from experiments.statistics.regret import regret
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd

    from experiments.runs.executors import Executor
    from experiments.studies.reference import StudyLike
    from experiments.studies.study import Study


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
    runs_there = points.values.rename_axis(["draw", "replicate"]).reset_index()
    long = runs_there.melt(["draw", "replicate"], var_name="policy", value_name="value")
    agreed, taus = rank_agreement.agreement(points, about.better)
    base = complete(at_base, chosen, outcome) if at_base is not None else None
    return Ranked(
        study.name,
        outcome,
        points,
        regret(long, about.better),
        rank_agreement.place_shares(points.means, about.better),
        rank_agreement.overall_order(points.means, about.better),
        agreed,
        taus,
        rank_agreement.clear_first(points, about.better),
        rank_agreement.overall_order(base.means, about.better) if base is not None else [],
        base.replicates if base is not None else 0,
        rank_agreement.as_good(base, about.better) if base is not None else [],
        tuple(failed_runs(study, runs, chosen)) if points.failed else (),
        rank_agreement.equal_firsts(base.means, about.better) if base is not None else [],
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
