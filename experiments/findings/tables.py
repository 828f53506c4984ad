"""Tables of a study beside its runs: outcomes by group, and newcomers."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from experiments.studies.study import Study


class Tables:
    """Outcomes by group and newcomers of a study, each read from the store on first use.

    Parameters
    ----------
    model : str, optional
        Digest of another version of the model.
    """

    def __init__(self, study: "Study", store: Path, model: str | None = None) -> None:
        self._where = (study, store, model)

    @cached_property
    def groups(self) -> "pd.DataFrame":
        """The outcomes by group (`experiments.sweep.results.groups`)."""
        from experiments.sweep.results import groups

        return groups(*self._where)

    @cached_property
    def newcomers(self) -> "pd.DataFrame":
        """All users who came during a run (`experiments.sweep.newcomers.newcomers`)."""
        from experiments.sweep.newcomers import newcomers

        return newcomers(*self._where)
