"""The sensitivity analysis of a study, from its runs in a store: which parameters drive its outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from experiments.designs.factor import Factor
from experiments.designs.points import DesignError
from experiments.sensitivity import indices
from experiments.sensitivity.analysis import Analysis
from experiments.sensitivity.designs import sobol_order
from experiments.sensitivity.ends import ends
from experiments.sensitivity.figures import draw, figures, possible
from experiments.sensitivity.formulas import slices_for
from experiments.sensitivity.runs import (
    METHODS,
    complete_runs,
    factor_of,
    lever_of,
    method_of,
    outcomes_of,
    points_of,
    values_of,
)
from experiments.sensitivity.settling import settling
from experiments.sensitivity.terminal import lines_of
from experiments.statistics.levels import SMALL_EFFECT
from experiments.statistics.undefined_outcomes import undefined_in
from experiments.store import STORE
from experiments.store.folder import ResultError
from experiments.store.protocol import WIDTH, Drawing, Plotted
from experiments.studies.reference import StudyLike, study_of
from experiments.studies.study import Study
from experiments.sweep.results import failures, results
from sim.language import say
from sim.language.meanings import without_references
from sim.outcomes.catalogue import PRIMARY

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_LEADING: Final = 15
"""Most factors of an outcome in the summary for programs."""


@dataclass(frozen=True)
class StudySensitivity(Analysis, Plotted):
    """The result of a sensitivity analysis of a study; its attributes are those of `Analysis`."""

    def tables(self) -> "dict[str, pd.DataFrame]":
        """Return the tables by the names of their files."""
        names = ("indices", "convergence", "settling", "ends", "factors", "outcomes")
        return {name: getattr(self, name) for name in names}

    def summary(self) -> dict[str, object]:
        """Return a summary of the analysis for programs, with the leading factors of each outcome."""
        settled = self.settling.set_index("outcome")
        columns = ["factor", "meaning", "value", "low", "high", "noise", "clear"]
        by_outcome: dict[str, dict[str, object]] = {}
        for fact in self.facts():
            outcome = fact["outcome"]
            table = self.ranked(outcome)
            by_outcome[outcome] = {
                **{name: value for name, value in fact.items() if name != "outcome"},
                "clear": int(table["clear"].sum()),
                "settled": settled.loc[outcome, "settled"],
                **{name: settled.loc[outcome, name] for name in ("kept", "placed", "moved")},
                "leading": table[columns].head(_LEADING).to_dict("records"),
            }
        names = ("study", "method", "lever", "against", "points", "replicates", "runs", "failed", "slices")
        about: dict[str, object] = {name: getattr(self, name) for name in names}
        return {**about, "index": self.main, "parameters": len(self.factors), "outcomes": by_outcome}

    def sentences(self, *, width: int = WIDTH, styled: bool = False) -> list[str]:
        """Return the lines that `dayroom sensitivity` prints."""
        return list(lines_of(self, width))

    def figures(self) -> dict[str, Drawing]:
        """Return, by the name of its file, each figure of each outcome that varies."""
        return figures(self)

    def failures(self) -> list[dict[str, object]]:
        """Return one row for each failed run; no rows when the runs do not come from a store."""
        return list(self.failed_runs)

    def plot(self, name: str = "", outcome: str = "") -> "Figure":
        """Draw a figure of `experiments.plots.SENSITIVITY_FIGURES`, by default the first, for an outcome or for all."""
        return draw(self, name or next(iter(possible(self))), outcome)


def sensitivity(
    study: StudyLike,
    store: Path | str = STORE,
    *,
    outcomes: Sequence[str] = (),
    lever: str = "",
    against: str = "",
    method: str = "",
    model: str | None = None,
    resamples: int = indices.RESAMPLES,
    slices: int | None = None,
) -> StudySensitivity:
    """Find the parameters of a study that drive its outcomes, or the effect of a lever, from the runs in a store.

    Parameters
    ----------
    study : Study, str or path
        A swept study, as an object, a shipped name or a file: every run is done or has failed.
    store : Path or str
        Folder of the runs, by default results/store.
    outcomes : sequence of str
        By default those of the study, or the primary outcomes.
    lever : str
        By default the usual care of the study.
    against : str
        Another lever; the analysis is then of the paired difference from it (same point, same seed).
    method : {"morris", "sobol", "pawn", ""}
        By default the method that the design is made for; no other is allowed. (Morris' and Saltelli's points repeat
        values, so that PAWN would find an effect of every factor.)
    model : str, optional
        Digest of another version of the model, or the beginning of the digest.
    resamples : int
        Number of resamples for the intervals.
    slices : int, optional
        Number of slices of each factor for PAWN; by default that of the study, or 10 (fewer with few points).

    Raises
    ------
    ResultError
        When runs are missing, or there is no such outcome, lever or version of the model.
    DesignError
        When the method does not match the design, or too few points, trajectories or blocks are complete.

    Examples
    --------
    >>> from dayroom import InProcess, define_study, load_scenario, sensitivity, sweep
    >>> tiny = load_scenario("baseline").with_changes(days=3, settling=0)
    >>> ranges = {"users.empathy.mean": {"from": 0.4, "to": 0.6}, "users.women": {"from": 0.3, "to": 0.7}}
    >>> morris = {"kind": "morris", "trajectories": 4}
    >>> study = define_study("What drives burden?", tiny, factors=ranges, design=morris, replicates=2)
    >>> swept = sweep(study, "store", InProcess())
    >>> sensitivity(study, "store", outcomes=["burden"]).method
    'morris'
    """
    study = study_of(study)
    method_of(study, method)  # refuses a wrong method before reading anything
    levers = [lever_of(study, lever or study.usual_care, "--lever")]
    levers += [lever_of(study, against, "--against")] if against else []
    frame = results(study, store, model)
    runs = complete_runs(study, frame[frame["lever"].isin(levers)], store, model)
    result = of_runs(
        study, runs, outcomes=outcomes, lever=lever, against=against, method=method, resamples=resamples, slices=slices
    )
    if not result.failed:
        return result
    failed = failures(study, store, model)
    rows = failed[failed["lever"].isin([result.lever, result.against])].to_dict("records")
    return replace(result, failed_runs=tuple({str(name): value for name, value in row.items()} for row in rows))


def of_runs(
    study: StudyLike,
    runs: "pd.DataFrame",
    *,
    outcomes: Sequence[str] = (),
    lever: str = "",
    against: str = "",
    method: str = "",
    resamples: int = indices.RESAMPLES,
    slices: int | None = None,
) -> StudySensitivity:
    """Find what `sensitivity` finds, from runs at hand instead of a store.

    Parameters
    ----------
    study : Study, str or path
    runs : DataFrame
        As `experiments.sweep.results.results` returns them; no run may be missing.
    outcomes, lever, against, method, resamples, slices
        As in `sensitivity`.

    Raises
    ------
    ResultError
        When there is no such outcome or lever, or no run of the lever.
    DesignError
        When the method does not match the design, or too few points, trajectories or blocks are complete.
    """
    study = study_of(study)
    chosen = method_of(study, method)
    _check_slices(study, chosen, slices)
    slices = slices or study.slices
    lever = lever_of(study, lever or study.usual_care, "--lever")
    if against and lever_of(study, against, "--against") == lever:
        raise ResultError(
            say(
                "--against: found {against!r}, which is the lever itself; the difference is 0 everywhere",
                against=against,
            )
        )
    names = outcomes_of(outcomes or study.outcomes or PRIMARY, runs)
    if {factor.path for factor in study.factors} - set(runs.columns):
        raise ResultError(
            say("{file}: the study was swept with other factors under this version of the model", file=study.file)
        )
    runs = runs[runs["lever"].isin([lever, against])]
    if runs.empty:
        raise ResultError(say("no run of {lever} is among these runs", lever=lever))
    problem = [factor_of(factor) for factor in study.factors]
    points = points_of(study, runs)
    values = values_of(runs, lever, against, names)
    analysed = _analysed(study, chosen, problem, points, values, resamples, slices)
    step = len(problem) + 1 if chosen == "morris" else sobol_order(problem, points) if chosen == "sobol" else 1
    return StudySensitivity(
        study=study.name,
        method=chosen,
        lever=lever,
        against=against,
        indices=analysed.indices,
        convergence=analysed.convergence,
        outcomes=analysed.outcomes.assign(
            small=[_small(runs, name) for name in analysed.outcomes["outcome"]],
            undefined=[undefined_in(runs, name) for name in analysed.outcomes["outcome"]],
        ),
        settling=settling(analysed),
        ends=ends(problem, points, values, step, paired=chosen == "morris"),
        factors=_described(study, problem),
        points=len(points),
        replicates=int(runs["replicate"].nunique()),
        runs=len(runs),
        failed=int((runs["status"] == "failed").sum()),
        model=str(runs["model"].iloc[0]),
        slices=(slices or slices_for(len(points))) if chosen == "pawn" else 0,
    )


def _check_slices(study: Study, method: str, slices: int | None) -> None:
    """Refuse slices for another method than PAWN."""
    if slices is not None and method != "pawn":
        raise DesignError(
            say(
                "--slices: only PAWN takes slices; the design of {study} is for {method}",
                study=study.name,
                method=METHODS[method],
            )
        )


def _analysed(
    study: Study,
    method: str,
    problem: Sequence[Factor],
    points: "pd.DataFrame",
    values: "pd.DataFrame",
    resamples: int,
    slices: int | None,
) -> indices.Sensitivity:
    if method == "morris":
        return indices.morris(problem, points, values, resamples, levels=study.design["levels"])
    if method == "sobol":
        try:
            return indices.sobol(problem, points, values, resamples)
        except ImportError as error:
            raise DesignError(
                say(
                    "Sobol' indices take SALib, which is not installed; install it with: pip install "
                    "'dayroom[analysis]'"
                )
            ) from error
    return indices.pawn(problem, points, values, min(resamples, 100), slices=slices)


def _small(runs: "pd.DataFrame", outcome: str) -> float:
    """Return the size of a small effect on an outcome; NaN if the runs lack its deviation between users."""
    column = f"{outcome}_sd"
    return SMALL_EFFECT * float(runs[column].mean()) if column in runs.columns else float("nan")


def _described(study: Study, problem: Sequence[Factor]) -> "pd.DataFrame":
    import pandas as pd

    rows = [
        {
            "factor": factor.path,
            "meaning": without_references(factor.meaning),
            "unit": factor.unit,
            "low": one.low,
            "high": one.high,
        }
        for factor, one in zip(study.factors, problem, strict=True)
    ]
    return pd.DataFrame(rows)
