"""A table of the newcomers in a study's runs, with the days that an analysis of waiting times needs."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from experiments.measures.newcomers import ROW
from experiments.store import STORE
from experiments.store.runs.tables import EACH_NEWCOMER
from experiments.studies.reference import StudyLike, study_of
from experiments.sweep.results import NotKeptError, StoredStudy, stored_study
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd


def newcomers(study: StudyLike, store: Path | str | StoredStudy = STORE, model: str | None = None) -> "pd.DataFrame":
    """Return a row for every newcomer in the runs of a study that are done.

    Parameters
    ----------
    study : Study, str or path
        A study, the name of a shipped study, or a file.
    store : Path, str or StoredStudy
        Folder of the store, by default results/store; or the result of `stored_study`.
    model : str, optional
        Digest of another version of the model, or its beginning; by default the present version.

    Returns
    -------
    DataFrame
        `point`, `lever`, `replicate`, and the columns `measures.newcomers.FIELDS`; in order of arrival within a run.

    Raises
    ------
    NotKeptError
        When that version of the model kept no newcomers.
    """
    import pandas as pd

    stored = stored_study(study_of(study), store, model)
    plan, source = stored.plan, stored.source
    runs = source.read("runs")
    if EACH_NEWCOMER not in runs.column_names:
        raise NotKeptError(
            say(
                "{folder}: runs of the model {model} were kept without their newcomers",
                folder=source.folder,
                model=source.version[:12],
            )
        )
    rows = stored.done_rows(runs)
    done = np.flatnonzero(rows >= 0)
    lists = runs[EACH_NEWCOMER].take(pa.array(rows[done])).combine_chunks()
    counts = lists.value_lengths().to_numpy(zero_copy_only=False)
    events = lists.flatten()
    known = plan[["point", "lever", "replicate"]].iloc[np.repeat(done, counts)].reset_index(drop=True)
    values = {name: events.field(name).to_numpy(zero_copy_only=False) for name in ROW.names or ()}
    return pd.concat([known, pd.DataFrame(values)], axis=1)
