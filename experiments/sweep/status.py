"""Describe a store: its runs by version of the model, changes between versions, studies, damage."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from experiments.statistics.numbers import commas, many
from experiments.store import STORE
from experiments.store.folder import ResultError
from experiments.store.runs.parts import parts
from experiments.store.runs.plans import days_of, read_plan, studies
from experiments.store.runs.store import TABLES, RunStore
from experiments.store.runs.tables import Address, addresses_of
from experiments.store.runs.versions import Version, changes, present, present_name, recorded
from experiments.studies.reference import StudyLike, study_of
from experiments.studies.study import Study
from experiments.sweep.completion import done_and_without_days
from experiments.sweep.other_versions import extension_lines
from experiments.sweep.ownership import require_own
from experiments.sweep.results import plan_of
from sim.language import say

MOST_NAMED: Final = 12
"""Most changed files that the description of a version names."""


def status_lines(folder: Path | str = STORE, study: StudyLike = "") -> list[str]:
    """Describe a store, line by line.

    Parameters
    ----------
    folder : Path or str
        The store, by default results/store.
    study : Study, str or path, optional
        Describe only this study, as it is now; by default, all studies as in their last sweeps.

    Raises
    ------
    ResultError
        When there is no store, or the store holds another study of that name.
    ScenarioError
        When the study has mistakes.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ResultError(
            say("{folder}: there is no store; `dayroom sweep` makes one, --store names another", folder=folder)
        )
    wanted = study_of(study) if study else None
    lines: list[str] = []
    damage: list[str] = []
    versions = recorded(folder, damage.append)
    now = present()
    if now.name not in [version.name for version in versions]:
        lines += [say("model {model} (present): no runs yet", model=now.name[:12])]
        if wanted is not None:
            lines += _of_studies(RunStore(folder, now.name, damage.append), wanted)
    for version in versions:
        store = RunStore(folder, version.name, damage.append)
        if wanted is not None and version.name == now.name:
            require_own(wanted, store)
        lines += _of_version(version, store, now, wanted)
        if damaged := store.damaged():
            lines += [f"  {say('damaged and set aside: {path}', path=path)}" for path in damaged]
            advice = say("nothing reads those files; delete them once their runs are made again (by another sweep)")
            lines.append(f"  {advice}")
    return [*lines, *damage]


def _of_version(version: Version, store: RunStore, now: Version, wanted: Study | None) -> Iterator[str]:
    """Describe a version of the model: its runs, what changed since then, its studies."""
    runs, failed = store.addresses("runs"), store.addresses("failures")
    is_present = version.name == present_name()
    number = sum(len(parts(store.table(name))) for name in TABLES)
    since = version.since or say("an unknown time")
    when = say("present, since {since}", since=since) if is_present else say("earlier, since {since}", since=since)
    values = {
        "model": version.name[:12],
        "when": when,
        "runs": len(runs),
        "failed": len(failed - runs),
        "megabytes": store.size() / 1e6,
        "parts": many(number, "part"),
    }
    yield say("model {model} ({when}): {runs:,} runs, {failed:,} failed, {megabytes:.1f} MB in {parts}", **values)
    if not is_present and version.is_whole:
        changed = changes(version, now)
        named = commas(changed[:MOST_NAMED]) or say("nothing that was recorded")
        if left := len(changed) - min(len(changed), MOST_NAMED):
            named = say("{named} and {number} more", named=named, number=left)
        yield f"  {say('changed since: {files}', files=named)}"
        before, after = version.versions, now.versions
        packages = [
            f"{name} {before[name]} -> {after[name]}"
            for name in before
            if after.get(name, before[name]) != before[name]
        ]
        if packages:
            yield f"  {say('packages: {packages}', packages=commas(packages))}"
    yield from extension_lines(store)
    yield from _of_studies(store, wanted)


def _of_studies(store: RunStore, wanted: Study | None) -> Iterator[str]:
    """Describe the wanted study as it is now, or all studies of a version as in their last sweeps."""
    for name in studies(store) if wanted is None else [wanted.name]:
        plan = read_plan(store, name, store.report)
        if wanted is not None and store.version == present_name():
            frame = plan_of(wanted, store, plan)
            addresses = set(zip(frame["scenario"], frame["seed"].tolist(), strict=True))
            yield _counted(store, name, addresses, wanted.daily)
        elif plan is not None:
            if wanted is not None:
                try:
                    require_own(wanted, store)
                except ResultError:
                    yield f"  {say('{study}: another study had this name then', study=name)}"
                    continue
            yield _counted(store, name, set(addresses_of(plan)), days_of(plan) or ())


def _counted(store: RunStore, name: str, addresses: set[Address], days: Sequence[str]) -> str:
    """Return a line with the numbers of planned, done, failed and missing runs of a study."""
    whole, without = (addresses & runs for runs in done_and_without_days(store, days))
    lost = (addresses & store.addresses("failures")) - whole
    missing = addresses - whole - lost
    values = {
        "study": name,
        "planned": len(addresses),
        "done": len(whole),
        "failed": len(lost),
        "missing": len(missing),
        "days": len(missing & without),
    }
    if values["days"]:
        line = say(
            "{study}: {planned:,} runs planned, {done:,} done, {failed:,} failed, {missing:,} missing "
            "({days:,} of them lack only their days)",
            **values,
        )
    else:
        line = say("{study}: {planned:,} runs planned, {done:,} done, {failed:,} failed, {missing:,} missing", **values)
    return f"  {line}"
