"""Export a study's results: tables for spreadsheets and programs, or arrays with named dimensions (netCDF)."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.store.file_set import new_files
from experiments.store.folder import ResultError, telling_of_memory
from experiments.store.runs.files import Array, check_ours, is_ours, write_frames, write_netcdf
from experiments.store.runs.tables import EXTENSIONS
from experiments.studies.reference import StudyLike, study_of
from experiments.studies.study import Study
from experiments.sweep.newcomers import newcomers
from experiments.sweep.ownership import require_own
from experiments.sweep.results import (
    NotKeptError,
    StoredStudy,
    daily,
    daily_curves,
    failures,
    groups,
    results,
    stored_study,
)
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd


def export_study(
    study: StudyLike,
    store: Path | str,
    out: Path | str,
    formats: Sequence[str],
    model: str | None = None,
    overwrite: bool = False,
) -> tuple[dict[Path, int], int]:
    """Write the tables of a study into a folder: all of them, or none when one cannot be written.

    Parameters
    ----------
    study : Study, str or path
        A study, the name of a shipped study, or a file.
    store, out : Path or str
        The store, and the folder for the tables.
    formats : sequence of "csv", "parquet" or "netcdf"
    model : str, optional
        Digest of another version of the model, or its beginning; by default the present version.
    overwrite : bool
        Whether to replace files of the same names that dayroom did not write.

    Returns
    -------
    written : dict of Path to int
        The files written, each with its number of rows (in netCDF, of runs).
    without : int
        Number of runs without results.

    Raises
    ------
    ResultError
        When there is no store, the store lacks that version or holds another study of that name, a library is not
        installed, or a file cannot be written. Also when the export would replace a file that dayroom did not write:
        then it replaces none.
    """
    study, store, out = study_of(study), Path(store), Path(out)
    _check_places(store, out)
    written: dict[Path, int] = {}
    arrays = [out / f"{study.name}.nc"] if "netcdf" in formats else []
    with telling_of_memory(say("exporting {study}", study=study.name)):
        stored = stored_study(study, store, model)
        require_own(study, stored.source)
        frame = results(study, stored)
        if study.daily and not stored.days:
            values = {"folder": store, "model": stored.source.version[:12], "study": study.name}
            stored.source.report(say("{folder}: the model {model} kept no days of {study}", **values))
        if not overwrite:
            check_ours(arrays)
        if tables := [ending for ending in ("csv", "parquet") if ending in formats]:
            frames = _tables(study, stored, frame)
            if not overwrite:
                check_ours(out / f"{name}.{ending}" for ending in tables for name in frames)
        else:
            frames = {}
        absent = [name for name in ("newcomers", "daily") if name not in frames]
        gone = [out / f"{name}.{ending}" for ending in tables for name in absent]
        with new_files(out) as new:
            for ending in tables:
                paths = write_frames(new.path, frames, ending, out)
                written |= {out / path.name: len(one) for path, one in zip(paths, frames.values(), strict=True)}
            for path in arrays:
                _netcdf(study, stored, frame, new.path / path.name, path)
                written[path] = len(frame)
            new.gone += [path.name for path in gone if path.exists() and is_ours(path)]
        for name in new.gone:
            stored.source.report(
                say(
                    "{file}: the study no longer has this table, so the table of an earlier export is deleted",
                    file=out / name,
                )
            )
    return written, int((frame["status"] != "done").sum())


def _check_places(store: Path, out: Path) -> None:
    """Refuse a store that is not there, and a folder for tables inside the store."""
    if not store.is_dir():
        raise ResultError(
            say("{folder}: there is no store; `dayroom sweep` makes one, --store names another", folder=store)
        )
    if store.resolve() in (out.resolve(), *out.resolve().parents):
        raise ResultError(
            say("{folder}: this is in the store itself, which holds runs alone; choose another with --out", folder=out)
        )


def _tables(study: Study, stored: StoredStudy, frame: "pd.DataFrame") -> "dict[str, pd.DataFrame]":
    """Return the tables of a study by name; `frame` has its runs."""
    frames = {"runs": frame, "groups": groups(study, stored), "failures": _failures(study, stored)}
    with suppress(NotKeptError):  # an earlier version of the model may have kept fewer tables
        frames["newcomers"] = newcomers(study, stored)
    if stored.days:
        frames["daily"] = daily(study, stored)
    return frames


def _failures(study: Study, stored: StoredStudy) -> "pd.DataFrame":
    """Return the runs that failed. Their commands do not name the store, so a moved store gives the same table."""
    frame = failures(study, stored)
    return frame.assign(again=[study.again(None, key) for key in frame["key"]])


def _netcdf(study: Study, stored: StoredStudy, frame: "pd.DataFrame", path: Path, final: Path) -> None:
    """Write arrays of outcomes by scenario (a point under a lever), replicate, outcome and, where kept, day.

    The outcomes are those that the study names; else those that it keeps by day; else all. The factors come from the
    plan: an earlier version of the model may have had other factors than the study has now.
    """
    wanted = study.outcomes or study.daily or frame.columns
    names = [name for name in wanted if name in OUTCOMES and name in frame.columns]  # an earlier version may have fewer
    replicates = int(frame["replicate"].max()) + 1
    scenarios = frame[frame["replicate"] == 0]
    shape = (len(scenarios), replicates)
    ends = np.stack([frame[name].to_numpy().reshape(shape) for name in names], axis=-1)
    seeds = frame["seed"].to_numpy()[:replicates]
    variables: dict[str, Array] = {
        "end": (("scenario", "replicate", "outcome"), ends, {"long_name": "mean over the end of the run"})
    }
    coordinates: dict[str, Array] = {
        "outcome": ("outcome", names),
        "unit": ("outcome", [OUTCOMES[name].unit for name in names]),
        "scenario": ("scenario", np.arange(shape[0], dtype=np.int32)),
        "point": ("scenario", scenarios["point"].to_numpy()),
        "lever": ("scenario", scenarios["lever"].astype(str).to_numpy(dtype=object)),
        "replicate": ("replicate", np.arange(replicates, dtype=np.int32)),
        "seed": ("replicate", seeds),
    }
    known = {factor.path: factor for factor in study.factors}
    for factor in frame.columns[: frame.columns.get_loc("seed")].drop(["point", "lever", "replicate"]):
        column = scenarios[factor]
        values = column.to_numpy(dtype=object) if column.dtype.kind not in "iuf" else column.to_numpy()
        values = values.astype(np.int8) if column.dtype.kind == "b" else values
        about_it = {"units": known[factor].unit, "long_name": known[factor].meaning} if factor in known else {}
        coordinates[factor] = ("scenario", values, about_it)
    if stored.days:
        _, curves = daily_curves(study, stored)
        whole = curves[..., [study.daily.index(name) for name in names]].reshape(*shape, -1, len(names))
        variables["daily"] = (("scenario", "replicate", "day", "outcome"), whole, {"long_name": "value of the day"})
        coordinates["day"] = ("day", np.arange(whole.shape[2], dtype=np.int32), {"units": "day"})
    about = {"title": study.title or study.name, "question": study.question, "model": str(frame["model"].iloc[0])}
    if EXTENSIONS in frame:
        about[EXTENSIONS] = " ".join(sorted(frame[EXTENSIONS].dropna().unique()))
    write_netcdf(path, variables, coordinates, about, final)
