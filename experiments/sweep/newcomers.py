"""The newcomers of a study's runs, a row each, with the times an analysis of waits needs."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from experiments.measures.newcomers import ROW
from experiments.store.places import STORE
from experiments.store.runs.tables import EACH_NEWCOMER
from experiments.studies.study import Study
from experiments.sweep.results import NotKeptError, StoredStudy, stored_study

if TYPE_CHECKING:
    import pandas as pd


def newcomers(study: Study, store: Path | str | StoredStudy = STORE, model: str | None = None) -> "pd.DataFrame":
    """Return everybody who came during a run of a study, for the runs that are done.

    Parameters
    ----------
    study : Study
    store : Path, str or StoredStudy
        Folder of the store, results/store when not given; or what `stored_study` found there.
    model : str, optional
        Digest of another version of the model, or its beginning; the present version when not given.

    Returns
    -------
    DataFrame
        `point`, `lever`, `replicate`, and the columns `measures.newcomers.FIELDS`, by arrival within each run.

    Raises
    ------
    NotKeptError
        When that version kept no newcomers.
    """
    import pandas as pd

    stored = stored_study(study, store, model)
    plan, source = stored.plan, stored.source
    runs = source.read("runs")
    if EACH_NEWCOMER not in runs.column_names:
        raise NotKeptError(
            f"{source.folder}: runs of the model {source.version[:12]} were kept without their newcomers"
        )
    rows = stored.done_rows(runs)
    done = np.flatnonzero(rows >= 0)
    lists = runs[EACH_NEWCOMER].take(pa.array(rows[done])).combine_chunks()
    counts = lists.value_lengths().to_numpy(zero_copy_only=False)
    found = lists.flatten()
    known = plan[["point", "lever", "replicate"]].iloc[np.repeat(done, counts)].reset_index(drop=True)
    values = {name: found.field(name).to_numpy(zero_copy_only=False) for name in ROW.names or ()}
    return pd.concat([known, pd.DataFrame(values)], axis=1)
