"""Which runs of a study are done: the store holds the run, with every day that the study keeps.

Sweeps, estimates, exports and `dayroom status` all use this module, so they agree about which runs are done.
"""

from collections.abc import Sequence

import pyarrow as pa

from experiments.store.runs import versions
from experiments.store.runs.plans import days_of
from experiments.store.runs.store import RunStore
from experiments.store.runs.tables import Address
from experiments.studies.study import Study


def done(store: RunStore, days: Sequence[str]) -> set[Address]:
    """Return the addresses of runs that are done.

    Parameters
    ----------
    days : sequence of str
        Outcomes that the study keeps for every day; a run that lacks any of them is not done.
    """
    return done_and_without_days(store, days)[0]


def done_and_without_days(store: RunStore, days: Sequence[str]) -> tuple[set[Address], set[Address]]:
    """Return the addresses of the runs that are done, and of those whose days are incomplete."""
    there = store.addresses("runs")
    whole = there & _with_days(store, days) if days else there
    return whole, there - whole


def _with_days(store: RunStore, days: Sequence[str]) -> set[Address]:
    """Return the addresses of runs that keep all of these outcomes for every day."""
    table = store.read("daily", [])
    rows = zip(*(table[name].to_pylist() for name in ("scenario", "seed", "outcome")), strict=True)
    kept: dict[str, set[Address]] = {name: set() for name in days}
    for scenario, seed, outcome in rows:
        if outcome in kept:
            kept[outcome].add((scenario, seed))
    return set.intersection(*kept.values()) if kept else set()


def days_wanted(study: Study, store: RunStore, plan: pa.Table | None) -> tuple[str, ...]:
    """Return the outcomes that a study keeps for every day under the store's version of the model.

    Under the present version, these are all that the study asks for: a sweep can still make them. Under another
    version no run can be made, so these are the outcomes that its last sweep kept and the study still asks for.

    Parameters
    ----------
    plan : Table, optional
        The study's plan in its last sweep under that version.
    """
    if store.version == versions.present_name() or not study.daily:
        return study.daily
    noted = None if plan is None else days_of(plan)
    kept = set(store.read("daily", [])["outcome"].to_pylist()) if noted is None else set(noted)
    return tuple(name for name in study.daily if name in kept)
