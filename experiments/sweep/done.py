"""Which runs of a study are done: those in the store with all that the study keeps of them.

Sweeps, their estimates, exports and the standing of a store all ask here, so that none calls done what another makes
again.
"""

from collections.abc import Sequence

import pyarrow as pa

from experiments.store.runs import versions
from experiments.store.runs.plans import days_of
from experiments.store.runs.store import RunStore
from experiments.store.runs.tables import Address
from experiments.studies.study import Study


def done(store: RunStore, days: Sequence[str]) -> set[Address]:
    """Give the addresses of runs that are done.

    Parameters
    ----------
    store : RunStore
    days : sequence of str
        Outcomes that are kept for every day: a run that lacks those of one is not done.
    """
    return parted(store, days)[0]


def parted(store: RunStore, days: Sequence[str]) -> tuple[set[Address], set[Address]]:
    """Part the runs that are in a store into those that are done and those that lack days."""
    there = store.addresses("runs")
    whole = there & _with_days(store, days) if days else there
    return whole, there - whole


def _with_days(store: RunStore, days: Sequence[str]) -> set[Address]:
    """Give the addresses of runs of which some outcomes are kept for every day."""
    table = store.read("daily", [])
    rows = zip(*(table[name].to_pylist() for name in ("scenario", "seed", "outcome")), strict=True)
    kept: dict[str, set[Address]] = {name: set() for name in days}
    for scenario, seed, outcome in rows:
        if outcome in kept:
            kept[outcome].add((scenario, seed))
    return set.intersection(*kept.values()) if kept else set()


def days_wanted(study: Study, store: RunStore, plan: pa.Table | None) -> tuple[str, ...]:
    """Say which outcomes a study keeps for every day under a version of the model.

    Under the present one those it asks for, since a sweep can still make them. Under another those it kept when it was
    last swept with that one, as far as it still asks for them: there nothing can be made any more.

    Parameters
    ----------
    study : Study
    store : RunStore
    plan : Table, optional
        That of the study as last swept under that version.
    """
    if store.version == versions.present_name() or not study.daily:
        return study.daily
    noted = None if plan is None else days_of(plan)
    kept = set(store.read("daily", [])["outcome"].to_pylist()) if noted is None else set(noted)
    return tuple(name for name in study.daily if name in kept)
