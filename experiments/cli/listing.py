"""What `dayroom sweep --dry-run` says: how many runs of what, what they will take, and which they are."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

if TYPE_CHECKING:
    import pandas as pd

    from experiments.studies import Study

MOST_LISTED: Final = 20
"""Runs that are printed; a file takes all."""


def told_ahead(study: "Study", store: Path, jobs: int | None, list_to: Path | None) -> None:
    """Say what the runs missing will take, and list the runs."""
    from experiments.store.runs.files import check_list, write_frames
    from experiments.sweep.results import results

    if list_to is not None:
        list_to = _named(list_to)
        check_list(list_to)
    frame = results(study, store)
    _tell_size(study, frame)
    _tell_cost(study, store, jobs)
    shown = frame[frame.columns[: frame.columns.get_loc("status") + 1]].drop(columns=["scenario", "model"])
    if list_to is None:
        _print_some(shown.drop(columns="seed"))  # it stands in the key
        return
    for path in write_frames(list_to.parent, {list_to.stem: shown}, "csv"):
        print(f"{path}: {many(len(shown), 'run')}")


def _named(list_to: Path) -> Path:
    """Give the file a list is written to; a name without an ending gets one."""
    if list_to.is_dir():
        said = f"found {str(list_to)!r}, which is a folder; allowed is the name of a file, ending in .csv"
        raise typer.BadParameter(said, param_hint="--list")
    if list_to.suffix not in ("", ".csv"):
        raise typer.BadParameter(f"found {list_to.name!r}, allowed is a name ending in .csv", param_hint="--list")
    return list_to.with_suffix(".csv")


def _length(study: "Study") -> str:
    """Give the days of a run, from the least to the most where they are a factor."""
    place = next((place for place, factor in enumerate(study.factors) if factor.path == "days"), None)
    days = [study.days] if place is None else [int(point[place]) for point in study.points]
    return f"{min(days)}" if min(days) == max(days) else f"{min(days)} to {max(days)}"


def _tell_size(study: "Study", frame: "pd.DataFrame") -> None:
    points, levers = many(len(study.points), "point"), many(len(study.levers), "lever")
    runs, replicates = many(len(frame), "run"), many(int(frame["replicate"].max()) + 1, "replicate")
    print(f"{study.name}: {points} x {levers} x {replicates} = {runs}, {_length(study)} days each")
    for key in dict.fromkeys(factor.wildcard for factor in study.factors if factor.wildcard):
        stands_for = sum(factor.wildcard == key for factor in study.factors)
        print(f"factors.{key} stands for {many(stands_for, 'parameter')}, each over its plausible range")
    unique = frame["key"].nunique()
    if unique < len(frame):
        why = [
            *(["some points are there more than once"] if len(set(study.points)) < len(study.points) else []),
            *(["some points leave some levers as they are"] if _leave_some_as_they_are(study) else []),
        ]
        print(f"{many(unique, 'run')} differ{': ' if why else ''}{'; '.join(why)}")


def _leave_some_as_they_are(study: "Study") -> bool:
    """Tell whether a factor sets nothing under some lever: an option of a policy that the lever lacks."""
    return any(not places for factor in study.factors for places in factor.places.values())


def _tell_cost(study: "Study", store: Path, jobs: int | None) -> None:
    from experiments.cli.progress import duration
    from experiments.sweep.estimate import estimate, missing_of

    found = estimate(study, missing_of(study, store), store, jobs, lambda text: print(text, file=sys.stderr))
    took = f"{1000 * found.run_seconds:.0f} ms each" if found.runs else "nothing to do"
    starting = f", {duration(found.start_seconds)} of it for starting them" if found.start_seconds >= 0.5 else ""
    print(
        f"{many(found.runs, 'run')} to make ({took}): about {duration(60 * found.minutes)} with "
        f"{many(found.jobs, 'process', 'processes')}{starting}, at most some {found.megabytes:.1f} MB"
    )
    if found.runs:
        _tell_elsewhere(study, store)
    if study.precision:
        print(f"more replicates follow where the precision asks for them, up to {study.most_replicates:,} in all")


def _tell_elsewhere(study: "Study", store: Path) -> None:
    from experiments.store.runs.versions import present_name
    from experiments.sweep.other_versions import listed, other_versions

    if found := other_versions(study.name, store, present_name()):
        print(f"in the store under another version of the model, and not used: {listed(found)} (see `dayroom status`)")


def _print_some(shown: "pd.DataFrame") -> None:
    from experiments.cli.frame import fitted

    text, left_out = fitted(shown, MOST_LISTED)
    print(f"\n{text}")
    if left_out:
        print(f"{left_out}; --list FILE.csv writes all")


def many(number: int, one: str, more: str = "") -> str:
    """Say a number of things."""
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"
