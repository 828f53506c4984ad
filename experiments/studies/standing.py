"""How a store stands: its runs by version of the model, what changed between versions, its studies, its damage."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from experiments.store.folder import ResultError
from experiments.store.runs import TABLES, RunStore
from experiments.store.runs_parts import parts
from experiments.store.runs_plans import read_plan, studies
from experiments.store.runs_versions import Version, changes, present, present_name, recorded
from experiments.studies.namesakes import require_own
from experiments.studies.reading import load_study

MOST_NAMED: Final = 12
"""Changed files named one by one."""


def standing(folder: Path, study: str = "") -> list[str]:
    """Say how a store stands, line by line.

    Parameters
    ----------
    folder : Path
    study : str, optional
        The one study to tell of; all that were swept when not given.

    Raises
    ------
    ResultError
        When no store is there, or it holds another study of that name.
    ScenarioError
        When the study is in disorder.
    """
    if not folder.is_dir():
        raise ResultError(f"{folder}: no store is there; `dayroom sweep` makes one, --store names another")
    lines: list[str] = []
    said: list[str] = []
    one = load_study(study) if study else None
    wanted = one.name if one else ""
    versions = recorded(folder, said.append)
    now = present()
    if now.name not in [version.name for version in versions]:
        lines += [f"model {now.name[:12]} (present): no runs yet"]
    for version in versions:
        store = RunStore(folder, version.name, said.append)
        if one:
            require_own(one, store)
        lines += _of_version(version, store, now, wanted)
        if damaged := store.damaged():
            lines += [f"  damaged and set aside: {path}" for path in damaged]
            lines.append("  nothing reads those files; delete them once their runs are made again (by another sweep)")
    return [*lines, *said]


def _of_version(version: Version, store: RunStore, now: Version, wanted: str) -> Iterator[str]:
    """Tell of one version: how much there is, what has changed since, which studies."""
    runs, failed = store.addresses("runs"), store.addresses("failures")
    is_present = version.name == present_name()
    number = sum(len(parts(store.table(name))) for name in TABLES)
    when = f"{'present' if is_present else 'earlier'}, since {version.since or 'an unknown time'}"
    yield (
        f"model {version.name[:12]} ({when}): {len(runs):,} runs, "
        f"{len(failed - runs):,} failed, {store.size() / 1e6:.1f} MB in {number} {'part' if number == 1 else 'parts'}"
    )
    if not is_present and version.is_whole:
        changed = changes(version, now)
        more = f" and {len(changed) - MOST_NAMED} more" if len(changed) > MOST_NAMED else ""
        listed = ", ".join(changed[:MOST_NAMED]) or "nothing that was recorded"
        yield f"  changed since: {listed}{more}"
        before, after = version.versions, now.versions
        packages = [
            f"{name} {before[name]} -> {after[name]}"
            for name in before
            if after.get(name, before[name]) != before[name]
        ]
        if packages:
            yield f"  packages: {', '.join(packages)}"
    for name in studies(store):
        plan = read_plan(store, name, store.tell) if wanted in ("", name) else None
        if plan is not None:
            addresses = set(zip(plan["scenario"].to_pylist(), plan["seed"].to_pylist(), strict=True))
            done = len(addresses & runs)
            lost = len((addresses & failed) - runs)
            missing = len(addresses) - done - lost
            yield f"  {name}: {len(addresses):,} runs planned, {done:,} done, {lost:,} failed, {missing:,} missing"
