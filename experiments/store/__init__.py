"""Read and write results: folders of tables, networks and figures, and the store of runs. No other package does.

Each name is imported when it is first used, so that a command loads no more of the store than it needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
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

_NAMES: Final = {
    "documents": "read_provenance read_summary write_captions write_json write_provenance write_readme write_summary",
    "folder": "NewFolder ResultError check_free new_folder",
    "measures": "write_groups write_measures",
    "networks": "NETWORK_DAYS network_days read_networks write_networks",
    "runs.query": "query",
    "runs.store": "RunStore StoreFullError",
    "scenario": "write_scenario",
    "tables": "Tables daily_table read_daily read_users users_table write_failures write_tables",
}
"""Public names in each module."""


def __getattr__(name: str) -> Any:
    for module, names in _NAMES.items():
        if name in names.split():
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


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
