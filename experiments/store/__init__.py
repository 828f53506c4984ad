"""Read and write results: folders of tables, networks and figures, and the store of runs; nothing else does."""

from experiments.store.documents import (
    read_provenance,
    read_summary,
    write_captions,
    write_json,
    write_provenance,
    write_readme,
    write_summary,
)
from experiments.store.folder import NewFolder, ResultError, check_free, new_folder
from experiments.store.measures import write_groups, write_measures
from experiments.store.networks import NETWORK_DAYS, network_days, read_networks, write_networks
from experiments.store.runs.query import query
from experiments.store.runs.store import RunStore, StoreFullError
from experiments.store.scenario import write_scenario
from experiments.store.tables import (
    Tables,
    daily_table,
    read_daily,
    read_users,
    users_table,
    write_failures,
    write_tables,
)

__all__ = [
    "NETWORK_DAYS",
    "NewFolder",
    "ResultError",
    "RunStore",
    "StoreFullError",
    "Tables",
    "check_free",
    "daily_table",
    "network_days",
    "new_folder",
    "query",
    "read_daily",
    "read_networks",
    "read_provenance",
    "read_summary",
    "read_users",
    "users_table",
    "write_captions",
    "write_failures",
    "write_groups",
    "write_json",
    "write_measures",
    "write_networks",
    "write_provenance",
    "write_readme",
    "write_scenario",
    "write_summary",
    "write_tables",
]
