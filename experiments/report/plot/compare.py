"""The figures of a comparison in a folder."""

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from experiments.compare import cost
from experiments.compare.draws import rankings_of
from experiments.compare.figures import drawings_of, extras, on_own_scale, priced
from experiments.statistics.orders import Ranking
from experiments.statistics.uncertainty import Split
from experiments.statistics.verdict import FEWEST
from experiments.store.documents import read_end_networks
from experiments.store.protocol import Drawing
from experiments.store.tables import read_table
from sim.scenario.reading.load import load_scenario

if TYPE_CHECKING:
    import pandas as pd

SOURCES: Final = {
    "contrasts": "contrasts",
    "groups": "groups",
    "daily": "daily",
    "costs": "costs",
    "acceptability": "acceptability",
    "budget": "budget",
    "information": "value_of_information",
    "losses": "expected_loss",
}
"""Table of each thing that a figure reads as it is."""


def drawings_in(folder: Path) -> dict[str, Drawing]:
    """Return the figures that the tables and networks of a comparison can draw, by name."""

    def has(table: str) -> bool:
        return (folder / f"{table}.parquet").is_file()

    def is_empty(table: str) -> bool:
        return table in ("value_of_information", "expected_loss") and not len(read_table(folder, table))

    there: dict[str, Callable[[], object]] = {
        source: partial(read_table, folder, table)
        for source, table in SOURCES.items()
        if has(table) and not is_empty(table)
    }
    changes = read_table(folder, "user_changes") if has("user_changes") else None
    # An earlier version kept loneliness at the end alone.
    if changes is not None and len(changes) and "base_loneliness_at_entry" in changes:
        there["changes"] = partial(on_own_scale, changes)
    if has("runs") and "costs" in there and cost.pairs(runs := priced(read_table(folder, "runs"))) >= FEWEST:
        there["plane"] = partial(cost.plane, runs)
    if has("decomposition"):
        there["decomposition"] = lambda: _parts(read_table(folder, "decomposition"))
    if has("chance_and_ignorance"):
        there["splits"] = lambda: _splits(read_table(folder, "chance_and_ignorance"))
    if has("uncertain_runs") and has("draws"):
        tables = (partial(read_table, folder, name) for name in ("uncertain_runs", "runs", "draws"))
        there["rankings"] = partial(_rankings, *tables)
    table = read_table(folder, "contrasts", ["scenario", "base"])
    names = [*table["base"].unique()[:1], *table["scenario"].unique()]
    base, *others = map(str, names)
    graphs = read_end_networks(folder, [base, *others])
    if base in graphs and len(graphs) > 1:
        there["base graph"] = lambda: graphs[base]
        there["other graphs"] = lambda: {name: graphs[name] for name in others if name in graphs}
    scenarios = {name: load_scenario(folder / "scenarios" / name / "scenario.yaml") for name in map(str, names)}
    return drawings_of(there, extras(scenarios))


def _parts(table: "pd.DataFrame") -> "pd.DataFrame":
    return table[table["part"] != "whole"]


def _rankings(*tables: "Callable[[], pd.DataFrame]") -> dict[str, Ranking]:
    """Return the rankings over draws, computed from the runs again."""
    return rankings_of(*(read() for read in tables))


def _splits(table: "pd.DataFrame") -> dict[str, list[Split]]:
    """Return the splits of each outcome, from a row for each outcome and scenario."""
    names = [field.name for field in fields(Split)]
    return {
        str(outcome): [Split(*row) for row in mine.reindex(columns=names).itertuples(index=False, name=None)]
        for outcome, mine in table.groupby("outcome", sort=False)
    }
