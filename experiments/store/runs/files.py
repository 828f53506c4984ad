"""Export tables of a study as files for other programs. The same results give the same bytes."""

import csv
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from experiments.store.folder import ResultError, new_file, reason
from experiments.store.runs.parts import encoded, write_file
from experiments.store.runs.tables import number_field
from sim.language import say
from sim.scenario.text.nodes import quoted

if TYPE_CHECKING:
    import pandas as pd

LISTED: Final = ("seed", "key", "status")
"""Last columns of a list of runs (`--list`), which holds no results."""

type Array = tuple[object, ...]
"""Dimensions, values and perhaps attributes of an array, as `xarray.Dataset` takes them."""

_FIRST: Final = ("point", "lever", "replicate")
_OWN: Final = {
    "runs": ("seed", "key", "scenario", "model", "status"),
    "groups": ("group", "outcome", "value", "users"),
    "failures": ("seed", "key", "where", "error", "origin"),
    "newcomers": ("arrived", "left"),
    "daily": ("day",),
}
"""Columns that, after `_FIRST`, mark each table as an export of ours; earlier versions wrote them too."""


def check_ours(paths: Iterable[Path]) -> None:
    """Refuse to replace a file that no export wrote.

    Raises
    ------
    ResultError
        Names the first such file.
    """
    for path in paths:
        if os.path.lexists(path) and not is_ours(path):
            raise ResultError(
                say(
                    "{path}: this is not an export of dayroom, so it stays as it is; "
                    "--overwrite replaces it, --out DIR writes elsewhere",
                    path=path,
                )
            )


def check_list(path: Path) -> None:
    """Refuse to write a list of runs when the folder is missing, or another file than an earlier list is there.

    Raises
    ------
    ResultError
        Says what is there.
    """
    if not path.parent.is_dir():
        values = {"file": quoted(str(path)), "folder": path.parent}
        raise ResultError(say("--list: found {file}, but there is no folder {folder}", **values))
    if os.path.lexists(path) and _columns(path)[-len(LISTED) :] != list(LISTED):
        file = quoted(str(path))
        raise ResultError(say("--list: found {file}, which is not a list of runs; allowed is a free name", file=file))


def is_ours(path: Path) -> bool:
    """Return whether an export could have written the file."""
    if path.suffix == ".nc":
        return _is_our_netcdf(path)
    names = _columns(path)
    return names[: len(_FIRST)] == list(_FIRST) and set(_OWN.get(path.stem, ())) <= set(names)


def _columns(path: Path) -> list[str]:
    """Return the names of the columns of a table; an empty list when the file is not a table."""
    with suppress(OSError, ValueError, csv.Error, pa.ArrowException):
        if path.suffix == ".parquet":
            return list(pq.read_schema(path).names)
        with path.open(encoding="utf-8", newline="") as file:
            return next(csv.reader([file.readline()]), [])
    return []


def _is_our_netcdf(path: Path) -> bool:
    try:
        import h5netcdf
    except ImportError:  # `write_netcdf` then writes nothing and says why
        return True
    with suppress(OSError, ValueError, KeyError), h5netcdf.File(path, "r") as file:
        return {"model", "question"} <= set(file.attrs) and "end" in file.variables
    return False


def write_frames(
    folder: Path, frames: "Mapping[str, pd.DataFrame]", ending: str, final: Path | None = None
) -> list[Path]:
    """Write data frames; NaN is an empty field in CSV and null in Parquet.

    Parameters
    ----------
    folder : Path
        Made if missing. Files of the same names are replaced.
    ending : "csv" or "parquet"
    final : Path, optional
        The folder to name in messages, if the files go on from `folder` to it.

    Raises
    ------
    ResultError
        When a table cannot be written.
    """
    written = []
    for name, frame in frames.items():
        table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
        fields = [number_field(column.name) if pa.types.is_floating(column.type) else column for column in table.schema]
        table = table.cast(pa.schema(fields))
        contents = encoded(table) if ending == "parquet" else _csv(table)
        written.append(_put(folder / f"{name}.{ending}", contents, (final or folder) / f"{name}.{ending}"))
    return written


def _csv(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pa_csv.write_csv(table, sink, pa_csv.WriteOptions(quoting_style="needed"))
    return bytes(sink.getvalue())


def _put(path: Path, contents: bytes, final: Path) -> Path:
    try:
        return write_file(path, contents, f"export{os.getpid()}")
    except OSError as error:
        raise ResultError(
            say("{path}: the table cannot be written ({reason})", path=final, reason=reason(error))
        ) from error


def write_netcdf(
    path: Path,
    variables: Mapping[str, Array],
    coordinates: Mapping[str, Array],
    about: Mapping[str, str],
    final: Path | None = None,
) -> Path:
    """Write arrays with named dimensions as netCDF, through xarray.

    Parameters
    ----------
    variables, coordinates : mapping
        As for `xarray.Dataset`: (dimensions, array, attributes) by name.
    about : mapping
        Attributes of the whole file.
    final : Path, optional
        The path to name in messages, if the file goes on from `path` to it.

    Raises
    ------
    ResultError
        When xarray is not installed, or the file cannot be written.
    """
    try:
        import h5netcdf  # noqa: F401 - what xarray writes with
        import xarray
    except ImportError as error:
        missing = say(
            "netCDF is written by xarray and h5netcdf, which are not installed; "
            "install them with: pip install 'dayroom[netcdf]'"
        )
        raise ResultError(missing) from error
    whole = xarray.Dataset(variables, coordinates, dict(about))
    packed = {name: {"zlib": True, "complevel": 4} for name in variables}
    try:
        with new_file(path) as unfinished:
            whole.to_netcdf(unfinished, engine="h5netcdf", encoding=packed)
    except OSError as error:
        raise ResultError(
            say("{path}: the file cannot be written ({reason})", path=final or path, reason=reason(error))
        ) from error
    return path
