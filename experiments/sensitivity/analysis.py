"""The sensitivity analysis of a study: its indices, whether they have settled, and what each factor means."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from experiments.sensitivity.indices import Facts, Sensitivity
from experiments.sensitivity.settling import MAIN

if TYPE_CHECKING:
    import pandas as pd


class StudyFacts(Facts):
    """The facts of an outcome, the size of a small effect on it (NaN if unknown), and runs in which it is undefined."""

    small: float
    undefined: int


@dataclass(frozen=True)
class Analysis(Sensitivity):
    """A sensitivity analysis of a study: the indices of its outcomes, and the study that they belong to.

    Parameters
    ----------
    study : str
        Name of the study.
    lever, against : str
        The lever whose outcomes are analysed; with `against`, its paired differences from that lever. `against` may be
        empty.
    method, indices, convergence, outcomes
        As in `experiments.sensitivity.indices.Sensitivity`. `outcomes` also has `small`, the size of a small effect (a
        fifth of the standard deviation between users; NaN if the runs do not have that deviation), and `undefined`, the
        number of runs that did not fail but have no value of it, such as a share of ties where there are none.
    settling : DataFrame
        As `experiments.sensitivity.settling.settling` returns it.
    ends : DataFrame
        As `experiments.sensitivity.ends.ends` returns it.
    factors : DataFrame
        `factor`, `meaning`, `unit`, and the ends of the range `low`, `high`; for listed words, the ends are positions
        in the list, from 0.
    points, replicates, runs, failed : int
        The number of each. A failed run removes its point, trajectory or block.
    model : str
        Digest of the model that made the runs.
    slices : int
        Number of slices of each factor for PAWN; 0 for other methods.
    failed_runs : tuple of dict
        One row for each failed run, as in the store.
    """

    study: str
    lever: str
    against: str
    settling: "pd.DataFrame"
    ends: "pd.DataFrame"
    factors: "pd.DataFrame"
    points: int
    replicates: int
    runs: int
    failed: int
    model: str
    failed_runs: tuple[dict[str, object], ...] = ()
    slices: int = 0

    @property
    def main(self) -> str:
        """The index that ranks the factors."""
        return MAIN[self.method]

    def ranked(self, outcome: str, index: str = "") -> "pd.DataFrame":
        """Return the rows of an index of an outcome, the largest value first, with the meaning of each factor.

        Parameters
        ----------
        outcome : str
        index : str
            By default the main index of the method.

        Raises
        ------
        KeyError
            When there is no such index or outcome.
        """
        table = super().ranked(outcome, index or self.main)
        return table.merge(self.factors, on="factor", suffixes=("", "_of_range"))

    def facts(self) -> list[StudyFacts]:
        """Return the rows of `outcomes`."""
        return cast("list[StudyFacts]", self.outcomes.to_dict("records"))
