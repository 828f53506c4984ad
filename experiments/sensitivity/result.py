"""Which parameters drive what came out of a study: from the runs in a store to indices, in plain frames."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.designs.factor import Factor
from experiments.designs.points import DesignError
from experiments.sensitivity import indices
from experiments.sensitivity.designs import sobol_order
from experiments.sensitivity.ends import ends
from experiments.sensitivity.figures import draw, figures
from experiments.sensitivity.runs import (
    complete_runs,
    factor_of,
    lever_of,
    method_of,
    outcomes_of,
    points_of,
    values_of,
    without_references,
)
from experiments.sensitivity.settling import MAIN, settling
from experiments.sensitivity.tables import summary, tables
from experiments.sensitivity.terminal import lines_of
from experiments.statistics.levels import SMALL_EFFECT
from experiments.store.folder import ResultError
from experiments.store.protocol import WIDTH, Drawing
from experiments.studies.study import Study
from experiments.sweep.results import failures, results
from sim.outcomes.catalogue import PRIMARY

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class StudySensitivity:
    """Which parameters of a study drive its outcomes.

    Parameters
    ----------
    study : str
        Name of the study.
    method : str
        "morris", "sobol" or "pawn".
    lever, against : str
        The lever whose outcome is meant; with `against` its paired difference from that one, else empty.
    indices, convergence, outcomes : DataFrame
        As of `experiments.sensitivity.indices.Sensitivity`; `outcomes` with `small`, the size of a small effect (a
        fifth of the standard deviation between users; NaN where users have none), too.
    settling : DataFrame
        As of `experiments.sensitivity.settling.settling`.
    ends : DataFrame
        As of `experiments.sensitivity.ends.ends`.
    factors : DataFrame
        `factor`, `meaning`, `unit`, `low`, `high` of its range; of a factor with listed words these are places in the
        list, from 0.
    points, replicates, runs, failed : int
        `failed` of the runs; each took its point, trajectory or block with it.
    model : str
        Digest of the model that made the runs.
    failed_runs : tuple of dict
        A row for each run that failed, as the store has it.
    """

    study: str
    method: str
    lever: str
    against: str
    indices: "pd.DataFrame"
    convergence: "pd.DataFrame"
    outcomes: "pd.DataFrame"
    settling: "pd.DataFrame"
    ends: "pd.DataFrame"
    factors: "pd.DataFrame"
    points: int
    replicates: int
    runs: int
    failed: int
    model: str
    failed_runs: tuple[dict[str, object], ...] = ()

    @property
    def main(self) -> str:
        """The index by which factors are ranked."""
        return MAIN[self.method]

    def ranked(self, outcome: str, index: str = "") -> "pd.DataFrame":
        """Return one index of one outcome, the largest value first, with the meaning of each factor.

        Parameters
        ----------
        outcome : str
        index : str
            The main one of the method when not given.

        Raises
        ------
        KeyError
            When there is none.
        """
        found = indices.Sensitivity(self.method, self.indices, self.convergence, self.outcomes)
        return found.ranked(outcome, index or self.main).merge(self.factors, on="factor", suffixes=("", "_of_range"))

    def tables(self) -> "dict[str, pd.DataFrame]":
        """Return every table by the name of its file."""
        return tables(self)

    def summary(self) -> dict[str, Any]:
        """Return the analysis in short, for programs."""
        return summary(self)

    def sentences(self, *, width: int = WIDTH, styled: bool = False) -> list[str]:
        """Return the lines that `dayroom sensitivity` prints."""
        return list(lines_of(self))

    def figures(self) -> dict[str, Drawing]:
        """Return every figure of every outcome, by the name of its file."""
        return figures(self)

    def failures(self) -> list[dict[str, object]]:
        """Return a row for each run that failed; none when the runs were not read from a store."""
        return list(self.failed_runs)

    def plot(self, name: str, outcome: str = "") -> "Figure":
        """Draw one of the figures (`experiments.plots.SENSITIVITY_FIGURES`), of one outcome or of all."""
        return draw(self, name, outcome)


def sensitivity(
    study: Study,
    store: Path | str,
    *,
    outcomes: Sequence[str] = (),
    lever: str = "",
    against: str = "",
    method: str = "",
    model: str | None = None,
    resamples: int = indices.RESAMPLES,
) -> StudySensitivity:
    """Return which parameters of a study drive its outcomes, or how well a lever works.

    Parameters
    ----------
    study : Study
        Swept: every run is done or has failed.
    store : Path or str
        Folder of its runs.
    outcomes : sequence of str
        Those of the study when not given, else the primary ones.
    lever : str
        The usual care of the study when not given.
    against : str
        Another lever: the paired difference (same point, same seed) is then taken for the outcome.
    method : {"morris", "sobol", "pawn", ""}
        Said explicitly, it must be what the design is made for: Morris' and Saltelli's points repeat values, which
        makes every factor look as if it mattered to PAWN.
    model : str, optional
        Digest of another version of the model, or its beginning.
    resamples : int
        Of the intervals.

    Raises
    ------
    ResultError
        When runs are missing, or there is no such outcome, lever or version of the model.
    DesignError
        When the method does not go with the design, or too few points, trajectories or blocks are complete.
    """
    method_of(study, method)  # told before anything is read
    asked = [lever_of(study, lever or study.usual_care, "--lever")]
    asked += [lever_of(study, against, "--against")] if against else []
    frame = results(study, store, model)
    runs = complete_runs(study, frame[frame["lever"].isin(asked)], store, model)
    found = of_runs(study, runs, outcomes=outcomes, lever=lever, against=against, method=method, resamples=resamples)
    if not found.failed:
        return found
    failed = failures(study, store, model)
    rows = failed[failed["lever"].isin([found.lever, found.against])].to_dict("records")
    return replace(found, failed_runs=tuple({str(name): value for name, value in row.items()} for row in rows))


def of_runs(
    study: Study,
    runs: "pd.DataFrame",
    *,
    outcomes: Sequence[str] = (),
    lever: str = "",
    against: str = "",
    method: str = "",
    resamples: int = indices.RESAMPLES,
) -> StudySensitivity:
    """Say the same of runs at hand.

    Parameters
    ----------
    study : Study
    runs : DataFrame
        As of `experiments.sweep.results.results`; none missing.
    outcomes, lever, against, method, resamples
        As of `sensitivity`.

    Raises
    ------
    ResultError
        When there is no such outcome or lever, or no run of it.
    DesignError
        When the method does not go with the design, or too few points, trajectories or blocks are complete.
    """
    chosen = method_of(study, method)
    lever = lever_of(study, lever or study.usual_care, "--lever")
    if against and lever_of(study, against, "--against") == lever:
        raise ResultError(f"--against: found {against!r}, which is the lever itself; the difference is 0 everywhere")
    names = outcomes_of(outcomes or study.outcomes or PRIMARY, runs)
    if {factor.path for factor in study.factors} - set(runs.columns):
        raise ResultError(f"{study.file}: the study was swept with other factors under this version of the model")
    runs = runs[runs["lever"].isin([lever, against])]
    if runs.empty:
        raise ResultError(f"no run of {lever} is among these runs")
    problem = [factor_of(factor) for factor in study.factors]
    points = points_of(study, runs)
    values = values_of(runs, lever, against, names)
    found = _analysed(study, chosen, problem, points, values, resamples)
    step = len(problem) + 1 if chosen == "morris" else sobol_order(problem, points) if chosen == "sobol" else 1
    return StudySensitivity(
        study=study.name,
        method=chosen,
        lever=lever,
        against=against,
        indices=found.indices,
        convergence=found.convergence,
        outcomes=found.outcomes.assign(small=[_small(runs, name) for name in found.outcomes["outcome"]]),
        settling=settling(found),
        ends=ends(problem, points, values, step, paired=chosen == "morris"),
        factors=_described(study, problem),
        points=len(points),
        replicates=int(runs["replicate"].nunique()),
        runs=len(runs),
        failed=int((runs["status"] == "failed").sum()),
        model=str(runs["model"].iloc[0]),
    )


def _analysed(
    study: Study, method: str, problem: Sequence[Factor], points: "pd.DataFrame", values: "pd.DataFrame", resamples: int
) -> indices.Sensitivity:
    if method == "morris":
        return indices.morris(problem, points, values, resamples, levels=study.design["levels"])
    if method == "sobol":
        return _with_salib(lambda: indices.sobol(problem, points, values, resamples))
    return indices.pawn(problem, points, values, min(resamples, 100))


def _with_salib(analyse: Any) -> indices.Sensitivity:
    """Do an analysis that takes SALib.

    Raises
    ------
    DesignError
        When it is not installed.
    """
    try:
        found: indices.Sensitivity = analyse()
    except ImportError as error:
        said = "Sobol' indices take SALib, which is not installed; install it with: pip install 'dayroom[analysis]'"
        raise DesignError(said) from error
    return found


def _small(runs: "pd.DataFrame", outcome: str) -> float:
    """Return the size of a small effect on an outcome; NaN where the runs do not say how far users differ."""
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
