"""Data frames of a run, for a notebook."""

from typing import TYPE_CHECKING

from experiments.store.tables import daily_table, to_frame, users_table
from sim.errors import InputError
from sim.run import Run

if TYPE_CHECKING:
    import pandas as pd


def daily_frame(run: Run) -> "pd.DataFrame":
    """Return the outcomes of a run as a data frame, to draw or to join with those of other runs.

    Returns
    -------
    DataFrame
        A row for each day and centre: `scenario`, `seed`, `centre`, `day`, `date` with `first_date`, and each outcome
        (`experiments.store.protocol.KEYS`).

    Examples
    --------
    >>> from dayroom import daily_frame, load_scenario, run
    >>> tiny = load_scenario("baseline").with_changes(days=3, settling=0)
    >>> list(daily_frame(run(tiny, seed=1)).columns[:4])
    ['scenario', 'seed', 'centre', 'day']
    """
    _require_run(run, "daily")
    frame = to_frame(daily_table(run, {"seed": run.seed}))
    frame.insert(0, "scenario", run.scenario.name)
    return frame


def users_frame(run: Run) -> "pd.DataFrame":
    """Return all users ever enrolled in a run as a data frame, in their state on the last day.

    Examples
    --------
    >>> from dayroom import load_scenario, run, users_frame
    >>> len(users_frame(run(load_scenario("baseline").with_changes(days=1, settling=0))))
    25
    """
    _require_run(run, "users")
    return to_frame(users_table(run, {}))


def _require_run(run: Run, table: str) -> None:
    """Refuse what is not a single run; several have the frame already."""
    if not isinstance(run, Run):
        raise InputError(
            f"found a {type(run).__name__}, allowed is a run of dayroom.run; run_replicates(...).{table} is a frame"
        )
