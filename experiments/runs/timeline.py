"""When the policies of a scenario begin and end, and when its centres are closed."""

from typing import TYPE_CHECKING

from sim.scenario.schema.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


def timeline(scenario: Scenario) -> "pd.DataFrame":
    """Return a row for each policy and each closure of a centre.

    Returns
    -------
    DataFrame
        `kind` ("policy" or "closure"), `name` of the policy or reason for the closure, `first` and `last` day; `last`
        is missing for a policy that acts to the end of the run. A policy with `when` acts only where that is met.
    """
    import pandas as pd

    rows = [
        ("policy", name, use.start, float(use.end) if use.end < scenario.days else float("nan"))
        for name, use in scenario.policies.items()
    ]
    for centre in scenario.centres.values():
        rows += [("closure", one.why, one.days[0], float(one.days[-1])) for one in centre.closures if len(one.days)]
    return pd.DataFrame(rows, columns=["kind", "name", "first", "last"]).drop_duplicates(ignore_index=True)


def date_of(scenario: Scenario) -> "pd.Timestamp | None":
    """Return the date of day 0; None for a scenario without `first_date`."""
    import pandas as pd

    return None if scenario.first_date is None else pd.Timestamp(scenario.first_date)
