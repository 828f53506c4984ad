"""Other tables of a study than its runs, read from the store when a finding first needs them."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from experiments.studies.study import Study


class Tables:
    """Outcomes by group and newcomers of a study. Call the object to get the outcomes by group.

    Parameters
    ----------
    model : str, optional
        Digest of another version of the model.
    """

    def __init__(self, study: "Study", store: Path, model: str | None = None) -> None:
        self._where = (study, store, model)

    def __call__(self) -> "pd.DataFrame":
        """Return the outcomes by group (`experiments.sweep.results.groups`)."""
        return self._groups

    @cached_property
    def _groups(self) -> "pd.DataFrame":
        from experiments.sweep.results import groups

        return groups(*self._where)

    @cached_property
    def newcomers(self) -> "pd.DataFrame":
        """All users who came during a run (`experiments.sweep.newcomers.newcomers`)."""
        from experiments.sweep.newcomers import newcomers

        return newcomers(*self._where)
