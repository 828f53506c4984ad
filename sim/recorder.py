"""What is recorded of a Mesa model: the outcomes that its data collector takes, and its results as tables."""

from collections.abc import Iterable
from typing import Any, Final

import mesa
import numpy as np

from sim.outcomes.catalogue import DAILY
from sim.scenario.text.errors import InputError
from sim.scenario.text.suggestions import misspelt
from sim.state.columns import USER

COLLECTED: Final = (
    "users",
    "loneliness_ucla20",
    "lonely_share",
    "burden",
    "burdened_share",
    "group_identity",
    "belonging_share",
    "density",
)
"""The outcomes that the data collector records unless it is asked for others."""


def outcome_of(name: str, model: Any) -> float:
    """Return an outcome of a model. This is no lambda, so that a data collector can be pickled."""
    return float(model.outcome(name))


def collected(outcomes: str | Iterable[str], own: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the names of the outcomes to collect.

    Parameters
    ----------
    outcomes : str or iterable of str
        "main", "all", or names.
    own : iterable of str
        Outcomes of other packages that the scenario records; "main" and "all" hold them too.

    Raises
    ------
    InputError
        When there is no such outcome.
    """
    every = (*(one.name for one in DAILY), *own)
    names = {"main": (*COLLECTED, *own), "all": every}.get(outcomes) if isinstance(outcomes, str) else tuple(outcomes)
    if names is None:
        raise InputError(f"outcomes: found {outcomes!r}, allowed is 'main', 'all', or a list of names")
    for name in names:
        if name not in every:
            raise InputError(misspelt(f"outcomes: found {name!r}", str(name), every))
    return names


class Recorder:
    """The results of a model as tables, by the names that Mesa's data recorders use.

    The table `outcomes` has a row for each day and centre: `day` (from 1: outcomes are of the day's end), `centre`, and
    every outcome; `users` a row for everybody enrolled now, with the scalar columns of the state.

    Parameters
    ----------
    model : DayCentre
    """

    def __init__(self, model: Any) -> None:
        self.model = model

    def get_table_dataframe(self, name: str) -> Any:
        """Return one table as a pandas data frame.

        Raises
        ------
        InputError
            When there is no such table.
        """
        tables = {"outcomes": self._outcomes, "users": self._users}
        if name not in tables:
            raise InputError(misspelt(f"unknown table {name!r}", name, tables))
        columns = tables[name]()
        collector = mesa.DataCollector(tables={name: list(columns)})
        collector.tables[name] = columns
        return collector.get_table_dataframe(name)

    def get_all_dataframes(self) -> dict[str, Any]:
        """Return both tables, by name."""
        return {name: self.get_table_dataframe(name) for name in ("outcomes", "users")}

    def _outcomes(self) -> dict[str, Any]:
        daily, centres = self.model.engine.daily, self.model.engine.centres
        keys = {"day": np.repeat(np.arange(1, len(daily) + 1), len(centres)), "centre": centres * len(daily)}
        return keys | {name: daily[name].ravel() for name in daily.dtype.names}

    def _users(self) -> dict[str, Any]:
        rows = [attributes for _, attributes in self.model.graph(at_least=1.0).nodes(data=True)]
        return {column.name: [row[column.name] for row in rows] for column in USER if not column.shape}
